//! Questions that are not answered: a fault each, with a stable code.

use gateway::world::Swap;
use registries::store::WorldId;
use serde_json::{Value, json};
use signer::soap::asynchronous::{Call, MessageType, seal};
use signer::soap::{DataType, Fault, Status};
use signer::{Problem, System};
use tests::{Question, Town};

/// What both the register and the gateway say.
async fn refused(town: &Town, question: &Question, code: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for to in [System::People, System::Gateway] {
        let problem = town.ask(to, question, System::Portal).await.unwrap_err();
        assert_eq!(problem.code.code(), code, "at {to}, {:#}: {problem}", question.data);
        problems.push(problem);
    }
    problems
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said_by_name_also_through_the_gateway() {
    let town = Town::up().await;
    let good = Question::person(&town.iin_of("parent-with-child").await);
    let without = |field: &str| {
        let mut question = good.clone();
        question.data.as_object_mut().unwrap().remove(field);
        question
    };
    let with = |field: &str, value: Value| {
        let mut question = good.clone();
        question.data[field] = value;
        question
    };
    for field in ["messageId", "messageDate", "senderCode", "iin"] {
        let problems = refused(&town, &without(field), "envelope-malformed").await;
        assert!(problems.iter().all(|p| p.to_string().contains(field)), "{problems:?}");
        refused(&town, &with(field, json!("")), "invalid-value").await;
    }
    let right = good.data["iin"].as_str().unwrap();
    let last = right.ends_with('0');
    let wrong_digit = format!("{}{}", &right[..11], if last { '1' } else { '0' });
    for iin in ["12345", "abcdefghijkl", "9001017000021", &wrong_digit] {
        refused(&town, &with("iin", json!(iin)), "invalid-value").await;
    }
    refused(&town, &with("messageDate", json!("yesterday")), "invalid-value").await;
    refused(&town, &with("messageId", json!("x".repeat(201))), "invalid-value").await;
    refused(&town, &with("poem", json!("x")), "envelope-malformed").await;
    refused(&town, &with("iin", json!({ "deep": "x" })), "envelope-malformed").await;
    refused(&town, &Question { data: json!("text"), ..good.clone() }, "envelope-malformed").await;
    assert_eq!(town.get("/people/queries").await.unwrap(), json!([]), "nothing was told");
}

#[tokio::test]
async fn a_payload_of_another_type_is_refused() {
    let town = Town::up().await;
    let good = Question::person(&town.iin_of("parent-with-child").await);
    for kind in [
        DataType { namespace: "urn:qaqpa:messages:v1", name: "Message" },
        DataType { namespace: "urn:qaqpa:notary:v1", name: "Request" },
        DataType { namespace: good.kind.namespace, name: "Response" },
    ] {
        let problems = refused(&town, &Question { kind, ..good.clone() }, "envelope-malformed").await;
        assert!(problems[0].to_string().contains(kind.name), "{problems:?}");
    }
}

#[tokio::test]
async fn a_service_that_nobody_has_is_unknown_and_one_of_another_register_has_no_route() {
    let town = Town::up().await;
    let good = Question::person(&town.iin_of("parent-with-child").await);
    let unheard = Question { service: "GBDFL_Poems".to_owned(), ..good.clone() };
    let problems = refused(&town, &unheard, "unknown-service").await;
    assert_eq!(problems[0].facts["known"].as_array().unwrap().len(), 3, "it says which there are");
    for to in [System::Notary, System::Portal, System::Registers] {
        let problem = town.ask(to, &good, System::Portal).await.unwrap_err();
        assert_eq!(problem.code.code(), "route-unknown", "{to}: {problem}");
    }
}

#[tokio::test]
async fn only_who_is_subscribed_is_answered() {
    let town = Town::up().await;
    let identity = town.identity(System::Provider);
    let swap = Swap {
        certificate: Some(identity.certificate.pem()),
        password: Some(identity.password),
        subscriptions: vec!["GBDFLUniversal_token".to_owned()],
        ..Swap::at("http://127.0.0.1:9")
    };
    let running = town.sandbox.world(&WorldId::default()).unwrap();
    running.world.put_system(System::Provider, &swap).await.unwrap();
    let iin = town.iin_of("parent-with-child").await;
    for to in [System::People, System::Gateway] {
        let problem = town.ask(to, &Question::person(&iin), System::Provider).await.unwrap_err();
        assert_eq!(problem.code.code(), "not-subscribed", "{problem}");
        // To this one it is.
        let question = Question::with_token(&iin, &json!({}));
        let problem = town.ask(to, &question, System::Provider).await.unwrap_err();
        assert_eq!(problem.code.code(), "consent-missing", "{problem}");
    }
}

#[tokio::test]
async fn a_question_is_not_asked_over_asynchannel() {
    let town = Town::up().await;
    let good = Question::person(&town.iin_of("parent-with-child").await);
    let identity = town.identity(System::Portal);
    let envelope = good.envelope(&identity);
    let call = Call::Send(&envelope, MessageType::Request, good.kind, good.form);
    let message = seal(&call, &identity).unwrap();
    let answer = town.send("POST", "/gateway/async", "text/xml", message).await;
    assert_eq!(answer.status, 500);
    let fault = Fault::read(&answer.body).unwrap().expect("a fault");
    assert_eq!(fault.problem().code.code(), "route-unknown", "{fault:?}");
    assert!(fault.message.contains("SyncChannel"), "{fault:?}");
}

#[tokio::test]
async fn the_same_message_again_is_not_answered_again() {
    let town = Town::up().await;
    let good = Question::person(&town.iin_of("parent-with-child").await);
    let message = good.soap(&town.identity(System::Portal));
    for (time, to) in [System::People, System::People].into_iter().enumerate() {
        let answer = town.send("POST", &format!("/{to}/sync"), "text/xml", message.clone()).await;
        let fault = Fault::read(&answer.body).unwrap();
        assert_eq!(fault.is_some(), time == 1);
        if let Some(fault) = fault {
            assert_eq!(fault.code, Status::BUSINESS);
            assert_eq!(fault.problem().code.code(), "message-replayed");
        }
    }
    let noted = town.get("/people/queries").await.unwrap();
    assert_eq!(noted.as_array().unwrap().len(), 1);
}
