use certs::der::{self, Reader, SEQUENCE, SET};
use certs::{Algorithm, Certificate, KeyPair, ObjectIdentifier, SignatureAlgorithm, oid};
use proptest::prelude::*;

use super::write::with_tag;
use super::*;
use crate::testing::{at, individual};

#[test]
fn what_is_signed_verifies_and_nothing_else() {
    for &algorithm in Algorithm::ALL {
        let (key, certificate) = individual(algorithm);
        let detached = sign(b"text", Mode::Detached, &key, &certificate, at()).unwrap();
        let signed = SignedData::from_ber(&detached).unwrap();
        assert_eq!(signed.certificates(), std::slice::from_ref(&certificate));
        let signers = signed.verify_detached(b"text").unwrap();
        assert_eq!(signers[0].certificate, certificate);
        assert_eq!(signers[0].signing_time, Some(at()));
        assert_eq!(signed.verify_detached(b"texts").unwrap_err(), CmsError::Digest);
        let none = CmsError::Content { found: "none", expected: "content inside" };
        assert_eq!(signed.verify_attached().unwrap_err(), none);

        let attached = sign(b"text", Mode::Attached, &key, &certificate, at()).unwrap();
        let signed = SignedData::from_ber(&attached).unwrap();
        assert_eq!(signed.verify_attached().unwrap().0, b"text");
        let inside = CmsError::Content { found: "content inside", expected: "none (detached)" };
        assert_eq!(signed.verify_detached(b"text").unwrap_err(), inside);
    }
}

#[test]
fn no_flipped_bit_verifies_as_another_signature_and_none_panics() {
    let (key, certificate) = individual(Algorithm::P256);
    let good = sign(b"text", Mode::Detached, &key, &certificate, at()).unwrap();
    for index in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[index / 8] ^= 1 << (index % 8);
        let Ok(signed) = SignedData::from_ber(&bad) else { continue };
        if let Ok(signers) = signed.verify_detached(b"text") {
            // Only what no signature covers may differ: versions, the digest list, the unused outer parts.
            assert_eq!(signers[0].certificate, certificate, "bit {index}");
            assert_eq!(signers[0].signing_time, Some(at()), "bit {index}");
        }
    }
}

/// A SignedData put together by hand: each part can be what no decent signer writes.
#[derive(Clone)]
struct Forge {
    key: KeyPair,
    certificate: Certificate,
    /// `None`: the signature is over the content itself.
    attributes: Option<Vec<Vec<u8>>>,
    /// The attributes are sent in this order, but signed in that of DER.
    signed_in_order: bool,
    digest: ObjectIdentifier,
    algorithm: SignatureAlgorithm,
    content_type: ObjectIdentifier,
    content: Option<Vec<u8>>,
    by_key_id: bool,
    certificates: Vec<Certificate>,
    signers: usize,
}

fn attribute(kind: ObjectIdentifier, values: &[Vec<u8>]) -> Vec<u8> {
    der::sequence(&[&der::oid(kind), &der::row(SET, values)])
}

fn content_type(kind: ObjectIdentifier) -> Vec<u8> {
    attribute(oid::CONTENT_TYPE, &[der::oid(kind)])
}

fn message_digest(digest: &[u8]) -> Vec<u8> {
    attribute(oid::MESSAGE_DIGEST, &[der::octets(digest)])
}

fn signing_certificate(algorithm: Option<ObjectIdentifier>, hash: &[u8]) -> Vec<u8> {
    let algorithm = algorithm.map(|oid| der::sequence(&[&der::oid(oid)])).unwrap_or_default();
    let id = der::sequence(&[&algorithm, &der::octets(hash)]);
    attribute(oid::SIGNING_CERTIFICATE_V2, &[der::sequence(&[&der::sequence(&[&id])])])
}

/// contentType and messageDigest: as few as there may be.
fn few() -> Vec<Vec<u8>> {
    vec![content_type(oid::DATA), message_digest(sha256(b"text").as_ref())]
}

impl Forge {
    fn new(algorithm: Algorithm) -> Self {
        let (key, certificate) = individual(algorithm);
        Self {
            certificates: vec![certificate.clone()],
            attributes: Some(few()),
            signed_in_order: false,
            digest: oid::SHA256,
            algorithm: SignatureAlgorithm::of(algorithm),
            content_type: oid::DATA,
            content: None,
            by_key_id: false,
            signers: 1,
            key,
            certificate,
        }
    }

