//! Every flaw in a folder of its own, for verifiers of others: the certificate with its key and chain, the lists and the
//! OCSP answer about it, a document signed with it, and what must be answered.
//!
//! They come from a centre of their own, whose addresses lead nowhere: nobody need be asked. It issues and signs two hours
//! before it says what is revoked, so that what goes wrong an hour later has gone wrong. What is said of each was seen: by
//! our own verdict here, by OpenSSL in the tests.

mod openssl;
mod readme;

use std::sync::Arc;

use certs::ocsp::{self, CertId, CertIdHash};
use certs::pkcs12::{self, Encoding};
use certs::verdict::{Check, Decision, Verdict};
use certs::{
    Algorithm, AlgorithmPolicy, Bin, Certificate, Clock, Crl, Flaw, Identifier, Iin, KeyPair, Must, Profile,
    Role,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use signer::cms::{self, Mode, SignedData};
use signer::{Problem, Question, RevocationPolicy, Trust, Validator, tsp};

use super::{CertificationCentre, Issued, OrderRequest};
use crate::store::{SqliteStore, WorldId, WorldStore};

/// Where nothing is: names that end so lead nowhere (RFC 2606, 2).
const NOWHERE: &str = "http://qaqpa.invalid";
/// How long before its last word the centre issues.
const BEFORE: SignedDuration = SignedDuration::from_hours(2);
/// What is signed.
const DOCUMENT: &[u8] = "TEST. Сынақ құжаты. Пробный документ. A document for tests.\n".as_bytes();

/// A file to be, with its name below the folder of all.
pub struct File {
    /// `expired/certificate.pem`
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// What is said of a bundle, in `flaws.json`.
#[derive(Serialize)]
struct Said {
    /// The folder: the name of the flaw, or `flawless`.
    folder: String,
    /// What is wrong, in three languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<certs::Text>,
    profile: Profile,
    /// What the verifier is told that the holder declared, and the role that is asked for.
    declared: Identifier,
    role: Role,
    /// What must be answered, as Qaqpa does.
    #[serde(flatten)]
    must: Must,
    /// It was to be accepted when it was issued.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    accepted_at_first: bool,
    /// What `openssl verify` prints.
    openssl: &'static str,
}

/// The work: a centre of its own, and the clock that it goes by.
struct Workshop {
    centre: Arc<CertificationCentre>,
    clock: Clock,
    algorithm: Algorithm,
}

/// One bundle in the making.
struct Piece {
    flaw: Option<Flaw>,
    issued: Issued,
    certificate: Certificate,
    declared: Identifier,
    files: Vec<File>,
}

/// The bundles of all flaws and of a certificate without any, with a README: as of `now`. `made` hears of each.
///
/// # Errors
/// When the centre fails, or when our own verdict on a flaw is not what it must be.
pub async fn bundles(
    algorithm: Algorithm,
    now: Timestamp,
    mut made: impl FnMut(),
) -> Result<Vec<File>, Problem> {
    let then = now.checked_sub(BEFORE).map_err(Problem::technical)?;
    let clock = Clock::frozen_at(then);
    let store = WorldStore::new(SqliteStore::ephemeral()?, WorldId::default());
    let centre = CertificationCentre::open(store, clock.clone(), NOWHERE, algorithm).await?;
    let workshop = Workshop { centre: Arc::new(centre), clock, algorithm };
    let mut pieces = Vec::new();
    for flaw in [None].into_iter().chain(Flaw::all().iter().copied().map(Some)) {
        pieces.push(workshop.piece(flaw).await?);
        made();
    }
    workshop.clock.advance(BEFORE).map_err(Problem::technical)?;
    let (mut files, mut said) = (Vec::new(), Vec::new());
    for piece in pieces {
        let (told, more) = workshop.finished(piece).await?;
        said.push(told);
        files.extend(more);
    }
    let pem =
        |certificates: Vec<Certificate>| -> String { certificates.iter().map(Certificate::pem).collect() };
    let roots = workshop.centre.hierarchies().iter().map(|one| one.root().clone()).collect();
    files.push(File::new("roots.pem", pem(roots)));
    files.push(File::new("authorities.pem", pem(workshop.centre.authority_certificates())));
    files.push(File::new("flaws.json", serde_json::to_string_pretty(&said).map_err(Problem::technical)?));
    files.push(File::new("README.md", readme::text(&said, then, workshop.clock.now())));
    Ok(files)
}

impl File {
    fn new(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), content: content.into() }
    }
}

