//! `qaqpa regulations check`: a good file, and copies with one thing wrong.

use tests::{Ran, qaqpa};

const REGULATION: &str = tests::REGULATION;

/// Checks a changed copy.
fn checked(arguments: &[&str], change: impl FnOnce(&str) -> String) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let changed = change(REGULATION);
    std::fs::write(folder.path().join("copy.toml"), changed).unwrap();
    qaqpa(folder.path(), &[arguments, &["regulations", "check", "copy.toml"]].concat())
}

#[test]
fn the_built_in_regulation_can_be_used() {
    let ran = checked(&[], str::to_owned);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.contains("copy.toml: can be used"));
    // What is odd in the act is no fault of the file.
    let found = checked(&["--json"], str::to_owned).json();
    let notes = found.as_array().unwrap();
    assert!(!notes.is_empty() && notes.iter().all(|note| note["severity"] == "note"), "{found}");
}

#[test]
fn what_cannot_be_run_is_named_with_its_paragraph_and_a_hint() {
    let table = [
        ("unreachable-step", "§12.7", "no       = \"12.7\"", "no       = \"12.4\""),
        ("dead-end", "§12.11b", "ends     = \"result\"\n", ""),
        ("condition-without-refusal", "§12.6", "no       = \"12.7\"\n", ""),
        ("missing-paragraph", "portal §", "at       = \"12.11b\"", "at       = \"\""),
        ("unknown-step", "§12.2", "then     = \"12.3\"", "then     = \"12.33\""),
        ("paragraph-twice", "portal", "at       = \"12.4\"", "at       = \"12.7\""),
        ("no-message", "§12.8", "then     = \"12.8b\"", "then     = \"12.9\""),
        ("condition-without-check", "§12.9", "checks   = [\"documents-conform\"]", "checks   = []"),
        ("sign-and-signed-by", "§12.8", "signed-by = \"recipient\"\n", ""),
        ("unknown-time-zone", "", "\"Asia/Aqtau\"", "\"Asia/Nowhere\""),
    ];
    for (code, at, from, to) in table {
        assert!(REGULATION.contains(from), "{code}: {from:?} stands in the file");
        let ran = checked(&[], |text| text.replacen(from, to, 1));
        assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{code}: {ran:?}");
        let mut lines = ran.out.lines().skip_while(|line| !line.starts_with(&format!("error[{code}]")));
        let said = lines.next().unwrap_or_default();
        assert!(said.contains(at), "{code} does not cite {at:?}:\n{}", ran.out);
        let hint = lines.next().unwrap_or_default();
        assert!(hint.trim_start().starts_with("hint: ") && hint.len() > 12, "{code}:\n{}", ran.out);
        assert!(ran.out.contains("copy.toml: cannot be used"), "{}", ran.out);
    }
}

#[test]
fn diagnostics_are_data_as_well() {
    let found = checked(&["--json"], |text| text.replacen("ends     = \"result\"\n", "", 1)).json();
    let first = &found[0];
    assert_eq!((&first["severity"], &first["code"]), (&"error".into(), &"dead-end".into()));
    assert_eq!(first["at"], "portal §12.11b");
    assert!(first["message"].is_string() && first["hint"].is_string());
}

#[test]
fn unknown_words_are_answered_with_the_nearest_known_one() {
    let table = [
        ("verb", "\"attach-copies\"", "\"atach-copies\"", "attach-copies"),
        ("check", "\"documents-conform\"", "\"document-conforms\"", "documents-conform"),
        ("kind of step", "\"condition\"", "\"conditoin\"", "condition"),
    ];
    for (what, from, to, nearest) in table {
        let ran = checked(&[], |text| text.replacen(from, to, 1));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(&format!("unknown {what} `{}`", to.trim_matches('"'))), "{}", ran.err);
        assert!(ran.err.contains(&format!("nearest known one is `{nearest}`")), "{}", ran.err);
        assert!(ran.err.contains("line ") && ran.err.contains("hint: "), "{}", ran.err);
    }
}

#[test]
fn files_that_are_no_regulation_are_errors() {
    for content in ["", "not toml [", "id = \"x\"", "\u{0}"] {
        let ran = checked(&[], |_| content.to_owned());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{content:?}: {ran:?}");
        assert!(ran.err.contains("copy.toml") && ran.err.contains("hint: "), "{}", ran.err);
    }
    let without_at = checked(&[], |text| text.replacen("at       = \"12.2\"\n", "", 1));
    assert_eq!(without_at.code, 2);
    assert!(without_at.err.contains("missing field `at`"), "{}", without_at.err);
    let folder = tempfile::tempdir().unwrap();
    let missing = qaqpa(folder.path(), &["regulations", "check", "nothing.toml"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("nothing.toml") && missing.err.contains("hint: "), "{}", missing.err);
}

#[test]
fn the_regulations_are_listed_with_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    let listed = qaqpa(folder.path(), &["regulations", "list"]);
    assert_eq!(listed.code, 0, "{}", listed.err);
    for words in ["№ 182", "repealed by № 44", "/portal/queue-notice", "/portal/certificate-revoked"] {
        assert!(listed.out.contains(words), "{words:?} is not in\n{}", listed.out);
    }
}
