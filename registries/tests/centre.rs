//! What the certification centre takes in from other centres.

#![expect(clippy::unwrap_used, reason = "this is how a test fails")]

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use certs::{Algorithm, Authority, Clock, Reason, RevokedEntry};
use jiff::Timestamp;
use registries::ca::{self, CertificationCentre, Import};
use registries::store::{SqliteStore, WorldId, WorldStore};
use signer::Trust as _;
use signer::http::LARGEST_BODY;
use tower::ServiceExt as _;

const BASE: &str = "http://127.0.0.1:1";

async fn centre() -> Arc<CertificationCentre> {
    let store = WorldStore::new(SqliteStore::ephemeral().unwrap(), WorldId::default());
    let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
    Arc::new(CertificationCentre::open(store, clock, BASE, Algorithm::P256).await.unwrap())
}

#[tokio::test]
async fn a_list_larger_than_any_other_body_is_taken_and_given_out() {
    let other = Authority::create(Algorithm::P256, "OTHER TEST", Timestamp::UNIX_EPOCH, BASE).unwrap();
    let entry = |n: u32| {
        let serial = [&[1; 496], &n.to_be_bytes()[..]].concat();
        RevokedEntry { serial, at: Timestamp::UNIX_EPOCH, reason: Reason::Superseded }
    };
    let list = other.crl(&(0..37_000).map(entry).collect::<Vec<_>>(), 1, Timestamp::UNIX_EPOCH).unwrap();

    let centre = centre().await;
    let revision = centre.revision().await;
    let import = Import { certificates: other.issuing().pem(), lists: vec![list.clone().into()] };
    let body = serde_json::to_vec(&import).unwrap();
    assert!(body.len() > LARGEST_BODY);
    let request = Request::post("/trusted").header("content-type", "application/json");
    let request = request.body(Body::from(body)).unwrap();
    let router = signer::http::finish(ca::router(centre.clone()));
    let answer = router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_ne!(centre.revision().await, revision);
    assert_eq!(centre.given_list(other.issuing()).await.unwrap().unwrap()[..], list);

    let name = hex::encode(other.issuing().public_key().key_id());
    let request = Request::get(format!("/trusted/{name}.crl")).body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(to_bytes(answer.into_body(), usize::MAX).await.unwrap()[..], list);
}

#[tokio::test]
async fn a_good_list_is_not_replaced_by_a_worse_one() {
    let other = Authority::create(Algorithm::P256, "OTHER TEST", Timestamp::UNIX_EPOCH, BASE).unwrap();
    let at = |days: i64| Timestamp::from_second(days * 86_400).unwrap();
    let entry = RevokedEntry { serial: vec![7], at: at(0), reason: Reason::Superseded };
    let good = other.crl(&[entry], 2, at(-1)).unwrap();
    let (expired, earlier) = (other.crl(&[], 1, at(-400)).unwrap(), other.crl(&[], 1, at(-2)).unwrap());
    let delta = other.delta_crl(&[], 3, 2, at(0)).unwrap();
    let centre = centre().await;
    let import = async |lists: Vec<Vec<u8>>| {
        let lists = lists.into_iter().map(Into::into).collect();
        centre.import(Import { certificates: other.issuing().pem(), lists }).await
    };
    let kept = async || centre.given_list(other.issuing()).await.unwrap().unwrap();
    // Better than none; whether it is of use is the validator's to say.
    import(vec![expired.clone()]).await.unwrap();
    import(vec![good.clone()]).await.unwrap();
    for worse in [expired, earlier, delta] {
        let refused = import(vec![worse]).await.unwrap_err();
        assert_eq!(refused.code, signer::Code::InvalidValue, "{refused}");
        assert_eq!(kept().await[..], good);
    }
    import(Vec::new()).await.unwrap();
    assert_eq!(kept().await[..], good);
    let newer = other.crl(&[], 4, at(0)).unwrap();
    import(vec![newer.clone()]).await.unwrap();
    assert_eq!(kept().await[..], newer);
}
