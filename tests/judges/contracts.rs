//! xmllint on what crosses over SOAP: every message against the schemas.

use std::ffi::{OsStr, OsString};

use gateway::contracts::contracts;
use gateway::exchange::Wire;
use gateway::sandbox::Options;
use gateway::world::Plan;
use tests::{Citizen, Recorder, Town};

use crate::fixtures::Folder;
use crate::tool::{Said, Tool, tool};

/// The schemas in a folder, and one that knows them all.
pub(crate) fn schemas() -> Folder {
    let folder = Folder::new();
    for contract in contracts(&Town::regulations()) {
        folder.write(&contract.name, contract.text);
    }
    let import =
        |(namespace, file)| format!("<xs:import namespace=\"{namespace}\" schemaLocation=\"{file}\"/>");
    let imports = [
        ("http://bip.bee.kz/SyncChannel/v10/Types", "sync-types.xsd"),
        ("http://bip.bee.kz/AsyncChannel/v10/Types", "async-types.xsd"),
        ("http://bip.bee.kz/AsyncChannel/v10/Types/Client", "async-client-types.xsd"),
        ("urn:qaqpa:messages:v1", "messages.xsd"),
        ("http://message.persistence.interactive.nat", "people-message.xsd"),
        ("urn:qaqpa:notary:v1", "notary-power.xsd"),
    ];
    let imports: String = imports.map(import).concat();
    let all = format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{imports}</xs:schema>");
    folder.write("all.xsd", all);
    folder
}

/// What stands in the Body, or in the detail of a fault: the message without its SOAP.
fn inside(xmllint: &Tool, folder: &Folder, name: &str, message: &[u8]) -> OsString {
    let whole = folder.write(&format!("{name}.soap.xml"), message);
    let body = "/*/*[local-name()='Body']/*[local-name()!='Fault']|//*[local-name()='Fault']/detail/*";
    let said = xmllint.run("--xpath {} {}", &[OsStr::new(body), &whole]);
    assert!(said.success, "{}", said.text);
    folder.write(&format!("{name}.xml"), said.text)
}

/// The string that a message carries.
fn string(xmllint: &Tool, folder: &Folder, name: &str) -> OsString {
    let message = folder.path(&format!("{name}.xml"));
    let said = xmllint.run("--xpath string(//data) {}", &[&message]);
    assert!(said.success, "{}", said.text);
    folder.write(&format!("{name}.data.xml"), said.text)
}

pub(crate) fn validated(xmllint: &Tool, folder: &Folder, files: &[OsString]) -> Said {
    let schema = folder.path("all.xsd");
    let places = "{} ".repeat(files.len());
    let files: Vec<&OsStr> = [&schema].into_iter().chain(files).map(OsString::as_os_str).collect();
    xmllint.run(&format!("--noout --schema {{}} {places}"), &files)
}

/// Plays over SOAP and gives out all that crossed: requests and answers.
async fn played(wire: Wire) -> Vec<Vec<u8>> {
    let plan = Plan { wire, ..Plan::following(Town::regulations()) };
    let (town, recorder) = Recorder::before(Options::ephemeral(plan)).await;
    let own = Citizen::regulation();
    let paths = ["portal/queue-notice", "portal/documents-not-conforming", "state-corporation/queue-notice"];
    let mut paths: Vec<String> = paths.iter().map(|path| format!("{own}/{path}")).collect();
    // One whose messages go over the asynchronous channel.
    paths.push("mangystau-339-externat/portal/order-copy".to_owned());
    for path in paths {
        let played = town.play(&path).await;
        assert!(played[0].as_documented, "{path}: {:#?}", played[0].deviations);
    }
    for wrapper in ["sendMessage", "sendMessageResponse", "sendDeliveryNotification"] {
        let has = |body: &[u8]| String::from_utf8_lossy(body).contains(&format!("<t:{wrapper} "));
        let asynchronous = recorder.seen("/bip-async-wss-gost/");
        assert!(asynchronous.iter().any(|one| has(&one.request) || has(&one.answer)), "{wrapper}");
    }
    assert!(recorder.seen("/messages").is_empty(), "all of it goes over SOAP");
    // A fault, too: what is not signed.
    let unsigned = b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body/></e:Envelope>";
    let fault = town.send("POST", "/gateway/sync", "text/xml", unsigned.to_vec()).await;
    let mut crossed: Vec<Vec<u8>> = recorder
        .seen("-wss-gost/")
        .iter()
        .flat_map(|exchange| [exchange.request.to_vec(), exchange.answer.to_vec()])
        .collect();
    assert!(crossed.len() > 20, "{} messages", crossed.len());
    crossed.push(fault.body);
    crossed
}

#[tokio::test]
async fn xmllint_finds_all_that_crosses_valid() {
    let Some(xmllint) = tool("xmllint") else { return };
    for wire in [Wire::Soap, Wire::SoapText] {
        let folder = schemas();
        let mut files = Vec::new();
        for (number, message) in played(wire).await.iter().enumerate() {
            let name = number.to_string();
            files.push(inside(&xmllint, &folder, &name, message));
            if String::from_utf8_lossy(message).contains("xsi:type=\"xs:string\"") {
                files.push(string(&xmllint, &folder, &name));
            }
        }
        validated(&xmllint, &folder, &files).accepts(&[]);
    }
}

#[tokio::test]
async fn xmllint_would_see_what_is_wrong() {
    let Some(xmllint) = tool("xmllint") else { return };
    let folder = schemas();
    let messages = played(Wire::Soap).await;
    let typed = messages.iter().map(|message| String::from_utf8_lossy(message).into_owned());
    let typed = typed.into_iter().find(|text| text.contains(">application<")).expect("an application");
    for (from, to) in [
        ("<message>application<", "<message>poem<"),
        ("<case>", "<case>no-"),
        ("<serviceId>", "<service>"),
        ("xsi:type=\"m:Message\"", "xsi:type=\"m:Response\""),
        ("<mediaType>application/json</mediaType>", ""),
    ] {
        let mut altered = typed.replacen(from, to, 1);
        assert_ne!(altered, typed, "{from}");
        altered =
            altered.replace("</serviceId>", if to == "<service>" { "</service>" } else { "</serviceId>" });
        let file = inside(&xmllint, &folder, "altered", altered.as_bytes());
        validated(&xmllint, &folder, &[file]).refuses(&["fails to validate"]);
    }
}
