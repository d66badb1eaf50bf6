//! Paths to a root.

use certs::{Algorithm, KeyPair, ObjectIdentifier, oid};

use super::*;
use crate::NoAnswer;
use crate::testing::{Draft, extension, later, order};

/// Root, two centres below, a leaf; each can be changed before the path is looked for.
struct Chain {
    root: (Draft, KeyPair),
    upper: (Draft, KeyPair),
    lower: (Draft, KeyPair),
    leaf: (Draft, KeyPair),
}

impl Chain {
    fn new() -> Self {
        let member = |name| {
            let key = KeyPair::generate(Algorithm::P256).unwrap();
            (Draft::new(name, &key), key)
        };
        let mut leaf = member("LEAF");
        leaf.0.ca = false;
        Self { root: member("ROOT"), upper: member("UPPER"), lower: member("LOWER"), leaf }
    }

    async fn outcome(&self) -> Outcome {
        let root = self.root.0.self_signed(&self.root.1);
        let upper = self.upper.0.by(&root, &self.root.1);
        let lower = self.lower.0.by(&upper, &self.upper.1);
        let leaf = self.leaf.0.by(&lower, &self.lower.1);
        let mut centre = Centre::p256();
        centre.roots = Ok(vec![root]);
        centre.authorities = Ok(vec![lower, upper]);
        outcome_of(&validator(centre).1, &leaf, Check::PathToRoot).await.0
    }
}

#[tokio::test]
async fn a_path_over_several_centres_is_found() {
    assert_eq!(Chain::new().outcome().await, Outcome::Passed);
    let mut limited = Chain::new();
    limited.root.0.path_len = Some(2);
    limited.upper.0.path_len = Some(1);
    limited.lower.0.path_len = Some(0);
    assert_eq!(limited.outcome().await, Outcome::Passed);
    let mut unsaid = Chain::new();
    unsaid.lower.0.usage = None;
    assert_eq!(unsaid.outcome().await, Outcome::Passed);
}

#[tokio::test]
async fn a_limit_on_the_length_counts_the_centres_below() {
    let mut chain = Chain::new();
    chain.upper.0.path_len = Some(0);
    let failure = Failure::PathTooLong { issuer: "CN=UPPER".to_owned(), limit: 0 };
    assert_eq!(chain.outcome().await, Outcome::Failed(failure));
    let mut chain = Chain::new();
    chain.root.0.path_len = Some(1);
    let failure = Failure::PathTooLong { issuer: "CN=ROOT".to_owned(), limit: 1 };
    assert_eq!(chain.outcome().await, Outcome::Failed(failure));
}

#[tokio::test]
async fn only_centres_issue() {
    let mut chain = Chain::new();
    chain.lower.0.ca = false;
    let failure = Failure::NotACa { issuer: "CN=LOWER".to_owned() };
    assert_eq!(chain.outcome().await, Outcome::Failed(failure.clone()));
    let mut chain = Chain::new();
    chain.lower.0.usage = Some(certs::KeyUsage::SIGNING);
    assert_eq!(chain.outcome().await, Outcome::Failed(failure));
}

#[tokio::test]
async fn a_centre_must_be_valid_at_the_moment_to_the_second() {
    for (validity, good) in [
        ((at(), at()), true),
        ((later(1), later(9)), false),
        ((later(-9), later(-1)), false),
        ((later(-9), at()), true),
    ] {
        let mut chain = Chain::new();
        chain.upper.0.validity = validity;
        let (not_before, not_after) = validity;
        let failure =
            Failure::IssuerNotValid { issuer: "CN=UPPER".to_owned(), not_before, not_after, at: at() };
        let expected = if good { Outcome::Passed } else { Outcome::Failed(failure) };
        assert_eq!(chain.outcome().await, expected);
    }
}

#[tokio::test]
async fn critical_extensions_that_nobody_evaluates_refuse_wherever_they_stand() {
    let strange = extension(ObjectIdentifier::new_unwrap("1.2.3.4"), true, &[5, 0]);
    let failure = Failure::CriticalExtension { oid: "1.2.3.4".to_owned() };
    let mut chain = Chain::new();
    chain.leaf.0.more.push(strange.clone());
    assert_eq!(chain.outcome().await, Outcome::Failed(failure.clone()));
    let mut chain = Chain::new();
    chain.upper.0.more.push(strange);
    assert_eq!(chain.outcome().await, Outcome::Failed(failure));
}

#[tokio::test]
async fn a_signature_with_a_broken_digest_is_refused_by_name() {
    let mut chain = Chain::new();
    chain.leaf.0.algorithm = Some(oid::ECDSA_WITH_SHA1);
    let failure = Failure::AlgorithmRefused { algorithm: "ecdsa-with-SHA1".to_owned() };
    assert_eq!(chain.outcome().await, Outcome::Failed(failure));
}

#[tokio::test]
async fn a_signature_by_another_key_is_invalid() {
    let mut chain = Chain::new();
    chain.upper.1 = KeyPair::generate(Algorithm::P256).unwrap();
    let failure = Failure::SignatureInvalid { issuer: "CN=UPPER".to_owned() };
    assert_eq!(chain.outcome().await, Outcome::Failed(failure));
}

#[tokio::test]
async fn two_centres_that_certify_each_other_lead_nowhere() {
    let (a, b) = (KeyPair::generate(Algorithm::P256).unwrap(), KeyPair::generate(Algorithm::P256).unwrap());
    let (draft_a, draft_b) = (Draft::new("A", &a), Draft::new("B", &b));
    let a_by_b = draft_a.by(&draft_b.self_signed(&b), &b);
    let b_by_a = draft_b.by(&draft_a.self_signed(&a), &a);
    let mut centre = Centre::p256();
    centre.authorities = Ok(vec![a_by_b.clone(), b_by_a]);
    let failure = Failure::PathTooLong { issuer: "CN=B".to_owned(), limit: 8 };
    let outcome = outcome_of(&validator(centre).1, &a_by_b, Check::PathToRoot).await.0;
    assert_eq!(outcome, Outcome::Failed(failure));
}

#[tokio::test]
async fn a_centre_of_the_same_name_is_told_apart_by_its_key() {
    let stranger = Centre::stranger();
    let certificate = stranger.issue(&order(Algorithm::P256));
    let failure = Failure::IssuerUnknown { issuer: certificate.issuer() };
    let outcome = outcome_of(&validator(Centre::p256()).1, &certificate, Check::PathToRoot).await.0;
    assert_eq!(outcome, Outcome::Failed(failure));
}

#[tokio::test]
async fn a_silent_centre_leaves_the_path_unknown_and_says_why() {
    for silent in [true, false] {
        let mut centre = Centre::p256();
        let certificate = centre.issue(&order(Algorithm::P256));
        let silence = Err(NoAnswer::new("connection refused"));
        *(if silent { &mut centre.roots } else { &mut centre.authorities }) = silence;
        let doubt = Doubt::CentreUnreachable { why: "connection refused".to_owned() };
        let outcome = outcome_of(&validator(centre).1, &certificate, Check::PathToRoot).await.0;
        assert_eq!(outcome, Outcome::Unknown(doubt));
    }
}
