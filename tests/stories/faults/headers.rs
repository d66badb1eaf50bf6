//! A fault for one request alone.

use gateway::exchange::Wire;
use serde_json::Value;
use signer::{Sealed, System};
use tests::{Citizen, Town, application, envelope};

use super::{noted, town};

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
    for (fault, word) in [
        ("dleay", "`delay`"),
        ("duplicate", "qaqpa faults add"),
        ("registry-down", "qaqpa faults add"),
        ("crl-empty", "qaqpa faults add"),
        ("delay:soon", "as `2s`"),
        ("", "nearest"),
    ] {
        let met = asked(&town, "/portal/cases", fault, None).await.unwrap();
        let problem: Value = serde_json::from_slice(&met.body.unwrap()).unwrap();
        assert_eq!((met.status, &problem["code"]), (422, &"invalid-value".into()), "{fault}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{fault}: {problem}");
    }
}
