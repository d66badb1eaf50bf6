//! Faults in what a system sends, message by message. What waits in its outbox stays good: a fault is of one attempt.

use std::collections::BTreeMap;

use signer::{Envelope, Problem, System};
use uuid::Uuid;

use super::envelope::Sealing;
use super::facts::Facts;
use super::fault::Fault;
use super::name::{Name, Place};
use super::rule::Side;
use crate::exchange::{Acknowledgement, Response};
use crate::site::Site;

/// How one attempt to send a message goes.
pub(crate) struct Attempt {
    /// How it is signed.
    pub(crate) sealing: Sealing,
    /// Whether it is sent twice.
    pub(crate) twice: bool,
    /// What its sender is made to believe instead of sending it: the id of an answer, and the answer.
    pub(crate) lost: Option<(Uuid, Response)>,
}

/// How a message is sent to a system just now: as it should be, but for what the rules of the world want of it.
///
/// # Errors
/// When the store or the centre fails.
pub(crate) async fn attempt(
    site: &Site,
    envelope: &Envelope,
    to: System,
    in_soap: bool,
) -> Result<Attempt, Problem> {
    let identity = site.identity()?;
    let envelope = Envelope { sender: identity.sender(), ..envelope.clone() };
    let sealing = Sealing { envelope, identity, struck: Vec::new() };
    let mut attempt = Attempt { sealing, twice: false, lost: None };
    let (faults, system) = (&site.world.faults, site.system());
    if faults.any(Place::Sending).await? || faults.any(Place::Envelope).await? {
        let facts = Facts::of(&attempt.sealing.envelope).in_soap(in_soap);
        for fault in &faults.strike(Place::Sending, system, Side::Request, &facts).await? {
            take_effect(site, fault, to, &mut attempt).await?;
        }
        if attempt.lost.is_some() {
            return Ok(attempt);
        }
        let struck = faults.strike(Place::Envelope, system, Side::Request, &facts).await?;
        attempt.sealing = attempt.sealing.struck_by(site, struck).await?;
    }
    Ok(attempt)
}

/// Whether a notice about a message is lost on its way.
///
/// # Errors
/// When the store fails.
pub(crate) async fn is_lost(site: &Site, message_id: Uuid) -> Result<bool, Problem> {
    let faults = &site.world.faults;
    if !faults.any(Place::Sending).await? {
        return Ok(false);
    }
    let (facts, system) = (Facts::of_notice(message_id), site.system());
    let lost = |name| name == Name::NotificationLost;
    let struck = faults.strike_where(Place::Sending, system, Side::Request, &facts, lost).await?;
    Ok(!struck.is_empty())
}

async fn take_effect(site: &Site, fault: &Fault, to: System, attempt: &mut Attempt) -> Result<(), Problem> {
    match fault.name {
        Name::Duplicate => attempt.twice = true,
        Name::Reorder => {
            let count = |sent: &BTreeMap<System, u64>| sent.get(&site.system()).copied().unwrap_or_default();
            let mut sent = site.world.faults.sent.subscribe();
            let before = count(&sent.borrow());
            let overtaken = sent.wait_for(|sent| count(sent) > before);
            // When nothing overtakes it, it is late: the clock of the world may stand still.
            let _ = tokio::time::timeout(fault.time().unwrap_or_default(), overtaken).await;
        }
        Name::NotificationLost => {
            let acknowledgement = Acknowledgement {
                message_id: attempt.sealing.envelope.message_id,
                accepted_at: site.world.clock.now(),
                accepted_by: to.name().to_owned(),
            };
            attempt.lost = Some((Uuid::new_v4(), Response::Acknowledgement(acknowledgement)));
        }
        Name::CertificateRollover => site.world.roll_over(site.system()).await?,
        _ => {}
    }
    Ok(())
}
