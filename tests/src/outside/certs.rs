//! What `certs` reads.

use std::sync::LazyLock;

use certs::ocsp::{CertId, CertIdHash, OcspRequest, Response};
use certs::tsp::{Imprint, Rejection, TimestampInfo, TimestampRequest, TimestampResponse};
use certs::{
    Algorithm, Authority, Bin, CertStatus, Certificate, CheckDigit, Clock, Crl, Flaw, Iin, Issued, KeyPair,
    Order, Organisation, Person, Profile, PublicKey, Reason, RevokedEntry, SignatureAlgorithm, Subject, der,
    pkcs12,
};
use jiff::Timestamp;

use super::{Effort, Target};

pub(super) const TARGETS: &[Target] = &[
    Target::new("certificate", || certificates(Algorithm::P256), |bytes| certificate(Algorithm::P256, bytes))
        .with(Effort::EACH),
    Target::new(
        "certificate-gost",
        || certificates(Algorithm::Gost512),
        |bytes| certificate(Algorithm::Gost512, bytes),
    )
    .with(Effort::EACH),
    Target::new(
        "certificate-rsa",
        || certificates(Algorithm::Rsa),
        |bytes| certificate(Algorithm::Rsa, bytes),
    )
    .with(Effort::EACH),
    Target::new("crl", lists, list),
    Target::new(
        "ocsp-request",
        || vec![question()],
        |bytes| {
            let _ = format!(
                "{:?}",
                OcspRequest::from_der(bytes).map(|read| read.nonce_bytes().map(<[u8]>::to_vec))
            );
            answers(bytes);
            None
        },
    ),
    Target::new("ocsp-response", || vec![answers(&question()), answers(&[])], answer).with(Effort::FEW),
    Target::new(
        "tsp-request",
        || vec![stamp_request().to_der()],
        |bytes| {
            let read = TimestampRequest::from_der(bytes).ok()?;
            let _ = read.imprint.check();
            assert_eq!(TimestampRequest::from_der(&read.to_der()), Ok(read));
            None
        },
    ),
    Target::new("tsp-response", stamp_responses, |bytes| {
        let _ = format!("{:?}", TimestampResponse::from_der(bytes));
        None
    }),
    Target::new(
        "tsp-info",
        || vec![stamp_info()],
        |bytes| {
            let _ = format!("{:?}", TimestampInfo::from_der(bytes).map(|info| info.imprint.is_of(b"text")));
            None
        },
    ),
    Target::new("public-key", public_keys, public_key).with(Effort::FEW),
    Target::new("private-key", || private_keys(&[Algorithm::P256, Algorithm::Gost512]), private_key),
    Target::new("private-key-rsa", || private_keys(&[Algorithm::Rsa]), private_key).with(Effort::some(200)),
    Target::new("pkcs12", key_files, key_file).with(Effort::some(600)),
    Target::new(
        "ber",
        || vec![centre(Algorithm::P256).issuing().der().to_vec()],
        |bytes| {
            let read = der::from_ber(bytes).ok()?;
            assert_eq!(der::from_ber(&read), Ok(read));
            None
        },
    ),
    Target::new("identifiers", identifiers, |bytes| {
        let text = str::from_utf8(bytes).ok()?;
        for check in [CheckDigit::Strict, CheckDigit::AnyDigit] {
            let iin = Iin::parse(text, check).map(|iin| (iin.to_string(), format!("{iin:?}")));
            assert!(iin.is_err() || iin.is_ok_and(|(read, _)| read == text));
            let bin = Bin::parse(text, check).map(|bin| (bin.to_string(), format!("{bin:?}")));
            assert!(bin.is_err() || bin.is_ok_and(|(read, _)| read == text));
        }
        None
    }),
];

const PASSWORD: &str = "Qwerty12";

pub(super) fn now() -> Timestamp {
    static NOW: LazyLock<Timestamp> = LazyLock::new(|| certs::whole_second(Clock::system().now()));
    *NOW
}