impl Workshop {
    /// Orders a certificate with a flaw, and signs with its key.
    async fn piece(&self, flaw: Option<Flaw>) -> Result<Piece, Problem> {
        let (iin, bin) = (Iin::never_issued(1), Bin::generated(1));
        let profile = flaw.map_or(Profile::Individual, Flaw::profile);
        let request = OrderRequest {
            iin: Some(iin.to_string()),
            bin: Some(bin.to_string()),
            flaws: flaw.iter().map(|flaw| flaw.name().to_owned()).collect(),
            algorithm: Some(self.algorithm.name().to_owned()),
            ..OrderRequest::of(profile)
        };
        let issued = self.centre.issue(&request).await?;
        let certificate = Certificate::from_pem(&issued.kept.certificate).map_err(Problem::technical)?;
        let key = private_key(&issued)?;
        let folder = folder(flaw);
        let mut files = vec![
            File::new(format!("{folder}/certificate.pem"), certificate.pem()),
            File::new(format!("{folder}/key.pem"), issued.private_key.clone()),
            File::new(format!("{folder}/key.p12"), issued.pkcs12.0.clone()),
            File::new(format!("{folder}/chain.pem"), issued.chain.clone()),
            File::new(format!("{folder}/document.txt"), DOCUMENT),
        ];
        let modern = pkcs12::write(Encoding::Modern, &issued.password, &key, &certificate, &[]);
        files.push(File::new(format!("{folder}/key.modern.p12"), modern.map_err(Problem::technical)?));
        let at = self.clock.now();
        let signature =
            cms::sign(DOCUMENT, Mode::Detached, &key, &certificate, at).map_err(Problem::technical)?;
        if matches!(flaw.map(Flaw::must), Some(Must::RefuseLater(_))) {
            let stamped = self.stamped(&signature, &key).await?;
            files.push(File::new(format!("{folder}/document.txt.stamped.cms"), stamped));
        }
        files.push(File::new(format!("{folder}/document.txt.cms"), signature));
        // A number that the flaw leaves out is declared all the same.
        let declared = match profile {
            Profile::Individual => Identifier::Iin(iin),
            _ => Identifier::Bin(bin),
        };
        Ok(Piece { flaw, issued, certificate, declared, files })
    }

    async fn stamped(&self, signature: &[u8], key: &KeyPair) -> Result<Vec<u8>, Problem> {
        let read = SignedData::from_ber(signature).map_err(Problem::from)?;
        let value = read.sole_signature().map_err(Problem::from)?;
        let question = tsp::Question::about(key.algorithm(), value);
        let answer = self.centre.timestamped(&question.to_der()).await?;
        let token = question.answered(&answer).map_err(Problem::technical)?;
        cms::with_timestamp(signature, &token).map_err(Problem::from)
    }

