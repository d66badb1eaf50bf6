//! Regulation files: what is refused when one is loaded, and which paths come out of one.

#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use gateway::regulation::{CheckWord, Choice, Diagnostic, Issued, LoadError, PathEnd, load, paths};

const ACT: &str = include_str!("../regulations/mangystau-182-preschool-queue.toml");

fn diagnostics(change: impl FnOnce(String) -> String) -> Vec<Diagnostic> {
    match load(&change(ACT.to_owned()), "copy.toml") {
        Err(LoadError::Wrong { diagnostics, .. }) => diagnostics,
        Err(other) => panic!("{other}"),
        Ok(_) => Vec::new(),
    }
}

/// The code and place of the findings after replacing one text by another.
fn found(from: &str, to: &str) -> Vec<(String, String)> {
    assert!(ACT.contains(from), "the file has no {from:?}");
    let found = diagnostics(|text| text.replacen(from, to, 1));
    found.into_iter().map(|d| (d.code.to_owned(), d.at.unwrap_or_default())).collect()
}

#[test]
fn each_way_to_break_a_file_is_found_where_it_is() {
    let step = |code: &str, at: &str| vec![(code.to_owned(), format!("portal §{at}"))];
    let cases = [
        ("then     = \"12.2\"\n", "", step("dead-end", "12.1")),
        ("then     = \"12.2\"", "then     = \"99.9\"", step("unknown-step", "12.1")),
        ("no       = \"12.4\"\n", "", step("condition-without-refusal", "12.3")),
        ("checks   = [\"login-authentic\"]\n", "", step("condition-without-check", "12.3")),
        ("with     = \"portal\"\n", "", step("missing-system", "12.1")),
        ("lanes = [\"recipient\", ", "lanes = [", step("actor-without-lane", "12.1")),
        ("receives = { message = \"application\" }\n", "", step("not-received", "12.8")),
        (
            "does     = [\"refuse\", \"deliver\"]",
            "does     = [\"deliver\"]",
            step("refuse-and-refusal", "12.4"),
        ),
        ("signed-by = \"recipient\"\n", "", step("sign-and-signed-by", "12.8")),
    ];
    for (from, to, wanted) in &cases {
        let found = found(from, to);
        assert!(found.contains(&wanted[0]), "{from:?} → {to:?}: {found:?}");
    }
}

#[test]
fn a_step_that_nothing_leads_to_is_found() {
    let found = found("yes      = \"12.5\"", "yes      = \"12.8\"");
    for at in ["12.5", "12.6", "12.7"] {
        assert!(found.contains(&("unreachable-step".to_owned(), format!("portal §{at}"))), "{found:?}");
    }
}

#[test]
fn two_steps_of_one_paragraph_need_a_letter() {
    let found = found("at       = \"12.8b\"", "at       = \"12.8\"");
    assert!(found.iter().any(|(code, _)| code == "paragraph-twice"), "{found:?}");
}

#[test]
fn a_quotation_may_only_be_missing_where_the_step_is_inferred() {
    let found = found("inferred = [\"step\"]", "inferred = []");
    assert!(found.contains(&("missing-text".to_owned(), "portal §12.8b".to_owned())), "{found:?}");
}

#[test]
fn one_field_declares_the_identity_or_one_of_each_kind() {
    let wrong = [("identity-field".to_owned(), String::new())];
    assert_eq!(found("declares-identity = true\n", ""), wrong);
    let child = "name = \"child-iin\"\ntype = \"iin\"\n";
    assert_eq!(found(child, &format!("{child}declares-identity = true\n")), wrong, "two of one kind");
    let name = "name = \"applicant-name\"\ntype = \"text\"\n";
    assert_eq!(found(name, &format!("{name}declares-identity = true\n")), wrong, "a text");
    let bin = "name = \"child-iin\"\ntype = \"bin\"\ndeclares-identity = true\n";
    assert_eq!(found(child, bin), [], "an IIN or a BIN");
}

