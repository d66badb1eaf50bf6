//! Faults in what the certification centre says: to the systems of the process, and over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use certs::Certificate;
use certs::der::{self, Element, OCTET_STRING, Reader, SEQUENCE};
use registries::ca::Oddity;
use signer::{Code, NoAnswer, Problem, System, Trust};

use super::facts::Facts;
use super::fault::Fault;
use super::kept::Faults;
use super::name::{Name, Place};
use super::rule::Side;
use crate::world::{Centre, World};

/// What somebody wants of the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matter {
    /// A revocation list.
    List,
    /// The OCSP responder.
    Responder,
    /// A time-stamp.
    Stamp,
    /// Anything else.
    Other,
}

/// What is wanted at an address below the centre's.
pub(super) fn matter(path: &str) -> Matter {
    match path.split('/').nth(1) {
        Some("crl") => Matter::List,
        Some("ocsp") => Matter::Responder,
        Some("tsp") => Matter::Stamp,
        _ => Matter::Other,
    }
}

impl Matter {
    /// Whether a fault is one of this.
    pub(super) fn has(self, name: Name) -> bool {
        let of = match name {
            Name::OcspTryLater | Name::OcspUnknown | Name::OcspExpired | Name::OcspWrongCertid => {
                Self::Responder
            }
            Name::TspDown | Name::TspWrongImprint => Self::Stamp,
            _ => Self::List,
        };
        self == of
    }
}

/// Whether the centre has to sign what it says then.
fn is_signed(name: Name) -> bool {
    matches!(
        name,
        Name::CrlExpired
            | Name::DeltaWithoutBase
            | Name::OcspExpired
            | Name::OcspUnknown
            | Name::OcspWrongCertid
    )
}

/// What is said in the place of the centre.
enum Said {
    /// These bytes, of this media type.
    Bytes(&'static str, Vec<u8>),
    /// That there is nothing.
    Missing,
    /// Nothing else than usual.
    Usual,
}

const LIST: &str = "application/pkix-crl";
const ANSWER: &str = "application/ocsp-response";
/// A page as a proxy shows it in the place of what was asked for.
const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in first.</body></html>\n";

impl Faults {
    /// What is to be done to something that the centre says.
    pub(super) async fn strike_centre(
        &self,
        matter: Matter,
        facts: &Facts,
        can: impl Fn(Name) -> bool,
    ) -> Result<Vec<Fault>, Problem> {
        let of = |name| matter.has(name) && can(name);
        self.strike_where(Place::Centre, System::Ca, Side::Request, facts, of).await
    }
}

/// The centre as the systems of the process see it.
pub(crate) struct Faulty {
    /// As it is without faults.
    pub(crate) trust: Arc<dyn Trust>,
    /// The centre.
    pub(crate) centre: Centre,
    /// The faults of the world.
    pub(crate) faults: Arc<Faults>,
}

impl Faulty {
    async fn said(&self, matter: Matter, url: &str, request: &[u8]) -> Result<Said, Problem> {
        if !self.faults.any(Place::Centre).await? {
            return Ok(Said::Usual);
        }
        let facts = Facts { path: Some(url.to_owned()), ..Facts::default() };
        // Nobody can sign in the name of a centre that stands elsewhere.
        let can = |name: Name| matches!(self.centre, Centre::Here(_)) || !is_signed(name);
        let struck = self.faults.strike_centre(matter, &facts, can).await?;
        said(&self.centre, struck.first(), url, request).await
    }
}

#[async_trait]
impl Trust for Faulty {
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer> {
        self.trust.roots().await
    }

    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer> {
        self.trust.authorities().await
    }

    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer> {
        match self.said(Matter::List, url, &[]).await.map_err(|problem| NoAnswer::new(problem.to_string()))? {
            Said::Bytes(_, bytes) => Ok(bytes.into()),
            Said::Missing => Err(NoAnswer::new(format!("{url} answered 404 Not Found"))),
            Said::Usual => self.trust.crl(url).await,
        }
    }

    async fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let said = self.said(Matter::Responder, url, request).await;
        match said.map_err(|problem| NoAnswer::new(problem.to_string()))? {
            Said::Bytes(_, bytes) => Ok(bytes),
            Said::Missing | Said::Usual => self.trust.ocsp(url, request).await,
        }
    }

    async fn lists(&self) -> Result<Vec<Arc<[u8]>>, NoAnswer> {
        self.trust.lists().await
    }

    async fn given_list(&self, issuer: &Certificate) -> Result<Option<Arc<[u8]>>, NoAnswer> {
        self.trust.given_list(issuer).await
    }

