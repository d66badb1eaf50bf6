//! A regulation as it is written: the shapes that TOML is read into, word for word.
//!
//! What is here is well-formed but not yet checked; [`super::load`] turns it into a
//! [`Regulation`](super::Regulation).

use std::collections::BTreeMap;

use certs::Text;
use serde::Deserialize;
use signer::System;

use crate::calendar::{Limit, NotAfter};

use super::vocabulary::{
    Actor, Carrier, CheckWord, End, Fact, FieldType, Inferred, Issued, Kind, Message, Mode, Person, Topic,
    Verb,
};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct File {
    /// The slug, the same as the file's name.
    pub id: String,
    /// Where the act is in force.
    pub region: Text,
    /// IANA name of the time zone its clocks run in.
    pub time_zone: String,
    /// What the service is called.
    pub title: Text,
    /// The act itself.
    pub act: Act,
    /// The request form.
    pub form: Form,
    /// The channels by name.
    pub channel: BTreeMap<String, Channel>,
    /// Procedures of the provider's staff that several channels run through, by name.
    #[serde(default)]
    pub procedure: BTreeMap<String, Procedure>,
    /// What the act says beside its steps, in its order.
    #[serde(default, rename = "statement")]
    pub statements: Vec<Statement>,
    /// How the act shortens names.
    #[serde(default, rename = "abbreviation")]
    pub abbreviations: Vec<Abbreviation>,
    /// Regulations of the same service that it adds to where they say nothing.
    #[serde(default)]
    pub overlays: Vec<String>,
}

/// A sentence of the act that is no step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The paragraph.
    pub at: String,
    /// What it speaks of.
    pub topic: Topic,
    /// The act's own words, white space collapsed.
    pub text: String,
    /// The same words in their order before the copy was damaged.
    pub restored: Option<String>,
    /// A short rendering.
    pub what: Text,
}

/// A shortened name as the act prints it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Abbreviation {
    /// Every form that the act prints.
    pub printed: Vec<String>,
    /// What it stands for: a system, or words.
    pub means: String,
    /// The paragraphs that expand it; none when none does.
    #[serde(default)]
    pub expanded_at: Paragraphs,
}

/// One paragraph, or several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
pub enum Paragraphs {
    /// None is named.
    #[default]
    None,
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Paragraphs {
    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(_) => 1,
            Self::Several(all) => all.len(),
        }
    }
}

/// Steps that channels run through in one of theirs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Procedure {
    /// The paragraph that describes it.
    pub paragraph: String,
    /// What it is called.
    pub title: Text,
    /// Its steps in printed order; `then = "return"` leads back.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// Who issued the act and what became of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Act {
    /// The issuing body, its number and date, where the text has them.
    pub issued: Option<Record>,
    /// The act that set the text out anew, as it is quoted.
    pub edition: Option<Record>,
    /// Registration by the justice bodies.
    pub registered: Option<Record>,
    /// The act that repealed it.
    pub repealed: Option<Record>,
    /// The text's name in the folder of texts, for the verbatim test.
    pub text: String,
}

/// A number and a date, and by whom.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The body, by office, never a person's name.
    pub by: Option<Text>,
    /// As printed.
    pub number: String,
    /// The day.
    pub on: toml::value::Datetime,
}

/// The request form and the documents copied into it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The fields in the order of the form.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// The documents whose copies are attached.
    #[serde(rename = "copy", default)]
    pub copies: Vec<Copy>,
}

/// One field of the request form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Field {
    /// Name in JSON.
    pub name: String,
    /// Type with its format check.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether it may be left out.
    #[serde(default)]
    pub optional: bool,
    /// Marks the identifier that is compared with the certificate's; where one of each kind is marked, one is filled
    /// in.
    #[serde(default)]
    pub declares_identity: bool,
    /// What the form prints beside it.
    pub label: Text,
    /// What a `choice` is between.
    #[serde(default)]
    pub options: Vec<Choosable>,
}

/// One of the values of a `choice`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choosable {
    /// The value in JSON.
    pub value: String,
    /// What the form prints beside it.
    pub label: Text,
}

/// A document of which a copy is attached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copy {
    /// Name in JSON.
    pub name: String,
    /// Whether it may be left out.
    #[serde(default)]
    pub optional: bool,
    /// What it is called.
    pub title: Text,
}

