//! A fault for one request alone.

use gateway::exchange::Wire;
use serde_json::{Value, json};
use signer::soap::Fault as Told;
use signer::soap::asynchronous::{self, Call, Poll, operation};
use signer::{Problem, Sealed, System};
use tests::{Citizen, Town, application, envelope};

use super::{goes_wrong, is_mended, noted, town};
use crate::durability::ends_with_one_result;

/// An answer with what its header says of faults.
struct Met {
    status: u16,
    faults: Vec<String>,
    body: Result<Vec<u8>, reqwest::Error>,
}

async fn asked(town: &Town, path: &str, faults: &str, body: Option<&Sealed>) -> Result<Met, reqwest::Error> {
    let url = format!("{}{path}", town.client.base());
    let request = match body {
        Some(sealed) => town.client.http().post(url).json(sealed),
        None => town.client.http().get(url),
    };
    let response = request.header("qaqpa-fault", faults).send().await?;
    let said = response.headers().get_all("qaqpa-fault").iter();
    let faults = said.map(|value| value.to_str().unwrap().to_owned()).collect();
    Ok(Met { status: response.status().as_u16(), faults, body: response.bytes().await.map(|b| b.to_vec()) })
}

async fn message(town: &Town) -> Sealed {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let identity = town.identity(System::Portal);
    envelope(&identity, &application(&citizen)).seal(&identity).unwrap()
}

#[tokio::test]
async fn a_request_may_ask_for_a_fault_at_any_door() {
    let town = town(Wire::Json).await;
    let met = asked(&town, "/people/personas", "http-500", None).await.unwrap();
    assert_eq!((met.status, met.faults.as_slice()), (500, ["http-500".to_owned()].as_slice()));
    let met = asked(&town, "/people/personas", "delay:10ms, http-503-retry-after:7s", None).await.unwrap();
    assert_eq!((met.status, met.faults.len()), (503, 2));
    assert!(asked(&town, "/people/personas", "drop-connection", None).await.is_err());
    let cut = asked(&town, "/people/personas", "truncated-body", None).await.unwrap();
    assert!(cut.status == 200 && cut.body.is_err(), "half of the answer came");
    let soap = asked(&town, "/people/personas", "soap-fault:SCSE002", None).await.unwrap();
    assert!(String::from_utf8(soap.body.unwrap()).unwrap().contains("<errorCode>SCSE002</errorCode>"));
    let whole = asked(&town, "/people/personas", "delay:1ms", None).await.unwrap();
    assert!(whole.status == 200 && whole.body.is_ok(), "nobody else meets it");
    assert_eq!(noted(&town).await.len(), 7, "each is in the journal");
    assert_eq!(town.get("/control/faults").await.unwrap(), Value::Array(vec![]), "none is a rule");
}

#[tokio::test]
async fn the_answer_to_a_message_may_be_faulty() {
    let town = town(Wire::Json).await;
    for (fault, opens) in [("unsigned", false), ("bad-body-signature", false), ("signed-by-expired", true)] {
        let sealed = message(&town).await;
        let met = asked(&town, "/gateway/messages", fault, Some(&sealed)).await.unwrap();
        assert_eq!((met.status, met.faults.as_slice()), (200, [fault.to_owned()].as_slice()));
        let answer: Sealed = serde_json::from_slice(&met.body.unwrap()).unwrap();
        let opened = answer.open();
        assert_eq!(opened.is_ok(), opens, "{fault}");
        if let Ok(opened) = opened {
            let now = certs::Clock::system().now();
            assert!(opened.certificate.not_after() < now, "{fault}");
            assert_eq!(opened.envelope.correlation_id, Some(sealed.open().unwrap().envelope.message_id));
        }
    }
    let sealed = message(&town).await;
    let met = asked(&town, "/gateway/messages", "wrong-correlation-id", Some(&sealed)).await.unwrap();
    let opened = serde_json::from_slice::<Sealed>(&met.body.unwrap()).unwrap().open().unwrap();
    assert_ne!(opened.envelope.correlation_id, Some(sealed.open().unwrap().envelope.message_id));
}