    /// Adds what is said about revocation, and our verdict, which has to be the one that must come.
    async fn finished(&self, piece: Piece) -> Result<(Said, Vec<File>), Problem> {
        let folder = folder(piece.flaw);
        let must = piece.flaw.map_or(Must::Accept, Flaw::must);
        let role = piece.flaw.map_or(Role::Individual, Flaw::role);
        let verdict = self.verdict(&piece, role).await;
        if !is_answered(&verdict, must) {
            let detail = format!("{folder} must be answered {}, and is: {verdict:?}", must.code());
            return Err(Problem::technical(detail));
        }
        let mut files = piece.files;
        let json = serde_json::to_string_pretty(&verdict).map_err(Problem::technical)?;
        files.push(File::new(format!("{folder}/verdict.json"), json));
        let chain = certificates(&piece.issued.chain)?;
        let mut lists = String::new();
        for (index, certificate) in [&piece.certificate].into_iter().chain(&chain).enumerate() {
            let urls = certificate.crl_urls().iter().chain(certificate.delta_crl_urls());
            for url in urls {
                let Ok(list) = self.centre.crl(url).await else { continue };
                let name = url.rsplit_once('/').map_or(url.as_str(), |(_, name)| name);
                if index == 0 || !files.iter().any(|file| file.name.ends_with(&format!("/{name}"))) {
                    files.push(File::new(format!("{folder}/{name}"), list.to_vec()));
                    if let Some(whole) = Crl::from_der(&list).ok().filter(|list| !list.is_delta()) {
                        lists.push_str(&whole.to_pem().map_err(Problem::technical)?);
                    }
                }
            }
        }
        files.push(File::new(format!("{folder}/lists.pem"), lists));
        if !piece.certificate.ocsp_urls().is_empty()
            && let Some(authority) = self.centre.hierarchies().first()
        {
            let id = CertId::new(CertIdHash::Sha1, authority.issuing(), piece.certificate.serial());
            let answer = self.centre.respond(&ocsp::request(&id, None)).await?;
            files.push(File::new(format!("{folder}/ocsp.der"), answer));
        }
        // An hour has passed by now.
        let now = if let Must::RefuseLater(code) = must { Must::Refuse(code) } else { must };
        let said = Said {
            folder,
            description: piece.flaw.map(Flaw::describe),
            profile: piece.issued.kept.profile,
            declared: piece.declared,
            role,
            must: now,
            accepted_at_first: matches!(must, Must::RefuseLater(_)),
            openssl: match piece.issued.kept.algorithm {
                Algorithm::P256 | Algorithm::Rsa => piece.flaw.map_or("OK", openssl::says),
                _ => "cannot read the key",
            },
        };
        Ok((said, files))
    }

    async fn verdict(&self, piece: &Piece, role: Role) -> Verdict {
        let validator = Validator::new(self.centre.clone(), RevocationPolicy::default(), self.clock.clone());
        let question = Question {
            checks: &Check::ALL,
            declared: Some(piece.declared),
            roles: std::slice::from_ref(&role),
        };
        validator.validate(&piece.certificate, &question).await
    }
}

/// Whether a verdict is the one that must come: of several reasons one has to be the flaw's.
fn is_answered(verdict: &Verdict, must: Must) -> bool {
    let has = |code| verdict.findings.iter().any(|finding| finding.outcome.code() == code);
    match must {
        Must::Accept => verdict.decision() == Decision::Accepted,
        Must::Refuse(code) | Must::RefuseLater(code) => verdict.decision() == Decision::Refused && has(code),
        Must::Unknown(code) => verdict.decision() == Decision::CouldNotCheck && has(code),
    }
}

fn folder(flaw: Option<Flaw>) -> String {
    flaw.map_or("flawless", Flaw::name).to_owned()
}

/// The key as it came, even if it is too weak for anything but this.
fn private_key(issued: &Issued) -> Result<KeyPair, Problem> {
    KeyPair::from_pkcs8_pem_under(AlgorithmPolicy::Legacy, &issued.private_key).map_err(Problem::technical)
}

/// The certificates in a text of PEM blocks.
fn certificates(pem: &str) -> Result<Vec<Certificate>, Problem> {
    let blocks = pem.split_inclusive("-----END CERTIFICATE-----");
    let blocks = blocks.filter(|block| block.contains("-----BEGIN CERTIFICATE-----"));
    blocks.map(|block| Certificate::from_pem(block).map_err(Problem::technical)).collect()
}

#[cfg(test)]
mod tests;
