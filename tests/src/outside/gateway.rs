//! What `gateway` reads.

use gateway::calendar::{Calendar, Limit};
use gateway::exchange::{Payload, Query, Response, Wire, read_identifier};
use gateway::faults::{Fault, Rule};
use gateway::regulation;
use gateway::systems::token::Claim;
use gateway::world::Swap;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::json;
use signer::{Document, System};
use uuid::Uuid;

use super::certs::now;
use super::{Effort, Target};

pub(super) const TARGETS: &[Target] = &[
    Target::new(
        "regulation",
        || vec![REGULATION.to_vec()],
        |bytes| {
            match regulation::load(str::from_utf8(bytes).ok()?, "test.toml") {
                Ok((read, notes)) => drop((regulation::notes(&read).len(), format!("{notes:?}"))),
                Err(error) => drop(error.to_string()),
            }
            None
        },
    )
    .with(Effort::some(150)),
    Target::new(
        "calendar",
        || vec![CALENDAR.to_vec()],
        |bytes| {
            let read = Calendar::read(str::from_utf8(bytes).ok()?).map_err(|error| error.to_string()).ok()?;
            let day = now().to_zoned(TimeZone::UTC).date();
            let _ = read.after_working_days(day, 500);
            None
        },
    )
    .with(Effort::some(400)),
    Target::new(
        "time-limit",
        || texts(&["15 min", "1 working hour", "13 working days", "3 calendar days"]),
        |bytes| {
            let limit: Limit = str::from_utf8(bytes).ok()?.parse().ok()?;
            let _ = (
                limit.text(),
                limit.ends(now(), &TimeZone::UTC, &Calendar::kazakhstan().expect("it is read")),
            );
            assert_eq!(limit.to_string().parse(), Ok(limit));
            None
        },
    ),
    Target::new("fault-rule", rules, |bytes| {
        let text = str::from_utf8(bytes).ok()?;
        let _ = text.parse::<Fault>().map_err(|error| error.to_string());
        let rule = text.parse::<Rule>().map_err(|error| error.to_string()).ok()?;
        assert_eq!(rule.to_string().parse::<Rule>().ok(), Some(rule));
        None
    })
    .with(Effort::FEW),
    Target::new(
        "swap",
        || vec![json!({ "address": "http://h:1/x", "timeout": 5 }).to_string().into_bytes()],
        |bytes| {
            let swap: Swap = serde_json::from_slice(bytes).ok()?;
            let _ =
                (swap.check(System::Provider).map_err(|problem| problem.to_string()), format!("{swap:?}"));
            None
        },
    ),
    Target::new(
        "words",
        || texts(&["BIN100140000003", "123456789011", "soap-text", "provider"]),
        |bytes| {
            let text = str::from_utf8(bytes).ok()?;
            let _ = (read_identifier(text), text.parse::<Wire>(), text.parse::<System>());
            None
        },
    ),
    Target::new(
        "payload",
        || vec![payload()],
        |bytes| {
            fn read<T: DeserializeOwned>(bytes: &[u8]) {
                let _ = serde_json::from_slice::<T>(bytes).map_err(|error| signer::json_fault(&error));
            }
            read::<Payload>(bytes);
            read::<Response>(bytes);
            read::<Query>(bytes);
            read::<Claim>(bytes);
            None
        },
    ),
];

const REGULATION: &[u8] =
    include_bytes!("../../../gateway/regulations/kyzylorda-1056-preschool-admission.toml");
const CALENDAR: &[u8] = include_bytes!("../../../gateway/calendars/kazakhstan.toml");

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn rules() -> Vec<Vec<u8>> {
    texts(&[
        "truncated-body,system=gateway,often=once",
        "truncated-body,service=a/b,route=/x,case=00000000-0000-4000-8000-000000000000,often=every:3",
        "slow:5,often=share:0.5",
    ])
}

fn payload() -> Vec<u8> {
    let document = Document::detached(b"{}".to_vec(), "application/json", vec![7]);
    let subject = crate::subject(Uuid::from_u128(1));
    serde_json::to_vec(&Payload::of(subject, regulation::Message::Application, document)).expect("JSON")
}
