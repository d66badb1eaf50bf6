//! Keys and certificates for unit tests.

use certs::{Algorithm, Authority, Certificate, Iin, KeyPair, Order, Person, Profile, Subject};
use jiff::Timestamp;

/// The moment of every unit test.
pub(crate) fn at() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// A centre.
pub(crate) fn authority(algorithm: Algorithm) -> Authority {
    Authority::create(algorithm, "QAQPA UNIT TEST", at(), "http://127.0.0.1:1").unwrap()
}

/// An order for somebody's signing certificate.
pub(crate) fn order(algorithm: Algorithm) -> Order {
    let person = Person {
        surname: "ҮЛГІБАЕВ".to_owned(),
        name: "СЫНАҚ".to_owned(),
        patronymic: None,
        iin: Iin::never_issued(1),
    };
    Order::new(Subject::Person(person), Profile::Individual, algorithm)
}

/// An individual with a signing certificate, by a centre that nobody needs.
pub(crate) fn individual(algorithm: Algorithm) -> (KeyPair, Certificate) {
    let issued = authority(algorithm).issue(&order(algorithm), at()).unwrap();
    (issued.key.unwrap(), issued.certificate)
}
