//! A good sample of every message of a channel, in either form.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use signer::soap::{DataType, Form, MESSAGES, sync};
use signer::{Envelope, Problem, System, SystemIdentity};
use uuid::Uuid;

use super::document::{Inside, Made, Spoilt};
use super::{Expects, Forwarded, Sample};
use crate::exchange::service_id;
use crate::regulation::{Channel, Message, Regulation};
use crate::world::World;

const KIND: DataType = DataType { namespace: MESSAGES, name: "Message" };

/// A message on its way from one system to the next.
pub(super) struct Sent<'a> {
    pub(super) inside: Inside<'a>,
    pub(super) from: System,
    pub(super) to: System,
    pub(super) envelope: Envelope,
}

/// One of each message that the channel sends, to a gateway where it goes through one.
pub(super) async fn messages<'a>(
    world: &World,
    regulation: &'a Regulation,
    channel: &'a Channel,
) -> Result<Vec<Sent<'a>>, Problem> {
    let mut known = BTreeSet::new();
    let mut messages = Vec::new();
    for (step, message, way) in channel.ways() {
        // What answers a case is taken by desks only where one waits for it.
        let through = way.windows(2).find(|hop| hop[1].is_gateway());
        let direct =
            || way.windows(2).next().filter(|_| message.is_application() || message == Message::HomeVisit);
        let Some(&[from, to]) = through.or_else(direct) else { continue };
        if !known.insert(message) || world.identity(from).is_err() {
            continue;
        }
        let carries = step.said.sends.as_ref().and_then(|sends| sends.carries);
        let author = step.author;
        let inside = Inside { regulation, channel, message, carries, author, system: step.system };
        let made = inside.made(world, None).await?;
        let envelope = envelope(world, &inside, from, &made)?;
        messages.push(Sent { inside, from, to, envelope });
    }
    Ok(messages)
}

fn envelope(world: &World, inside: &Inside<'_>, from: System, made: &Made) -> Result<Envelope, Problem> {
    let (regulation, channel, message) = (&inside.regulation.id, &inside.channel.name, inside.message);
    let mut data =
        json!({ "message": message, "case": made.case, "regulation": regulation, "channel": channel });
    if let Some(end) = inside.carries {
        data["carries"] = json!(end);
    }
    data["document"] = json!(made.document);
    if !made.attachments.is_empty() {
        data["attachments"] = json!(made.attachments);
    }
    Ok(Envelope {
        message_id: Uuid::new_v4(),
        correlation_id: None,
        service_id: service_id(regulation, channel, message),
        message_date: world.clock.now(),
        route_id: None,
        sender: world.identity(from)?.sender(),
        properties: Vec::new(),
        session_id: None,
        data,
    })
}

impl Sent<'_> {
    /// The same with another document.
    pub(super) async fn with(&self, world: &World, spoilt: Spoilt) -> Result<Envelope, Problem> {
        envelope(world, &self.inside, self.from, &self.inside.made(world, Some(spoilt)).await?)
    }

    /// The same under an id of its own.
    pub(super) fn anew(&self) -> Envelope {
        Envelope { message_id: Uuid::new_v4(), ..self.envelope.clone() }
    }

    /// The good samples, over SOAP and as JSON.
    pub(super) async fn samples(&self, world: &World) -> Result<Vec<Sample>, Problem> {
        let identity = world.identity(self.from)?;
        let message = self.inside.message;
        let title = |form| format!("{message} from {} to {}, {form}", self.from, self.to);
        let text = soap(&self.envelope, &identity)?;
        let again = |message: &str, envelope| {
            // A desk opens a case once; a gateway passes on whatever is new.
            self.to.is_gateway().then(|| self.forwarded(world, with_places(message, envelope)))
        };
        let mut over_soap =
            self.sample(world, &format!("{message}-soap"), &title("over SyncChannel"), text.clone());
        over_soap.forwarded = again(&unsigned(&text)?, &self.envelope);
        let made = self.inside.made(world, None).await?;
        let other = envelope(world, &self.inside, self.from, &made)?;
        let text = json_form(&other, &identity)?;
        let mut as_json = self.sample(world, &format!("{message}-json"), &title("in the JSON form"), text);
        as_json.forwarded = again(&serde_json::to_string(&other).map_err(Problem::technical)?, &other);
        Ok(vec![over_soap, as_json])
    }

    fn forwarded(&self, world: &World, body: String) -> Forwarded {
        let base = &world.settings.base_url;
        Forwarded { url: format!("{base}/control/sign-and-forward/{}?as={}", self.to, self.from), body }
    }

    /// A sample that is taken.
    pub(super) fn sample(&self, world: &World, name: &str, title: &str, body: String) -> Sample {
        let is_soap = body.starts_with('<');
        let (path, media_type, says) = if is_soap {
            ("bip-sync-wss-gost/", "text/xml; charset=utf-8", "SCSS001")
        } else {
            ("messages", "application/json", "signature")
        };
        Sample {
            name: name.to_owned(),
            title: title.to_owned(),
            from: self.from,
            url: format!("{}/{path}", world.address(self.to)),
            media_type: media_type.to_owned(),
            body,
            expects: Expects { status: 200, says: says.to_owned() },
            forwarded: None,
        }
    }
}

pub(super) fn soap(envelope: &Envelope, identity: &SystemIdentity) -> Result<String, Problem> {
    Ok(sync::seal(envelope, KIND, Form::Typed, identity)?)
}

pub(super) fn json_form(envelope: &Envelope, identity: &SystemIdentity) -> Result<String, Problem> {
    let sealed = envelope.seal(identity).map_err(Problem::technical)?;
    serde_json::to_string(&sealed).map_err(Problem::technical)
}

/// A signed message without its Header and without the Body's id.
pub(super) fn unsigned(message: &str) -> Result<String, Problem> {
    let parts = message.split_once("<soap:Header").and_then(|(before, rest)| {
        let (_, rest) = rest.split_once("</soap:Header>")?;
        let (_, rest) = rest.split_once("<soap:Body")?;
        let (_, rest) = rest.split_once('>')?;
        Some(format!("{before}<soap:Body>{rest}"))
    });
    parts.ok_or_else(|| Problem::technical("a signed message without a Header"))
}

/// With places for what the sandbox puts in.
fn with_places(message: &str, envelope: &Envelope) -> String {
    let password = envelope.sender.password.clone().unwrap_or_default();
    let date = Value::from(envelope.message_date.to_string());
    message
        .replace(&envelope.message_id.to_string(), "@messageId@")
        .replace(&password, "@password@")
        .replace(&format!("<messageDate>{}<", envelope.message_date), "<messageDate>@now@<")
        .replace(&format!("\"messageDate\":{date}"), "\"messageDate\":\"@now@\"")
}
