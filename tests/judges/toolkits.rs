//! SOAP toolkits of other languages: they take our WSDL and call by it. Python's zeep signs with `foreign/wss.py`.

use std::ffi::{OsStr, OsString};

use gateway::sandbox::Options;
use gateway::tls::{Serves, Tls};
use gateway::world::Plan;
use serde_json::{Value, json};
use signer::{System, SystemIdentity};
use tests::{Citizen, Question, Town, application, envelope};
use uuid::Uuid;

use crate::fixtures::Folder;
use crate::tool::{Tool, missing, tool};

fn script(name: &str) -> OsString {
    format!("{}/foreign/{name}", env!("CARGO_MANIFEST_DIR")).into()
}

/// The Python that has zeep: that of `scripts/test` or the machine's.
fn zeep() -> Option<Tool> {
    let python = tool("python3")?;
    if python.run("{} available", &[&script("zeep_client.py")]).success {
        return Some(python);
    }
    missing("zeep (PyPI)");
    None
}

/// The Node that has soap.
fn node() -> Option<Tool> {
    let node = tool("node")?;
    if node.run("-e {}", &[OsStr::new("require('soap')")]).success {
        return Some(node);
    }
    missing("soap (npm)");
    None
}

/// What a program printed, as JSON; it talks to the town meanwhile.
async fn told(tool: Tool, arguments: &'static str, files: Vec<OsString>) -> Value {
    let said = tokio::task::spawn_blocking(move || {
        tool.run(arguments, &files.iter().map(OsString::as_os_str).collect::<Vec<_>>())
    });
    let said = said.await.expect("it runs");
    assert!(said.success, "{}", said.text);
    serde_json::from_str(said.text.lines().last().unwrap_or_default()).expect(&said.text)
}

/// A folder with the key of a system, and what it calls.
fn desk(identity: &SystemIdentity, call: &Value) -> Folder {
    let folder = Folder::new();
    folder.write("system.key", identity.key.to_pkcs8_pem().as_bytes());
    folder.write("system.pem", identity.certificate.pem());
    folder.write("call.json", call.to_string());
    folder
}

/// The call that brings the application of somebody at the portal to the gateway.
async fn application_call(town: &Town, password: &str) -> (Uuid, Value) {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.expect("the portal lets them in");
    citizen.fills_in().await.expect("the form is taken");
    let envelope = envelope(&town.identity(System::Portal), &application(&citizen));
    let head = json!({
        "messageId": envelope.message_id, "serviceId": envelope.service_id,
        "messageDate": envelope.message_date, "sender": { "senderId": "portal", "password": password },
    });
    let call = json!({
        "operation": "SendMessage", "carrier": "requestData", "data": envelope.data,
        "request": { "requestInfo": head },
    });
    (envelope.message_id, call)
}

#[tokio::test]
async fn zeep_sends_an_application_by_our_wsdl() {
    if zeep().is_none() {
        return;
    }
    for form in ["typed", "text"] {
        let town = Town::up().await;
        let identity = town.identity(System::Portal);
        let (message, call) = application_call(&town, &identity.password).await;
        let folder = desk(&identity, &call);
        let wsdl = format!("{}/gateway/sync?wsdl", town.client.base());
        let files = vec![script("zeep_client.py"), folder.path(""), wsdl.into(), form.into()];
        let said = told(zeep().expect("it was there"), "{} {} {} {}", files).await;
        let answer = &said["answer"];
        assert_eq!(answer["responseInfo"]["status"]["code"], "SCSS001", "{form}: {said}");
        assert_eq!(answer["responseInfo"]["correlationId"], message.to_string());
        let taken = &answer["responseData"]["data"]["acknowledgement"];
        assert_eq!(
            (&taken["messageId"], &taken["acceptedBy"]),
            (&json!(message), &json!("gateway")),
            "{said}"
        );
    }
}

#[tokio::test]
async fn zeep_shows_a_certificate_over_mutual_tls() {
    if zeep().is_none() {
        return;
    }
    let mut plan = Plan::following(Town::regulations());
    plan.tls = Tls { serves: Serves::Own, mutual: true, ..Tls::default() };
    let town = Town::with(Options::ephemeral(plan)).await;
    let identity = town.identity(System::Portal);
    let (_, call) = application_call(&town, &identity.password).await;
    let folder = desk(&identity, &call);
    folder.write("roots.pem", town.roots().await);
    let wsdl = format!("{}/gateway/sync?wsdl", town.client.base());
    let calls = async || {
        let files = vec![script("zeep_client.py"), folder.path(""), wsdl.clone().into(), "typed".into()];
        told(zeep().expect("it was there"), "{} {} {} {}", files).await
    };
    folder.write("anonymous", "");
    let said = calls().await;
    assert!(said["detail"]["errorData"].to_string().contains("client-certificate-missing"), "{said}");
    std::fs::remove_file(folder.path("anonymous")).expect("it is there");
    let said = calls().await;
    assert_eq!(said["answer"]["responseInfo"]["status"]["code"], "SCSS001", "{said}");
}

