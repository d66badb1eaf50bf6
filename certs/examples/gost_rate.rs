//! How fast GOST 34.10-2015 of 512 bits is on one core: `cargo run --release -p certs --example gost_rate`.
//!
//! Medians of rounds of a fifth of a second, hashing of a short message included, with a new key for every
//! verification round so that nothing could be kept of it.

#![expect(clippy::disallowed_methods, reason = "a stopwatch")]

use std::error::Error;
use std::time::{Duration, Instant};

use certs::{Algorithm, KeyPair, SignatureAlgorithm};

const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(200);
const MESSAGE: &[u8] =
    b"a message of some length, as a signed set of attributes in a document may have it, or so";

fn main() -> Result<(), Box<dyn Error>> {
    for &algorithm in Algorithm::ALL {
        let identifier = SignatureAlgorithm::of(algorithm);
        let (mut signing, mut verifying) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let key = KeyPair::generate(algorithm)?;
            let signature = key.sign(MESSAGE)?;
            signing.push(rate(|| key.sign(MESSAGE).is_ok()));
            verifying.push(rate(|| key.public_key().verify(&identifier, MESSAGE, &signature).is_ok()));
        }
        let (signing, verifying) = (median(signing), median(verifying));
        println!("{algorithm:8} {signing:>8.0} signatures/s {verifying:>8.0} verifications/s");
    }
    Ok(())
}

/// How often a second something works.
fn rate(mut works: impl FnMut() -> bool) -> f64 {
    let (start, mut count) = (Instant::now(), 0.0);
    while start.elapsed() < ROUND {
        if works() {
            count += 1.0;
        }
    }
    count / start.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}
