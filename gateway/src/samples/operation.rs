//! Samples of AsyncChannel's operations: what is asked of the gateway, and what it calls at a consumer.

use jiff::Timestamp;
use signer::soap::asynchronous::{
    self, Call, Change, MessageState, Notification, Poll, StatusInfo, StatusQuery, operation,
};
use signer::soap::{Form, Status};
use signer::{Code, Envelope, Problem, Sender, System, SystemIdentity};
use uuid::Uuid;

use super::Sample;
use super::bad::{self, Seal, stranger, unsigned};
use super::hop::{Hop, Over, with_places};
use super::message::{Way, anew, good, sealed, sealing, ways};
use crate::regulation::{Message, Mode};
use crate::world::World;

const ASYNC: Over = Over::Soap(Mode::Async);

/// An operation, by its name and where it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operation {
    name: &'static str,
    /// Whether the gateway calls it at a consumer.
    at_consumer: bool,
}

/// Every operation.
pub(super) const OPERATIONS: [Operation; 6] = [
    Operation { name: operation::SEND, at_consumer: false },
    Operation { name: operation::STATUS, at_consumer: false },
    Operation { name: operation::POLL, at_consumer: false },
    Operation { name: operation::NOTIFY, at_consumer: false },
    Operation { name: operation::SEND, at_consumer: true },
    Operation { name: operation::CHANGED, at_consumer: true },
];

impl Operation {
    /// What its samples are of.
    pub(super) fn of(self) -> String {
        let client = if self.at_consumer { "client/" } else { "" };
        format!("AsyncChannel/{client}{}", self.name)
    }

    /// Samples of it, the good ones first.
    pub(super) async fn samples(self, world: &World, route: &Route<'_>) -> Result<Vec<Sample>, Problem> {
        match self.name {
            operation::STATUS => status(world, route).await,
            operation::POLL => poll(world, route),
            operation::NOTIFY => notify(world, route).await,
            operation::CHANGED => changed(world, route),
            _ => send(world, route, self.at_consumer).await,
        }
    }
}

/// A message that crosses the gateway asynchronously, and its consumer.
pub(super) struct Route<'a> {
    way: Way<'a>,
    consumer: System,
}

impl Route<'_> {
    fn producer(&self) -> Hop {
        self.way.hop(ASYNC)
    }

    /// What the consumer asks of the gateway.
    fn consumer(&self) -> Hop {
        Hop { from: self.consumer, ..self.producer() }
    }
}

/// The first message that a regulation sends asynchronously to somebody in this process.
pub(super) fn route(world: &World) -> Option<Route<'_>> {
    let regulations = world.settings.plan.regulations.iter();
    let channels = regulations.flat_map(|of| of.channels.iter().map(move |channel| (of, channel)));
    let mut found = channels.flat_map(|(regulation, channel)| ways(world, regulation, channel));
    found.find_map(|way| {
        let consumer = way.next().filter(|consumer| world.serves(*consumer))?;
        let fits = way.mode() == Mode::Async && way.message == Message::Application;
        (fits && world.serves(way.hop(ASYNC).to)).then_some(Route { way, consumer })
    })
}

/// `sendMessage`, to the gateway or by it.
async fn send(world: &World, route: &Route<'_>, at_consumer: bool) -> Result<Vec<Sample>, Problem> {
    let hop = if at_consumer {
        Hop { from: route.producer().to, to: route.consumer, over: ASYNC }
    } else {
        route.producer()
    };
    let identity = hop.identity(world)?;
    let mut samples = Vec::new();
    for (form, name, how) in [(Form::Typed, "typed", "as elements"), (Form::Text, "text", "as a string")] {
        let envelope = sent(world, route, &identity).await?;
        let title = format!("{} sends {} a message {how}", hop.from, hop.to);
        samples.push(good(world, hop, &envelope, form, (&format!("{}-{name}", operation::SEND), &title))?);
    }
    let envelope = sent(world, route, &identity).await?;
    samples.extend(bad::of(world, hop, &sealing(hop, &envelope))?);
    let before = sent(world, route, &identity).await?;
    samples.push(bad::replayed(world, hop, sealed(hop, &before, Form::Typed, &identity)?));
    let other = Envelope { service_id: format!("{}-other", envelope.service_id), ..anew(&envelope) };
    let body = sealed(hop, &other, Form::Typed, &identity)?;
    samples.push(hop.refused(
        world,
        "other-service",
        "under another serviceId",
        body,
        Code::EnvelopeMalformed,
    ));
    Ok(samples)
}

