//! Connections with TLS: by the world's own centre, and with the certificates of systems.

use gateway::sandbox::{Options, client};
use gateway::tls::{Serves, Tls};
use gateway::world::Plan;
use signer::{Problem, System};
use tests::{Citizen, Process, Town, application, envelope, free_ports, qaqpa};

const CHANNEL: &str = "mangystau-182-preschool-queue/portal";

fn options(mutual: bool) -> Options {
    let mut plan = Plan::following(Town::regulations());
    plan.tls = Tls { serves: Serves::Own, mutual, ..Tls::default() };
    Options::ephemeral(plan)
}

async fn town(mutual: bool) -> Town {
    Town::with(options(mutual)).await
}

async fn every_path_of_a_channel(town: &Town) {
    let played = town.play(CHANNEL).await;
    assert!(played.len() > 5, "{}", played.len());
    for path in played {
        assert!(path.as_documented, "{}: {:?}", path.path, path.deviations);
    }
}

#[tokio::test]
async fn a_channel_is_played_over_tls() {
    let town = town(false).await;
    assert!(town.client.base().starts_with("https://"), "{}", town.client.base());
    every_path_of_a_channel(&town).await;
}

#[tokio::test]
async fn a_channel_is_played_over_mutual_tls() {
    every_path_of_a_channel(&town(true).await).await;
}

#[tokio::test]
async fn soap_goes_over_mutual_tls_too() {
    let mut options = options(true);
    options.worlds.wire = gateway::exchange::Wire::Soap;
    let town = Town::with(options).await;
    for path in town.play("mangystau-182-preschool-queue/state-corporation/queue-notice").await {
        assert!(path.as_documented, "{:?}", path.deviations);
    }
    let wires = town.get("/control/systems").await.unwrap();
    assert!(wires.as_array().unwrap().iter().all(|system| system["wire"] == "soap"), "{wires}");
}

#[tokio::test]
async fn worlds_of_gost_have_connections_of_p256() {
    for algorithm in certs::Algorithm::ALL.iter().copied().filter(|algorithm| algorithm.is_gost()) {
        for wire in [gateway::exchange::Wire::Json, gateway::exchange::Wire::Soap] {
            let mut options = options(true);
            (options.worlds.algorithm, options.worlds.wire) = (algorithm, wire);
            let town = Town::with(options).await;
            for path in town.play("mangystau-182-preschool-queue/portal/referral").await {
                assert!(path.as_documented, "{algorithm}: {:?}", path.deviations);
            }
        }
    }
}

#[tokio::test]
async fn whoever_does_not_know_the_root_does_not_connect() {
    let town = town(false).await;
    let stranger = client().unwrap().get(town.client.base()).send().await.unwrap_err();
    assert!(stranger.is_connect(), "{stranger:?}");
    // Nor does somebody who speaks no TLS get an answer.
    let plain = town.client.base().replace("https://", "http://");
    assert!(client().unwrap().get(plain).send().await.is_err());
}