fn create(algorithm: Algorithm) -> Authority {
    Authority::create(algorithm, "QAQPA MUTATIONS TEST", now(), "http://127.0.0.1:1").expect("a centre")
}

/// The samples' centre.
pub(super) fn centre(algorithm: Algorithm) -> &'static Authority {
    static P256: LazyLock<Authority> = LazyLock::new(|| create(Algorithm::P256));
    static RSA: LazyLock<Authority> = LazyLock::new(|| create(Algorithm::Rsa));
    static GOST_512: LazyLock<Authority> = LazyLock::new(|| create(Algorithm::Gost512));
    static GOST_256: LazyLock<Authority> = LazyLock::new(|| create(Algorithm::Gost256));
    static GOST_2004: LazyLock<Authority> = LazyLock::new(|| create(Algorithm::Gost2004));
    match algorithm {
        Algorithm::Rsa => &RSA,
        Algorithm::Gost512 => &GOST_512,
        Algorithm::Gost256 => &GOST_256,
        Algorithm::Gost2004 => &GOST_2004,
        _ => &P256,
    }
}

/// Somebody at the head of an organisation, whose certificate has the most in it.
pub(super) fn head(algorithm: Algorithm, flaws: &[Flaw]) -> Issued {
    let person = Person {
        surname: "ТЕСТ".into(),
        name: "СЫНАҚ".into(),
        patronymic: Some("ҮЛГІ".into()),
        iin: Iin::never_issued(1),
    };
    let organisation = Organisation { name: "№ 1 МЕКТЕП".into(), bin: Bin::generated(1) };
    let mut order = Order::new(Subject::Employee { person, organisation }, Profile::Head, algorithm);
    order.email = Some("test@example.kz".to_owned());
    order.flaws = flaws.to_vec();
    centre(algorithm).issue(&order, now()).expect("a certificate")
}

fn certificates(algorithm: Algorithm) -> Vec<Vec<u8>> {
    let leaf = head(algorithm, &[]).certificate;
    let mut all = vec![leaf.der().to_vec()];
    if algorithm == Algorithm::P256 {
        all.extend([
            leaf.pem().into_bytes(),
            centre(algorithm).ocsp_responder().der().to_vec(),
            odd_certificate(),
        ]);
    }
    all
}

