use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use certs::Clock;
use registries::{notary, people};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::store;

fn town() -> Router {
    let (store, clock) = (store(), Clock::frozen_at("2026-03-01T20:00:00Z".parse().unwrap()));
    let people = people::People::new(store.clone());
    let people = people::Desk { people, clock: clock.clone(), seed: 4 };
    let notary = notary::Desk { notary: notary::Notary::new(store), clock, seed: 4 };
    Router::new()
        .nest("/people", people::router(Arc::new(people)))
        .nest("/notary", notary::router(Arc::new(notary)))
}

async fn asks(town: &Router, request: Request<Body>) -> (u16, Vec<u8>) {
    let response = town.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn gets(town: &Router, path: &str) -> (u16, Value) {
    let (status, bytes) = asks(town, Request::get(path).body(Body::empty()).unwrap()).await;
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn posts(town: &Router, path: &str, kind: &str, body: impl Into<Body>) -> (u16, Value) {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(body.into()).unwrap();
    let (status, bytes) = asks(town, request).await;
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn a_world_is_peopled_and_looked_at() {
    let town = town();
    let (status, problem) = gets(&town, "/people/personas/dead").await;
    assert_eq!((status, &problem["code"]), (404, &json!("not-found")));
    assert!(problem["hint"].as_str().unwrap().contains("qaqpa people generate"));

    for system in ["people", "notary"] {
        let path = format!("/{system}/population");
        let (status, origin) = posts(&town, &path, "application/json", r#"{"size": 30}"#).await;
        assert_eq!((status, &origin["made"]["seed"]), (201, &json!(4)));
        // Eight in the evening at Greenwich is the next day here.
        assert_eq!(origin["made"]["today"], "2026-03-02");
    }
    let (_, dead) = gets(&town, "/people/personas/dead").await;
    assert_eq!(dead["found"]["person"]["life_status"], "1");
    assert_eq!(dead["description"]["ru"], "Человек, записанный умершим");
    let (status, found) =
        gets(&town, &format!("/people/persons/{}", dead["cast"]["iin"].as_str().unwrap())).await;
    assert_eq!((status, &found["family"]["children"]), (200, &dead["cast"]["children"]));
    let (_, list) = gets(&town, "/people/persons?limit=3").await;
    assert_eq!(list.as_array().unwrap().len(), 3);
    let (_, personas) = gets(&town, "/people/personas").await;
    assert!(personas.as_array().unwrap().iter().all(|persona| persona["iin"].is_string()));

    let (_, attorney) = gets(&town, "/people/personas/attorney-revoked").await;
    let power = &attorney["cast"]["power"];
    let (status, found) = gets(&town, &format!("/notary/powers/{}", power["number"].as_str().unwrap())).await;
    assert_eq!((status, &found), (200, power));
    let between = format!(
        "/notary/powers?principal={}&representative={}",
        power["principal"].as_str().unwrap(),
        power["representative"].as_str().unwrap()
    );
    assert_eq!(gets(&town, &between).await, (200, json!([power])));
}

#[tokio::test]
async fn refusals_are_problems() {
    let town = town();
    let cases = [
        ("/people/personas/deat", 404, "not-found"),
        ("/people/persons/900101700002", 404, "not-found"),
        ("/people/persons/12", 422, "invalid-value"),
        ("/people/persons?limit=x", 422, "invalid-value"),
        ("/people/export?format=xml", 422, "invalid-value"),
        ("/notary/powers/TEST-1", 404, "not-found"),
        ("/notary/powers?principal=900101700002", 422, "invalid-value"),
    ];
    for (path, status, code) in cases {
        let (found, problem) = gets(&town, path).await;
        assert_eq!((found, problem["code"].as_str().unwrap()), (status, code), "{path}");
    }
    let (_, problem) = gets(&town, "/people/personas/deat").await;
    assert_eq!(problem["nearest"], "dead");
    let (status, problem) =
        posts(&town, "/people/population", "application/json", r#"{"size": 50001}"#).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid-value")));
    let (status, problem) = posts(&town, "/people/import", "text/plain", "iin").await;
    assert_eq!((status, &problem["code"]), (415, &json!("wrong-content-type")));
    let (status, problem) = posts(&town, "/people/import", "text/csv", "iin,surname\nx,y\n").await;
    assert_eq!((status, &problem["faults"][0]["line"]), (422, &json!(2)));
}

#[tokio::test]
async fn what_goes_out_comes_in() {
    let (one, other) = (town(), town());
    for system in ["people", "notary"] {
        posts(&one, &format!("/{system}/population"), "application/json", r#"{"size": 10}"#).await;
        for (format, kind) in [("csv", "text/csv"), ("json", "application/json")] {
            let path = format!("/{system}/export?format={format}");
            let (_, file) = asks(&one, Request::get(&path).body(Body::empty()).unwrap()).await;
            let (status, _) = posts(&other, &format!("/{system}/import"), kind, file.clone()).await;
            assert_eq!(status, 200);
            let (_, again) = asks(&other, Request::get(&path).body(Body::empty()).unwrap()).await;
            assert_eq!(again, file);
        }
    }
}
