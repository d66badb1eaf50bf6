//! Reading regulation files and refusing those that could not be run.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path as FsPath;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use jiff::tz::TimeZone;

use super::diagnostic::{Diagnostic, LoadError, Severity};
use super::file;
use super::model::{Channel, Flow, Regulation, Step};
use super::vocabulary::{Actor, Inferred, Issued, Kind, Verb};
use super::warnings::warnings;

/// The regulations that the program carries.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/regulations");

/// The regulations of a world, by id.
#[derive(Debug, Clone, Default)]
pub struct Regulations(BTreeMap<String, Arc<Regulation>>);

impl Regulations {
    /// Those that the program carries.
    pub fn built_in() -> Result<Self, LoadError> {
        let mut all = Self::default();
        for file in BUILT_IN.files() {
            let name = file.path().display().to_string();
            let text = String::from_utf8_lossy(file.contents());
            all.add(load(&text, &name)?.0)?;
        }
        Ok(all)
    }

    /// Every `*.toml` of a folder, in place of the built-in ones.
    pub fn from_folder(folder: &FsPath) -> Result<Self, LoadError> {
        let unreadable = |source| LoadError::Unreadable { path: folder.display().to_string(), source };
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>())
            .map_err(unreadable)?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let mut all = Self::default();
        for path in files {
            all.add(Self::from_file(&path)?.0)?;
        }
        Ok(all)
    }

    /// One file, with its warnings.
    pub fn from_file(path: &FsPath) -> Result<(Regulation, Vec<Diagnostic>), LoadError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| LoadError::Unreadable { path: name.clone(), source })?;
        load(&text, &name)
    }

    /// Adds one.
    pub fn add(&mut self, regulation: Regulation) -> Result<(), LoadError> {
        let id = regulation.id.clone();
        match self.0.insert(id.clone(), Arc::new(regulation)) {
            None => Ok(()),
            Some(_) => Err(LoadError::Twice { id }),
        }
    }

    /// One by its id.
    pub fn regulation(&self, id: &str) -> Option<&Arc<Regulation>> {
        self.0.get(id)
    }

    /// All, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Regulation>> {
        self.0.values()
    }
}

/// Reads and checks one file; `name` is what messages call it.
///
/// # Errors
/// [`LoadError::Malformed`] for anything that is not TOML of the known keys and words, [`LoadError::Wrong`] for
/// a file that could not be run; the warnings of a good file come with it.
pub fn load(text: &str, name: &str) -> Result<(Regulation, Vec<Diagnostic>), LoadError> {
    let said: file::File = toml::from_str(text)
        .map_err(|source| LoadError::Malformed { path: name.to_owned(), source: Box::new(source) })?;
    let mut found = Findings { channel: None, diagnostics: Vec::new() };
    let time_zone = found.time_zone(&said);
    found.form(&said);
    let channels: Vec<Arc<Channel>> =
        said.channel.iter().map(|(name, channel)| Arc::new(found.channel(name, channel))).collect();
    let wrong = found.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    match time_zone {
        Some(time_zone) if !wrong => {
            found.diagnostics.extend(channels.iter().flat_map(|channel| warnings(channel)));
            Ok((Regulation { id: said.id.clone(), time_zone, channels, said }, found.diagnostics))
        }
        _ => Err(LoadError::Wrong { path: name.to_owned(), diagnostics: found.diagnostics }),
    }
}

