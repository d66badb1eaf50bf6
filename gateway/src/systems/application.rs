//! The application: made once from a filled-in form, signed by its author, sent unchanged.

use std::collections::BTreeMap;

use certs::Identifier;
use serde::{Deserialize, Serialize};
use signer::{Document, Problem};

use crate::exchange::{
    Application, Attachment, CopyDigest, Counter, JSON, Payload, SPECIMEN, identifier_text, sha256_hex,
};
use crate::regulation::{Message, Step};
use crate::walk::{ToSign, Turn};

/// A filled-in form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    /// The fields by name.
    pub(super) fields: BTreeMap<String, String>,
    /// The copies.
    pub(super) copies: Vec<Attachment>,
}

/// The bytes of the application: `declared` is the identifier of whoever signs it, or whom they sign for.
pub(super) fn draft<Own>(
    turn: &Turn<'_, Own>,
    step: &Step,
    request: &Request,
    declared: Identifier,
    counter: Option<Counter>,
) -> Result<ToSign, Problem> {
    let copies = request.copies.iter().map(|copy| CopyDigest {
        name: copy.name.clone(),
        media_type: copy.media_type.clone(),
        sha256: sha256_hex(&copy.content.0),
    });
    let application = Application {
        specimen: SPECIMEN.to_owned(),
        subject: turn.subject(),
        service: turn.regulation.said.title.clone(),
        made_at: turn.now,
        declared: identifier_text(declared),
        counter,
        fields: request.fields.clone(),
        copies: copies.collect(),
    };
    let content =
        serde_json::to_vec_pretty(&application).map_err(|error| turn.cannot(step, &error.to_string()))?;
    Ok(ToSign { media_type: JSON.to_owned(), content: content.into() })
}

/// The signed application with its copies.
pub(super) fn payload<Own>(
    turn: &Turn<'_, Own>,
    step: &Step,
    document: Option<&Document>,
    request: Option<&Request>,
) -> Result<Payload, Problem> {
    let document = document.cloned().ok_or_else(|| turn.cannot(step, "nothing is signed"))?;
    let attachments = request.map(|request| request.copies.clone()).unwrap_or_default();
    Ok(Payload { attachments, ..Payload::of(turn.subject(), Message::Application, document) })
}