    fn with(attributes: Vec<Vec<u8>>) -> Self {
        Self { attributes: Some(attributes), ..Self::new(Algorithm::P256) }
    }

    fn signer(&self) -> Vec<u8> {
        let content = self.content.as_deref().unwrap_or(b"text");
        let set = self.attributes.as_ref().map(|attributes| der::row(SET, attributes));
        let signed = match &self.attributes {
            Some(attributes) if self.signed_in_order => der::set_of(attributes.clone()),
            _ => set.clone().unwrap_or_else(|| content.to_vec()),
        };
        let id = if self.by_key_id {
            der::element(0x80, &[self.certificate.skid().unwrap()])
        } else {
            let serial = der::integer_content(self.certificate.serial());
            der::sequence(&[self.certificate.issuer_der(), &serial])
        };
        der::sequence(&[
            &der::integer(1),
            &id,
            &der::identifier_with_null(self.digest),
            &set.map(|set| with_tag(0xa0, set)).unwrap_or_default(),
            &self.algorithm.to_der(),
            &der::octets(&self.key.sign(&signed).unwrap()),
        ])
    }

    fn der(&self) -> Vec<u8> {
        let inside = self.content.as_ref().map(|content| der::element(0xa0, &[&der::octets(content)]));
        let certificates: Vec<Vec<u8>> = self.certificates.iter().map(|c| c.der().to_vec()).collect();
        let signed = der::sequence(&[
            &der::integer(1),
            &der::row(SET, &[]),
            &der::sequence(&[&der::oid(self.content_type), &inside.unwrap_or_default()]),
            &der::row(0xa0, &certificates),
            &der::row(SET, &vec![self.signer(); self.signers]),
        ]);
        der::sequence(&[&der::oid(oid::SIGNED_DATA), &der::element(0xa0, &[&signed])])
    }

    #[track_caller]
    fn verified(&self) -> Result<Vec<Signer>, CmsError> {
        SignedData::from_ber(&self.der())?.verify_detached(b"text")
    }

    #[track_caller]
    fn refused(&self) -> CmsError {
        self.verified().unwrap_err()
    }
}

fn malformed(what: &'static str) -> CmsError {
    CmsError::Malformed { what }
}

#[test]
fn few_attributes_are_enough() {
    let signers = Forge::new(Algorithm::P256).verified().unwrap();
    assert_eq!(signers[0].signing_time, None);
}

#[test]
fn without_attributes_the_signature_is_over_the_content() {
    for &algorithm in Algorithm::ALL {
        let forge = Forge { attributes: None, ..Forge::new(algorithm) };
        let signed = SignedData::from_ber(&forge.der()).unwrap();
        assert!(signed.verify_detached(b"text").is_ok());
        assert_eq!(signed.verify_detached(b"texts").unwrap_err(), CmsError::Value);
    }
}

#[test]
fn attributes_are_not_taken_for_content() {
    // The signature on somebody's attributes, shown as a signature without attributes on bytes that are those.
    let honest = Forge::new(Algorithm::P256);
    let attributes = der::row(SET, &few());
    let forge = Forge { attributes: None, content: Some(attributes), ..honest };
    let error = SignedData::from_ber(&forge.der()).unwrap().verify_attached().unwrap_err();
    assert_eq!(error, malformed("content that reads as the signed attributes of another signature"));
}

#[test]
fn content_other_than_data_needs_attributes_that_say_so() {
    let tst = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
    let digest = message_digest(sha256(b"text").as_ref());
    let fits = Forge { content_type: tst, ..Forge::with(vec![content_type(tst), digest]) };
    assert!(fits.verified().is_ok());
    let bare = Forge { attributes: None, ..fits };
    assert_eq!(bare.refused(), malformed("no signed attributes, and content other than data"));
}

#[test]
fn the_attribute_content_type_must_fit() {
    let wrong = malformed("the attribute contentType does not fit");
    let digest = message_digest(sha256(b"text").as_ref());
    assert_eq!(Forge::with(vec![content_type(oid::SIGNED_DATA), digest.clone()]).refused(), wrong);
    assert_eq!(Forge::with(vec![digest]).refused(), wrong);
}