    /// Unknown while there are faults of the centre: each asking counts for them.
    async fn revision(&self) -> Option<u64> {
        match self.faults.any(Place::Centre).await {
            Ok(false) => self.trust.revision().await,
            _ => None,
        }
    }

    async fn timestamp(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let struck = self.faults.strike_centre(Matter::Stamp, &Facts::default(), |_| true).await;
        let struck = struck.map_err(|problem| NoAnswer::new(problem.to_string()))?;
        match struck.first().map(|fault| fault.name) {
            Some(Name::TspDown) => Err(NoAnswer::new("the time-stamping authority is down")),
            Some(Name::TspWrongImprint) => self.trust.timestamp(&with_another_imprint(request)).await,
            _ => self.trust.timestamp(request).await,
        }
    }
}

/// What is answered over HTTP in the place of the centre; nothing where it is to answer itself.
pub(super) async fn over_http(
    world: &World,
    fault: &Fault,
    path: &str,
    content: &Bytes,
) -> Result<Option<Response>, Problem> {
    Ok(match said(&world.centre, Some(fault), path, content).await? {
        Said::Bytes(media_type, bytes) => {
            Some((StatusCode::OK, [(header::CONTENT_TYPE, media_type)], bytes).into_response())
        }
        Said::Missing => {
            Some(Problem::new(Code::NotFound).detail(format!("nothing at {path}")).into_response())
        }
        Said::Usual => None,
    })
}

/// `at` ends in the file name of a list, where a list is wanted.
async fn said(centre: &Centre, fault: Option<&Fault>, at: &str, request: &[u8]) -> Result<Said, Problem> {
    let Some(fault) = fault else { return Ok(Said::Usual) };
    let oddity = match fault.name {
        Name::CrlEmpty => return Ok(Said::Bytes(LIST, Vec::new())),
        Name::CrlMissing => return Ok(Said::Missing),
        Name::CrlIsHtml => return Ok(Said::Bytes("text/html", PAGE.as_bytes().to_vec())),
        // OCSPResponseStatus 3 (RFC 6960, 4.2.1).
        Name::OcspTryLater => return Ok(Said::Bytes(ANSWER, der::sequence(&[&der::enumerated(3)]))),
        Name::CrlExpired | Name::OcspExpired => Oddity::Old,
        Name::DeltaWithoutBase => Oddity::Delta,
        Name::OcspUnknown => Oddity::Unknown,
        Name::OcspWrongCertid => Oddity::AboutAnother,
        _ => return Ok(Said::Usual),
    };
    let Centre::Here(centre) = centre else { return Ok(Said::Usual) };
    if matches!(oddity, Oddity::Unknown | Oddity::AboutAnother) || fault.name == Name::OcspExpired {
        return Ok(Said::Bytes(ANSWER, centre.respond_oddly(request, oddity).await?));
    }
    let file = at.rsplit('/').next().unwrap_or_default();
    Ok(match centre.list_oddly(file, oddity).await? {
        Some(list) => Said::Bytes(LIST, list),
        None => Said::Missing,
    })
}

/// The DER of a TimeStampReq (RFC 3161, 2.4.1) with another digest in it; as it was when it is none.
pub(super) fn with_another_imprint(request: &[u8]) -> Vec<u8> {
    let mut changed = request.to_vec();
    if let Some(last) = imprint(request).and_then(|digest| {
        let start = digest.value.as_ptr() as usize - request.as_ptr() as usize;
        changed.get_mut(start..start + digest.value.len())?.last_mut()
    }) {
        *last ^= 1;
    }
    changed
}

fn imprint(request: &[u8]) -> Option<Element<'_>> {
    let mut fields = Reader::only(request, SEQUENCE).ok()?.reader();
    fields.element().ok()?;
    let mut imprint = fields.sequence().ok()?;
    imprint.element().ok()?;
    imprint.expect(OCTET_STRING).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_imprint_of_a_request_is_changed_and_nothing_else() {
        let algorithm = der::sequence(&[&der::oid(certs::oid::SHA256)]);
        let imprint = der::sequence(&[&algorithm, &der::octets(&[7; 32])]);
        let request = der::sequence(&[&der::integer(1), &imprint, &der::integer(99)]);
        let changed = with_another_imprint(&request);
        let different: Vec<usize> = (0..request.len()).filter(|&at| request[at] != changed[at]).collect();
        assert_eq!((request.len(), different.len()), (changed.len(), 1));
        assert_eq!(super::imprint(&changed).unwrap().value.last(), Some(&6));
        assert_eq!(with_another_imprint(b"no request"), b"no request");
    }
}
