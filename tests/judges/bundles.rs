//! OpenSSL on the bundles of `qaqpa cert export --all-flaws`: what the README says, it says.

use certs::{Algorithm, Clock, Flaw};
use registries::ca::bundles;
use serde_json::Value;

use crate::fixtures::Folder;
use crate::tool::tool;

/// The algorithms whose signatures OpenSSL knows.
const JUDGED: [Algorithm; 2] = [Algorithm::P256, Algorithm::Rsa];

#[tokio::test]
async fn openssl_says_of_each_flaw_what_the_readme_says() {
    let Some(openssl) = tool("openssl") else { return };
    for algorithm in JUDGED {
        let now = Clock::system().now();
        let folder = Folder::new();
        for file in bundles(algorithm, now, || ()).await.expect("bundles") {
            folder.write_below(&file.name, file.content);
        }
        let at = now.as_second();
        let command = format!(
            "verify -attime {at} -auth_level 2 -policy_check -crl_check_all -CAfile {{}} -untrusted {{}} \
             -CRLfile {{}} {{}}"
        );
        let said: Vec<Value> = serde_json::from_slice(&folder.read("flaws.json")).expect("JSON");
        assert_eq!(said.len(), Flaw::all().len() + 1);
        let mut wrong = Vec::new();
        for one in said {
            let name = one["folder"].as_str().expect("a folder");
            let words = one["openssl"].as_str().expect("what OpenSSL says");
            let files = ["chain.pem", "lists.pem", "certificate.pem"];
            let [chain, lists, certificate] = files.map(|file| folder.path(&format!("{name}/{file}")));
            let ran = openssl.run(&command, &[&folder.path("roots.pem"), &chain, &lists, &certificate]);
            let right = if words == "OK" { ran.success } else { !ran.success && ran.text.contains(words) };
            if !right {
                wrong.push(format!("{name}: {words:?} expected, and it said:\n{}", ran.text));
            }
        }
        assert!(wrong.is_empty(), "{algorithm}\n{}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn openssl_reads_the_keys_the_answers_and_the_signatures() {
    let Some(openssl) = tool("openssl") else { return };
    let now = Clock::system().now();
    let folder = Folder::new();
    for file in bundles(Algorithm::P256, now, || ()).await.expect("bundles") {
        folder.write_below(&file.name, file.content);
    }
    let path = |name: &str| folder.path(name);
    let key = "pkcs12 -in {} -passin pass:Qaqpa1 -nokeys";
    openssl.run(key, &[&path("flawless/key.modern.p12")]).accepts(&["BEGIN CERTIFICATE"]);
    openssl.run(&format!("{key} -legacy"), &[&path("weak-rsa/key.p12")]).accepts(&["BEGIN CERTIFICATE"]);
    let ocsp = "ocsp -issuer {} -cert {} -respin {} -no_nonce -CAfile {} -verify_other {} -trust_other";
    let status = |name: &str| {
        let files = ["flawless/chain.pem", &format!("{name}/certificate.pem"), &format!("{name}/ocsp.der")];
        let [issuer, certificate, answer] = files.map(|file| folder.path(file));
        openssl.run(ocsp, &[&issuer, &certificate, &answer, &path("roots.pem"), &path("authorities.pem")])
    };
    for (name, words) in [
        ("flawless", ": good"),
        ("ocsp-good-crl-revoked", ": good"),
        ("ocsp-revoked-crl-good", ": revoked"),
        ("ocsp-unknown", ": unknown"),
        ("revoked-after-signing", ": revoked"),
    ] {
        status(name).accepts(&["Response verify OK", words]);
    }
    let signature = "cms -verify -binary -inform DER -in {} -content {} -noverify -out {}";
    for name in ["flawless", "weak-rsa", "issuer-revoked"] {
        let files = ["document.txt.cms", "document.txt"].map(|file| path(&format!("{name}/{file}")));
        let [signed, document] = files;
        openssl.run(signature, &[&signed, &document, &path("out.txt")]).accepts(&["success"]);
    }
}
