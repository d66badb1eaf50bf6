//! Samples of questions to the services of registers.

use certs::{CheckDigit, Iin};
use registries::notary::{Notary, PowerState};
use registries::people::national::{FOUND, NOT_FOUND};
use registries::people::{People, Persona, today};
use serde_json::{Value, json};
use signer::soap::{DataType, Form, sync};
use signer::{Code, Envelope, Problem, System};
use uuid::Uuid;

use super::Sample;
use super::bad;
use super::hop::{Hop, Over};
use super::message::{anew, good, sealed, sealing};
use crate::exchange::Service;
use crate::regulation::Mode;
use crate::systems::token;
use crate::world::World;

const SYNC: Over = Over::Soap(Mode::Sync);
/// How many minutes the tokens in samples are good: as long as any.
const DAY: u32 = 24 * 60;

/// The services of registers in this process, and who asks.
pub(super) fn asked(world: &World) -> Vec<(Service, System)> {
    let askers = [System::Portal, System::Workstation, System::Provider];
    let Some(from) = askers.into_iter().find(|asker| world.serves(*asker)) else { return Vec::new() };
    let is_here = |service: &Service| world.serves(service.register());
    Service::ALL.into_iter().filter(is_here).map(|service| (service, from)).collect()
}

/// Samples of questions to a service: the good ones, then the bad ones.
pub(super) async fn samples(world: &World, service: Service, from: System) -> Result<Vec<Sample>, Problem> {
    let register = service.register();
    let through = |over| Hop { from, to: System::Gateway, over };
    let known = subject(world, service).await?;
    let mut samples = Vec::new();
    if let Some(known) = &known {
        let question = question(world, service, from, known)?;
        for (hop, form, name, how) in [
            (through(SYNC), Form::Typed, "soap", "through the gateway over SyncChannel"),
            (through(SYNC), Form::Text, "soap-text", "through the gateway over SyncChannel, as a string"),
            (through(Over::Json), Form::Typed, "json", "through the gateway in the JSON form"),
            (
                Hop { from, to: register, over: SYNC },
                Form::Typed,
                "register-soap",
                "the register itself over SyncChannel",
            ),
        ] {
            let title = format!("{from} asks {how}");
            let mut sample = good(world, hop, &anew(&question), form, (name, &title))?;
            // Of JSON, the signed bytes stand in base64.
            if hop.over == SYNC {
                FOUND.clone_into(&mut sample.expects.says);
            }
            samples.push(sample);
        }
    }
    let nobody = question(world, service, from, &unknown(service))?;
    let title = "about whom or what the register does not have: an answer, and no error";
    let mut sample = good(world, through(SYNC), &nobody, Form::Typed, ("not-found-soap", title))?;
    NOT_FOUND.clone_into(&mut sample.expects.says);
    samples.push(sample);

    let some = known.unwrap_or_else(|| unknown(service));
    let question = question(world, service, from, &some)?;
    for hop in [through(SYNC), through(Over::Json)] {
        samples.extend(bad::of(world, hop, &sealing(hop, &question))?);
        let body = sealed(hop, &anew(&question), Form::Typed, &hop.identity(world)?)?;
        samples.push(bad::replayed(world, hop, body));
    }
    samples.extend(misasked(world, service, &question, through(SYNC))?);
    if service == Service::PersonByToken {
        samples.extend(without_token(world, &question, through(SYNC))?);
    }
    Ok(samples)
}

/// Whom or what somebody may ask about so that something is found: an IIN or a number.
async fn subject(world: &World, service: Service) -> Result<Option<String>, Problem> {
    Ok(match service {
        Service::Person | Service::PersonByToken => {
            let cast = People::new(world.store.clone()).persona(Persona::ParentWithChild).await?;
            cast.map(|cast| cast.iin.to_string())
        }
        Service::Power => {
            let powers = Notary::new(world.store.clone()).list(None, usize::MAX).await?;
            let day = today(&world.clock);
            let is_valid =
                |power: &registries::notary::PowerOfAttorney| power.state_on(day) == PowerState::Valid;
            powers.into_iter().find(is_valid).map(|power| power.number)
        }
    })
}

/// Whom or what no register has.
fn unknown(service: Service) -> String {
    match service {
        Service::Person | Service::PersonByToken => Iin::never_issued(u64::from(u32::MAX)).to_string(),
        Service::Power => "TEST-0".to_owned(),
    }
}

/// The field of a question that says whom or what it is about.
fn field(service: Service) -> &'static str {
    match service {
        Service::Person | Service::PersonByToken => "iin",
        Service::Power => "number",
    }
}

