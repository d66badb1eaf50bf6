//! Samples of the messages of regulations, each on its way from one system to the next.

use std::collections::BTreeSet;

use certs::Flaw;
use serde_json::json;
use signer::soap::asynchronous::{self, Call};
use signer::soap::{Form, Status, sync};
use signer::{Code, Envelope, Problem, Sender, System, SystemIdentity};
use uuid::Uuid;

use super::Sample;
use super::bad::{self, stranger, unsigned};
use super::document::{Inside, Spoilt};
use super::hop::{Hop, Over, with_places};
use crate::exchange::{MESSAGE, Service, message_type, service_id};
use crate::regulation::{Channel, Message, Mode, Regulation, Step};
use crate::world::World;

/// A message of a channel, and the hop that its samples make.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    regulation: &'a Regulation,
    channel: &'a Channel,
    step: &'a Step,
    pub(super) message: Message,
    from: System,
    to: System,
}

/// One way of each message that the channel sends, to a gateway where it goes through one.
pub(super) fn ways<'a>(world: &World, regulation: &'a Regulation, channel: &'a Channel) -> Vec<Way<'a>> {
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for (step, message, way) in channel.ways() {
        // What answers a case is taken by desks only where one waits for it.
        let through = way.windows(2).find(|hop| hop[1].is_gateway());
        let direct =
            || way.windows(2).next().filter(|_| message.is_application() || message == Message::HomeVisit);
        let Some(&[from, to]) = through.or_else(direct) else { continue };
        if world.identity(from).is_ok() && !world.stands_elsewhere(from) && known.insert(message) {
            found.push(Way { regulation, channel, step, message, from, to });
        }
    }
    found
}

impl<'a> Way<'a> {
    /// The service id: what the samples are of.
    pub(super) fn service(&self) -> String {
        service_id(&self.regulation.id, &self.channel.name, self.message)
    }

    /// How the regulation has it cross.
    pub(super) fn mode(&self) -> Mode {
        self.step.said.sends.as_ref().and_then(|sends| sends.mode).unwrap_or(Mode::Sync)
    }

    pub(super) fn hop(&self, over: Over) -> Hop {
        Hop { from: self.from, to: self.to, over }
    }

    /// The system that the message goes on to, where it goes on.
    pub(super) fn next(&self) -> Option<System> {
        self.channel.next_hop(self.message, self.from, self.to).flatten()
    }

    fn inside(&self) -> Inside<'a> {
        Inside {
            regulation: self.regulation,
            channel: self.channel,
            message: self.message,
            carries: self.step.said.sends.as_ref().and_then(|sends| sends.carries),
            author: self.step.author,
            system: self.step.system,
        }
    }

    /// The message in an envelope of its sender, for a case of its own.
    pub(super) async fn envelope(&self, world: &World, spoilt: Option<Spoilt>) -> Result<Envelope, Problem> {
        let inside = self.inside();
        let made = inside.made(world, spoilt).await?;
        let (regulation, channel) = (&self.regulation.id, &self.channel.name);
        let mut data = json!({
            "message": self.message, "case": made.case, "regulation": regulation, "channel": channel,
        });
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
            service_id: self.service(),
            message_date: world.clock.now(),
            route_id: None,
            sender: world.identity(self.from)?.sender(),
            properties: Vec::new(),
            session_id: None,
            data,
        })
    }

    /// The forms that the message is written in, with the words of their names.
    fn forms(&self) -> Vec<(Over, Form, &'static str, &'static str)> {
        let mut forms = vec![
            (Over::Soap(Mode::Sync), Form::Typed, "soap", "over SyncChannel"),
            (Over::Soap(Mode::Sync), Form::Text, "soap-text", "over SyncChannel, as a string"),
            (Over::Json, Form::Typed, "json", "in the JSON form"),
        ];
        if self.mode() == Mode::Async {
            forms.insert(2, (Over::Soap(Mode::Async), Form::Typed, "async", "over AsyncChannel"));
        }
        forms
    }

    /// Samples of the message: the good ones, then the bad ones.
    pub(super) async fn samples(&self, world: &World) -> Result<Vec<Sample>, Problem> {
        let mut samples = Vec::new();
        for (over, form, name, how) in self.forms() {
            let envelope = self.envelope(world, None).await?;
            let title = format!("{} from {} to {}, {how}", self.message, self.from, self.to);
            samples.push(good(world, self.hop(over), &envelope, form, (name, &title))?);
        }
        let envelope = self.envelope(world, None).await?;
        let soap = self.hop(Over::Soap(Mode::Sync));
        for hop in [soap, self.hop(Over::Json)] {
            samples.extend(bad::of(world, hop, &sealing(hop, &envelope))?);
            let before = self.envelope(world, None).await?;
            let body = sealed(hop, &before, Form::Typed, &hop.identity(world)?)?;
            samples.push(bad::replayed(world, hop, body));
        }
        let identity = soap.identity(world)?;
        let mut bad = |name: &str, title: &str, envelope: &Envelope, identity: &SystemIdentity, code| {
            let body = sealed(soap, envelope, Form::Typed, identity)?;
            samples.push(soap.refused(world, name, title, body, code));
            Ok::<(), Problem>(())
        };
        let is_off_the_way = |other| self.channel.next_hop(self.message, other, self.to).is_none();
        if let Some(stranger) = stranger(world, soap, is_off_the_way) {
            let from_elsewhere = Envelope { sender: stranger.sender(), ..anew(&envelope) };
            let title = "from a system that does not send it";
            bad("wrong-way", title, &from_elsewhere, &stranger, Code::RouteUnknown)?;
        }
        let other = Envelope { service_id: format!("{}-other", envelope.service_id), ..anew(&envelope) };
        bad("other-service", "under another serviceId", &other, &identity, Code::EnvelopeMalformed)?;
        let mut poem = anew(&envelope);
        poem.data["message"] = "poem".into();
        bad("unknown-message", "a message that there is not", &poem, &identity, Code::EnvelopeMalformed)?;
        for (name, title, spoilt, code) in self.spoilt_documents() {
            let envelope = self.envelope(world, Some(spoilt)).await?;
            for hop in [soap, self.hop(Over::Json)] {
                let body = sealed(hop, &anew(&envelope), Form::Typed, &identity)?;
                samples.push(hop.refused(world, name, title, body, code));
            }
        }
        Ok(samples)
    }

    /// What can be wrong with the document inside; its signer's certificate, where a person signs it.
    fn spoilt_documents(&self) -> Vec<(&'static str, &'static str, Spoilt, Code)> {
        let changed = "a document that was changed after it was signed";
        let mut documents = vec![("changed-document", changed, Spoilt::Content, Code::SignatureInvalid)];
        if self.step.author.is_some() {
            let revoked = "signed with a certificate that was revoked";
            let expired = "signed with a certificate that has expired";
            let (of_revoked, of_expired) =
                (Spoilt::Certificate(Flaw::Revoked), Spoilt::Certificate(Flaw::Expired));
            documents.push(("revoked", revoked, of_revoked, Code::CertificateRevoked));
            documents.push(("expired", expired, of_expired, Code::CertificateExpired));
        }
        if self.step.author.is_some() && self.message.is_application() {
            let title = "signed by somebody else than it names";
            documents.push(("other-iin", title, Spoilt::Number, Code::IdentityMismatch));
        }
        documents
    }
}

