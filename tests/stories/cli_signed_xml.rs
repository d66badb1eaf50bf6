//! Signing and verifying XML from the command line, with keys of every algorithm.

use std::path::PathBuf;

use certs::Algorithm;
use serde_json::Value;
use tests::{Ran, qaqpa};

const DOCUMENT: &str = "<?xml version=\"1.0\"?>\n<application xmlns=\"urn:test\">Өтініш</application>\n";
const MESSAGE: &str = "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
    <m:Send xmlns:m=\"urn:test\">Өтініш</m:Send></soap:Body></soap:Envelope>";

/// A desk with a data folder on it, a document and a message.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        std::fs::write(bench.path("document.xml"), DOCUMENT).unwrap();
        std::fs::write(bench.path("message.xml"), MESSAGE).unwrap();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn runs(&self, arguments: &str) -> Ran {
        qaqpa(self.0.path(), &arguments.split(' ').collect::<Vec<_>>())
    }

    /// Orders a certificate; the path of its key file.
    fn key(&self, algorithm: Algorithm) -> String {
        let order =
            format!("cert issue --json --data data --out {algorithm} --profile individual --alg {algorithm}");
        let ran = self.runs(&order);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.json()["pkcs12"].as_str().unwrap().to_owned()
    }

    fn verified(&self, file: &str, format: &str) -> (i32, Value) {
        let ran = self.runs(&format!("--json verify {file} --format {format} --data data"));
        (ran.code, ran.json())
    }
}

/// The URIs of the national algorithms.
const NATIONAL: [(&str, Algorithm); 3] = [
    ("urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512", Algorithm::Gost512),
    ("urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-256", Algorithm::Gost256),
    ("http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311", Algorithm::Gost2004),
];

#[test]
fn documents_and_messages_are_signed_with_every_algorithm_and_verify() {
    let bench = Bench::new();
    let mut by_all = "document.xml".to_owned();
    for &algorithm in Algorithm::ALL {
        let key = bench.key(algorithm);
        assert_eq!(bench.runs(&format!("sign {by_all} --format xml --key {key}")).code, 0);
        by_all += ".signed.xml";
        for (format, file) in [("xml", "document.xml"), ("wss", "message.xml")] {
            let signed = format!("{algorithm}-{format}.xml");
            let ran = bench.runs(&format!("sign {file} --format {format} --key {key} --out {signed}"));
            assert_eq!(ran.code, 0, "{algorithm} {format}: {}", ran.err);
            let text = std::fs::read_to_string(bench.path(&signed)).unwrap();
            for (name, of) in NATIONAL {
                let method = format!("SignatureMethod Algorithm=\"{name}\"");
                assert_eq!(text.contains(&method), algorithm == of, "{text}");
            }

            let (code, found) = bench.verified(&signed, format);
            assert_eq!((code, &found["accepted"]), (0, &true.into()), "{algorithm} {format}: {found}");
            assert_eq!(found["signers"].as_array().unwrap().len(), 1);

            std::fs::write(bench.path("altered.xml"), text.replace("Өтініш", "Шағым")).unwrap();
            let (code, found) = bench.verified("altered.xml", format);
            assert_eq!((code, &found["accepted"]), (1, &false.into()), "{algorithm} {format}: {found}");
            assert_eq!(found["signature"]["code"], "signature-invalid");
        }
    }
    // Signed by one after the other.
    let (code, found) = bench.verified(&by_all, "xml");
    assert_eq!(code, 0, "{found}");
    assert_eq!(found["signers"].as_array().unwrap().len(), Algorithm::ALL.len());
}

#[test]
fn what_cannot_be_signed_or_is_not_signed_is_said() {
    let bench = Bench::new();
    let key = bench.key(Algorithm::P256);
    for (file, format) in [("document.xml", "wss"), ("broken.xml", "xml"), ("laughs.xml", "xml")] {
        std::fs::write(bench.path("broken.xml"), "<a>").unwrap();
        std::fs::write(bench.path("laughs.xml"), "<!DOCTYPE a [<!ENTITY l 'ha'>]><a>&l;</a>").unwrap();
        let ran = bench.runs(&format!("sign {file} --format {format} --key {key}"));
        assert_eq!(ran.code, 2, "{file}: {ran:?}");
        assert!(ran.err.contains("hint: "), "{file}: {}", ran.err);
    }
    for (file, format, code) in [
        ("document.xml", "xml", "signature-missing"),
        ("message.xml", "wss", "signature-missing"),
        ("document.xml", "wss", "envelope-malformed"),
    ] {
        let (exit, found) = bench.verified(file, format);
        assert_eq!((exit, found["signature"]["code"].as_str()), (1, Some(code)), "{file}: {found}");
    }
}
