//! Certification centres of somebody else's: one that is asked, and one whose list was given.

use std::process::Command;

use certs::{Certificate, KeyPair};
use serde_json::{Value, json};
use signer::{Bytes, System, SystemIdentity};
use tests::{Citizen, Foreign, Key, Process, Script, Town, application, envelope, free_ports, qaqpa};

/// A centre of `openssl ca`, and a sandbox that trusts it.
fn centre_and_sandbox() -> (Foreign, Process, tempfile::TempDir) {
    let listen = format!("127.0.0.1:{}", free_ports(1)[0]);
    let centre = Script::new("centre.py").listens(&listen);
    let anchor = centre.folder.path().join("anchor.pem");
    let swap = format!("ca=http://{listen},anchor={}", anchor.display());
    let data = tempfile::tempdir().unwrap();
    let process = Process::up_with(&data.path().join("data"), "127.0.0.1:0", &["--swap".to_owned(), swap]);
    (centre, process, data)
}

/// The citizen's key is by the outside centre; its serial number there is the key's.
async fn has_a_key_of(centre: &Foreign, citizen: &mut Citizen<'_>) {
    let order = json!({ "iin": citizen.iin });
    let issued: Value = centre.client.post("/people", None, &order).await.unwrap();
    let text = |name: &str| issued[name].as_str().unwrap();
    citizen.key = Key {
        key: KeyPair::from_pkcs8_der(&Bytes::from_base64(text("pkcs8")).unwrap().0).unwrap(),
        certificate: Certificate::from_pem(text("certificate")).unwrap(),
        serial: text("serial").to_owned(),
    };
}

#[tokio::test]
async fn an_outside_centre_is_trusted_and_asked() {
    let (centre, sandbox, _data) = centre_and_sandbox();
    let mut citizen = Citizen::arrives_at(&sandbox.client, |order| order).await;
    has_a_key_of(&centre, &mut citizen).await;
    citizen.applies().await.unwrap();
    // Gateway, regional workstation and provider have taken it as well.
    let task = tests::Desk::at(&sandbox.client).task(&citizen.case()).await.unwrap();
    assert_eq!(task["case"], citizen.case().as_str());

    // Silence is no answer: nothing is decided, and later it goes on.
    citizen.opens_a_case().await.unwrap();
    citizen.deed("session", &citizen.credentials()).await.unwrap();
    let silent = |silent: bool| json!({ "ocsp": silent, "crl": silent });
    let _: Value = centre.client.put("/silent", &silent(true)).await.unwrap();
    let unknown = citizen.fills_in().await.unwrap_err();
    assert_eq!((unknown.code.code(), unknown.status), ("revocation-unknown", 503), "{unknown}");
    let _: Value = centre.client.put("/silent", &silent(false)).await.unwrap();
    citizen.fills_in().await.unwrap();

    // What it revoked is refused.
    citizen.opens_a_case().await.unwrap();
    citizen.deed("session", &citizen.credentials()).await.unwrap();
    let serial = &citizen.key.serial;
    let _: Value = centre.client.post(&format!("/revoked/{serial}"), None, &json!({})).await.unwrap();
    let refused = citizen.fills_in().await.unwrap();
    assert_eq!(refused["position"]["end"], "refusal", "{refused}");
    assert!(refused.to_string().contains("keyCompromise"), "{refused}");
}

#[tokio::test]
async fn the_sandbox_is_played_as_ever_beside_it_and_time_stamps_are_its() {
    let (centre, sandbox, data) = centre_and_sandbox();
    let played = qaqpa(
        data.path(),
        &["play", "mangystau-182-preschool-queue/portal", "--against", sandbox.client.base(), "--json"],
    );
    assert_eq!(played.code, 0, "{played:?}");
    let iin = certs::Iin::never_issued(21);
    let _: Value = centre.client.post("/people", None, &json!({ "iin": iin })).await.unwrap();
    let folder = centre.folder.path();
    let made = Command::new("openssl")
        .args(["pkcs12", "-export", "-passout", "pass:Qwerty12", "-out", "person.p12"])
        .args(["-in", &format!("{iin}.pem"), "-inkey", &format!("{iin}.key")])
        .current_dir(folder)
        .status();
    assert!(made.unwrap().success());
    let content = Bytes(b"SPECIMEN".to_vec());
    let order = json!({
        "content": content, "pkcs12": Bytes(std::fs::read(folder.join("person.p12")).unwrap()),
        "password": "Qwerty12", "timestamp": true,
    });
    let signed: Value = sandbox.client.post("/signer/cms/sign", None, &order).await.unwrap();
    let question = json!({ "cms": signed["cms"], "content": content, "iin": iin });
    let found: Value = sandbox.client.post("/signer/cms/verify", None, &question).await.unwrap();
    assert_eq!(found["accepted"], true, "{found}");
    let authority = &found["signers"][0]["timestamps"][0]["authority"]["certificate"]["issuer"];
    assert!(authority.as_str().unwrap().contains("SOMEBODY ELSE'S CENTRE"), "{found}");
    let _: Value = centre.client.put("/silent", &json!({ "tsp": true })).await.unwrap();
    let none = sandbox.client.post::<Value>("/signer/cms/sign", None, &order).await.unwrap_err();
    assert_eq!(none.code.code(), "no-timestamp", "{none}");
}

