//! Ordering, signing, verifying and revoking from the command line, against a data folder.

use std::path::PathBuf;

use certs::Flaw;
use serde_json::Value;
use tests::{Process, Ran, qaqpa};

/// A desk with a data folder on it.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn runs(&self, arguments: &[&str]) -> Ran {
        qaqpa(self.0.path(), arguments)
    }

    /// Orders a certificate.
    fn issues(&self, more: &[&str]) -> Value {
        let order = ["cert", "issue", "--json", "--data", "data", "--out", "keys", "--profile"];
        let ran = self.runs(&[&order[..], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.json()
    }

    /// Signs a file.
    fn signs(&self, file: &str, issued: &Value, more: &[&str]) {
        let key = issued["pkcs12"].as_str().unwrap();
        let ran = self.runs(&[&["sign", file, "--key", key][..], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
    }

    fn writes(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }
}

#[test]
fn a_signature_is_accepted_until_its_certificate_is_revoked() {
    let bench = Bench::new();
    let issued = bench.issues(&["individual"]);
    let serial = issued["serial"].as_str().unwrap();
    bench.writes("letter.txt", "Сәлем\n");
    bench.signs("letter.txt", &issued, &[]);
    let verify = ["verify", "letter.txt.cms", "--content", "letter.txt", "--data", "data"];

    let accepted = bench.runs(&verify);
    assert_eq!(accepted.code, 0, "{accepted:?}");
    assert!(accepted.out.lines().any(|line| line == "accepted"), "{}", accepted.out);

    bench.writes("letter.txt", "Сау бол\n");
    let other = bench.runs(&verify);
    assert_eq!(other.code, 1, "{other:?}");
    bench.writes("letter.txt", "Сәлем\n");

    let revoked = bench.runs(&["cert", "revoke", serial, "--reason", "keyCompromise", "--data", "data"]);
    assert_eq!(revoked.code, 0, "{}", revoked.err);
    assert!(revoked.out.contains("revoked"), "{}", revoked.out);

    let refused = bench.runs(&verify);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.out.contains("revoked") && refused.out.contains("keyCompromise"), "{}", refused.out);
    assert!(refused.out.lines().any(|line| line == "refused"), "{}", refused.out);
    let found = bench.runs(&[&["--json"][..], &verify].concat()).json();
    assert_eq!(found["accepted"], false);
    assert!(found["signers"][0]["verdict"].to_string().contains("certificate-revoked"), "{found}");
}

#[test]
fn a_time_stamp_keeps_a_signature_good_after_its_certificate_was_revoked() {
    let bench = Bench::new();
    bench.writes("letter.txt", "Сәлем\n");
    let process = Process::up(&bench.path("data"), "127.0.0.1:0");
    let base = process.client.base().to_owned();
    let against = |arguments: &[&str]| bench.runs(&[arguments, &["--against", base.as_str()]].concat());
    for algorithm in ["p256", "gost512", "gost256", "gost2004"] {
        let order =
            ["cert", "issue", "--json", "--out", "keys", "--profile", "individual", "--alg", algorithm];
        let issued = against(&order).json();
        let key = issued["pkcs12"].as_str().unwrap();
        let sign = ["sign", "letter.txt", "--key", key, "--out"];
        for more in [&["stamped.cms", "--timestamp"][..], &["plain.cms"]] {
            let signed = against(&[&sign[..], more].concat());
            assert_eq!(signed.code, 0, "{signed:?}");
        }
        let elsewhere = bench.runs(&[&sign[..], &["tsp.cms", "--tsp", &format!("{base}/ca/tsp")]].concat());
        assert_eq!(elsewhere.code, 0, "{elsewhere:?}");
        let judged = |file: &str| against(&["verify", file, "--content", "letter.txt"]);
        let accepted = judged("stamped.cms");
        assert_eq!(accepted.code, 0, "{accepted:?}");
        assert!(accepted.out.contains("time stamp: "), "{}", accepted.out);
        // Lists carry whole seconds: what is revoked in the second of the time stamp was revoked then.
        assert_eq!(bench.runs(&["clock", "--against", &base, "advance", "1 hour"]).code, 0);
        assert_eq!(against(&["cert", "revoke", issued["serial"].as_str().unwrap()]).code, 0);
        let stamped = judged("stamped.cms");
        assert_eq!(stamped.code, 0, "{stamped:?}");
        assert!(stamped.out.contains("revoked"), "who was asked is still listed: {}", stamped.out);
        assert_eq!((judged("tsp.cms").code, judged("plain.cms").code), (0, 1));
    }
}

#[test]
fn an_authority_that_gives_no_time_stamp_is_said_to_give_none() {
    let bench = Bench::new();
    let issued = bench.issues(&["individual"]);
    bench.writes("letter.txt", "Сәлем\n");
    let key = issued["pkcs12"].as_str().unwrap();
    let nobody = bench.runs(&["sign", "letter.txt", "--key", key, "--tsp", "http://127.0.0.1:9/tsp"]);
    assert_eq!(nobody.code, 2, "{nobody:?}");
    assert!(nobody.err.contains("no-timestamp"), "{}", nobody.err);
    assert!(!bench.path("letter.txt.cms").exists(), "nothing is written without the time stamp");
    let xml = bench.runs(&["sign", "letter.txt", "--key", key, "--format", "xml", "--timestamp"]);
    assert_eq!((xml.code, xml.err.contains("for CMS only")), (2, true), "{xml:?}");
}

#[test]
fn a_held_certificate_comes_back_and_a_revoked_one_does_not() {
    let bench = Bench::new();
    let issued = bench.issues(&["individual"]);
    let (serial, certificate) = (issued["serial"].as_str().unwrap(), issued["certificate"].as_str().unwrap());
    let change = |command: &str| bench.runs(&["cert", command, serial, "--data", "data"]);
    let judged = || bench.runs(&["verify", certificate, "--data", "data"]).code;
    assert_eq!(judged(), 0);
    assert_eq!((change("hold").code, judged()), (0, 1));
    assert_eq!((change("release").code, judged()), (0, 0));
    assert_eq!((change("revoke").code, judged()), (0, 1));
    let released = change("release");
    assert_eq!((released.code, judged()), (2, 1), "{released:?}");
    assert!(released.err.contains("revoked for good"), "{}", released.err);
}

#[test]
fn what_a_certificate_must_carry_can_be_asked_for() {
    let bench = Bench::new();
    let issued = bench.issues(&["authorised-person"]);
    let certificate = issued["certificate"].as_str().unwrap();
    let judged = |more: &[&str]| bench.runs(&[&["verify", certificate, "--data", "data"][..], more].concat());
    assert_eq!(judged(&["--role", "right-to-sign"]).code, 0);
    assert_eq!(judged(&["--role", "first-head"]).code, 1);
    assert_eq!(judged(&["--at", "2001-01-01T00:00:00Z"]).code, 1);
    assert_eq!(judged(&["--iin", "not a number"]).code, 2);
    assert_eq!(judged(&["--role", "king"]).code, 2);
}

#[test]
fn attached_signatures_and_rsa_and_modern_key_files_work_as_well() {
    let bench = Bench::new();
    bench.writes("letter.txt", "Сәлем\n");
    let password = ["--password", "Another-1"];
    for (name, order) in
        [("modern", ["individual", "--encoding", "modern"]), ("rsa", ["head", "--alg", "rsa"])]
    {
        let issued = bench.issues(&[&order[..], &password].concat());
        let signed = format!("{name}.cms");
        bench.signs("letter.txt", &issued, &["--attached", "--out", &signed, "--password", "Another-1"]);
        let ran = bench.runs(&["verify", &signed, "--data", "data"]);
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        let key = issued["pkcs12"].as_str().unwrap();
        let wrong = bench.runs(&["sign", "letter.txt", "--key", key, "--password", "wrong"]);
        assert_eq!(wrong.code, 2);
        assert!(wrong.err.contains("hint: look at --password"), "{}", wrong.err);
    }
}

#[test]
fn flaws_are_ordered_by_name_and_found() {
    let bench = Bench::new();
    for (flaw, words) in
        [("expired", "expired"), ("suspended", "certificateHold"), ("bad-signature", "signature")]
    {
        let issued = bench.issues(&["individual", "--flaw", flaw]);
        assert_eq!(issued["flaws"][0], flaw);
        let ran = bench.runs(&["verify", issued["certificate"].as_str().unwrap(), "--data", "data"]);
        assert_eq!(ran.code, 1, "{flaw}: {ran:?}");
        assert!(ran.out.contains(words), "{flaw}: {}", ran.out);
    }
    let issued = bench.issues(&["individual", "--flaw", "missing-crl"]);
    let ran = bench.runs(&["verify", issued["certificate"].as_str().unwrap(), "--data", "data"]);
    assert_eq!(ran.code, 1, "what could not be checked never passes");
    assert!(ran.out.lines().any(|line| line == "could not be checked"), "{}", ran.out);
}

#[test]
fn an_unknown_flaw_is_an_error_that_lists_the_known_ones() {
    let bench = Bench::new();
    let order = ["cert", "issue", "--profile", "individual", "--data", "data", "--out", "keys"];
    let ran = bench.runs(&[&order[..], &["--flaw", "nonsense"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    for flaw in Flaw::all() {
        assert!(ran.err.contains(flaw.name()), "{flaw} is not in {}", ran.err);
    }
    assert!(ran.err.lines().any(|line| line.starts_with("hint: ")), "{}", ran.err);
    assert!(!bench.path("keys").exists(), "nothing was issued");
    for more in [
        &["--flaw", "expired", "--flaw", "not-yet-valid"][..],
        &["--flaw", "bin-mismatch"],
        &["--iin", "123"],
    ] {
        let ran = bench.runs(&[&order[..], more].concat());
        assert_eq!(ran.code, 2, "{more:?}: {ran:?}");
    }
}

#[test]
fn the_registry_is_listed_shown_and_exported() {
    let bench = Bench::new();
    let issued = bench.issues(&["individual"]);
    let serial = issued["serial"].as_str().unwrap();
    assert!(bench.runs(&["cert", "list", "--data", "data"]).out.contains(serial));
    let shown = bench.runs(&["cert", "show", serial, "--data", "data"]);
    assert!(shown.out.contains("good") && shown.out.contains("BEGIN CERTIFICATE"), "{}", shown.out);
    assert_eq!(bench.runs(&["cert", "show", "00", "--data", "data"]).code, 2);
    assert_eq!(bench.runs(&["cert", "export", "out", "--data", "data"]).code, 0);
    for name in ["roots.pem", "authorities.pem", "p256.crl", "p256-root.crl"] {
        assert!(bench.path("out").join(name).exists(), "{name}");
    }
}
