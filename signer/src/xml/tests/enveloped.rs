use certs::Algorithm;

use super::{DOCUMENT, part, replaced, signer};
use crate::xml::{XmlError, sign, verify};
use crate::{Bytes, Code};

fn signed(algorithm: Algorithm) -> String {
    let (key, certificate) = signer(algorithm);
    sign(DOCUMENT.as_bytes(), key, certificate).unwrap()
}

#[test]
fn what_is_signed_verifies_and_is_given_out_without_what_nobody_signed() {
    for &algorithm in Algorithm::ALL {
        let signed = signed(algorithm);
        let verified = verify(signed.as_bytes(), &[]).unwrap();
        assert_eq!(verified.signers().len(), 1);
        assert_eq!(verified.signers()[0].certificate, signer(algorithm).1);
        assert_eq!(
            std::str::from_utf8(verified.canonical()).unwrap(),
            "<a:application xmlns=\"urn:test:default\" xmlns:a=\"urn:test:application\" xml:lang=\"kk\">\n  \
             <child b=\"2\" a:a=\"1\">Бала &amp; &#xD;&lt;ата&gt;</child><?note a ?><empty></empty>\n\
             </a:application>\n<?after?>"
        );
        let root = verified.element();
        assert!(root.is("urn:test:application", "application"));
        assert_eq!((root.prefix(), root.attribute(None, "b")), ("a", None));
        let children: Vec<_> = root.children().map(super::super::tree::Element::local_name).collect();
        assert_eq!(children, ["child", "empty"]);
        let child = root.child("child").unwrap();
        assert_eq!(child.text(), "Бала & \r<ата>");
        assert_eq!(child.attribute(Some("urn:test:application"), "a"), Some("1"));
        assert_eq!(child.resolve("a"), Some("urn:test:application"));
        assert_eq!((child.resolve(""), child.resolve("b")), (Some("urn:test:default"), None));
        assert_eq!(format!("{child:?}"), "{urn:test:default}child");
    }
}

#[test]
fn the_form_is_the_national_one_and_the_rest_stays_as_it_was() {
    let signed = signed(Algorithm::Rsa);
    let signature = part(&signed, "<ds:Signature ", "</ds:Signature>");
    assert_eq!(signed.replace(signature, ""), DOCUMENT);
    assert!(signed.ends_with("</ds:Signature></a:application>\n<?after?>"));
    let value = |name: &str| {
        let (begin, end) = (format!("<ds:{name}>"), format!("</ds:{name}>"));
        part(signature, &begin, &end).replace(&begin, "").replace(&end, "")
    };
    let certificate = Bytes(signer(Algorithm::Rsa).1.der().to_vec()).to_base64();
    assert_eq!(value("X509Certificate"), certificate);
    let skeleton = signature
        .replace(&certificate, "")
        .replace(&value("DigestValue"), "")
        .replace(&value("SignatureValue"), "");
    assert_eq!(
        skeleton,
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod>\
         <ds:Reference URI=\"\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments\"></ds:Transform>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
         <ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate></ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    );
}

#[test]
fn several_signatures_are_verified_the_last_first_and_named_the_first_first() {
    let (rsa, p256) = (signer(Algorithm::Rsa), signer(Algorithm::P256));
    let once = sign(DOCUMENT.as_bytes(), &rsa.0, &rsa.1).unwrap();
    let twice = sign(once.as_bytes(), &p256.0, &p256.1).unwrap();
    let verified = verify(twice.as_bytes(), &[]).unwrap();
    let signers: Vec<_> = verified.signers().iter().map(|signer| signer.certificate.clone()).collect();
    assert_eq!(signers, [rsa.1.clone(), p256.1.clone()]);
    assert_eq!(verified.canonical(), verify(once.as_bytes(), &[]).unwrap().canonical());
    // The second one covers the first.
    let first = part(&twice, "<ds:Signature ", "</ds:Signature>").to_owned();
    assert_eq!(verify(twice.replace(&first, "").as_bytes(), &[]).unwrap_err(), XmlError::Digest);
    // In the other order neither the digest of the first nor that of the second fits.
    let second =
        part(&twice[twice.find(&first).unwrap() + first.len()..], "<ds:", "</ds:Signature>").to_owned();
    let swapped = twice.replace(&format!("{first}{second}"), &format!("{second}{first}"));
    assert_eq!(verify(swapped.as_bytes(), &[]).unwrap_err(), XmlError::Digest);
    let mut many = once;
    for _ in 0..16 {
        many = sign(many.as_bytes(), &p256.0, &p256.1).unwrap();
    }
    assert_eq!(verify(many.as_bytes(), &[]).unwrap_err().code(), Code::SignatureMalformed);
}

#[test]
fn an_empty_root_and_a_byte_order_mark_are_taken() {
    let (key, certificate) = signer(Algorithm::P256);
    for (document, ends) in
        [("<a/>", "</a>"), ("\u{FEFF}<p:a xmlns:p='urn:a' />", "</p:a>"), ("<a></a>", "</a>")]
    {
        let signed = sign(document.as_bytes(), key, certificate).unwrap();
        assert!(signed.ends_with(&format!("</ds:Signature>{ends}")), "{signed}");
        verify(signed.as_bytes(), &[]).unwrap();
    }
}

