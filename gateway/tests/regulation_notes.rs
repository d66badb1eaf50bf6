//! What `check` notes of the acts themselves: for each code, where the acts have it.
//!
//! The lists are those of an analyst who read the acts. Where they stand more widely here, the comment says why.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use gateway::regulation::{Diagnostic, Regulations, Severity, compare, load, notes};

const QUEUE_1056: &str = "kyzylorda-1056-preschool-queue";
const ADMISSION: &str = "kyzylorda-1056-preschool-admission";
const QUEUE_182: &str = "mangystau-182-preschool-queue";
const EXTERNAT: &str = "mangystau-339-externat";
const ADOPTION: &str = "akmola-a7-295-adoption-payment";
const PASSPORT: &str = "passport-preschool-queue";
const ALL: [&str; 6] = [QUEUE_1056, ADMISSION, QUEUE_182, EXTERNAT, ADOPTION, PASSPORT];

/// An act, and where a note stands in it.
type Places<'a> = (&'a str, &'a [&'a str]);

fn all(id: &str) -> Vec<Diagnostic> {
    notes(Regulations::built_in().unwrap().regulation(id).unwrap())
}

/// Where the notes with a code stand, sorted.
fn places(id: &str, code: &str) -> Vec<String> {
    let found = all(id).into_iter().filter(|note| note.code == code);
    let mut places: Vec<String> = found.map(|note| note.at.unwrap_or_default()).collect();
    places.sort();
    places
}

