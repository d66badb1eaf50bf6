//! Tools that cannot sign by themselves have their messages signed and forwarded.

use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::{Value, json};
use signer::soap::sync;
use signer::{Sealed, System};
use tests::{Citizen, Town, application, envelope};

/// An envelope with the application of somebody at the portal, where the sandbox puts in what changes.
async fn unsigned(town: &Town) -> String {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let envelope = envelope(&town.identity(System::Portal), &application(&citizen));
    let mut envelope = serde_json::to_value(&envelope).unwrap();
    envelope["messageId"] = json!("@messageId@");
    envelope["messageDate"] = json!("@now@");
    envelope["sender"] = json!({ "senderId": "@senderId@", "password": "@password@" });
    envelope.to_string()
}

const AS_PORTAL: &str = "/control/sign-and-forward/gateway?as=portal";

#[tokio::test]
async fn an_envelope_is_signed_as_a_system_and_answered_as_there() {
    let town = Town::up().await;
    let envelope = unsigned(&town).await;
    for _ in 0..2 {
        // Every time it is a new message.
        let answer = town.send("POST", AS_PORTAL, "application/json", envelope.clone()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let sealed: Sealed = serde_json::from_slice(&answer.body).unwrap();
        let opened = sealed.open().unwrap();
        assert_eq!(opened.certificate, town.identity(System::Gateway).certificate);
        assert_eq!(opened.envelope.data["acknowledgement"]["acceptedBy"], "gateway");
    }
    // Signed as somebody else, it is refused as it would be there.
    let other = AS_PORTAL.replace("as=portal", "as=people");
    town.send("POST", &other, "application/json", envelope).await.is("route-unknown");
}

#[tokio::test]
async fn a_soap_message_is_signed_and_answered_as_there() {
    let town = Town::up().await;
    let envelope: Value = serde_json::from_str(&unsigned(&town).await).unwrap();
    let data = &envelope["data"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    // What is carried stands in a string here.
    let copies: Vec<String> = data["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|copy| {
            let (name, kind) = (text(&copy["name"]), text(&copy["mediaType"]));
            let content = text(&copy["content"]);
            format!(
                "<attachments><name>{name}</name><mediaType>{kind}</mediaType><content>{content}</content></attachments>"
            )
        })
        .collect();
    let document = ["mediaType", "content", "signature"]
        .map(|name| format!("<{name}>{}</{name}>", text(&data["document"][name])))
        .concat();
    let head = ["message", "case", "regulation", "channel"]
        .map(|n| format!("<{n}>{}</{n}>", text(&data[n])))
        .concat();
    let inside = format!("<Message>{head}<document>{document}</document>{}</Message>", copies.concat());
    let message = |channel: &str, wrapper: &str, info: &str, carrier: &str, kind: &str| {
        format!(
            "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><t:{wrapper} \
             xmlns:t='http://bip.bee.kz/{channel}/v10/Types'><request><{info}><messageId>@messageId@</messageId>\
             <serviceId>{}</serviceId>{kind}<messageDate>@now@</messageDate><sender><senderId>@senderId@</senderId>\
             <password>@password@</password></sender></{info}><{carrier}><data><![CDATA[{inside}]]></data></{carrier}>\
             </request></t:{wrapper}></s:Body></s:Envelope>",
            text(&envelope["serviceId"]),
        )
    };
    let sent = message("SyncChannel", "SendMessage", "requestInfo", "requestData", "");
    let answer = town.send("POST", AS_PORTAL, "text/xml", sent.clone()).await;
    assert!(answer.status == 200 && answer.media_type.starts_with("text/xml"), "{answer:?}");
    let opened = sync::open_answer(&answer.body, &[]).unwrap();
    assert!(opened.status.unwrap().is_success());
    assert_eq!(opened.certificate, town.identity(System::Gateway).certificate);
    // Over the asynchronous channel as well.
    let kind = "<messageType>REQUEST</messageType>";
    let sent = message("AsyncChannel", "sendMessage", "messageInfo", "messageData", kind);
    let answer = town.send("POST", &format!("{AS_PORTAL}&channel=async"), "text/xml", sent).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert!(String::from_utf8_lossy(&answer.body).contains("sendMessageResponse"));
    // A fault comes as it is.
    let answer = town
        .send(
            "POST",
            AS_PORTAL,
            "text/xml",
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body/></e:Envelope>",
        )
        .await;
    assert!(answer.status == 500 && String::from_utf8_lossy(&answer.body).contains("Fault"), "{answer:?}");
}

#[tokio::test]
async fn it_is_a_help_for_tests_and_guarded_as_the_rest() {
    let plan = Plan::following(Town::regulations());
    let options = Options { control_token: Some("a-token".to_owned()), ..Options::ephemeral(plan) };
    let town = Town::with(options).await;
    town.send("POST", AS_PORTAL, "application/json", "{}").await.is("control-token");
    let town = Town::up().await;
    town.send("POST", "/control/sign-and-forward/gateway", "application/json", "{}")
        .await
        .is("invalid-value");
    town.send("POST", "/control/sign-and-forward/gateway?as=nobody", "text/xml", "x")
        .await
        .is("invalid-value");
    town.send("POST", "/control/sign-and-forward/nobody?as=portal", "text/xml", "x").await.is("not-found");
    town.send("POST", AS_PORTAL, "application/json", "{}").await.is("malformed-json");
    town.send("POST", AS_PORTAL, "text/xml", "no XML").await.is("xml-malformed");
}