async fn sent(world: &World, route: &Route<'_>, by: &SystemIdentity) -> Result<Envelope, Problem> {
    Ok(Envelope { sender: by.sender(), ..route.way.envelope(world, None).await? })
}

/// A message that was sent before something is asked or said about it.
async fn before(world: &World, route: &Route<'_>) -> Result<(Envelope, String), Problem> {
    let identity = route.producer().identity(world)?;
    let envelope = sent(world, route, &identity).await?;
    let body = sealed(route.producer(), &envelope, Form::Typed, &identity)?;
    Ok((envelope, body))
}

/// A sample that is taken as often as it is sent; `says` stands in the answer.
fn asked(
    world: &World,
    (hop, at): (Hop, Timestamp),
    (name, title): (&str, &str),
    seal: Seal<'_>,
    says: &str,
) -> Result<Sample, Problem> {
    let identity = hop.identity(world)?;
    let body = seal(identity.sender(), &identity)?;
    let bare = with_places(&unsigned(&body)?, None, &identity, at);
    let forwarded = Some(hop.forwarded(world, bare));
    Ok(Sample { forwarded, ..hop.taken(world, name, title, body, says) })
}

fn write(call: &Call<'_>, identity: &SystemIdentity) -> Result<String, Problem> {
    Ok(asynchronous::seal(call, identity)?)
}

/// `getMessageStatus`.
async fn status(world: &World, route: &Route<'_>) -> Result<Vec<Sample>, Problem> {
    let (hop, now) = (route.producer(), world.clock.now());
    let (envelope, body) = before(world, route).await?;
    let before = hop.request(world, body);
    let message_id = envelope.message_id;
    let seal = move |sender, identity: &SystemIdentity| {
        write(&Call::Status(&StatusQuery { message_id, sender: Some(sender) }, now), identity)
    };
    let nameless = move |_: Sender, identity: &SystemIdentity| {
        write(&Call::Status(&StatusQuery { message_id, sender: None }, now), identity)
    };
    let title = "how far a message has come";
    let known = asked(world, (hop, now), ("status", title), &seal, "messageState")?;
    let title = "the same without `sender`: the signature says who asks";
    let unnamed = asked(world, (hop, now), ("status-by-signature", title), &nameless, "messageState")?;
    let mut samples = vec![known, unnamed];
    samples.extend(bad::of(world, hop, &seal)?);
    let other = StatusQuery { message_id: Uuid::new_v4(), sender: None };
    let body = write(&Call::Status(&other, now), &hop.identity(world)?)?;
    samples.push(hop.refused(world, "unknown-id", "of a message that there is not", body, Code::NotFound));
    if let Some(stranger) = stranger(world, hop, |_| true) {
        let body = seal(stranger.sender(), &stranger)?;
        samples.push(hop.refused(world, "not-the-sender", "asked by somebody else", body, Code::NotFound));
    }
    let at_consumer = Hop { to: route.consumer, ..hop };
    let body = seal(hop.identity(world)?.sender(), &hop.identity(world)?)?;
    samples.push(no_gateway(world, at_consumer, body));
    Ok(samples.into_iter().map(|sample| Sample { before: Some(before.clone()), ..sample }).collect())
}

/// What is asked of a system that is no gateway.
fn no_gateway(world: &World, hop: Hop, body: String) -> Sample {
    hop.refused(world, "no-gateway", "asked of a system that is no gateway", body, Code::RouteUnknown)
}