#[test]
fn the_digest_must_be_there_and_fit() {
    assert_eq!(Forge::with(vec![content_type(oid::DATA)]).refused(), CmsError::Digest);
    let other = vec![content_type(oid::DATA), message_digest(sha256(b"other").as_ref())];
    assert_eq!(Forge::with(other).refused(), CmsError::Digest);
    assert_eq!(Forge::with(Vec::new()).refused(), CmsError::Digest);
}

#[test]
fn attributes_out_of_order_verify_as_received_and_as_der() {
    let mut reversed = few();
    reversed.sort();
    reversed.reverse();
    let as_received = Forge::with(reversed.clone());
    assert!(as_received.verified().is_ok());
    let as_der = Forge { signed_in_order: true, ..Forge::with(reversed) };
    assert!(as_der.verified().is_ok());
    let by_another = Forge { key: individual(Algorithm::P256).0, ..as_der };
    assert_eq!(by_another.refused(), CmsError::Value);
}

#[test]
fn an_attribute_stands_once_and_has_one_value() {
    let digest = sha256(b"text");
    let certificate = signing_certificate(None, digest.as_ref());
    let unknown = attribute(ObjectIdentifier::new_unwrap("1.2.3.4"), &[der::integer(1), der::integer(2)]);
    for twice in [
        message_digest(digest.as_ref()),
        message_digest(sha256(b"other").as_ref()),
        content_type(oid::DATA),
        attribute(oid::SIGNING_TIME, &[der::time(at())]),
        certificate,
        unknown.clone(),
    ] {
        let attributes = [few(), vec![twice.clone(), twice]].concat();
        assert_eq!(Forge::with(attributes).refused(), malformed("a signed attribute stands twice"));
    }
    let digests = [der::octets(digest.as_ref()), der::octets(sha256(b"other").as_ref())];
    let times = [der::time(at()), der::time(at())];
    for several in [attribute(oid::MESSAGE_DIGEST, &digests), attribute(oid::SIGNING_TIME, &times)] {
        let forge = Forge::with(vec![content_type(oid::DATA), several]);
        assert_eq!(forge.refused(), malformed("a signed attribute has several values"));
    }
    // What we do not look at may have several values.
    assert!(Forge::with([few(), vec![unknown]].concat()).verified().is_ok());
}

#[test]
fn the_signing_certificate_attribute_must_name_the_certificate() {
    let good = Forge::new(Algorithm::P256);
    let with = |attribute| Forge { attributes: Some([few(), vec![attribute]].concat()), ..good.clone() };
    let hash = sha256(good.certificate.der());
    assert!(with(signing_certificate(None, hash.as_ref())).verified().is_ok());
    assert!(with(signing_certificate(Some(oid::SHA256), hash.as_ref())).verified().is_ok());
    let other = sha256(b"another certificate");
    assert_eq!(with(signing_certificate(None, other.as_ref())).refused(), CmsError::SigningCertificate);
    // Hashes of other kinds are left alone: the signature verifies with the certificate's key all the same.
    assert!(with(signing_certificate(Some(oid::SHA512), &[0; 64])).verified().is_ok());
}

#[test]
fn a_signer_is_found_by_key_identifier() {
    let good = Forge { by_key_id: true, ..Forge::new(Algorithm::P256) };
    assert!(good.verified().is_ok());
    let (_, other) = individual(Algorithm::P256);
    let missing = Forge { certificates: vec![other], ..good };
    assert_eq!(missing.refused(), CmsError::NoCertificate);
}

#[test]
fn the_signers_certificate_must_be_inside() {
    let good = Forge::new(Algorithm::P256);
    let (_, other) = individual(Algorithm::P256);
    assert_eq!(Forge { certificates: vec![], ..good.clone() }.refused(), CmsError::NoCertificate);
    assert_eq!(
        Forge { certificates: vec![other.clone()], ..good.clone() }.refused(),
        CmsError::NoCertificate
    );
    let among_others = Forge { certificates: vec![other, good.certificate.clone()], ..good };
    assert!(among_others.verified().is_ok());
}

