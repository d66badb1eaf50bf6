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

/// What is played of each channel: every terminal that the text has or leaves to be inferred.
const PLAYED: &[(&str, &[&str])] = &[
    ("akmola-a7-295-adoption-payment/office", &["decision", "organisation"]),
    (
        "akmola-a7-295-adoption-payment/portal",
        &[
            "decision",
            "already-registered",
            "login-not-authentic",
            "organisation",
            "certificate-expired",
            "certificate-revoked",
            "identity-mismatch",
            "every-check-fails",
            "certificate-revoked-after-check",
        ],
    ),
    ("kyzylorda-1056-preschool-admission/office", &["contract", "in-person", "grounds-to-refuse"]),
    (
        "kyzylorda-1056-preschool-queue/office",
        &["queue-notice", "in-person", "grounds-to-refuse", "referral"],
    ),
    (
        "kyzylorda-1056-preschool-queue/portal",
        &[
            "queue-notice",
            "login-not-authentic",
            "identity-mismatch",
            "certificate-expired",
            "certificate-revoked",
            "every-check-fails",
            "regional-gateway",
            "grounds-to-refuse",
            "referral",
        ],
    ),
    (
        "kyzylorda-1056-preschool-queue/state-corporation",
        &[
            "queue-notice",
            "consent-not-required",
            "consent-refused",
            "package-incomplete",
            "in-person",
            "grounds-to-refuse",
            "referral",
            "plain",
        ],
    ),
    (
        "mangystau-182-preschool-queue/office",
        &[
            "queue-number-receipt",
            "in-person",
            "consent-not-required",
            "consent-refused",
            "referral",
            "plain",
        ],
    ),
    (
        "mangystau-182-preschool-queue/portal",
        &[
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
        ],
    ),
    (
        "mangystau-182-preschool-queue/state-corporation",
        &[
            "queue-notice",
            "consent-not-required",
            "consent-refused",
            "package-incomplete",
            "in-person",
            "attorney-otherwise-certified",
            "person-not-found",
            "attorney-not-found",
            "every-check-fails",
            "documents-not-conforming",
            "no-grounds",
            "every-check-fails-at-11.10b",
            "referral",
            "plain",
        ],
    ),
    (
        "mangystau-339-externat/portal",
        &[
            "order-copy",
            "login-not-authentic",
            "certificate-expired",
            "certificate-revoked",
            "identity-mismatch",
            "every-check-fails",
            "certificate-revoked-after-check",
            "filed-late",
            "documents-not-conforming",
            "no-grounds",
            "every-check-fails-at-11.10b",
        ],
    ),
    (
        "mangystau-339-externat/state-corporation",
        &[
            "order-copy",
            "consent-not-required",
            "consent-refused",
            "in-person",
            "attorney-otherwise-certified",
            "person-not-found",
            "attorney-not-found",
            "every-check-fails",
            "filed-late",
            "documents-not-in-registers",
            "documents-not-conforming",
            "no-grounds",
            "every-check-fails-at-10.8",
            "plain",
        ],
    ),
    (
        "passport-preschool-queue/complaint",
        &[
            "complaint-answer",
            "already-registered",
            "login-not-authentic",
            "about-corporation",
            "answer-not-accepted",
            "answer-not-accepted-at-7.8",
        ],
    ),
    (
        "passport-preschool-queue/home-intake",
        &[
            "queue-notice",
            "home-visit-not-due",
            "in-person",
            "consent-not-required",
            "consent-refused",
            "package-incomplete",
            "referral",
            "plain",
        ],
    ),
    (
        "passport-preschool-queue/office",
        &[
            "queue-notice",
            "in-town",
            "in-person",
            "consent-not-required",
            "consent-refused",
            "referral",
            "plain",
        ],
    ),
    (
        "passport-preschool-queue/portal",
        &[
            "queue-notice",
            "already-registered",
            "login-not-authentic",
            "consent-not-required",
            "consent-refused",
            "referral",
            "plain",
        ],
    ),
    (
        "passport-preschool-queue/state-corporation",
        &[
            "queue-notice",
            "in-person",
            "consent-not-required",
            "consent-refused",
            "package-incomplete",
            "referral",
            "plain",
        ],
    ),
];

#[test]
fn play_all_prints_an_array_of_paths_and_ends_well() {
    let ran = runs(&["play", "--all", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let all = ran.json();
    let all = all.as_array().unwrap();
    let text = |path: &Value, key: &str| path[key].as_str().unwrap_or_default().to_owned();
    let channel = |path: &Value| format!("{}/{}", text(path, "regulation"), text(path, "channel"));
    let channels: BTreeSet<String> = all.iter().map(channel).collect();
    assert_eq!(channels, PLAYED.iter().map(|(channel, _)| (*channel).to_owned()).collect());
    // Every terminal of every channel: what stands in the text, and what it leaves to be inferred.
    for (played, wanted) in PLAYED {
        let paths: Vec<&Value> = all.iter().filter(|path| channel(path) == *played).collect();
        let names: Vec<String> = paths.iter().map(|path| text(path, "path")).collect();
        let wanted: BTreeSet<&str> = wanted.iter().copied().collect();
        assert_eq!(names.iter().map(String::as_str).collect::<BTreeSet<_>>(), wanted, "{played}");
        assert_eq!(names.len(), wanted.len(), "{played}: each once");
        for path in paths {
            assert_eq!(path["as_documented"], true, "{path}");
            assert!(path["outcome"].is_object() && path["crossings"].is_array(), "{path}");
            let steps = path["steps"].as_array().unwrap();
            assert!(steps.iter().all(|step| !text(step, "paragraph").is_empty()), "{path}");
            assert!(steps.len() >= 3, "{path}");
            // What the text leaves to be inferred is said of each path: no act says where a case goes on to.
            assert!(steps.iter().any(|step| !step["inferred"].is_null()), "{path}");
        }
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
