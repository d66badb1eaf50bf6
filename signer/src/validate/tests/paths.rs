//! Paths to a root.

use certs::{Algorithm, KeyPair, ObjectIdentifier, der, oid};

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
    let failure = Failure::IssuerUnknown { issuer: "CN=A".to_owned() };
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

/// A centre that knows these roots and authorities.
fn knowing(roots: Vec<Certificate>, authorities: Vec<Certificate>) -> Centre {
    let mut centre = Centre::p256();
    (centre.roots, centre.authorities) = (Ok(roots), Ok(authorities));
    centre
}

async fn path_of(centre: Centre, leaf: &Certificate) -> Outcome {
    outcome_of(&validator(centre).1, leaf, Check::PathToRoot).await.0
}

fn key() -> KeyPair {
    KeyPair::generate(Algorithm::P256).unwrap()
}

#[tokio::test]
async fn every_issuer_of_the_name_is_tried() {
    let (root_key, old_key, new_key, leaf_key) = (key(), key(), key(), key());
    let root = Draft::new("ROOT", &root_key).self_signed(&root_key);
    let old = Draft::new("CENTRE", &old_key).by(&root, &root_key);
    let new = Draft::new("CENTRE", &new_key).by(&root, &root_key);
    let expired = Draft { validity: (later(-9), later(-1)), ..Draft::new("CENTRE", &new_key) };
    let expired = expired.by(&root, &root_key);
    let leaf = Draft { ca: false, ..Draft::new("LEAF", &leaf_key) }.by(&new, &new_key);
    let known = vec![old.clone(), expired.clone(), new];
    assert_eq!(path_of(knowing(vec![root.clone()], known), &leaf).await, Outcome::Passed);
    // The first of the failures that came equally far is told.
    let failure = Failure::SignatureInvalid { issuer: "CN=CENTRE".to_owned() };
    let outcome = path_of(knowing(vec![root], vec![old, expired]), &leaf).await;
    assert_eq!(outcome, Outcome::Failed(failure));
}

#[tokio::test]
async fn a_new_key_certified_with_the_old_one_does_not_count_as_a_centre() {
    let (root_key, old_key, new_key, leaf_key) = (key(), key(), key(), key());
    let root = Draft::new("ROOT", &root_key).self_signed(&root_key);
    let old = Draft { path_len: Some(0), ..Draft::new("CENTRE", &old_key) }.by(&root, &root_key);
    let new_with_old = Draft::new("CENTRE", &new_key).by(&old, &old_key);
    let leaf = Draft { ca: false, ..Draft::new("LEAF", &leaf_key) }.by(&new_with_old, &new_key);
    assert_eq!(path_of(knowing(vec![root], vec![old, new_with_old]), &leaf).await, Outcome::Passed);
}

#[tokio::test]
async fn a_chain_of_more_centres_than_anybody_has_is_not_followed() {
    const NAMES: [&str; 10] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    let mut issuer_key = key();
    let root = Draft::new("ROOT", &issuer_key).self_signed(&issuer_key);
    let mut chain = vec![root.clone()];
    for name in NAMES {
        let own = key();
        chain.push(Draft::new(name, &own).by(chain.last().unwrap(), &issuer_key));
        issuer_key = own;
    }
    // Eight centres, the root among them.
    assert_eq!(path_of(knowing(vec![root.clone()], chain.clone()), &chain[8]).await, Outcome::Passed);
    let failure = Failure::PathTooLong { issuer: "CN=ROOT".to_owned(), limit: 8 };
    assert_eq!(path_of(knowing(vec![root], chain.clone()), &chain[9]).await, Outcome::Failed(failure));
}

#[tokio::test]
async fn a_thicket_of_centres_is_given_up() {
    // Each of a layer certified by each of the next, which ends nowhere.
    let keys: Vec<KeyPair> = (0..6).map(|_| key()).collect();
    let names = ["A", "B", "C", "D", "E", "F"];
    let mut authorities = Vec::new();
    for (name, own) in names.iter().zip(&keys) {
        for (other, other_key) in names.iter().zip(&keys).filter(|(other, _)| *other != name) {
            let issuer = Draft::new(other, other_key).self_signed(other_key);
            authorities.push(Draft::new(name, own).by(&issuer, other_key));
        }
    }
    let leaf = authorities[0].clone();
    let outcome = path_of(knowing(Vec::new(), authorities), &leaf).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::PathBudgetExceeded { limit: 200 }));
}

#[tokio::test]
async fn names_that_a_centre_does_not_allow_are_refused() {
    let host = |host: &str| der::element(0x82, &[host.as_bytes()]);
    let constraints = der::sequence(&[&der::element(0xa0, &[&der::sequence(&[&host("test.kz")])])]);
    let constraints = extension(oid::NAME_CONSTRAINTS, true, &constraints);
    for (name, allowed) in [("a.test.kz", true), ("a.test.kz.example", false)] {
        let mut chain = Chain::new();
        chain.upper.0.more.push(constraints.clone());
        let names = der::sequence(&[&host(name)]);
        chain.leaf.0.more.push(extension(oid::SUBJECT_ALT_NAME, false, &names));
        let failure = Failure::NameNotPermitted { issuer: "CN=UPPER".to_owned(), name: name.to_owned() };
        let expected = if allowed { Outcome::Passed } else { Outcome::Failed(failure) };
        assert_eq!(chain.outcome().await, expected);
    }
}

#[tokio::test]
async fn a_policy_that_a_centre_requires_must_hold_down_to_the_leaf() {
    let policy = |last: u8| {
        let id = ObjectIdentifier::new_unwrap("1.2.398.3.3.2.0").as_bytes().to_vec();
        let id = [&id[..id.len() - 1], &[last]].concat();
        let policies = der::sequence(&[&der::sequence(&[&der::element(der::OID, &[&id])])]);
        extension(oid::CERTIFICATE_POLICIES, false, &policies)
    };
    let required = extension(oid::POLICY_CONSTRAINTS, true, &der::sequence(&[&[0x80, 1, 0]]));
    for (leaf, holds) in [(policy(3), true), (policy(4), false)] {
        let mut chain = Chain::new();
        chain.upper.0.more.extend([required.clone(), policy(3)]);
        chain.lower.0.more.push(policy(3));
        chain.leaf.0.more.push(leaf);
        let failure = Failure::PolicyNotValid { subject: "CN=LEAF".to_owned() };
        let expected = if holds { Outcome::Passed } else { Outcome::Failed(failure) };
        assert_eq!(chain.outcome().await, expected);
    }
}

#[tokio::test]
async fn weak_algorithms_are_for_those_who_ask_for_them() {
    // What OpenSSL made with SHA-1 and 1024 bits.
    let root = Certificate::from_pem(include_str!("sha1_rsa1024.pem")).unwrap();
    let centre = Arc::new(knowing(vec![root.clone()], Vec::new()));
    let made = root.not_before();
    let new = || Validator::new(centre.clone(), of_the_certificate(), Clock::frozen_at(made));
    let refused = Failure::AlgorithmRefused { algorithm: "sha1WithRSAEncryption".to_owned() };
    let strict = outcome_of(&new(), &root, Check::PathToRoot).await.0;
    assert_eq!(strict, Outcome::Failed(refused));
    let algorithms = certs::AlgorithmPolicy::Legacy;
    let legacy = new().demanding(PathDemands { algorithms, ..PathDemands::default() });
    assert_eq!(outcome_of(&legacy, &root, Check::PathToRoot).await.0, Outcome::Passed);
}
