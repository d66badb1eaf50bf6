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
fn validity_is_ordered_by_spans_and_sources_by_name() {
    let bench = Bench::new();
    let judged =
        |issued: &Value| bench.runs(&["verify", issued["certificate"].as_str().unwrap(), "--data", "data"]);
    for (more, words) in [
        (&["--not-after", "-1d"][..], "expired"),
        (&["--not-before", "+1d"], "valid only from"),
        (&["--not-before", "-2d", "--not-after", "-1 hour"], "expired"),
    ] {
        let ran = judged(&bench.issues(&[&["individual"], more].concat()));
        assert!(ran.code == 1 && ran.out.contains(words), "{more:?}: {ran:?}");
    }
    assert_eq!(judged(&bench.issues(&["individual", "--not-after", "+1d"])).code, 0);
    for way in ["crl-only", "partitioned-crl", "indirect-crl"] {
        let issued = bench.issues(&["individual", "--revocation-by", way]);
        let good = judged(&issued);
        assert_eq!(good.code, 0, "{way}: {good:?}");
        let serial = issued["serial"].as_str().unwrap();
        assert_eq!(bench.runs(&["cert", "hold", serial, "--data", "data"]).code, 0);
        let held = judged(&issued);
        assert!(held.code == 1 && held.out.contains("certificateHold"), "{way}: {held:?}");
        assert_eq!(bench.runs(&["cert", "release", serial, "--data", "data"]).code, 0);
        assert_eq!(judged(&issued).code, 0, "{way}");
    }
    let order = ["cert", "issue", "--profile", "individual", "--data", "data", "--out", "keys"];
    for wrong in [["--not-after", "tomorrow"], ["--revocation-by", "post"]] {
        let ran = bench.runs(&[&order[..], &wrong].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(wrong[1]), "{}", ran.err);
    }
}

#[test]
fn a_file_orders_many_certificates() {
    let bench = Bench::new();
    bench.writes(
        "many.csv",
        "profile,flaws,count,not_after\nindividual,,2,\nhead,expired no-patronymic,,\n,,,+1d\n",
    );
    let order = ["cert", "issue", "--data", "data", "--out", "keys", "--profile", "employee", "--batch"];
    let ran = bench.runs(&[&["--json"][..], &order, &["many.csv"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let all = ran.json();
    let profiles: Vec<&str> =
        all.as_array().unwrap().iter().map(|one| one["profile"].as_str().unwrap()).collect();
    assert_eq!(profiles, ["individual", "individual", "head", "employee"]);
    assert_eq!(all[2]["flaws"], serde_json::json!(["expired", "no-patronymic"]));
    for file in ["pkcs12", "certificate", "private_key", "chain"] {
        assert!(bench.path(all[3][file].as_str().unwrap()).exists(), "{file}");
    }
    assert_eq!(ran.err, "", "a bar is for terminals");

    bench.writes(
        "wrong.toml",
        "[[certificate]]\nprofile = \"individual\"\n[[certificate]]\nprofile = \"king\"\n",
    );
    let ran = bench.runs(&["cert", "issue", "--data", "data", "--out", "none", "--batch", "wrong.toml"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("wrong.toml, row 2: no profile `king`"), "{}", ran.err);
    assert!(!bench.path("none").exists(), "nothing was ordered");

    bench.writes(
        "refused.toml",
        "[[certificate]]\nprofile = \"individual\"\n[[certificate]]\nprofile = \"individual\"\niin = \"1\"\n",
    );
    let ran = bench.runs(&["cert", "issue", "--data", "data", "--out", "some", "--batch", "refused.toml"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("row 2") && ran.err.contains("1 were issued before"), "{}", ran.err);
}

#[test]
fn the_issuing_centre_gets_a_new_key_by_a_command() {
    let bench = Bench::new();
    let before = bench.issues(&["individual"]);
    let ran = bench.runs(&["cert", "rollover", "--data", "data"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("no. 2") && ran.out.contains("BEGIN CERTIFICATE"), "{}", ran.out);
    let after = bench.issues(&["individual"]);
    for issued in [before, after] {
        let ran = bench.runs(&["verify", issued["certificate"].as_str().unwrap(), "--data", "data"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert_eq!(bench.runs(&["cert", "export", "out", "--data", "data"]).code, 0);
    for name in ["p256.crl", "p256-2.crl", "p256-2-delta.crl"] {
        assert!(bench.path("out").join(name).exists(), "{name}");
    }
    assert_eq!(bench.runs(&["cert", "rollover", "--alg", "rsa", "--data", "data"]).code, 2);
}

#[test]
fn every_flaw_is_exported_into_a_folder_of_its_own() {
    let bench = Bench::new();
    let ran = bench.runs(&["cert", "export", "--all-flaws", "flaws"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!bench.path(".qaqpa").exists(), "no sandbox is touched");
    let readme = std::fs::read_to_string(bench.path("flaws/README.md")).unwrap();
    for flaw in Flaw::all() {
        let folder = bench.path("flaws").join(flaw.name());
        assert!(
            folder.join("certificate.pem").exists() && folder.join("document.txt.cms").exists(),
            "{flaw}"
        );
        assert!(readme.contains(&format!("`{flaw}`")), "{flaw}");
    }
    let listed = bench.runs(&["cert", "flaws", "--json"]).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(Flaw::all().len()));
    assert_eq!(
        listed[0],
        serde_json::json!({
            "name": "expired", "description": Flaw::Expired.describe(), "must": "refuse", "code": "certificate-expired",
        })
    );
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
