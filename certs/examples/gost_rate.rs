//! How fast GOST 34.10-2015 of 512 bits is on one core: `cargo run --release -p certs --example gost_rate`.
//!
//! Medians and best of rounds of 10 ms, hashing of a short message included, with a new key now and then. The best is
//! what the core does when it does nothing else.

#![expect(clippy::disallowed_methods, reason = "a stopwatch")]

use std::error::Error;
use std::time::{Duration, Instant};

use certs::{Algorithm, KeyPair, SignatureAlgorithm};

const KEYS: usize = 5;
const ROUNDS: usize = 40;
const ROUND: Duration = Duration::from_millis(10);
const MESSAGE: &[u8] =
    b"a message of some length, as a signed set of attributes in a document may have it, or so";

fn main() -> Result<(), Box<dyn Error>> {
    for &algorithm in Algorithm::ALL {
        let identifier = SignatureAlgorithm::of(algorithm);
        let (mut signing, mut verifying) = (Vec::new(), Vec::new());
        for _ in 0..KEYS {
            let key = KeyPair::generate(algorithm)?;
            let signature = key.sign(MESSAGE)?;
            for _ in 0..ROUNDS {
                signing.push(rate(|| key.sign(MESSAGE).is_ok()));
                verifying.push(rate(|| key.public_key().verify(&identifier, MESSAGE, &signature).is_ok()));
            }
        }
        for (what, rates) in [("signatures", signing), ("verifications", verifying)] {
            let (median, best) = middle_and_best(rates);
            println!("{:8} {median:>8.0} {what}/s, at best {best:>8.0}", algorithm.name());
        }
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

fn middle_and_best(mut rates: Vec<f64>) -> (f64, f64) {
    rates.sort_by(f64::total_cmp);
    let at = |index: usize| rates.get(index).copied().unwrap_or_default();
    (at(rates.len() / 2), at(rates.len() - 1))
}
