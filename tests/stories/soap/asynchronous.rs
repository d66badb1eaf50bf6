//! Messages that the gateway takes now and delivers later, and what becomes of them.

use gateway::exchange::{POLLED, Payload, Wire};
use gateway::world::Swap;
use jiff::Timestamp;
use registries::store::WorldId;
use serde_json::{Value, json};
use signer::soap::asynchronous::{Answer, Call, MessageState, Notification, Poll, StatusQuery};
use signer::{Code, Problem, System, SystemIdentity};
use tests::{Citizen, Town, envelope};
use uuid::Uuid;

use super::town;

/// A citizen whose application is on its way.
async fn applied(town: &Town) -> Citizen<'_> {
    let mut citizen = Citizen::arrives(town).await;
    citizen.applies().await.unwrap();
    citizen
}

/// The id of the application, as it left the portal.
async fn application_of(town: &Town, case: &str) -> Uuid {
    let journal = town.settled(case).await;
    let left = |entry: &&Value| {
        entry["system"] == "portal"
            && entry["body"]["message"] == "application"
            && entry["body"]["seen"] == "leaving"
    };
    journal.iter().find(left).unwrap()["body"]["message_id"].as_str().unwrap().parse().unwrap()
}

async fn state(town: &Town, message_id: Uuid, asks: System) -> Result<MessageState, Problem> {
    let query = StatusQuery { message_id, sender: Some(town.identity(asks).sender()) };
    let answer = town
        .call(System::Gateway, &Call::Status(&query, Timestamp::now_of(town)), &town.identity(asks))
        .await?;
    Ok(answer.state.unwrap())
}

/// The town's own time.
trait Now {
    fn now_of(town: &Town) -> Timestamp;
}

impl Now for Timestamp {
    fn now_of(town: &Town) -> Self {
        town.sandbox.world(&WorldId::default()).unwrap().world.clock.now()
    }
}

/// From now on the regional workstation is somebody else's, at this address.
async fn is_elsewhere(town: &Town, address: &str) -> SystemIdentity {
    let identity = town.identity(System::RegionalWorkstation);
    let swap = Swap {
        certificate: Some(identity.certificate.pem()),
        password: Some(identity.password.clone()),
        wire: Wire::Soap,
        ..Swap::at(address)
    };
    let running = town.sandbox.world(&WorldId::default()).unwrap();
    running.world.put_system(System::RegionalWorkstation, &swap).await.unwrap();
    identity
}

async fn fetched(town: &Town, identity: &SystemIdentity) -> Answer {
    let poll = Poll {
        message_id: None,
        correlation_id: None,
        service_id: None,
        sender: Some(identity.sender()),
        amount: Some(10),
    };
    let call = Call::Poll(&poll, Timestamp::now_of(town));
    town.call(System::Gateway, &call, identity).await.unwrap()
}

async fn says(
    town: &Town,
    identity: &SystemIdentity,
    id: Uuid,
    accepted: bool,
    resend: bool,
) -> Result<Answer, Problem> {
    let notification = Notification {
        message_id: id,
        service_id: "any".to_owned(),
        date: Timestamp::now_of(town),
        accepted,
        resend,
        error: (!accepted).then(|| "the register is closed".to_owned()),
        sender: None,
    };
    town.call(System::Gateway, &Call::Notify(&notification, identity.sender()), identity).await
}

/// Why the portal stopped the case, in the words of the journal.
async fn stopped_by(town: &Town, case: &str) -> String {
    let journal = town.settled(case).await;
    let stopped = journal.iter().find(|entry| entry["body"]["result"] == "stopped").expect("it was stopped");
    assert_eq!(stopped["system"], "portal");
    stopped["body"]["problem"].to_string()
}

#[tokio::test]
async fn a_message_is_delivered_and_its_sender_may_ask() {
    let town = town().await;
    let citizen = applied(&town).await;
    let id = application_of(&town, &citizen.case()).await;
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::Delivered);
    let stranger = state(&town, id, System::Provider).await.unwrap_err();
    assert_eq!(stranger.code, Code::NotFound, "whose it is not is told nothing: {stranger}");
    let query = StatusQuery { message_id: id, sender: None };
    let call = Call::Status(&query, Timestamp::now_of(&town));
    let elsewhere = town.call(System::Provider, &call, &town.identity(System::Portal)).await.unwrap_err();
    assert_eq!(elsewhere.code, Code::RouteUnknown, "{elsewhere}");
    let unnamed = town.call(System::Gateway, &call, &town.identity(System::Portal)).await.unwrap();
    assert_eq!(unnamed.state, Some(MessageState::Delivered), "its signature says who it is");
}

