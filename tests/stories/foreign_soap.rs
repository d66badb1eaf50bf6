//! Systems of somebody else's that are spoken to over SOAP: Python with zeep, lxml and cryptography, Node with soap.

use std::collections::BTreeSet;

use gateway::exchange::{About, Payload, Wire};
use gateway::regulation::Message;
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::Value;
use signer::soap::{Fault, sync};
use signer::{Bytes, Envelope, Problem, System, SystemIdentity};
use tests::{
    Answer, Citizen, Foreign, Recorder, Script, Town, application, envelope, has, query, question,
    sync_message, wires,
};
use uuid::Uuid;

/// A town that speaks over this wire, and whose provider is the stand-in.
async fn town(wire: Wire) -> (Town, Recorder, Foreign) {
    let plan = Plan { wire, ..Plan::following(Town::regulations()) };
    let (town, recorder) = Recorder::before(Options::ephemeral(plan)).await;
    let provider = Script::new("provider.py").over(Wire::Soap).stands_in(&town, System::Provider).await;
    (town, recorder, provider)
}

#[tokio::test]
async fn paths_are_as_documented_with_a_provider_that_speaks_soap() {
    if !wires().contains(&Wire::Soap) {
        return;
    }
    for wire in [Wire::Json, Wire::Soap] {
        let (town, recorder, _provider) = town(wire).await;
        for path in [
            "portal/queue-notice",
            "portal/referral",
            "portal/documents-not-conforming",
            "state-corporation/queue-notice",
            "state-corporation/no-grounds",
        ] {
            let played = town.play_elsewhere(&format!("{}/{path}", Citizen::regulation())).await;
            assert!(played[0].as_documented, "{wire:?} {path}: {:#?}", played[0].deviations);
            assert_eq!(played[0].not_observable, BTreeSet::from([System::Provider]), "{path}");
        }
        // It asked for the WSDL and sent its outcomes by it.
        let wsdl = recorder.seen("/contracts/sync-channel.wsdl");
        assert!(!wsdl.is_empty() && wsdl.iter().all(|asked| asked.status == 200));
        let channel = recorder.seen("/regional-workstation/bip-sync-wss-gost/");
        let outcomes =
            channel.iter().filter(|sent| String::from_utf8_lossy(&sent.request).contains(">outcome<"));
        assert_eq!(outcomes.filter(|sent| sent.status == 200).count(), 5);
    }
}

/// An assignment that is signed as a system and forwarded to the provider.
async fn assigned(town: &Town, sender: System, change: impl FnOnce(&mut Envelope)) -> Answer {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let payload = Payload { message: Message::Assignment, ..application(&citizen) };
    let mut envelope = envelope(&town.identity(System::RegionalWorkstation), &payload);
    change(&mut envelope);
    let data: Value = envelope.data;
    let document = &data["document"];
    let copies: Vec<String> = data["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|copy| {
            let text = |name: &str| copy[name].as_str().unwrap().to_owned();
            format!(
                "<attachments><name>{}</name><mediaType>{}</mediaType><content>{}</content></attachments>",
                text("name"),
                text("mediaType"),
                text("content")
            )
        })
        .collect();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let message = format!(
        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><SendMessage \
         xmlns=\"http://bip.bee.kz/SyncChannel/v10/Types\"><request xmlns=\"\"><requestInfo>\
         <messageId>@messageId@</messageId><serviceId>{}</serviceId><messageDate>@now@</messageDate><sender>\
         <senderId>{}</senderId><password>@password@</password></sender></requestInfo><requestData><data>\
         <message>assignment</message><case>{}</case><regulation>{}</regulation><channel>{}</channel><document>\
         <mediaType>{}</mediaType><content>{}</content><signature>{}</signature></document>{}</data></requestData>\
         </request></SendMessage></e:Body></e:Envelope>",
        envelope.service_id,
        envelope.sender.sender_id,
        text(&data["case"]),
        text(&data["regulation"]),
        text(&data["channel"]),
        text(&document["mediaType"]),
        text(&document["content"]),
        text(&document["signature"]),
        copies.concat(),
    );
    town.send("POST", &format!("/control/sign-and-forward/provider?as={sender}"), "text/xml", message).await
}

#[tokio::test]
async fn it_takes_what_is_signed_and_forwarded_and_refuses_with_faults() {
    if !wires().contains(&Wire::Soap) {
        return;
    }
    let (town, _recorder, _provider) = town(Wire::Json).await;
    let says = |answer: &Answer| String::from_utf8_lossy(&answer.body).into_owned();
    let taken = assigned(&town, System::RegionalWorkstation, |_| {}).await;
    assert_eq!(taken.status, 200, "{}", says(&taken));
    assert!(says(&taken).contains("SCSS001"), "{}", says(&taken));
    let stranger = assigned(&town, System::Portal, |_| {}).await;
    assert_eq!(stranger.status, 500);
    assert!(says(&stranger).contains("certificate-not-bound"), "{}", says(&stranger));
    let unknown =
        assigned(&town, System::RegionalWorkstation, |sent| "nobody".clone_into(&mut sent.sender.sender_id))
            .await;
    assert!(says(&unknown).contains("sender-unknown"), "{}", says(&unknown));
    let serial = town.identity(System::RegionalWorkstation).certificate.serial_hex();
    let reason = serde_json::json!({ "reason": "keyCompromise" });
    town.post(&format!("/ca/certificates/{serial}/revocation"), &reason).await.unwrap();
    let revoked = assigned(&town, System::RegionalWorkstation, |_| {}).await;
    assert!(revoked.status == 500 && says(&revoked).contains("revoked"), "{}", says(&revoked));
}

