//! `qaqpa status`

use certs::Lang;
use clap::Args;
use signer::{Code, Problem};
use uuid::Uuid;

use super::target::Against;
use super::{Done, Failure, Talk, say, say_json};
use crate::systems::desk::{Standing, Status as Stands};
use crate::walk::ShownClock;

/// Asks the contact centre how a case stands: where it waits, for whom, until when.
#[derive(Args)]
pub(super) struct Status {
    /// The case's id.
    case: Uuid,
    #[command(flatten)]
    against: Against,
}

impl Status {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let client = self.against.client()?;
        let path = format!("/contact-centre/status/{}", self.case);
        let known: Vec<Stands> = client.get(&path, None).await.map_err(|problem: Problem| {
            if problem.code == Code::NotFound {
                let hint = "a case lives in one world of one sandbox; --against URL (…/w/ID) says which";
                return Failure::usage(format!("no system knows the case {}", self.case), hint);
            }
            problem.into()
        })?;
        if talk.json {
            say_json(&known)?;
            return Ok(Done::Fine);
        }
        for status in &known {
            say(line(status, talk.lang))?;
            status.clocks.iter().try_for_each(|clock| say(clock_line(clock, talk.lang)))?;
        }
        Ok(Done::Fine)
    }
}

fn words(lang: Lang, kk: &'static str, ru: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Kk => kk,
        Lang::Ru => ru,
        Lang::En => en,
    }
}

fn line(status: &Stands, lang: Lang) -> String {
    let state = match status.state {
        Standing::Waits => words(lang, "күтеді", "ожидает", "waits"),
        Standing::Elsewhere => words(lang, "берілді", "передано", "passed on"),
        Standing::Ended => words(lang, "аяқталды", "завершено", "ended"),
        Standing::Stopped => words(lang, "тоқтатылды", "остановлено", "stopped"),
    };
    let what = status.what.as_ref().map(|what| format!("  {}", what.get(lang))).unwrap_or_default();
    let by = status.by.map(|by| format!("  ({})", by.title().get(lang))).unwrap_or_default();
    let due = status.due.map(|due| due_words(&due.to_string(), status.overdue, lang)).unwrap_or_default();
    format!("{:<21} {state:<10} §{}{what}{by}{due}", status.system.name(), status.step)
}

fn due_words(due: &str, overdue: bool, lang: Lang) -> String {
    let until = words(lang, "мерзімі", "срок", "due");
    let over = if overdue {
        words(lang, ", МЕРЗІМІ ӨТКЕН", ", ПРОСРОЧЕНО", ", OVERDUE")
    } else {
        ""
    };
    format!("  {until} {due}{over}")
}

fn clock_line(shown: &ShownClock, lang: Lang) -> String {
    let ended = shown.clock.ended.map(|ended| {
        let done = words(lang, "орындалды", "выполнено", "done");
        format!("  {done} {ended}")
    });
    format!(
        "{:<21} ⏱ §{} {}: {}{}{}",
        "",
        shown.paragraph,
        shown.title.get(lang),
        shown.limit.text().get(lang),
        due_words(&shown.clock.due.to_string(), shown.overdue, lang),
        ended.unwrap_or_default()
    )
}
