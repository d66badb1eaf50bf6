//! Every named flaw at the portal: who finds it, where, and what it is called.

use certs::{Flaw, Profile};
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use tests::{Citizen, Desk, Key, Town};

/// What comes of a certificate with a flaw.
#[derive(Clone, Copy)]
enum Found {
    /// The portal's condition at 12.6 finds it: refused at 12.7, with the reason's code.
    ByThePortal(&'static str),
    /// It could not be checked at 12.6: nothing is decided.
    Unknown,
    /// None of the act's three checks is about it: the gateway refuses it as technical, with this code.
    ByTheGateway(&'static str),
    /// What is signed with it is no signature to the portal, at 12.8: a problem with this code.
    NoSignature(&'static str),
    /// It cannot be ordered for an individual.
    NotForAnIndividual,
    /// Nobody has anything against it.
    GoesThrough,
    /// It is passed at 12.6, and an hour later the gateway refuses it, with this code.
    Later(&'static str),
}

fn found(flaw: Flaw) -> Found {
    match flaw {
        Flaw::Expired => Found::ByThePortal("certificate-expired"),
        Flaw::NotYetValid => Found::ByThePortal("certificate-not-yet-valid"),
        Flaw::Revoked | Flaw::OcspGoodCrlRevoked | Flaw::OcspRevokedCrlGood => {
            Found::ByThePortal("certificate-revoked")
        }
        Flaw::Suspended => Found::ByThePortal("certificate-suspended"),
        Flaw::IssuerRevoked => Found::ByThePortal("issuer-revoked"),
        Flaw::IinMismatch | Flaw::WrongCheckDigit => Found::ByThePortal("identity-mismatch"),
        Flaw::NoIin | Flaw::BinInsteadOfIin | Flaw::IinWithoutPrefix => {
            Found::ByThePortal("identity-missing")
        }
        Flaw::MissingCrl
        | Flaw::StaleCrl
        | Flaw::EmptyCrl
        | Flaw::CrlByAnotherKey
        | Flaw::NoRevocationSource
        | Flaw::OcspUnknown
        | Flaw::OcspByAnotherKey
        | Flaw::UnknownIssuer
        | Flaw::MissingIntermediate
        | Flaw::WrongAuthorityKey
        | Flaw::WeakIssuer => Found::Unknown,
        Flaw::BadSignature => Found::ByTheGateway("certificate-signature-invalid"),
        Flaw::WrongKeyUsage | Flaw::AuthKeyForSigning | Flaw::WrongExtendedKeyUsage | Flaw::WrongPolicy => {
            Found::ByTheGateway("key-usage-not-signing")
        }
        // Reasons that have no problem of their own: the verdict is among its facts.
        Flaw::CriticalExtension | Flaw::IssuerNotCa | Flaw::IssuerWithoutCertSign | Flaw::PathTooLong => {
            Found::ByTheGateway("certificate-refused")
        }
        Flaw::WeakRsa => Found::NoSignature("signature-malformed"),
        Flaw::Sha1Signature => Found::ByTheGateway("algorithm-refused"),
        Flaw::IssuerExpired => Found::ByTheGateway("issuer-not-valid"),
        Flaw::NameNotPermitted => Found::ByTheGateway("name-not-permitted"),
        Flaw::PolicyNotValid => Found::ByTheGateway("policy-not-valid"),
        Flaw::ExpiredInQueue => Found::Later("certificate-expired"),
        Flaw::RevokedAfterSigning => Found::Later("certificate-revoked"),
        // Who may file an application is not a matter of roles in the act.
        Flaw::NoRole | Flaw::NoPatronymic | Flaw::DuplicateSerial | Flaw::ReissuedKey | Flaw::ChainOrder => {
            Found::GoesThrough
        }
        Flaw::BinMismatch | Flaw::OtherOrganisation => Found::NotForAnIndividual,
    }
}

fn flawed(order: OrderRequest, flaw: Flaw) -> OrderRequest {
    OrderRequest { flaws: vec![flaw.name().to_owned()], ..order }
}

#[tokio::test]
async fn every_flaw_is_found_where_the_table_says() {
    let town = Town::up().await;
    for &flaw in Flaw::all() {
        match found(flaw) {
            Found::ByThePortal(code) => is_refused_at_the_portal(&town, flaw, code).await,
            Found::Unknown => is_left_undecided(&town, flaw).await,
            Found::ByTheGateway(code) => is_stopped_by_the_gateway(&town, flaw, code).await,
            Found::NoSignature(code) => is_no_signature(&town, flaw, code).await,
            Found::GoesThrough => goes_through(&town, flaw).await,
            // The clock is the town's: those come last, each in a world of its own.
            Found::Later(code) => is_refused_an_hour_later(&town, flaw, code).await,
            Found::NotForAnIndividual => {
                let order = flawed(OrderRequest::of(Profile::Individual), flaw);
                let problem = town.client.post::<Value>("/ca/certificates", None, &order).await.unwrap_err();
                assert_eq!(problem.code.code(), "invalid-value");
                assert!(problem.detail.as_deref().is_some_and(|detail| detail.contains(flaw.name())));
            }
        }
    }
}

async fn is_refused_at_the_portal(town: &Town, flaw: Flaw, code: &str) {
    let mut citizen = Citizen::arrives_with(town, |order| flawed(order, flaw)).await;
    citizen.enters().await.unwrap();
    let view = citizen.fills_in().await.unwrap();
    assert_eq!(view["position"], json!({ "state": "ended", "at": "12.7", "end": "refusal" }), "{flaw}");
    let shown = &view["shown"][0];
    assert_eq!(
        (&shown["code"], &shown["paragraph"]),
        (&"eds-not-confirmed".into(), &"12.7".into()),
        "{flaw}"
    );
    let reasons: Vec<&Value> = shown["reasons"].as_array().unwrap().iter().map(|r| &r["code"]).collect();
    assert_eq!(reasons, [code], "{flaw}");
    for lang in ["kk", "ru", "en"] {
        assert!(
            shown["reasons"][0]["text"][lang].as_str().is_some_and(|text| text.len() > 5),
            "{flaw} in {lang}"
        );
    }
    let journal = town.journal(&citizen.case()).await;
    assert!(journal.iter().all(|e| e["system"] == "portal" && e["body"]["seen"] != "leaving"), "{flaw} left");
}

async fn is_left_undecided(town: &Town, flaw: Flaw) {
    let mut citizen = Citizen::arrives_with(town, |order| flawed(order, flaw)).await;
    citizen.enters().await.unwrap();
    let problem = citizen.fills_in().await.unwrap_err();
    assert_eq!((problem.code.code(), problem.status), ("revocation-unknown", 503), "{flaw}: {problem}");
    assert_eq!(
        (problem.step.as_deref(), problem.paragraph.as_deref()),
        (Some("12.6"), Some("12.6")),
        "{flaw}"
    );
    assert!(problem.facts["verdict"]["asked"].is_array(), "{flaw}: {problem:?}");
    let refused = town.refusals(&citizen.case()).await;
    assert_eq!(refused, [("portal".into(), "request".into(), "revocation-unknown".into())], "{flaw}");

    let order = OrderRequest { iin: Some(citizen.iin.to_string()), ..OrderRequest::of(Profile::Individual) };
    citizen.key = Key::order(town, &order).await;
    let view = citizen.fills_in().await.expect("the case stayed where it was");
    assert_eq!((&view["awaits"]["step"], view["shown"].as_array().map(Vec::len)), (&"12.8".into(), Some(0)));
    citizen.signs().await.unwrap();
}

async fn is_stopped_by_the_gateway(town: &Town, flaw: Flaw, code: &str) {
    let mut citizen = Citizen::arrives_with(town, |order| flawed(order, flaw)).await;
    let acknowledged = citizen.applies().await.expect("it is taken");
    assert_eq!(
        acknowledged["position"]["state"], "elsewhere",
        "{flaw}: the portal's checks do not ask for it"
    );
    is_stopped_with(town, citizen, flaw, code).await;
}

async fn is_no_signature(town: &Town, flaw: Flaw, code: &str) {
    let mut citizen = Citizen::arrives_with(town, |order| flawed(order, flaw)).await;
    citizen.enters().await.unwrap();
    assert_eq!(citizen.fills_in().await.unwrap()["awaits"]["step"], "12.8", "{flaw}");
    let problem = citizen.signs().await.unwrap_err();
    assert_eq!(
        (problem.code.code(), problem.system.as_deref()),
        (code, Some("portal")),
        "{flaw}: {problem:?}"
    );
}

async fn goes_through(town: &Town, flaw: Flaw) {
    let mut citizen = Citizen::arrives_with(town, |order| flawed(order, flaw)).await;
    let acknowledged = citizen.applies().await.expect("it is taken");
    assert_eq!(acknowledged["position"]["state"], "elsewhere", "{flaw}");
    Desk::of(town).accepts(&citizen.case()).await.expect("it is taken");
}

/// Signed in time, and sent when the hour is over.
async fn is_refused_an_hour_later(town: &Town, flaw: Flaw, code: &str) {
    town.post("/control/worlds", &json!({ "id": flaw.name() })).await.unwrap();
    let world = town.world(flaw.name());
    let mut citizen = Citizen::arrives_with(&world, |order| flawed(order, flaw)).await;
    citizen.enters().await.unwrap();
    assert_eq!(citizen.fills_in().await.unwrap()["awaits"]["step"], "12.8", "{flaw} is good at first");
    let _: Value =
        world.client.post("/control/clock", None, &json!({ "advance": "61 minutes" })).await.unwrap();
    citizen.signs().await.unwrap();
    is_stopped_with(&world, citizen, flaw, code).await;
}

async fn is_stopped_with(town: &Town, mut citizen: Citizen<'_>, flaw: Flaw, code: &str) {
    let view = citizen.waits_for_the_end().await.unwrap();
    let position = &view["position"];
    assert_eq!((&position["state"], &position["at"]), (&"stopped".into(), &"12.8".into()), "{flaw}");
    assert_eq!(
        (&position["problem"]["code"], &position["problem"]["system"]),
        (&code.into(), &"gateway".into()),
        "{flaw}"
    );
    let shown = &view["shown"][0];
    assert_eq!(
        (&shown["kind"], &shown["code"], &shown["paragraph"]),
        (&"problem".into(), &code.into(), &"12.8".into())
    );

    let journal = town.journal(&citizen.case()).await;
    let at_gateway: Vec<&Value> = journal.iter().filter(|e| e["system"] == "gateway").collect();
    assert_eq!(at_gateway.len(), 1, "{flaw}");
    assert_eq!(
        (&at_gateway[0]["body"]["accepted"], &at_gateway[0]["body"]["problem"]["code"]),
        (&false.into(), &code.into())
    );
    let beyond =
        journal.iter().filter(|e| ["regional-workstation", "provider"].iter().any(|s| e["system"] == *s));
    assert_eq!(beyond.count(), 0, "{flaw} reached the regional workstation");
}

#[tokio::test]
async fn several_flaws_are_told_in_the_order_of_the_act() {
    let town = Town::up().await;
    let flaws = ["no-iin", "suspended", "expired"].map(str::to_owned).to_vec();
    let mut citizen = Citizen::arrives_with(&town, |order| OrderRequest { flaws, ..order }).await;
    citizen.enters().await.unwrap();
    let view = citizen.fills_in().await.unwrap();
    let reasons: Vec<&Value> =
        view["shown"][0]["reasons"].as_array().unwrap().iter().map(|reason| &reason["code"]).collect();
    assert_eq!(reasons, ["certificate-expired", "certificate-suspended", "identity-missing"]);
}

#[tokio::test]
async fn a_certain_failure_is_refused_even_if_something_else_could_not_be_checked() {
    let town = Town::up().await;
    let flaws = ["missing-crl", "iin-mismatch"].map(str::to_owned).to_vec();
    let mut citizen = Citizen::arrives_with(&town, |order| OrderRequest { flaws, ..order }).await;
    citizen.enters().await.unwrap();
    let view = citizen.fills_in().await.unwrap();
    assert_eq!(view["position"]["state"], "ended");
    assert_eq!(view["shown"][0]["reasons"][0]["code"], "identity-mismatch");
}

#[tokio::test]
async fn a_lifted_hold_lets_the_certificate_through() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives_with(&town, |order| flawed(order, Flaw::Suspended)).await;
    let path = format!("/ca/certificates/{}/revocation", citizen.key.serial);
    let _: Value = town.client.delete(&path).await.unwrap();
    assert_eq!(citizen.applies().await.unwrap()["position"]["state"], "elsewhere");
}

#[tokio::test]
async fn staff_with_a_flawed_certificate_sign_nothing() {
    let table = [
        (Flaw::Expired, "certificate-expired"),
        (Flaw::NotYetValid, "certificate-not-yet-valid"),
        (Flaw::Revoked, "certificate-revoked"),
        (Flaw::Suspended, "certificate-suspended"),
        (Flaw::BinMismatch, "identity-mismatch"),
        (Flaw::UnknownIssuer, "issuer-unknown"),
        (Flaw::BadSignature, "certificate-signature-invalid"),
        (Flaw::WrongKeyUsage, "key-usage-not-signing"),
        (Flaw::AuthKeyForSigning, "key-usage-not-signing"),
        (Flaw::MissingCrl, "revocation-unknown"),
    ];
    let town = Town::up().await;
    let (desk, mut citizen) = (Desk::of(&town), Citizen::arrives(&town).await);
    citizen.applies().await.unwrap();
    let case = citizen.case();
    desk.accepts(&case).await.unwrap();
    for (flaw, code) in table {
        let key = desk.staff_with(Profile::AuthorisedPerson, |order| flawed(order, flaw)).await;
        let problem = desk.signs(&case, &key).await.unwrap_err();
        assert_eq!(
            (problem.code.code(), problem.paragraph.as_deref()),
            (code, Some("12.11")),
            "{flaw}: {problem}"
        );
        assert_eq!(problem.system.as_deref(), Some("provider"), "{flaw}");
    }
    let flawless = desk.staff(Profile::AuthorisedPerson).await;
    desk.signs(&case, &flawless).await.expect("the case still waits");
    assert_eq!(citizen.waits_for_the_end().await.unwrap()["position"]["end"], "result");
}

#[tokio::test]
async fn an_unknown_flaw_is_an_error_that_lists_the_known_ones() {
    let town = Town::up().await;
    let order = OrderRequest { flaws: vec!["expried".to_owned()], ..OrderRequest::of(Profile::Individual) };
    let problem = town.client.post::<Value>("/ca/certificates", None, &order).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.system.as_deref()), ("unknown-flaw", Some("ca")));
    let names: Vec<&str> = Flaw::all().iter().map(|flaw| flaw.name()).collect();
    assert_eq!(problem.facts["known"], json!(names));
    assert!(problem.detail.as_deref().is_some_and(|detail| detail.contains("nearest: expired")));
    assert_eq!(town.get("/ca/flaws").await.unwrap().as_array().map(Vec::len), Some(names.len()));
}

#[test]
fn the_documentation_has_a_row_for_every_flaw() {
    let table = include_str!("../../docs/certificates.md");
    for &flaw in Flaw::all() {
        let row = table.lines().find(|line| line.starts_with(&format!("| `{flaw}` |"))).unwrap_or_default();
        let says = match found(flaw) {
            Found::ByThePortal(_) => "| portal |",
            Found::ByTheGateway(_) => "| gateway |",
            Found::Unknown => "| waits |",
            Found::NoSignature(_) => "| portal, §12.8",
            Found::GoesThrough => "| passes",
            Found::Later(_) => "an hour later, gateway |",
            Found::NotForAnIndividual => "|",
        };
        assert!(row.contains(says) && !row.is_empty(), "{flaw}: {row}");
    }
}
