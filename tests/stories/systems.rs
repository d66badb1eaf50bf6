//! Systems as records: what they may send, and putting another one in the place of a built-in one.

use gateway::exchange::{Payload, sha256_hex};
use gateway::regulation::Message;
use gateway::sandbox::Options;
use gateway::world::{Plan, Swap};
use serde_json::{Value, json};
use signer::System;
use tests::{Citizen, Process, Town, application, envelope, qaqpa};

/// What is said of the portal when its own key and password stay.
fn portal(town: &Town, url: &str) -> Value {
    let identity = town.identity(System::Portal);
    json!({ "address": url, "certificate": identity.certificate.pem(), "password": identity.password })
}

async fn put(town: &Town, system: &str, swap: &Value) -> tests::Answer {
    let body = serde_json::to_vec(swap).unwrap();
    town.send("PUT", &format!("/control/systems/{system}"), "application/json", body).await
}

/// An application that waits to be sent.
async fn payload(town: &Town) -> Payload {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    application(&citizen)
}

#[tokio::test]
async fn whoever_has_no_subscription_to_a_service_is_refused_before_the_route_is_looked_at() {
    let town = Town::up().await;
    let (identity, payload) = (town.identity(System::Portal), payload(&town).await);
    let service = format!("{}/portal/application", Citizen::regulation());
    let mut swap = portal(&town, "http://127.0.0.1:9");
    for (subscriptions, taken) in [
        (
            json!([
                "kyzylorda-1056-preschool-queue/portal/application",
                format!("{}/portal/outcome", Citizen::regulation())
            ]),
            false,
        ),
        (json!([]), false),
        (json!([service]), true),
    ] {
        swap["subscriptions"] = subscriptions;
        assert_eq!(put(&town, "portal", &swap).await.status, 200);
        let sealed = envelope(&identity, &payload).seal(&identity).unwrap();
        let answer = town.deliver_raw(System::Gateway, &sealed).await;
        if taken {
            assert_eq!(answer.status, 200, "{answer:?}");
        } else {
            assert_eq!(answer.is("not-subscribed").status, 403);
            // A message that comes no way at all: the subscription is looked at first …
            let odd = Payload { message: Message::Assignment, ..payload.clone() };
            let sealed = envelope(&identity, &odd).seal(&identity).unwrap();
            town.deliver_raw(System::Gateway, &sealed).await.is("not-subscribed");
        }
    }
    // … and the password before it.
    let mut wrong = envelope(&identity, &payload);
    wrong.service_id = "other/service/id".to_owned();
    let known = wrong.clone().seal(&identity).unwrap();
    town.deliver_raw(System::Gateway, &known).await.is("not-subscribed");
    wrong.sender.password = Some("guess".to_owned());
    town.deliver_raw(System::Gateway, &wrong.seal(&identity).unwrap()).await.is("wrong-password");
}

#[tokio::test]
async fn a_system_of_yours_sends_by_its_own_name_password_and_key_only() {
    let town = Town::up().await;
    let (mut identity, payload) = (town.identity(System::Portal), payload(&town).await);
    let mut swap = portal(&town, "http://127.0.0.1:9");
    swap["sender_id"] = "my-portal".into();
    swap["password"] = "another-password".into();
    assert_eq!(put(&town, "portal", &swap).await.status, 200);
    let deliver = async |identity: &signer::SystemIdentity| {
        town.deliver_raw(System::Gateway, &envelope(identity, &payload).seal(identity).unwrap()).await
    };
    deliver(&identity).await.is("sender-unknown");
    identity.sender_id = "my-portal".to_owned();
    deliver(&identity).await.is("wrong-password");
    identity.password = "another-password".to_owned();
    let mut stranger = identity.clone();
    stranger.key = town.identity(System::Gateway).key;
    stranger.certificate = town.identity(System::Gateway).certificate;
    deliver(&stranger).await.is("certificate-not-bound");
    assert_eq!(deliver(&identity).await.status, 200);

    // The built-in one neither answers nor shows its record any more.
    for path in ["/portal/services", "/portal/record", "/portal/messages"] {
        let gone = town.send("GET", path, "", "").await.is("system-swapped");
        assert_eq!(gone.facts["address"], "http://127.0.0.1:9");
    }
    let shown = town.get("/control/systems/portal").await.unwrap();
    assert_eq!((&shown["origin"], &shown["served"]), (&"put".into(), &false.into()));
    assert!(!town.get("/control/systems").await.unwrap().to_string().contains("another-password"));
    assert!(!town.get("/control/journal").await.unwrap().to_string().contains("another-password"));
    let health = town.get("/control/health").await.unwrap();
    assert_eq!(health["systems"]["portal"], "http://127.0.0.1:9");
    assert!(!health["serves"].as_array().unwrap().contains(&"portal".into()));
}

