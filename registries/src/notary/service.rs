//! The notary registry as a service that any subscribed system may ask. **The shape is an invention of ours**, and
//! every answer says so.

use certs::Text;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use signer::{Code, Problem, json_fault};
use uuid::Uuid;

use super::power::{Certified, PowerOfAttorney, PowerState, PowerStatus};
use crate::people::Entry;
use crate::people::national::{check_head, head, result};

/// The namespace of the question and of the answer.
pub const NAMESPACE: &str = "urn:qaqpa:notary:v1";

/// A question about a power of attorney.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// The asking system's own id of it; the answer names it.
    pub message_id: String,
    /// When it was asked, by that system's clock.
    pub message_date: String,
    /// How that system calls itself.
    pub sender_code: String,
    /// The number of the power of attorney.
    pub number: String,
}

impl Request {
    /// Reads a question.
    ///
    /// # Errors
    /// [`Code::EnvelopeMalformed`] when a field is missing or unknown, [`Code::InvalidValue`] when one has another form.
    pub fn read(data: &Value) -> Result<Self, Problem> {
        let request = Self::deserialize(data).map_err(|error| {
            let detail = format!("no question to the notary registry: {}", json_fault(&error));
            Problem::new(Code::EnvelopeMalformed).detail(detail)
        })?;
        check_head(&request.message_id, &request.message_date, &request.sender_code)?;
        if request.number.trim().is_empty() {
            return Err(Problem::new(Code::InvalidValue).detail("number: it is empty"));
        }
        Ok(request)
    }
}

/// What answers a question: the power as it stands on a day, or that there is none.
pub fn answer(
    request: &Request,
    found: Option<&PowerOfAttorney>,
    notice: &Text,
    day: Date,
    (id, at): (Uuid, Timestamp),
) -> Value {
    let sender = Entry {
        code: "ENIS_TEST",
        kk: "Бірыңғай нотариаттық ақпараттық жүйе (TEST)",
        ru: "Единая нотариальная информационная система (TEST)",
    };
    let mut answer = head(&request.message_id, &request.sender_code, sender, id, at);
    answer["messageResult"] = result(found.is_some());
    answer["notice"] = json!({ "kk": notice.kk, "ru": notice.ru, "en": notice.en });
    if let Some(found) = found {
        answer["power"] = power(found, day);
    }
    answer
}

fn power(power: &PowerOfAttorney, day: Date) -> Value {
    let certified = match &power.certified {
        Certified::Notary { name, licence } => json!({ "by": "notary", "name": name, "licence": licence }),
        Certified::Otherwise { official } => json!({ "by": "otherwise", "name": official }),
        Certified::Foreign { country, apostille, apostille_date, translation_by } => json!({
            "by": "foreign",
            "country": country.code(),
            "apostille": apostille,
            "apostilleDate": apostille_date.to_string(),
            "translationBy": translation_by,
        }),
    };
    let state = match power.state_on(day) {
        PowerState::Valid => "valid",
        PowerState::NotYet => "not-yet",
        PowerState::Expired => "expired",
        PowerState::Revoked => "revoked",
    };
    let mut said = json!({
        "number": power.number,
        "date": power.date.to_string(),
        "until": power.until.to_string(),
        "principal": power.principal.to_string(),
        "representative": power.representative.to_string(),
        "subject": power.subject,
        "certified": certified,
        "state": state,
    });
    if let PowerStatus::Revoked { since } = power.status {
        said["revokedSince"] = since.to_string().into();
    }
    said
}
