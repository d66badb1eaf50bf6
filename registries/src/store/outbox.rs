//! Messages that a system still has to send.

use jiff::Timestamp;

/// A message waiting to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Unique among the waiting messages of its system: the message's id and the hop.
    pub id: String,
    /// The system that sends it.
    pub system: String,
    /// The case it belongs to, if any.
    pub case: Option<String>,
    /// Not to be sent before this moment of the world's clock; kept to the microsecond (rounded towards
    /// 1970, never up).
    pub due: Timestamp,
    /// How often sending was tried.
    pub attempts: u32,
    /// What to send and where, in the sender's own form (usually JSON).
    pub body: String,
}

impl Outgoing {
    /// A message to be sent from `due` on, not yet tried.
    pub fn new(
        system: impl Into<String>,
        id: impl Into<String>,
        due: Timestamp,
        body: impl Into<String>,
    ) -> Self {
        Self { id: id.into(), system: system.into(), case: None, due, attempts: 0, body: body.into() }
    }

    /// The message belongs to `case`.
    pub fn case(mut self, case: impl Into<String>) -> Self {
        self.case = Some(case.into());
        self
    }

    /// It was sent: remove it.
    pub fn done(&self) -> OutgoingChange {
        OutgoingChange::Done { system: self.system.clone(), id: self.id.clone() }
    }

    /// Try it at `due`, counting one more attempt from what this copy says.
    ///
    /// Committed *before* sending, this is also how several workers on one database share a queue: only
    /// one of those who read the same copy gets through, the others meet
    /// [`StoreError::OutgoingConflict`](super::StoreError::OutgoingConflict).
    pub fn postpone(&self, due: Timestamp) -> OutgoingChange {
        OutgoingChange::Postpone {
            system: self.system.clone(),
            id: self.id.clone(),
            due,
            seen: self.attempts,
            attempts: self.attempts.saturating_add(1),
        }
    }
}

/// Messages that a store has taken to send, see [`Store::take`](super::Store::take).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The longest due first, those of the same moment in the order of their commits.
    pub messages: Vec<Outgoing>,
    /// When the next one that is free and not among them is due; `None` when none waits. It may lie in the past
    /// when more are due than were asked for.
    pub next: Option<Timestamp>,
}

/// What becomes of a waiting message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutgoingChange {
    /// Sent: remove it. A conflict when it is not waiting any more.
    Done {
        /// The sending system.
        system: String,
        /// The message's id.
        id: String,
    },
    /// Not wanted any more: remove it if it is still waiting.
    Cancel {
        /// The sending system.
        system: String,
        /// The message's id.
        id: String,
    },
    /// Try it (again) later. A conflict when it is gone or its count of attempts is not `seen`.
    Postpone {
        /// The sending system.
        system: String,
        /// The message's id.
        id: String,
        /// When to try.
        due: Timestamp,
        /// The count of attempts that the caller read.
        seen: u32,
        /// The count of attempts from now on.
        attempts: u32,
    },
}

impl OutgoingChange {
    /// The sending system, and the message's id.
    pub(super) fn names(&self) -> (&str, &str) {
        let (Self::Done { system, id } | Self::Cancel { system, id } | Self::Postpone { system, id, .. }) =
            self;
        (system, id)
    }
}
