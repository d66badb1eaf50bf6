//! Bodies and addresses that are wrong before anybody reads what they are about.

use serde_json::json;
use signer::http::LARGEST_BODY;
use tests::{Citizen, Town};

use crate::addresses::posts;

#[tokio::test]
async fn every_address_refuses_what_is_not_the_json_it_takes() {
    let town = Town::up().await;
    let addresses = posts(&town).await;
    let bodies =
        ["", "{", "null", "[]", "{} {}", "\u{feff}{}", "{\"regulation\": 7}", "{\"unexpected\": true}"];
    for address in &addresses {
        for body in bodies {
            let problem = town.send_json(address, body).await.is("malformed-json");
            assert!(
                problem.detail.as_deref().is_some_and(|detail| !detail.is_empty()),
                "{address} says nothing of {body:?}"
            );
        }
    }
}

#[tokio::test]
async fn every_address_refuses_another_content_type() {
    let town = Town::up().await;
    let addresses = posts(&town).await;
    for address in &addresses {
        for content_type in ["", "text/plain", "application/xml", "application/jsonp", "multipart/form-data"]
        {
            let answer = town.send("POST", address, content_type, "{}").await;
            assert_eq!(answer.is("wrong-content-type").status, 415, "{address} took {content_type:?}");
        }
    }
}

#[tokio::test]
async fn a_content_type_may_name_its_charset() {
    let town = Town::up().await;
    let body = json!({ "regulation": Citizen::regulation() }).to_string();
    let answer = town.send("POST", "/portal/cases", "Application/JSON; charset=utf-8", body).await;
    assert_eq!(answer.status, 201, "{:?}", answer.json());
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_and_the_case_stays() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let case = citizen.case();
    let large = vec![b' '; LARGEST_BODY + 1];
    for address in
        [format!("/portal/cases/{case}/request"), "/gateway/messages".to_owned(), "/ca/ocsp".to_owned()]
    {
        let problem = town.send_json(&address, large.clone()).await.is("body-too-large");
        assert_eq!(problem.status, 413, "{address}");
    }
    let view = citizen.fills_in().await.unwrap();
    assert_eq!(view["awaits"]["step"], "12.8", "the case went on as if nothing had happened");
}