#[tokio::test]
async fn what_is_said_of_a_system_must_be_in_order() {
    let town = Town::up().await;
    let right = portal(&town, "http://127.0.0.1:9");
    let foreign = town.identity(System::Gateway).certificate.pem();
    for (field, value, code) in [
        ("address", json!("ftp://127.0.0.1"), "invalid-value"),
        ("address", json!("http://"), "invalid-value"),
        ("address", json!("http://host name"), "invalid-value"),
        ("address", json!("http://user@host"), "invalid-value"),
        ("certificate", json!("no certificate"), "certificate-malformed"),
        ("certificate", json!(foreign), "invalid-value"),
        ("certificate", Value::Null, "invalid-value"),
        ("password", Value::Null, "invalid-value"),
        ("password", json!("short"), "invalid-value"),
        ("sender_id", json!("gateway"), "invalid-value"),
        ("sender_id", json!("two words"), "invalid-value"),
        ("bin", json!("000000000000"), "invalid-value"),
        ("timeout", json!(0), "invalid-value"),
        ("timeout", json!(601), "invalid-value"),
        ("timeout", json!("soon"), "malformed-json"),
        ("wire", json!("smoke"), "malformed-json"),
        ("subscriptions", json!(["a/b"]), "invalid-value"),
        ("subscriptions", json!(["a/b/c"]), "invalid-value"),
        ("subscriptions", json!(["mangystau-182-preschool-queue/portal"]), "invalid-value"),
        ("subscriptions", json!(["mangystau-182-preschool-queue/portal/aplication"]), "invalid-value"),
        ("subscriptions", json!(["GBDFL"]), "invalid-value"),
        ("unheard-of", json!(1), "malformed-json"),
    ] {
        let mut swap = right.clone();
        swap[field] = value.clone();
        let problem = put(&town, "portal", &swap).await.is(code);
        assert!(problem.detail.is_some(), "{field} {value}: {problem}");
    }
    for system in ["ca", "signer"] {
        put(&town, system, &right).await.is("invalid-value");
    }
    put(&town, "nobody", &right).await.is("not-found");
    town.send("GET", "/control/systems/ca", "", "").await.is("not-found");
    town.send("DELETE", "/control/systems/portal", "", "").await.is("not-found");
    let still = town.get("/control/systems/portal").await.unwrap();
    assert_eq!((&still["origin"], &still["served"]), (&"built-in".into(), &true.into()));
    assert_eq!(put(&town, "portal", &right).await.status, 200);
    put(&town, "gateway", &json!({ "sender_id": "portal" })).await.is("malformed-json");
}

#[tokio::test]
async fn records_are_shown_to_other_processes_without_secrets() {
    let town = Town::up().await;
    for system in ["portal", "workstation", "gateway", "people", "notary", "regional-workstation", "provider"]
    {
        let shown = town.get(&format!("/{system}/record")).await.unwrap();
        let identity = town.identity(system.parse().unwrap());
        assert_eq!(shown["password_sha256"], sha256_hex(identity.password.as_bytes()));
        assert_eq!(shown["certificate"], identity.certificate.pem());
        assert!(!shown.to_string().contains(&identity.password));
    }
    town.send("GET", "/ca/record", "", "").await.is("not-found");
}

