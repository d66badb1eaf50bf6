//! What a page says of a channel and its steps.

use certs::Text;
use serde::Serialize;

use super::titles;
use crate::diagram::terms;
use crate::regulation::file::{Clock, Document};
use crate::regulation::{Actor, Channel, End, Flow, Inferred, Issued, Kind, Mode, Step, Verb};

/// One channel.
#[derive(Serialize)]
pub(super) struct ChannelPage {
    pub(super) channel: String,
    pub(super) paragraph: String,
    pub(super) title: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) diagram: Option<String>,
    pub(super) lanes: Vec<Text>,
    pub(super) clocks: Vec<ClockPage>,
    pub(super) steps: Vec<StepPage>,
}

/// How long a part of it may take.
#[derive(Serialize)]
pub(super) struct ClockPage {
    pub(super) title: Text,
    pub(super) at: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) limit: Text,
    /// Where it begins and ends is not in the text.
    pub(super) inferred: bool,
}

/// A piece of a step, and whether the text does not say it.
#[derive(Serialize)]
pub(super) struct Piece {
    pub(super) text: Text,
    pub(super) inferred: bool,
}

/// One step.
#[derive(Serialize)]
pub(super) struct StepPage {
    pub(super) at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<Text>,
    pub(super) kind: Kind,
    pub(super) kind_title: Text,
    pub(super) who: Piece,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at_system: Option<Piece>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) printed_actor: Option<Text>,
    pub(super) what: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) restored: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<Piece>,
    pub(super) does: Vec<Piece>,
    pub(super) checks: Vec<Piece>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) within: Option<Piece>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receives: Option<Piece>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sends: Option<SendsPage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) signed_by: Option<Piece>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) carrier: Option<Text>,
    pub(super) documents: Vec<DocumentPage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<RefusalPage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) runs: Option<String>,
    pub(super) leads: Vec<Lead>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ends: Option<End>,
    pub(super) aside: bool,
    /// The step as a whole is not in the text.
    pub(super) inferred: bool,
    /// What the text does not say, word by word as the file has it.
    pub(super) not_in_the_text: Vec<Inferred>,
    /// The same for readers, without what is marked where it stands.
    pub(super) unsaid: Vec<Text>,
}

/// A message and the ways it may go, each from the sender to the receiver.
#[derive(Serialize)]
pub(super) struct SendsPage {
    pub(super) message: Text,
    /// Whether it crosses gateways asynchronously. No act says it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) asynchronous: bool,
    pub(super) ways: Vec<Vec<Text>>,
    /// What has to hold for the second way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) otherwise_when: Option<Text>,
    pub(super) inferred: bool,
}

/// A document that may be made.
#[derive(Serialize)]
pub(super) struct DocumentPage {
    pub(super) document: Issued,
    pub(super) title: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<Piece>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) appendix: Option<u8>,
}

/// A refusal.
#[derive(Serialize)]
pub(super) struct RefusalPage {
    pub(super) code: String,
    pub(super) message: Text,
}

/// Where a step leads.
#[derive(Serialize)]
pub(super) struct Lead {
    pub(super) on: &'static str,
    pub(super) to: String,
    pub(super) inferred: bool,
}

impl ChannelPage {
    pub(super) fn of(channel: &Channel) -> Self {
        Self {
            channel: channel.name.clone(),
            paragraph: channel.paragraph.clone(),
            title: channel.title.clone(),
            diagram: channel.diagram.clone(),
            lanes: channel.lanes.iter().map(|lane| lane.title()).collect(),
            clocks: channel.clocks.iter().map(ClockPage::of).collect(),
            steps: channel.steps.iter().map(StepPage::of).collect(),
        }
    }
}

impl ClockPage {
    fn of(clock: &Clock) -> Self {
        Self {
            title: clock.title.clone(),
            at: clock.at.clone(),
            from: clock.from.clone(),
            to: clock.to.clone(),
            limit: clock.limit.text(),
            inferred: clock.inferred,
        }
    }
}

