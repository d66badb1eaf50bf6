//! XML signature wrapping, in the eight shapes that the literature counts, for messages and for documents.

use certs::Algorithm;
use uuid::Uuid;

use super::{MESSAGE, part, replaced, signed_over, signer};
use crate::Code;
use crate::xml::algorithms::ENVELOPED;
use crate::xml::names::EXC_C14N;
use crate::xml::parse::parse;
use crate::xml::sign::with_last_child;
use crate::xml::{WSSE, WSU, XmlError, verify, wss};

const EVIL: &str = "<soap:Body><m:Send xmlns:m=\"urn:test:message\"><to>thief</to></m:Send></soap:Body>";
const ID: &str = "id-00000000-0000-0000-0000-000000000000";

fn good() -> String {
    let (key, certificate) = signer(Algorithm::P256);
    wss::sign_as(MESSAGE.as_bytes(), key, certificate, Uuid::nil()).unwrap()
}

fn evil_with(id: &str) -> String {
    EVIL.replace("<soap:Body>", &format!("<soap:Body xmlns:wsu=\"{WSU}\" wsu:Id=\"{id}\">"))
}

/// The good message with its signed Body at one place and an evil one where Bodies belong.
fn wrapped(evil: &str, mark: &str, with_original: impl Fn(&str) -> String) -> String {
    let good = good();
    let original = part(&good, "<soap:Body ", "</soap:Body>");
    replaced(&replaced(&good, original, evil), mark, &with_original(original))
}

#[test]
fn wrapped_messages_are_refused() {
    let in_header =
        |original: &str| format!("<w:Wrapper xmlns:w=\"urn:w\">{original}</w:Wrapper></soap:Header>");
    let end = "</soap:Header>";
    let good = good();
    let original = part(&good, "<soap:Body ", "</soap:Body>");
    let security = part(&good, "<wsse:Security ", "</wsse:Security>");
    let nested =
        replaced(&good, original, EVIL).replace("</to></m:Send>", &format!("</to>{original}</m:Send>"));
    let two = |first: &str, second: &str| replaced(&good, original, &format!("{first}{second}"));
    for (which, message) in [
        ("1: evil Body without id", wrapped(EVIL, end, in_header)),
        ("2: evil Body with another id", wrapped(&evil_with("id-evil"), end, in_header)),
        ("3: evil Body with the same id", wrapped(&evil_with(ID), end, in_header)),
        ("4: in the Security header", wrapped(EVIL, "</wsse:Security>", |o| format!("{o}</wsse:Security>"))),
        (
            "5: in an Object of the signature",
            wrapped(EVIL, "</ds:Signature>", |o| format!("<ds:Object>{o}</ds:Object></ds:Signature>")),
        ),
        ("6: in the evil Body", nested),
        ("7: two Bodies, evil first", two(EVIL, original)),
        ("7: two Bodies, evil last", two(original, EVIL)),
        ("7: two Bodies of one id", two(&evil_with(ID), original)),
        (
            "7: after the evil Body",
            two(EVIL, &format!("<w:Wrapper xmlns:w=\"urn:w\">{original}</w:Wrapper>")),
        ),
        ("8: the whole message in a Header", wrapped(EVIL, end, |_| format!("{good}</soap:Header>"))),
        ("8: the whole message in the Body", replaced(MESSAGE, "<to>school</to>", &good)),
        ("two Security headers", replaced(&good, security, &security.repeat(2))),
        (
            "two Security headers, one empty",
            replaced(&good, security, &format!("<wsse:Security xmlns:wsse=\"{WSSE}\"/>{security}")),
        ),
        (
            "a Security header that is not in the Header",
            replaced(
                &good,
                "<soap:Header>",
                &format!("<soap:Header><a><wsse:Security xmlns:wsse=\"{WSSE}\"/></a>"),
            ),
        ),
        ("two Headers", replaced(&good, "<soap:Header>", "<soap:Header/><soap:Header>")),
        ("the id twice", replaced(&good, "<soap:Header>", &format!("<soap:Header><a Id=\"{ID}\"/>"))),
        ("the id twice, as ID", replaced(&good, "<soap:Header>", &format!("<soap:Header><a ID=\"{ID}\"/>"))),
        (
            "another id twice",
            replaced(
                &good,
                "<soap:Header>",
                &format!("<soap:Header><a xmlns:u=\"{WSU}\"><b u:Id=\"x\"/><b u:Id=\"x\"/></a>"),
            ),
        ),
    ] {
        let error = wss::verify(message.as_bytes(), &[]).unwrap_err();
        assert!(
            [Code::SignatureWrapped, Code::EnvelopeMalformed].contains(&error.code()),
            "{which}: {error}"
        );
    }
}