/// The same under an id of its own.
pub(super) fn anew(envelope: &Envelope) -> Envelope {
    Envelope { message_id: Uuid::new_v4(), ..envelope.clone() }
}

/// Writes and signs an envelope for a hop: a message, or a question to a service.
pub(super) fn sealed(
    hop: Hop,
    envelope: &Envelope,
    form: Form,
    identity: &SystemIdentity,
) -> Result<String, Problem> {
    let kind = Service::of(&envelope.service_id).map_or(MESSAGE, Service::question);
    match hop.over {
        Over::Json => {
            let sealed = envelope.seal(identity).map_err(Problem::technical)?;
            serde_json::to_string(&sealed).map_err(Problem::technical)
        }
        Over::Soap(Mode::Sync) => Ok(sync::seal(envelope, kind, form, identity)?),
        Over::Soap(Mode::Async) => {
            let purpose = message_type(envelope);
            let call = if hop.from.is_gateway() {
                Call::Push(envelope, purpose, kind, form)
            } else {
                Call::Send(envelope, purpose, kind, form)
            };
            Ok(asynchronous::seal(&call, identity)?)
        }
    }
}

/// Seals the envelope anew each time.
pub(super) fn sealing(
    hop: Hop,
    envelope: &Envelope,
) -> impl Fn(Sender, &SystemIdentity) -> Result<String, Problem> {
    move |sender, identity| sealed(hop, &Envelope { sender, ..anew(envelope) }, Form::Typed, identity)
}

/// A sample that is taken; again and again through the sandbox, where the receiver takes whatever is new.
pub(super) fn good(
    world: &World,
    hop: Hop,
    envelope: &Envelope,
    form: Form,
    (name, title): (&str, &str),
) -> Result<Sample, Problem> {
    let identity = hop.identity(world)?;
    let body = sealed(hop, envelope, form, &identity)?;
    let says = match hop.over {
        Over::Json => "signature",
        Over::Soap(Mode::Sync) => Status::SUCCESS,
        Over::Soap(Mode::Async) => "sendMessageResponse",
    };
    let bare = match hop.over {
        Over::Json => serde_json::to_string(envelope).map_err(Problem::technical)?,
        Over::Soap(_) => unsigned(&body)?,
    };
    let bare = with_places(&bare, Some(envelope.message_id), &identity, envelope.message_date);
    // A desk opens a case once; a gateway passes on whatever is new, and a register answers it.
    let is_repeatable = hop.to.is_gateway() || Service::of(&envelope.service_id).is_some();
    let forwarded = is_repeatable.then(|| hop.forwarded(world, bare));
    Ok(Sample { forwarded, ..hop.taken(world, name, title, body, says) })
}
