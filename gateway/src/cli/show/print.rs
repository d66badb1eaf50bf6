//! A page as lines of text.

use std::fmt::Write as _;

use certs::{Lang, Text};

use super::channel::{ChannelPage, Piece, SendsPage, StepPage};
use super::page::{Group, Page, RecordPage};
use super::titles as t;

/// Writes a page in one language.
pub(super) struct Printer {
    lang: Lang,
    /// Whether the act's own words are printed.
    quote: bool,
    out: String,
}

impl Printer {
    pub(super) fn new(lang: Lang, quote: bool) -> Self {
        Self { lang, quote: quote || lang == Lang::Kk, out: String::new() }
    }

    pub(super) fn page(mut self, page: &Page) -> String {
        self.head(page);
        page.statements.iter().for_each(|group| self.group(group));
        self.abbreviations(page);
        page.channels.iter().for_each(|channel| self.channel(channel));
        self.line("");
        self.line(t::legend(self.lang));
        self.out
    }

    fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(text.as_ref());
        self.out.push('\n');
    }

    fn head(&mut self, page: &Page) {
        let lang = self.lang;
        self.line(page.title.get(lang));
        self.line(format!("{} · {} · {}", page.regulation, page.region.get(lang), page.time_zone));
        let records = [
            (t::issued(lang), &page.issued),
            (t::edition(lang), &page.edition),
            (t::registered(lang), &page.registered),
        ];
        for (title, record) in records {
            if let Some(RecordPage { by, number, on }) = record {
                let by = by.as_ref().map(|by| format!("{}, ", by.get(lang))).unwrap_or_default();
                self.line(format!("{title}: {by}№ {number}, {on}"));
            }
        }
        self.line(format!("{}: {}", t::status(lang), page.status.get(lang)));
        if !page.overlays.is_empty() {
            self.line(format!("{}: {}", t::overlays(lang), page.overlays.join(", ")));
        }
    }

    fn group(&mut self, group: &Group) {
        let lang = self.lang;
        let from = group.from.as_ref().map(|from| format!(" [{}: {from}]", t::from_passport(lang)));
        self.line("");
        self.line(format!("{}{}", group.title.get(lang), from.unwrap_or_default()));
        for said in &group.statements {
            let at = said.at.as_ref().map(|at| format!("§{at}  ")).unwrap_or_default();
            self.line(format!("  {at}{}", said.what.get(lang)));
            self.quoted(said.text.as_deref(), said.restored.as_deref());
        }
    }

    /// The act's own words; where the copy damaged them, as they are restored.
    fn quoted(&mut self, text: Option<&str>, restored: Option<&str>) {
        match (self.quote, text, restored) {
            (true, _, Some(restored)) => self.line(format!("      ⟲ «{restored}»")),
            (true, Some(text), None) => self.line(format!("      «{text}»")),
            _ => {}
        }
    }

    fn abbreviations(&mut self, page: &Page) {
        if page.abbreviations.is_empty() {
            return;
        }
        self.line("");
        self.line(t::abbreviations(self.lang));
        for short in &page.abbreviations {
            let expanded = if short.expanded_at.is_empty() {
                t::never_expanded(self.lang).to_owned()
            } else {
                format!("{} §{}", t::expanded(self.lang), short.expanded_at.join(", §"))
            };
            self.line(format!("  {}: {} ({expanded})", short.printed.join(", "), short.means.get(self.lang)));
        }
    }

    fn channel(&mut self, channel: &ChannelPage) {
        let lang = self.lang;
        self.line("");
        let diagram = channel.diagram.as_ref().map(|it| format!("; {}: {it}", t::diagram(lang)));
        let title = channel.title.get(lang);
        self.line(format!(
            "{}: {title} ({}, §{}{})",
            t::channel(lang),
            channel.channel,
            channel.paragraph,
            diagram.unwrap_or_default()
        ));
        for clock in &channel.clocks {
            let (title, limit) = (clock.title.get(lang), clock.limit.get(lang));
            let ends = format!(
                "{} §{} {} §{}{}",
                t::from(lang),
                clock.from,
                t::to(lang),
                clock.to,
                mark(clock.inferred)
            );
            self.line(format!("  {} §{}: {title}: {limit}, {ends}", t::clock(lang), clock.at));
        }
        channel.steps.iter().for_each(|step| self.step(step));
    }

    fn step(&mut self, step: &StepPage) {
        let lang = self.lang;
        let label = step.label.as_ref().map(|label| format!(" {} ·", label.get(lang))).unwrap_or_default();
        let who = match &step.at_system {
            Some(system) => {
                format!("{} {} {}", piece(&step.who, step, lang), t::at(lang), piece(system, step, lang))
            }
            None => piece(&step.who, step, lang),
        };
        self.line("");
        self.line(format!(
            "  §{}{}{label} {} · {who}",
            step.at,
            mark(step.inferred),
            step.kind_title.get(lang)
        ));
        self.line(format!("      {}", step.what.get(lang)));
        self.quoted(step.text.as_deref(), step.restored.as_deref());
        if let Some(slip) = &step.printed_actor {
            self.entry(t::printed(lang), slip.get(lang));
        }
        if let Some(guard) = &step.when {
            self.line(format!("      {}", piece(guard, step, lang)));
        }
        self.pieces(t::does(lang), &step.does, step);
        self.pieces(t::checks(lang), &step.checks, step);
        if let Some(day) = &step.not_after {
            self.entry(t::not_after(lang), day);
        }
        self.pieces(t::within(lang), &step.within, step);
        self.pieces(t::receives(lang), &step.receives, step);
        step.sends.iter().for_each(|sends| self.sends(sends, step));
        self.signer(step);
        self.made(step);
        if let Some(procedure) = &step.runs {
            self.entry(t::runs(lang), procedure);
        }
        for lead in &step.leads {
            let on = match lead.on {
                "yes" => t::yes(lang),
                "no" => t::no(lang),
                _ => t::then(lang),
            };
            self.line(format!("      {on} → §{}{}", lead.to, mark(lead.inferred && !step.inferred)));
        }
        if let Some(end) = step.ends {
            self.line(format!("      {}", t::end(end, lang)));
        }
        if step.aside {
            self.line(format!("      {}", t::aside(lang)));
        }
        let mut unsaid: Vec<&str> = step.unsaid.iter().map(|text| text.get(lang)).collect();
        if step.inferred {
            unsaid = vec![t::whole_step(lang)];
        }
        if !unsaid.is_empty() {
            self.line(format!("      [{}: {}]", t::unsaid(lang), unsaid.join(", ")));
        }
    }

    fn entry(&mut self, title: &str, text: &str) {
        self.line(format!("      {title}: {text}"));
    }

    fn pieces<'a>(&mut self, title: &str, pieces: impl IntoIterator<Item = &'a Piece>, step: &StepPage) {
        let said: Vec<String> = pieces.into_iter().map(|one| piece(one, step, self.lang)).collect();
        if !said.is_empty() {
            self.entry(title, &said.join("; "));
        }
    }

    fn sends(&mut self, sends: &SendsPage, step: &StepPage) {
        let lang = self.lang;
        let way = |way: &Vec<Text>| way.iter().map(|system| system.get(lang)).collect::<Vec<_>>().join(" → ");
        let mut text = format!("{}: ", sends.message.get(lang));
        text.push_str(&sends.ways.iter().map(way).collect::<Vec<_>>().join(&format!("; {} ", t::or(lang))));
        if let Some(when) = &sends.otherwise_when {
            let _ = write!(text, " {}", when.get(lang));
        }
        if sends.asynchronous {
            let _ = write!(text, ", {} ≈", t::asynchronously(lang));
        }
        self.entry(t::sends(lang), &format!("{text}{}", mark(sends.inferred && !step.inferred)));
    }

    fn signer(&mut self, step: &StepPage) {
        if let Some(person) = &step.signed_by {
            let carrier = step.carrier.as_ref().map(|carrier| format!(" ({})", carrier.get(self.lang)));
            let who = piece(person, step, self.lang);
            self.entry(t::signed_by(self.lang), &format!("{who}{}", carrier.unwrap_or_default()));
        }
    }

    /// What a step makes: documents, a refusal.
    fn made(&mut self, step: &StepPage) {
        let lang = self.lang;
        for document in &step.documents {
            let mut text = document.title.get(lang).to_owned();
            if let Some(number) = document.appendix {
                let _ = write!(text, " ({} {number})", t::appendix(lang));
            }
            if let Some(when) = &document.when {
                let _ = write!(text, " {}", piece(when, step, lang));
            }
            self.entry(t::documents(lang), &text);
        }
        if let Some(refusal) = &step.refusal {
            self.entry(t::refusal(lang), &format!("{} ({})", refusal.message.get(lang), refusal.code));
        }
    }
}

/// A piece with its mark; in a step that is inferred as a whole the step has it.
fn piece(piece: &Piece, step: &StepPage, lang: Lang) -> String {
    format!("{}{}", piece.text.get(lang), mark(piece.inferred && !step.inferred))
}

fn mark(inferred: bool) -> &'static str {
    if inferred { " ≈" } else { "" }
}
