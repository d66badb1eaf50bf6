//! Reading regulation files and refusing those that could not be run.

mod before;
mod circle;
mod graph;
mod guards;
mod head;
mod marks;
mod place;
mod procedure;
mod said;
mod slips;
mod step;
mod texts;
mod time;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path as FsPath;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use jiff::tz::TimeZone;

use super::diagnostic::{Diagnostic, LoadError, Severity};
use super::file;
use super::model::{Channel, Regulation, Step};
use super::vocabulary::{FieldType, Topic};
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

    /// What a regulation says on a topic; where it says nothing, what those say that add to it. Each with whose it is.
    pub fn statements_on(&self, id: &str, topic: Topic) -> Vec<(&Regulation, &file::Statement)> {
        let of = |regulation: &Arc<Regulation>| {
            regulation.said.statements.iter().any(|statement| statement.topic == topic)
        };
        let own = self.0.get(id).filter(|own| of(own));
        let adds = |other: &&Arc<Regulation>| other.said.overlays.iter().any(|over| over == id);
        let sources: Vec<&Arc<Regulation>> = match own {
            Some(own) => vec![own],
            None => self.0.values().filter(adds).collect(),
        };
        let statements = sources.into_iter().flat_map(|regulation| {
            regulation.said.statements.iter().map(move |statement| (regulation.as_ref(), statement))
        });
        statements.filter(|(_, statement)| statement.topic == topic).collect()
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
    let said: file::File = toml::from_str(text).map_err(|source| {
        let at = source.span().and_then(|span| place::of(text, span.start));
        LoadError::Malformed { path: name.to_owned(), at, source: Box::new(source) }
    })?;
    let mut found = Findings { channel: None, diagnostics: Vec::new() };
    let time_zone = found.time_zone(&said);
    found.head(&said);
    found.texts(&said);
    found.form(&said.form);
    found.unused_procedures(&said);
    found.nested_procedures(&said);
    found.statements(&said.statements);
    found.overlays(&said);
    let channels: Vec<Arc<Channel>> =
        said.channel.iter().map(|(name, channel)| Arc::new(found.channel(name, channel, &said))).collect();
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

    fn form(&mut self, form: &file::Form) {
        let declaring = form.fields.iter().filter(|field| field.declares_identity);
        let mut kinds: Vec<FieldType> = declaring.map(|field| field.kind).collect();
        kinds.sort();
        if ![[FieldType::Iin].as_slice(), &[FieldType::Bin], &[FieldType::Iin, FieldType::Bin]]
            .contains(&kinds.as_slice())
        {
            let message = format!("{} fields are marked declares-identity", kinds.len());
            self.error(
                "identity-field",
                None,
                message,
                "mark what is compared with the certificate: one `iin`, one `bin`, or one of each",
            );
        }
        let mut names = BTreeSet::new();
        for field in &form.fields {
            if (field.kind == FieldType::Choice) == field.options.is_empty() {
                let message = format!("`{}`: `choice` and `options` belong together", field.name);
                self.error("choice-and-options", None, message, "add the other one");
            }
        }
        let all = form.fields.iter().map(|f| &f.name).chain(form.copies.iter().map(|c| &c.name));
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

    fn channel(&mut self, name: &str, said: &file::Channel, file: &file::File) -> Channel {
        self.channel = Some(name.to_owned());
        self.channel_texts(said);
        if let Some(form) = &said.form {
            self.form(form);
        }
        let said_steps = self.with_procedures(said, file);
        let known: BTreeSet<&str> = said_steps.iter().map(|step| step.at.as_str()).collect();
        if said_steps.is_empty() {
            self.error("no-steps", None, "the channel has no steps", "add its first step");
        }
        let mut seen = BTreeSet::new();
        for twice in said_steps.iter().filter(|step| !seen.insert(step.at.as_str())) {
            let message = "two steps have the same `at`";
            self.error("paragraph-twice", Some(&twice.at), message, "put a letter behind the second one");
        }
        let mut steps: Vec<Step> =
            said_steps.iter().filter_map(|step| self.step(step, said, &known)).collect();
        if steps.len() == said_steps.len() && !steps.is_empty() {
            self.reachable(&steps);
            self.received(&steps);
            self.certain_senders(&steps);
            self.circles(&steps);
            self.made_before(&steps);
            self.offers(&steps);
            self.clocks(&said.clocks, &steps);
            graph::name_authors(&mut steps);
        }
        self.channel = None;
        Channel {
            name: name.to_owned(),
            paragraph: said.paragraph.clone(),
            title: said.title.clone(),
            lanes: said.lanes.clone(),
            diagram: said.diagram.clone(),
            form: said.form.clone().unwrap_or_else(|| file.form.clone()),
            clocks: said.clocks.clone(),
            steps,
        }
    }
}
