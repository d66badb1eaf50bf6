//! The issuing centre gets a new key: what the old one signed stays good, and is revoked as before.

use std::sync::Arc;

use async_trait::async_trait;
use certs::verdict::{Check, Decision};
use certs::{Certificate, Clock, Crl, Flaw, Profile, Reason};
use gateway::sandbox::client;
use registries::ca::{NewKey, OrderRequest};
use serde_json::{Value, json};
use signer::{HttpTrust, NoAnswer, Question, RevocationPolicy, Trust, Validator};
use tests::{Citizen, Key, Town};

const QUESTION: Question<'static> = Question {
    checks: &[Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked],
    declared: None,
    roles: &[],
};

/// The town's centre, of whose authorities only some are known.
struct Partly {
    all: HttpTrust,
    known: fn(&[Certificate]) -> Vec<Certificate>,
}

#[async_trait]
impl Trust for Partly {
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer> {
        self.all.roots().await
    }
    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer> {
        Ok((self.known)(&self.all.authorities().await?))
    }
    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer> {
        self.all.crl(url).await
    }
    async fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        self.all.ocsp(url, request).await
    }
    async fn timestamp(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        self.all.timestamp(request).await
    }
}

async fn decision(
    town: &Town,
    certificate: &Certificate,
    known: fn(&[Certificate]) -> Vec<Certificate>,
) -> Decision {
    let base = town.client.base();
    let all = HttpTrust::at(client().unwrap(), base, base);
    let clock = town.get("/control/clock").await.unwrap()["now"].as_str().unwrap().parse().unwrap();
    let trust = Arc::new(Partly { all, known });
    let validator = Validator::new(trust, RevocationPolicy::default(), Clock::frozen_at(clock));
    validator.validate(certificate, &QUESTION).await.decision()
}

async fn rolls_over(town: &Town) -> NewKey {
    town.client.post("/ca/authorities/p256/key", None, &json!(null)).await.unwrap()
}

async fn revokes(town: &Town, key: &Key) {
    let path = format!("/ca/certificates/{}/revocation", key.serial);
    let _: Value = town.client.post(&path, None, &json!({ "reason": Reason::Superseded })).await.unwrap();
}

/// In the order of the centre: the newest key by the root, the older one, new with old, old with new.
fn everything(known: &[Certificate]) -> Vec<Certificate> {
    known.to_vec()
}

#[tokio::test]
async fn certificates_of_before_and_after_are_good_and_can_be_revoked() {
    let town = Town::up().await;
    let order = OrderRequest::of(Profile::Individual);
    let before = Key::order(&town, &order).await;
    let new = rolls_over(&town).await;
    assert_eq!(new.generation, 2);
    let after = Key::order(&town, &order).await;
    assert_ne!(before.certificate.akid(), after.certificate.akid());
    assert_eq!(before.certificate.issuer_der(), after.certificate.issuer_der());
    for key in [&before, &after] {
        assert_eq!(decision(&town, &key.certificate, everything).await, Decision::Accepted);
    }
    // Both keys sign the same list: it is that of one issuer.
    for (key, name) in [(&before, "p256"), (&after, "p256-2")] {
        revokes(&town, key).await;
        assert_eq!(decision(&town, &key.certificate, everything).await, Decision::Refused);
        for list in ["", "-delta"] {
            let list = town.client.bytes(&format!("/ca/crl/{name}{list}.crl")).await.unwrap();
            let list = Crl::from_der(&list).unwrap();
            assert_eq!(list.akid(), key.certificate.akid());
            assert!(list.find(key.certificate.serial()).unwrap().is_some());
        }
    }
    let cer = town.client.bytes("/ca/certificates/p256-2.cer").await.unwrap();
    assert_eq!(Certificate::from_der(&cer).unwrap().pem(), new.certificate);
    assert_eq!(rolls_over(&town).await.generation, 3);
}

#[tokio::test]
async fn whoever_knows_one_key_comes_to_the_other_by_the_certificates_between_them() {
    let town = Town::up().await;
    let order = OrderRequest::of(Profile::Individual);
    let before = Key::order(&town, &order).await;
    rolls_over(&town).await;
    let after = Key::order(&town, &order).await;
    let only_old: fn(&[Certificate]) -> Vec<Certificate> = |known| vec![known[1].clone()];
    let old_and_new_with_old: fn(&[Certificate]) -> Vec<Certificate> =
        |known| vec![known[1].clone(), known[2].clone()];
    let new_and_old_with_new: fn(&[Certificate]) -> Vec<Certificate> =
        |known| vec![known[0].clone(), known[3].clone()];
    assert_ne!(decision(&town, &after.certificate, only_old).await, Decision::Accepted);
    for known in [old_and_new_with_old, new_and_old_with_new] {
        for key in [&before, &after] {
            assert_eq!(decision(&town, &key.certificate, known).await, Decision::Accepted);
        }
    }
}

#[tokio::test]
async fn cases_go_on_over_the_change() {
    let town = Town::up().await;
    let mut early = Citizen::arrives(&town).await;
    early.enters().await.unwrap();
    rolls_over(&town).await;
    early.fills_in().await.unwrap();
    early.signs().await.unwrap();
    let mut late = Citizen::arrives(&town).await;
    late.applies().await.unwrap();
    let flaws = vec![Flaw::Revoked.name().to_owned()];
    let mut revoked = Citizen::arrives_with(&town, |order| OrderRequest { flaws, ..order }).await;
    revoked.enters().await.unwrap();
    let view = revoked.fills_in().await.unwrap();
    assert_eq!(view["shown"][0]["reasons"][0]["code"], "certificate-revoked");
}

#[tokio::test]
async fn only_a_hierarchy_that_there_is_gets_a_new_key() {
    let town = Town::up().await;
    for algorithm in ["gost512", "nonsense"] {
        let path = format!("/ca/authorities/{algorithm}/key");
        let problem = town.client.post::<Value>(&path, None, &json!(null)).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.system.as_deref()), ("not-found", Some("ca")));
    }
}
