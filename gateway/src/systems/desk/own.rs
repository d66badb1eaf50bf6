//! What a desk keeps of a case.

use std::collections::BTreeMap;

use certs::{Identifier, Iin};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signer::{Code, Document, Problem};
use uuid::Uuid;

use super::application::Request;
use super::deeds::Decision;
use crate::exchange::{
    Answer, Application, CertifiedBy, Consent, Issue, Payload, Registration, Representative, read_identifier,
};
use crate::regulation::{Carrier, FieldType, Person, Verb};
use crate::walk::{ToSign, Turn};

/// What a desk keeps of a case: each system its own, of what happened there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Own {
    /// The message that brought the case, to hand on unchanged.
    pub(super) brought: Option<Payload>,
    /// The recipient's last try to sign in.
    pub(super) login: Option<Login>,
    /// The employee who sits at it, once signed in.
    pub(super) employee: Option<Iin>,
    /// What was said about consent.
    pub(super) consent: Option<Consent>,
    /// What was presented.
    pub(super) presented: Option<Presented>,
    /// The form as it was filled in, with the copies.
    pub(super) request: Option<Request>,
    /// Who came for the recipient.
    pub(super) representative: Option<Representative>,
    /// The documents that are there on paper.
    pub(super) papers: Vec<String>,
    /// The recipient's chosen certificate, as PEM.
    pub(super) certificate: Option<String>,
    /// The questions that were sent, by the steps that ask them.
    pub(super) asked: Vec<Asked>,
    /// What the registers answered.
    pub(super) answers: Vec<Answer>,
    /// What was decided, until the condition has taken note of it.
    pub(super) decision: Option<Decision>,
    /// What was found wrong, in somebody's words.
    pub(super) grounds: Option<String>,
    /// Who did which work.
    pub(super) worked: Vec<Worked>,
    /// Who was determined as executor.
    pub(super) executor: Option<String>,
    /// The document that was formed here last.
    pub(super) issue: Option<Issue>,
    /// The bytes that wait for a signature.
    pub(super) draft: Option<ToSign>,
    /// The document that was signed here last.
    pub(super) document: Option<Document>,
    /// What holds the key that signed, as was said.
    pub(super) carrier: Option<Carrier>,
    /// Under which number it was registered, here or where it was sent.
    pub(super) registration: Option<Registration>,
    /// Whom the result was handed to: an IIN, or `BIN` and a BIN.
    pub(super) handed_to: Option<String>,
}

/// A try to sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Login {
    /// `iin` or `bin`.
    #[serde(flatten)]
    pub(super) who: Identifier,
    pub(super) authentic: bool,
}

/// What was presented.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Presented {
    pub(super) documents: Vec<String>,
    /// What the form asks for beside them.
    pub(super) missing: Vec<String>,
    /// Originals with their copies, as at the akim of a village.
    #[serde(default)]
    pub(super) originals: bool,
}

/// A question that was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) at: String,
    pub(super) query: Uuid,
}

/// Work that somebody did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Worked {
    /// The step.
    pub(super) at: String,
    /// Who.
    pub(super) by: Person,
    /// Their surname and initials, if they said so.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// What.
    pub(super) does: Vec<Verb>,
    /// When, on the world's clock.
    pub(super) done_at: Timestamp,
}

impl Own {
    /// The recipient who signed in.
    pub(super) fn signed_in(&self) -> Option<Identifier> {
        self.login.as_ref().filter(|login| login.authentic).map(|login| login.who)
    }

    /// The representative, if a notary certified their power of attorney.
    pub(super) fn notarised(&self) -> Option<&Representative> {
        self.representative.as_ref().filter(|who| who.certified == CertifiedBy::Notary)
    }

    /// What was signed where the case came from; `None` where it began here, or was brought by no application.
    ///
    /// # Errors
    /// When what was brought does not read any more.
    pub(super) fn application(&self) -> Result<Option<Application>, Problem> {
        let Some(brought) = self.brought.as_ref().filter(|payload| payload.message.is_application()) else {
            return Ok(None);
        };
        let content = brought.document.verify()?.content;
        let read = serde_json::from_slice(&content);
        read.map(Some).map_err(|error| Problem::new(Code::EnvelopeMalformed).detail(error.to_string()))
    }

    /// The fields of the form, filled in here or where the case came from.
    pub(super) fn fields(&self) -> Result<BTreeMap<String, String>, Problem> {
        match &self.request {
            Some(request) => Ok(request.fields.clone()),
            None => Ok(self.application()?.map(|application| application.fields).unwrap_or_default()),
        }
    }

    /// The consent that was taken here or where the case came from.
    pub(super) fn any_consent(&self) -> Result<Option<Consent>, Problem> {
        if self.consent.is_some() {
            return Ok(self.consent.clone());
        }
        Ok(self.application()?.and_then(|application| application.counter).and_then(|c| c.consent))
    }
}

/// Whom the case is about, as the form has it.
pub(super) fn declared(turn: &Turn<'_, Own>) -> Option<Identifier> {
    turn.channel.declared(&turn.case.own.fields().ok()?)
}

/// The recipient's IIN, as the form has it.
pub(super) fn recipient(turn: &Turn<'_, Own>) -> Option<Iin> {
    match declared(turn)? {
        Identifier::Iin(iin) => Some(iin),
        Identifier::Bin(_) => None,
    }
}

/// Whose personal cabinet the case belongs to: that of whoever signed in; of who came for the recipient; or of the
/// recipient.
pub(super) fn cabinet_of(turn: &Turn<'_, Own>) -> Option<Identifier> {
    let own = &turn.case.own;
    let came = own.representative.as_ref().and_then(|who| read_identifier(&who.iin).ok());
    own.signed_in().or(came).or_else(|| declared(turn))
}

/// What the form has in its first field of a type.
pub(super) fn field_of(turn: &Turn<'_, Own>, kind: FieldType) -> Result<Option<String>, Problem> {
    let field = turn.channel.form.fields.iter().find(|field| field.kind == kind);
    let Some(field) = field else { return Ok(None) };
    Ok(turn.case.own.fields()?.get(&field.name).cloned())
}
