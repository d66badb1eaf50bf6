//! SOAP faults with the channels' error information.

use jiff::Timestamp;
use uuid::Uuid;

use super::error::SoapError;
use super::info::braced;
use super::names::{ASYNC, SYNC};
use super::read::{field, moment, text, uuid};
use super::write::Writer;
use super::{Status, sync};
use crate::problem::{Code, Problem};
use crate::xml::{self, Element, SOAP, wss};

/// Which operation of which channel failed: it names the fault's detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// SyncChannel.
    Sync,
    /// An operation of AsyncChannel, by the name of its wrapper.
    Async(&'static str),
}

impl Channel {
    fn detail(self) -> (&'static str, String) {
        match self {
            Self::Sync => (SYNC, format!("{0}Fault1_{0}Fault", sync::REQUEST)),
            Self::Async(operation) => (ASYNC, format!("{operation}Fault1_{operation}Fault")),
        }
    }
}

/// Error information (`ErrorInfo` of the channels).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// One of the codes of [`Status`], or another platform's.
    pub code: String,
    /// In words.
    pub message: String,
    /// More of it: the problem document, from a system of Qaqpa.
    pub data: Option<String>,
    /// When it happened, where that was said.
    pub date: Option<Timestamp>,
    /// The stable code behind it, and its words.
    pub reason: Option<(String, String)>,
    /// The gateway's session.
    pub session_id: Option<Uuid>,
}

impl Fault {
    /// The codes that faults of the channels have; then those that clients are known to handle, without that anybody
    /// has published what they mean.
    pub const CODES: [&str; 8] = [
        Status::BUSINESS,
        Status::DATA,
        Status::FAILURE,
        "SBF-VE-8",
        "SBF-AD-1",
        "VAL-JSR-001",
        "VAL-R-004",
        "FAULT-015",
    ];

    /// What a problem amounts to: a failure of ours, or something that the sender has to mend.
    pub fn of(problem: &Problem, at: Option<Timestamp>) -> Self {
        let code = match problem.status {
            500.. => Status::FAILURE,
            403 | 404 | 409 => Status::BUSINESS,
            _ => Status::DATA,
        };
        Self {
            code: code.to_owned(),
            message: problem.to_string(),
            data: serde_json::to_string(problem).ok(),
            date: at,
            reason: Some((problem.code.code().to_owned(), problem.title.clone())),
            session_id: None,
        }
    }

    /// The fault as a SOAP message; it goes with status 500 (SOAP 1.1, 6.2).
    pub fn message(&self, channel: Channel) -> String {
        let (namespace, name) = channel.detail();
        let side = if self.code == Status::FAILURE { "Server" } else { "Client" };
        let mut out = Writer::default();
        out.raw(&format!("<soap:Envelope xmlns:soap=\"{SOAP}\"><soap:Body>"));
        out.element("soap:Fault", |fault| {
            fault.field("faultcode", format!("soap:{side}"));
            fault.field("faultstring", printable(&self.message));
            fault.element("detail", |detail| {
                detail.element(&format!("t:{name} xmlns:t=\"{namespace}\""), |info| self.write(info));
            });
        });
        out.raw("</soap:Body></soap:Envelope>");
        out.finish().unwrap_or_default()
    }

    fn write(&self, info: &mut Writer) {
        info.field("errorCode", &self.code).field("errorMessage", printable(&self.message));
        info.maybe("errorData", self.data.as_deref().map(printable));
        info.maybe("errorDate", self.date.map(|date| date.to_string()));
        if let Some((code, message)) = &self.reason {
            info.element("subError", |sub| {
                sub.field("errorCode", code).field("errorMessage", printable(message));
                sub.maybe("errorDate", self.date.map(|date| date.to_string()));
            });
        }
        info.maybe("sessionId", self.session_id.map(braced));
    }

    /// Reads a fault; `None` for a message that is none.
    ///
    /// # Errors
    /// [`SoapError`] for what is no SOAP message.
    pub fn read(message: &[u8]) -> Result<Option<Self>, SoapError> {
        let tree = xml::read(message)?;
        let body = wss::body(&tree)?;
        let Some(fault) = body.children().find(|child| child.is(SOAP, "Fault")) else { return Ok(None) };
        let said = text(fault, "faultstring")?.unwrap_or_default();
        let info = field(fault, "detail")?.and_then(|detail| detail.children().next());
        let Some(info) = info else {
            let side = text(fault, "faultcode")?.unwrap_or_default();
            let is_ours = side.rsplit(':').next().is_some_and(|side| side.starts_with("Client"));
            let code = if is_ours { Status::DATA } else { Status::FAILURE };
            return Ok(Some(Self { message: said, ..Self::bare(code) }));
        };
        Self::of_info(info, said).map(Some)
    }

    fn of_info(info: Element<'_>, said: String) -> Result<Self, SoapError> {
        let reason = field(info, "subError")?.map(|sub| {
            let code = text(sub, "errorCode")?.unwrap_or_default();
            Ok::<_, SoapError>((code, text(sub, "errorMessage")?.unwrap_or_default()))
        });
        Ok(Self {
            code: text(info, "errorCode")?.unwrap_or_else(|| Status::FAILURE.to_owned()),
            message: text(info, "errorMessage")?.unwrap_or(said),
            data: text(info, "errorData")?,
            date: moment(info, "errorDate").ok().flatten(),
            reason: reason.transpose()?,
            session_id: uuid(info, "sessionId").ok().flatten(),
        })
    }

    /// Nothing but a code.
    pub fn bare(code: &str) -> Self {
        let message = String::new();
        Self { code: code.to_owned(), message, data: None, date: None, reason: None, session_id: None }
    }

    /// The problem that it tells of: the very one, from a system of Qaqpa; else that the receiver refused the message,
    /// or failed.
    pub fn problem(&self) -> Problem {
        let theirs = self.data.as_deref().and_then(|data| serde_json::from_str::<Problem>(data).ok());
        theirs.unwrap_or_else(|| {
            let refused = [Status::BUSINESS, Status::DATA].contains(&self.code.as_str());
            let code = if refused { Code::RefusedByReceiver } else { Code::FaultOfReceiver };
            let detail = format!("{}: {}", self.code, self.message);
            Problem::new(code).detail(detail).fact("errorCode", &self.code)
        })
    }
}

/// Text without what XML cannot hold: error messages quote what came.
fn printable(text: &str) -> String {
    let fits = |character: &char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}