/// One channel of the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Channel {
    /// The paragraph that describes it.
    pub paragraph: String,
    /// What the channel is called.
    pub title: Text,
    /// The lanes of the diagram, left to right.
    pub lanes: Vec<Actor>,
    /// The diagram that the act refers to, as "appendix 1".
    pub diagram: Option<String>,
    /// A form of its own, in the place of the regulation's.
    pub form: Option<Form>,
    /// How long parts of it may take.
    #[serde(default, rename = "clock")]
    pub clocks: Vec<Clock>,
    /// The steps in the order they are gone through.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// How long it may take from one step to another of the same system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// A slug.
    pub name: String,
    /// What it is called.
    pub title: Text,
    /// It runs from when the case comes to this step …
    pub from: String,
    /// … until this one is done.
    pub to: String,
    /// How long that may take.
    pub limit: Limit,
    /// The paragraph that says so.
    pub at: String,
    /// The text says how long, but not from where to where.
    #[serde(default)]
    pub inferred: bool,
}

/// One step as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// The paragraph: the key inside the channel.
    pub at: String,
    /// The printed number, a label only.
    pub label: Option<String>,
    /// Action, process or condition.
    pub kind: Kind,
    /// Who acts.
    pub actor: Actor,
    /// The system a person acts at.
    pub with: Option<System>,
    /// The actor as printed, where that is a slip.
    pub printed_actor: Option<String>,
    /// The procedure that is run through here.
    pub runs: Option<String>,
    /// The deeds and acts in order.
    #[serde(default)]
    pub does: Vec<Verb>,
    /// The checks in printed order.
    #[serde(default)]
    pub checks: Vec<CheckWord>,
    /// The next step when every check holds.
    pub yes: Option<String>,
    /// The next step when a check fails.
    pub no: Option<String>,
    /// The next step.
    pub then: Option<String>,
    /// What ends here.
    pub ends: Option<End>,
    /// How long it may take, as the act says it.
    pub within: Option<Limit>,
    /// The last day for what is checked.
    pub not_after: Option<NotAfter>,
    /// The step is beside the way: what it receives is noted, and the case goes on where it stood.
    #[serde(default)]
    pub aside: bool,
    /// The step is only gone through when these facts hold.
    pub when: Option<When>,
    /// The message that leaves in this step.
    pub sends: Option<Sends>,
    /// The message that this step begins with.
    pub receives: Option<Receives>,
    /// Whose key signs.
    pub signed_by: Option<Person>,
    /// What holds the key that signs, where the text says it.
    pub carrier: Option<Carrier>,
    /// The documents it may issue; the first whose guard holds.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// The refusal it forms.
    pub refusal: Option<Refusal>,
    /// A few words for reports.
    pub what: Text,
    /// The act's own words, white space collapsed.
    pub text: Option<String>,
    /// The act's words in the order they had before the copy was damaged.
    pub restored: Option<String>,
    /// What the text does not say.
    #[serde(default)]
    pub inferred: Vec<Inferred>,
}

/// A guard: a list of named facts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// All of these hold.
    pub all: Vec<Fact>,
}

/// A message and its way.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sends {
    /// Which message.
    pub message: Message,
    /// The system it is for.
    pub to: System,
    /// The systems that pass it on, in order.
    #[serde(default)]
    pub through: Vec<System>,
    /// For an outcome: refusal or result.
    pub carries: Option<End>,
    /// How it crosses a gateway; `sync` when nothing is said.
    pub mode: Option<Mode>,
    /// Another way, gone when its facts hold.
    #[serde(rename = "or")]
    pub otherwise: Option<OtherWay>,
}

/// Another way for a message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherWay {
    /// The systems that pass it on, in order.
    pub through: Vec<System>,
    /// It is gone when these facts hold.
    pub when: When,
}

/// What a step waits for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receives {
    /// Which message.
    pub message: Message,
    /// For an outcome: refusal or result.
    pub carries: Option<End>,
}

/// A document that may be issued.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Which document.
    pub document: Issued,
    /// Only when these facts hold.
    pub when: Option<When>,
    /// Its title.
    pub title: Text,
    /// The appendix of the standard that has its form; its form is free without one.
    pub appendix: Option<u8>,
}

/// A refusal: its stable code and what the person reads.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Stable code for programs.
    pub code: String,
    /// Kazakh as near to the act as a message can be, with Russian and English.
    pub message: Text,
}