/// `getMessages`.
fn poll(world: &World, route: &Route<'_>) -> Result<Vec<Sample>, Problem> {
    let (hop, now, service) = (route.consumer(), world.clock.now(), route.way.service());
    let call = |poll: &Poll, identity: &SystemIdentity| write(&Call::Poll(poll, now), identity);
    let of = |service_id: Option<&String>, sender: Option<Sender>| Poll {
        message_id: None,
        correlation_id: None,
        service_id: service_id.cloned(),
        sender,
        amount: Some(10),
    };
    let seal = |sender, identity: &SystemIdentity| call(&of(Some(&service), Some(sender)), identity);
    let every = |_: Sender, identity: &SystemIdentity| call(&of(None, None), identity);
    let says = "getMessagesResponse";
    let title = "what waits of a service: messages, or none";
    let mut samples = vec![asked(world, (hop, now), ("messages", title), &seal, says)?];
    let title = "what waits of any service; the signature says who asks";
    samples.push(asked(world, (hop, now), ("messages-of-any-service", title), &every, says)?);
    samples.extend(bad::of(world, hop, &seal)?);
    let at_consumer = Hop { from: hop.from, to: route.way.hop(ASYNC).from, over: ASYNC };
    let body = seal(hop.identity(world)?.sender(), &hop.identity(world)?)?;
    samples.push(no_gateway(world, at_consumer, body));
    Ok(samples)
}

/// `sendDeliveryNotification`.
async fn notify(world: &World, route: &Route<'_>) -> Result<Vec<Sample>, Problem> {
    let (hop, now) = (route.consumer(), world.clock.now());
    let said = |envelope: &Envelope, accepted: bool, resend: bool| Notification {
        message_id: envelope.message_id,
        service_id: envelope.service_id.clone(),
        date: now,
        accepted,
        resend,
        error: (!accepted).then(|| "TEST: the register is closed".to_owned()),
        sender: None,
    };
    let mut samples = Vec::new();
    for (name, title, accepted, resend) in [
        ("accepted", "the consumer has a message", true, false),
        ("not-accepted", "it does not accept one: its sender is told", false, false),
        ("to-be-sent-again", "it wants one again", false, true),
    ] {
        let (envelope, body) = before(world, route).await?;
        let said = said(&envelope, accepted, resend);
        let seal = |sender, identity: &SystemIdentity| write(&Call::Notify(&said, sender), identity);
        let sample = asked(world, (hop, now), (name, title), &seal, "sendDeliveryNotificationResponse")?;
        samples.push(Sample { before: Some(route.producer().request(world, body)), ..sample });
    }
    let (envelope, body) = before(world, route).await?;
    let said = said(&envelope, true, false);
    let seal = |sender, identity: &SystemIdentity| write(&Call::Notify(&said, sender), identity);
    let mut bad = bad::of(world, hop, &seal)?;
    let identity = hop.identity(world)?;
    let signed = seal(identity.sender(), &identity)?;
    let words = unsigned(&signed)?.replace("MESSAGE_ACCEPTED", "MESSAGE_LOST");
    let signed = signer::xml::wss::sign(words.as_bytes(), &identity.key, &identity.certificate)?;
    bad.push(hop.refused(
        world,
        "unknown-status",
        "with a word that there is not",
        signed,
        Code::EnvelopeMalformed,
    ));
    if let Some(stranger) = stranger(world, hop, |_| true) {
        let body = seal(stranger.sender(), &stranger)?;
        bad.push(hop.refused(world, "not-the-consumer", "said by somebody else", body, Code::NotFound));
    }
    let before = route.producer().request(world, body);
    samples.extend(bad.into_iter().map(|sample| Sample { before: Some(before.clone()), ..sample }));
    Ok(samples)
}

/// `changeMassageStatusNotification`, which the gateway calls at whoever sent the message.
fn changed(world: &World, route: &Route<'_>) -> Result<Vec<Sample>, Problem> {
    let producer = route.producer();
    let (hop, now) = (Hop { from: producer.to, to: producer.from, over: ASYNC }, world.clock.now());
    let told = Change {
        message_id: Uuid::new_v4(),
        state: MessageState::Delivered,
        status: StatusInfo { code: Status::SUCCESS.to_owned(), message: "TEST".to_owned(), date: now },
        sender: None,
    };
    let seal = |sender, identity: &SystemIdentity| write(&Call::Changed(&told, sender), identity);
    let title = "the gateway tells how far a message has come";
    let mut samples =
        vec![asked(world, (hop, now), ("changed", title), &seal, "changeMassageStatusNotificationResponse")?];
    samples.extend(bad::of(world, hop, &seal)?);
    if let Some(stranger) = stranger(world, hop, |_| true) {
        let body = seal(stranger.sender(), &stranger)?;
        samples.push(hop.refused(
            world,
            "no-gateway",
            "told by a system that is no gateway",
            body,
            Code::RouteUnknown,
        ));
    }
    Ok(samples)
}
