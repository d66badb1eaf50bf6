//! Bad samples: each has one thing wrong, and says what must come back.

use certs::Flaw;
use signer::{Code, Envelope, Problem, Sender, System};

use super::document::Spoilt;
use super::good::{Sent, json_form, soap, unsigned};
use super::{Expects, Sample};
use crate::world::World;

/// The bad samples of a message, which was sent as it should be before.
pub(super) async fn of(world: &World, sent: &Sent<'_>) -> Result<Vec<Sample>, Problem> {
    let identity = world.identity(sent.from)?;
    let mut samples = Vec::new();
    let mut bad = |name: &str, title: &str, body: String, code: Code| {
        let mut sample = sent.sample(world, name, title, body);
        let status = if sample.is_soap() { 500 } else { code.status() };
        sample.expects = Expects { status, says: code.code().to_owned() };
        samples.push(sample);
    };

    // The message.
    let first = soap(&sent.envelope, &identity)?;
    bad("replayed", "the first message again, byte for byte", first, Code::MessageReplayed);
    let signed = soap(&sent.anew(), &identity)?;
    bad("unsigned", "without WS-Security", unsigned(&signed)?, Code::SignatureMissing);
    let changed = signed.replacen("<serviceId>", "<serviceId> ", 1);
    bad("changed-body", "a space in the Body after it was signed", changed, Code::SignatureInvalid);
    bad(
        "wrapped-signature",
        "the signed Body in the Header, another one to be read",
        wrapped(&signed)?,
        Code::EnvelopeMalformed,
    );
    let doctype = format!("<!DOCTYPE soap:Envelope [<!ENTITY e \"x\">]>{signed}");
    bad("doctype", "with a DTD", doctype, Code::XmlRefused);
    bad("truncated", "cut off in the middle", signed[..signed.len() / 2].to_owned(), Code::XmlMalformed);

    // Who sends.
    let sender = |sender: Sender| Envelope { sender, ..sent.anew() };
    let other = Sender { password: Some("not-the-password".to_owned()), ..identity.sender() };
    bad(
        "wrong-password",
        "with another password",
        soap(&sender(other.clone()), &identity)?,
        Code::WrongPassword,
    );
    bad(
        "wrong-password-json",
        "with another password",
        json_form(&sender(other), &identity)?,
        Code::WrongPassword,
    );
    let nobody = Sender { sender_id: "nobody".to_owned(), ..identity.sender() };
    bad(
        "sender-unknown",
        "from somebody without a record",
        soap(&sender(nobody), &identity)?,
        Code::SenderUnknown,
    );
    if let Some(stranger) =
        [System::School, System::People].into_iter().find_map(|system| world.identity(system).ok())
    {
        let own = stranger.sender();
        bad(
            "other-key",
            "signed with the key of another system",
            soap(&sent.anew(), &stranger)?,
            Code::CertificateNotBound,
        );
        bad(
            "wrong-way",
            "from a system that does not send it",
            soap(&sender(own), &stranger)?,
            Code::RouteUnknown,
        );
    }

    // What it says.
    let other = Envelope { service_id: format!("{}-other", sent.envelope.service_id), ..sent.anew() };
    bad("other-service", "under another serviceId", soap(&other, &identity)?, Code::EnvelopeMalformed);
    let mut poem = sent.anew();
    poem.data["message"] = "poem".into();
    bad("unknown-message", "a message that there is not", soap(&poem, &identity)?, Code::EnvelopeMalformed);

    // The document, where a person signs it.
    let mut documents = vec![(
        "changed-document",
        "a document that was changed after it was signed",
        Spoilt::Content,
        Code::SignatureInvalid,
    )];
    if sent.inside.author.is_some() {
        documents.extend([
            (
                "revoked",
                "signed with a certificate that was revoked",
                Spoilt::Certificate(Flaw::Revoked),
                Code::CertificateRevoked,
            ),
            (
                "expired",
                "signed with a certificate that has expired",
                Spoilt::Certificate(Flaw::Expired),
                Code::CertificateExpired,
            ),
            ("other-iin", "signed by somebody else than it names", Spoilt::Number, Code::IdentityMismatch),
        ]);
    }
    for (name, title, spoilt, code) in documents {
        let envelope = sent.with(world, spoilt).await?;
        bad(name, title, soap(&envelope, &identity)?, code);
        bad(
            &format!("{name}-json"),
            title,
            json_form(&Envelope { message_id: uuid::Uuid::new_v4(), ..envelope }, &identity)?,
            code,
        );
    }
    Ok(samples)
}

/// The signature still verifies over the Body that it covers, which now stands in the Header.
fn wrapped(signed: &str) -> Result<String, Problem> {
    let parts = signed.split_once("</soap:Header>").and_then(|(before, rest)| {
        let (body, after) = rest.split_once("</soap:Body>")?;
        let (_, inside) = body.split_once('>')?;
        let inside = inside.replacen("<serviceId>", "<serviceId>other/", 1);
        Some(format!("{before}<w:Wrapper xmlns:w=\"urn:w\">{body}</soap:Body></w:Wrapper></soap:Header><soap:Body>{inside}</soap:Body>{after}"))
    });
    parts.ok_or_else(|| Problem::technical("a signed message without a Header"))
}