#[tokio::test]
async fn a_consumer_that_nobody_can_call_fetches_its_messages() {
    let town = town().await;
    let identity = is_elsewhere(&town, POLLED).await;
    let citizen = applied(&town).await;
    let id = application_of(&town, &citizen.case()).await;
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::OnDelivery);

    let answer = fetched(&town, &identity).await;
    let [(passed_on, data)] = answer.messages.as_slice() else { panic!("{:?}", answer.messages) };
    assert_eq!(data["message"], "application");
    assert_eq!(data["case"], citizen.case());
    assert!(fetched(&town, &town.identity(System::Provider)).await.messages.is_empty(), "others get nothing");

    // It is there until it is accepted.
    says(&town, &identity, *passed_on, false, true).await.unwrap();
    assert_eq!(fetched(&town, &identity).await.messages.len(), 1);
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::OnDelivery);
    let foreign = says(&town, &town.identity(System::Provider), *passed_on, true, false).await.unwrap_err();
    assert_eq!(foreign.code, Code::NotFound, "{foreign}");
    says(&town, &identity, *passed_on, true, false).await.unwrap();
    assert!(fetched(&town, &identity).await.messages.is_empty());
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::Delivered);
    let journal = town.settled(&citizen.case()).await;
    let crossed = |entry: &&Value| entry["system"] == "gateway" && entry["body"]["seen"] == "leaving";
    assert_eq!(journal.iter().filter(crossed).count(), 1, "{journal:#?}");

    // Said twice it is the same.
    says(&town, &identity, *passed_on, true, false).await.unwrap();
}

#[tokio::test]
async fn what_a_consumer_says_several_times_at_once_is_heard_each_time_and_counts_once() {
    let town = town().await;
    let identity = is_elsewhere(&town, POLLED).await;
    let citizen = applied(&town).await;
    let id = application_of(&town, &citizen.case()).await;
    let passed_on = fetched(&town, &identity).await.messages[0].0;
    let says = || says(&town, &identity, passed_on, true, false);
    let (one, two, three, four) = tokio::join!(says(), says(), says(), says());
    for heard in [one, two, three, four] {
        heard.unwrap();
    }
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::Delivered);
    let journal = town.settled(&citizen.case()).await;
    let crossed = |entry: &&Value| entry["system"] == "gateway" && entry["body"]["seen"] == "leaving";
    assert_eq!(journal.iter().filter(crossed).count(), 1, "{journal:#?}");
}

#[tokio::test]
async fn what_is_accepted_is_not_given_out_again_whatever_is_said_of_resending() {
    let town = town().await;
    let identity = is_elsewhere(&town, POLLED).await;
    let citizen = applied(&town).await;
    let id = application_of(&town, &citizen.case()).await;
    let passed_on = fetched(&town, &identity).await.messages[0].0;
    says(&town, &identity, passed_on, true, true).await.unwrap();
    assert!(fetched(&town, &identity).await.messages.is_empty());
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::Delivered);
}

#[tokio::test]
async fn what_the_consumer_does_not_accept_stops_the_case_where_it_began() {
    let town = town().await;
    let identity = is_elsewhere(&town, POLLED).await;
    let mut citizen = applied(&town).await;
    let id = application_of(&town, &citizen.case()).await;
    let passed_on = fetched(&town, &identity).await.messages[0].0;
    says(&town, &identity, passed_on, false, false).await.unwrap();
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::NotDelivered);
    citizen.waits_for_the_end().await.unwrap();
    let shown = &citizen.view["shown"][0];
    assert_eq!(shown["code"], "refused-by-receiver", "{shown}");
    assert!(stopped_by(&town, &citizen.case()).await.contains("the register is closed"));
}

#[tokio::test]
async fn what_cannot_be_delivered_is_given_up_after_three_days() {
    let town = town().await;
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    is_elsewhere(&town, "http://127.0.0.1:9/closed").await;
    let citizen = applied(&town).await;
    let path = format!("/control/journal?case={}&system=gateway&wait=true", citizen.case());
    let taken = town.get(&path).await.unwrap()[0]["body"].clone();
    assert_eq!(taken["accepted"], true, "{taken}");
    let id = taken["message_id"].as_str().unwrap().parse().unwrap();
    town.post("/control/clock", &json!({ "advance": "PT71H" })).await.unwrap();
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::OnDelivery);
    town.post("/control/clock", &json!({ "advance": "PT2H" })).await.unwrap();
    assert!(stopped_by(&town, &citizen.case()).await.contains("DELIVERY_STOPPED"));
    assert_eq!(state(&town, id, System::Portal).await.unwrap(), MessageState::DeliveryStopped);
}