fn question(world: &World, service: Service, from: System, about: &str) -> Result<Envelope, Problem> {
    let now = world.clock.now();
    let mut data = json!({ "messageId": Uuid::new_v4(), "messageDate": now, "senderCode": from });
    data[field(service)] = about.into();
    if service == Service::PersonByToken {
        let token = with_token(world, about)?;
        data["kdpToken"] = token.kdp_token.into();
        data["publicKey"] = token.public_key.into();
    }
    Ok(Envelope {
        message_id: Uuid::new_v4(),
        correlation_id: None,
        service_id: service.id().to_owned(),
        message_date: now,
        route_id: None,
        sender: world.identity(from)?.sender(),
        properties: Vec::new(),
        session_id: None,
        data,
    })
}

fn with_token(world: &World, iin: &str) -> Result<token::Token, Problem> {
    token::issue(world, &token::Wanted { iin: iin.to_owned(), minutes: Some(DAY) })
}

/// What can be wrong with a question to any service.
fn misasked(world: &World, service: Service, question: &Envelope, hop: Hop) -> Result<Vec<Sample>, Problem> {
    let identity = hop.identity(world)?;
    let with = |field: &str, value: Value| {
        let mut envelope = question.clone();
        envelope.data[field] = value;
        envelope
    };
    let mut missing = question.clone();
    missing.data.as_object_mut().map(|fields| fields.remove(field(service)));
    let nobody = with(field(service), "".into());
    let mut questions = vec![
        ("missing-field", "it does not say about whom or what", missing, Code::EnvelopeMalformed),
        (
            "unknown-field",
            "with a field that there is not",
            with("poem", "x".into()),
            Code::EnvelopeMalformed,
        ),
        ("empty-field", "about nobody", nobody, Code::InvalidValue),
        ("wrong-date", "asked on no day", with("messageDate", "yesterday".into()), Code::InvalidValue),
    ];
    if service.register() == System::People && world.settings.plan.check_digit == CheckDigit::Strict {
        let wrong = with("iin", wrong_digit(question).into());
        questions.push(("wrong-check-digit", "an IIN whose last digit is wrong", wrong, Code::InvalidValue));
    }
    let mut samples = Vec::new();
    for (name, title, question, code) in questions {
        let body = sealed(hop, &anew(&question), Form::Typed, &identity)?;
        samples.push(hop.refused(world, name, title, body, code));
    }
    let typed = |envelope: &Envelope, kind| sync::seal(&anew(envelope), kind, Form::Typed, &identity);
    let answer = DataType { name: "Response", ..service.question() };
    let (title, body) = ("an answer in the place of a question", typed(question, answer)?);
    samples.push(hop.refused(world, "other-type", title, body, Code::EnvelopeMalformed));
    let unheard = Envelope { service_id: format!("{}_TEST", service.id()), ..question.clone() };
    let (title, body) = ("of a service that nobody has", typed(&unheard, service.question())?);
    samples.push(hop.refused(world, "unknown-service", title, body, Code::UnknownService));
    let other = if service.register() == System::People { System::Notary } else { System::People };
    for (name, title, hop) in [
        (
            "async",
            "over AsyncChannel, though the answer is waited for",
            Hop { over: Over::Soap(Mode::Async), ..hop },
        ),
        ("elsewhere", "at a register that does not have the service", Hop { to: other, ..hop }),
    ] {
        if world.serves(hop.to) {
            let body = sealed(hop, &anew(question), Form::Typed, &identity)?;
            samples.push(hop.refused(world, name, title, body, Code::RouteUnknown));
        }
    }
    Ok(samples)
}

fn wrong_digit(question: &Envelope) -> String {
    let iin = question.data["iin"].as_str().unwrap_or_default();
    let (rest, last) = iin.split_at(iin.len().saturating_sub(1));
    format!("{rest}{}", if last == "0" { "1" } else { "0" })
}

/// What can be wrong with the person's access token.
fn without_token(world: &World, question: &Envelope, hop: Hop) -> Result<Vec<Sample>, Problem> {
    let identity = hop.identity(world)?;
    let other = with_token(world, &unknown(Service::PersonByToken))?;
    let mut without = question.clone();
    let mut malformed = question.clone();
    let mut of_another = question.clone();
    without.data.as_object_mut().map(|fields| fields.remove("kdpToken"));
    malformed.data["kdpToken"] = "AAAA".into();
    of_another.data["kdpToken"] = other.kdp_token.into();
    let refused = |name, title, envelope: &Envelope, code| {
        Ok(hop.refused(world, name, title, sealed(hop, &anew(envelope), Form::Typed, &identity)?, code))
    };
    [
        refused("without-token", "without the person's token", &without, Code::ConsentMissing),
        refused("malformed-token", "with a token that is none", &malformed, Code::TokenRefused),
        refused("other-token", "with the token of somebody else", &of_another, Code::TokenRefused),
    ]
    .into_iter()
    .collect()
}