#[tokio::test]
async fn what_is_refused_at_the_door_of_a_case_stands_in_its_journal() {
    let town = Town::up().await;
    let citizen = Citizen::arrives(&town).await;
    let session = format!("/portal/cases/{}/session", citizen.case());
    town.send_json(&session, "{").await.is("malformed-json");
    town.send("POST", &session, "text/plain", "{}").await.is("wrong-content-type");
    let codes: Vec<String> =
        town.refusals(&citizen.case()).await.into_iter().map(|(_, _, code)| code).collect();
    assert_eq!(codes, ["malformed-json", "wrong-content-type"]);
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_refused() {
    let town = Town::up().await;
    let case = Citizen::arrives(&town).await.case();
    let view = format!("/portal/cases/{case}");
    let table = [
        ("DELETE", view.as_str()),
        ("GET", "/portal/cases"),
        ("PATCH", "/portal/services"),
        ("GET", "/gateway/messages"),
        ("POST", "/ca/roots.pem"),
        ("POST", "/ca/flaws"),
        ("GET", "/signer/cms/sign"),
        ("POST", "/control/journal"),
        ("DELETE", "/provider/places/balabaqsha"),
        ("DELETE", "/control/worlds"),
        ("POST", "/"),
    ];
    for (method, path) in table {
        let problem = town.send(method, path, "application/json", "{}").await.is("method-not-allowed");
        assert_eq!(problem.status, 405, "{method} {path}");
    }
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_not_found() {
    let town = Town::up().await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    let table = [
        "/nothing".to_owned(),
        "/portal".to_owned(),
        "/portal/nothing".to_owned(),
        format!("/portal/cases/{nobody}"),
        format!("/portal/cases/{nobody}/verification"),
        "/portal/cases/not-a-case".to_owned(),
        "/portal/cases/%FF".to_owned(),
        format!("/provider/cases/{nobody}"),
        "/provider/cases/7".to_owned(),
        "/gateway".to_owned(),
        "/ca/certificates/00".to_owned(),
        format!("/ca/certificates/{}", "f".repeat(3_000)),
        "/ca/certificates/%00".to_owned(),
        "/ca/certificates/%FF".to_owned(),
        "/ca/certificates/gost.cer".to_owned(),
        "/ca/crl/nothing.crl".to_owned(),
        "/control/nothing".to_owned(),
    ];
    for path in table {
        let problem = town.send("GET", &path, "", "").await.is("not-found");
        assert_eq!(problem.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_deed_at_a_case_that_does_not_exist_is_not_found() {
    let town = Town::up().await;
    let citizen = Citizen::arrives(&town).await;
    let credentials = citizen.credentials().to_string();
    for case in ["00000000-0000-4000-8000-000000000000", "7", "%FF"] {
        town.send_json(&format!("/portal/cases/{case}/account"), credentials.clone()).await.is("not-found");
        let decision = json!({ "failing": [] }).to_string();
        town.send_json(&format!("/provider/cases/{case}/decision"), decision).await.is("not-found");
    }
}

#[tokio::test]
async fn a_query_that_cannot_be_read_names_the_value() {
    let town = Town::up().await;
    let case = Citizen::arrives(&town).await.case();
    let table = [
        format!("/portal/cases/{case}?after=soon"),
        format!("/portal/cases/{case}?after=-1"),
        format!("/provider/cases/{case}?after=99999999999999999999"),
        "/control/journal?limit=many".to_owned(),
        "/control/journal?kind=secret".to_owned(),
        "/control/journal?wait=perhaps".to_owned(),
    ];
    for path in table {
        assert_eq!(town.send("GET", &path, "", "").await.is("invalid-value").status, 422, "{path}");
    }
}

#[tokio::test]
async fn an_unknown_service_or_channel_is_named_with_the_known_ones() {
    let town = Town::up().await;
    for body in [
        json!({ "regulation": "mangystau-999" }),
        json!({ "regulation": "" }),
        json!({ "regulation": "x".repeat(100_000) }),
        json!({ "regulation": Citizen::regulation(), "channel": "telegraph" }),
    ] {
        let problem = town.post("/portal/cases", &body).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("unknown-service", 404));
        assert_eq!(problem.system.as_deref(), Some("portal"));
        let known = problem.facts["known"].as_array().cloned().unwrap_or_default();
        assert!(!known.is_empty(), "{problem}");
    }
}

#[tokio::test]
async fn places_are_counted_for_names_that_can_be_kept() {
    let town = Town::up().await;
    let long = "a".repeat(600);
    for organisation in ["%00", "%FF", "Balabaqsha", "bala%20baqsha", long.as_str()] {
        let path = format!("/provider/places/{organisation}");
        let put = town.send("PUT", &path, "application/json", "{\"free\": 1}").await.problem();
        assert!((400..500).contains(&put.status), "{put}");
        let read = town.send("GET", &path, "", "").await;
        assert!(read.status < 500 && read.json()["free"] != 1, "{read:?}");
    }
    for (desk, code) in [("contact-centre", "not-found"), ("portal", "not-found")] {
        let path = format!("/{desk}/places/balabaqsha");
        let problem = town.send("PUT", &path, "application/json", "{\"free\": 1}").await.is(code);
        assert!(problem.hint.contains("provider"), "{problem:?}");
        town.send("GET", &path, "", "").await.is(code);
    }
    let route =
        town.send("PUT", "/portal/routes/Balabaqsha", "application/json", "{\"regional\": true}").await;
    route.is("invalid-value");
    let path = "/provider/places/balabaqsha";
    for free in ["-1", "1.5", "\"1\"", "18446744073709551616"] {
        let body = format!("{{\"free\": {free}}}");
        town.send("PUT", path, "application/json", body).await.is("malformed-json");
    }
    let most = format!("{{\"free\": {}}}", u64::MAX);
    assert_eq!(town.send("PUT", path, "application/json", most).await.status, 200);
}
