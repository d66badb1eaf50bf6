//! A person's access token (КДП): that they let their data be told. The people database issues it for tests and takes
//! it with the form of its service that asks for one.
//!
//! A token is a statement in base64: a CMS with its content inside, signed with the people database's key.

use certs::{CheckDigit, Iin};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use signer::cms::{self, Mode};
use signer::{Body, Bytes, Code, Document, Problem, System};

use crate::exchange::{JSON, SPECIMEN, signed_by_system};
use crate::site::Site;
use crate::world::World;

/// What the statement says it is: the people database signs other things, too.
const STATEMENT: &str = "person-access-token";
/// How long a token is good when nothing is said, in minutes.
const USUAL: u32 = 15;
/// How long it is good at most.
const LONGEST: u32 = 24 * 60;

/// A token that is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Whom it is about.
    pub iin: String,
    /// How many minutes of the world's clock it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
}

/// A token, with the fields that a question has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// The statement.
    pub kdp_token: String,
    /// The key that it is signed with: SubjectPublicKeyInfo in base64.
    pub public_key: String,
    /// Until when it is good.
    pub valid_until: Timestamp,
    /// [`SPECIMEN`].
    pub specimen: String,
}

/// What a token states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// [`SPECIMEN`].
    specimen: String,
    /// [`STATEMENT`].
    statement: String,
    /// Whose data may be told.
    iin: Iin,
    issued_at: Timestamp,
    valid_until: Timestamp,
}

/// Issues a token.
///
/// # Errors
/// [`Code::InvalidValue`].
pub fn issue(world: &World, wanted: &Wanted) -> Result<Token, Problem> {
    let invalid = |what: String| Problem::new(Code::InvalidValue).detail(what);
    let iin = Iin::parse(&wanted.iin, CheckDigit::AnyDigit).map_err(|e| invalid(format!("iin: {e}")))?;
    let minutes = wanted.minutes.unwrap_or(USUAL);
    if !(1..=LONGEST).contains(&minutes) {
        return Err(invalid(format!("minutes: 1 to {LONGEST}")));
    }
    let issued_at = world.clock.now();
    let term = SignedDuration::from_mins(minutes.into());
    let valid_until = issued_at.checked_add(term).map_err(Problem::technical)?;
    let claim =
        Claim { specimen: SPECIMEN.to_owned(), statement: STATEMENT.to_owned(), iin, issued_at, valid_until };
    let content = serde_json::to_vec(&claim).map_err(Problem::technical)?;
    let identity = world.identity(System::People)?;
    let signed = cms::sign(&content, Mode::Attached, &identity.key, &identity.certificate, issued_at);
    Ok(Token {
        kdp_token: Bytes(signed.map_err(Problem::technical)?).to_base64(),
        public_key: key_text(&identity.certificate),
        valid_until,
        specimen: SPECIMEN.to_owned(),
    })
}

fn key_text(certificate: &certs::Certificate) -> String {
    Bytes(certificate.public_key().spki_der().to_vec()).to_base64()
}

/// Makes sure of a token that came with a question about somebody.
///
/// # Errors
/// [`Code::ConsentMissing`] without one, [`Code::TokenRefused`] for one that is not good; a check that could not be
/// made keeps its own code.
pub async fn check(
    site: &Site,
    iin: Iin,
    token: Option<&str>,
    public_key: Option<&str>,
) -> Result<Claim, Problem> {
    let said = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let (Some(token), Some(public_key)) = (said(token), said(public_key)) else {
        let mut problem = Problem::new(Code::ConsentMissing)
            .detail("this form of the service wants the person's access token: `kdpToken` and `publicKey`");
        "`qaqpa people token IIN` issues one for tests".clone_into(&mut problem.hint);
        return Err(problem);
    };
    match read(site, &token, &public_key, iin).await {
        Err(problem) if problem.status < 500 && problem.code != Code::TokenRefused => {
            Err(refused(problem.code.code(), problem.to_string()))
        }
        read => read,
    }
}

async fn read(site: &Site, token: &str, public_key: &str, iin: Iin) -> Result<Claim, Problem> {
    let malformed = |what: String| refused("malformed", what);
    let signed_content = Bytes::from_base64(token).map_err(|e| malformed(format!("no base64: {e}")))?;
    let document = Document { media_type: JSON.to_owned(), body: Body::Attached { signed_content } };
    let verified = document.verify()?;
    signed_by_system(site, &verified, System::People).await?;
    if key_text(&verified.sole_signer()?.certificate) != public_key.split_whitespace().collect::<String>() {
        return Err(refused(
            "other-key",
            "publicKey is not the key that the token is signed with".to_owned(),
        ));
    }
    let claim: Claim = serde_json::from_slice(&verified.content)
        .map_err(|_| malformed("what is signed is no access token".to_owned()))?;
    let now = site.world.clock.now();
    if claim.statement != STATEMENT {
        return Err(malformed(format!("what is signed is no `{STATEMENT}`")));
    }
    if now >= claim.valid_until {
        return Err(refused("expired", format!("it was good until {}", claim.valid_until)));
    }
    if claim.iin != iin {
        return Err(refused("other-person", "it is another person's".to_owned()));
    }
    Ok(claim)
}

fn refused(reason: &str, detail: String) -> Problem {
    Problem::new(Code::TokenRefused).detail(detail).fact("reason", reason)
}