/// One that has every extension that a centre may have, under the key of somebody else.
fn odd_certificate() -> Vec<u8> {
    let id = |text: &str| der::oid(certs::ObjectIdentifier::new_unwrap(text));
    let extension = |id: &str, critical: bool, value: &[u8]| {
        let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
        der::sequence(&[&self::id(id), flag, &der::octets(value)])
    };
    let issuing = centre(Algorithm::P256).issuing();
    let address = der::element(0x86, &[b"http://127.0.0.1:1/x.crl"]);
    let directory = der::element(0xa4, &[issuing.subject_der()]);
    let host = der::element(0x82, &[b"example.kz"]);
    let mail = der::element(0x81, &[b"test@example.kz"]);
    let network = der::element(0x87, &[&[127, 0, 0, 0, 255, 0, 0, 0]]);
    let relative = der::element(0xa1, &[&der::sequence(&[&id("2.5.4.3"), &der::element(0x0c, &[b"x"])])]);
    let points = der::sequence(&[
        &der::sequence(&[&der::element(0xa0, &[&der::element(0xa0, &[&address])]), &[0x81, 2, 1, 0x60]]),
        &der::sequence(&[&der::element(0xa0, &[&relative]), &der::element(0xa2, &[&directory])]),
    ]);
    let trees: Vec<u8> =
        [&host, &mail, &network, &directory].iter().flat_map(|name| der::sequence(&[name])).collect();
    let constraints = der::sequence(&[&der::element(0xa0, &[&trees]), &der::element(0xa1, &[&trees])]);
    let policy = id("1.2.398.3.3.2.1");
    let extensions = [
        extension("2.5.29.19", true, &der::sequence(&[&[1, 1, 0xff], &der::integer(3)])),
        extension("2.5.29.15", true, &[3, 2, 1, 6]),
        extension("2.5.29.37", false, &der::sequence(&[&id("1.3.6.1.5.5.7.3.4"), &id("1.2.398.3.3.4.1.1")])),
        extension("2.5.29.14", false, &der::octets(&[7; 20])),
        extension("2.5.29.35", false, &der::sequence(&[&der::element(0x80, &[&[7; 20]])])),
        extension("2.5.29.17", false, &der::sequence(&[&host, &mail, &directory, &address])),
        extension("2.5.29.30", true, &constraints),
        extension("2.5.29.31", false, &points),
        extension("2.5.29.46", false, &points),
        extension("2.5.29.32", false, &der::sequence(&[&der::sequence(&[&policy])])),
        extension("2.5.29.33", true, &der::sequence(&[&der::sequence(&[&policy, &policy])])),
        extension("2.5.29.36", true, &der::sequence(&[&[0x80, 1, 0], &[0x81, 1, 2]])),
        extension("2.5.29.54", true, &der::integer(1)),
        extension("1.3.6.1.5.5.7.48.1.5", false, &[5, 0]),
        extension("1.2.3.4", true, &[5, 0]),
    ];
    let algorithm = SignatureAlgorithm::of(Algorithm::P256).to_der();
    let tbs = der::sequence(&[
        &der::element(0xa0, &[&der::integer(2)]),
        &der::integer(7),
        &algorithm,
        issuing.subject_der(),
        &der::sequence(&[&der::time(now()), &der::time(now())]),
        issuing.subject_der(),
        issuing.public_key().spki_der(),
        &der::element(0xa3, &[&der::row(der::SEQUENCE, &extensions)]),
    ]);
    der::sequence(&[&tbs, &algorithm, &der::bits(&[0x30, 6, 2, 1, 1, 2, 1, 1])])
}

fn id(text: &str) -> Vec<u8> {
    der::oid(certs::ObjectIdentifier::new_unwrap(text))
}

fn certificate(algorithm: Algorithm, bytes: &[u8]) -> Option<String> {
    let read = Certificate::from_pem_or_der(bytes).ok()?;
    let names =
        (read.subject(), read.issuer(), read.iin(), read.bin(), read.roles(), read.is_of_production());
    let points =
        (read.crl_points(), read.delta_crl_points(), read.name_constraints(), read.alternative_names());
    let _ = format!("{read:?} {names:?} {points:?} {:?} {:?}", read.key_usage(), read.policies());
    let _ = read.verify_signature(read.public_key());
    let genuine = read.verify_signature(centre(algorithm).issuing().public_key()).is_ok();
    genuine.then(|| hex(read.tbs_der()))
}

fn lists() -> Vec<Vec<u8>> {
    let entry = |serial: &[u8], reason| RevokedEntry { serial: serial.to_vec(), at: now(), reason };
    let revoked = [entry(&[5], Reason::KeyCompromise), entry(&[0, 0x90, 7], Reason::CertificateHold)];
    let centre = centre(Algorithm::P256);
    let full = centre.crl(&revoked, 7, now()).expect("a list");
    let delta = centre.delta_crl(&revoked[..1], 8, 7, now()).expect("a list");
    vec![full, delta]
}

fn list(bytes: &[u8]) -> Option<String> {
    let read = Crl::from_pem_or_der(bytes).ok()?;
    let entries: Vec<_> = read.entries().collect();
    let found = (read.find(&[5]), read.find(&[]), read.find(&[0xff; 20]));
    let about = (read.number(), read.base_number(), read.this_update(), read.next_update(), read.scope());
    let said = format!("{read:?} {entries:?} {found:?} {about:?} {:?}", read.unknown_critical_extensions());
    read.verify_signature(centre(Algorithm::P256).issuing().public_key()).is_ok().then_some(said)
}

