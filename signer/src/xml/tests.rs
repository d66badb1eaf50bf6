mod attacks;
mod bad_input;
mod canonical;
mod enveloped;
mod flips;
mod reading;
mod variants;
mod wrapping;
mod writing;
mod wss;

use certs::{Algorithm, Certificate, KeyPair};

use super::algorithms;
use super::c14n::{self, Method};
use super::names::{DS, EXC_C14N};
use super::parse::parse;
use super::sign::{Reference, signature, signed_info};
use crate::Bytes;
use crate::testing::individual;

/// Letters that are two bytes long, all kinds of nodes, and namespaces of both kinds.
const DOCUMENT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- before -->\n<a:application \
    xmlns:a=\"urn:test:application\" xmlns=\"urn:test:default\" xml:lang=\"kk\">\r\n  <child b=\"2\" a:a='1'>\
    Бала &amp; &#13;<![CDATA[<ата>]]></child><?note a ?><empty/><!-- inside -->\n</a:application>\n<?after?>";

const MESSAGE: &str = "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">\n\
    <soap:Body><m:Send xmlns:m=\"urn:test:message\"><to>school</to></m:Send></soap:Body>\n</soap:Envelope>";

/// Somebody who signs, the same in every test of an algorithm.
fn signer(algorithm: Algorithm) -> &'static (KeyPair, Certificate) {
    static P256: std::sync::LazyLock<(KeyPair, Certificate)> =
        std::sync::LazyLock::new(|| individual(Algorithm::P256));
    static RSA: std::sync::LazyLock<(KeyPair, Certificate)> =
        std::sync::LazyLock::new(|| individual(Algorithm::Rsa));
    static GOST: std::sync::LazyLock<[(KeyPair, Certificate); 3]> = std::sync::LazyLock::new(|| {
        [Algorithm::Gost512, Algorithm::Gost256, Algorithm::Gost2004].map(individual)
    });
    match algorithm {
        Algorithm::Rsa => &RSA,
        gost => GOST.iter().find(|(key, _)| key.algorithm() == gost).unwrap_or(&P256),
    }
}

/// The document or message with one thing in place of another, which stands in it once.
#[track_caller]
fn replaced(xml: &str, what: &str, with: &str) -> String {
    assert_eq!(xml.matches(what).count(), 1, "{what} in {xml}");
    xml.replace(what, with)
}

/// What stands between two marks, marks included.
#[track_caller]
fn part<'a>(xml: &'a str, begin: &str, end: &str) -> &'a str {
    let from = xml.find(begin).expect(begin);
    let to = from + xml[from..].find(end).expect(end) + end.len();
    &xml[from..to]
}

/// A signature over any element, in `Security` or enveloped: what a real signer may have made for another purpose.
fn signed_over(xml: &str, uri: &str, target: &str, transforms: &[&str]) -> String {
    let certificate = Bytes(signer(Algorithm::P256).1.der().to_vec()).to_base64();
    let data = format!("<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>");
    signed_over_by(&data, xml, uri, target, transforms)
}

/// The same with another KeyInfo.
fn signed_over_by(key_info: &str, xml: &str, uri: &str, target: &str, transforms: &[&str]) -> String {
    let (key, _) = signer(Algorithm::P256);
    let tree = parse(xml.as_bytes()).unwrap();
    let element = tree.elements().find(|element| element.local_name() == target).unwrap();
    let canonical = c14n::element(element, &Method::EXCLUSIVE).unwrap();
    let reference = Reference { uri, transforms, canonical: &canonical };
    let info = signed_info(EXC_C14N, &reference, key).unwrap();
    let canonical = format!("<ds:SignedInfo xmlns:ds=\"{DS}\">{info}</ds:SignedInfo>");
    let value = Bytes(algorithms::sign(key, canonical.as_bytes()).unwrap());
    signature(&format!("<ds:SignedInfo>{info}</ds:SignedInfo>"), &value, key_info)
}