#[tokio::test]
async fn what_is_no_fault_of_a_door_is_refused_and_says_why() {
    let town = town(Wire::Json).await;
    for (path, fault, word) in [
        ("/portal/cases", "dleay", "`delay`"),
        ("/portal/cases", "duplicate", "qaqpa faults add"),
        ("/portal/cases", "registry-down", "no register"),
        ("/portal/cases", "crl-empty", "not asked for that"),
        ("/portal/cases", "delay:soon", "as `2s`"),
        ("/portal/cases", "", "nearest"),
        ("/portal/cases", "soap-fault:foo", "SCSE001, SCSE002"),
        ("/portal/cases", "unsigned", "no envelope"),
        ("/portal/cases", "response-before-acknowledgement", "acknowledged"),
        ("/portal/cases", "http-500,delay", "cannot be done beside `http-500`"),
        ("/portal/cases", "truncated-body,drop-connection", "cannot be done beside `drop-connection`"),
        ("/ca/roots.pem", "crl-empty", "not asked for that"),
        ("/ca/crl/p256.crl", "ocsp-unknown", "not asked for that"),
        ("/ca/crl/p256.crl", "crl-empty,crl-missing", "cannot be done beside `crl-empty`"),
        ("/control/health", "delay", "doors of systems"),
        ("/control/health", "dleay", "`delay`"),
        ("/control/worlds", "http-500", "doors of systems"),
        ("/contracts/", "unsigned", "doors of systems"),
        ("/", "delay", "doors of systems"),
    ] {
        let met = asked(&town, path, fault, None).await.unwrap();
        let problem: Value = serde_json::from_slice(&met.body.unwrap()).unwrap();
        assert_eq!((met.status, &problem["code"]), (422, &"invalid-value".into()), "{fault}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{fault}: {problem}");
        assert!(met.faults.is_empty(), "{fault}: nothing was done");
    }
    for (fault, message) in [("wrapped-signature", message(&town).await), ("duplicate", message(&town).await)]
    {
        let met = asked(&town, "/gateway/messages", fault, Some(&message)).await.unwrap();
        assert_eq!(met.status, 422, "{fault}");
        assert_eq!(town.deliver_raw(System::Gateway, &message).await.status, 200, "nothing was taken before");
    }
    assert!(noted(&town).await.is_empty(), "the journal tells of none");
}

#[tokio::test]
async fn what_the_centre_is_asked_for_may_be_faulty() {
    let town = town(Wire::Json).await;
    for (path, fault, status) in [
        ("/ca/crl/p256.crl", "crl-empty", 200),
        ("/ca/crl/p256.crl", "crl-missing", 404),
        ("/ca/crl/p256.crl", "crl-expired", 200),
        ("/ca/ocsp/none", "ocsp-try-later", 200),
    ] {
        let met = asked(&town, path, fault, None).await.unwrap();
        assert_eq!((met.status, met.faults.as_slice()), (status, [fault.to_owned()].as_slice()), "{fault}");
    }
    assert_eq!(noted(&town).await.len(), 4);
}

#[tokio::test]
async fn of_a_message_that_is_refused_no_answer_is_faulty() {
    let town = town(Wire::Json).await;
    let mut refused = message(&town).await;
    refused.envelope.0.push(b' ');
    let met = asked(&town, "/gateway/messages", "signed-by-expired", Some(&refused)).await.unwrap();
    assert_eq!((met.status, met.faults.len()), (422, 0), "no envelope was sealed");
    assert!(noted(&town).await.is_empty());
}