/// What was found so far, and in which channel we are.
struct Findings {
    channel: Option<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Findings {
    fn error(&mut self, code: &'static str, at: Option<&str>, message: impl Into<String>, hint: &str) {
        let (severity, message) = (Severity::Error, message.into());
        let at = match (&self.channel, at) {
            (Some(channel), Some(at)) => Some(format!("{channel} §{at}")),
            (channel, at) => at.map(str::to_owned).or_else(|| channel.clone()),
        };
        self.diagnostics.push(Diagnostic { severity, code, at, message, hint: hint.to_owned() });
    }

    fn time_zone(&mut self, said: &file::File) -> Option<TimeZone> {
        let zone = TimeZone::get(&said.time_zone).ok();
        if zone.is_none() {
            let message = format!("`{}` is not a time zone", said.time_zone);
            self.error("unknown-time-zone", None, message, "write an IANA name, as \"Asia/Aqtau\"");
        }
        zone
    }

    fn form(&mut self, said: &file::File) {
        let declaring = said.form.fields.iter().filter(|field| field.declares_identity).count();
        if declaring != 1 {
            let message = format!("{declaring} fields are marked declares-identity");
            self.error(
                "identity-field",
                None,
                message,
                "mark the one field that is compared with the certificate",
            );
        }
        let mut names = BTreeSet::new();
        let all = said.form.fields.iter().map(|f| &f.name).chain(said.form.copies.iter().map(|c| &c.name));
        for name in all {
            if !names.insert(name) {
                self.error(
                    "name-twice",
                    None,
                    format!("the form has two entries `{name}`"),
                    "rename one of them",
                );
            }
        }
    }

    fn channel(&mut self, name: &str, said: &file::Channel) -> Channel {
        self.channel = Some(name.to_owned());
        let known: BTreeSet<&str> = said.steps.iter().map(|step| step.at.as_str()).collect();
        if said.steps.is_empty() {
            self.error("no-steps", None, "the channel has no steps", "add its first step");
        }
        if known.len() != said.steps.len() {
            self.error(
                "paragraph-twice",
                None,
                "two steps have the same `at`",
                "put a letter behind the second one",
            );
        }
        let steps: Vec<Step> = said.steps.iter().filter_map(|step| self.step(step, said, &known)).collect();
        if steps.len() == said.steps.len() && !steps.is_empty() {
            self.reachable(&steps);
            self.received(&steps);
        }
        self.channel = None;
        Channel {
            name: name.to_owned(),
            paragraph: said.paragraph.clone(),
            title: said.title.clone(),
            lanes: said.lanes.clone(),
            steps,
        }
    }

    fn step(&mut self, said: &file::Step, channel: &file::Channel, known: &BTreeSet<&str>) -> Option<Step> {
        let at = Some(said.at.as_str());
        if said.at.is_empty() || !said.at.starts_with(|c: char| c.is_ascii_digit()) {
            self.error(
                "missing-paragraph",
                at,
                "`at` is not a paragraph",
                "write the paragraph that is quoted, as in the act",
            );
        }
        if said.text.is_none() && !said.inferred.contains(&Inferred::Step) {
            self.error(
                "missing-text",
                at,
                "no `text`",
                "quote the act, or mark the step inferred = [\"step\"]",
            );
        }
        let system = match (said.actor, said.with) {
            (Actor::System(system), None) | (Actor::Person(_), Some(system)) => Some(system),
            (Actor::System(_), Some(_)) => {
                self.error("with-without-person", at, "`with` beside a system as actor", "remove `with`");
                None
            }
            (Actor::Person(_), None) => {
                self.error(
                    "missing-system",
                    at,
                    "a person acts, but at no system",
                    "say where: with = \"portal\"",
                );
                None
            }
        };
        let mut lanes = vec![said.actor];
        lanes.extend(said.with.map(Actor::System));
        if let Some(sends) = &said.sends {
            lanes.extend(sends.through.iter().chain([&sends.to]).copied().map(Actor::System));
        }
        for lane in lanes.into_iter().filter(|lane| !channel.lanes.contains(lane)) {
            let message = format!("`{lane}` is not a lane of the channel");
            self.error("actor-without-lane", at, message, "add it to `lanes`");
        }
        self.contents(said);
        let flow = self.flow(said, known);
        Some(Step { system: system?, flow: flow?, said: said.clone() })
    }

    /// That a step has what its verbs need.
    fn contents(&mut self, said: &file::Step) {
        let at = Some(said.at.as_str());
        let does = |verb| said.does.contains(&verb);
        let sending = does(Verb::Send) || does(Verb::Forward);
        if sending != said.sends.is_some() {
            self.error(
                "send-and-sends",
                at,
                "`send` or `forward` and `sends` belong together",
                "add the other one",
            );
        }
        if does(Verb::Refuse) != said.refusal.is_some() {
            self.error(
                "refuse-and-refusal",
                at,
                "`refuse` and `refusal` belong together",
                "add the other one",
            );
        }
        if does(Verb::Sign) != said.signed_by.is_some() {
            self.error(
                "sign-and-signed-by",
                at,
                "`sign` and `signed-by` belong together",
                "add the other one",
            );
        }
        if does(Verb::Issue) == said.documents.is_empty() {
            self.error(
                "issue-and-documents",
                at,
                "`issue` and `documents` belong together",
                "add the other one",
            );
        }
        if does(Verb::Issue) && said.documents.last().is_some_and(|last| last.when.is_some()) {
            let hint = "let the last document stand without `when`";
            self.error("no-document-left", at, "every document is guarded: none may hold", hint);
        }
        if said.documents.iter().any(|document| document.document == Issued::Refusal) {
            self.error("refusal-issued", at, "a refusal is not issued", "use `refuse` with a `refusal`");
        }
    }

    fn flow(&mut self, said: &file::Step, known: &BTreeSet<&str>) -> Option<Flow> {
        let at = Some(said.at.as_str());
        let target = |findings: &mut Self, next: &String| {
            if !known.contains(next.as_str()) {
                let message = format!("leads to `{next}`, which is not a step of the channel");
                findings.error("unknown-step", at, message, "name the paragraph of an existing step");
            }
            next.clone()
        };
        match (said.kind, &said.yes, &said.no, &said.then, said.ends) {
            (Kind::Condition, Some(yes), Some(no), None, None) => {
                if said.checks.is_empty() {
                    self.error(
                        "condition-without-check",
                        at,
                        "a condition without checks",
                        "list them in `checks`",
                    );
                }
                Some(Flow::Condition { yes: target(self, yes), no: target(self, no) })
            }
            (Kind::Condition, Some(_), None, None, None) => {
                let hint = "say where it leads when a check fails: no = \"…\", and mark it inferred";
                self.error("condition-without-refusal", at, "a condition without `no`", hint);
                None
            }
            (Kind::Condition, ..) => {
                self.error(
                    "condition-flow",
                    at,
                    "a condition has `yes` and `no` and nothing else",
                    "write both",
                );
                None
            }
            (Kind::Action | Kind::Process, None, None, Some(then), None) => {
                Some(Flow::Then(target(self, then)))
            }
            (Kind::Action | Kind::Process, None, None, None, Some(end)) => Some(Flow::Ends(end)),
            (Kind::Action | Kind::Process, None, None, None, None) => {
                self.error(
                    "dead-end",
                    at,
                    "the step leads nowhere",
                    "write `then`, or `ends` if the channel ends here",
                );
                None
            }
            (Kind::Action | Kind::Process, ..) => {
                self.error("step-flow", at, "a step has either `then` or `ends`", "remove what is too much");
                None
            }
        }
    }

    fn reachable(&mut self, steps: &[Step]) {
        let find = |at: &str| steps.iter().find(|step| step.at() == at);
        let mut reached = BTreeSet::new();
        let mut queue = VecDeque::from([&steps[0]]);
        while let Some(step) = queue.pop_front() {
            if !reached.insert(step.at()) {
                continue;
            }
            queue.extend(receiver(step, steps));
            match &step.flow {
                Flow::Condition { yes, no } => queue.extend([yes, no].into_iter().filter_map(|at| find(at))),
                Flow::Then(next) => queue.extend(find(next)),
                Flow::Ends(_) => {}
            }
        }
        for step in steps.iter().filter(|step| !reached.contains(step.at())) {
            self.error("unreachable-step", Some(step.at()), "no step leads here", "lead to it, or remove it");
        }
    }

    /// That every message sent has a step that receives it at its destination, and that a step hands over to
    /// another system by a message only.
    fn received(&mut self, steps: &[Step]) {
        for step in steps {
            if let Some(sends) = &step.said.sends
                && receiver(step, steps).is_none()
            {
                let message =
                    format!("sends `{}` to `{}`, where no step receives it", sends.message, sends.to);
                self.error(
                    "not-received",
                    Some(step.at()),
                    message,
                    "add `receives` to a step of the destination",
                );
            }
            let Flow::Then(next) = &step.flow else { continue };
            let Some(next) = steps.iter().find(|step| step.at() == next) else { continue };
            let handed_over = receiver(step, steps).is_some_and(|receiving| receiving.at() == next.at());
            if next.system != step.system && !handed_over {
                let message =
                    format!("goes on at §{} of `{}` without a message to it", next.at(), next.system);
                self.error("no-message", Some(step.at()), message, "add `sends` here and `receives` there");
            }
        }
    }
}

/// The step of the destination that begins with the message of this one.
fn receiver<'a>(step: &Step, steps: &'a [Step]) -> Option<&'a Step> {
    let sends = step.said.sends.as_ref()?;
    steps.iter().find(|other| {
        let received = other.said.receives.as_ref();
        other.system == sends.to
            && received.is_some_and(|r| r.message == sends.message && r.carries == sends.carries)
    })
}
