//! What systems ask the channel beside sending: their messages, how far one has come; and what they tell it.

use signer::soap::asynchronous::{Asked, Reply, operation};
use signer::{Code, Envelope, Problem, Sender};
use uuid::Uuid;

use super::hold::waiting;
use super::{told, tracked};
use crate::exchange::node::Node;
use crate::exchange::records::SystemRecord;
use crate::exchange::wire::{MESSAGE, message_type};
use crate::site::Site;

/// Answers what a system asks that is who it says it is. Messages themselves are taken elsewhere.
pub(crate) async fn respond<N: Node>(
    node: &N,
    asked: Asked,
    system: &SystemRecord,
) -> Result<Reply, Problem> {
    let site = node.site();
    match asked {
        Asked::Send(_) => Err(Problem::technical("a message came here")),
        Asked::Poll(poll) => {
            is_gateway(site, operation::POLL)?;
            let sender = Sender { sender_id: site.identity()?.sender_id, password: None };
            let found = waiting(site, system.system, &poll).await?;
            let messages = found.into_iter().map(|parcel| {
                let kind = message_type(&parcel.envelope);
                (Envelope { sender: sender.clone(), ..parcel.envelope }, kind, MESSAGE)
            });
            Ok(Reply::Messages(messages.collect()))
        }
        Asked::Status(query) => {
            is_gateway(site, operation::STATUS)?;
            let found = tracked(site, query.message_id).await?;
            let found = found.filter(|found| found.value.from == system.system);
            let found = found.ok_or_else(|| no_message(query.message_id))?;
            Ok(Reply::Status(found.value.state, found.value.status))
        }
        Asked::Notify(notification) => {
            is_gateway(site, operation::NOTIFY)?;
            let id = notification.message_id;
            told::by_consumer(site, system.system, notification).await?;
            Ok(taken(operation::NOTIFY, id))
        }
        Asked::Changed(change) => {
            let id = change.message_id;
            told::by_gateway(node, system.system, change).await?;
            Ok(taken(operation::CHANGED, id))
        }
    }
}

fn taken(operation: &'static str, correlation_id: Uuid) -> Reply {
    Reply::Taken { operation, message_id: Uuid::new_v4(), correlation_id }
}

pub(super) fn no_message(id: Uuid) -> Problem {
    Problem::new(Code::NotFound)
        .detail(format!("no message {id} of yours is known here"))
        .hint("name a message by the messageId that you sent it with, or that it was given to you with")
}

fn is_gateway(site: &Site, operation: &str) -> Result<(), Problem> {
    if site.system().is_gateway() {
        return Ok(());
    }
    let detail = format!("`{operation}` is asked of a gateway; this is `{}`", site.system());
    Err(Problem::new(Code::RouteUnknown).detail(detail))
}
