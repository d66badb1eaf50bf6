//! What a picture shows, before anything is placed: lanes, one node for each step, and edges.

use certs::Lang;

use crate::regulation::{Actor, End};

/// A channel of a regulation as a picture, in one language.
#[derive(Debug, Clone)]
pub struct Diagram {
    /// The language of the captions.
    pub lang: Lang,
    /// What kind of picture it is.
    pub kind: String,
    /// The regulation's id and the channel's name.
    pub id: String,
    /// What the service is called.
    pub title: String,
    /// Region, channel and paragraph.
    pub subtitle: String,
    /// The act: by whom, number, date, registration.
    pub act: String,
    /// By what it was repealed; or that nothing is known of that.
    pub status: String,
    /// Whether the act is repealed.
    pub repealed: bool,
    /// The columns, left to right.
    pub lanes: Vec<Lane>,
    /// The steps in printed order.
    pub nodes: Vec<Node>,
    /// What leads from step to step.
    pub edges: Vec<Edge>,
    /// How long parts of it may take.
    pub clocks: Vec<Clock>,
    /// Where a case begins that passes the first step by.
    pub past: Option<Past>,
    /// What is known of the case that is drawn over it.
    pub traced: Option<Traced>,
}

/// One column.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Who or what it belongs to.
    pub actor: Actor,
    /// Its heading.
    pub title: String,
    /// A heading for narrow columns.
    pub short: String,
}

/// Process box, condition diamond, or a note beside the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A box.
    Process,
    /// A diamond.
    Condition,
    /// A sheet: what came is noted, and the case goes on elsewhere.
    Aside,
}

/// Whether a case went along something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No case is drawn.
    Plain,
    /// Gone through.
    Gone,
    /// Not gone through.
    Not,
    /// A message that was not accepted.
    Refused,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Node {
    /// The step's key.
    pub at: String,
    /// `§12.3`, without the letter that the act does not print.
    pub paragraph: String,
    /// The printed number.
    pub label: Option<String>,
    /// Its symbol.
    pub shape: Shape,
    /// The system's column.
    pub lane: usize,
    /// A few words.
    pub what: String,
    /// Under what it is gone through at all.
    pub guard: Option<String>,
    /// Whose key signs.
    pub signed: Option<String>,
    /// The documents that it may issue.
    pub documents: Vec<String>,
    /// How long it may take, until which day it is open.
    pub within: Option<String>,
    /// What of it the text does not say.
    pub unsaid: Option<String>,
    /// Whether the text does not have the step at all.
    pub inferred: bool,
    /// The act's words.
    pub quote: Option<String>,
    /// What a person does at the system.
    pub deed: Option<Deed>,
    /// What the recipient is shown.
    pub delivery: Option<Delivery>,
    /// A question to a register and its answer.
    pub exchange: Option<Exchange>,
    /// What ends here.
    pub ends: Option<End>,
    /// Whether the case went through it.
    pub state: State,
    /// How a condition came out.
    pub answer: Option<bool>,
    /// What is noted beside it.
    pub notes: Vec<Note>,
}

/// A limit that holds for several steps.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The step it runs from, by index.
    pub from: usize,
    /// The step that stops it.
    pub to: usize,
    /// How long, in words.
    pub limit: String,
    /// The paragraph that sets it.
    pub paragraph: String,
    /// What it is for.
    pub what: String,
    /// Whether the text does not say where it begins and ends.
    pub inferred: bool,
}

/// A person's deeds at a system.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The person's column.
    pub lane: usize,
    /// What is done, one line each.
    pub what: Vec<String>,
    /// Whether something is shown to be filled in.
    pub both_ways: bool,
    /// Whether the text does not say it.
    pub inferred: bool,
}

/// A message to the recipient.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The recipient's column, where there is one.
    pub lane: Option<usize>,
    /// Refusal or result; `None` where neither is said.
    pub kind: Option<End>,
    /// What it is called.
    pub caption: String,
    /// Whether a person hands it over.
    pub by_hand: bool,
    /// Whether the text does not say it.
    pub inferred: bool,
}

/// A question to a register, answered while whoever asks waits; the answer comes back the same way.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The register's column.
    pub lane: usize,
    /// The columns of the systems that pass it on, in order.
    pub through: Vec<usize>,
    /// Whether the text does not say it.
    pub inferred: bool,
    /// Whether the case went along, hop by hop, there and back.
    pub hops: Vec<State>,
}

/// The beginning leads past the first step, where its guard does not hold.
#[derive(Debug, Clone)]
pub struct Past {
    /// The step where the case begins then.
    pub to: usize,
    /// The guard, negated.
    pub caption: String,
    /// Whether the text does not say it.
    pub inferred: bool,
    /// Whether the case began there.
    pub state: State,
}

/// Something noted beside a step.
#[derive(Debug, Clone)]
pub struct Note {
    /// Whether it marks the first difference.
    pub difference: bool,
    /// Its lines, each with a mark before it.
    pub lines: Vec<(Mark, String)>,
}

/// The mark before a line of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Holds.
    Yes,
    /// Does not hold.
    No,
    /// A difference.
    Differs,
    /// Goes on with the line before.
    None,
}

/// What an edge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// On to the next step.
    Then,
    /// Every check holds.
    Yes,
    /// One does not.
    No,
    /// A message between systems.
    Message,
    /// Past a step whose guard does not hold.
    Past,
}

/// What leads from one step to another.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The step it leaves, by index.
    pub from: usize,
    /// The step it enters.
    pub to: usize,
    /// What it is.
    pub role: Role,
    /// The step that it leads past, by index.
    pub past: Option<usize>,
    /// Written beside it.
    pub caption: Option<String>,
    /// The columns of the systems that pass a message on, in order.
    pub through: Vec<usize>,
    /// Whether it is the other way of a message, gone on a condition.
    pub other: bool,
    /// Whether the text does not say it.
    pub inferred: bool,
    /// Whether the case went along, hop by hop: one more than `through`.
    pub hops: Vec<State>,
}

/// The case that is drawn over the picture.
#[derive(Debug, Clone)]
pub struct Traced {
    /// The case.
    pub case: String,
    /// The first difference, with its paragraph, in words.
    pub difference: Option<String>,
}

impl Node {
    /// `§12.3 · 1 – шарт`
    pub fn head(&self) -> String {
        match &self.label {
            Some(label) => format!("§{} · {label}", self.paragraph),
            None => format!("§{}", self.paragraph),
        }
    }
}

impl Diagram {
    /// The column in which a case begins.
    pub fn begins(&self) -> Option<usize> {
        let first = self.nodes.first()?;
        Some(first.deed.as_ref().map_or(first.lane, |deed| deed.lane))
    }
}