#[test]
fn what_real_tools_write_otherwise_is_taken() {
    let signed = signed(Algorithm::P256);
    let (_, certificate) = signer(Algorithm::P256);
    let value = part(&signed, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let broken = value.replacen("Value>", "Value>&#13;\n  ", 1).replace("==", "&#13;\n= =");
    let inside = Bytes(certificate.der().to_vec()).to_base64();
    let pem = certificate.pem();
    for other in [
        signed.replace(value, &broken),
        signed.replace(&inside, &Bytes(pem.clone().into_bytes()).to_base64()),
        signed.replace(&inside, &pem),
        signed.replace(
            "</ds:X509Data>",
            &format!("<ds:X509Certificate>{inside}</ds:X509Certificate></ds:X509Data>"),
        ),
        signed.replace("<!-- inside -->", "<!-- another, since no signature covers comments -->"),
        signed.replace("<empty/>", "<empty  ></empty >"),
    ] {
        let verified = verify(other.as_bytes(), &[]).unwrap();
        assert_eq!(verified.signers()[0].certificate, *certificate);
    }
}

#[test]
fn a_certificate_that_is_named_by_its_number_has_to_be_known() {
    let signed = signed(Algorithm::P256);
    let (_, certificate) = signer(Algorithm::P256);
    let number = certificate.serial().iter().fold(vec![0_u8], |digits, byte| {
        let mut carry = u32::from(*byte);
        let mut digits: Vec<u8> = digits
            .iter()
            .rev()
            .map(|digit| {
                carry += u32::from(*digit) * 256;
                let low = u8::try_from(carry % 10).unwrap();
                carry /= 10;
                low
            })
            .collect();
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap());
            carry /= 10;
        }
        digits.reverse();
        digits
    });
    let number: String = number.iter().map(|digit| char::from(b'0' + digit)).collect();
    let whole = part(&signed, "<ds:X509Certificate>", "</ds:X509Certificate>");
    let named = signed.replace(
        whole,
        &format!(
            "<ds:X509IssuerSerial><ds:X509IssuerName>CN=any</ds:X509IssuerName>\
             <ds:X509SerialNumber>{number}</ds:X509SerialNumber></ds:X509IssuerSerial>"
        ),
    );
    let known = [signer(Algorithm::Rsa).1.clone(), certificate.clone()];
    assert_eq!(verify(named.as_bytes(), &known).unwrap().signers()[0].certificate, *certificate);
    assert_eq!(verify(named.as_bytes(), &known[..1]).unwrap_err(), XmlError::NoCertificate);
    let wrong = named.replace(&number, "none");
    assert_eq!(verify(wrong.as_bytes(), &known).unwrap_err().code(), Code::SignatureMalformed);
}

#[test]
fn what_was_changed_does_not_verify() {
    let signed = signed(Algorithm::P256);
    let (_, other) = crate::testing::individual(Algorithm::P256);
    let inside = Bytes(signer(Algorithm::P256).1.der().to_vec()).to_base64();
    for (changed, error) in [
        (replaced(&signed, "Бала", "Баба"), XmlError::Digest),
        (replaced(&signed, "<?after?>", ""), XmlError::Digest),
        (replaced(&signed, "<?note a ?>", "<?note a?>"), XmlError::Digest),
        (replaced(&signed, "xml:lang=\"kk\"", "xml:lang=\"ru\""), XmlError::Value),
        (replaced(&signed, "URI=\"\"", "URI=\"\" Type=\"urn:x\""), XmlError::Value),
        (replaced(&signed, &inside, &Bytes(other.der().to_vec()).to_base64()), XmlError::Value),
    ] {
        assert_eq!(verify(changed.as_bytes(), &[]).unwrap_err(), error, "{changed}");
    }
}

#[test]
fn other_algorithms_references_and_structures_are_refused() {
    let signed = signed(Algorithm::P256);
    let code = |what: &str, with: &str| {
        let error = verify(replaced(&signed, what, with).as_bytes(), &[]).unwrap_err();
        (error.code(), error.to_string())
    };
    let transform =
        "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>";
    let comments = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
    for uri in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2006/12/xml-c14n11",
    ] {
        assert_eq!(code(comments, uri).0, Code::AlgorithmRefused);
    }
    let sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    let ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    for (what, with) in [
        (sha256, "http://www.w3.org/2000/09/xmldsig#sha1"),
        (ecdsa, "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        (ecdsa, "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        (ecdsa, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
        (ecdsa, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        (ecdsa, "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512"),
    ] {
        assert_eq!(code(what, with).0, Code::AlgorithmRefused, "{with}");
    }
    for uri in ["http://example.com/", "file:///etc/passwd", "#xpointer(/)", "#", "cid:1"] {
        assert_eq!(code("URI=\"\"", &format!("URI=\"{uri}\"")).0, Code::SignatureMalformed, "{uri}");
    }
    assert_eq!(code("URI=\"\"", "URI=\"#nowhere\"").0, Code::SignatureWrapped);
    assert_eq!(code(transform, "").0, Code::SignatureWrapped);
    let reference = part(&signed, "<ds:Reference ", "</ds:Reference>");
    for (what, with) in [
        ("URI=\"\"", ""),
        (transform, &transform.repeat(2)),
        ("</ds:Transforms>", &format!("{transform}</ds:Transforms>")),
        (reference, ""),
        (reference, &reference.repeat(2)),
        (reference, &reference.repeat(9)),
        ("<ds:SignatureValue>", "<ds:SignatureValue>*"),
        ("<ds:SignatureValue>", "<ds:SignatureValue><ds:x/>"),
        ("</ds:SignedInfo>", "<ds:More/></ds:SignedInfo>"),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:KeyInfo/>"),
        ("<ds:X509Certificate>", "<ds:X509Certificate>AAAA"),
        (part(&signed, "<ds:KeyInfo>", "</ds:KeyInfo>"), ""),
        ("></ds:SignatureMethod>", "><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>"),
    ] {
        let (code, why) = code(what, with);
        assert_eq!(code, Code::SignatureMalformed, "{with}: {why}");
    }
    let none = verify(DOCUMENT.as_bytes(), &[]).unwrap_err();
    assert_eq!(none.code(), Code::SignatureMissing);
}
