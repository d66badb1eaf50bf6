//! What the centre says over HTTP when something is wrong with it.

use certs::ocsp::{self, CertId, CertIdHash, Response};
use certs::{CertStatus, Crl};
use gateway::exchange::Wire;
use tests::{Citizen, Town};

use super::{goes_wrong, is_mended, town};

const LIST: &str = "/ca/crl/p256.crl";

async fn asked(town: &Town, citizen: &Citizen<'_>) -> Response {
    let issuer = town.client.bytes("/ca/certificates/p256.cer").await.unwrap();
    let issuer = certs::Certificate::from_pem_or_der(&issuer).unwrap();
    let id = CertId::new(CertIdHash::Sha256, &issuer, citizen.key.certificate.serial());
    let answer = town.send("POST", "/ca/ocsp", "application/ocsp-request", ocsp::request(&id, None)).await;
    assert_eq!(answer.status, 200);
    Response::from_der(&answer.body).unwrap()
}

#[tokio::test]
async fn lists_are_not_what_they_should_be() {
    let town = town(Wire::Json).await;
    let now = certs::Clock::system().now();
    let usual = Crl::from_der(&town.client.bytes(LIST).await.unwrap()).unwrap();
    assert!(usual.next_update().unwrap() > now);
    for (fault, status, bytes) in
        [("crl-missing", 404, None), ("crl-empty", 200, Some(0)), ("crl-is-html", 200, None)]
    {
        goes_wrong(&town, fault).await;
        let answer = town.send("GET", LIST, "", "").await;
        assert_eq!(answer.status, status, "{fault}");
        assert!(Crl::from_pem_or_der(&answer.body).is_err(), "{fault}");
        assert!(bytes.is_none_or(|bytes| answer.body.len() == bytes), "{fault}");
        is_mended(&town).await;
    }
    goes_wrong(&town, "crl-expired").await;
    for list in [LIST, "/ca/crl/p256-root.crl"] {
        let old = Crl::from_der(&town.client.bytes(list).await.unwrap()).unwrap();
        assert!(old.next_update().unwrap() < now, "{list}");
    }
    is_mended(&town).await;
    goes_wrong(&town, "delta-without-base").await;
    let delta = Crl::from_der(&town.client.bytes(LIST).await.unwrap()).unwrap();
    assert_eq!(delta.base_number(), usual.number());
    assert!(delta.number() > usual.number());
}

#[tokio::test]
async fn the_responder_is_not_what_it_should_be() {
    let town = town(Wire::Json).await;
    let citizen = Citizen::arrives(&town).await;
    let serial = citizen.key.certificate.serial().to_vec();
    for fault in ["", "ocsp-try-later", "ocsp-unknown", "ocsp-expired", "ocsp-wrong-certid"] {
        if !fault.is_empty() {
            goes_wrong(&town, fault).await;
        }
        let now = certs::Clock::system().now();
        match (fault, asked(&town, &citizen).await) {
            ("ocsp-try-later", Response::Failed(status)) => assert_eq!(status.to_string(), "tryLater"),
            (fault, Response::Successful(basic)) => {
                let single = &basic.answers[0];
                let age = now.duration_since(single.this_update).as_hours();
                let unknown = ["ocsp-unknown", "ocsp-wrong-certid"].contains(&fault);
                assert_eq!(single.status == CertStatus::Unknown, unknown, "{fault}");
                assert_eq!(age > 24, fault == "ocsp-expired", "{fault}: {age} h");
                assert_eq!(single.certificate.serial == serial, fault != "ocsp-wrong-certid", "{fault}");
            }
            (fault, Response::Failed(status)) => panic!("{fault}: {status}"),
        }
        is_mended(&town).await;
    }
}

#[tokio::test]
async fn no_time_stamps_are_given_while_the_service_is_down() {
    let town = town(Wire::Json).await;
    goes_wrong(&town, "tsp-down").await;
    let answer = town.send("POST", "/ca/tsp", "application/timestamp-query", "").await;
    assert_eq!(answer.status, 503);
    assert_eq!(is_mended(&town).await[0]["done"], 1);
    assert_ne!(town.send("POST", "/ca/tsp", "application/timestamp-query", "").await.status, 503);
}
