//! The command line: what it prints and how it ends.

use std::collections::BTreeSet;

use serde_json::Value;
use signer::Code;
use tests::{Citizen, Ran, qaqpa};

fn runs(arguments: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let ran = qaqpa(folder.path(), arguments);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?} leaves nothing behind");
    ran
}

/// The hint of a command that did not go through.
fn hint(ran: &Ran) -> &str {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    ran.err.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap_or_default()
}

#[test]
fn play_all_prints_an_array_of_paths_and_ends_well() {
    let ran = runs(&["play", "--all", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let all = ran.json();
    let names: BTreeSet<&str> =
        all.as_array().unwrap().iter().filter_map(|path| path["path"].as_str()).collect();
    for path in [
        "queue-notice",
        "referral",
        "login-not-authentic",
        "certificate-expired",
        "certificate-revoked",
        "identity-mismatch",
        "every-check-fails",
        "documents-not-conforming",
    ] {
        assert!(names.contains(path), "{path} is not among {names:?}");
    }
    for path in all.as_array().unwrap() {
        assert_eq!(
            (&path["regulation"], &path["channel"]),
            (&Citizen::regulation().into(), &"portal".into())
        );
        assert_eq!(path["as_documented"], true, "{path}");
        assert!(path["outcome"].is_object() && path["crossings"].is_array(), "{path}");
        let steps = path["steps"].as_array().unwrap();
        assert!(steps.iter().all(|step| step["paragraph"].as_str().is_some_and(|p| p.starts_with("12."))));
        assert!(steps.len() >= 3, "{path}");
    }
}

#[test]
fn one_path_reads_like_the_regulation() {
    let selection = format!("{}/portal/certificate-revoked", Citizen::regulation());
    let ran = runs(&["play", &selection]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for words in [
        "as documented",
        "§12.6",
        "no: revoked",
        "keyCompromise",
        "OCSP",
        "§12.7",
        "shown",
        "nothing crossed",
    ] {
        assert!(ran.out.contains(words), "{words:?} is not in\n{}", ran.out);
    }
    for (lang, words) in [("kk", "регламентке сай"), ("ru", "по регламенту")] {
        let ran = runs(&["--lang", lang, "play", &selection]);
        assert!(ran.out.contains(words), "{lang}:\n{}", ran.out);
    }
}

#[test]
fn an_unknown_path_is_an_error_that_names_the_known_ones() {
    let unknown = format!("{}/portal/nonsense", Citizen::regulation());
    for selection in ["nonsense", unknown.as_str(), "mangystau"] {
        let ran = runs(&["play", selection]);
        assert!(hint(&ran).contains("/portal/queue-notice"), "{}", ran.err);
        assert!(ran.err.contains(&format!("`{selection}`")), "{}", ran.err);
    }
    assert_eq!(runs(&["play"]).code, 2, "nothing is selected");
}

#[test]
fn flaws_and_profiles_are_listed_with_what_they_mean() {
    let flaws = runs(&["cert", "flaws"]);
    assert_eq!(flaws.code, 0);
    for flaw in certs::Flaw::all() {
        assert!(flaws.out.lines().any(|line| line.starts_with(flaw.name()) && line.len() > 30), "{flaw}");
    }
    let profiles = runs(&["--json", "cert", "profiles"]).json();
    let names: Vec<&str> = profiles.as_array().unwrap().iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(names, certs::Profile::all().iter().map(|profile| profile.name()).collect::<Vec<_>>());
    assert!(profiles.as_array().unwrap().iter().all(|p| p["description"]["kk"].is_string()));
    assert_ne!(runs(&["--lang", "kk", "cert", "flaws"]).out, flaws.out);
}

#[test]
fn every_code_is_explained() {
    let listed = runs(&["explain"]);
    for code in Code::ALL {
        assert!(listed.out.lines().any(|line| line.starts_with(&format!("{code} "))), "{code}");
    }
    let ran = runs(&["explain", "message-replayed"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("HTTP 409") && ran.out.contains("hint: "), "{}", ran.out);
    let explained = runs(&["explain", "revocation-unknown", "--json"]).json();
    assert_eq!((&explained[0]["status"], &explained[0]["message"]["ru"].is_string()), (&503.into(), &true));
}

#[test]
fn an_unknown_code_is_an_error_with_a_hint() {
    let ran = runs(&["explain", "NOPE"]);
    assert!(hint(&ran).contains("qaqpa explain"), "{}", ran.err);
    assert!(ran.err.contains("`NOPE`"), "{}", ran.err);
}

#[test]
fn words_that_are_no_command_end_with_2() {
    for arguments in
        [vec![], vec!["nonsense"], vec!["up", "--nonsense"], vec!["--lang", "xx", "explain"], vec!["cert"]]
    {
        let ran = runs(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.err.is_empty());
    }
}

#[test]
fn a_sandbox_that_others_could_reach_wants_a_token() {
    for arguments in [
        vec!["up", "--ephemeral", "--listen", "0.0.0.0:0"],
        vec!["up", "--ephemeral", "--listen", "0.0.0.0:0", "--allow-remote"],
        vec!["up", "--ephemeral", "--listen", "[::]:0", "--control-token", "t"],
    ] {
        let ran = runs(&arguments);
        assert!(hint(&ran).contains("--control-token"), "{}", ran.err);
    }
}

#[test]
fn a_sandbox_that_is_not_there_is_an_error() {
    for arguments in
        [["journal", "--against", "http://127.0.0.1:9"], ["clock", "--against", "http://127.0.0.1:9"]]
    {
        let ran = runs(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("127.0.0.1:9"), "{}", ran.err);
        let hint = hint(&ran);
        assert!(hint.contains("qaqpa up") || hint.contains("--against"), "{}", ran.err);
    }
}

#[test]
fn json_is_json_and_nothing_else() {
    for arguments in
        [&["--json", "explain"][..], &["--json", "cert", "flaws"], &["--json", "regulations", "list"]]
    {
        let ran = runs(arguments);
        assert!(matches!(ran.json(), Value::Array(all) if !all.is_empty()), "{arguments:?}");
        assert_eq!(ran.err, "", "{arguments:?}");
    }
}
