//! The SOAP message around an operation: signed as the national platform signs, opened as clients really write.

use certs::Certificate;
use uuid::Uuid;

use super::error::SoapError;
use super::write::Writer;
use crate::envelope::SystemIdentity;
use crate::xml::wss::{self, VerifiedMessage};
use crate::xml::{Element, SOAP};

/// What a message is sealed as.
pub(super) struct Sealing {
    /// The namespace of the operation's wrapper.
    pub(super) namespace: &'static str,
    /// The wrapper.
    pub(super) wrapper: &'static str,
    /// The Body's id: that of the message, so that the same message is the same bytes when it is sent again.
    pub(super) id: Uuid,
}

/// Writes a message whose Body holds the operation, and signs the Body.
pub(super) fn sealed(
    sealing: &Sealing,
    identity: &SystemIdentity,
    inside: impl FnOnce(&mut Writer) -> Result<(), SoapError>,
) -> Result<String, SoapError> {
    let Sealing { namespace, wrapper, id } = *sealing;
    let text = unsigned(namespace, wrapper, inside)?;
    Ok(wss::sign_as(text.as_bytes(), &identity.key, &identity.certificate, id)?)
}

/// Writes a message whose Body holds the operation.
pub(super) fn unsigned(
    namespace: &str,
    wrapper: &str,
    inside: impl FnOnce(&mut Writer) -> Result<(), SoapError>,
) -> Result<String, SoapError> {
    let mut out = Writer::default();
    out.raw(&format!(
        "<soap:Envelope xmlns:soap=\"{SOAP}\"><soap:Body><t:{wrapper} xmlns:t=\"{namespace}\">"
    ));
    inside(&mut out)?;
    out.raw(&format!("</t:{wrapper}></soap:Body></soap:Envelope>"));
    out.finish()
}

/// A message whose signature verified.
pub(super) struct Received(VerifiedMessage);

pub(super) fn opened(message: &[u8], known: &[Certificate]) -> Result<Received, SoapError> {
    Ok(Received(wss::verify(message, known)?))
}

impl Received {
    /// The one element in the Body, if it is one of these.
    pub(super) fn operation(&self, wanted: &[(&str, &str)]) -> Result<Element<'_>, SoapError> {
        operation(self.0.body(), wanted)
    }

    /// Whose key signed.
    pub(super) fn certificate(&self) -> Certificate {
        self.0.signer().certificate.clone()
    }
}

/// The one element in a Body, if it is one of these.
pub(super) fn operation<'a>(body: Element<'a>, wanted: &[(&str, &str)]) -> Result<Element<'a>, SoapError> {
    let mut children = body.children();
    let only = children.next();
    let unfit = |found: String| SoapError::Operation {
        found,
        wanted: wanted.iter().map(|(uri, name)| format!("{{{uri}}}{name}")).collect::<Vec<_>>().join(" or "),
    };
    match only {
        Some(_) if children.next().is_some() => Err(unfit("several elements".to_owned())),
        Some(only) if wanted.iter().any(|(uri, name)| only.is(uri, name)) => Ok(only),
        Some(only) => Err(unfit(format!("{only:?}"))),
        None => Err(unfit("nothing".to_owned())),
    }
}