#[test]
fn rsa_is_said_in_two_ways_and_with_three_digests() {
    let digests = [
        (oid::SHA256, &digest::SHA256, oid::SHA256_WITH_RSA, &ring::signature::RSA_PKCS1_SHA256),
        (oid::SHA384, &digest::SHA384, oid::SHA384_WITH_RSA, &ring::signature::RSA_PKCS1_SHA384),
        (oid::SHA512, &digest::SHA512, oid::SHA512_WITH_RSA, &ring::signature::RSA_PKCS1_SHA512),
    ];
    let good = Forge::new(Algorithm::Rsa);
    for (digest, hash, both, signing) in digests {
        let attributes =
            vec![content_type(oid::DATA), message_digest(digest::digest(hash, b"text").as_ref())];
        for oid in [both, oid::RSA_ENCRYPTION] {
            let algorithm = SignatureAlgorithm { oid, parameters: Some(vec![5, 0]) };
            let forge = Forge { attributes: Some(attributes.clone()), digest, algorithm, ..good.clone() };
            // Our keys sign with SHA-256 only, so the signature is put in afterwards.
            let mut der = forge.der();
            let signature = sign_rsa(&forge.key, signing, &der::row(SET, &attributes));
            let at = der.len() - signature.len();
            der[at..].copy_from_slice(&signature);
            assert!(SignedData::from_ber(&der).unwrap().verify_detached(b"text").is_ok(), "{oid} {digest}");
        }
    }
}

/// A tool of the national centre names the key's algorithm where the signature's is to be named.
#[test]
fn gost_is_said_in_two_ways() {
    let keys = [
        (Algorithm::Gost512, oid::GOST_512),
        (Algorithm::Gost256, oid::GOST_256),
        (Algorithm::Gost2004, oid::GOST_2004),
    ];
    for (algorithm, key) in keys {
        let digest = algorithm.digest_oid();
        let attributes = vec![content_type(oid::DATA), message_digest(&algorithm.digest(b"text"))];
        let good = Forge { attributes: Some(attributes), digest, ..Forge::new(algorithm) };
        let by_key = SignatureAlgorithm { oid: key, parameters: Some(vec![5, 0]) };
        let by_key = Forge { algorithm: by_key, ..good.clone() };
        assert!(good.verified().is_ok() && by_key.verified().is_ok(), "{algorithm}");
        // With the digest of another standard it says nothing that is known.
        let other = Forge { attributes: Some(few()), digest: oid::SHA256, ..by_key };
        assert_eq!(other.refused(), CmsError::Algorithm(oid::SHA256.to_string()));
    }
}

fn sign_rsa(key: &KeyPair, with: &'static dyn ring::signature::RsaEncoding, message: &[u8]) -> Vec<u8> {
    let pair = ring::signature::RsaKeyPair::from_pkcs8(&key.to_pkcs8_der()).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(with, &ring::rand::SystemRandom::new(), message, &mut signature).unwrap();
    signature
}

#[test]
fn broken_and_unknown_algorithms_are_refused_by_name() {
    let p256 = Forge::new(Algorithm::P256);
    let sha1 = Forge { digest: oid::SHA1, ..p256.clone() };
    assert_eq!(sha1.refused(), CmsError::Algorithm(oid::SHA1.to_string()));
    let with = |oid| Forge { algorithm: SignatureAlgorithm { oid, parameters: None }, ..p256.clone() };
    assert_eq!(with(oid::ECDSA_WITH_SHA1).refused(), CmsError::Algorithm("ecdsa-with-SHA1".to_owned()));
    let foreign = with(oid::SHA256_WITH_RSA).refused();
    assert_eq!(foreign, CmsError::Algorithm(oid::SHA256_WITH_RSA.to_string()));
    assert_eq!(foreign.to_string(), "the algorithm 1.2.840.113549.1.1.11 is not accepted");
}

#[test]
fn all_signers_must_verify_and_there_are_not_too_many() {
    let good = Forge::new(Algorithm::P256);
    assert_eq!(Forge { signers: 0, ..good.clone() }.refused(), CmsError::Signers { found: 0 });
    assert_eq!(Forge { signers: 16, ..good.clone() }.verified().unwrap().len(), 16);
    assert_eq!(Forge { signers: 17, ..good }.refused(), malformed("more than 16 signers"));
}

/// The same in BER as Bouncy Castle writes it: indefinite lengths, content in pieces.
fn in_ber(der: &[u8], depth: usize) -> Vec<u8> {
    let element = Reader::new(der).element().unwrap();
    let is_content = depth == 4 && element.tag == der::OCTET_STRING;
    if is_content {
        let pieces = element.value.chunks(1).map(der::octets).collect::<Vec<_>>().concat();
        return [&[0x24, 0x80], pieces.as_slice(), &[0, 0]].concat();
    }
    if depth > 4 || !matches!(element.tag, SEQUENCE | 0xa0) {
        return element.whole.to_vec();
    }
    let mut out = vec![element.tag, 0x80];
    let mut reader = element.reader();
    while !reader.is_empty() {
        out.extend(in_ber(reader.element().unwrap().whole, depth + 1));
    }
    out.extend([0, 0]);
    out
}

