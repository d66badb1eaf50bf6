//! Signing the Body in the national form.

use certs::{Certificate, KeyPair};
use uuid::Uuid;

use super::message::Message;
use crate::Bytes;
use crate::xml::c14n::{self, Method};
use crate::xml::names::{DS, EXC_C14N, SOAP, WSSE, WSU};
use crate::xml::sign::{Reference, inserted, signature, signed_info, with_last_child};
use crate::xml::{XmlError, algorithms, parse};

const TOKEN_PROFILE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0";
const BASE64: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

/// Signs the Body of a SOAP 1.1 message, giving it a new id.
///
/// The Header gets `wsse:Security` with `mustUnderstand="1"` and in it a `ds:Signature` with one reference to the
/// Body; exclusive C14N throughout; the whole certificate in `wsse:SecurityTokenReference/wsse:KeyIdentifier`. No
/// BinarySecurityToken, no Timestamp. The prefixes are `wsse`, `ds` and `wsu`: clients search by them.
///
/// # Errors
/// [`XmlError::Message`] when it is no SOAP 1.1 message, is signed already, or its Body has a `wsu:Id`;
/// [`XmlError::Malformed`], [`XmlError::Refused`], [`XmlError::Key`].
pub fn sign(message: &[u8], key: &KeyPair, certificate: &Certificate) -> Result<String, XmlError> {
    sign_as(message, key, certificate, Uuid::new_v4())
}

/// The same with the Body's id given: `wsu:Id="id-{id}"`.
pub fn sign_as(
    message: &[u8],
    key: &KeyPair,
    certificate: &Certificate,
    id: Uuid,
) -> Result<String, XmlError> {
    let mut tree = parse::parse(message)?;
    let parts = Message::of(&tree)?;
    if parts.soap != SOAP {
        return Err(XmlError::Message { what: "only SOAP 1.1 is signed" });
    }
    if parts.security()?.is_some() {
        return Err(XmlError::Message { what: "it has a Security header already" });
    }
    let body = parts.body;
    if body.ids().next().is_some() {
        return Err(XmlError::Message { what: "its Body has an id already" });
    }
    let declared = match body.resolve("wsu") {
        Some(WSU) => String::new(),
        None => format!(" xmlns:wsu=\"{WSU}\""),
        Some(_) => return Err(XmlError::Message { what: "the prefix `wsu` stands for something else" }),
    };
    let attribute = format!("{declared} wsu:Id=\"id-{id}\"");
    let text = inserted(parse::text_of(message)?, body.data.place.after_name, &attribute);
    let body = body.place;
    tree.set_wsu_id(body, &format!("id-{id}"));
    let parts = Message::of(&tree)?;

    let canonical = c14n::element(parts.body, &Method::EXCLUSIVE)?;
    let uri = format!("#id-{id}");
    let reference = Reference { uri: &uri, transforms: &[EXC_C14N], canonical: &canonical };
    // Exclusively, SignedInfo looks the same wherever it stands: with its one declaration it is canonical.
    let info = signed_info(EXC_C14N, &reference, key)?;
    let canonical = format!("<ds:SignedInfo xmlns:ds=\"{DS}\">{info}</ds:SignedInfo>");
    let value = Bytes(algorithms::sign(key, canonical.as_bytes())?);
    let info = format!("<ds:SignedInfo>{info}</ds:SignedInfo>");
    let signature = signature(&info, &value, &key_identifier(certificate));

    let soap = parts.envelope.prefix();
    // An attribute needs a prefix to be in a namespace; the Envelope may be written without.
    let (declared, understood) = if soap.is_empty() || soap == "wsse" {
        (format!(" xmlns:soap=\"{SOAP}\""), "soap")
    } else {
        (String::new(), soap)
    };
    let security = format!(
        "<wsse:Security xmlns:wsse=\"{WSSE}\"{declared} {understood}:mustUnderstand=\"1\">{signature}</wsse:Security>"
    );
    Ok(if let Some(header) = parts.header {
        with_last_child(&text, header, &security)
    } else {
        let colon = if soap.is_empty() { "" } else { ":" };
        let header = format!("<{soap}{colon}Header>{security}</{soap}{colon}Header>");
        inserted(&text, parts.envelope.data.place.opened, &header)
    })
}

fn key_identifier(certificate: &Certificate) -> String {
    let certificate = Bytes(certificate.der().to_vec()).to_base64();
    format!(
        "<wsse:SecurityTokenReference><wsse:KeyIdentifier EncodingType=\"{BASE64}\" \
         ValueType=\"{TOKEN_PROFILE}#X509v3\">{certificate}</wsse:KeyIdentifier></wsse:SecurityTokenReference>"
    )
}
