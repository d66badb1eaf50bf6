//! AsyncChannel v10: messages that are taken now and delivered later, and what is asked and told about them.

mod read;
mod write;

use certs::Certificate;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::envelope::{Envelope, Sender};

pub use read::{called, open, open_answer};
pub use write::{Call, Reply, seal, seal_reply};

/// The operations, by the names of their wrappers.
pub mod operation {
    /// A message to be delivered; the gateway also calls it at a consumer.
    pub const SEND: &str = "sendMessage";
    /// The messages that wait for whoever asks.
    pub const POLL: &str = "getMessages";
    /// How far a message has come.
    pub const STATUS: &str = "getMessageStatus";
    /// A consumer's word on what it was given.
    pub const NOTIFY: &str = "sendDeliveryNotification";
    /// The gateway's word to the sender, spelled as the platform spells it.
    pub const CHANGED: &str = "changeMassageStatusNotification";

    /// All of them.
    pub const ALL: [&str; 5] = [SEND, POLL, STATUS, NOTIFY, CHANGED];
}

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageType {
    /// It asks for something.
    Request,
    /// It belongs to an earlier one.
    Response,
    /// It only tells.
    Notification,
}

impl MessageType {
    /// The word of the channel.
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Response => "RESPONSE",
            Self::Notification => "NOTIFICATION",
        }
    }
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageState {
    /// On its way.
    OnDelivery,
    /// The consumer has it.
    Delivered,
    /// The consumer did not accept it.
    NotDelivered,
    /// The gateway gave up.
    DeliveryStopped,
}

impl MessageState {
    const ALL: [Self; 4] = [Self::OnDelivery, Self::Delivered, Self::NotDelivered, Self::DeliveryStopped];

    /// The word of the channel.
    pub fn word(self) -> &'static str {
        match self {
            Self::OnDelivery => "ON_DELIVERY",
            Self::Delivered => "DELIVERED",
            Self::NotDelivered => "NOT_DELIVERED",
            Self::DeliveryStopped => "DELIVERY_STOPPED",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What a system asks of the channel, with its signature verified.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What it asks.
    pub asked: Asked,
    /// Whose key signed.
    pub certificate: Certificate,
    /// Whether it was called at a consumer, and not at the channel.
    pub pushed: bool,
}

/// What a system asks of the channel.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// To take a message.
    Send(Envelope),
    /// For the messages that wait.
    Poll(Poll),
    /// How far a message has come.
    Status(StatusQuery),
    /// To learn that a message was accepted or not.
    Notify(Notification),
    /// To learn how far a message of its own has come.
    Changed(Change),
}

impl Asked {
    /// The name of the operation.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Send(_) => operation::SEND,
            Self::Poll(_) => operation::POLL,
            Self::Status(_) => operation::STATUS,
            Self::Notify(_) => operation::NOTIFY,
            Self::Changed(_) => operation::CHANGED,
        }
    }

    /// Who says that it asks.
    pub fn sender(&self) -> Option<&Sender> {
        match self {
            Self::Send(envelope) => Some(&envelope.sender),
            Self::Poll(poll) => poll.sender.as_ref(),
            Self::Status(query) => query.sender.as_ref(),
            Self::Notify(notification) => notification.sender.as_ref(),
            Self::Changed(change) => change.sender.as_ref(),
        }
    }
}

/// For the messages that wait for a consumer.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    /// Only this message.
    pub message_id: Option<Uuid>,
    /// Only what belongs to this message.
    pub correlation_id: Option<Uuid>,
    /// Only messages of this service.
    pub service_id: Option<String>,
    /// Who asks; by the signature alone when it is not said.
    pub sender: Option<Sender>,
    /// At most so many.
    pub amount: Option<usize>,
}

/// How far a message has come.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusQuery {
    /// The message.
    pub message_id: Uuid,
    /// Who asks.
    pub sender: Option<Sender>,
}

/// A consumer's word on a message.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Notification {
    /// The message.
    pub message_id: Uuid,
    /// Its service.
    pub service_id: String,
    /// When it was said.
    pub date: Timestamp,
    /// Whether it was accepted.
    pub accepted: bool,
    /// Whether it is to be sent again.
    pub resend: bool,
    /// Why it was not accepted.
    pub error: Option<String>,
    /// Who says so.
    #[serde(skip)]
    pub sender: Option<Sender>,
}

/// How far a message has come, told to its sender.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Change {
    /// The message.
    pub message_id: Uuid,
    /// How far.
    pub state: MessageState,
    /// In words, where something went wrong.
    pub status: StatusInfo,
    /// Who says so.
    #[serde(skip)]
    pub sender: Option<Sender>,
}

/// A status with its moment.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct StatusInfo {
    /// A code of [`super::Status`].
    pub code: String,
    /// In words.
    pub message: String,
    /// Since when.
    pub date: Timestamp,
}

/// What the channel answers, with its signature verified.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The id that the channel gave the message, where it gave one.
    pub message_id: Option<Uuid>,
    /// The message that it answers.
    pub correlation_id: Option<Uuid>,
    /// How far a message has come, when that was asked.
    pub state: Option<MessageState>,
    /// The messages that waited: head and what they carry.
    pub messages: Vec<(Uuid, Value)>,
    /// Whose key signed.
    pub certificate: Certificate,
}
