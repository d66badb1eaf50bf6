//! What the systems do follows the file they were given, with no change of code.

use gateway::play::Played;
use tests::{Citizen, Town};

fn changed_everywhere(
    change: impl Fn(String) -> String,
) -> (gateway::regulation::Regulations, impl Fn(String) -> String) {
    (Town::changed(&change), change)
}

async fn played_by_the_copy(change: impl Fn(String) -> String, path: &str) -> Played {
    let (regulations, change) = changed_everywhere(change);
    let town = Town::following(change).await;
    let selection = format!("{}/portal/{path}", Citizen::regulation());
    town.play_by(regulations, &selection).await.remove(0)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of a change of the text")]
fn other_order(text: String) -> String {
    text.replace(
        "checks   = [\"certificate-in-validity-period\", \"certificate-not-revoked\", \"identity-matches\"]",
        "checks   = [\"identity-matches\", \"certificate-in-validity-period\", \"certificate-not-revoked\"]",
    )
}

#[tokio::test]
async fn the_reasons_come_in_the_order_of_the_file() {
    let played = played_by_the_copy(other_order, "every-check-fails").await;
    assert!(played.as_documented, "{:?}", played.deviations);
    let codes: Vec<&str> =
        played.outcome.shown[0].reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["identity-mismatch", "certificate-expired", "certificate-revoked"]);

    // The same systems, judged by the act's own order, deviate where the checks stand.
    let town = Town::following(other_order).await;
    let judged = town.play(&format!("{}/portal/every-check-fails", Citizen::regulation())).await.remove(0);
    assert_eq!(judged.deviations[0].paragraph, "12.6");
}

#[tokio::test]
async fn a_message_is_shown_in_the_words_of_the_file() {
    let words = "Куәлігіңіз жарамсыз.";
    let town = Town::following(|text| {
        text.replace("ЭЦҚ түпнұсқалығының расталмауына байланысты сұралған қызметтен бас тартылды.", words)
    })
    .await;
    let played = town.play(&format!("{}/portal/certificate-expired", Citizen::regulation())).await.remove(0);
    assert_eq!(played.outcome.shown[0].message.kk, words);
    assert_eq!(played.deviations[0].paragraph, "12.7");
}

#[tokio::test]
async fn a_removed_step_is_not_gone_through() {
    // Without the condition, nobody checks the certificate at the portal.
    let without_check = |text: String| {
        let from = text.find("[[channel.portal.step]]\nat       = \"12.6\"").unwrap();
        let to = text.find("[[channel.portal.step]]\nat       = \"12.8\"").unwrap();
        let mut text = text;
        text.replace_range(from..to, "");
        text.replace("then     = \"12.6\"", "then     = \"12.8\"")
    };
    let town = Town::following(without_check).await;
    let mut citizen = Citizen::arrives_with(&town, |order| registries::ca::OrderRequest {
        flaws: vec!["expired".to_owned()],
        ..order
    })
    .await;
    citizen.enters().await.unwrap();
    let view = citizen.fills_in().await.unwrap();
    assert_eq!(view["awaits"]["step"], "12.8", "the expired certificate was not looked at: {view}");
}

#[tokio::test]
async fn registration_is_asked_of_everybody_without_the_guard() {
    let for_all = |text: String| text.replace("when     = { all = [\"not-registered-on-portal\"] }\n", "");
    let town = Town::following(for_all).await;
    let mut citizen = Citizen::arrives(&town).await;
    let credentials = citizen.credentials();
    let problem = citizen.deed("session", &credentials).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("step-out-of-order", Some("12.1")));
}

#[test]
fn no_service_and_no_paragraph_stands_in_the_code() {
    let mut found = Vec::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for crate_name in ["certs", "signer", "registries", "gateway"] {
        look(&root.join(crate_name).join("src"), &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Lines of code, tests left out, that hold the name of a service or the key of a step.
fn look(folder: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            let names = ["mangystau", "kyzylorda", "akmola", "preschool", "externat", "adoption"];
            let service = names.iter().any(|name| line.contains(name));
            let step = ["\"12.", "\"11.", "\"10.", "\"9."].iter().any(|paragraph| line.contains(paragraph));
            if service || step {
                found.push(format!("{}: {line}", path.display()));
            }
        }
    }
}