#[tokio::test]
async fn what_a_gateway_pushes_over_the_asynchronous_channel_is_delivered() {
    if !wires().contains(&Wire::Soap) {
        return;
    }
    let plan = Plan { wire: Wire::Soap, ..Plan::following(Town::regulations()) };
    let (town, recorder) = Recorder::before(Options::ephemeral(plan)).await;
    let _registry = Script::new("desk.py").over(Wire::Soap).stands_in(&town, System::QueueRegistry).await;
    let played = town.play_elsewhere("kyzylorda-1056-preschool-queue/portal/queue-notice").await;
    assert!(played[0].as_documented, "{:#?}", played[0].deviations);
    // The gateway tells the portal what has become of its message.
    let told = recorder.seen("/portal/bip-async-wss-gost/");
    let texts = told.iter().map(|told| String::from_utf8_lossy(&told.request).into_owned());
    assert!(
        texts
            .into_iter()
            .any(|text| text.contains("changeMassageStatusNotification") && text.contains(">DELIVERED<"))
    );
}

/// The scripts that stand in for the notary registry over SOAP here.
fn notaries() -> Vec<&'static str> {
    let python = wires().contains(&Wire::Soap).then_some("register.py");
    let node = has("soap (npm)", "node", "require('soap')").then_some("notary.js");
    python.into_iter().chain(node).collect()
}

/// What a notary registry answers to a message: the answer, or the fault as a problem.
async fn answered(notary: &Foreign, message: String) -> Result<signer::soap::Answer, Problem> {
    let post = notary.client.http().post(notary.client.base()).header("content-type", "text/xml");
    let answer = post.body(message).send().await.unwrap();
    let (status, body) = (answer.status().as_u16(), answer.bytes().await.unwrap());
    match Fault::read(&body).expect("a SOAP message") {
        Some(fault) => {
            assert_eq!(status, 500, "a fault is a 500");
            Err(fault.problem())
        }
        None => Ok(sync::open_answer(&body, &[]).expect("a signed answer")),
    }
}

#[tokio::test]
async fn registers_answer_what_is_signed_and_nothing_that_only_seems_to_be() {
    for script in notaries() {
        let town = Town::up().await;
        let (gateway, notary) = (town.identity(System::Gateway), town.identity(System::Notary));
        let workstation = town.identity(System::Workstation);
        let script = Script::new(script).over(Wire::Soap).with("records.json", "{\"found\": []}");
        let script = script.stands_in(&town, System::Notary).await;
        let case = Uuid::new_v4();
        let about = About::Power { number: "TEST-1".to_owned() };
        let asked = question(&query(case, about), &workstation);
        let imposter =
            SystemIdentity { sender_id: gateway.sender_id.clone(), ..town.identity(System::Workstation) };
        let signed = |sender: &SystemIdentity| sync_message(&envelope(sender, &asked), sender);

        let answer = answered(&script, signed(&gateway)).await.unwrap();
        assert_ne!(answer.certificate, notary.certificate, "it has a key of its own");
        let document = &answer.data.unwrap()["answer"];
        let said = Bytes::from_base64(document["content"].as_str().unwrap()).unwrap();
        let said: Value = serde_json::from_slice(&said.0).unwrap();
        assert_eq!((&said["case"], &said["found"]), (&case.to_string().into(), &Value::Null));

        let good = signed(&gateway);
        let (head, body) = good.split_at(good.find("<soap:Body").unwrap());
        let other = body.replace(&case.to_string(), &Uuid::new_v4().to_string());
        let bare = other.replacen("wsu:Id", "Other", 1);
        let end = "</soap:Envelope>";
        let moved = head.replace("</soap:Header>", &format!("{}</soap:Header>", body.trim_end_matches(end)));
        for (what, message, code) in [
            ("another body", format!("{head}{other}"), "signature-invalid"),
            (
                "no signature",
                format!("<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">{bare}"),
                "signature-invalid",
            ),
            ("the signed body moved", format!("{moved}{bare}"), "signature-invalid"),
            ("two bodies", format!("{head}{}{other}", body.trim_end_matches(end)), ""),
            ("nobody we know", good.replace(">gateway<", ">nobody<"), "signature-invalid"),
            ("another system", signed(&imposter), "certificate-not-bound"),
        ] {
            let refused = answered(&script, message).await.unwrap_err();
            // Node's `soap` has a fault of its own for what it cannot take apart.
            assert!(code.is_empty() || refused.code.code() == code, "{what}: {refused}");
        }
        let reason = serde_json::json!({ "reason": "keyCompromise" });
        let serial = gateway.certificate.serial_hex();
        town.post(&format!("/ca/certificates/{serial}/revocation"), &reason).await.unwrap();
        let revoked = answered(&script, signed(&gateway)).await.unwrap_err();
        assert!(revoked.to_string().contains("revoked"), "{revoked}");
    }
}
