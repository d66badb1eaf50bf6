//! What is tried on verifiers, each by name and with the code it has to have. Wrapping has a file of its own.

use std::fmt::Write as _;

use certs::Algorithm;
use uuid::Uuid;

use super::{MESSAGE, part, replaced, signer};
use crate::Code;
use crate::xml::{WSU, wss};

const ID: &str = "id-00000000-0000-0000-0000-000000000000";

fn good() -> String {
    let (key, certificate) = signer(Algorithm::P256);
    wss::sign_as(MESSAGE.as_bytes(), key, certificate, Uuid::nil()).unwrap()
}

/// The code for the good message with one thing in place of another.
#[track_caller]
fn code(what: &str, with: &str) -> Code {
    wss::verify(replaced(&good(), what, with).as_bytes(), &[]).unwrap_err().code()
}

#[test]
fn an_id_stands_once_in_whatever_way_it_is_written() {
    for first in ["wsu:Id", "wsse:Id", "xml:id", "Id", "ID"] {
        // Beside the Body's `wsu:Id`.
        let other = format!("<h xmlns:wsu='{WSU}' xmlns:wsse='{}' {first}='{ID}'/>", crate::xml::WSSE);
        let with = format!("<soap:Header>{other}");
        assert_eq!(code("<soap:Header>", &with), Code::SignatureWrapped, "{first}");
        // An id that nothing refers to, twice, in a namespace that makes it one.
        let twice =
            format!("<h xmlns:wsu='{WSU}' wsu:Id='y'/><h xmlns:wsse='{}' {first}='y'/>", crate::xml::WSSE);
        let twice = twice.replace("<h xmlns:wsse", &format!("<h xmlns:wsu='{WSU}' xmlns:wsse"));
        let message = replaced(&good(), "<soap:Header>", &format!("<soap:Header>{twice}"));
        let expected = first.contains(':').then_some(Code::SignatureWrapped);
        assert_eq!(wss::verify(message.as_bytes(), &[]).err().map(|error| error.code()), expected, "{first}");
    }
}

#[test]
fn transforms_that_compute_are_refused() {
    let exclusive = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    for (uri, inside) in [
        ("http://www.w3.org/TR/1999/REC-xslt-19991116", "<xsl:stylesheet xmlns:xsl='urn:xsl'/>"),
        ("http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>ancestor-or-self::evil</ds:XPath>"),
        ("http://www.w3.org/2002/06/xmldsig-filter2", "<f:XPath xmlns:f='urn:f' Filter='union'>/</f:XPath>"),
        ("http://www.w3.org/2000/09/xmldsig#base64", ""),
        ("http://www.w3.org/2002/07/decrypt#XML", ""),
        (
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform",
            "",
        ),
    ] {
        let evil = format!("<ds:Transform Algorithm=\"{uri}\">{inside}</ds:Transform>");
        assert_eq!(code(exclusive, &evil), Code::AlgorithmRefused, "{uri}");
        assert_eq!(code(exclusive, &format!("{evil}{exclusive}")), Code::AlgorithmRefused, "{uri}");
    }
}

#[test]
fn nothing_outside_of_the_message_is_referred_to() {
    for uri in [
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
        "cid:attachment",
        "",
        "#xpointer(id('x'))",
        "#xpointer(/)",
        "body.xml",
    ] {
        assert_eq!(
            code(&format!("URI=\"#{ID}\""), &format!("URI=\"{uri}\"")),
            Code::SignatureMalformed,
            "{uri}"
        );
    }
}

#[test]
fn a_public_key_is_no_secret_of_an_hmac() {
    let ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    for hmac in [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512",
    ] {
        assert_eq!(code(ecdsa, hmac), Code::AlgorithmRefused);
    }
    // Nor does a key of one kind verify what claims to be another's.
    let rsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    assert_eq!(code(ecdsa, rsa), Code::AlgorithmRefused);
    let gost = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512";
    assert_eq!(code(ecdsa, gost), Code::AlgorithmRefused);
}

#[test]
fn a_comment_does_not_divide_a_text() {
    for divided in ["sch<!-- -->ool", "<!-- -->school", "school<!-- -->", "s<![CDATA[choo]]>l"] {
        let message = replaced(&good(), "<to>school</to>", &format!("<to>{divided}</to>"));
        let verified = wss::verify(message.as_bytes(), &[]).unwrap();
        assert_eq!(verified.body().child("Send").unwrap().child("to").unwrap().text(), "school");
    }
    assert_eq!(code("<to>school</to>", "<to>school<!-- -->.evil</to>"), Code::SignatureInvalid);
    assert_eq!(code("<to>school</to>", "<to>school<?evil?></to>"), Code::SignatureInvalid);
}

#[test]
fn references_certificates_and_prefixes_have_limits() {
    let good = good();
    let reference = part(&good, "<ds:Reference ", "</ds:Reference>");
    for count in [9, 10_000] {
        assert_eq!(code(reference, &reference.repeat(count)), Code::SignatureMalformed, "{count}");
    }
    let identifier = part(&good, "<wsse:KeyIdentifier ", "</wsse:KeyIdentifier>");
    for count in [9, 1_000] {
        assert_eq!(code(identifier, &identifier.repeat(count)), Code::SignatureMalformed, "{count}");
    }
    let mut list = String::new();
    for number in 0..10_000 {
        write!(list, "p{number} ").unwrap();
    }
    let transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    let listed = format!(
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><e:InclusiveNamespaces \
         xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{list}\"/></ds:Transform>"
    );
    assert_eq!(code(transform, &listed), Code::SignatureMalformed);
}

#[test]
fn a_million_attributes_are_refused_at_once() {
    let mut tag = String::with_capacity(12 << 20);
    tag.push_str("<soap:Header><h");
    for number in 0..1_000_000 {
        write!(tag, " a{number}=''").unwrap();
    }
    tag.push_str("/>");
    assert_eq!(code("<soap:Header>", &tag), Code::XmlRefused);
    // The same over many elements.
    let mut tags = String::from("<soap:Header>");
    for _ in 0..1_000_000 {
        tags.push_str("<h a=''/>");
    }
    assert_eq!(code("<soap:Header>", &tags), Code::XmlRefused);
}
