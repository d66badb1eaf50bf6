//! Messages as other clients write them: verified, never emitted.

use certs::Algorithm;

use super::{MESSAGE, replaced, signed_over_by, signer};
use crate::xml::names::EXC_C14N;
use crate::xml::{SOAP_12, WSSE, WSU, XmlError, wss};
use crate::{Bytes, Code};

const TOKEN: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";

/// A message that somebody else's toolkit signed: its KeyInfo, and what stands in the Security header beside.
fn signed(message: &str, key_info: &str, beside: &str) -> String {
    let with = |inside: &str| {
        let security =
            format!("<wsse:Security xmlns:wsse='{WSSE}' xmlns:wsu='{WSU}'>{inside}</wsse:Security>");
        let body = format!("<soap:Header>{security}</soap:Header><soap:Body xmlns:wsu='{WSU}' wsu:Id='b'>");
        replaced(message, "<soap:Body>", &body)
    };
    let signature = signed_over_by(key_info, &with(beside), "#b", "Body", &[EXC_C14N]);
    with(&format!("{beside}{signature}"))
}

fn certificate() -> String {
    Bytes(signer(Algorithm::P256).1.der().to_vec()).to_base64()
}

fn token(id: &str) -> String {
    format!(
        "<wsse:BinarySecurityToken ValueType='{TOKEN}' wsu:Id='{id}'>{}</wsse:BinarySecurityToken>",
        certificate()
    )
}

fn reference(uri: &str) -> String {
    format!(
        "<wsse:SecurityTokenReference xmlns:wsse='{WSSE}'><wsse:Reference URI='{uri}' ValueType='{TOKEN}'/>\
         </wsse:SecurityTokenReference>"
    )
}

#[test]
fn a_binary_security_token_is_taken_where_it_is_referred_to() {
    let message = signed(MESSAGE, &reference("#t"), &token("t"));
    let verified = wss::verify(message.as_bytes(), &[]).unwrap();
    assert_eq!(verified.signer().certificate, signer(Algorithm::P256).1);
    let code = |uri: &str, beside: &str| {
        wss::verify(signed(MESSAGE, &reference(uri), beside).as_bytes(), &[]).unwrap_err().code()
    };
    assert_eq!(code("#t", ""), Code::SignatureMalformed);
    assert_eq!(code("#u", &token("t")), Code::SignatureMalformed);
    assert_eq!(code("#t", &token("t").repeat(2)), Code::SignatureWrapped);
    assert_eq!(code("#t", &token("t").replace("wsu:Id", "Id").repeat(2)), Code::SignatureWrapped);
    assert_eq!(code("#t", &token("t").replace("#X509v3", "#X509PKIPathv1")), Code::SignatureMalformed);
    assert_eq!(code("#t", &format!("<a>{}</a>", token("t"))), Code::SignatureMalformed);
    assert_eq!(code("http://127.0.0.1/t", &token("t")), Code::SignatureMalformed);
}

#[test]
fn a_certificate_named_by_its_number_has_to_be_known() {
    let (_, certificate) = signer(Algorithm::P256);
    // Its 20 bytes as a decimal number.
    let mut digits = vec![0_u32];
    for byte in certificate.serial() {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            let sum = *digit * 256 + carry;
            (*digit, carry) = (sum % 10, sum / 10);
        }
        while carry > 0 {
            digits.push(carry % 10);
            carry /= 10;
        }
    }
    let number: String = digits.iter().rev().map(ToString::to_string).collect();
    let data = format!(
        "<wsse:SecurityTokenReference xmlns:wsse='{WSSE}'><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>\
         CN=any</ds:X509IssuerName><ds:X509SerialNumber>{number}</ds:X509SerialNumber></ds:X509IssuerSerial>\
         </ds:X509Data></wsse:SecurityTokenReference>"
    );
    let message = signed(MESSAGE, &data, "");
    let known = [signer(Algorithm::Rsa).1.clone(), certificate.clone()];
    assert_eq!(wss::verify(message.as_bytes(), &known).unwrap().signer().certificate, *certificate);
    assert_eq!(wss::verify(message.as_bytes(), &known[..1]).unwrap_err(), XmlError::NoCertificate);
    assert_eq!(wss::verify(message.as_bytes(), &[]).unwrap_err(), XmlError::NoCertificate);
}

#[test]
fn soap_1_2_is_verified_and_not_emitted() {
    let message = MESSAGE.replace("http://schemas.xmlsoap.org/soap/envelope/", SOAP_12);
    let good = signed(&message, &reference("#t"), &token("t"));
    let verified = wss::verify(good.as_bytes(), &[]).unwrap();
    assert!(verified.body().is(SOAP_12, "Body"));
    let (key, certificate) = signer(Algorithm::P256);
    let refused = wss::sign(message.as_bytes(), key, certificate).unwrap_err();
    assert_eq!(refused.code(), Code::EnvelopeMalformed);
    // Parts of the other version, beside or inside.
    let other = "<s:Body xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>";
    for mixed in [
        replaced(&good, "<soap:Header>", &format!("<soap:Header>{other}")),
        replaced(&good, "</soap:Envelope>", &format!("{other}</soap:Envelope>")),
        format!("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>{good}</s:Envelope>"),
    ] {
        assert_eq!(wss::verify(mixed.as_bytes(), &[]).unwrap_err().code(), Code::EnvelopeMalformed);
    }
}

#[test]
fn an_id_of_xml_itself_is_one() {
    let message = signed(MESSAGE, &reference("#t"), &token("t").replace("wsu:Id", "xml:id"));
    wss::verify(message.as_bytes(), &[]).unwrap();
}
