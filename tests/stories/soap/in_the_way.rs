//! What stands before a channel and refuses: who speaks SOAP is told in SOAP.

use gateway::world::Swap;
use registries::store::WorldId;
use signer::System;
use signer::soap::Fault;
use tests::{Answer, Town};

/// The code of a fault, which must be one, with the problem in it.
fn told(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.media_type.as_str()), (500, "text/xml; charset=utf-8"), "{answer:?}");
    let fault = Fault::read(&answer.body).unwrap().expect("a fault");
    let (code, _) = fault.reason.clone().expect("a stable code in the detail");
    assert_eq!(fault.problem().code.code(), code);
    code
}

async fn posted(town: &Town, path: &str) -> Answer {
    town.send("POST", path, "text/xml", "<soap/>").await
}

const CHANNELS: [&str; 6] =
    ["bip-sync-wss-gost/", "bip-sync-wss-gost", "sync", "bip-async-wss-gost/", "bip-async-wss-gost", "async"];

#[tokio::test]
async fn a_system_that_stands_elsewhere_and_a_world_that_is_none_are_faults() {
    let town = Town::up().await;
    let identity = town.identity(System::Provider);
    let swap = Swap {
        certificate: Some(identity.certificate.pem()),
        password: Some(identity.password),
        ..Swap::at("http://127.0.0.1:9")
    };
    let running = town.sandbox.world(&WorldId::default()).unwrap();
    running.world.put_system(System::Provider, &swap).await.unwrap();
    for channel in CHANNELS {
        assert_eq!(told(&posted(&town, &format!("/provider/{channel}")).await), "system-swapped");
        assert_eq!(told(&posted(&town, &format!("/w/nowhere/gateway/{channel}")).await), "unknown-world");
        assert_eq!(told(&posted(&town, &format!("/w/NO WORLD/gateway/{channel}")).await), "unknown-world");
        // Whoever certifies exchanges no messages.
        assert_eq!(told(&posted(&town, &format!("/ca/{channel}")).await), "not-found");
    }
    let asynchronous = posted(&town, "/w/nowhere/gateway/async").await;
    assert!(String::from_utf8(asynchronous.body).unwrap().contains("sendMessageFault1_sendMessageFault"));
    // Elsewhere a problem document is the answer, as ever.
    for path in ["/provider/messages", "/w/nowhere/gateway/messages", "/w/nowhere/portal/cases"] {
        town.send_json(path, "{}").await.problem();
    }
    town.send("GET", "/provider/sync", "", "").await.is("system-swapped");
}

#[tokio::test]
async fn what_a_fault_of_a_request_cannot_be_is_told_in_soap() {
    let town = Town::up().await;
    let request = town.client.http().post(format!("{}/gateway/sync", town.client.base()));
    let sent =
        request.header("content-type", "text/xml").header("qaqpa-fault", "dleay").body("<soap/>").send();
    let body = sent.await.unwrap().bytes().await.unwrap();
    let fault = Fault::read(&body).unwrap().expect("a fault");
    assert_eq!(fault.reason.unwrap().0, "invalid-value");
    assert!(fault.message.contains("`delay`"), "{}", fault.message);
}
