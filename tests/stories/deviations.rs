//! `play` finds out what does not go by the regulation. Each deviation is planted in one system; the others, and
//! the judge, go by the act.

use gateway::play::Played;
use gateway::sandbox::Options;
use gateway::world::Plan;
use signer::validate::{Method, Unanswered};
use signer::{RevocationPolicy, System};
use tests::{Town, qaqpa};

/// Plays one path and expects it to deviate, first at this paragraph.
async fn deviates(town: &Town, path: &str, paragraph: &str) -> Played {
    let selection = format!("mangystau-182-preschool-queue/portal/{path}");
    let played = town.play(&selection).await.remove(0);
    assert!(!played.as_documented, "{path} went as documented");
    let first = &played.deviations[0];
    assert_eq!(first.paragraph, paragraph, "{:?}", played.deviations);

    // The command says the same, and its exit code is 1.
    let folder = tempfile::tempdir().unwrap();
    let base = town.client.base().to_owned();
    let arguments =
        ["play", selection.as_str(), "--against", base.as_str(), "--patience", "5"].map(str::to_owned);
    let ran = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        qaqpa(folder.path(), &arguments)
    })
    .await
    .unwrap();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains(&format!("deviates at §{paragraph}")), "{}", ran.out);
    played
}

#[tokio::test]
async fn every_path_is_as_documented_where_nothing_is_planted() {
    let town = Town::up().await;
    for played in town.play("mangystau-182-preschool-queue").await {
        assert!(played.as_documented, "{}: {:?}", played.path, played.deviations);
    }
}

#[tokio::test]
async fn the_portal_forwards_before_checking() {
    let town = Town::where_one_follows(System::Portal, |text| {
        // 12.5 leads to sending, and sending to the check.
        text.replace("then     = \"12.6\"", "then     = \"12.8\"")
            .replace("then     = \"12.8b\"", "then     = \"12.6\"")
            .replace("yes      = \"12.8\"", "yes      = \"12.8b\"")
    })
    .await;
    for path in ["certificate-revoked", "certificate-expired", "identity-mismatch"] {
        let played = deviates(&town, path, "12.6").await;
        assert!(
            played.deviations[0].what.contains("crossed from portal to gateway"),
            "{:?}",
            played.deviations
        );
    }
}

#[tokio::test]
async fn the_gateway_skips_the_revocation_list() {
    let mut options = Options::ephemeral(Plan::following(Town::regulations()));
    let careless = RevocationPolicy {
        ask: vec![Method::Ocsp],
        unanswered: Unanswered::Passes,
        ..RevocationPolicy::default().without_centres()
    };
    options.worlds.revocation.insert(System::Gateway, careless);
    let town = Town::with(options).await;
    let played = deviates(&town, "certificate-revoked-after-check", "12.8").await;
    assert!(played.deviations[0].what.contains("certificate-revoked"), "{:?}", played.deviations);
}

#[tokio::test]
async fn the_result_is_signed_with_the_wrong_role() {
    let town = Town::where_one_follows(System::Provider, |text| {
        text.replace("signed-by = \"provider-authorised-person\"", "signed-by = \"responsible-executor\"")
    })
    .await;
    let played = deviates(&town, "queue-notice", "12.11").await;
    assert!(played.deviations[0].what.contains("role-not-allowed"), "{:?}", played.deviations);
    deviates(&town, "documents-not-conforming", "12.10").await;
}

#[tokio::test]
async fn the_refusal_is_not_shown() {
    let town = Town::where_one_follows(System::Portal, |text| {
        text.replace("does     = [\"refuse\", \"deliver\"]", "does     = [\"refuse\"]")
            .replace("inferred = [\"does.deliver\"]\n", "")
            .replace("inferred = [\"actor\", \"does.deliver\"]", "inferred = [\"actor\"]")
    })
    .await;
    let played = deviates(&town, "certificate-revoked", "12.7").await;
    assert!(played.deviations[0].what.contains("was not shown"), "{:?}", played.deviations);
    deviates(&town, "login-not-authentic", "12.4").await;
}

#[tokio::test]
async fn everybody_takes_the_wrong_role_for_the_right_one() {
    // Not one system but all follow the copy: nobody refuses, and the judge sees whose key signed what crossed.
    let town = Town::following(|text| {
        text.replace("signed-by = \"provider-authorised-person\"", "signed-by = \"responsible-executor\"")
    })
    .await;
    let played = deviates(&town, "queue-notice", "12.11").await;
    assert!(played.deviations[0].what.contains("right-to-sign"), "{:?}", played.deviations);
}
