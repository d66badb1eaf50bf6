//! From a regulation to what its picture shows.

use certs::Lang;

use super::model::{Deed, Delivery, Diagram, Lane, Node, Shape, State};
use super::seats::Seats;
use super::{facts, flow, limits, names, words};
use crate::regulation::file::{Act, Record};
use crate::regulation::{
    Actor, Channel, End, Flow, Inferred, Issued, Kind, Message, Person, Regulation, Step, Verb,
};

impl Diagram {
    /// The picture of a channel.
    pub fn of(regulation: &Regulation, channel: &Channel, lang: Lang) -> Self {
        let seats = Seats::of(channel);
        let lanes: Vec<Lane> = seats
            .lanes(channel)
            .into_iter()
            .map(|actor| {
                let (title, short) = (actor.title(), actor.short_title());
                Lane { actor, title: title.get(lang).to_owned(), short: short.get(lang).to_owned() }
            })
            .collect();
        let column = |actor: Actor| lanes.iter().position(|lane| lane.actor == actor).unwrap_or(0);
        let nodes = channel.steps.iter().map(|step| node(step, &seats, &column, &lanes, lang)).collect();
        let edges = channel
            .steps
            .iter()
            .enumerate()
            .flat_map(|(at, step)| flow::edges(at, step, channel, &column, lang));
        let said = &regulation.said;
        let status = said.act.repealed.as_ref().map(|by| words::repealed_by(&by.number, &by.on.to_string()));
        Self {
            lang,
            kind: kind(channel, &seats, lang),
            id: format!("{}/{}", regulation.id, channel.name),
            title: said.title.get(lang).to_owned(),
            subtitle: format!(
                "{} · {}: {} · §{}",
                said.region.get(lang),
                words::channel(lang),
                channel.title.get(lang),
                channel.paragraph
            ),
            act: act(&said.act, lang),
            status: status
                .map_or_else(|| words::no_repeal(lang).to_owned(), |text| text.get(lang).to_owned()),
            repealed: said.act.repealed.is_some(),
            edges: edges.collect(),
            clocks: limits::clocks(channel, lang),
            past: flow::past_the_first(channel, lang),
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

    /// The act and what became of it; nothing of the act where the file has none.
    pub(super) fn standing(&self) -> String {
        let parts = [self.act.clone(), self.fate()];
        let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        known.join("; ")
    }

    /// Whether anything in it is inferred.
    pub fn infers(&self) -> bool {
        let node = |node: &Node| {
            node.inferred
                || node.deed.as_ref().is_some_and(|deed| deed.inferred)
                || node.delivery.as_ref().is_some_and(|delivery| delivery.inferred)
                || node.exchange.as_ref().is_some_and(|exchange| exchange.inferred)
        };
        self.nodes.iter().any(node)
            || self.edges.iter().any(|edge| edge.inferred)
            || self.past.as_ref().is_some_and(|past| past.inferred)
    }
}

/// What kind of picture it is, and the appendix of the act where that refers to one. Where the system at which a case
/// begins is worked by employees, what the act refers to is a directory of business processes.
fn kind(channel: &Channel, seats: &Seats, lang: Lang) -> String {
    let Some(first) = channel.steps.first() else { return words::diagram(lang).to_owned() };
    let here = channel.steps.iter().filter(|step| step.system == first.system).filter_map(Step::person);
    let staffed = here.into_iter().any(|person| person != Person::Recipient);
    let directory = seats.is_seated(first) || (staffed && channel.diagram.is_some());
    let kind = if directory { words::directory(lang) } else { words::diagram(lang) };
    let Some(appendix) = &channel.diagram else { return kind.to_owned() };
    let number: String = appendix.chars().filter(char::is_ascii_digit).collect();
    let of_act = match lang {
        Lang::Kk if number.is_empty() => "қосымша".to_owned(),
        Lang::Kk => format!("{number}-қосымша"),
        Lang::Ru => format!("приложение {number}"),
        Lang::En => format!("appendix {number}"),
    };
    format!("{kind} · {}", of_act.trim_end())
}

fn act(act: &Act, lang: Lang) -> String {
    let record = |record: &Record| words::record(&record.number, &record.on.to_string());
    let Some(issued) = &act.issued else { return String::new() };
    let by = issued.by.as_ref().map(|by| format!("{}, ", by.get(lang))).unwrap_or_default();
    let more = [(words::edition(lang), &act.edition), (words::registered(lang), &act.registered)];
    let parts =
        more.into_iter().filter_map(|(what, known)| Some(format!("{what} {}", record(known.as_ref()?))));
    let parts: Vec<String> = std::iter::once(format!("{by}{}", record(issued))).chain(parts).collect();
    parts.join("; ")
}

fn node(step: &Step, seats: &Seats, column: &impl Fn(Actor) -> usize, lanes: &[Lane], lang: Lang) -> Node {
    let said = &step.said;
    let own = column(seats.place(step));
    let documents = said.documents.iter().map(|document| {
        let title = document.title.get(lang);
        let only = document.when.as_ref().and_then(|when| facts::guard(&when.all, lang));
        match only {
            Some(only) => format!("• {title} {only}"),
            None if said.documents.len() > 1 => format!("• {title} [{}]", words::otherwise(lang)),
            None => format!("• {title}"),
        }
    });
    let ends = match step.flow {
        Flow::Ends(end) => Some(end),
        Flow::Condition { .. } | Flow::Then(_) | Flow::Aside => None,
    };
    Node {
        at: said.at.clone(),
        paragraph: step.paragraph().to_owned(),
        label: said.label.as_deref().map(|label| names::label(label, lang)),
        shape: match (said.kind, &step.flow) {
            (_, Flow::Aside) => Shape::Aside,
            (Kind::Condition, _) => Shape::Condition,
            (Kind::Action | Kind::Process, _) => Shape::Process,
        },
        lane: own,
        what: said.what.get(lang).to_owned(),
        guard: facts::guard(step.guard(), lang),
        signed: signed(step, lang),
        within: limits::of_step(step, lang),
        documents: documents.collect(),
        unsaid: not_said(step, seats, lang),
        inferred: step.is_inferred(Inferred::Step),
        quote: said.restored.clone().or_else(|| said.text.clone()),
        deed: if seats.is_seated(step) { None } else { deed(step, column, lang) },
        delivery: step.does(Verb::Deliver).then(|| delivery(step, own, ends, lanes, lang)),
        exchange: flow::exchange(step, column),
        ends,
        state: State::Plain,
        answer: None,
        notes: Vec::new(),
    }
}

/// What of a step the text does not say, and whom it names by a slip.
fn not_said(step: &Step, seats: &Seats, lang: Lang) -> Option<String> {
    let unsaid: Vec<String> = step
        .said
        .inferred
        .iter()
        // At which system is not drawn where people are.
        .filter(|mark| **mark != Inferred::With || !seats.is_seated(step))
        .filter_map(|mark| names::unsaid(*mark))
        .map(|text| text.get(lang).to_owned())
        .collect();
    let unsaid = (!unsaid.is_empty()).then(|| format!("{} {}", words::unsaid(lang), unsaid.join(", ")));
    let printed = step.said.printed_actor.as_ref().map(|printed| {
        let title = Actor::try_from(printed.clone()).map(|actor| lower(actor.title().get(lang)));
        format!("{} {}", words::printed(lang), title.unwrap_or_else(|_| printed.clone()))
    });
    let all: Vec<String> = unsaid.into_iter().chain(printed).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Whose key signs what the step forms: a person's, or the system's own for what no person is the author of.
fn signed(step: &Step, lang: Lang) -> Option<String> {
    let signs = if step.does(Verb::SignByHand) { words::signs_by_hand(lang) } else { words::signs(lang) };
    let by = |who: &str| Some(format!("{signs} {who}"));
    match (step.said.signed_by, &step.said.sends) {
        (Some(person), _) => {
            let carrier =
                step.said.carrier.map(|carrier| format!(" ({})", names::carrier(carrier).get(lang)));
            by(&format!("{}{}", lower(person.title().get(lang)), carrier.unwrap_or_default()))
        }
        (None, Some(_)) if step.author.is_none() && !step.does(Verb::Forward) => by(words::itself(lang)),
        _ => None,
    }
}

/// A title inside of a line begins small, unless it begins with a name or an abbreviation.
fn lower(name: &str) -> String {
    if ["Мемлекеттік корпорация", "State Corporation"].iter().any(|known| name.starts_with(known))
    {
        return name.to_owned();
    }
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

fn deed(step: &Step, column: &impl Fn(Actor) -> usize, lang: Lang) -> Option<Deed> {
    let Actor::Person(person) = step.said.actor else { return None };
    let deeds = step.said.does.iter().filter(|verb| verb.is_deed());
    let mut what: Vec<String> = deeds.map(|verb| names::deed(*verb, person).get(lang).to_owned()).collect();
    // Whoever decides at the counter says what they found; the system does the rest at their word.
    match (what.is_empty(), step.checks().is_empty()) {
        (true, false) if person == Person::Recipient => what.push(words::decides(lang).to_owned()),
        (true, false) => what.push(words::check(lang).to_owned()),
        (true, true) if step.does(Verb::Refuse) => what.push(words::refusal(lang).to_lowercase()),
        _ => {}
    }
    Some(Deed {
        lane: column(step.said.actor),
        what,
        both_ways: step.does(Verb::FillForm),
        inferred: step.is_inferred(Inferred::With) || step.is_inferred(Inferred::Actor),
    })
}

fn delivery(step: &Step, own: usize, ends: Option<End>, lanes: &[Lane], lang: Lang) -> Delivery {
    let carried = step.said.receives.as_ref().and_then(|receives| receives.carries);
    let kind = ends.or(carried).or_else(|| step.said.refusal.as_ref().map(|_| End::Refusal));
    let recipient = Actor::Person(Person::Recipient);
    Delivery {
        // In their own lane it stands below the step.
        lane: lanes.iter().position(|lane| lane.actor == recipient).filter(|lane| *lane != own),
        kind,
        caption: match kind {
            Some(End::Refusal) => words::refusal(lang).to_owned(),
            Some(End::Result) => words::result(lang).to_owned(),
            None => shown(step, lang),
        },
        by_hand: matches!(step.said.actor, Actor::Person(person) if person != Person::Recipient),
        inferred: step.is_inferred(Inferred::DoesDeliver),
    }
}

/// What a step shows that ends nothing: an answer, a receipt.
fn shown(step: &Step, lang: Lang) -> String {
    let received = step.said.receives.as_ref().map(|receives| receives.message);
    let receipts = [Issued::AcceptanceReceipt, Issued::QueueNumberReceipt];
    if matches!(received, Some(Message::ComplaintAnswer | Message::QualityAnswer)) {
        words::answers(lang).to_owned()
    } else if step.said.documents.iter().any(|document| receipts.contains(&document.document)) {
        words::receipt(lang).to_owned()
    } else {
        names::verb(Verb::Deliver).get(lang).to_owned()
    }
}