#[tokio::test]
async fn a_message_takes_effect_once_however_often_it_is_pushed() {
    let town = town().await;
    let citizen = applied(&town).await;
    let id = application_of(&town, &citizen.case()).await;
    // The consumer has it, and says that it does not: it is sent again and was there before.
    let journal = town.settled(&citizen.case()).await;
    let pushed = |entry: &&Value| entry["system"] == "gateway" && entry["body"]["seen"] == "leaving";
    let pushed: Uuid =
        journal.iter().find(pushed).unwrap()["body"]["message_id"].as_str().unwrap().parse().unwrap();
    let consumer = town.identity(System::RegionalWorkstation);
    says(&town, &consumer, pushed, false, true).await.unwrap();
    let journal = town.settled(&citizen.case()).await;
    let entered = |entry: &&Value| {
        entry["system"] == "regional-workstation"
            && entry["body"]["message"] == "application"
            && entry["body"]["accepted"] == true
    };
    assert_eq!(journal.iter().filter(entered).count(), 1, "{journal:#?}");
    let known = state(&town, id, System::Portal).await.unwrap();
    assert!([MessageState::Delivered, MessageState::OnDelivery].contains(&known), "{known:?}");
}

#[tokio::test]
async fn a_question_is_not_asked_asynchronously() {
    let town = town().await;
    let workstation = town.identity(System::Workstation);
    let query =
        tests::query(Uuid::new_v4(), gateway::exchange::About::Person { iin: "000000000000".to_owned() });
    let payload: Payload = tests::question(&query, &workstation);
    let message = envelope(&workstation, &payload);
    let call = Call::Send(
        &message,
        signer::soap::asynchronous::MessageType::Request,
        tests::MESSAGE,
        signer::soap::Form::Typed,
    );
    let refused = town.call(System::Gateway, &call, &workstation).await.unwrap_err();
    assert_eq!(refused.code, Code::RouteUnknown, "{refused}");
    assert!(refused.to_string().contains("SyncChannel"), "{refused}");
}

#[tokio::test]
async fn a_fault_is_named_after_the_operation_that_was_called() {
    let town = town().await;
    let portal = town.identity(System::Portal);
    for operation in ["getMessageStatus", "getMessages", "sendDeliveryNotification"] {
        let unsigned = format!(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><t:{operation} \
             xmlns:t=\"http://bip.bee.kz/AsyncChannel/v10/Types\"><t:request><messageId>x</messageId></t:request>\
             </t:{operation}></s:Body></s:Envelope>"
        );
        let message = signer::xml::wss::sign(unsigned.as_bytes(), &portal.key, &portal.certificate).unwrap();
        let answer = town.send("POST", "/gateway/async", "text/xml", message).await;
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains(&format!("{operation}Fault1_{operation}Fault")), "{text}");
    }
}

#[tokio::test]
async fn what_does_not_go_through_a_gateway_cannot_be_fetched_and_says_so() {
    let town = town().await;
    let identity = town.identity(System::Provider);
    let swap = Swap {
        certificate: Some(identity.certificate.pem()),
        password: Some(identity.password),
        wire: Wire::Soap,
        ..Swap::at(POLLED)
    };
    let world = town.sandbox.world(&WorldId::default()).unwrap().world.clone();
    for called in [System::Gateway, System::People] {
        let refused = world.put_system(called, &swap).await.unwrap_err();
        assert_eq!(refused.code, Code::InvalidValue, "{refused}");
    }
    world.put_system(System::Provider, &swap).await.unwrap();
    let citizen = applied(&town).await;
    let path = format!("/regional-workstation/cases/{}?after=0", citizen.case());
    let mut case = town.get(&path).await.unwrap();
    while case["hindrance"].is_null() {
        case = town.get(&path.replace("after=0", &format!("after={}", case["version"]))).await.unwrap();
    }
    assert!(case["hindrance"].to_string().contains("fetches its messages from a gateway"), "{case}");
}