#[tokio::test]
async fn zeep_reads_our_faults() {
    let Some(python) = zeep() else { return };
    let town = Town::up().await;
    let identity = town.identity(System::Portal);
    let (_, call) = application_call(&town, "not-the-password").await;
    let folder = desk(&identity, &call);
    let wsdl = format!("{}/gateway/bip-sync-wss-gost/?wsdl", town.client.base());
    let files = vec![script("zeep_client.py"), folder.path(""), wsdl.into(), "typed".into()];
    let said = told(python, "{} {} {} {}", files).await;
    assert_eq!(
        said["of"], "{http://bip.bee.kz/SyncChannel/v10/Types}SendMessageFault1_SendMessageFault",
        "{said}"
    );
    assert_eq!(said["detail"]["errorCode"], "SCSE001");
    let problem: Value =
        serde_json::from_str(said["detail"]["errorData"].as_str().unwrap_or_default()).unwrap_or_default();
    assert_eq!(problem["code"], "wrong-password", "{said}");
}

#[tokio::test]
async fn zeep_sends_over_the_asynchronous_channel() {
    let Some(python) = zeep() else { return };
    let town = Town::up().await;
    let identity = town.identity(System::Portal);
    let (message, mut call) = application_call(&town, &identity.password).await;
    let mut head = call["request"]["requestInfo"].take();
    head["messageType"] = json!("REQUEST");
    call["operation"] = json!("sendMessage");
    call["carrier"] = json!("messageData");
    call["request"] = json!({ "messageInfo": head });
    let folder = desk(&identity, &call);
    let wsdl = format!("{}/gateway/bip-async-wss-gost/?wsdl", town.client.base());
    let files = vec![script("zeep_client.py"), folder.path(""), wsdl.into(), "typed".into()];
    let said = told(python, "{} {} {} {}", files).await;
    assert_eq!(said["answer"]["correlationId"], message.to_string(), "{said}");
    assert!(said["answer"]["messageId"].is_string(), "{said}");
}

#[tokio::test]
async fn node_sends_an_application_by_our_wsdl() {
    if node().is_none() {
        return;
    }
    let town = Town::up().await;
    let (_, mut call) = application_call(&town, "@password@").await;
    let mut data = call["data"].take();
    let kind = json!({ "type": "Message", "xmlns": "urn:qaqpa:messages:v1", "prefix": "m" });
    data["attributes"] = json!({ "xsi_type": kind });
    call["request"]["requestData"] = json!({ "data": data });
    let folder = desk(&town.identity(System::Portal), &call);
    let base = town.client.base();
    let wsdl = format!("{base}/gateway/sync?wsdl");
    // It does not sign as the national channels want it: that is done for it.
    let endpoint = format!("{base}/control/sign-and-forward/gateway?as=portal");
    let files = vec![script("soap_client.js"), folder.path(""), wsdl.clone().into(), endpoint.into()];
    let said = told(node().expect("it was there"), "{} {} {} {}", files).await;
    let port = &said["services"]["ISyncChannelHttpService"]["SyncChannelHttpPort"];
    assert!(!port["SendMessage"]["input"]["request"].is_null(), "{said}");
    let answer = &said["answer"]["response"];
    assert_eq!(answer["responseInfo"]["status"]["code"], "SCSS001", "{said}");
    assert_eq!(answer["responseData"]["data"]["acknowledgement"]["acceptedBy"], "gateway", "{said}");

    let files = vec![script("soap_client.js"), folder.path(""), wsdl.into()];
    let said = told(node().expect("it was there"), "{} {} {}", files).await;
    let info = &said["fault"]["detail"]["SendMessageFault1_SendMessageFault"];
    assert_eq!(info["subError"]["errorCode"], "signature-missing", "{said}");
}

/// The questions that a toolkit asks by the WSDL: the type, what is asked, and what of the answer shows that it was read.
async fn questions(town: &Town) -> Vec<(Question, Vec<&'static str>, Value)> {
    let iin = town.iin_of("parent-with-child").await;
    let token = town.post("/people/tokens", &json!({ "iin": iin })).await.expect("a token");
    let played = town.get("/people/personas/attorney-notarised").await.expect("everybody is cast");
    let power = &played["cast"]["power"]["number"];
    let number = power.as_str().expect("a power");
    let person = vec!["persons", "person", "0", "iin"];
    vec![
        (Question::person(&iin), person.clone(), json!(iin)),
        (Question::with_token(&iin, &token), person, json!(iin)),
        (Question::power(number), vec!["power", "number"], power.clone()),
    ]
}

