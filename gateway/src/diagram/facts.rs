//! What guards say in a picture, and what they say where they do not hold.

use certs::Lang;

use super::words;
use crate::regulation::Fact;

/// What a guard's fact says, and what it says where it does not hold; read after “if” but in Kazakh.
fn fact_words(fact: Fact) -> ([&'static str; 3], [&'static str; 3]) {
    match fact.word() {
        "not-registered-on-portal" => (
            ["порталда тіркелмеген болса", "не зарегистрирован", "not registered"],
            ["порталда тіркелген болса", "зарегистрирован", "registered"],
        ),
        "consent-required" => (
            ["заңда өзгеше көзделмесе", "законом не предусмотрено иное", "the law does not say otherwise"],
            ["заңда өзгеше көзделсе", "по закону иначе", "the law says otherwise"],
        ),
        "represented" => (
            ["өкіл келсе", "пришёл представитель", "represented"],
            ["алушының өзі келсе", "пришёл сам", "in person"],
        ),
        "attorney-notarised" => (
            ["сенімхат нотариалды болса", "доверен\u{ad}ность нотариальная", "notarised"],
            ["сенімхат нотариалды болмаса", "доверен\u{ad}ность не у нотариуса", "not notarised"],
        ),
        "place-available" => (
            ["орын болса", "есть место", "there is a place"],
            ["орын болмаса", "места нет", "there is no place"],
        ),
        "regional-route" => (
            [
                "ұйымға өңірлік шлюз арқылы жетсе",
                "организация за региональным шлюзом",
                "reached by the regional gateway",
            ],
            ["ұйымға ЭҮШ арқылы жетсе", "организация за ШЭП", "reached by the gateway"],
        ),
        "rural-akimat" => (
            ["ауыл әкіміне жүгінсе", "обратился к акиму села", "applies to a rural akim"],
            ["ауыл әкіміне жүгінбесе", "обратился не к акиму села", "does not apply to a rural akim"],
        ),
        word => ([word; 3], [word; 3]),
    }
}

fn only_if(said: &[&str], and: &str, lang: Lang) -> Option<String> {
    let joined = said.join(and);
    let joined = match lang {
        Lang::Kk => joined,
        Lang::Ru => format!("если {joined}"),
        Lang::En => format!("if {joined}"),
    };
    (!said.is_empty()).then(|| format!("[{joined}]"))
}

fn each(facts: &[Fact], lang: Lang, holds: bool) -> Vec<&'static str> {
    let said = facts.iter().map(|fact| {
        let (yes, no) = fact_words(*fact);
        let [kk, ru, en] = if holds { yes } else { no };
        match lang {
            Lang::Kk => kk,
            Lang::Ru => ru,
            Lang::En => en,
        }
    });
    said.collect()
}

/// A guard in brackets; nothing without facts.
pub(super) fn guard(facts: &[Fact], lang: Lang) -> Option<String> {
    only_if(&each(facts, lang, true), words::and(lang), lang)
}

/// The same where it does not hold.
pub(super) fn no_guard(facts: &[Fact], lang: Lang) -> Option<String> {
    only_if(&each(facts, lang, false), words::or(lang), lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_its_words() {
        for fact in Fact::ALL {
            let (holds, fails) = fact_words(*fact);
            assert!(holds[0] != fact.word() && fails[0] != fact.word(), "no words for {fact}");
        }
    }

    #[test]
    fn several_facts_are_one_guard() {
        let facts = [Fact::Represented, Fact::AttorneyNotarised];
        assert_eq!(guard(&facts, Lang::En).as_deref(), Some("[if represented and notarised]"));
        assert_eq!(no_guard(&facts, Lang::En).as_deref(), Some("[if in person or not notarised]"));
        assert_eq!(guard(&[], Lang::Kk), None);
    }
}