/// That a code stands exactly there in each act, and nowhere in those that are not named.
fn exactly(code: &str, wanted: &[Places<'_>]) {
    for id in ALL {
        let mut there =
            wanted.iter().find(|(known, _)| *known == id).map_or(Vec::new(), |(_, at)| at.to_vec());
        there.sort_unstable();
        assert_eq!(places(id, code), there, "{code} in {id}");
    }
}

/// That a code stands at least there.
fn at_least(code: &str, wanted: &[Places<'_>]) {
    for (id, there) in wanted {
        let found = places(id, code);
        for at in *there {
            assert!(found.iter().any(|found| found == at), "{code} in {id}: {at} is not among {found:?}");
        }
    }
}

#[test]
fn conditions_without_a_refusal() {
    // Beside those of the list: what follows a late application, and a person who is not to be visited.
    exactly(
        "condition-without-refusal",
        &[
            (QUEUE_1056, &["portal §10.3", "portal §10.6"]),
            (EXTERNAT, &["portal, state-corporation §8-p2", "state-corporation §10.4"]),
            (PASSPORT, &["home-intake §8.1b"]),
        ],
    );
}

#[test]
fn who_acts_is_not_said_or_misprinted() {
    // The list has the conditions and messages; the file marks every step whose actor is a reading.
    at_least(
        "actor-missing",
        &[
            (
                QUEUE_182,
                &[
                    "state-corporation §11.4",
                    "state-corporation §11.9",
                    "state-corporation §11.10",
                    "portal §12.7",
                    "portal §12.10",
                ],
            ),
            (
                EXTERNAT,
                &["state-corporation §10.4", "state-corporation §10.7", "portal, state-corporation §8.5"],
            ),
        ],
    );
    exactly("actor-suspect", &[(QUEUE_1056, &["portal §10.2"]), (PASSPORT, &["portal §4.11"])]);
    assert_eq!(places(QUEUE_1056, "actor-missing").iter().filter(|at| *at == "portal §10.2").count(), 0);
}

#[test]
fn abbreviations() {
    exactly(
        "inconsistent-abbreviation",
        &[(QUEUE_182, &["state-corporation §11.7"]), (EXTERNAT, &["§10.3, §11.8", "§10.6, §11.8"])],
    );
    // Where each stands first. «АЭҮШ» (§11.8) is the slip, which is nowhere written out either.
    exactly(
        "undefined-abbreviation",
        &[
            (QUEUE_182, &["portal §12.8", "portal §12.8", "state-corporation §11.8"]),
            (ADOPTION, &["§app2-legend-2"]),
        ],
    );
    let said: Vec<String> = all(QUEUE_182).into_iter().map(|note| note.message).collect();
    for form in ["ЭҮШ is nowhere", "ЭҮӨШ АЖО is nowhere", "АЭҮШ АЖО is nowhere"] {
        assert!(said.iter().any(|message| message.starts_with(form)), "{form}: {said:?}");
    }
    assert!(!said.iter().any(|message| message.starts_with("ЭҮАШ АЖО is nowhere")), "{said:?}");
}

#[test]
fn ways_results_and_channels() {
    exactly("alternative-route", &[(QUEUE_1056, &["portal §10.7"])]);
    // The reasoned refusal (§3) and paper (§4).
    exactly("result-without-step", &[(QUEUE_1056, &["§3", "§4"])]);
    exactly("step-without-channel", &[(EXTERNAT, &["staff §8.1"])]);
}

#[test]
fn limits_that_do_not_add_up() {
    exactly("sum-exceeds-total", &[(EXTERNAT, &["portal §11.11"])]);
    exactly("no-total", &[(ADMISSION, &["office §6"]), (ADOPTION, &["office §8", "portal §9"])]);
    let sum = |id, code| all(id).into_iter().find(|note| note.code == code).unwrap().message;
    assert!(sum(EXTERNAT, "sum-exceeds-total").contains("15 days and 30 min"));
    assert!(sum(ADMISSION, "no-total").contains("30 min"));
}

#[test]
fn conditions_in_the_paragraph_of_another_step() {
    // Beside those of the list: the sentences «if …, the employee refuses», which hold a condition and its refusal.
    exactly(
        "merged-condition",
        &[
            (QUEUE_1056, &["state-corporation §9-p5"]),
            (QUEUE_182, &["state-corporation §10"]),
            (EXTERNAT, &["state-corporation §10.7"]),
            (ADOPTION, &["portal §9-p3", "portal §9-p5"]),
            (PASSPORT, &["home-intake §8.1", "home-intake, state-corporation §4.13"]),
        ],
    );
}

#[test]
fn steps_without_a_printed_number() {
    // Beside those of the list: the offices, and the passport, which have no numbers at all.
    exactly(
        "unnumbered-step",
        &[
            (QUEUE_1056, &["office §6", "portal §10", "state-corporation §9"]),
            (ADMISSION, &["office §6"]),
            (QUEUE_182, &["office §8", "portal §12.1"]),
            (EXTERNAT, &["portal §11.1", "portal §11.11"]),
            (ADOPTION, &["office §8", "portal §9-p2"]),
            (PASSPORT, &["complaint §7", "home-intake §8", "office, portal, state-corporation §4"]),
        ],
    );
}

#[test]
fn what_copies_and_texts_lack() {
    exactly(
        "diagram-missing",
        &[
            (QUEUE_1056, &["office §6", "portal §10", "state-corporation §9"]),
            (ADMISSION, &["office §6"]),
            (QUEUE_182, &["office §8", "portal §12"]),
            (EXTERNAT, &["portal §11", "state-corporation §10"]),
            (ADOPTION, &["office §8", "portal §9"]),
        ],
    );
    exactly("status-unknown", &[(EXTERNAT, &[""]), (ADOPTION, &[""]), (PASSPORT, &[""])]);
    exactly("homonym", &[(ADMISSION, &["office §6.3", "office §6.3c", "office §6.4", "office §6.4b"])]);
}

#[test]
fn refusals_logins_signatures_checks() {
    exactly("late-refusal", &[(EXTERNAT, &["state-corporation §10.8"])]);
    exactly(
        "unchecked-login",
        &[(QUEUE_182, &["state-corporation §11.1"]), (EXTERNAT, &["state-corporation §10.1"])],
    );
    at_least(
        "implicit-signing",
        &[
            (QUEUE_182, &["portal §12.8", "portal §12.10", "state-corporation §11.10"]),
            (EXTERNAT, &["portal §11.8", "portal §11.10"]),
            (ADOPTION, &["portal §9-p7"]),
        ],
    );
    // The passport has no ground for refusing either.
    exactly("no-document-check", &[(ADOPTION, &["portal §8.3"]), (PASSPORT, &["portal §6.1"])]);
}

#[test]
fn acts_that_differ_in_the_form_of_a_receipt() {
    let loaded = Regulations::built_in().unwrap();
    let found = compare(loaded.iter().map(|regulation| &**regulation));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, "appendix-conflict");
    assert_eq!(found[0].at.as_deref(), Some("kyzylorda-1056-preschool-queue state-corporation §9-p5b"));
    assert!(found[0].message.contains("appendix 2 in kyzylorda-1056-preschool-queue"), "{found:?}");
    assert!(
        found[0]
            .message
            .contains("appendix 3 in mangystau-182-preschool-queue, mangystau-339-externat, passport")
    );
    assert_eq!(compare([&**loaded.regulation(QUEUE_182).unwrap()]), []);
}

#[test]
fn notes_are_no_errors_and_say_what_to_do() {
    for note in ALL.into_iter().flat_map(all) {
        assert_eq!(note.severity, Severity::Note, "{note}");
        assert!(!note.message.is_empty() && !note.hint.is_empty(), "{note}");
        assert!(note.to_string().starts_with(&format!("note[{}]", note.code)), "{note}");
    }
}

#[test]
fn what_the_file_repairs_is_noted_no_more() {
    let act = include_str!("../regulations/mangystau-339-externat.toml");
    let repealed = "[act]\nrepealed = { number = \"1\", on = 2020-01-01 }";
    let (regulation, _) = load(&act.replacen("[act]", repealed, 1), "copy.toml").unwrap();
    assert!(!notes(&regulation).iter().any(|note| note.code == "status-unknown"));
    let (regulation, _) =
        load(&act.replacen("\"15 working days\"", "\"16 working days\"", 1), "copy.toml").unwrap();
    assert!(!notes(&regulation).iter().any(|note| note.code == "sum-exceeds-total"));
}
