//! An act in which the form is signed before the certificate is checked, nothing is attached, and the way is by either
//! of two gateways.

use serde_json::{Value, json};
use tests::{Citizen, Town};

const REGULATION: &str = "kyzylorda-1056-preschool-queue";

/// At the form of the act's portal, with the account of somebody who has another case open.
async fn at_the_form(town: &Town) -> (Citizen<'_>, String) {
    let mut citizen = Citizen::arrives(town).await;
    let view = town.post("/portal/cases", &json!({ "regulation": REGULATION })).await.unwrap();
    let case = format!("/portal/cases/{}", view["case"].as_str().unwrap());
    town.post(&format!("{case}/account"), &citizen.credentials()).await.unwrap();
    let signed_in = town.post(&format!("{case}/session"), &citizen.credentials()).await.unwrap();
    assert_eq!(signed_in["awaits"]["does"], json!(["choose-service", "fill-form"]));
    citizen.token = signed_in["token"].as_str().map(str::to_owned);
    (citizen, case)
}

fn form(citizen: &Citizen<'_>) -> Value {
    let mut form = citizen.form();
    form["service"] = REGULATION.into();
    for attached in ["copies", "certificate"] {
        form.as_object_mut().unwrap().remove(attached);
    }
    form
}

#[tokio::test]
async fn the_certificate_that_signed_is_the_one_that_is_checked() {
    let town = Town::up().await;
    let (mut citizen, case) = at_the_form(&town).await;
    let token = citizen.token.clone();
    let filled: Value =
        town.client.post(&format!("{case}/request"), token.as_deref(), &form(&citizen)).await.unwrap();
    assert_eq!(
        (&filled["awaits"]["step"], &filled["shown"]),
        (&json!("10.5"), &json!([])),
        "nothing is checked yet"
    );
    citizen.view = filled;
    let other = Citizen::arrives(&town).await;
    let signature = json!({ "signature": other.key.sign(&citizen.to_sign()) });
    let view: Value =
        town.client.post(&format!("{case}/signature"), token.as_deref(), &signature).await.unwrap();
    let shown = &view["shown"][0];
    assert_eq!((&shown["code"], &shown["step"]), (&json!("eds-not-confirmed"), &json!("10.6b")));
    assert_eq!(shown["reasons"][0]["check"], "identity-matches");
}

#[tokio::test]
async fn what_is_attached_where_nothing_is_to_be_is_refused() {
    let town = Town::up().await;
    let (citizen, case) = at_the_form(&town).await;
    let mut attached = form(&citizen);
    attached["copies"] = json!([{ "name": "passport", "mediaType": "text/plain", "content": "AA==" }]);
    let path = format!("{case}/request");
    let refused = town.client.post::<Value>(&path, citizen.token.as_deref(), &attached).await.unwrap_err();
    assert_eq!((refused.code.code(), refused.paragraph.as_deref()), ("invalid-value", Some("10.4")));
    assert!(refused.facts["fields"]["copies"].is_string(), "{refused}");
    town.client.post::<Value>(&path, citizen.token.as_deref(), &form(&citizen)).await.unwrap();
}

#[tokio::test]
async fn the_way_by_the_regional_gateway_is_as_good() {
    let town = Town::up().await;
    let ways = async |path: &str| {
        let played = town.play(&format!("{REGULATION}/portal/{path}")).await;
        assert!(played[0].as_documented, "{path}: {:?}", played[0].deviations);
        let ways = played[0].crossings.iter().map(|c| (c.from.clone(), c.to.clone()));
        ways.collect::<Vec<_>>()
    };
    let way = |by: &str| {
        let names =
            [("portal", by), (by, "queue-registry"), ("queue-registry", "gateway"), ("gateway", "portal")];
        names.map(|(from, to)| (from.to_owned(), to.to_owned())).to_vec()
    };
    assert_eq!(ways("queue-notice").await, way("gateway"));
    assert_eq!(ways("regional-gateway").await, way("regional-gateway"));
}