impl StepPage {
    fn of(step: &Step) -> Self {
        let said = &step.said;
        let piece = |text: Text, mark| Piece { text, inferred: step.is_inferred(mark) };
        Self {
            at: said.at.clone(),
            label: said.label.as_deref().map(terms::label),
            kind: said.kind,
            kind_title: titles::kind(said.kind),
            who: piece(said.actor.title(), Inferred::Actor),
            at_system: said.with.map(|system| piece(Actor::System(system).title(), Inferred::With)),
            printed_actor: said.printed_actor.as_deref().map(printed_actor),
            what: said.what.clone(),
            text: said.text.clone(),
            restored: said.restored.clone(),
            when: terms::guard(step.guard()).map(|guard| piece(guard, Inferred::When)),
            does: said.does.iter().map(|verb| done(step, *verb)).collect(),
            checks: said.checks.iter().map(|check| piece(terms::check(*check), Inferred::Checks)).collect(),
            not_after: said
                .not_after
                .as_ref()
                .map(|last| format!("{:02}-{:02}", last.day.month, last.day.day)),
            within: said.within.map(|limit| piece(limit.text(), Inferred::Within)),
            receives: said.receives.as_ref().map(|received| {
                piece(terms::message(received.message, received.carries), Inferred::Receives)
            }),
            sends: sends(step),
            signed_by: said.signed_by.map(|person| piece(person.title(), Inferred::SignedBy)),
            carrier: said.carrier.map(terms::carrier),
            documents: said.documents.iter().map(|document| document_page(step, document)).collect(),
            refusal: said
                .refusal
                .as_ref()
                .map(|refusal| RefusalPage { code: refusal.code.clone(), message: refusal.message.clone() }),
            runs: said.runs.clone(),
            leads: leads(step),
            ends: said.ends,
            aside: said.aside,
            inferred: said.inferred.contains(&Inferred::Step),
            not_in_the_text: said.inferred.clone(),
            unsaid: said.inferred.iter().filter_map(|mark| terms::unsaid(*mark)).collect(),
        }
    }
}

/// The actor as printed, by the name of the word where it is one.
fn printed_actor(word: &str) -> Text {
    Actor::try_from(word.to_owned()).map_or_else(|_| Text::new(word, word, word), Actor::title)
}

fn done(step: &Step, verb: Verb) -> Piece {
    let mark = match verb {
        Verb::Sign => Some(Inferred::DoesSign),
        Verb::Deliver => Some(Inferred::DoesDeliver),
        Verb::Issue => Some(Inferred::DoesIssue),
        Verb::Print => Some(Inferred::DoesPrint),
        Verb::Refuse => Some(Inferred::DoesRefuse),
        _ => None,
    };
    let inferred = step.is_inferred(mark.unwrap_or(Inferred::Step));
    Piece { text: terms::verb(verb, step), inferred }
}

fn sends(step: &Step) -> Option<SendsPage> {
    let sends = step.said.sends.as_ref()?;
    let way = |way: Vec<signer::System>| way.into_iter().map(|s| terms::short(Actor::System(s))).collect();
    Some(SendsPage {
        message: terms::message(sends.message, sends.carries),
        asynchronous: sends.mode == Some(Mode::Async),
        ways: step.ways().map(way).collect(),
        otherwise_when: step.other_way_when().and_then(terms::guard),
        inferred: step.is_inferred(Inferred::Sends),
    })
}

fn document_page(step: &Step, document: &Document) -> DocumentPage {
    let guard = document.when.as_ref().and_then(|when| terms::guard(&when.all));
    DocumentPage {
        document: document.document,
        title: document.title.clone(),
        when: guard.map(|text| Piece { text, inferred: step.is_inferred(Inferred::Documents) }),
        appendix: document.appendix,
    }
}

fn leads(step: &Step) -> Vec<Lead> {
    let lead = |on, to: &String, mark| Lead { on, to: to.clone(), inferred: step.is_inferred(mark) };
    match &step.flow {
        Flow::Condition { yes, no } => {
            vec![lead("yes", yes, Inferred::Yes), lead("no", no, Inferred::No)]
        }
        Flow::Then(next) => vec![lead("then", next, Inferred::Then)],
        Flow::Ends(_) | Flow::Aside => Vec::new(),
    }
}
