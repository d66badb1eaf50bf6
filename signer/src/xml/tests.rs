mod bad_input;
mod canonical;
mod enveloped;
mod flips;
mod reading;
mod wrapping;
mod writing;
mod wss;

use certs::{Algorithm, Certificate, KeyPair};

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
    match algorithm {
        Algorithm::Rsa => &RSA,
        _ => &P256,
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