/// The call that asks it.
fn question_call(town: &Town, question: &Question) -> Value {
    let envelope = question.envelope(&town.identity(System::Portal));
    let head = json!({
        "messageId": envelope.message_id, "serviceId": envelope.service_id,
        "messageDate": envelope.message_date, "sender": envelope.sender,
    });
    json!({
        "operation": "SendMessage", "carrier": "requestData", "data": question.data,
        "kind": format!("{{{}}}{}", question.kind.namespace, question.kind.name),
        "request": { "requestInfo": head },
    })
}

/// What stands in a value by these names; what stands once may be no list.
fn found<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(value, |value, name| match name.parse::<usize>() {
        Ok(at) => value.get(at).unwrap_or(value),
        Err(_) => &value[*name],
    })
}

#[tokio::test]
async fn zeep_asks_registers_and_reads_their_answers_by_their_types() {
    if zeep().is_none() {
        return;
    }
    let town = Town::up().await;
    for (question, path, expected) in questions(&town).await {
        for (form, system) in
            [("typed", "gateway"), ("text", "gateway"), ("typed", question_register(&question))]
        {
            let folder = desk(&town.identity(System::Portal), &question_call(&town, &question));
            let wsdl = format!("{}/{system}/sync?wsdl", town.client.base());
            let files = vec![script("zeep_client.py"), folder.path(""), wsdl.into(), form.into()];
            let said = told(zeep().expect("it was there"), "{} {} {} {}", files).await;
            assert_eq!(said["answer"]["responseInfo"]["status"]["code"], "SCSS001", "{said}");
            let data = &said["answer"]["responseData"]["data"];
            if form == "typed" {
                assert_eq!(said["of"], format!("{{{}}}Response", question.kind.namespace), "{said}");
                assert_eq!(found(data, &path), &expected, "{said}");
                assert_eq!(data["messageResult"]["code"], "00000", "{said}");
            } else {
                let text = data.as_str().unwrap_or_default();
                assert!(text.contains(expected.as_str().unwrap_or_default()), "asked as a string: {said}");
            }
        }
    }
}

fn question_register(question: &Question) -> &'static str {
    if question.data["iin"].is_null() { "notary" } else { "people" }
}

#[tokio::test]
async fn node_asks_registers_by_our_wsdl() {
    if node().is_none() {
        return;
    }
    let town = Town::up().await;
    let base = town.client.base();
    for (question, path, expected) in questions(&town).await {
        let mut call = question_call(&town, &question);
        let mut data = call["data"].take();
        let kind = json!({ "type": question.kind.name, "xmlns": question.kind.namespace, "prefix": "m" });
        data["attributes"] = json!({ "xsi_type": kind });
        call["request"]["requestData"] = json!({ "data": data });
        let folder = desk(&town.identity(System::Portal), &call);
        let wsdl = format!("{base}/gateway/sync?wsdl");
        let endpoint = format!("{base}/control/sign-and-forward/gateway?as=portal");
        let files = vec![script("soap_client.js"), folder.path(""), wsdl.into(), endpoint.into()];
        let said = told(node().expect("it was there"), "{} {} {} {}", files).await;
        let data = &said["answer"]["response"]["responseData"]["data"];
        assert_eq!(found(data, &path), &expected, "{said}");
        assert_eq!(data["messageResult"]["code"], "00000", "{said}");
    }
}

#[tokio::test]
async fn both_find_the_operations_of_the_asynchronous_channel() {
    let town = Town::up().await;
    let base = town.client.base().to_owned();
    let operations =
        ["sendMessage", "getMessages", "getMessageStatus", "sendDeliveryNotification"].map(str::to_owned);
    let client = ["sendMessage", "changeMassageStatusNotification"].map(str::to_owned);
    for (query, operations) in [("wsdl", operations.to_vec()), ("wsdl=client", client.to_vec())] {
        let wsdl: OsString = format!("{base}/gateway/async?{query}").into();
        if let Some(python) = zeep() {
            let wsdl = wsdl.clone();
            let said = tokio::task::spawn_blocking(move || python.run("-m zeep {}", &[&wsdl]));
            let said = said.await.expect("it runs");
            let signatures: Vec<String> =
                operations.iter().map(|name| format!(" {name}(request: ")).collect();
            said.accepts(&signatures.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Some(node) = node() {
            let code = "require('soap').createClientAsync(process.argv[1]).then(client => \
                        console.log(JSON.stringify(Object.values(Object.values(client.describe())[0])[0])))";
            let said = told(node, "-e {} {}", vec![code.into(), wsdl]).await;
            let known: Vec<&String> = said.as_object().expect("operations").keys().collect();
            assert!(operations.iter().all(|name| known.contains(&name)), "{said}");
        }
    }
}
