//! Planted mistakes: each is answered with the file, the step, what is wrong and what to do.

use gateway::regulation::{Diagnostic, LoadError, load};

#[path = "regulation_mistakes/slips.rs"]
mod slips;

const QUEUE: &str = include_str!("../regulations/mangystau-182-preschool-queue.toml");
const EXTERNAT: &str = include_str!("../regulations/mangystau-339-externat.toml");
const REGISTRY: &str = include_str!("../regulations/kyzylorda-1056-preschool-queue.toml");
const PASSPORT: &str = include_str!("../regulations/passport-preschool-queue.toml");

/// Loads a file with one text replaced by another.
fn broken(act: &str, from: &str, to: &str) -> LoadError {
    assert!(act.contains(from), "the file has no {from:?}");
    match load(&act.replacen(from, to, 1), "copy.toml") {
        Err(error) => error,
        Ok(_) => unreachable!("{from:?} → {to:?} is not found"),
    }
}

/// Files that can be read and not run: the act, what is replaced by what, the code, the place, what the message names.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str);

fn said(error: &LoadError) -> &[Diagnostic] {
    match error {
        LoadError::Wrong { diagnostics, .. } => diagnostics,
        other => unreachable!("{other}"),
    }
}

fn each_is_found(rows: &[Row<'_>]) {
    for (act, from, to, code, at, names) in rows {
        let error = broken(act, from, to);
        let found = said(&error);
        let finding =
            found.iter().find(|one| one.code == *code && one.at.as_deref().unwrap_or_default() == *at);
        let Some(finding) = finding else { unreachable!("{code} {at} is not in {error}") };
        assert!(finding.message.contains(names), "{code}: {finding}");
        assert!(finding.hint.len() > 8, "{code}: {finding}");
        assert!(error.to_string().starts_with("copy.toml: "), "{error}");
    }
}

#[test]
fn steps_that_hang_together_badly() {
    each_is_found(&[
        (
            QUEUE,
            "no       = \"12.7\"",
            "no       = \"12.4\"",
            "unreachable-step",
            "portal §12.7",
            "no step leads here",
        ),
        (QUEUE, "then     = \"12.2\"\n", "", "dead-end", "portal §12.1", "leads nowhere"),
        (QUEUE, "then     = \"12.2\"", "then     = \"12.99\"", "unknown-step", "portal §12.1", "`12.99`"),
        (QUEUE, "then     = \"12.8b\"", "then     = \"12.9\"", "no-message", "portal §12.8", "`provider`"),
        (QUEUE, "no       = \"12.4\"\n", "", "condition-without-refusal", "portal §12.3", "without `no`"),
        (QUEUE, "at       = \"12.4\"", "at       = \"12.3\"", "paragraph-twice", "portal §12.3", "same `at`"),
        (
            QUEUE,
            "at       = \"12.1\"",
            "at       = \"\"",
            "missing-paragraph",
            "portal §",
            "registration at the portal",
        ),
    ]);
}

#[test]
fn steps_that_lack_what_they_need() {
    let sign = "does     = [\"sign\", \"send\"]\nsigned-by = \"recipient\"\n";
    let unsigned = "does     = [\"sign\", \"send\"]\n";
    let refuse = "does     = [\"refuse\", \"deliver\"]";
    let sends =
        "sends    = { message = \"application\", to = \"regional-workstation\", through = [\"gateway\"] }\n";
    let lanes = "lanes = [\"recipient\", \"portal\", ";
    let laneless = "lanes = [\"portal\", ";
    each_is_found(&[
        (QUEUE, "inferred = [\"step\"]", "inferred = []", "missing-text", "portal §12.8b", "`text`"),
        (QUEUE, sign, unsigned, "sign-and-signed-by", "portal §12.8", "`signed-by`"),
        (QUEUE, refuse, "does     = [\"deliver\"]", "refuse-and-refusal", "portal §12.4", "`refusal`"),
        (QUEUE, sends, "", "send-and-sends", "portal §12.8", "`sends`"),
        (QUEUE, lanes, laneless, "actor-without-lane", "portal §12.1", "`recipient`"),
        (QUEUE, "with     = \"portal\"\n", "", "missing-system", "portal §12.1", "at no system"),
        (
            QUEUE,
            "checks   = [\"login-authentic\"]\n",
            "",
            "condition-without-check",
            "portal §12.3",
            "checks",
        ),
    ]);
}

#[test]
fn messages_that_go_astray() {
    let answered =
        "to = \"portal\", through = [\"regional-workstation\", \"gateway\"], carries = \"refusal\"";
    let outcome = "receives = { message = \"outcome\", carries = \"refusal\" }";
    // The regional workstation sends what the provider sends, by the same last hop.
    let registration =
        "sends    = { message = \"registration\", to = \"workstation\", through = [\"gateway\"] }";
    let as_outcome = "sends    = { message = \"outcome\", to = \"workstation\", through = [\"gateway\"], carries = \"refusal\" }";
    each_is_found(&[
        (
            QUEUE,
            "receives = { message = \"application\" }\n",
            "",
            "not-received",
            "portal §12.8",
            "no step receives",
        ),
        (QUEUE, answered, "to = \"portal\"", "outcome-and-carries", "portal §12.10", "`sends`"),
        (
            QUEUE,
            outcome,
            "receives = { message = \"outcome\" }",
            "outcome-and-carries",
            "portal §12.10b",
            "`receives`",
        ),
        (QUEUE, registration, as_outcome, "uncertain-sender", "state-corporation §11.10", "§11.8"),
    ]);
}

#[test]
fn procedures_clocks_and_days() {
    each_is_found(&[
        (
            EXTERNAT,
            "runs     = \"staff\"",
            "runs     = \"stuff\"",
            "unknown-procedure",
            "portal §11.11",
            "`stuff`",
        ),
        (
            EXTERNAT,
            "then     = \"return\"",
            "ends     = \"result\"",
            "no-return",
            "portal §11.11",
            "does not lead back",
        ),
        (
            EXTERNAT,
            "[procedure.staff]\n",
            "[procedure.spare]\nparagraph = \"1\"\ntitle = { kk = \"-\", ru = \"-\", en = \"-\" }\nstep = []\n\n[procedure.staff]\n",
            "unused-procedure",
            "",
            "`spare`",
        ),
        (
            EXTERNAT,
            "to    = \"11.12\"",
            "to    = \"11.12b\"",
            "clock-of-two-systems",
            "portal §11.11",
            "`portal`",
        ),
        (EXTERNAT, "to    = \"11.12\"", "to    = \"11.99\"", "unknown-step", "portal §11.11", "`whole`"),
        (
            EXTERNAT,
            "not-after = { day = \"12-01\", year-begins = \"09-01\" }\n",
            "",
            "deadline-and-check",
            "portal §8-p2",
            "`not-after`",
        ),
        (QUEUE, "\"Asia/Aqtau\"", "\"Asia/Nowhere\"", "unknown-time-zone", "", "Asia/Nowhere"),
    ]);
}

#[test]
fn forms_statements_and_overlays() {
    let choice = "type = \"text\"\n";
    let itself = "overlays  = [\"passport-preschool-queue\", ";
    each_is_found(&[
        (QUEUE, choice, "type = \"choice\"\n", "choice-and-options", "", "`options`"),
        (PASSPORT, "overlays  = [", itself, "overlays-itself", "", "`passport-preschool-queue`"),
        (
            PASSPORT,
            "overlays  = [",
            "overlays  = [\"mangystau-182-preschool-queue\", ",
            "overlay-twice",
            "",
            "`mangystau-182-preschool-queue`",
        ),
        (QUEUE, "at       = \"1.2\"", "at       = \"1.1\"", "statement-twice", "statement §1.1", "same `at`"),
        (
            QUEUE,
            "restored = \"4. Мемлекеттік қызмет көрсету",
            "restored = \"4. Мемлекеттік көрсету",
            "restored-words",
            "statement §4",
            "lacks «қызмет»",
        ),
        (
            QUEUE,
            "restored = \"5) 3 – процесс",
            "restored = \"5) 3 – жаңа процесс",
            "restored-words",
            "portal §12.5",
            "adds «жаңа»",
        ),
    ]);
}

#[test]
fn words_and_values_that_are_none() {
    // The act, what is replaced by what, the step, and what the message says.
    let rows = [
        (
            QUEUE,
            "\"sign-in\"",
            "\"sing-in\"",
            "portal §12.2: ",
            "unknown verb `sing-in`; the nearest known one is `sign-in`",
        ),
        (
            QUEUE,
            "\"login-authentic\"",
            "\"login-authentik\"",
            "portal §12.3: ",
            "unknown check `login-authentik`",
        ),
        (QUEUE, "with     = \"portal\"", "with     = \"portl\"", "portal §12.1: ", "portl"),
        (
            QUEUE,
            "actor    = \"recipient\"",
            "actor    = \"recipent\"",
            "portal §12.1: ",
            "the nearest known one is `recipient`",
        ),
        (
            QUEUE,
            "\"not-registered-on-portal\"",
            "\"not-registered\"",
            "portal §12.1: ",
            "unknown fact `not-registered`",
        ),
        (
            QUEUE,
            "message = \"application\"",
            "message = \"aplication\"",
            "portal §12.8: ",
            "the nearest known one is `application`",
        ),
        (
            QUEUE,
            "document = \"referral\"",
            "document = \"referal\"",
            "portal §12.11: ",
            "unknown document `referal`",
        ),
        (QUEUE, "\"does.sign\"", "\"does.sing\"", "portal §12.8: ", "unknown inferred mark `does.sing`"),
        (
            QUEUE,
            "kind     = \"condition\"",
            "kind     = \"conditoin\"",
            "portal §12.3: ",
            "unknown kind of step",
        ),
        (QUEUE, "topic    = \"provider\"", "topic    = \"providers\"", "", "unknown topic `providers`"),
        (
            QUEUE,
            "within   = \"10 min\"",
            "within   = \"10 minutes\"",
            "office §8.1: ",
            "is no time limit; write it as `15 min`",
        ),
        (EXTERNAT, "day = \"12-01\"", "day = \"02-30\"", "portal §8-p2: ", "\"02-30\" is no day of the year"),
        (QUEUE, "at       = \"12.2\"\n", "", "portal: ", "missing field `at`"),
        (QUEUE, "label    = \"1 – процесс\"\n", "lable = \"1\"\n", "portal §12.2: ", "unknown field `lable`"),
    ];
    for (act, from, to, at, says) in rows {
        let error = broken(act, from, to);
        assert!(matches!(error, LoadError::Malformed { .. }), "{error}");
        let error = error.to_string();
        assert!(error.starts_with(&format!("copy.toml: {at}")), "{at}: {error}");
        assert!(error.contains(says) && error.contains("line "), "{says}: {error}");
    }
}