/// Two towns with a certification centre each: the second one knows the first one's provider by its address.
#[tokio::test]
async fn a_record_of_another_centre_is_not_believed() {
    let other = Town::up().await;
    let mut plan = Plan::following(Town::regulations());
    plan.swapped.insert(System::Provider, Swap::at(&format!("{}/provider", other.client.base())));
    plan.swapped.insert(System::People, Swap::at(&format!("{}/notary", other.client.base())));
    plan.swapped.insert(System::Notary, Swap::at("http://127.0.0.1:9/notary"));
    let town = Town::with(Options::ephemeral(plan)).await;
    for (system, code, word) in [
        ("provider", "answer-refused", "issuer-unknown"),
        ("people", "answer-refused", "QAQPA PEOPLE"),
        ("notary", "system-unreachable", "notary"),
    ] {
        let problem = town.get(&format!("/control/systems/{system}")).await.unwrap_err();
        assert_eq!(problem.code.code(), code, "{problem}");
        assert!(problem.detail.as_deref().is_some_and(|detail| detail.contains(word)), "{problem}");
    }
    let known = town.get("/control/systems").await.unwrap();
    assert_eq!(known.as_array().map(Vec::len), Some(11), "{known}");
    let problem = town.post("/control/worlds", &json!({ "id": "another" })).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.status), ("world-not-whole", 409));
}

#[tokio::test]
async fn the_command_line_lists_shows_adds_and_removes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let process = Process::up(&data, "127.0.0.1:0");
    let address = process.address();
    let systems = |arguments: &[&str], base: &str| {
        qaqpa(folder.path(), &[&["systems"], arguments, &["--against", base]].concat())
    };
    let base = process.client.base().to_owned();
    let listed = systems(&["list"], &base);
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
    assert_eq!(listed.out.lines().count(), 15, "{}", listed.out);
    for word in ["system", "senderId", "organisation", "BIN", "address", "wire", "subscriptions"] {
        assert!(listed.out.lines().next().unwrap().contains(word), "{}", listed.out);
    }
    let all = systems(&["list", "--json"], &base).json();
    assert_eq!(all.as_array().unwrap().len(), 14);
    let shown = systems(&["show", "gateway"], &base);
    for word in ["1.2.398.3.999.2", "information-system", "QAQPA GATEWAY", "validity", "BEGIN CERTIFICATE"] {
        assert!(shown.out.contains(word), "{word}\n{}", shown.out);
    }

    let service = format!("{}/portal/outcome", Citizen::regulation());
    let add = ["add", "provider", "--url", "http://127.0.0.1:9", "--subscribe", &service, "--out", "mine"];
    let added = systems(&[&add[..], &["--timeout", "5", "--json"]].concat(), &base);
    assert_eq!(added.code, 0, "{}", added.err);
    let said = added.json();
    assert_eq!(
        (&said["senderId"], &said["peers"]["gateway"]["system"]),
        (&"provider".into(), &"gateway".into())
    );
    assert_eq!(said["password"].as_str().map(str::len), Some(32));
    for name in
        ["system.json", "system.key", "system.p12", "system.pem", "staff.key", "staff.pem", "roots.pem"]
    {
        assert!(folder.path().join("mine").join(name).exists(), "{name}");
    }
    let now = systems(&["show", "provider", "--json"], &base).json();
    assert_eq!((&now["timeout"], &now["subscriptions"]), (&5.into(), &json!([service])));

    // It outlives the process, and is there until it is taken out.
    process.kill();
    let process = Process::up(&data, &address);
    assert_eq!(process.ready["systems"]["provider"], "http://127.0.0.1:9");
    assert_eq!(systems(&["show", "provider", "--json"], &base).json(), now);
    assert_eq!(systems(&["remove", "provider"], &base).code, 0);
    assert_eq!(systems(&["show", "provider", "--json"], &base).json()["served"], true);
    let again = systems(&["remove", "provider"], &base);
    assert_eq!(again.code, 2, "{again:?}");

    // With a certificate and a name of one's own.
    let cert =
        ["--cert", "mine/system.pem", "--sender-id", "mine", "--password", "my-password", "--out", "own"];
    let added = systems(&[&["add", "provider", "--url", "https://h.example/x"], &cert[..]].concat(), &base);
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(!added.out.contains("my-password"), "a password that was given is not shown: {}", added.out);
    assert!(!folder.path().join("own/system.key").exists());
    assert_eq!(systems(&["show", "provider", "--json"], &base).json()["sender_id"], "mine");

    // A people database that knows no regulation, and may ask the notary registry.
    let service = ["--wire", "soap", "--service", "GBDFL_UniversalServiceSync", "--out", "people"];
    let subscribed = ["--subscribe", "ENIS_TEST_PowerOfAttorney"];
    let add = ["add", "people", "--url", "http://127.0.0.1:9/soap"];
    let added = systems(&[&add[..], &service, &subscribed].concat(), &base);
    assert_eq!(added.code, 0, "{}", added.err);
    let now = systems(&["show", "people", "--json"], &base).json();
    assert_eq!(now["service"], "GBDFL_UniversalServiceSync", "{now}");
    assert_eq!(now["subscriptions"], json!(["ENIS_TEST_PowerOfAttorney"]), "{now}");
    for (more, word) in [
        (["--subscribe", "GBDFL"], "GBDFL_UniversalServiceSync, "),
        (["--subscribe", "mangystau-182-preschool-queue/portal/aplication"], "portal/application"),
        (["--service", "GBDFL"], "GBDFL_UniversalServiceSync, "),
    ] {
        let add = ["add", "people", "--url", "http://127.0.0.1:9/soap", "--wire", "soap", "--out", "wrong"];
        let ran = systems(&[&add[..], &more].concat(), &base);
        assert!(ran.code == 2 && ran.err.contains(word), "{more:?}: {ran:?}");
    }

    for wrong in [
        &["show", "nobody"][..],
        &["show", "signer"],
        &["add", "ca", "--url", "http://127.0.0.1:9"],
        &["add", "portal", "--url", "nowhere"],
        &["add", "portal", "--url", "http://127.0.0.1:9", "--cert", "mine/system.pem"],
        &["add", "portal", "--url", "http://127.0.0.1:9", "--cert", "missing.pem"],
    ] {
        let ran = systems(wrong, &base);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong:?}: {ran:?}");
        assert!(!ran.err.is_empty());
    }
}

