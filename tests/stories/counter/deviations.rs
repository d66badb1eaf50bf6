//! `play` finds out what does not go by the act at the counter. Each deviation is planted in one system; the others,
//! and the judge, go by the act.

use gateway::play::Played;
use signer::System;
use tests::Town;

/// Plays one path and expects it to deviate, first at this paragraph.
async fn deviates(town: &Town, path: &str, paragraph: &str) -> Played {
    let played =
        town.play(&format!("mangystau-182-preschool-queue/state-corporation/{path}")).await.remove(0);
    assert!(!played.as_documented, "{path} went as documented");
    assert_eq!(played.deviations[0].paragraph, paragraph, "{path}: {:#?}", played.deviations);
    played
}

/// Changes one step of the channel, and nothing else.
fn in_step(text: &str, at: &str, from: &str, to: &str) -> String {
    let begins =
        text.find(&format!("[[channel.state-corporation.step]]\nat       = \"{at}\"\n")).expect("the step");
    let ends = text[begins + 2..].find("[[channel.").map_or(text.len(), |length| begins + 2 + length);
    let step = &text[begins..ends];
    assert!(step.contains(from), "{from} is not in {step}");
    format!("{}{}{}", &text[..begins], step.replace(from, to), &text[ends..])
}

/// Leaves out the steps of the channel from one until before another.
fn without(text: &str, from: &str, until: &str) -> String {
    let begins = |at: &str| text.find(&format!("[[channel.state-corporation.step]]\nat       = \"{at}\"\n"));
    let (from, until) = (begins(from).expect("the first step"), begins(until).expect("the step after"));
    format!("{}{}", &text[..from], &text[until..])
}

/// Where one system follows a copy with these changes of steps.
async fn where_one_follows(system: System, changes: &[(&str, &str, &str)]) -> Town {
    Town::where_one_follows(system, |text| {
        changes.iter().fold(text, |text, (at, from, to)| in_step(&text, at, from, to))
    })
    .await
}

#[tokio::test]
async fn every_path_is_as_documented_where_nothing_is_planted() {
    let town = Town::up().await;
    let all = town.play("mangystau-182-preschool-queue/state-corporation").await;
    assert!(all.len() > 10, "{}", all.len());
    for played in all {
        assert!(played.as_documented, "{}: {:#?}", played.path, played.deviations);
    }
}

#[tokio::test]
async fn the_workstation_serves_whom_condition_1_refuses() {
    let checks = "checks   = [\"person-found\", \"attorney-found\"]";
    let town =
        where_one_follows(System::Workstation, &[("11.4", checks, "checks   = [\"attorney-found\"]")]).await;
    deviates(&town, "person-not-found", "11.4").await;
    let town =
        where_one_follows(System::Workstation, &[("11.4", checks, "checks   = [\"person-found\"]")]).await;
    deviates(&town, "attorney-not-found", "11.4").await;
}

#[tokio::test]
async fn the_workstation_swaps_yes_and_no_of_condition_1() {
    let swapped =
        [("11.4", "yes      = \"11.6\"\nno       = \"11.5\"", "yes      = \"11.5\"\nno       = \"11.6\"")];
    let town = where_one_follows(System::Workstation, &swapped).await;
    deviates(&town, "queue-notice", "11.7").await;
    deviates(&town, "person-not-found", "11.4").await;
}

#[tokio::test]
async fn the_workstation_does_not_ask_the_notary_registry() {
    let past = ("11.3", "then     = \"11.3b\"", "then     = \"11.4\"");
    let check = ("11.4", "[\"person-found\", \"attorney-found\"]", "[\"person-found\"]");
    let town = Town::where_one_follows(System::Workstation, |text| {
        let text = [past, check].iter().fold(text, |text, (at, from, to)| in_step(&text, at, from, to));
        without(&text, "11.3b", "11.4")
    })
    .await;
    let played = deviates(&town, "queue-notice", "11.3").await;
    let what = &played.deviations[0].what;
    assert!(what.contains("`attorney-query` did not cross"), "{what}");
}