#[tokio::test]
async fn a_repeated_answer_may_be_faulty_as_the_first_one() {
    for (fault, wanted) in [("bad-body-signature", false), ("wrong-correlation-id", true)] {
        let town = town(Wire::Json).await;
        let sealed = message(&town).await;
        assert_eq!(town.deliver_raw(System::Gateway, &sealed).await.status, 200);
        let met = asked(&town, "/gateway/messages", fault, Some(&sealed)).await.unwrap();
        assert_eq!((met.status, met.faults.as_slice()), (409, [fault.to_owned()].as_slice()));
        let problem: Value = serde_json::from_slice(&met.body.unwrap()).unwrap();
        let again: Sealed = serde_json::from_value(problem["sealed"].clone()).unwrap();
        let id = sealed.open().unwrap().envelope.message_id;
        match again.open() {
            Ok(opened) => assert!(wanted && opened.envelope.correlation_id != Some(id), "{fault}"),
            Err(error) => assert!(!wanted, "{fault}: {error}"),
        }
        let good = town.deliver_raw(System::Gateway, &sealed).await.is("message-replayed");
        let good: Sealed = serde_json::from_value(good.facts["sealed"].clone()).unwrap();
        assert_eq!(good.open().unwrap().envelope.correlation_id, Some(id), "nobody else meets it");
    }
}

#[tokio::test]
async fn a_rule_spoils_repeated_answers_too() {
    let town = town(Wire::Json).await;
    goes_wrong(&town, "wrong-correlation-id,system=gateway").await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.applies().await.unwrap();
    while !citizen.view["hindrance"].is_object() {
        citizen.waits().await.unwrap();
    }
    assert_eq!(citizen.view["hindrance"]["code"], "answer-refused", "{:#}", citizen.view);
    town.post("/control/clock", &json!({ "advance": "PT1M" })).await.unwrap();
    let done = async || town.get("/control/faults").await.unwrap()[0]["done"].as_u64().unwrap();
    while done().await < 2 {
        tokio::task::yield_now().await;
    }
    is_mended(&town).await;
    ends_with_one_result(&town.client, &mut citizen).await;
}

#[tokio::test]
async fn what_is_fetched_over_the_asynchronous_channel_may_be_faulty() {
    let town = town(Wire::Soap).await;
    let provider = town.identity(System::Provider);
    let poll = Poll { message_id: None, correlation_id: None, service_id: None, sender: None, amount: None };
    let call = |at| asynchronous::seal(&Call::Poll(&poll, at), &provider).unwrap();
    let ask = async |fault: &str| {
        let request = town.client.http().post(format!("{}/gateway/async", town.client.base()));
        let request = request.header("content-type", "text/xml").header("qaqpa-fault", fault);
        let response = request.body(call(certs::Clock::system().now())).send().await.unwrap();
        let said =
            response.headers().get_all("qaqpa-fault").iter().map(|one| one.to_str().unwrap().to_owned());
        (said.collect::<Vec<_>>(), response.bytes().await.unwrap().to_vec())
    };
    for (fault, code) in [
        ("unsigned", "signature-missing"),
        ("bad-body-signature", "signature-invalid"),
        ("wrapped-signature:4", "envelope-malformed"),
    ] {
        let (said, body) = ask(fault).await;
        assert_eq!(said, [fault]);
        let error = asynchronous::open_answer(&body, operation::POLL, &[]).unwrap_err();
        assert_eq!(Problem::from(error).code.code(), code, "{fault}");
    }
    let (said, body) = ask("signed-by-revoked,stale-message-date:30d").await;
    assert_eq!(said.len(), 2);
    let answer = asynchronous::open_answer(&body, operation::POLL, &[]).unwrap();
    assert_ne!(answer.certificate, town.identity(System::Gateway).certificate);
    for fault in ["wrong-correlation-id", "sender-unknown"] {
        let (said, body) = ask(fault).await;
        assert!(said.is_empty(), "{fault}");
        let told = Told::read(&body).unwrap().expect("who speaks SOAP is answered in SOAP");
        assert_eq!(told.problem().code.code(), "invalid-value", "{fault}");
    }
}
