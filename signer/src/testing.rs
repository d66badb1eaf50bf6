//! Centres, certificates and a centre's outside for unit tests.

mod centre;
mod forge;

use certs::{Algorithm, Bin, Certificate, Flaw, Iin, KeyPair, Order, Organisation, Person, Profile, Subject};
use jiff::Timestamp;

pub(crate) use centre::{Centre, List};
pub(crate) use forge::{Draft, crl, extension};

/// The moment of every unit test.
pub(crate) fn at() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// The moment so many seconds later, or earlier.
pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(at().as_second() + seconds).unwrap()
}

pub(crate) fn person() -> Person {
    Person {
        surname: "ҮЛГІБАЕВ".to_owned(),
        name: "СЫНАҚ".to_owned(),
        patronymic: None,
        iin: Iin::never_issued(1),
    }
}

/// An order for somebody's signing certificate.
pub(crate) fn order(algorithm: Algorithm) -> Order {
    Order::new(Subject::Person(person()), Profile::Individual, algorithm)
}

/// An order for the signing certificate of an organisation's head, who can have every flaw.
pub(crate) fn head(flaws: &[Flaw]) -> Order {
    let organisation = Organisation { name: "№ 1 МЕКТЕП".to_owned(), bin: Bin::generated(1) };
    let subject = Subject::Employee { person: person(), organisation };
    let order = Order::new(subject, Profile::Head, Algorithm::P256);
    flaws.iter().fold(order, |order, &flaw| order.flawed(flaw))
}

/// An individual with a signing certificate.
pub(crate) fn individual(algorithm: Algorithm) -> (KeyPair, Certificate) {
    let issued = Centre::known(algorithm).authority.issue(&order(algorithm), at()).unwrap();
    (issued.key.unwrap(), issued.certificate)
}