fn question() -> Vec<u8> {
    let id = CertId::new(CertIdHash::Sha1, centre(Algorithm::P256).issuing(), &[1, 2]);
    certs::ocsp::request(&id, Some([7; 8]))
}

/// What the centre's responder makes of a question.
fn answers(question: &[u8]) -> Vec<u8> {
    let revoked = |_: &[u8]| CertStatus::Revoked { at: now(), reason: Reason::KeyCompromise };
    centre(Algorithm::P256).ocsp_respond(question, &revoked, now())
}

fn answer(bytes: &[u8]) -> Option<String> {
    let read = Response::from_der(bytes).ok()?;
    let _ = format!("{read:?}");
    let Response::Successful(basic) = read else { return None };
    let responder = centre(Algorithm::P256).ocsp_responder();
    let _ = (basic.is_by(responder), basic.responder_certificate());
    basic
        .verify_signature(responder.public_key())
        .is_ok()
        .then(|| format!("{} {:?}", hex(&basic.tbs_der), basic.answers))
}

fn stamp_request() -> TimestampRequest {
    TimestampRequest::new(Imprint::of(Algorithm::P256, b"text"), [7; 8])
}

fn stamp_responses() -> Vec<Vec<u8>> {
    vec![certs::tsp::granted(&stamp_info()), certs::tsp::rejected(Rejection::BadAlgorithm, "жоқ")]
}

fn stamp_info() -> Vec<u8> {
    let policy = certs::tsp::policy(Algorithm::P256);
    let info = TimestampInfo::answering(&stamp_request(), policy, now()).expect("a number");
    info.to_der(centre(Algorithm::P256).issuing())
}

fn public_keys() -> Vec<Vec<u8>> {
    Algorithm::ALL
        .iter()
        .map(|&algorithm| centre(algorithm).issuing().public_key().spki_der().to_vec())
        .collect()
}

fn public_key(bytes: &[u8]) -> Option<String> {
    let read = PublicKey::from_spki_der(bytes).ok()?;
    let _ = (read.key_id(), format!("{:?}", read.algorithm()));
    for &algorithm in Algorithm::ALL {
        let by = centre(algorithm).issuing();
        let _ = read.verify(&SignatureAlgorithm::of(algorithm), by.tbs_der(), by.signature());
    }
    None
}

fn private_keys(algorithms: &[Algorithm]) -> Vec<Vec<u8>> {
    let key = |&algorithm: &Algorithm| KeyPair::generate(algorithm).expect("a key").to_pkcs8_der().to_vec();
    algorithms.iter().map(key).collect()
}

/// A key that is taken signs, and what it signs verifies.
fn private_key(bytes: &[u8]) -> Option<String> {
    let read = KeyPair::from_pkcs8_der(bytes).ok()?;
    if let Ok(signature) = read.sign(b"text") {
        let algorithm = SignatureAlgorithm::of(read.algorithm());
        assert_eq!(read.public_key().verify(&algorithm, b"text", &signature), Ok(()));
    }
    None
}

fn key_files() -> Vec<Vec<u8>> {
    let issued = head(Algorithm::P256, &[]);
    let key = issued.key.as_ref().expect("a key");
    let chain = [centre(Algorithm::P256).issuing().clone()];
    let write =
        |encoding| pkcs12::write(encoding, PASSWORD, key, &issued.certificate, &chain).expect("a file");
    [pkcs12::Encoding::National, pkcs12::Encoding::Modern].map(write).to_vec()
}

/// The key and the certificate are under the password; names and the chain beside them say nothing.
fn key_file(bytes: &[u8]) -> Option<String> {
    let entries = pkcs12::read(bytes, PASSWORD).ok()?;
    let said = entries.iter().map(|entry| (hex(&entry.key.to_pkcs8_der()), hex(entry.certificate.der())));
    Some(format!("{:?}", said.collect::<Vec<_>>()))
}

fn identifiers() -> Vec<Vec<u8>> {
    vec![Iin::never_issued(1).to_string().into_bytes(), Bin::generated(1).to_string().into_bytes()]
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
