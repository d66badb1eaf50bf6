use certs::Algorithm;
use uuid::Uuid;

use super::{MESSAGE, part, replaced, signer};
use crate::xml::wss::{body, sign, sign_as, verify};
use crate::xml::{SOAP, XmlError, read};
use crate::{Bytes, Code};

fn signed(algorithm: Algorithm) -> String {
    let (key, certificate) = signer(algorithm);
    sign_as(MESSAGE.as_bytes(), key, certificate, Uuid::nil()).unwrap()
}

#[test]
fn the_body_that_verified_is_given_out() {
    for &algorithm in Algorithm::ALL {
        let (key, certificate) = signer(algorithm);
        let signed = sign(MESSAGE.as_bytes(), key, certificate).unwrap();
        let verified = verify(signed.as_bytes(), &[]).unwrap();
        assert_eq!(verified.signer().certificate, *certificate);
        assert!(verified.body().is(SOAP, "Body"));
        assert_eq!(verified.body().child("Send").unwrap().child("to").unwrap().text(), "school");
        let canonical = std::str::from_utf8(verified.canonical()).unwrap();
        assert!(canonical.starts_with("<soap:Body xmlns:soap="), "{canonical}");
        assert!(canonical.ends_with("<to>school</to></m:Send></soap:Body>"), "{canonical}");
    }
}

#[test]
fn the_form_is_the_national_one() {
    let signed = signed(Algorithm::P256);
    let mut skeleton = signed.clone();
    for name in ["DigestValue", "SignatureValue"] {
        let (begin, end) = (format!("<ds:{name}>"), format!("</ds:{name}>"));
        skeleton = skeleton.replace(part(&signed, &begin, &end), &format!("<ds:{name}/>"));
    }
    skeleton = skeleton.replace(&Bytes(signer(Algorithm::P256).1.der().to_vec()).to_base64(), "");
    assert_eq!(
        skeleton,
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Header><wsse:Security \
         xmlns:wsse=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\" \
         soap:mustUnderstand=\"1\"><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#id-00000000-0000-0000-0000-000000000000\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue/>\
         </ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><wsse:SecurityTokenReference>\
         <wsse:KeyIdentifier \
         EncodingType=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary\" \
         ValueType=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3\">\
         </wsse:KeyIdentifier></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature></wsse:Security></soap:Header>\n\
         <soap:Body \
         xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\" \
         wsu:Id=\"id-00000000-0000-0000-0000-000000000000\"><m:Send xmlns:m=\"urn:test:message\"><to>school</to>\
         </m:Send></soap:Body>\n</soap:Envelope>"
    );
}

#[test]
fn every_way_to_write_an_envelope_is_signed() {
    let (key, certificate) = signer(Algorithm::P256);
    let namespace = "http://schemas.xmlsoap.org/soap/envelope/";
    for message in [
        format!("<Envelope xmlns='{namespace}'><Body><a xmlns=''/></Body></Envelope>"),
        format!("<wsse:Envelope xmlns:wsse='{namespace}'><wsse:Body/></wsse:Envelope>"),
        format!("<S:Envelope xmlns:S='{namespace}'><S:Header/><S:Body></S:Body></S:Envelope>"),
        format!(
            "<S:Envelope xmlns:S='{namespace}'><S:Header><a/></S:Header><S:Body><!--c--></S:Body></S:Envelope>"
        ),
        MESSAGE.replace("<soap:Body>", &format!("<soap:Body xmlns:wsu='{}'>", crate::xml::WSU)),
    ] {
        let signed = sign(message.as_bytes(), key, certificate).unwrap();
        verify(signed.as_bytes(), &[]).expect(&signed);
        assert_eq!(sign(signed.as_bytes(), key, certificate).unwrap_err().code(), Code::EnvelopeMalformed);
    }
    for message in [
        MESSAGE.replace("<soap:Body>", "<soap:Body xmlns:wsu='urn:other'>"),
        MESSAGE.replace("<soap:Body>", "<soap:Body Id='x'>"),
        "<a/>".to_owned(),
    ] {
        assert_eq!(sign(message.as_bytes(), key, certificate).unwrap_err().code(), Code::EnvelopeMalformed);
    }
}