#[test]
fn what_holds_a_key_is_said_where_it_signs() {
    let found = found("does     = [\"register\"]\n", "does     = [\"register\"]\ncarrier  = \"kaztoken\"\n");
    assert_eq!(found, [("carrier-without-signature".to_owned(), "portal §12.1".to_owned())]);
}

#[test]
fn an_unknown_time_zone_is_found() {
    let found = found("Asia/Aqtau", "Asia/Nowhere");
    assert_eq!(found, [("unknown-time-zone".to_owned(), String::new())]);
}

#[test]
fn an_unknown_word_names_the_nearest_and_its_line() {
    let text = ACT.replacen("\"sign-in\"", "\"sing-in\"", 1);
    let error = load(&text, "copy.toml").unwrap_err().to_string();
    assert!(error.contains("unknown verb `sing-in`; the nearest known one is `sign-in`"), "{error}");
    assert!(error.contains("copy.toml") && error.contains("line"), "{error}");
}

#[test]
fn an_unknown_key_is_refused() {
    let error = load(&format!("colour = 1\n{ACT}"), "copy.toml").unwrap_err();
    assert!(matches!(error, LoadError::Malformed { .. }), "{error}");
}

#[test]
fn the_paths_go_along_every_edge() {
    let (regulation, _) = load(ACT, "act.toml").unwrap();
    let channel = regulation.channel("portal").unwrap();
    let paths = paths(channel);
    let names: Vec<&str> = paths.iter().map(|path| path.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "queue-notice",
            "already-registered",
            "login-not-authentic",
            "certificate-expired",
            "certificate-revoked",
            "identity-mismatch",
            "every-check-fails",
            "certificate-revoked-after-check",
            "documents-not-conforming",
            "referral",
        ]
    );
    // Every step is on some path; every terminal of the channel is reached.
    for step in &channel.steps {
        assert!(paths.iter().any(|path| path.steps.iter().any(|gone| gone.at == step.at())), "{}", step.at());
    }
    let end = |name: &str| paths.iter().find(|path| path.name == name).map(|path| path.end.clone()).unwrap();
    assert!(matches!(end("login-not-authentic"), PathEnd::Refused { at, .. } if at == "12.4"));
    assert!(matches!(end("every-check-fails"), PathEnd::Refused { at, .. } if at == "12.7"));
    assert!(matches!(
        end("documents-not-conforming"),
        PathEnd::Refused { at, shown_at, .. } if at == "12.10" && shown_at == "12.10b"
    ));
    assert!(matches!(end("referral"), PathEnd::Served { document: Issued::Referral, .. }));
    assert!(matches!(end("certificate-revoked-after-check"), PathEnd::Stopped { at, .. } if at == "12.8"));
}

#[test]
fn all_checks_together_fail_in_printed_order() {
    let (regulation, _) = load(ACT, "act.toml").unwrap();
    let paths = paths(regulation.channel("portal").unwrap());
    let together = paths.iter().find(|path| path.name == "every-check-fails").unwrap();
    let checks = vec![CheckWord::ValidityPeriod, CheckWord::NotRevoked, CheckWord::IdentityMatches];
    assert_eq!(together.choice("12.6"), Some(&Choice::Failing(checks)));
}

#[test]
fn a_path_that_ends_without_anything_shown_is_a_warning() {
    let (_, warnings) = load(ACT, "act.toml").unwrap();
    assert_eq!(warnings, []);
    let silent = ACT
        .replace("does     = [\"refuse\", \"deliver\"]", "does     = [\"refuse\"]")
        .replace("inferred = [\"does.deliver\"]\n", "")
        .replace("inferred = [\"actor\", \"does.deliver\"]", "inferred = [\"actor\"]");
    let (_, warnings) = load(&silent, "copy.toml").unwrap();
    let found: Vec<_> = warnings.iter().map(|w| (w.code, w.at.as_deref().unwrap_or_default())).collect();
    let silent = [
        "office §9-p3c",
        "portal §12.4",
        "portal §12.7",
        "state-corporation §9-p3c",
        "state-corporation §11.5",
    ];
    assert_eq!(found, silent.map(|at| ("nothing-shown", at)));
}
