//! The people database in the national shape: what it is asked and what it answers as `GBDFL_UniversalServiceSync`.
//!
//! The shape is known from public clients alone. Every leaf is text, as in XML, and what the register does not have is
//! empty. The code of a result that found nobody is ours.

mod read;
mod write;

use certs::{CheckDigit, Iin};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::Value;
use signer::{Code, Problem, json_fault};

pub use read::found;
pub use write::answer;
pub(crate) use write::{head, result};

/// The namespace of the request and of the answer.
pub const NAMESPACE: &str = "http://message.persistence.interactive.nat";
/// The code of a result that has somebody.
pub const FOUND: &str = "00000";
/// The code of a result that has nobody: ours.
pub const NOT_FOUND: &str = "00001";

/// The most characters of an id or a code.
const LONGEST: usize = 200;

/// A question about somebody.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// The asking system's own id of it, of any form; the answer names it.
    pub message_id: String,
    /// When it was asked, by that system's clock.
    pub message_date: String,
    /// How that system calls itself.
    pub sender_code: String,
    /// Whom it is about.
    pub iin: String,
    /// The person's access token, in the form that has one.
    pub kdp_token: Option<String>,
    /// The key that the token is to be verified with.
    pub public_key: Option<String>,
}

impl Request {
    /// Reads a question.
    ///
    /// # Errors
    /// [`Code::EnvelopeMalformed`] when a field is missing or unknown, [`Code::InvalidValue`] when one has another form.
    pub fn read(data: &Value) -> Result<Self, Problem> {
        let request = Self::deserialize(data).map_err(|error| {
            let detail = format!("no question to the people database: {}", json_fault(&error));
            Problem::new(Code::EnvelopeMalformed).detail(detail)
        })?;
        check_head(&request.message_id, &request.message_date, &request.sender_code)?;
        Ok(request)
    }

    /// The number that is asked about.
    ///
    /// # Errors
    /// [`Code::InvalidValue`].
    pub fn iin(&self, rule: CheckDigit) -> Result<Iin, Problem> {
        Iin::parse(self.iin.trim(), rule).map_err(|error| invalid("iin", &error.to_string()))
    }
}

/// That what every question begins with has its form.
pub(crate) fn check_head(id: &str, date: &str, sender: &str) -> Result<(), Problem> {
    for (field, text) in [("messageId", id), ("senderCode", sender)] {
        if text.trim().is_empty() || text.chars().count() > LONGEST {
            return Err(invalid(field, &format!("1 to {LONGEST} characters")));
        }
    }
    let date = date.trim();
    if date.parse::<Timestamp>().is_err() && date.parse::<DateTime>().is_err() {
        return Err(invalid("messageDate", "no xs:dateTime"));
    }
    Ok(())
}

fn invalid(field: &str, why: &str) -> Problem {
    Problem::new(Code::InvalidValue).detail(format!("{field}: {why}"))
}
