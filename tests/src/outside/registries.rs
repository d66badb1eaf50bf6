//! What `registries` reads.

use std::fmt::Debug;
use std::sync::LazyLock;

use certs::{CheckDigit, Clock};
use jiff::tz::TimeZone;
use registries::notary::{self, PowerOfAttorney};
use registries::people::transfer::{self, Format, Row};
use registries::people::{PersonRecord, Population, PopulationPlan, national};
use serde_json::{Value, json};
use uuid::Uuid;

use super::certs::now;
use super::{Effort, Target};

pub(super) const TARGETS: &[Target] = &[
    Target::new(
        "people-json",
        || vec![file(Format::Json, people())],
        |bytes| rows::<PersonRecord>(Format::Json, bytes),
    )
    .with(Effort::some(600)),
    Target::new(
        "people-csv",
        || vec![file(Format::Csv, people())],
        |bytes| rows::<PersonRecord>(Format::Csv, bytes),
    )
    .with(Effort::some(600)),
    Target::new(
        "powers-json",
        || vec![file(Format::Json, powers())],
        |bytes| rows::<PowerOfAttorney>(Format::Json, bytes),
    )
    .with(Effort::some(600)),
    Target::new(
        "powers-csv",
        || vec![file(Format::Csv, powers())],
        |bytes| rows::<PowerOfAttorney>(Format::Csv, bytes),
    )
    .with(Effort::some(600)),
    Target::new(
        "national-question",
        || vec![question(&json!({ "iin": people()[0].iin }))],
        |bytes| {
            let request = national::Request::read(&serde_json::from_slice::<Value>(bytes).ok()?).ok()?;
            let _ = (request.iin(CheckDigit::Strict), request.iin(CheckDigit::AnyDigit));
            let _ = national::answer(&request, people().first(), Uuid::from_u128(1), now()).to_string();
            None
        },
    ),
    Target::new("national-answer", answers, |bytes| {
        let _ = format!("{:?}", national::found(&serde_json::from_slice::<Value>(bytes).ok()?));
        None
    })
    .with(Effort::some(600)),
    Target::new(
        "notary-question",
        || vec![question(&json!({ "number": "7" }))],
        |bytes| {
            let _ = format!(
                "{:?}",
                notary::service::Request::read(&serde_json::from_slice::<Value>(bytes).ok()?)
            );
            None
        },
    ),
];

fn population() -> &'static Population {
    static POPULATION: LazyLock<Population> = LazyLock::new(|| {
        let today = Clock::system().now().to_zoned(TimeZone::UTC).date();
        Population::generate(PopulationPlan::new(7, 4, today).expect("a plan"))
    });
    &POPULATION
}

fn people() -> &'static [PersonRecord] {
    &population().people[..2]
}

fn powers() -> &'static [PowerOfAttorney] {
    &population().powers[..2]
}

fn file<T: Row>(format: Format, rows: &[T]) -> Vec<u8> {
    transfer::write(format, rows).expect("a file").into_bytes()
}

/// What is taken is written, and read the same again.
fn rows<T: Row + Debug + PartialEq>(format: Format, bytes: &[u8]) -> Option<String> {
    let read: Vec<T> = transfer::read(format, bytes).ok()?.into_iter().map(|line| line.row).collect();
    let again = transfer::read(format, &file(format, &read)).expect("what was written is read");
    assert_eq!(again.into_iter().map(|line| line.row).collect::<Vec<T>>(), read);
    None
}

fn question(about: &Value) -> Vec<u8> {
    let mut whole = json!({ "messageId": "7", "messageDate": now().to_string(), "senderCode": "portal" });
    if let (Some(whole), Some(about)) = (whole.as_object_mut(), about.as_object()) {
        whole.extend(about.clone());
    }
    whole.to_string().into_bytes()
}

fn answers() -> Vec<Vec<u8>> {
    let request = serde_json::from_slice(&question(&json!({ "iin": people()[0].iin }))).expect("JSON");
    let request = national::Request::read(&request).expect("a question");
    let answer =
        |found| national::answer(&request, found, Uuid::from_u128(1), now()).to_string().into_bytes();
    vec![answer(people().first()), answer(None)]
}
