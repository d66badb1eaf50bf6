//! `qaqpa regulations show` and `check`, as the program prints them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Output};

fn qaqpa(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qaqpa")).args(arguments).env_remove("QAQPA_LANG").output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let ran = qaqpa(arguments);
    let error = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!((ran.status.code(), error.as_str()), (Some(0), ""), "{arguments:?}");
    String::from_utf8(ran.stdout).unwrap()
}

fn show(lang: &str, id: &str, more: &[&str]) -> String {
    printed(&[&["--lang", lang, "regulations", "show", id], more].concat())
}

fn has(page: &str, lines: &[&str]) {
    for line in lines {
        assert!(page.lines().any(|printed| printed.trim() == *line), "no line {line:?} in\n{page}");
    }
}

#[test]
fn a_page_has_head_statements_abbreviations_and_steps() {
    let page = show("en", "mangystau-182-preschool-queue", &[]);
    has(
        &page,
        &[
            "Queueing children under 7 for preschool organisations",
            "mangystau-182-preschool-queue · Mangystau oblast · Asia/Aqtau",
            "issued: akimat of Mangystau oblast, № 182, 2016-06-22",
            "registered: № 3084, 2016-07-22",
            "Result",
            "§9-p4  served within 15 minutes at most",
            "ЭҮШ: E-government gateway (nowhere written out)",
            "Channel: portal (portal, §12; diagram: appendix 1)",
            "§12.6 condition 2 · condition · E-government portal",
            "checks: in its validity period; not revoked; IIN matches",
            "yes → §12.8 ≈",
            "within: 10 min",
            "sends: application: portal → gateway → regional workstation",
            "signed by: Service recipient",
            "§12.8b ≈ action · Regional gateway workstation",
            "[not in the text: the whole step]",
            "[not in the text: who acts, signing]",
            "ends: refusal",
        ],
    );
    assert!(page.contains("status: repealed by № 44 of 2020-03-20"), "{page}");
    assert!(page.contains("Signs: ≈ not in the text"), "{page}");
    assert!(!page.contains("5 – процесс – көрсетілетін"), "the act's words are only for --quote");
}

#[test]
fn the_acts_own_words_stand_in_kazakh_and_on_demand() {
    let quoted = "«3) 1 – шарт – көрсетілетін қызметті алушының тіркелгені туралы ЖСН мен пароль арқылы деректердің түпнұсқалығын порталда тексеру;»";
    let page = show("kk", "mangystau-182-preschool-queue", &[]);
    has(&page, &[quoted, "§12.3 1 – шарт · шарт · «Электрондық үкіметтің» веб-порталы", "Нәтиже"]);
    assert!(
        page.contains("⟲ «4. Мемлекеттік қызмет көрсету бойынша рәсімді (іс-қимылды) бастауға Стандарттың")
    );
    has(&show("en", "mangystau-182-preschool-queue", &["--quote"]), &[quoted]);
}

#[test]
fn what_an_act_lacks_comes_from_the_passport_and_says_so() {
    let page = show("en", "kyzylorda-1056-preschool-queue", &[]);
    has(
        &page,
        &[
            "Price [from the passport: passport-preschool-queue]",
            "Time limits [from the passport: passport-preschool-queue]",
            "Documents needed [from the passport: passport-preschool-queue]",
            "§5.1  free of charge",
            "§3.1  30 minutes from the application",
            "printed: Service provider",
        ],
    );
    assert!(page.contains("or portal → "), "the other way:\n{page}");
    let own = show("en", "mangystau-182-preschool-queue", &[]);
    has(&own, &["Time limits", "Price [from the passport: passport-preschool-queue]"]);
    let other = show("ru", "mangystau-339-externat", &[]);
    assert!(!other.contains("из паспорта"), "the passport is of another service");
    has(&other, &["срок §11.11: оказание услуги: 15 рабочих дней, от §11.11 до §11.12", "не позднее: 12-01"]);
    has(&show("en", "passport-preschool-queue", &[]), &["status: status unknown", "§5.1  free of charge"]);
}

#[test]
fn the_same_is_data() {
    let page = show("en", "kyzylorda-1056-preschool-queue", &["--json"]);
    let page: serde_json::Value = serde_json::from_str(&page).unwrap();
    assert_eq!(page["regulation"], "kyzylorda-1056-preschool-queue");
    assert_eq!(page["repealed"]["number"], "163");
    let price =
        page["statements"].as_array().unwrap().iter().find(|group| group["topic"] == "price").unwrap();
    assert_eq!(price["from"], "passport-preschool-queue");
    let portal = page["channels"].as_array().unwrap().iter().find(|one| one["channel"] == "portal").unwrap();
    let step = portal["steps"].as_array().unwrap().iter().find(|step| step["at"] == "10.6").unwrap();
    assert_eq!(step["checks"].as_array().unwrap().len(), 3);
    assert_eq!((&step["leads"][1]["to"], &step["leads"][1]["inferred"]), (&"10.6b".into(), &true.into()));
    assert!(step["what"]["kk"].is_string() && step["text"].is_string());
}

#[test]
fn an_unknown_regulation_is_answered_with_the_known_ones() {
    let ran = qaqpa(&["regulations", "show", "nothing"]);
    let error = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2));
    assert!(error.contains("nothing") && error.contains("passport-preschool-queue"), "{error}");
}

#[test]
fn check_without_files_checks_and_compares_the_built_in_ones() {
    let page = printed(&["regulations", "check"]);
    assert!(page.contains("passport-preschool-queue: can be used ("), "{page}");
    assert!(page.contains("note[condition-without-refusal] portal §10.3: "), "{page}");
    assert!(page.contains("note[appendix-conflict] kyzylorda-1056-preschool-queue state-corporation §9-p5b"));
    let found: serde_json::Value =
        serde_json::from_str(&printed(&["--json", "regulations", "check"])).unwrap();
    assert!(found.as_array().unwrap().iter().all(|one| one["severity"] == "note"));
    assert_eq!(found[0]["file"], "akmola-a7-295-adoption-payment");
}

#[test]
fn check_compares_several_files_and_fails_for_errors_alone() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/regulations");
    let first = format!("{folder}/kyzylorda-1056-preschool-queue.toml");
    let second = format!("{folder}/mangystau-182-preschool-queue.toml");
    assert!(printed(&["regulations", "check", &first, &second]).contains("note[appendix-conflict]"));
    assert!(!printed(&["regulations", "check", &second]).contains("note[appendix-conflict]"));
}
