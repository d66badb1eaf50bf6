//! SyncChannel: who sends, who answers, and how a message is refused.

use gateway::exchange::{Payload, Wire};
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::json;
use signer::soap::{Form, sync};
use signer::{Code, Envelope, System};
use tests::{Citizen, MESSAGE, Town, application, envelope, sync_message};

/// A citizen whose application waits to be sent, and it in the portal's envelope.
async fn waiting(town: &Town) -> (Citizen<'_>, Envelope) {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let message = envelope(&town.identity(System::Portal), &application(&citizen));
    (citizen, message)
}

#[tokio::test]
async fn all_paths_of_a_channel_play_over_soap_with_messages_as_elements_and_as_strings() {
    for wire in [Wire::Soap, Wire::SoapText] {
        let plan = Plan { wire, ..Plan::following(Town::regulations()) };
        let town = Town::with(Options::ephemeral(plan)).await;
        for played in town.play(&format!("{}/state-corporation", Citizen::regulation())).await {
            assert!(played.as_documented, "{wire:?} {}: {:#?}", played.path, played.deviations);
        }
    }
}

#[tokio::test]
async fn the_answer_acknowledges_and_is_signed_by_the_receiver() {
    let town = Town::up().await;
    let (_citizen, message) = waiting(&town).await;
    let portal = town.identity(System::Portal);
    for path in ["/gateway/bip-sync-wss-gost/", "/gateway/bip-sync-wss-gost", "/gateway/sync"] {
        let message = Envelope { message_id: uuid::Uuid::new_v4(), ..message.clone() };
        let answer = town.send_soap(path, sync_message(&message, &portal)).await.unwrap();
        let answer = sync::open_answer(&answer, &[]).unwrap();
        assert_eq!(answer.correlation_id, Some(message.message_id));
        assert_eq!(answer.status.unwrap().code, "SCSS001");
        assert!(answer.session_id.is_some() || answer.data.is_some());
        assert_eq!(answer.data.unwrap()["acknowledgement"]["acceptedBy"], "gateway");
        assert_eq!(answer.certificate, town.identity(System::Gateway).certificate);
    }
}

#[tokio::test]
async fn a_message_that_comes_again_is_answered_with_the_first_acknowledgement() {
    let town = Town::up().await;
    let (_citizen, message) = waiting(&town).await;
    let portal = town.identity(System::Portal);
    let first = town.send_sync(System::Gateway, sync_message(&message, &portal)).await.unwrap();
    // Signed anew and as a string, it says the same.
    let again = sync::seal(&message, MESSAGE, Form::Text, &portal).unwrap();
    let problem = town.send_sync(System::Gateway, again).await.unwrap_err();
    assert_eq!(problem.code, Code::MessageReplayed);
    assert_eq!(problem.facts["acknowledgement"], first.data.unwrap()["acknowledgement"]);
    let other = Envelope { route_id: Some("another".to_owned()), ..message };
    let problem = town.send_sync(System::Gateway, sync_message(&other, &portal)).await.unwrap_err();
    assert!(problem.code == Code::MessageReplayed && !problem.facts.contains_key("acknowledgement"));
}

#[tokio::test]
async fn whoever_is_not_the_sender_is_refused_as_over_json() {
    let town = Town::up().await;
    let (_citizen, message) = waiting(&town).await;
    let (portal, provider) = (town.identity(System::Portal), town.identity(System::Provider));
    let mut wrong = message.clone();
    wrong.sender.password = Some("guessed".to_owned());
    let mut unknown = message.clone();
    unknown.sender.sender_id = "nobody".to_owned();
    let mut data = message.clone();
    data.data["message"] = json!("telegram");
    for (message, identity, code) in [
        (&wrong, &portal, Code::WrongPassword),
        (&unknown, &portal, Code::SenderUnknown),
        (&message, &provider, Code::CertificateNotBound),
        (&data, &portal, Code::EnvelopeMalformed),
    ] {
        let problem = town.send_sync(System::Gateway, sync_message(message, identity)).await.unwrap_err();
        assert_eq!(problem.code, code, "{problem}");
    }
}

#[tokio::test]
async fn what_real_clients_write_otherwise_is_taken() {
    let town = Town::up().await;
    let (_citizen, message) = waiting(&town).await;
    let portal = town.identity(System::Portal);
    let payload: Payload = serde_json::from_value(message.data.clone()).unwrap();
    assert!(!payload.attachments.is_empty());
    // The moment without an offset, other prefixes, qualified fields, a UUID in braces, CDATA instead of escapes.
    let text = sync::seal(&message, MESSAGE, Form::Text, &portal).unwrap();
    let body = text.split("<soap:Body").nth(1).unwrap().split_once('>').unwrap().1;
    let body = body.split("</soap:Body>").next().unwrap();
    let data = body.split("xsi:type=\"xs:string\">").nth(1).unwrap().split("</data>").next().unwrap();
    let plain = data.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let moment = message.message_date.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(5)));
    let unsigned = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <S:Body><SendMessage xmlns=\"http://bip.bee.kz/SyncChannel/v10/Types\"><request><requestInfo>\
         <messageId>{}</messageId><serviceId>\n{}\n</serviceId><messageDate>{}</messageDate>\
         <sender><senderId>portal</senderId><password>{}</password></sender></requestInfo>\
         <requestData><data><![CDATA[{plain}]]></data></requestData></request></SendMessage></S:Body></S:Envelope>",
        message.message_id.braced(),
        message.service_id,
        moment.strftime("%Y-%m-%dT%H:%M:%S%.f"),
        portal.password,
    );
    let signed = signer::xml::wss::sign(unsigned.as_bytes(), &portal.key, &portal.certificate).unwrap();
    let answer = town.send("POST", "/gateway/sync", "application/xml", signed).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
}
