//! What stands on a page, top-down.

use askama::Template;
use certs::Text;
use jiff::Timestamp;

use super::electronic::Electronic;
use super::{Issue, words};
use crate::exchange::{Organisation, SPECIMEN};
use crate::regulation::file::Record;
use crate::regulation::{Issued, Regulation};
use crate::walk::Shown;

/// A page; the template puts it together.
#[derive(Template)]
#[template(path = "paper.html")]
pub(super) struct Sheet {
    /// That it is a specimen.
    mark: &'static str,
    /// Whose form it has.
    form: Option<Text>,
    /// Who issued it.
    issuer: Option<Organisation>,
    /// What it is.
    heading: Text,
    /// What the service is called.
    service: Text,
    /// The kind of document and where it was shown, for developers.
    for_developers: String,
    /// A refusal's message.
    message: Option<Text>,
    /// What else it says.
    rows: Vec<Row>,
    /// The electronic document that it is printed from or goes with.
    electronic: Option<Electronic>,
    /// Who signs it by hand; nobody signs a printout.
    by_hand: Option<Signed>,
}

/// One fact with its label.
struct Row {
    label: Text,
    value: Text,
}

/// The place for seal and signature.
#[derive(Default)]
struct Signed {
    /// Who signed.
    by: Option<Text>,
    /// When.
    at: Option<String>,
    /// Whether it was sealed.
    sealed: bool,
}

impl Sheet {
    /// The page of what was shown; of no issue, where nothing can be printed of the document.
    pub(super) fn of(
        shown: &Shown,
        issue: Option<&Issue>,
        electronic: Option<Electronic>,
        regulation: &Regulation,
        now: Timestamp,
    ) -> Self {
        Self {
            mark: SPECIMEN,
            form: issue.map(|issue| issue.appendix.map_or_else(words::free_form, words::form)),
            issuer: issue.map(|issue| issue.provider.clone()),
            heading: issue.map_or_else(|| shown.message.clone(), |issue| heading(issue, regulation)),
            service: regulation.said.title.clone(),
            for_developers: for_developers(shown, issue, regulation),
            message: issue.and_then(|issue| issue.message.clone()),
            rows: rows(shown, issue, regulation, now),
            by_hand: issue.and_then(|issue| signed(issue, electronic.as_ref(), regulation)),
            electronic,
        }
    }
}

/// A document's title; a refusal that has only the service's is called what it is.
fn heading(issue: &Issue, regulation: &Regulation) -> Text {
    if issue.document == Issued::Refusal && issue.title == regulation.said.title {
        return words::refusal();
    }
    issue.title.clone()
}

fn for_developers(shown: &Shown, issue: Option<&Issue>, regulation: &Regulation) -> String {
    let what = issue.map_or(shown.code.as_str(), |issue| issue.document.word());
    let code = issue.and_then(|issue| issue.code.as_deref()).map(|code| format!(" ({code})"));
    let code = code.unwrap_or_default();
    format!("{what}{code} · {} · paragraph {} · step {}", regulation.id, shown.paragraph, shown.step)
}

fn rows(shown: &Shown, issue: Option<&Issue>, regulation: &Regulation, now: Timestamp) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |label: Text, value: Text| rows.push(Row { label, value });
    if let Some(issue) = issue {
        row(words::made_at(), same(&moment(issue.made_at, regulation)));
        row(words::case(), same(&issue.subject.case.to_string()));
        if let Some(number) = issue.queue_number {
            row(words::queue_number(), same(&number.to_string()));
        }
        if let Some(organisation) = &issue.organisation {
            row(words::organisation(), same(organisation));
        }
        if let Some(grounds) = issue.grounds.as_deref().filter(|grounds| !grounds.is_empty()) {
            row(words::grounds(), same(grounds));
        }
        if let Some(channel) = regulation.channel(&issue.subject.channel) {
            row(words::channel(), channel.title.clone());
        }
    } else {
        row(words::shown_at(), same(&moment(shown.shown_at, regulation)));
    }
    row(words::act(), act(regulation));
    row(words::status(), regulation.status(now));
    rows
}

/// What is the same in every language.
fn same(text: &str) -> Text {
    Text::new(text, text, text)
}

/// The act by office, number and day, and the one that set it out anew.
fn act(regulation: &Regulation) -> Text {
    let act = &regulation.said.act;
    let all = [(act.issued.as_ref(), false), (act.edition.as_ref(), true)];
    let cited = all.into_iter().filter_map(|(record, edition)| record.map(|record| cited(record, edition)));
    let joined = cited.reduce(|one, other| {
        let join = |one: &str, other: &str| format!("{one}; {other}");
        Text::new(join(&one.kk, &other.kk), join(&one.ru, &other.ru), join(&one.en, &other.en))
    });
    joined.unwrap_or_else(words::no_number)
}

fn cited(record: &Record, edition: bool) -> Text {
    let on = record.on.date.map_or_else(
        || record.on.to_string(),
        |date| format!("{:02}.{:02}.{}", date.day, date.month, date.year),
    );
    let Text { kk, ru, en } = words::numbered(&record.number, &on, edition);
    match &record.by {
        Some(by) => {
            Text::new(format!("{}, {kk}", by.kk), format!("{}, {ru}", by.ru), format!("{}, {en}", by.en))
        }
        None => Text { kk, ru, en },
    }
}

/// What is signed by hand, or waits to be; a printed electronic document needs it only where the act has it signed.
fn signed(issue: &Issue, electronic: Option<&Electronic>, regulation: &Regulation) -> Option<Signed> {
    match &issue.by_hand {
        Some(hand) => Some(Signed {
            by: Some(hand.person.title()),
            at: Some(moment(hand.signed_at, regulation)),
            sealed: hand.sealed,
        }),
        None if electronic.is_some_and(|electronic| electronic.is_printed) => None,
        None => Some(Signed::default()),
    }
}

/// A moment where the act is in force, with that zone's distance from UTC.
pub(super) fn moment(at: Timestamp, regulation: &Regulation) -> String {
    at.to_zoned(regulation.time_zone.clone()).strftime("%d.%m.%Y %H:%M (UTC%:z)").to_string()
}
