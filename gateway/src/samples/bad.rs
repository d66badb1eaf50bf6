//! Bad samples of any message: each has one thing wrong with how it is signed or who sends it, and says what must come
//! back.

use signer::xml::SOAP;
use signer::{Bytes, Code, Problem, Sealed, Sender, System, SystemIdentity};
use uuid::Uuid;

use super::Sample;
use super::hop::{Hop, Over};
use crate::world::World;

/// Writes and signs the message, under an id of its own each time, with these credentials and this key.
pub(super) type Seal<'a> = &'a dyn Fn(Sender, &SystemIdentity) -> Result<String, Problem>;

/// What is wrong with the message as it is signed, and with who sends it.
pub(super) fn of(world: &World, hop: Hop, seal: Seal<'_>) -> Result<Vec<Sample>, Problem> {
    let identity = hop.identity(world)?;
    let signed = seal(identity.sender(), &identity)?;
    let mut samples = match hop.over {
        Over::Json => spoilt_json(world, hop, &signed)?,
        Over::Soap(_) => spoilt_soap(world, hop, &signed)?,
    };
    let mut bad =
        |name: &str, title: &str, body, code| samples.push(hop.refused(world, name, title, body, code));
    let other = Sender { password: Some("not-the-password".to_owned()), ..identity.sender() };
    bad("wrong-password", "with another password", seal(other, &identity)?, Code::WrongPassword);
    let nobody = Sender { sender_id: "nobody".to_owned(), ..identity.sender() };
    bad("sender-unknown", "from somebody without a record", seal(nobody, &identity)?, Code::SenderUnknown);
    if let Some(stranger) = stranger(world, hop, |_| true) {
        let body = seal(identity.sender(), &stranger)?;
        bad("other-key", "signed with the key of another system", body, Code::CertificateNotBound);
    }
    Ok(samples)
}

/// A message that was taken before: it is sent twice.
pub(super) fn replayed(world: &World, hop: Hop, body: String) -> Sample {
    let before = Some(hop.request(world, body.clone()));
    let sample = hop.refused(world, "replayed", "the same again, byte for byte", body, Code::MessageReplayed);
    Sample { before, ..sample }
}

/// A system that has nothing to do with a message.
pub(super) fn stranger(world: &World, hop: Hop, is_one: impl Fn(System) -> bool) -> Option<SystemIdentity> {
    let candidates = [System::School, System::People, System::Notary, System::Provider];
    let mut others = candidates.into_iter().filter(|other| ![hop.from, hop.to].contains(other));
    others.find_map(|other| world.identity(other).ok().filter(|_| is_one(other) && world.serves(other)))
}

fn spoilt_soap(world: &World, hop: Hop, signed: &str) -> Result<Vec<Sample>, Problem> {
    let bad = |name, title, body, code| hop.refused(world, name, title, body, code);
    let changed = signed.replacen("<request>", "<request> ", 1);
    let doctype = format!("<!DOCTYPE soap:Envelope [<!ENTITY e \"x\">]>{signed}");
    let truncated = signed[..signed.len() / 2].to_owned();
    Ok(vec![
        bad("unsigned", "without WS-Security", unsigned(signed)?, Code::SignatureMissing),
        bad("changed-body", "a space in the Body after it was signed", changed, Code::SignatureInvalid),
        bad(
            "wrapped-signature",
            "the signed Body in the Header, another one to be read",
            wrapped(signed)?,
            Code::EnvelopeMalformed,
        ),
        bad("doctype", "with a DTD", doctype, Code::XmlRefused),
        bad("truncated", "cut off in the middle", truncated, Code::XmlMalformed),
    ])
}

fn spoilt_json(world: &World, hop: Hop, signed: &str) -> Result<Vec<Sample>, Problem> {
    let bad = |name, title, body, code| hop.refused(world, name, title, body, code);
    let sealed: Sealed = serde_json::from_str(signed).map_err(Problem::technical)?;
    let written = |sealed: &Sealed| serde_json::to_string(sealed).map_err(Problem::technical);
    let unsigned = Sealed { signature: Bytes(Vec::new()), ..sealed.clone() };
    let changed = Sealed { envelope: Bytes([&sealed.envelope.0[..], b" "].concat()), ..sealed };
    let truncated = signed[..signed.len() / 2].to_owned();
    Ok(vec![
        bad("unsigned", "with an empty signature", written(&unsigned)?, Code::SignatureMalformed),
        bad("changed-body", "a space after what was signed", written(&changed)?, Code::SignatureInvalid),
        bad("truncated", "cut off in the middle", truncated, Code::MalformedJson),
    ])
}

fn no_header() -> Problem {
    Problem::technical("a signed message without a Header")
}

/// A signed message without its Header and without the Body's id.
pub(super) fn unsigned(signed: &str) -> Result<String, Problem> {
    let (_, rest) = signed.split_once("<soap:Body").ok_or_else(no_header)?;
    let (_, body) = rest.split_once('>').ok_or_else(no_header)?;
    Ok(format!("<soap:Envelope xmlns:soap=\"{SOAP}\"><soap:Body>{body}"))
}

/// The signature still verifies over the Body that it covers, which now stands in the Header.
fn wrapped(signed: &str) -> Result<String, Problem> {
    let (before, rest) = signed.split_once("</soap:Header>").ok_or_else(no_header)?;
    let (body, after) = rest.split_once("</soap:Body>").ok_or_else(no_header)?;
    let (_, inside) = body.split_once('>').ok_or_else(no_header)?;
    let other = format!("<messageId>{}</messageId>", Uuid::new_v4());
    let inside = match (inside.find("<messageId>"), inside.find("</messageId>")) {
        (Some(from), Some(to)) => {
            format!("{}{other}{}", &inside[..from], &inside[to + "</messageId>".len()..])
        }
        _ => inside.to_owned(),
    };
    Ok(format!(
        "{before}<w:Wrapper xmlns:w=\"urn:w\">{body}</soap:Body></w:Wrapper></soap:Header><soap:Body>{inside}</soap:Body>{after}"
    ))
}
