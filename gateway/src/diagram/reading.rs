//! From a regulation to what its picture shows.

use certs::Lang;

use super::model::{Deed, Delivery, Diagram, Edge, Lane, Node, Role, Shape, State};
use super::{names, words};
use crate::regulation::file::Record;
use crate::regulation::{Actor, Channel, End, Fact, Flow, Inferred, Kind, Person, Regulation, Step, Verb};

impl Diagram {
    /// The picture of a channel.
    pub fn of(regulation: &Regulation, channel: &Channel, lang: Lang) -> Self {
        let lanes: Vec<Lane> = lanes(channel)
            .into_iter()
            .map(|actor| {
                let (title, short) = (actor.title(), actor.short_title());
                Lane { actor, title: title.get(lang).to_owned(), short: short.get(lang).to_owned() }
            })
            .collect();
        let column = |actor: Actor| lanes.iter().position(|lane| lane.actor == actor).unwrap_or(0);
        let nodes = channel.steps.iter().map(|step| node(step, &column, &lanes, lang)).collect();
        let edges =
            channel.steps.iter().enumerate().flat_map(|(at, step)| edges(at, step, channel, &column, lang));
        let said = &regulation.said;
        let status = said.act.repealed.as_ref().map(|by| words::repealed_by(&by.number, &by.on.to_string()));
        Self {
            lang,
            id: format!("{}/{}", regulation.id, channel.name),
            title: said.title.get(lang).to_owned(),
            subtitle: format!(
                "{} · {}: {} · §{}",
                said.region.get(lang),
                words::channel(lang),
                channel.title.get(lang),
                channel.paragraph
            ),
            act: act(&said.act.issued, said.act.registered.as_ref(), lang),
            status: status
                .map_or_else(|| words::no_repeal(lang).to_owned(), |text| text.get(lang).to_owned()),
            repealed: said.act.repealed.is_some(),
            edges: edges.collect(),
            nodes,
            lanes,
            traced: None,
        }
    }

    /// What became of the act, in a line.
    pub fn fate(&self) -> String {
        if self.repealed {
            format!("{}: {}", words::repealed(self.lang), self.status)
        } else {
            self.status.clone()
        }
    }

    /// Whether anything in it is inferred.
    pub fn infers(&self) -> bool {
        let node = |node: &Node| {
            node.inferred
                || node.deed.as_ref().is_some_and(|deed| deed.inferred)
                || node.delivery.as_ref().is_some_and(|delivery| delivery.inferred)
        };
        self.nodes.iter().any(node) || self.edges.iter().any(|edge| edge.inferred)
    }
}

/// The channel's lanes, and whatever else the steps name.
fn lanes(channel: &Channel) -> Vec<Actor> {
    let mut lanes: Vec<Actor> = Vec::new();
    let named = channel.steps.iter().flat_map(|step| {
        let person = matches!(step.said.actor, Actor::Person(_)).then_some(step.said.actor);
        person.into_iter().chain(step.way().into_iter().map(Actor::System))
    });
    for actor in channel.lanes.iter().copied().chain(named) {
        if !lanes.contains(&actor) {
            lanes.push(actor);
        }
    }
    lanes
}

fn act(issued: &Record, registered: Option<&Record>, lang: Lang) -> String {
    let by = issued.by.as_ref().map(|by| format!("{}, ", by.get(lang))).unwrap_or_default();
    let registered = registered.map(|record| {
        format!("; {} {}", words::registered(lang), words::record(&record.number, &record.on.to_string()))
    });
    let issued = words::record(&issued.number, &issued.on.to_string());
    format!("{by}{issued}{}", registered.unwrap_or_default())
}

fn guard(facts: &[Fact], lang: Lang) -> Option<String> {
    let facts: Vec<String> = facts.iter().map(|fact| names::fact(*fact).get(lang).to_owned()).collect();
    (!facts.is_empty()).then(|| format!("[{}]", facts.join(", ")))
}