#[tokio::test]
async fn a_message_without_the_certificate_of_a_system_is_not_looked_at() {
    let town = town(true).await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let (identity, payload) = (town.identity(System::Portal), application(&citizen));
    let sealed = envelope(&identity, &payload).seal(&identity).unwrap();
    let send = async |http: reqwest::Client| {
        let sent = http.post(format!("{}/gateway/messages", town.client.base())).json(&sealed).send().await;
        let answer = sent.unwrap();
        (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
    };
    // Nobody's certificate, though message and signature are right.
    let (status, problem) = send(town.client.http().clone()).await;
    assert_eq!((status, &problem["code"]), (403, &"client-certificate-missing".into()));
    assert!(serde_json::from_value::<Problem>(problem).is_ok());
    // A citizen's, by the same centre; then one by a centre of the same name that is another.
    let root = town.sandbox.client().unwrap().get(format!("{}/ca/roots.pem", town.client.base()));
    let roots = root.send().await.unwrap().bytes().await.unwrap();
    let shows = |certificate: &str, key: &str| {
        let identity = format!("{certificate}\n{key}");
        let identity = reqwest::Identity::from_pem(identity.as_bytes()).unwrap();
        let roots = reqwest::Certificate::from_pem_bundle(&roots).unwrap();
        reqwest::Client::builder().no_proxy().tls_certs_only(roots).identity(identity).build().unwrap()
    };
    let order = |profile: &str| serde_json::json!({ "profile": profile });
    let person = town.post("/ca/certificates", &order("individual")).await.unwrap();
    let text = |value: &serde_json::Value, field: &str| value[field].as_str().unwrap().to_owned();
    let (status, problem) = send(shows(&text(&person, "certificate"), &text(&person, "private_key"))).await;
    assert_eq!((status, &problem["code"]), (403, &"client-certificate-refused".into()), "{problem}");
    let elsewhere = Town::up().await;
    let foreign = elsewhere.post("/ca/certificates", &order("information-system")).await.unwrap();
    let (status, problem) = send(shows(&text(&foreign, "certificate"), &text(&foreign, "private_key"))).await;
    assert_eq!((status, &problem["code"]), (403, &"client-certificate-refused".into()), "{problem}");
    // A system's; once it is revoked, not any more.
    let system = town.post("/ca/certificates", &order("information-system")).await.unwrap();
    let its = || shows(&text(&system, "certificate"), &text(&system, "private_key"));
    assert_eq!(send(its()).await.0, 200);
    let revocation = format!("/ca/certificates/{}/revocation", text(&system, "serial"));
    town.post(&revocation, &serde_json::json!({ "reason": "keyCompromise" })).await.unwrap();
    let (status, problem) = send(its()).await;
    assert_eq!((status, &problem["code"]), (403, &"client-certificate-refused".into()), "{problem}");
    // Every channel wants one as well, and says so in SOAP.
    for channel in [
        "sync",
        "async",
        "bip-sync-wss-gost",
        "bip-sync-wss-gost/",
        "bip-async-wss-gost",
        "bip-async-wss-gost/",
    ] {
        let answer = town.send("POST", &format!("/gateway/{channel}"), "text/xml", "<soap/>").await;
        assert_eq!(
            (answer.status, answer.media_type.as_str()),
            (500, "text/xml; charset=utf-8"),
            "{answer:?}"
        );
        let fault = signer::soap::Fault::read(&answer.body).unwrap().expect("a fault");
        assert_eq!(fault.reason.unwrap().0, "client-certificate-missing", "{channel}");
    }
    // A citizen needs none.
    assert!(town.get("/portal/services").await.is_ok());
}

#[tokio::test]
async fn connections_go_on_when_the_clock_is_turned_by_years() {
    let town = town(true).await;
    town.post("/control/clock", &serde_json::json!({ "advance": "1200 days" })).await.unwrap();
    for path in town.play("mangystau-182-preschool-queue/portal/referral").await {
        assert!(path.as_documented, "{:?}", path.deviations);
    }
}

#[tokio::test]
async fn a_system_has_a_port_of_its_own() {
    let mut options = Options::ephemeral(Plan::following(Town::regulations()));
    options.ports.insert(System::Provider, ([127, 0, 0, 1], 0).into());
    let town = Town::with(options).await;
    let health = town.get("/control/health").await.unwrap();
    let provider = health["systems"]["provider"].as_str().unwrap();
    assert!(!provider.starts_with(town.client.base()), "{provider}");
    for path in town.play("mangystau-182-preschool-queue/portal/referral").await {
        assert!(path.as_documented, "{:?}", path.deviations);
    }
    let there = provider.strip_suffix("/provider").unwrap();
    let answered = client().unwrap().get(format!("{there}/provider/record")).send().await.unwrap();
    assert_eq!(answered.status(), 200);
    for nothing in ["/portal/services", "/control/health", "/", "/w/other/portal/record", "/providers"] {
        let answered = client().unwrap().get(format!("{there}{nothing}")).send().await.unwrap();
        assert_eq!(answered.status(), 404, "{nothing}");
    }
}

#[test]
fn the_command_line_reaches_a_sandbox_with_tls_by_its_root() {
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("127.0.0.1:{}", free_ports(1)[0]);
    let root = folder.path().join("root.pem");
    let arguments = ["--tls", "--mtls", "--write-root", root.to_str().unwrap()].map(str::to_owned);
    let process = Process::up_with(&folder.path().join("data"), &listen, &arguments);
    let base = process.ready["base_url"].as_str().unwrap().to_owned();
    assert_eq!(base, format!("https://{listen}"));
    assert!(!process.ready.to_string().contains("PRIVATE"));
    assert!(!std::fs::read_to_string(&root).unwrap().contains("PRIVATE"));
    let runs =
        |arguments: &[&str]| qaqpa(folder.path(), &[arguments, &["--against", base.as_str()]].concat());
    let stranger = runs(&["cert", "list"]);
    assert_eq!((stranger.code, stranger.err.contains("unreachable")), (2, true), "{stranger:?}");
    let path = format!("{CHANNEL}/referral");
    let played = runs(&["play", &path, "--cacert", root.to_str().unwrap()]);
    assert_eq!(played.code, 0, "{played:?}");
}

#[test]
fn what_cannot_protect_a_connection_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.pem"), "").unwrap();
    std::fs::write(
        folder.path().join("wrong.pem"),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    for (arguments, word) in [
        (&["--mtls"][..], "--mtls needs TLS"),
        (&["--tls-cert", "empty.pem", "--tls-key", "empty.pem"], "tls-files"),
        (&["--tls-cert", "wrong.pem", "--tls-key", "wrong.pem"], "tls-files"),
        (&["--tls-cert", "nowhere.pem", "--tls-key", "empty.pem"], "nowhere.pem"),
        (&["--cacert", "empty.pem"], "no CERTIFICATE block"),
        (&["--tls", "--base-url", "http://gate.example.test"], "https://"),
        (&["--listen", "nobody=127.0.0.1:0"], "nobody"),
        (&["--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"], "already"),
        (&["--listen", "provider=0.0.0.0:0"], "reached by others"),
    ] {
        let refused = qaqpa(folder.path(), &[&["up", "--ephemeral"], arguments].concat());
        assert_eq!(refused.code, 2, "{arguments:?}: {refused:?}");
        assert!(refused.err.contains(word), "{arguments:?}: {}", refused.err);
    }
}