#[test]
fn ber_is_read_like_der() {
    let (key, certificate) = individual(Algorithm::P256);
    for mode in [Mode::Attached, Mode::Detached] {
        let der = sign(b"text", mode, &key, &certificate, at()).unwrap();
        let ber = in_ber(&der, 0);
        assert!(ber != der && ber.starts_with(&[0x30, 0x80]));
        let signed = SignedData::from_ber(&ber).unwrap();
        let signers = match mode {
            Mode::Attached => signed.verify_attached().map(|(content, signers)| {
                assert_eq!(content, b"text");
                signers
            }),
            Mode::Detached => signed.verify_detached(b"text"),
        };
        assert_eq!(signers.unwrap()[0].certificate, certificate);
    }
}

#[test]
fn what_is_no_signed_data_says_why() {
    let says = |bytes: &[u8]| SignedData::from_ber(bytes).unwrap_err().to_string();
    assert_eq!(says(b""), "not a CMS SignedData: the encoding ends too early");
    assert_eq!(says(&der::integer(1)), "not a CMS SignedData: expected tag 0x30, found 0x02");
    let data = der::sequence(&[&der::oid(oid::DATA), &der::element(0xa0, &[&der::octets(b"x")])]);
    assert_eq!(says(&data), "not a CMS SignedData: another content type than signedData");
    let good = Forge::new(Algorithm::P256).der();
    assert_eq!(says(&[good, vec![0]].concat()), "not a CMS SignedData: there are bytes after the end");
}

#[test]
fn a_broken_certificate_inside_is_named_and_attribute_certificates_are_passed_over() {
    let good = Forge::new(Algorithm::P256);
    let with = |extra: &[u8]| {
        let der = good.der();
        let certificate = good.certificate.der();
        let signed = SignedData::from_ber(&der).unwrap();
        assert_eq!(signed.certificates().len(), 1);
        replaced(&der, certificate, &[certificate, extra].concat())
    };
    let broken = SignedData::from_ber(&with(&der::sequence(&[&der::integer(1)]))).unwrap_err();
    assert!(matches!(broken, CmsError::Certificate(_)), "{broken}");
    let attribute_certificate = with(&der::element(0xa2, &[&der::integer(1)]));
    assert!(SignedData::from_ber(&attribute_certificate).unwrap().verify_detached(b"text").is_ok());
}

/// The same structure with `part`, which stands among the certificates, replaced.
fn replaced(signed_data: &[u8], part: &[u8], with: &[u8]) -> Vec<u8> {
    let mut outer = Reader::only(signed_data, SEQUENCE).unwrap().reader();
    let kind = outer.element().unwrap().whole;
    let mut fields = Reader::only(outer.element().unwrap().value, SEQUENCE).unwrap().reader();
    let mut rebuilt = Vec::new();
    while !fields.is_empty() {
        let field = fields.element().unwrap();
        rebuilt.push(if field.value == part { der::element(0xa0, &[with]) } else { field.whole.to_vec() });
    }
    der::sequence(&[kind, &der::element(0xa0, &[&der::row(SEQUENCE, &rebuilt)])])
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        if let Ok(signed) = SignedData::from_ber(&bytes) {
            let _ = (signed.verify_detached(&bytes), signed.verify_attached());
        }
    }

    #[test]
    fn any_splice_of_a_signature_is_read_or_refused(from in 0..900_usize, length in 0..20_usize, bytes: Vec<u8>) {
        let good = GOOD.as_slice();
        let from = from.min(good.len());
        let to = (from + length).min(good.len());
        let spliced = [&good[..from], &bytes, &good[to..]].concat();
        if let Ok(signed) = SignedData::from_ber(&spliced) {
            let _ = signed.verify_detached(b"text");
        }
    }
}

static GOOD: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
    let (key, certificate) = individual(Algorithm::P256);
    sign(b"text", Mode::Detached, &key, &certificate, at()).unwrap()
});
