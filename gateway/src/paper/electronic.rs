//! The electronic document behind a page: who signed it, and whether that holds.

use certs::Text;
use signer::Document;

use super::sheet::moment;
use super::{Issue, words};
use crate::regulation::Regulation;

/// What a page says of the electronic document.
pub(super) struct Electronic {
    /// Whether the page is its printout, or a paper that it goes with, or nothing of it can be printed.
    pub said: Text,
    /// Whether its signature holds and its content can be read.
    pub holds: bool,
    /// Whether the page is its printout: then nobody signs the page.
    pub is_printed: bool,
    /// What is wrong, for developers.
    pub trouble: Option<String>,
    /// Who signed; nobody where the signature does not hold.
    pub signers: Vec<Signature>,
}

/// One signer of an electronic document.
pub(super) struct Signature {
    /// The certificate's subject, as it writes it.
    pub subject: String,
    /// The certificate's serial number in hexadecimal.
    pub serial: String,
    /// When they say to have signed.
    pub signed_at: String,
    /// The algorithm of their key.
    pub algorithm: String,
}

/// What a document says, as far as its signature covers it, and what is said of it on a page: that of this paper, if
/// there is one.
pub(super) fn read(
    document: &Document,
    paper: Option<&Issue>,
    regulation: &Regulation,
) -> (Electronic, Option<Issue>) {
    let nothing = |trouble: String| Electronic {
        said: if paper.is_some() { words::beside_not_verified() } else { words::not_verified() },
        holds: false,
        is_printed: false,
        trouble: Some(trouble),
        signers: Vec::new(),
    };
    let verified = match document.verify() {
        Ok(verified) => verified,
        Err(error) => return (nothing(error.to_string()), None),
    };
    let signers = verified.signers.iter().map(|signer| Signature {
        subject: signer.certificate.subject(),
        serial: signer.certificate.serial_hex(),
        signed_at: signer.signing_time.map_or_else(|| "–".to_owned(), |at| moment(at, regulation)),
        algorithm: signer
            .certificate
            .public_key()
            .algorithm()
            .map_or("–", certs::Algorithm::label)
            .to_owned(),
    });
    let signers = signers.collect();
    match serde_json::from_slice::<Issue>(&verified.content) {
        Ok(issue) => {
            let is_printed = paper.is_none_or(|paper| is_of(paper, &issue));
            let said = if is_printed { words::printout() } else { words::beside() };
            (Electronic { said, holds: true, is_printed, trouble: None, signers }, Some(issue))
        }
        Err(error) => {
            let said = if paper.is_some() { words::beside() } else { words::not_readable() };
            (Electronic { said, signers, ..nothing(error.to_string()) }, None)
        }
    }
}

/// Whether a paper is the printed document, whatever was signed on it by hand since.
fn is_of(paper: &Issue, document: &Issue) -> bool {
    let unsigned = |issue: &Issue| Issue { by_hand: None, ..issue.clone() };
    unsigned(paper) == unsigned(document)
}