#[tokio::test]
async fn the_workstation_takes_no_consent() {
    let town = Town::where_one_follows(System::Workstation, |text| {
        // The counter's clock begins with the first thing that is done then.
        without(&text, "9-p3", "10").replace("from     = \"9-p3\"", "from     = \"10\"")
    })
    .await;
    deviates(&town, "consent-refused", "9-p3").await;
    deviates(&town, "queue-notice", "9-p2").await;
}

#[tokio::test]
async fn the_workstation_asks_although_consent_was_refused() {
    let town = where_one_follows(
        System::Workstation,
        &[
            ("9-p3b", "no       = \"9-p3c\"", "no       = \"10\""),
            ("9-p3b", "yes      = \"10\"", "yes      = \"9-p3c\""),
        ],
    )
    .await;
    deviates(&town, "consent-refused", "9-p3").await;
}

#[tokio::test]
async fn an_incomplete_package_is_accepted() {
    let swapped =
        [("10", "yes      = \"11.1\"\nno       = \"10b\"", "yes      = \"10b\"\nno       = \"11.1\"")];
    let town = where_one_follows(System::Workstation, &swapped).await;
    deviates(&town, "package-incomplete", "10").await;
}

#[tokio::test]
async fn a_refusal_without_a_receipt() {
    let town = Town::where_one_follows(System::Workstation, |text| {
        let text = in_step(&text, "10b", "[\"refuse\", \"issue\", \"deliver\"]", "[\"refuse\", \"deliver\"]");
        let receipt =
            "[[channel.state-corporation.step.documents]]\ndocument = \"acceptance-refusal-receipt\"\n";
        let begins = text.find(receipt).expect("the receipt");
        let ends = begins + text[begins..].find("\n\n").expect("its end");
        format!("{}{}", &text[..begins], &text[ends..])
    })
    .await;
    let played = deviates(&town, "package-incomplete", "10").await;
    assert!(played.deviations[0].what.contains("acceptance-refusal-receipt"), "{:#?}", played.deviations);
}

#[tokio::test]
async fn the_regional_workstation_says_no_number() {
    let town = Town::where_one_follows(System::RegionalWorkstation, |text| {
        let text = in_step(&text, "11.8", "[\"record\", \"send\"]", "[\"record\"]");
        let sends =
            "sends    = { message = \"registration\", to = \"workstation\", through = [\"gateway\"] }\n";
        let text = in_step(&text, "11.8", sends, "");
        let text = in_step(&text, "11.8", "\"receives\", \"sends\", \"then\"", "\"receives\", \"then\"");
        without(&text, "11.8c", "11.9")
    })
    .await;
    let played = deviates(&town, "queue-notice", "11.8").await;
    assert!(played.deviations[0].what.contains("`registration` did not cross"), "{:#?}", played.deviations);
}

#[tokio::test]
async fn the_provider_ignores_grounds() {
    let town = where_one_follows(
        System::Provider,
        &[("11.9", "[\"documents-conform\", \"grounds-exist\"]", "[\"documents-conform\"]")],
    )
    .await;
    deviates(&town, "no-grounds", "11.10").await;
}

#[tokio::test]
async fn the_result_is_shown_without_being_handed_over() {
    let town =
        where_one_follows(System::Workstation, &[("11.11", "[\"hand-over\", \"deliver\"]", "[\"deliver\"]")])
            .await;
    deviates(&town, "queue-notice", "11.11").await;
}

#[tokio::test]
async fn the_result_is_handed_over_and_never_shown() {
    let town = where_one_follows(
        System::Workstation,
        &[("11.11", "[\"hand-over\", \"deliver\"]", "[\"hand-over\"]"), ("11.11", "\"does.deliver\", ", "")],
    )
    .await;
    let played = deviates(&town, "queue-notice", "11.9").await;
    assert!(played.deviations[0].what.contains("was not shown"), "{:#?}", played.deviations);
}

#[tokio::test]
async fn the_workstation_takes_a_signature_of_another_role() {
    let town = where_one_follows(
        System::Workstation,
        &[("11.6", "signed-by = \"corporation-employee\"", "signed-by = \"provider-authorised-person\"")],
    )
    .await;
    deviates(&town, "queue-notice", "11.7").await;
}
