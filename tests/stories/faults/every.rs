//! One case under each fault: it waits for a stated reason or goes on, and ends with one result.

use gateway::exchange::Wire;
use gateway::faults::{Fault, Name, Place, Rule};
use registries::people::Persona;
use serde_json::{Value, json};
use tests::{Citizen, Counter, Town};

use super::{goes_wrong, is_mended, noted, town};
use crate::durability::ends_with_one_result;

/// What comes of a fault.
enum Comes {
    /// The case goes on by itself.
    GoesOn,
    /// The same, and the receiver saw a message that it had taken already.
    Repeated,
    /// The receiver of this name refuses the message with this code; the case waits until it is mended.
    Refused(&'static str),
    /// There is no answer to go by; the case waits until it is mended, and says this.
    Waits(&'static str),
    /// The certificate cannot be checked: the deed is not done, and can be done again.
    NotChecked,
    /// It does not apply.
    Nothing,
    /// Told apart, below or in another story.
    Elsewhere,
}
use Comes::{Elsewhere, GoesOn, NotChecked, Nothing, Refused, Repeated, Waits};

/// The wires that a row is about.
const BOTH: &[Wire] = &[Wire::Json, Wire::Soap];
const JSON: &[Wire] = &[Wire::Json];
const SOAP: &[Wire] = &[Wire::Soap];

const ROWS: &[(&str, &[Wire], Comes)] = &[
    ("delay:300ms,system=gateway", BOTH, GoesOn),
    ("timeout,system=gateway", BOTH, Waits("system-unreachable")),
    ("answer-after-timeout,system=gateway,often=once", BOTH, Repeated),
    ("http-500,system=gateway", BOTH, Waits("system-unreachable")),
    ("http-503-retry-after:1s,system=gateway", BOTH, Waits("system-unreachable")),
    ("soap-fault:SCSE003,system=gateway", JSON, Waits("system-unreachable")),
    ("soap-fault:SCSE003,system=gateway", SOAP, Waits("fault-of-receiver")),
    ("drop-connection,system=gateway", BOTH, Waits("system-unreachable")),
    ("truncated-body,system=gateway,often=once", BOTH, Repeated),
    ("registry-down", BOTH, Elsewhere),
    ("response-before-acknowledgement,system=gateway", BOTH, GoesOn),
    ("duplicate,system=portal", BOTH, Repeated),
    ("reorder:300ms,system=portal", BOTH, GoesOn),
    ("notification-lost", BOTH, Elsewhere),
    ("certificate-rollover,system=portal", BOTH, GoesOn),
    ("wrong-correlation-id,system=gateway,often=once", BOTH, Repeated),
    ("stale-message-date,system=portal", BOTH, GoesOn),
    ("future-message-date,system=portal", BOTH, Refused("message-of-the-future")),
    ("sender-unknown,system=portal", BOTH, Refused("sender-unknown")),
    ("unsigned,system=portal", JSON, Refused("signature-malformed")),
    ("unsigned,system=portal", SOAP, Refused("signature-missing")),
    ("bad-body-signature,system=portal", BOTH, Refused("signature-invalid")),
    ("signed-by-expired,system=portal", BOTH, Refused("sender-certificate-refused")),
    ("signed-by-revoked,system=portal", BOTH, Refused("sender-certificate-refused")),
    ("rsa-on-gost-endpoint,system=portal", BOTH, Refused("certificate-not-bound")),
    ("wrapped-signature,system=portal", JSON, Nothing),
    ("wrapped-signature:1,system=portal", SOAP, Refused("envelope-malformed")),
    ("wrapped-signature:2,system=portal", SOAP, Refused("envelope-malformed")),
    ("wrapped-signature:3,system=portal", SOAP, Refused("envelope-malformed")),
    ("wrapped-signature:4,system=portal", SOAP, Refused("envelope-malformed")),
    ("wrapped-signature:5,system=portal", SOAP, Refused("envelope-malformed")),
    ("wrapped-signature:6,system=portal", SOAP, Refused("envelope-malformed")),
    ("wrapped-signature:7,system=portal", SOAP, Refused("envelope-malformed")),
    ("wrapped-signature:8,system=portal", SOAP, Refused("envelope-malformed")),
    ("ocsp-try-later", JSON, NotChecked),
    ("ocsp-unknown", JSON, NotChecked),
    ("ocsp-expired", JSON, NotChecked),
    ("ocsp-wrong-certid", JSON, NotChecked),
    ("crl-empty", JSON, NotChecked),
    ("crl-expired", JSON, NotChecked),
    ("crl-missing", JSON, NotChecked),
    ("crl-is-html", JSON, NotChecked),
    ("delta-without-base", JSON, NotChecked),
    ("tsp-down", JSON, GoesOn),
    ("tsp-wrong-imprint", JSON, GoesOn),
];

#[test]
fn no_name_is_forgotten() {
    for name in Name::ALL {
        let has = |row: &&(&str, &[Wire], Comes)| row.0.parse::<Rule>().unwrap().fault.name == *name;
        assert!(ROWS.iter().any(|row| has(&row)), "no story tells of {name}");
    }
    for shape in 1..=8 {
        let fault = format!("wrapped-signature:{shape},");
        assert!(ROWS.iter().any(|row| row.0.starts_with(&fault)), "{fault}");
    }
}

async fn every(wire: Wire, place: Place) {
    let town = town(wire).await;
    for (rule, _, comes) in ROWS.iter().filter(|(_, wires, _)| wires.contains(&wire)) {
        let read: Rule = rule.parse().unwrap();
        if read.place() == place {
            one(&town, rule, &read.fault, comes).await;
        }
    }
}

/// Plays a case under a fault.
async fn one(town: &Town, rule: &str, fault: &Fault, comes: &Comes) {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    if matches!(comes, Elsewhere) {
        return;
    }
    let before = noted(town).await.len();
    goes_wrong(town, rule).await;
    if matches!(comes, NotChecked) {
        let problem = citizen.fills_in().await.expect_err(rule);
        assert_eq!((problem.code.code(), problem.status), ("revocation-unknown", 503), "{rule}: {problem}");
        assert!(citizen.looks().await.unwrap()["shown"].as_array().unwrap().is_empty(), "{rule}");
        is_mended(town).await;
    }
    citizen.fills_in().await.expect(rule);
    citizen.signs().await.expect(rule);
    let case = citizen.case();
    if let Refused(_) | Waits(_) = comes {
        let hindrance = is_held_up(&mut citizen, rule).await;
        let (said, code) = match comes {
            Refused(code) => (&hindrance["reason"], code),
            Waits(code) => (&hindrance["code"], code),
            _ => unreachable!("only these wait"),
        };
        assert_eq!(said, code, "{rule}: {hindrance}");
    }
    let unmoved = matches!(comes, GoesOn | Repeated | Nothing);
    let mended = if matches!(comes, NotChecked) {
        Vec::new()
    } else if unmoved {
        ends_with_one_result(&town.client, &mut citizen).await;
        is_mended(town).await
    } else {
        is_mended(town).await
    };
    if !unmoved {
        ends_with_one_result(&town.client, &mut citizen).await;
    }
    if matches!(comes, Nothing) {
        assert_eq!((&mended[0]["matched"], &mended[0]["done"]), (&json!(0), &json!(0)), "{rule}");
        return;
    }
    if let Some(kept) = mended.first().filter(|_| fault.place() != Place::Centre) {
        assert!(kept["done"].as_u64() >= Some(1), "{rule}: {kept}");
        assert!(kept["matched"].as_u64() >= kept["done"].as_u64(), "{rule}: {kept}");
        let journal = town.journal(&case).await;
        let noted = journal.iter().filter(|entry| entry["kind"] == "fault").collect::<Vec<_>>();
        assert!(!noted.is_empty() && noted.iter().all(|e| e["body"]["fault"] == fault.to_string()), "{rule}");
    }
    if matches!(comes, NotChecked) {
        assert!(noted(town).await[before..].iter().any(|noted| *noted == fault.to_string()), "{rule}");
    }
    is_refused_by_the_gateway(town, rule, comes, &case).await;
}

/// The case waits for its message to be delivered, and says why.
async fn is_held_up(citizen: &mut Citizen<'_>, rule: &str) -> Value {
    while !citizen.view["hindrance"].is_object() {
        let before = citizen.view["version"].clone();
        citizen.waits().await.unwrap();
        assert_ne!(citizen.view["version"], before, "{rule}: nothing happens: {:#}", citizen.view);
    }
    assert_eq!(citizen.view["position"]["state"], "elsewhere", "{rule}: {:#}", citizen.view);
    assert_eq!(citizen.view["shown"], json!([]), "{rule}: nothing is decided");
    citizen.view["hindrance"].clone()
}

/// What the receiver saw.
async fn is_refused_by_the_gateway(town: &Town, rule: &str, comes: &Comes, case: &str) {
    let code = match comes {
        Refused(code) => code,
        Repeated => "message-replayed",
        _ => return,
    };
    let all = town.get("/control/journal?system=gateway&kind=crossing").await.unwrap();
    let all = all.as_array().unwrap();
    let seen = all.iter().any(|entry| entry["body"]["problem"]["code"] == code);
    assert!(seen, "{rule}: the gateway did not see {code} in case {case}");
}

#[tokio::test]
async fn at_doors_in_json() {
    every(Wire::Json, Place::Door).await;
}

#[tokio::test]
async fn at_doors_in_soap() {
    every(Wire::Soap, Place::Door).await;
}

#[tokio::test]
async fn in_sending_in_json() {
    every(Wire::Json, Place::Sending).await;
}

#[tokio::test]
async fn in_sending_in_soap() {
    every(Wire::Soap, Place::Sending).await;
}

#[tokio::test]
async fn in_envelopes_in_json() {
    every(Wire::Json, Place::Envelope).await;
}

#[tokio::test]
async fn in_envelopes_in_soap() {
    every(Wire::Soap, Place::Envelope).await;
}

#[tokio::test]
async fn in_the_centre() {
    every(Wire::Json, Place::Centre).await;
}

#[tokio::test]
async fn a_register_that_is_down_is_waited_for() {
    for wire in [Wire::Json, Wire::Soap] {
        let town = town(wire).await;
        let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
        counter.receives().await.unwrap();
        goes_wrong(&town, "registry-down,system=people").await;
        counter.fills_in().await.unwrap();
        let view = counter.waits_until(|view| view["hindrance"].is_object()).await.unwrap();
        assert_eq!(view["hindrance"]["code"], "system-unreachable", "{view:#}");
        assert_eq!(view["shown"], json!([]), "silence is no answer");
        let mended = is_mended(&town).await;
        assert!(mended[0]["done"].as_u64() >= Some(1), "{mended:?}");
        let view = counter.waits_until(|view| view["awaits"]["step"] == "11.6").await.unwrap();
        assert_eq!(view["hindrance"], Value::Null);
    }
}

#[tokio::test]
async fn a_notification_that_is_lost_is_not_missed() {
    for wire in [Wire::Json, Wire::Soap] {
        let town = town(wire).await;
        goes_wrong(&town, "notification-lost").await;
        let path = format!("{}/state-corporation/referral", Citizen::regulation());
        let played = town.play(&path).await.remove(0);
        let mended = is_mended(&town).await;
        assert!(mended[0]["done"].as_u64() >= Some(1), "{mended:?}");
        let only = played.deviations.iter().all(|deviation| deviation.what.contains("registration"));
        assert!(only, "{:?}", played.deviations);
        assert_eq!(played.outcome.shown.len(), 1, "the result came all the same");
    }
}

#[tokio::test]
async fn a_clock_that_stands_still_hangs_nobody() {
    let town = town(Wire::Json).await;
    let mut citizen = Citizen::arrives(&town).await;
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    for rule in ["delay:200ms,system=gateway", "reorder:200ms,system=portal"] {
        goes_wrong(&town, rule).await;
    }
    citizen.applies().await.unwrap();
    ends_with_one_result(&town.client, &mut citizen).await;
    let done = town.get("/control/faults").await.unwrap();
    assert!(done.as_array().unwrap().iter().all(|kept| kept["done"].as_u64() >= Some(1)), "{done:#}");
}