#[test]
fn an_anchor_that_is_no_test_centre_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let made = |name: &str, subject: &str, ca: &str| {
        let ran = Command::new("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-utf8", "-subj", subject, "-keyout", "key",
            ])
            .args(["-addext", &format!("basicConstraints=critical,CA:{ca}"), "-out", name])
            .current_dir(folder.path())
            .output();
        assert!(ran.unwrap().status.success());
    };
    made("production.pem", "/C=KZ/CN=ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022", "TRUE");
    made("nobody.pem", "/C=KZ/CN=NOBODY TEST", "FALSE");
    std::fs::write(folder.path().join("empty.pem"), "").unwrap();
    for (file, word) in [
        ("production.pem", "production"),
        ("nobody.pem", "no certification centre"),
        ("empty.pem", "no CERTIFICATE block"),
        ("nowhere.pem", "nowhere.pem"),
    ] {
        let swap = format!("ca=http://127.0.0.1:9,anchor={file}");
        let ran = qaqpa(folder.path(), &["up", "--ephemeral", "--listen", "127.0.0.1:0", "--swap", &swap]);
        assert!(ran.code == 2 && ran.err.contains(word), "{file}: {ran:?}");
    }
}

/// What `qaqpa systems add` wrote is taken by openssl as it is.
#[tokio::test]
async fn the_files_of_a_system_work_with_openssl() {
    let town = Town::up().await;
    let provider = Script::new("provider.py").stands_in(&town, System::Provider).await;
    let folder = provider.folder.path();
    let openssl = |arguments: &[&str]| {
        let ran = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
        assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).into_owned()
    };
    for (key, certificate) in [("system.key", "system.pem"), ("staff.key", "staff.pem")] {
        let of_key = openssl(&["pkey", "-in", key, "-pubout"]);
        assert_eq!(openssl(&["x509", "-in", certificate, "-noout", "-pubkey"]), of_key);
        openssl(&["verify", "-CAfile", "roots.pem", "-untrusted", "authorities.pem", certificate]);
    }
    let settings: Value =
        serde_json::from_slice(&std::fs::read(folder.join("system.json")).unwrap()).unwrap();
    let password = format!("pass:{}", settings["keyFilePassword"].as_str().unwrap());
    let opened = openssl(&["pkcs12", "-in", "system.p12", "-nodes", "-passin", &password]);
    assert!(opened.contains("BEGIN PRIVATE KEY") && opened.contains("BEGIN CERTIFICATE"), "{opened}");
    assert_eq!(settings["system"], "provider");
    let gateway = &settings["peers"]["gateway"];
    std::fs::write(folder.join("peer.pem"), gateway["certificate"].as_str().unwrap()).unwrap();
    openssl(&["verify", "-CAfile", "roots.pem", "-untrusted", "authorities.pem", "peer.pem"]);
}

/// A system brings a certificate by another centre: it is trusted once the centre was imported.
#[tokio::test]
async fn a_system_with_a_certificate_of_another_centre_is_believed_after_the_import() {
    let town = Town::up().await;
    let folder = tempfile::tempdir().unwrap();
    let runs = async |arguments: &[&str]| {
        let (folder, arguments) = (folder.path().to_owned(), arguments.iter().map(|a| (*a).to_owned()));
        let arguments: Vec<String> = arguments.collect();
        let run = move || qaqpa(&folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let ran = tokio::task::spawn_blocking(run).await.unwrap();
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    };
    let base = town.sandbox.base_url().to_owned();
    let bin = town.get("/control/systems/portal").await.unwrap()["bin"].as_str().unwrap().to_owned();
    let issue = ["cert", "issue", "--json", "--profile", "information-system", "--bin", &bin];
    let issued = runs(&[&issue[..], &["--data", "other", "--out", "keys"]].concat()).await.json();
    runs(&["cert", "export", "theirs", "--data", "other"]).await;
    let read = |name: &str| std::fs::read(folder.path().join(issued[name].as_str().unwrap())).unwrap();
    let (pem, p12) = (String::from_utf8(read("certificate")).unwrap(), read("pkcs12"));
    let key = certs::pkcs12::read(&p12, issued["password"].as_str().unwrap()).unwrap().remove(0).key;

    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let payload = application(&citizen);
    let certificate = issued["certificate"].as_str().unwrap();
    let add = ["systems", "add", "portal", "--url", "http://127.0.0.1:9", "--cert", certificate];
    runs(&[&add[..], &["--password", "Correct-Horse-1", "--out", "mine", "--against", &base]].concat()).await;
    let identity = SystemIdentity {
        system: System::Portal,
        sender_id: "portal".to_owned(),
        password: "Correct-Horse-1".to_owned(),
        key: std::sync::Arc::new(key),
        certificate: Certificate::from_pem(&pem).unwrap(),
    };
    let sealed = envelope(&identity, &payload).seal(&identity).unwrap();
    let refused = town.deliver_raw(System::Gateway, &sealed).await.is("sender-certificate-refused");
    assert!(refused.to_string().contains("issuer-unknown"), "{refused}");
    let import = ["cert", "trust", "import", "theirs/roots.pem", "theirs/authorities.pem"];
    runs(&[&import[..], &["--crl", "theirs/p256.crl", "--against", &base]].concat()).await;
    let sealed = envelope(&identity, &payload).seal(&identity).unwrap();
    assert_eq!(town.deliver_raw(System::Gateway, &sealed).await.status, 200);
}
