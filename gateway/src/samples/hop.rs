//! Who sends to whom and over what: the address of a sample, and what answers it.

use jiff::Timestamp;
use signer::{Code, Problem, System, SystemIdentity};
use uuid::Uuid;

use super::{Expects, Request, Sample};
use crate::regulation::Mode;
use crate::world::World;

/// How a message is written, and so where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// The JSON form.
    Json,
    /// A channel of SOAP.
    Soap(Mode),
}

/// From one system to the next.
#[derive(Clone, Copy)]
pub(super) struct Hop {
    pub(super) from: System,
    pub(super) to: System,
    pub(super) over: Over,
}

impl Hop {
    /// What the sender signs with.
    pub(super) fn identity(self, world: &World) -> Result<SystemIdentity, Problem> {
        world.identity(self.from)
    }

    fn url(self, world: &World) -> String {
        let path = match self.over {
            Over::Json => "messages",
            Over::Soap(Mode::Sync) => "bip-sync-wss-gost/",
            Over::Soap(Mode::Async) => "bip-async-wss-gost/",
        };
        format!("{}/{path}", world.address(self.to))
    }

    fn media_type(self) -> &'static str {
        match self.over {
            Over::Json => "application/json",
            Over::Soap(_) => "text/xml; charset=utf-8",
        }
    }

    /// A message that is to be sent before another one.
    pub(super) fn request(self, world: &World, body: String) -> Request {
        Request { url: self.url(world), body }
    }

    /// An unsigned message for `/control/sign-and-forward`.
    pub(super) fn forwarded(self, world: &World, body: String) -> Request {
        let base = &world.settings.base_url;
        let channel = if self.over == Over::Soap(Mode::Async) { "&channel=async" } else { "" };
        let url = format!("{base}/control/sign-and-forward/{}?as={}{channel}", self.to, self.from);
        Request { url, body }
    }

    /// A sample that is taken, and what stands in the answer.
    pub(super) fn taken(self, world: &World, name: &str, title: &str, body: String, says: &str) -> Sample {
        Sample {
            of: String::new(),
            name: name.to_owned(),
            title: title.to_owned(),
            from: self.from,
            url: self.url(world),
            media_type: self.media_type().to_owned(),
            body,
            expects: Expects { status: 200, says: says.to_owned() },
            before: None,
            forwarded: None,
        }
    }

    /// A sample that is refused. Its name says that it is in JSON, where it is.
    pub(super) fn refused(self, world: &World, name: &str, title: &str, body: String, code: Code) -> Sample {
        let (name, status) = match self.over {
            Over::Json => (format!("{name}-json"), code.status()),
            // A fault is always that.
            Over::Soap(_) => (name.to_owned(), 500),
        };
        let expects = Expects { status, says: code.code().to_owned() };
        Sample { expects, ..self.taken(world, &name, title, body, "") }
    }
}

/// With places for what the sandbox puts in: the message's id, where it is to be another each time, the sender's
/// password, and the moment.
pub(super) fn with_places(text: &str, id: Option<Uuid>, identity: &SystemIdentity, at: Timestamp) -> String {
    let text = text.replace(&identity.password, "@password@").replace(&at.to_string(), "@now@");
    match id {
        Some(id) => text.replace(&id.to_string(), "@messageId@"),
        None => text,
    }
}