#[tokio::test]
async fn what_is_swapped_at_the_start_lasts_as_long_as_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let process = Process::up(&data, "127.0.0.1:0");
    let address = process.address();
    let before: Value = process.client.get("/control/systems/notary", None).await.unwrap();
    let own: Value = process.client.get("/control/systems/provider", None).await.unwrap();
    std::fs::write(folder.path().join("own.pem"), own["certificate"].as_str().unwrap()).unwrap();
    process.kill();

    let swap =
        "provider=http://127.0.0.1:9,cert=own.pem,password=my-password,sender-id=mine,timeout=7,wire=json";
    let swapped = ["--swap".to_owned(), format!("{swap},notary=http://127.0.0.1:9/notary")];
    let process = tests::Starting::up(&data, &address, &swapped).ready();
    let given: Value = process.client.get("/control/systems/provider", None).await.unwrap();
    assert_eq!((&given["sender_id"], &given["timeout"]), (&"mine".into(), &7.into()));
    assert_eq!((&given["origin"], &given["address"]), (&"given".into(), &"http://127.0.0.1:9".into()));
    let unknown = process.client.get::<Value>("/control/systems/notary", None).await.unwrap_err();
    assert_eq!(unknown.code.code(), "system-unreachable", "nobody is there to show its record");
    let health: Value = process.client.get("/control/health", None).await.unwrap();
    assert_eq!(health["systems"]["notary"], "http://127.0.0.1:9/notary");
    let fixed = qaqpa(folder.path(), &["systems", "remove", "provider", "--against", process.client.base()]);
    assert!(fixed.code == 2 && fixed.err.contains("started without"), "{fixed:?}");
    process.kill();

    let process = Process::up(&data, &address);
    let after: Value = process.client.get("/control/systems/notary", None).await.unwrap();
    assert_eq!(after, before, "the built-in one is back with its own key");
    let after: Value = process.client.get("/control/systems/provider", None).await.unwrap();
    assert_eq!(after, own);
}
