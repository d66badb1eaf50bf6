use std::fmt::Write as _;

use certs::Algorithm;

use super::{DOCUMENT, MESSAGE, part, signer};
use crate::Code;
use crate::xml::{sign, verify, wss};

/// The code that every door of this module gives, which must be one and the same.
#[track_caller]
fn code(xml: impl AsRef<[u8]>) -> Code {
    let xml = xml.as_ref();
    let (key, certificate) = signer(Algorithm::P256);
    let codes = [
        verify(xml, &[]).unwrap_err().code(),
        wss::verify(xml, &[]).unwrap_err().code(),
        sign(xml, key, certificate).unwrap_err().code(),
        wss::sign(xml, key, certificate).unwrap_err().code(),
    ];
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
    codes[0]
}

#[test]
fn document_types_and_entities_are_refused() {
    let laughs: String = (1..10).fold(String::from("<!ENTITY l0 'ha'>"), |mut all, level| {
        let inside = format!("&l{};", level - 1).repeat(10);
        write!(all, "<!ENTITY l{level} '{inside}'>").unwrap();
        all
    });
    for xml in [
        "<!DOCTYPE a><a/>".to_owned(),
        "<!-- c --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>".to_owned(),
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'http://127.0.0.1/'>]><a>&e;</a>".to_owned(),
        format!("<!DOCTYPE a [{laughs}]><a>&l9;</a>"),
        "<!DOCTYPE a [<!ATTLIST a Id ID #IMPLIED>]><a/>".to_owned(),
        "<a>&nbsp;</a>".to_owned(),
        "<a b='&e;'/>".to_owned(),
        "<a/><!DOCTYPE a>".to_owned(),
    ] {
        assert_eq!(code(&xml), Code::XmlRefused, "{xml}");
    }
}

#[test]
fn other_encodings_and_versions_are_refused() {
    let utf16: Vec<u8> = "\u{FEFF}<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(code(utf16), Code::XmlRefused);
    assert_eq!(code(b"<a>\xd0</a>"), Code::XmlRefused);
    assert_eq!(code("<?xml version='1.0' encoding='windows-1251'?><a/>"), Code::XmlRefused);
    assert_eq!(code("<?xml version='1.1'?><a/>"), Code::XmlRefused);
}

#[test]
fn depth_attributes_namespaces_nodes_and_bytes_have_limits() {
    let deep = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
    assert_eq!(code(deep(129)), Code::XmlRefused);
    assert_eq!(code(deep(10_000)), Code::XmlRefused);
    assert_eq!(code("<a>".repeat(10_000)), Code::XmlRefused);
    assert_eq!(verify(deep(128).as_bytes(), &[]).unwrap_err().code(), Code::SignatureMissing);

    let attributes = |count: usize| (0..count).fold(String::new(), |all, n| format!("{all} a{n}=''"));
    assert_eq!(code(format!("<a{}/>", attributes(257))), Code::XmlRefused);
    let most = format!("<a{}/>", attributes(256));
    assert_eq!(verify(most.as_bytes(), &[]).unwrap_err().code(), Code::SignatureMissing);

    let level =
        |level: usize| (0..30).fold(String::new(), |all, n| format!("{all} xmlns:p{level}-{n}='urn:a'"));
    let nested: String = (0..9).fold(String::new(), |all, n| format!("{all}<a{}>", level(n)));
    assert_eq!(code(nested), Code::XmlRefused);

    assert_eq!(code(format!("<a>{}</a>", "<a/>".repeat(400_001))), Code::XmlRefused);
    assert_eq!(code(format!("<a>{}</a>", "<a b=''/>".repeat(200_001))), Code::XmlRefused);
    assert_eq!(code(vec![b'<'; (24 << 20) + 1]), Code::XmlRefused);
}

#[test]
fn a_long_namespace_that_is_used_often_does_not_take_the_memory() {
    let (key, certificate) = signer(Algorithm::P256);
    let uri = format!("urn:{}", "a".repeat(1 << 20));
    let body = "<p:a/>".repeat(1_000);
    let message = format!(
        "<s:Envelope xmlns:s='{}' xmlns:p='{uri}'><s:Body>{body}</s:Body></s:Envelope>",
        crate::xml::SOAP
    );
    assert_eq!(wss::sign(message.as_bytes(), key, certificate).unwrap_err().code(), Code::XmlRefused);
    let good = wss::sign(MESSAGE.as_bytes(), key, certificate).unwrap();
    let security = part(&good, "<wsse:Security", "</wsse:Security>");
    let reference = part(security, "#id-", "\"").replace(['#', '"'], "");
    let evil = message
        .replace("<s:Body>", &format!("<s:Header>{security}</s:Header><s:Body Id='{reference}'>"))
        .replace("soap:mustUnderstand", "s:mustUnderstand");
    assert_eq!(wss::verify(evil.as_bytes(), &[]).unwrap_err().code(), Code::XmlRefused);
}

#[test]
fn broken_pieces_of_good_ones_are_refused() {
    let (key, certificate) = signer(Algorithm::P256);
    let document = sign(DOCUMENT.as_bytes(), key, certificate).unwrap();
    let message = wss::sign(MESSAGE.as_bytes(), key, certificate).unwrap();
    for good in [document, message] {
        let end = good.rfind("</").unwrap();
        for length in (0..=end).filter(|length| good.is_char_boundary(*length)) {
            assert_eq!(code(&good[..length]), Code::XmlMalformed, "{length}");
        }
        assert_eq!(code(format!("{good}{good}")), Code::XmlMalformed);
    }
}
