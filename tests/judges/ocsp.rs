//! OpenSSL asking our OCSP responder, and judging its answers.

use std::ffi::OsString;

use certs::ocsp::{CertId, CertIdHash, request};
use certs::{CertStatus, Issued, Reason};

use crate::fixtures::{CENTRES, Centre, Folder};
use crate::tool::{Said, Tool, tool};

/// Lets OpenSSL ask with `digest`, answers as the centre would, and lets OpenSSL judge the answer.
fn asked(
    openssl: &Tool,
    centre: &Centre,
    folder: &Folder,
    issued: &Issued,
    digest: &str,
    status: CertStatus,
) -> Said {
    let (root, issuing) = (folder.path("root.pem"), folder.path("issuing.pem"));
    let leaf = folder.write("leaf.pem", issued.certificate.pem());
    let (question, answer) = (folder.path("question.der"), folder.path("answer.der"));
    let ask = format!("ocsp -{digest} -issuer {{}} -cert {{}} -reqout {{}}");
    openssl.run(&ask, &[&issuing, &leaf, &question]).accepts(&[]);
    let serial = issued.certificate.serial();
    let lookup = |asked: &[u8]| if asked == serial { status } else { CertStatus::Unknown };
    let bytes = centre.authority.ocsp_respond(&folder.read("question.der"), &lookup, centre.now);
    std::fs::write(&answer, bytes).expect("the answer is written");
    // Its own question again beside the answer: the nonce must be the same.
    let nonce = openssl.run(
        "ocsp -reqin {} -respin {} -CAfile {} -verify_other {} -resp_text",
        &[&question, &answer, &root, &issuing],
    );
    nonce.accepts(&["Response verify OK", "OCSP Nonce"]);
    assert!(!nonce.text.contains("no nonce"), "{}", nonce.text);
    let judge = format!(
        "ocsp -{digest} -issuer {{}} -cert {{}} -no_nonce -respin {{}} -CAfile {{}} -verify_other {{}}"
    );
    openssl.run(&judge, &[&issuing, &leaf, &answer, &root, &issuing])
}

#[test]
fn openssl_asks_and_believes_the_answer() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let (folder, issued) = (centre.folder(), centre.head(&[]));
        let said = |digest, status| asked(&openssl, centre, &folder, &issued, digest, status);
        for digest in ["sha1", "sha256"] {
            said(digest, CertStatus::Good).accepts(&["Response verify OK", "leaf.pem: good"]);
            let revoked = CertStatus::Revoked { at: centre.now, reason: Reason::KeyCompromise };
            said(digest, revoked).accepts(&[
                "Response verify OK",
                "leaf.pem: revoked",
                "Reason: keyCompromise",
            ]);
            said(digest, CertStatus::Unknown).accepts(&["Response verify OK", "leaf.pem: unknown"]);
        }
    }
}

#[test]
fn openssl_reads_our_question() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let (folder, issued) = (centre.folder(), centre.head(&[]));
        let id = CertId::new(CertIdHash::Sha256, centre.authority.issuing(), issued.certificate.serial());
        let question: OsString = folder.write("question.der", request(&id, Some(*b"8 bytes!")));
        let serial = issued.certificate.serial_hex().to_uppercase();
        let serial = serial.trim_start_matches('0');
        openssl.run("ocsp -reqin {} -req_text", &[&question]).accepts(&["sha256", serial, "OCSP Nonce"]);
    }
}

#[test]
fn openssl_reads_a_failure_as_one() {
    let Some(openssl) = tool("openssl") else { return };
    let Some(centre) = CENTRES.first() else { return };
    let folder = centre.folder();
    let bytes = centre.authority.ocsp_respond(b"what?", &|_| CertStatus::Good, centre.now);
    let answer = folder.write("answer.der", bytes);
    let said = openssl.run("ocsp -respin {} -noverify", &[&answer]);
    assert!(said.text.contains("malformedrequest (1)"), "{}", said.text);
}
