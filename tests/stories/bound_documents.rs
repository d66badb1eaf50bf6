//! What a message says of a document is what its author signed. Systems that say otherwise are refused before
//! anything is acknowledged.

use gateway::exchange::{Issue, Organisation, Payload, SPECIMEN, Subject};
use gateway::regulation::{End, Issued, Message};
use signer::{Document, System};
use tests::{Citizen, Desk, Key, Town, envelope};
use uuid::Uuid;

/// A case whose application is at the provider's desk.
async fn at_the_desk(town: &Town) -> Citizen<'_> {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    citizen.signs().await.unwrap();
    town.get(&format!("/provider/cases/{}?after=0", citizen.case())).await.unwrap();
    citizen
}

/// An outcome of the case as somebody at the provider could sign it.
async fn outcome(town: &Town, citizen: &Citizen<'_>, document: Issued, key: &Key, channel: &str) -> Document {
    let bin = Desk::of(town).bin().await;
    let issue = Issue {
        specimen: SPECIMEN.to_owned(),
        document,
        title: certs::Text::new("a", "b", "c"),
        subject: Subject {
            case: citizen.case().parse().unwrap(),
            regulation: Citizen::regulation(),
            channel: channel.to_owned(),
        },
        made_at: "2026-11-23T00:00:00Z".parse().unwrap(),
        provider: Organisation { name: "x".to_owned(), bin },
        code: Some("documents-refused".to_owned()),
        message: None,
        grounds: None,
        queue_number: None,
        organisation: None,
        appendix: None,
        by_hand: None,
    };
    let content = serde_json::to_vec(&issue).unwrap();
    let signature = key.sign(&content).0;
    Document::detached(content, "application/json", signature)
}

/// Sends an outcome as the provider to the regional workstation, and gives the code it is refused with.
async fn refused(town: &Town, citizen: &Citizen<'_>, document: Document, carries: End) -> String {
    let payload = Payload {
        message: Message::Outcome,
        case: citizen.case().parse::<Uuid>().unwrap(),
        regulation: Citizen::regulation(),
        channel: "portal".to_owned(),
        carries: Some(carries),
        document,
        attachments: Vec::new(),
    };
    let identity = town.identity(System::Provider);
    let sealed = envelope(&identity, &payload).seal(&identity).unwrap();
    let problem = town.deliver(System::RegionalWorkstation, &sealed).await.unwrap_err();
    problem.code.to_string()
}

#[tokio::test]
async fn a_refusal_does_not_become_a_result_on_its_way() {
    let town = Town::up().await;
    let citizen = at_the_desk(&town).await;
    let key = Desk::of(&town).staff(certs::Profile::AuthorisedPerson).await;
    let refusal = outcome(&town, &citizen, Issued::Refusal, &key, "portal").await;
    assert_eq!(refused(&town, &citizen, refusal, End::Result).await, "envelope-malformed");
}

#[tokio::test]
async fn a_document_of_another_channel_is_refused() {
    let town = Town::up().await;
    let citizen = at_the_desk(&town).await;
    let key = Desk::of(&town).staff(certs::Profile::AuthorisedPerson).await;
    let other = outcome(&town, &citizen, Issued::QueueNotice, &key, "office").await;
    assert_eq!(refused(&town, &citizen, other, End::Result).await, "envelope-malformed");
}

#[tokio::test]
async fn a_result_by_the_wrong_person_is_refused_at_its_first_hop() {
    let town = Town::up().await;
    let citizen = at_the_desk(&town).await;
    let key = Desk::of(&town).staff(certs::Profile::Employee).await;
    let result = outcome(&town, &citizen, Issued::QueueNotice, &key, "portal").await;
    assert_eq!(refused(&town, &citizen, result, End::Result).await, "role-not-allowed");
}