#[test]
fn a_signature_over_something_else_than_the_body_is_refused() {
    let with = |inside: &str| {
        let header = format!(
            "<soap:Header><to xmlns:wsu='{WSU}' wsu:Id='x'/>{inside}</soap:Header><soap:Body Id='b'>"
        );
        replaced(MESSAGE, "<soap:Body>", &header)
    };
    let security =
        |signature: &str| format!("<wsse:Security xmlns:wsse='{WSSE}'>{signature}</wsse:Security>");
    let refused = |uri: &str, target: &str, transforms: &[&str]| {
        let signature = signed_over(&with(""), uri, target, transforms);
        wss::verify(with(&security(&signature)).as_bytes(), &[]).unwrap_err().code()
    };
    assert_eq!(refused("#x", "to", &[EXC_C14N]), Code::SignatureWrapped);
    assert_eq!(refused("#unknown", "Body", &[EXC_C14N]), Code::SignatureWrapped);
    assert_eq!(refused("", "Body", &[EXC_C14N]), Code::SignatureMalformed);
    assert_eq!(refused("#b", "Body", &[ENVELOPED, EXC_C14N]), Code::SignatureMalformed);
    // The same means, used rightly.
    let signature = signed_over(&with(""), "#b", "Body", &[EXC_C14N]);
    wss::verify(with(&security(&signature)).as_bytes(), &[]).unwrap();
}

#[test]
fn wrapped_documents_are_refused() {
    let original = "<r xmlns=\"urn:r\" Id=\"x\"><to>school</to></r>";
    let signature = signed_over(original, "#x", "r", &[ENVELOPED, EXC_C14N]);
    let with = |document: &str| {
        let tree = parse(document.as_bytes()).unwrap();
        with_last_child(document, tree.root(), &signature)
    };
    let signed = with(original);
    assert_eq!(verify(signed.as_bytes(), &[]).unwrap().element().child("to").unwrap().text(), "school");

    let evil = |id: &str, inside: &str| format!("<r xmlns=\"urn:r\"{id}><to>thief</to>{inside}</r>");
    let in_object =
        signature.replace("</ds:Signature>", &format!("<ds:Object>{original}</ds:Object></ds:Signature>"));
    for (which, document) in [
        ("1: the original in an Object", evil(" Id=\"y\"", &in_object)),
        ("2: the original beside the signature", with(&evil(" Id=\"y\"", original))),
        ("3: the original with its signature inside", with(&evil("", &signed))),
        (
            "4: the evil one inside the original",
            with(&replaced(original, "<to>", &format!("{}<to>", evil("", "")))),
        ),
        ("5: the same id", with(&evil(" Id=\"x\"", original))),
        ("6: the same id, the original in an Object", evil(" Id=\"x\"", &in_object)),
        ("7: in an extension", with(&evil("", &format!("<ext>{original}</ext>")))),
        (
            "8: signature and original in an Object",
            evil(
                "",
                &signature
                    .replace("</ds:Signature>", &format!("<ds:Object>{signed}</ds:Object></ds:Signature>")),
            ),
        ),
    ] {
        let error = verify(document.as_bytes(), &[]).unwrap_err();
        assert!(matches!(error, XmlError::Wrapped { .. } | XmlError::Digest), "{which}: {error}");
    }
    // A signature that is not a child of the root signs nothing of the root.
    let inside = evil("", &signed);
    assert_eq!(verify(inside.as_bytes(), &[]).unwrap_err().code(), Code::SignatureMissing);
}
