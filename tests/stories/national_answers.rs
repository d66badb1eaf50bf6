//! A people database that is asked in the national shape for a case, and answers wrongly: nothing is decided by it.

use std::sync::Arc;

use axum::Router;
use gateway::exchange::{About, Payload, Service, Wire};
use gateway::world::Swap;
use registries::people::{Persona, national};
use registries::store::WorldId;
use serde_json::{Value, json};
use signer::soap::{DataType, Form, sync};
use signer::{Body, Document, Envelope, Problem, Sealed, Sender, System, SystemIdentity};
use tests::{StandIn, Town, query, question};
use uuid::Uuid;

/// A message that was asked, and what is said to it.
type Says = dyn Fn(&Envelope) -> String + Send + Sync;

/// What is changed in an answer that would be right.
type Change = fn(&mut Value);

/// A town whose people database says this.
async fn town(says: impl FnOnce(SystemIdentity, SystemIdentity) -> Box<Says>) -> Town {
    let town = Town::up().await;
    let (ours, gateway) = (town.identity(System::People), town.identity(System::Gateway));
    let says: Arc<Says> = says(ours.clone(), gateway).into();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/shep", listener.local_addr().unwrap());
    let answer = move |body: axum::body::Bytes| {
        let said = says(&sync::open(&body, &[]).expect("it is signed").envelope);
        std::future::ready(([("content-type", "text/xml")], said))
    };
    let router = Router::new().route("/shep", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let swap = Swap {
        certificate: Some(ours.certificate.pem()),
        password: Some(ours.password),
        wire: Wire::Soap,
        service: Some(Service::Person),
        ..Swap::at(&url)
    };
    let running = town.sandbox.world(&WorldId::default()).unwrap();
    running.world.put_system(System::People, &swap).await.unwrap();
    town
}

/// A right answer but for a change.
fn answer(asked: &Envelope, by: &SystemIdentity, change: impl FnOnce(&mut Value)) -> String {
    let request = national::Request::read(&asked.data).expect("a question in the national shape");
    let mut data = national::answer(&request, None, Uuid::new_v4(), asked.message_date);
    change(&mut data);
    let envelope = Envelope {
        message_id: Uuid::new_v4(),
        correlation_id: Some(asked.message_id),
        sender: Sender { sender_id: "people".to_owned(), password: None },
        data,
        ..asked.clone()
    };
    let kind = DataType { namespace: national::NAMESPACE, name: "Response" };
    sync::seal_answer(&envelope, kind, Form::Typed, by).expect("it seals")
}

/// Asks about somebody for a case, through the gateway.
async fn ask(town: &Town) -> Result<(Payload, Document), Problem> {
    let identity = town.identity(System::Workstation);
    let iin = StandIn::cast(Persona::ParentWithChild).iin.to_string();
    let asked = question(&query(Uuid::new_v4(), About::Person { iin }), &identity);
    let sealed = tests::envelope(&identity, &asked).seal(&identity).unwrap();
    let answer: Sealed = serde_json::from_value(town.deliver(System::Gateway, &sealed).await?).unwrap();
    let data = answer.open().unwrap().envelope.data;
    Ok((asked, serde_json::from_value(data["answer"].clone()).expect("a document")))
}

#[tokio::test]
async fn its_signed_message_is_carried_to_the_asking_system_as_it_came() {
    let town = town(|ours, _| Box::new(move |asked| answer(asked, &ours, |_| {}))).await;
    let (asked, document) = ask(&town).await.unwrap();
    assert_eq!(document.media_type, "text/xml");
    let Body::Message { content } = &document.body else { panic!("{document:?}") };
    let said = sync::open_answer(&content.0, &[]).unwrap();
    assert_eq!(said.certificate, town.identity(System::People).certificate);
    let query: Value = serde_json::from_slice(&asked.document.verify().unwrap().content).unwrap();
    assert_eq!(said.data.unwrap()["requestId"], query["query"], "it names the question of the case");
    let case = asked.case.to_string();
    assert_eq!(town.refusals(&case).await, []);
    assert_eq!(town.journal(&case).await.len(), 4, "both crossings, in and out");
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_decides_nothing() {
    let changes: [(&str, &str, Change); 6] = [
        ("answer-refused", "answer-to-other", |data| data["requestId"] = json!("1")),
        ("answer-refused", "envelope-malformed", |data| data["messageResult"] = json!("")),
        ("fault-of-receiver", "", |data| data["messageResult"]["code"] = json!("00500")),
        ("answer-refused", "answer-to-other", |data| {
            data["persons"] = json!({ "person": { "iin": "900101700002", "surname": "А", "name": "Б" } });
        }),
        ("answer-refused", "envelope-malformed", |data| {
            let iin = StandIn::cast(Persona::ParentWithChild).iin;
            data["persons"] = json!({ "person": { "iin": iin, "surname": "А", "name": "Б" } });
        }),
        ("answer-refused", "envelope-malformed", |data| {
            let iin = StandIn::cast(Persona::ParentWithChild).iin;
            data["messageResult"]["code"] = json!("00000");
            data["persons"] = json!({ "person": { "iin": iin, "surname": "А" } });
        }),
    ];
    for (code, reason, change) in changes {
        let town = town(move |ours, _| Box::new(move |asked| answer(asked, &ours, change))).await;
        is_refused(ask(&town).await, code, reason);
    }
}

#[tokio::test]
async fn an_answer_that_is_not_signed_by_the_register_is_none() {
    let by_another = town(|_, gateway| Box::new(move |asked| answer(asked, &gateway, |_| {}))).await;
    is_refused(ask(&by_another).await, "answer-refused", "certificate-not-bound");
    let altered =
        town(|ours, _| Box::new(move |asked| answer(asked, &ours, |_| {}).replace("00001", "00000"))).await;
    is_refused(ask(&altered).await, "answer-refused", "signature-invalid");
    let unsigned =
        town(|ours, _| Box::new(move |asked| answer(asked, &ours, |_| {}).replace("wsse:Sec", "wsse:Sek")))
            .await;
    is_refused(ask(&unsigned).await, "answer-refused", "signature-missing");
}

fn is_refused(asked: Result<(Payload, Document), Problem>, code: &str, reason: &str) {
    let problem = asked.unwrap_err();
    assert_eq!(problem.code.code(), code, "{problem}");
    let found = problem.facts.get("reason").and_then(Value::as_str).unwrap_or_default();
    assert_eq!(found, reason, "{problem}");
}

#[tokio::test]
async fn only_the_people_database_reached_by_soap_is_asked_by_a_service() {
    let town = Town::up().await;
    let identity = town.identity(System::People);
    let right = Swap {
        certificate: Some(identity.certificate.pem()),
        password: Some(identity.password),
        wire: Wire::Soap,
        service: Some(Service::Person),
        ..Swap::at("http://127.0.0.1:9/")
    };
    assert!(right.check(System::People).is_ok());
    for (system, wrong) in [
        (System::Notary, right.clone()),
        (System::People, Swap { wire: Wire::Json, ..right.clone() }),
        (System::People, Swap { service: Some(Service::PersonByToken), ..right.clone() }),
        (System::People, Swap { certificate: None, password: None, ..right.clone() }),
    ] {
        let problem = wrong.check(system).unwrap_err();
        assert!(problem.to_string().contains("service"), "{problem}");
    }
}
