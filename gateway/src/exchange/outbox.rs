//! Sending what was queued: at least once, until it is acknowledged or refused for good.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use registries::store::{Outgoing, StoreError};
use serde::Deserialize;
use signer::{Code, Envelope, Problem, Sealed, System};
use tokio::task::JoinSet;

use super::node::Node;
use super::parcel::Parcel;
use super::payload::{Acknowledgement, Payload};
use super::records::{bound, record};
use crate::journal::{Crossing, Seen};
use crate::site::Site;

/// The pause before the first retry, on the world's clock; it doubles up to the longest.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// How long one request may take, in real time: the rule of the national platform.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many messages of one system are under way at once.
const AT_ONCE: usize = 16;

/// What came of sending.
enum Sent {
    Acknowledged,
    Refused(Problem),
    TryAgain(String),
}

/// Sends what a system has queued, until the task is dropped.
pub async fn run<N: Node>(node: Arc<N>) {
    let world = node.site().world.clone();
    let system = node.site().system();
    let mut changes = world.store.subscribe();
    loop {
        changes.borrow_and_update();
        let due = match world.store.due(system.name(), world.clock.now(), AT_ONCE).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(%system, %error, "the queue cannot be read");
                if changes.changed().await.is_err() {
                    return;
                }
                continue;
            }
        };
        if due.is_empty() {
            let next = world.store.next_due(system.name()).await.ok().flatten();
            tokio::select! {
                result = changes.changed() => if result.is_err() { return },
                () = world.sleep_until(next) => {}
            }
            continue;
        }
        let mut under_way = JoinSet::new();
        for outgoing in due {
            let node = node.clone();
            under_way.spawn(async move {
                if let Err(error) = deliver(&*node, &outgoing).await
                    && let Err(error) = postpone(node.site(), &outgoing, &error.to_string()).await
                {
                    tracing::error!(%system, id = outgoing.id, %error, "a message could not be settled");
                }
            });
        }
        while under_way.join_next().await.is_some() {}
    }
}

async fn deliver<N: Node>(node: &N, outgoing: &Outgoing) -> Result<(), Problem> {
    let site = node.site();
    let parcel: Parcel = serde_json::from_str(&outgoing.body).map_err(Problem::technical)?;
    let opened = parcel.sealed.open().map_err(Problem::technical)?;
    let payload: Payload =
        serde_json::from_value(opened.envelope.data.clone()).map_err(Problem::technical)?;
    let sent = post(site, &parcel, &opened.envelope).await;
    let problem = match sent {
        Sent::TryAgain(why) => return postpone(site, outgoing, &why).await,
        Sent::Acknowledged => None,
        Sent::Refused(problem) => Some(problem),
    };
    if let Some(problem) = &problem {
        node.rejected(&payload, problem.clone()).await?;
    }
    let now = site.world.clock.now();
    let crossing = Crossing {
        message_id: Some(opened.envelope.message_id.to_string()),
        message: payload.message.word().to_owned(),
        from: site.system().name().to_owned(),
        to: parcel.to.name().to_owned(),
        seen: Seen::Leaving,
        accepted: problem.is_none(),
        problem,
        document: Some(payload.document.clone()),
    };
    let entry = crossing.entry(now, site.system()).case(payload.case.to_string());
    let batch = site.world.store.batch().entry(entry).change(outgoing.done());
    match site.world.store.commit(batch).await {
        // Another worker on the same database settled it.
        Ok(_) | Err(StoreError::OutgoingConflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn postpone(site: &Site, outgoing: &Outgoing, why: &str) -> Result<(), Problem> {
    let doubled = FIRST_PAUSE.as_secs().saturating_mul(1 << outgoing.attempts.min(16));
    let pause = SignedDuration::from_secs(doubled).min(LONGEST_PAUSE);
    tracing::warn!(system = %site.system(), id = outgoing.id, why, "not delivered; trying again in {pause:#}");
    let due = site.world.clock.now().saturating_add(pause).unwrap_or(Timestamp::MAX);
    let batch = site.world.store.batch().change(outgoing.postpone(due));
    match site.world.store.commit(batch).await {
        Ok(_) | Err(StoreError::OutgoingConflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// One request. Whatever is not a clear yes or a clear no is to be tried again.
async fn post(site: &Site, parcel: &Parcel, envelope: &Envelope) -> Sent {
    let url = format!("{}/messages", site.world.address(parcel.to));
    let request = site.world.http.post(&url).timeout(PATIENCE).json(&parcel.sealed);
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return Sent::TryAgain(format!("{url}: {error}")),
    };
    let status = response.status();
    let body = match response.bytes().await {
        Ok(body) => body,
        Err(error) => return Sent::TryAgain(format!("{url}: {error}")),
    };
    if status.is_success() {
        return match acknowledged(site, parcel.to, envelope, &body).await {
            Ok(()) => Sent::Acknowledged,
            Err(problem) => Sent::TryAgain(format!("{url}: not an acknowledgement: {problem}")),
        };
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) if problem.code == Code::MessageReplayed => match problem.facts.get("sealed") {
            Some(sealed) => {
                match acknowledged(site, parcel.to, envelope, sealed.to_string().as_bytes()).await {
                    Ok(()) => Sent::Acknowledged,
                    Err(error) => Sent::TryAgain(format!("{url}: not an acknowledgement: {error}")),
                }
            }
            None => Sent::Refused(problem),
        },
        Ok(problem) if is_final(problem.code) => Sent::Refused(problem),
        Ok(problem) => Sent::TryAgain(format!("{url}: {problem}")),
        Err(_) => Sent::TryAgain(format!("{url}: {status} without a problem document")),
    }
}

/// Whether a receiver judged the message itself. Anything else may be better next time: a wrong address, a peer
/// that does not know us yet, a check that could not be made.
fn is_final(code: Code) -> bool {
    matches!(
        code,
        Code::SignatureMalformed
            | Code::SignatureInvalid
            | Code::EnvelopeMalformed
            | Code::BodyTooLarge
            | Code::CertificateNotBound
            | Code::SenderCertificate
            | Code::RouteUnknown
            | Code::StepOutOfOrder
            | Code::CertificateExpired
            | Code::CertificateNotYetValid
            | Code::CertificateRevoked
            | Code::CertificateSuspended
            | Code::CertificateSignatureInvalid
            | Code::CertificateRefused
            | Code::IssuerUnknown
            | Code::IssuerNotValid
            | Code::AlgorithmRefused
            | Code::KeyUsageNotSigning
            | Code::RoleNotAllowed
            | Code::IdentityMismatch
            | Code::IdentityMissing
            | Code::IdentityOtherKind
    )
}

/// That the answer is an acknowledgement of this message, signed by the system it was sent to.
async fn acknowledged(site: &Site, to: System, envelope: &Envelope, body: &[u8]) -> Result<(), Problem> {
    let sealed: Sealed = serde_json::from_slice(body).map_err(Problem::technical)?;
    let opened = sealed.open().map_err(Problem::technical)?;
    bound(&record(&site.world, to).await?, &opened.certificate)?;
    let data = &opened.envelope.data["acknowledgement"];
    let acknowledgement = Acknowledgement::deserialize(data).map_err(Problem::technical)?;
    if acknowledgement.message_id == envelope.message_id
        && opened.envelope.correlation_id == Some(envelope.message_id)
    {
        Ok(())
    } else {
        Err(Problem::technical("it answers another message"))
    }
}
