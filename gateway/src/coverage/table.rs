//! The list for people.

use certs::Lang;

use super::judged::{Counts, Judged, Verdict};

/// How many names are printed before the rest is counted.
const NAMED: usize = 3;

/// One item: id, kind, paragraphs, what it is; what carries it; what exercises it, or why nothing does.
pub fn row(judged: &Judged, lang: Lang) -> String {
    let item = &judged.item;
    let at: Vec<String> = item.at.iter().map(|at| format!("§{at}")).collect();
    let what = item.what.get(lang);
    let head = format!("{}  {:<4}  {:<22}  {what:<52}", item.id, item.kind, at.join(", "));
    format!("{head}  {:<38}  {}", carriers(judged, lang), verdict(judged, lang)).trim_end().to_owned()
}

/// The last line: how many of each kind there are.
pub fn summary(counts: Counts, played: bool, lang: Lang) -> String {
    let Counts { items, executable, exercised, said, not_accounted } = counts;
    let done = if played { exercised } else { executable };
    let share = |count: usize| format!("{:.1} %", percent(count, items));
    let [done, said, left] = [done, said, not_accounted].map(|count| format!("{count} ({})", share(count)));
    let missed = if played { executable - exercised } else { 0 };
    let missed_share = share(missed);
    let (executed, untouched) = match (lang, played) {
        (Lang::Kk, true) => ("орындалады әрі сыналды", "орындалады, бірақ сыналмады"),
        (Lang::Ru, true) => ("исполнимо и пройдено", "исполнимо, но не пройдено"),
        (Lang::En, true) => ("executable and exercised", "executable and not exercised"),
        (Lang::Kk, false) => ("орындалады", ""),
        (Lang::Ru, false) => ("исполнимо", ""),
        (Lang::En, false) => ("executable", ""),
    };
    let missed = if missed == 0 { String::new() } else { format!(", {missed} ({missed_share}) {untouched}") };
    match lang {
        Lang::Kk => format!(
            "{items} тармақ: {done} {executed}{missed}, {said} айтылған әрі көрсетілген (себебімен), {left} ескерілмеген"
        ),
        Lang::Ru => format!(
            "{items} пунктов: {done} {executed}{missed}, {said} сказано и показано (с причиной), {left} не учтено"
        ),
        Lang::En => format!(
            "{items} items: {done} {executed}{missed}, {said} said and shown (with reason), {left} not accounted for"
        ),
    }
}

/// In tenths.
fn percent(count: usize, all: usize) -> f64 {
    let tenths = (count * 1000 + all / 2).checked_div(all).unwrap_or_default();
    f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
}

fn carriers(judged: &Judged, lang: Lang) -> String {
    // Steps of a procedure that several channels go through are one line of the act.
    let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in &judged.steps {
        match steps.iter_mut().find(|(step, _)| *step == name.step) {
            Some((_, channels)) => channels.push(&name.channel),
            None => steps.push((&name.step, vec![&name.channel])),
        }
    }
    let mut channels: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for (step, of) in steps {
        match channels.iter_mut().find(|(channels, _)| *channels == of) {
            Some((_, steps)) => steps.push(format!("§{step}")),
            None => channels.push((of, vec![format!("§{step}")])),
        }
    }
    let steps =
        channels.into_iter().map(|(channels, steps)| format!("{} {}", channels.join("+"), some_of(&steps)));
    let clocks = judged.clocks.iter().map(|clock| format!("⏱ {clock}"));
    let names: Vec<String> = steps.chain(clocks).collect();
    if !names.is_empty() {
        return names.join(", ");
    }
    let mut topics: Vec<&str> = Vec::new();
    for said in &judged.said {
        if !topics.contains(&said.topic.word()) {
            topics.push(said.topic.word());
        }
    }
    match lang {
        _ if topics.is_empty() => "–".to_owned(),
        Lang::Kk => format!("ереже: {}", topics.join(", ")),
        Lang::Ru => format!("положение: {}", topics.join(", ")),
        Lang::En => format!("statement: {}", topics.join(", ")),
    }
}

fn verdict(judged: &Judged, lang: Lang) -> String {
    match judged.verdict {
        Verdict::Executable => String::new(),
        Verdict::Said => reasons(judged, lang),
        Verdict::Exercised => exercised(judged, lang),
        Verdict::NotExercised => not_exercised(judged, lang),
        Verdict::NotAccounted => not_accounted(judged, lang),
    }
}

fn not_accounted(judged: &Judged, lang: Lang) -> String {
    if judged.missing.is_empty() && !judged.disordered.is_empty() {
        let at: Vec<String> =
            judged.disordered.iter().map(|name| format!("{} §{}", name.channel, name.step)).collect();
        let (at, order) = (some_of(&at), quoted(&judged.item.words));
        return match lang {
            Lang::Kk => format!("✗ {at} бұл ретпен емес:{order}"),
            Lang::Ru => format!("✗ {at} не в этом порядке:{order}"),
            Lang::En => format!("✗ {at} not in this order:{order}"),
        };
    }
    let words = quoted(if judged.missing.is_empty() { &judged.item.words } else { &judged.missing });
    match lang {
        Lang::Kk => format!("✗ ештеңе көтермейді{words}"),
        Lang::Ru => format!("✗ ничто не несёт{words}"),
        Lang::En => format!("✗ nothing carries it{words}"),
    }
}

/// Words behind a text.
fn quoted(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!(" `{word}`")).collect();
    words.join(",")
}

fn reasons(judged: &Judged, lang: Lang) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for said in &judged.said {
        if !reasons.contains(&said.reason.get(lang)) {
            reasons.push(said.reason.get(lang));
        }
    }
    reasons.join("; ")
}

fn exercised(judged: &Judged, lang: Lang) -> String {
    if !judged.both_ways {
        return some_of(&judged.paths);
    }
    let (holds, fails) = match lang {
        Lang::Kk => ("иә", "жоқ"),
        Lang::Ru => ("да", "нет"),
        Lang::En => ("yes", "no"),
    };
    format!("{holds}: {}; {fails}: {}", some_of(&judged.paths), some_of(&judged.fails))
}

fn not_exercised(judged: &Judged, lang: Lang) -> String {
    let left = some_of(&judged.untouched);
    let (words, seen) = (quoted(&judged.one_way), exercised(judged, lang));
    match (lang, judged.untouched.is_empty()) {
        (Lang::Kk, false) => format!("✗ ешбір жол өтпейді: {left}"),
        (Lang::Ru, false) => format!("✗ ни один путь не проходит: {left}"),
        (Lang::En, false) => format!("✗ no path comes by: {left}"),
        (Lang::Kk, true) => format!("✗ тек бір жаққа шешіледі{words}: {seen}"),
        (Lang::Ru, true) => format!("✗ решается только в одну сторону{words}: {seen}"),
        (Lang::En, true) => format!("✗ decided one way only{words}: {seen}"),
    }
}

/// The first names, and how many more there are.
fn some_of(names: &[String]) -> String {
    let first = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 if names.is_empty() => "–".to_owned(),
        0 => first,
        more => format!("{first} +{more}"),
    }
}