/// The message re-signed after its parts were written in another way; the digest and value are made by us.
#[test]
fn variants_of_real_clients_are_taken() {
    let (_, certificate) = signer(Algorithm::P256);
    let signed = signed(Algorithm::P256);
    let inside = Bytes(certificate.der().to_vec()).to_base64();
    let key_info = part(&signed, "<wsse:SecurityTokenReference>", "</wsse:SecurityTokenReference>");
    let data = format!("<ds:X509Data><ds:X509Certificate>{inside}</ds:X509Certificate></ds:X509Data>");
    let pem = Bytes(certificate.pem().into_bytes()).to_base64();
    for other in [
        signed.replace(key_info, &data),
        signed
            .replace(key_info, &format!("<wsse:SecurityTokenReference>{data}</wsse:SecurityTokenReference>")),
        signed.replace(&inside, &pem),
        signed.replace("<ds:SignatureValue>", "<ds:SignatureValue>&#13;\n"),
        signed.replace("<soap:Header>", "<soap:Header><other xmlns='urn:header'/>"),
    ] {
        assert_eq!(verify(other.as_bytes(), &[]).unwrap().signer().certificate, *certificate);
    }
}

#[test]
fn what_was_changed_or_is_missing_is_refused() {
    let signed = signed(Algorithm::P256);
    let changed = verify(replaced(&signed, "school", "nobody").as_bytes(), &[]).unwrap_err();
    assert_eq!(changed, XmlError::Digest);
    let signature = part(&signed, "<ds:Signature ", "</ds:Signature>");
    for (message, code) in [
        (MESSAGE.to_owned(), Code::SignatureMissing),
        (signed.replace(signature, ""), Code::SignatureMissing),
        (signed.replace(signature, &signature.repeat(2)), Code::SignatureWrapped),
        (
            signed.replace("schemas.xmlsoap.org/soap/envelope/", "www.w3.org/2001/12/soap-envelope"),
            Code::EnvelopeMalformed,
        ),
        (signed.replace("</soap:Envelope>", "text</soap:Envelope>"), Code::EnvelopeMalformed),
        (signed.replace("wssecurity-secext-1.0", "wssecurity-secext-9"), Code::SignatureMissing),
        (
            signed.replace("09/xmldsig#\"><ds:SignedInfo", "09/other#\"><ds:SignedInfo"),
            Code::SignatureMissing,
        ),
    ] {
        assert_eq!(verify(message.as_bytes(), &[]).unwrap_err().code(), code, "{message}");
    }
}

#[test]
fn a_message_that_need_not_be_signed_has_one_body_all_the_same() {
    let tree = read(MESSAGE.as_bytes()).unwrap();
    assert!(body(&tree).unwrap().child("Send").is_some());
    for wrong in [
        "<a/>".to_owned(),
        replaced(MESSAGE, "<soap:Body>", "<soap:Body/><soap:Body>"),
        replaced(MESSAGE, "<to>", "<soap:Body/><to>"),
        replaced(MESSAGE, "<soap:Body>", "<soap:Header/><soap:Header/><soap:Body>"),
        replaced(MESSAGE, "</soap:Envelope>", "<soap:Header/></soap:Envelope>"),
        replaced(MESSAGE, "</soap:Envelope>", "<?x?></soap:Envelope>"),
        replaced(MESSAGE, "schemas.xmlsoap.org/soap/envelope/", "unheard.of/"),
    ] {
        let tree = read(wrong.as_bytes()).unwrap();
        assert_eq!(body(&tree).unwrap_err().code(), Code::EnvelopeMalformed, "{wrong}");
    }
}
