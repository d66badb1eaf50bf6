//! What a verdict costs beside the signatures that it rests on:
//! `cargo run --release -p signer --example validation_rate`.
//!
//! Medians of rounds on one core, the sides by turns. *Seen*: the certificate was judged before and its centre has
//! nothing new to say; one signature of a document is verified. *New*: another certificate of the same issuer, whose
//! lists are known; its signature is verified and that of the document. Bare are the same verifications by the same
//! library over the same bytes.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use certs::verdict::Check;
use certs::{
    Algorithm, Authority, Certificate, Clock, Iin, KeyPair, Order, Person, Profile, SignatureAlgorithm,
    Subject,
};
use jiff::Timestamp;
use signer::validate::{Method, Question, RevocationPolicy, Validator};
use signer::{Document, NoAnswer, Trust};

const ROUNDS: usize = 21;
/// Certificates of each round.
const EACH: usize = 20;
const CHECKS: [Check; 4] = [Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked, Check::KeyUsage];

/// A centre whose lists are at hand.
struct Centre {
    authority: Authority,
    list: Arc<[u8]>,
    root_list: Arc<[u8]>,
    delta: Arc<[u8]>,
}

impl Centre {
    fn create(algorithm: Algorithm, at: Timestamp) -> Result<Self, Box<dyn Error>> {
        let authority = Authority::create(algorithm, "QAQPA RATE TEST", at, "http://127.0.0.1:1")?;
        let (list, root_list) = (authority.crl(&[], 1, at)?.into(), authority.root_crl(&[], 1, at)?.into());
        let delta = authority.delta_crl(&[], 1, 1, at)?.into();
        Ok(Self { authority, list, root_list, delta })
    }
}

#[async_trait]
impl Trust for Centre {
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer> {
        Ok(vec![self.authority.root().clone()])
    }

    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer> {
        Ok(vec![self.authority.issuing().clone()])
    }

    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer> {
        Ok(match url {
            _ if url.ends_with("-root.crl") => self.root_list.clone(),
            _ if url.ends_with("-delta.crl") => self.delta.clone(),
            _ => self.list.clone(),
        })
    }

    async fn ocsp(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        Err(NoAnswer::new("not asked"))
    }

    async fn timestamp(&self, _: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        Err(NoAnswer::new("not asked"))
    }

    async fn revision(&self) -> Option<u64> {
        Some(1)
    }
}

/// A document with its signature, bare and as CMS.
struct Signed {
    certificate: Certificate,
    bare: Vec<u8>,
    document: Document,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("µs per document           bare  verdict  ratio | with CMS read too, ratio");
    for &algorithm in Algorithm::ALL {
        measure(algorithm).await?;
    }
    Ok(())
}

async fn measure(algorithm: Algorithm) -> Result<(), Box<dyn Error>> {
    let at: Timestamp = "2026-11-20T09:00:00Z".parse()?;
    let centre = Arc::new(Centre::create(algorithm, at)?);
    let key = KeyPair::generate(algorithm)?;
    let content = br#"{"specimen":"TEST"}"#.repeat(50);
    let identifier = SignatureAlgorithm::of(algorithm);
    let bare = key.sign(&content)?;
    let mut signed = Vec::new();
    for _ in 0..ROUNDS * EACH {
        let name = ("ҮЛГІБАЕВ".to_owned(), "СЫНАҚ".to_owned());
        let person = Person { surname: name.0, name: name.1, patronymic: None, iin: Iin::never_issued(1) };
        let order = Order::new(Subject::Person(person), Profile::Individual, algorithm);
        let order = Order { public_key: Some(key.public_key().clone()), ..order };
        let certificate = centre.authority.issue(&order, at)?.certificate;
        let document = Document::sign(content.clone(), "application/json", &key, &certificate, at)?;
        signed.push(Signed { certificate, bare: bare.clone(), document });
    }
    let policy = RevocationPolicy { ask: vec![Method::Crl], ..RevocationPolicy::default() };
    let validator = Validator::new(centre.clone(), policy, Clock::frozen_at(at));
    let question = Question { checks: &CHECKS, declared: None, roles: &[] };
    let first = &signed[0];
    let verdict = validator.validate(&first.certificate, &question).await;
    assert!(verdict.passed(), "{verdict:?}");
    let issuer = centre.authority.issuing().public_key();
    let verify = |signed: &Signed| {
        key.public_key().verify(&identifier, &content, &signed.bare).is_ok_and(|()| black_box(true))
    };
    let mut times = [const { Vec::new() }; 6];
    for round in signed.chunks(EACH) {
        let mut all = [Duration::ZERO; 6];
        for one in round {
            let (certificate, begin) = (&one.certificate, Instant::now());
            assert!(verify(first));
            let bare_one = begin.elapsed();
            let begin = Instant::now();
            assert!(verify(first) && validator.validate(&first.certificate, &question).await.passed());
            let seen = begin.elapsed();
            let begin = Instant::now();
            let read = first.document.verify()?;
            assert!(validator.validate(&read.sole_signer()?.certificate, &question).await.passed());
            let seen_read = begin.elapsed();
            let begin = Instant::now();
            assert!(verify(one) && certificate.verify_signature(issuer).is_ok());
            let bare_two = begin.elapsed();
            let begin = Instant::now();
            assert!(verify(one) && validator.validate(certificate, &question).await.passed());
            let new = begin.elapsed();
            let begin = Instant::now();
            let read = one.document.verify()?;
            let new_read = begin.elapsed() + new.saturating_sub(bare_one);
            assert_eq!(read.sole_signer()?.certificate, *certificate);
            let took = [bare_one, seen, seen_read, bare_two, new, new_read];
            all.iter_mut().zip(took).for_each(|(sum, one)| *sum += one);
        }
        times.iter_mut().zip(all).for_each(|(all, one)| all.push(one / u32::try_from(EACH).unwrap_or(1)));
    }
    let [bare_one, seen, seen_read, bare_two, new, new_read] = times.map(|mut all| {
        all.sort();
        all[ROUNDS / 2].as_secs_f64() * 1e6
    });
    for (what, bare, verdict, read) in [("seen", bare_one, seen, seen_read), ("new", bare_two, new, new_read)]
    {
        println!(
            "{:<10} {what:<5} {bare:>12.1} {verdict:>8.1} {:>6.2} | {read:>8.1} {:>6.2}",
            algorithm.name(),
            verdict / bare,
            read / bare
        );
    }
    Ok(())
}