fn node(step: &Step, column: &impl Fn(Actor) -> usize, lanes: &[Lane], lang: Lang) -> Node {
    let said = &step.said;
    let unsaid: Vec<String> = said
        .inferred
        .iter()
        .filter_map(|mark| names::unsaid(*mark))
        .map(|text| text.get(lang).to_owned())
        .collect();
    let documents = said.documents.iter().map(|document| {
        let title = document.title.get(lang);
        let only = document.when.as_ref().and_then(|when| guard(&when.all, lang));
        match only {
            Some(only) => format!("• {title} {only}"),
            None if said.documents.len() > 1 => format!("• {title} [{}]", words::otherwise(lang)),
            None => format!("• {title}"),
        }
    });
    let ends = match step.flow {
        Flow::Ends(end) => Some(end),
        Flow::Condition { .. } | Flow::Then(_) => None,
    };
    Node {
        at: said.at.clone(),
        paragraph: step.paragraph().to_owned(),
        label: said.label.as_deref().map(|label| names::label(label, lang)),
        shape: if said.kind == Kind::Condition { Shape::Condition } else { Shape::Process },
        lane: column(Actor::System(step.system)),
        what: said.what.get(lang).to_owned(),
        guard: guard(step.guard(), lang),
        signed: said
            .signed_by
            .map(|person| format!("{} {}", words::signs(lang), lower(person.title().get(lang)))),
        documents: documents.collect(),
        unsaid: (!unsaid.is_empty()).then(|| format!("{} {}", words::unsaid(lang), unsaid.join(", "))),
        inferred: step.is_inferred(Inferred::Step),
        quote: said.restored.clone().or_else(|| said.text.clone()),
        deed: deed(step, column, lang),
        delivery: step.does(Verb::Deliver).then(|| delivery(step, ends, lanes, lang)),
        ends,
        state: State::Plain,
        answer: None,
        notes: Vec::new(),
    }
}

/// A name inside of a line begins small, unless it is an abbreviation.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

fn deed(step: &Step, column: &impl Fn(Actor) -> usize, lang: Lang) -> Option<Deed> {
    let Actor::Person(_) = step.said.actor else { return None };
    let deeds = step.said.does.iter().filter(|verb| verb.is_deed());
    Some(Deed {
        lane: column(step.said.actor),
        what: deeds.map(|verb| names::verb(*verb).get(lang).to_owned()).collect(),
        both_ways: step.does(Verb::FillForm),
        inferred: step.is_inferred(Inferred::With) || step.is_inferred(Inferred::Actor),
    })
}

fn delivery(step: &Step, ends: Option<End>, lanes: &[Lane], lang: Lang) -> Delivery {
    let carried = step.said.receives.as_ref().and_then(|receives| receives.carries);
    let kind = ends.or(carried).or_else(|| step.said.refusal.as_ref().map(|_| End::Refusal));
    let recipient = Actor::Person(Person::Recipient);
    Delivery {
        lane: lanes.iter().position(|lane| lane.actor == recipient),
        kind,
        caption: match kind {
            Some(End::Refusal) => words::refusal(lang).to_owned(),
            Some(End::Result) => words::result(lang).to_owned(),
            None => names::verb(Verb::Deliver).get(lang).to_owned(),
        },
        inferred: step.is_inferred(Inferred::DoesDeliver),
    }
}

fn edges(
    at: usize,
    step: &Step,
    channel: &Channel,
    column: &impl Fn(Actor) -> usize,
    lang: Lang,
) -> Vec<Edge> {
    let index = |at: &str| channel.steps.iter().position(|step| step.at() == at);
    let plain = |to: &str, role, caption: Option<&str>, mark| {
        Some(Edge {
            from: at,
            to: index(to)?,
            role,
            caption: caption.map(str::to_owned),
            through: Vec::new(),
            inferred: step.is_inferred(mark),
            hops: vec![State::Plain],
        })
    };
    let message = step.said.sends.as_ref().and_then(|sends| {
        let receiver = channel.receiver(sends.to, sends.message, sends.carries)?;
        let through: Vec<usize> = sends.through.iter().map(|system| column(Actor::System(*system))).collect();
        Some(Edge {
            from: at,
            to: index(receiver.at())?,
            role: Role::Message,
            caption: Some(names::message(sends.message, sends.carries).get(lang).to_owned()),
            hops: vec![State::Plain; through.len() + 1],
            through,
            inferred: step.is_inferred(Inferred::Sends),
        })
    });
    let handed_over = message.as_ref().map(|edge| edge.to);
    let flow = match &step.flow {
        Flow::Condition { yes, no } => vec![
            plain(yes, Role::Yes, Some(words::yes(lang)), Inferred::Yes),
            plain(no, Role::No, Some(words::no(lang)), Inferred::No),
        ],
        // Where the message begins the next step, it is the way there.
        Flow::Then(next) if handed_over.is_some() && index(next) == handed_over => Vec::new(),
        Flow::Then(next) => vec![plain(next, Role::Then, None, Inferred::Then)],
        Flow::Ends(_) => Vec::new(),
    };
    flow.into_iter().flatten().chain(message).collect()
}
