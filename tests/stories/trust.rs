//! Trusting other test centres.

use std::process::Command;

use gateway::sandbox::client;
use serde_json::Value;
use signer::{HttpTrust, Trust as _};
use tests::{Ran, qaqpa};

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn runs(&self, arguments: &[&str]) -> Ran {
        qaqpa(self.0.path(), arguments)
    }

    fn done(&self, arguments: &[&str]) -> Ran {
        let ran = self.runs(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran
    }
}

#[test]
fn another_test_centre_is_trusted_with_its_list() {
    let desk = Desk::new();
    let order = ["cert", "issue", "--json", "--profile", "individual", "--out", "keys", "--data", "other"];
    let issued: Value = desk.done(&order).json();
    let (certificate, serial) = (issued["certificate"].as_str().unwrap(), issued["serial"].as_str().unwrap());
    desk.done(&["cert", "export", "theirs", "--data", "other"]);
    let judged = || desk.runs(&["verify", certificate, "--data", "ours"]);
    assert_eq!(judged().code, 1, "nobody knows the issuer yet");

    let import = ["cert", "trust", "import", "theirs/roots.pem", "theirs/authorities.pem", "--data", "ours"];
    let without = desk.done(&import);
    assert!(without.err.contains("without --crl"), "{}", without.err);
    let open = judged();
    assert!(open.code == 1 && open.out.contains("could not be checked"), "{open:?}");

    let with_list = |list: &str| desk.runs(&[&import[..], &["--crl", list]].concat());
    assert_eq!(with_list("theirs/p256.crl").code, 0);
    assert_eq!(judged().code, 0, "{:?}", judged());
    assert_eq!(
        desk.done(&["cert", "trust", "list", "--json", "--data", "ours"]).json().as_array().unwrap().len(),
        2
    );

    desk.done(&["cert", "revoke", serial, "--data", "other"]);
    assert_eq!(judged().code, 0, "the list that was given knows nothing of it");
    desk.done(&["cert", "export", "theirs", "--data", "other"]);
    assert_eq!(with_list("theirs/p256.crl").code, 0);
    let revoked = judged();
    assert!(revoked.code == 1 && revoked.out.contains("keyCompromise"), "{revoked:?}");

    for centre in desk.done(&["cert", "trust", "list", "--json", "--data", "ours"]).json().as_array().unwrap()
    {
        desk.done(&["cert", "trust", "remove", centre["key_id"].as_str().unwrap(), "--data", "ours"]);
    }
    let gone = judged();
    assert!(gone.code == 1 && !gone.out.contains("keyCompromise"), "{gone:?}");
}

#[test]
fn what_is_no_test_centre_is_not_trusted() {
    let desk = Desk::new();
    let issued: Value = desk
        .done(&["cert", "issue", "--json", "--profile", "individual", "--out", "keys", "--data", "other"])
        .json();
    desk.done(&["cert", "export", "theirs", "--data", "other"]);
    desk.done(&["cert", "export", "ours-too", "--data", "ours"]);
    let refused = |arguments: &[&str], word: &str| {
        let ran = desk.runs(&[&["cert", "trust", "import"], arguments, &["--data", "ours"]].concat());
        assert!(ran.code == 2 && ran.err.contains(word), "{arguments:?}: {ran:?}");
    };
    refused(&[issued["certificate"].as_str().unwrap()], "no certification centre");
    refused(&["theirs/roots.pem", "--crl", "ours-too/p256.crl"], "by none of these centres");
    refused(&["theirs/p256.crl"], "p256.crl");
    refused(&["nowhere.pem"], "nowhere.pem");
    let subject = "/C=KZ/CN=ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022";
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-utf8", "-subj", subject])
        .args(["-keyout", "production.key", "-out", "production.pem"])
        .current_dir(desk.0.path())
        .output();
    if made.is_ok_and(|made| made.status.success()) {
        refused(&["production.pem"], "production-issuer");
    }
    assert_eq!(
        desk.done(&["cert", "trust", "list", "--json", "--data", "ours"]).json(),
        Value::Array(Vec::new())
    );
}

#[tokio::test]
async fn no_address_outside_of_the_sandbox_is_followed() {
    let outside = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let trust = HttpTrust::at(client().unwrap(), "http://127.0.0.1:1", "http://127.0.0.1:1");
    for url in [
        format!("http://{}/ca/crl/p256.crl", outside.local_addr().unwrap()),
        "http://127.0.0.1:1.example.test/ca/crl/p256.crl".to_owned(),
        "http://127.0.0.1:1@example.test/".to_owned(),
        "http://127.0.0.1:10/ca/crl/p256.crl".to_owned(),
        "file:///etc/passwd".to_owned(),
        "ldap://127.0.0.1:1/".to_owned(),
        String::new(),
    ] {
        for silence in [trust.crl(&url).await.unwrap_err(), trust.ocsp(&url, b"").await.unwrap_err()] {
            assert_eq!(silence.why, format!("{url} is outside of http://127.0.0.1:1"));
        }
    }
    // Nobody has come in the meantime.
    let visit = std::time::Duration::ZERO;
    assert!(tokio::time::timeout(visit, outside.accept()).await.is_err());
}
