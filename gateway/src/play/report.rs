//! What was played, for people and for programs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use certs::{Clock, Lang, Text};
use registries::store::EntryKind;
use serde::Serialize;
use signer::{Problem, System};

use super::Selected;
use super::human::Seen;
use super::judge::{Crossed, Deviation, crossed, judge};
use crate::faults::KeptRule;
use crate::regulation::{Actor, Choice, Inferred, Kind, PathEnd, Step, Verb};
use crate::walk::{Reason, ShownKind};

/// One played path: an entry of `play --json`.
#[derive(Debug, Serialize)]
pub struct Played {
    /// The regulation's id.
    pub regulation: String,
    /// The channel.
    pub channel: String,
    /// The path's name.
    pub path: String,
    /// The path's name for people.
    pub title: Text,
    /// Whether everything was as the regulation has it.
    pub as_documented: bool,
    /// Why the path was not played at all: nothing is known of it then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_played: Option<Problem>,
    /// The systems of somebody else: what they do inside was not observed, only what they sent and took.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub not_observable: BTreeSet<System>,
    /// What went wrong on purpose, and how often.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<KeptRule>,
    /// Every difference, the earliest first.
    pub deviations: Vec<Deviation>,
    /// What became of the act, in the time of whoever reads it.
    pub status: Text,
    /// How the path was to end and what was shown.
    pub outcome: Outcome,
    /// The steps of the path, with what the systems reported of them.
    pub steps: Vec<StepPlayed>,
    /// What crossed between systems.
    pub crossings: Vec<Crossed>,
    /// Where messages would have gone first, for the last line of a report.
    #[serde(skip)]
    first_way: Option<(String, String)>,
}

/// How a path ended.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// As the regulation has it.
    pub documented: PathEnd,
    /// What the human was shown: kind and code.
    pub shown: Vec<ShownBrief>,
    /// The case.
    pub case: String,
}

