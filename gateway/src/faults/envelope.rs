//! Faults in the envelopes of what systems send and answer.

use std::sync::{Arc, Mutex, PoisonError};

use certs::Flaw;
use signer::{Bytes, Envelope, Problem, Sealed, SystemIdentity};
use uuid::Uuid;

use super::facts::Facts;
use super::fault::Fault;
use super::name::{Name, Place};
use super::rule::Side;
use super::soap;
use crate::site::Site;

tokio::task_local! {
    /// The request that is being answered; nothing where there are neither rules nor wishes.
    static ASKED: Arc<Asked>;
}

/// What is wanted of the envelope that answers a request, and what of it was done.
struct Asked {
    facts: Facts,
    wanted: Vec<Fault>,
    done: Mutex<Vec<Fault>>,
}

/// Has a request answered whose own header wants these faults in the envelope that answers it: the answer, and what
/// was done to its envelope.
pub(super) async fn answered<T>(
    facts: Facts,
    wanted: Vec<Fault>,
    answer: impl Future<Output = T>,
) -> (T, Vec<Fault>) {
    let asked = Arc::new(Asked { facts, wanted, done: Mutex::default() });
    let answer = ASKED.scope(asked.clone(), answer).await;
    let done = std::mem::take(&mut *asked.done.lock().unwrap_or_else(PoisonError::into_inner));
    (answer, done)
}

/// How an answer is written: not everything can be wrong with each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// An envelope in JSON.
    Json,
    /// SyncChannel's, which names no sender.
    Sync,
    /// AsyncChannel's, when something is taken.
    Taken,
    /// AsyncChannel's with messages or a state in it; it names no message that it answers.
    Told,
}

impl Form {
    /// Whether this can be wrong with it.
    pub(super) fn can_have(self, name: Name) -> bool {
        match name {
            Name::SenderUnknown => self == Self::Json,
            Name::WrappedSignature => self != Self::Json,
            Name::WrongCorrelationId => self != Self::Told,
            _ => true,
        }
    }
}

/// A senderId that nobody has.
const NOBODY: &str = "nobody-of-this-world";

/// An envelope with what it is to be signed with, both faulty where a fault wants it.
pub(crate) struct Sealing {
    /// What is signed.
    pub(crate) envelope: Envelope,
    /// With what.
    pub(crate) identity: SystemIdentity,
    /// What was done to it, and is to be done to what was signed.
    pub(super) struck: Vec<Fault>,
}

/// How an answer is sealed: as it should be, but for what the rules of the world and the request itself want of it.
///
/// # Errors
/// When the store or the centre fails.
pub(crate) async fn answering(site: &Site, answer: Envelope, form: Form) -> Result<Sealing, Problem> {
    let sealing = Sealing { envelope: answer, identity: site.identity()?, struck: Vec::new() };
    // Without it there are neither rules nor a header: the door would have looked.
    let Ok(asked) = ASKED.try_with(Arc::clone) else { return Ok(sealing) };
    let (faults, system, facts) = (&site.world.faults, site.system(), &asked.facts);
    let wanted: Vec<Fault> = asked.wanted.iter().filter(|fault| form.can_have(fault.name)).cloned().collect();
    let can = |name| form.can_have(name);
    let rules = faults.strike_where(Place::Envelope, system, Side::Answer, facts, can).await?;
    let sealing = sealing.struck_by(site, [wanted.as_slice(), &rules].concat()).await?;
    for fault in &wanted {
        faults.note(fault, system, facts).await?;
    }
    let mut done = asked.done.lock().unwrap_or_else(PoisonError::into_inner);
    done.extend(wanted.into_iter().chain(rules));
    drop(done);
    Ok(sealing)
}

impl Sealing {
    /// The same with these faults.
    pub(super) async fn struck_by(mut self, site: &Site, struck: Vec<Fault>) -> Result<Self, Problem> {
        for fault in &struck {
            change(fault, &mut self.envelope);
            self.identity = signing_otherwise(site, fault, self.identity).await?;
        }
        self.struck.extend(struck);
        Ok(self)
    }

    /// The text of a message after it was signed: SOAP, or the JSON of a [`Sealed`].
    pub(crate) fn spoiled(&self, text: String) -> String {
        if self.struck.is_empty() {
            return text;
        }
        match serde_json::from_str::<Sealed>(&text) {
            Ok(sealed) => serde_json::to_string(&self.spoiled_seal(sealed)).unwrap_or(text),
            Err(_) => self.struck.iter().fold(text, |text, fault| {
                let spoiled = match fault.name {
                    Name::Unsigned => soap::unsigned(&text),
                    Name::BadBodySignature => soap::altered(&text),
                    Name::WrappedSignature => soap::wrapped(&text, fault.shape()),
                    _ => None,
                };
                spoiled.unwrap_or(text)
            }),
        }
    }

    /// The same of an envelope in JSON, where there is no signature to wrap.
    pub(crate) fn spoiled_seal(&self, mut sealed: Sealed) -> Sealed {
        for fault in &self.struck {
            match fault.name {
                Name::Unsigned => sealed.signature = Bytes::default(),
                // Still the same JSON, but not the same bytes.
                Name::BadBodySignature => sealed.envelope.0.push(b' '),
                _ => {}
            }
        }
        sealed
    }
}

/// Changes what is signed.
fn change(fault: &Fault, envelope: &mut Envelope) {
    let date = envelope.message_date;
    match fault.name {
        Name::StaleMessageDate => {
            envelope.message_date = date.checked_sub(fault.span()).unwrap_or(date);
        }
        Name::FutureMessageDate => {
            envelope.message_date = date.checked_add(fault.span()).unwrap_or(date);
        }
        Name::WrongCorrelationId => envelope.correlation_id = Some(Uuid::new_v4()),
        Name::SenderUnknown => NOBODY.clone_into(&mut envelope.sender.sender_id),
        _ => {}
    }
}

/// With what it is signed.
async fn signing_otherwise(
    site: &Site,
    fault: &Fault,
    identity: SystemIdentity,
) -> Result<SystemIdentity, Problem> {
    let world = &site.world;
    match fault.name {
        Name::SignedByExpired => world.identity_with(identity, Flaw::Expired).await,
        Name::SignedByRevoked => world.identity_with(identity, Flaw::Revoked).await,
        Name::RsaOnGostEndpoint => world.identity_of_another_algorithm(identity).await,
        _ => Ok(identity),
    }
}