/// What was shown, in brief.
#[derive(Debug, Serialize)]
pub struct ShownBrief {
    /// Refusal, result or problem.
    pub kind: ShownKind,
    /// The refusal's code, the document's name or the problem's code.
    pub code: String,
    /// What the human read.
    pub message: Text,
    /// The checks that failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// One step of the path as it was played.
#[derive(Debug, Serialize)]
pub struct StepPlayed {
    /// The step's key.
    pub step: String,
    /// The paragraph to cite.
    pub paragraph: String,
    /// The number that the act prints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Who acts, and whom it concerns.
    pub who: String,
    /// A few words on it.
    pub what: Text,
    /// What the system reported: `done`, `yes`, `no`, `stopped`; `passed by` where a guard did not hold; `not
    /// observable` at somebody else's system; nothing where it was not come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Why a check failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// What the text does not say of it: the edge that was gone, who acts, or the whole step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inferred: Vec<Inferred>,
    #[serde(skip)]
    kind: Kind,
    #[serde(skip)]
    delivers: bool,
}

/// Judges what was lived.
pub(super) fn played(selected: &Selected<'_>, lived: &Seen) -> Played {
    let crossings = crossed(lived);
    let deviations = judge(selected, lived, &crossings);
    let steps = selected.path.steps.iter().filter_map(|gone| {
        let step = selected.channel.step(&gone.at)?;
        Some(step_played(step, gone.choice.as_ref(), lived))
    });
    let way = selected.channel.ways().next();
    let shown = lived.shown.iter().map(|shown| ShownBrief {
        kind: shown.kind,
        code: shown.code.clone(),
        message: shown.message.clone(),
        reasons: shown.reasons.clone(),
    });
    Played {
        regulation: selected.regulation.id.clone(),
        channel: selected.channel.name.clone(),
        path: selected.path.name.clone(),
        title: selected.path.title.clone(),
        as_documented: deviations.is_empty(),
        not_played: None,
        not_observable: of_path(selected, &lived.foreign),
        faults: Vec::new(),
        deviations,
        status: selected.regulation.status(Clock::system().now()),
        outcome: Outcome {
            documented: selected.path.end.clone(),
            shown: shown.collect(),
            case: lived.view.case.to_string(),
        },
        steps: steps.collect(),
        crossings,
        first_way: way.map(|(_, message, way)| (message.word().to_owned(), way[1].name().to_owned())),
    }
}

/// A path for which somebody else's system lets nobody of ours in, and what it said instead.
pub(super) fn not_played(selected: &Selected<'_>, at: System, problem: &Problem) -> Played {
    Played {
        regulation: selected.regulation.id.clone(),
        channel: selected.channel.name.clone(),
        path: selected.path.name.clone(),
        title: selected.path.title.clone(),
        as_documented: false,
        not_played: Some(problem.clone().by(at)),
        not_observable: BTreeSet::from([at]),
        faults: Vec::new(),
        deviations: Vec::new(),
        status: selected.regulation.status(Clock::system().now()),
        outcome: Outcome { documented: selected.path.end.clone(), shown: Vec::new(), case: String::new() },
        steps: Vec::new(),
        crossings: Vec::new(),
        first_way: None,
    }
}

/// Those systems that have a step on the path.
fn of_path(selected: &Selected<'_>, systems: &BTreeSet<System>) -> BTreeSet<System> {
    let on_path = selected.path.steps.iter().filter_map(|gone| selected.channel.step(&gone.at));
    let on_path: BTreeSet<System> = on_path.flat_map(Step::systems).collect();
    systems.intersection(&on_path).copied().collect()
}

fn step_played(step: &Step, choice: Option<&Choice>, lived: &Seen) -> StepPlayed {
    let report = lived
        .journal
        .iter()
        .rev()
        .find(|entry| entry.kind == EntryKind::Step && entry.body["step"] == step.at());
    let passed_by = matches!(choice, Some(Choice::PassedBy(_)));
    let otherwise = choice == Some(&Choice::OtherWay);
    let field = |name: &str| report.map(|entry| entry.body[name].clone()).unwrap_or_default();
    let result = match field("result").as_str() {
        _ if passed_by => Some("passed by".to_owned()),
        None if lived.foreign.contains(&step.system) => Some("not observable".to_owned()),
        reported => reported.map(str::to_owned),
    };
    StepPlayed {
        step: step.at().to_owned(),
        paragraph: step.paragraph().to_owned(),
        label: step.said.label.clone(),
        who: who(step, otherwise),
        what: step.said.what.clone(),
        result,
        reasons: serde_json::from_value(field("reasons")).unwrap_or_default(),
        inferred: step.said.inferred.clone(),
        kind: step.said.kind,
        delivers: step.does(Verb::Deliver),
    }
}

/// `recipient → portal`, `recipient ↔ portal` where something is shown to be filled in, `portal → gateway → …`.
fn who(step: &Step, otherwise: bool) -> String {
    let actor = step.said.actor;
    if let (Actor::Person(person), Some(with)) = (actor, step.said.with) {
        let arrow = if step.does(Verb::FillForm) { "↔" } else { "→" };
        return format!("{person} {arrow} {with}");
    }
    if let Some(way) = step.ways().nth(usize::from(otherwise)) {
        let way: Vec<&str> = way.iter().map(|system| system.name()).collect();
        return way.join(" → ");
    }
    if step.does(Verb::Deliver) {
        return format!("{actor} → recipient");
    }
    actor.to_string()
}

/// A report for people.
pub fn print(played: &Played, lang: Lang) -> String {
    let mut out = String::new();
    let head = format!("{} · {} · {}", played.regulation, played.channel, played.title.get(lang));
    let verdict = match (played.as_documented, played.deviations.first()) {
        _ if played.not_played.is_some() => words(lang, "not played"),
        (false, Some(first)) => words(lang, "deviates").replace("{}", &first.paragraph),
        _ if !played.not_observable.is_empty() => words(lang, "as documented, as far as observable"),
        _ => words(lang, "as documented"),
    };
    let _ = writeln!(out, "{head:<86}  {verdict}");
    if let Some(problem) = &played.not_played {
        let system = problem.system.as_deref().unwrap_or_default();
        let _ = writeln!(out, "  {system}: {}", told(problem, lang));
    }
    let width = played.steps.iter().map(|step| step.who.chars().count()).max().unwrap_or(0).min(52);
    for step in &played.steps {
        let label = step.label.as_deref().map(|label| translate(label, lang)).unwrap_or_default();
        let result = step.result.as_deref().unwrap_or("–");
        let result = match (result, step.delivers) {
            ("done", true) => words(lang, "shown"),
            ("no", _) if !step.reasons.is_empty() => String::new(),
            (result, _) => words(lang, result),
        };
        let what = step.what.get(lang);
        let line = format!("  §{:<7}{label:<14}{:<width$}  {what:<46}  {result}", step.paragraph, step.who);
        let _ = writeln!(out, "{}", line.trim_end());
        if step.kind == Kind::Condition {
            for reason in &step.reasons {
                let _ = writeln!(out, "  {:<22}{:<width$}  {}", "", "", reason.text.get(lang));
            }
        }
    }
    if let (true, Some((message, to))) = (played.crossings.is_empty(), &played.first_way) {
        let _ = writeln!(
            out,
            "  {}",
            words(lang, "nothing crossed").replace("{message}", message).replace("{}", to)
        );
    }
    for refused in played.crossings.iter().filter(|crossed| !crossed.accepted) {
        let Some(problem) = &refused.problem else { continue };
        let _ = writeln!(out, "  {} → {}: {}", refused.from, refused.to, told(problem, lang));
    }
    if !played.not_observable.is_empty() {
        let names: Vec<&str> = played.not_observable.iter().map(|system| system.name()).collect();
        let _ = writeln!(out, "  {}", words(lang, "not observed").replace("{}", &names.join(", ")));
    }
    for kept in &played.faults {
        let line = words(lang, "fault").replace("{done}", &kept.done.to_string());
        let line = line.replace("{matched}", &kept.matched.to_string());
        let _ = writeln!(out, "  {}", line.replace("{}", &kept.rule.to_string()));
    }
    let unsaid: Vec<String> = played.steps.iter().filter_map(unsaid).collect();
    if !unsaid.is_empty() {
        let _ = writeln!(out, "  {}", words(lang, "inferred").replace("{}", &unsaid.join(", ")));
    }
    if !played.deviations.is_empty() {
        let _ = writeln!(out, "  {}", words(lang, "case").replace("{}", &played.outcome.case));
    }
    for deviation in &played.deviations {
        let _ = writeln!(out, "  ✗ §{}: {}", deviation.paragraph, deviation.what);
    }
    out
}

/// A problem in a line: details are English alone.
fn told(problem: &Problem, lang: Lang) -> String {
    let detail = problem.detail.as_deref().filter(|_| lang == Lang::En).map(|detail| format!(" {detail}"));
    format!("{} ({}){}", problem.message.get(lang), problem.code, detail.unwrap_or_default())
}

/// What of a step the text does not say: `12.8b`, the whole step; `12.6: yes, no`.
fn unsaid(step: &StepPlayed) -> Option<String> {
    let what: Vec<&str> = step.inferred.iter().map(|mark| mark.word()).collect();
    match what.as_slice() {
        [] => None,
        ["step"] => Some(step.step.clone()),
        marks => Some(format!("{} ({})", step.step, marks.join(" "))),
    }
}

/// `5 – процесс`, `2-шарт`: the number and the word in the reader's language; Kazakh as printed.
fn translate(label: &str, lang: Lang) -> String {
    let number: String = label.chars().take_while(char::is_ascii_digit).collect();
    let condition = label.contains("шарт");
    match (lang, condition) {
        (Lang::Kk, _) => label.to_owned(),
        (Lang::Ru, true) => format!("условие {number}"),
        (Lang::Ru, false) => format!("процесс {number}"),
        (Lang::En, true) => format!("condition {number}"),
        (Lang::En, false) => format!("process {number}"),
    }
}

/// The few fixed words of a report.
fn words(lang: Lang, word: &str) -> String {
    let (kk, ru, en) = match word {
        "as documented" => ("регламентке сай", "по регламенту", "as documented"),
        "as documented, as far as observable" => (
            "бақыланған бөлігі регламентке сай",
            "по регламенту, насколько наблюдаемо",
            "as documented, as far as observable",
        ),
        "not observable" => ("бақыланбайды", "не наблюдается", "not observable"),
        "not observed" => (
            "ішкі қадамдары бақыланбайды: {}",
            "внутренние шаги не наблюдаются: {}",
            "inner steps not observable: {}",
        ),
        "fault" => (
            "ақау {}: {matched} реттің {done} ретінде жасалды",
            "сбой {}: сделан в {done} из {matched} случаев",
            "fault {}: done {done} of {matched} times",
        ),
        "inferred" => ("мәтінде жоқ: {}", "нет в тексте: {}", "not in the text: {}"),
        "case" => ("іс {}", "дело {}", "case {}: `qaqpa regulations diagram … --trace` draws it"),
        "not played" => (
            "ойнатылмады: бөтен жүйе ішке кіргізбейді",
            "не сыграно: чужая система не пускает",
            "not played: somebody else's system lets nobody of ours in",
        ),
        "deviates" => ("§{}: регламенттен ауытқу", "отклонение от §{}", "deviates at §{}"),
        "done" => ("орындалды", "выполнено", "ok"),
        "yes" => ("иә", "да", "yes"),
        "no" => ("жоқ", "нет", "no"),
        "shown" => ("көрсетілді", "показано", "shown"),
        "stopped" => ("тоқтатылды", "остановлено", "stopped"),
        "passed by" => ("қажет емес", "не требуется", "not needed"),
        "nothing crossed" => {
            ("{} жүйесіне ештеңе өткен жоқ", "в {} ничего не передано", "nothing crossed to the {}")
        }
        other => (other, other, other),
    };
    match lang {
        Lang::Kk => kk,
        Lang::Ru => ru,
        Lang::En => en,
    }
    .to_owned()
}
