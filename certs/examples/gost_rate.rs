//! How fast the national algorithms are on one core, beside the others: `cargo run --release -p certs --example gost_rate`.
//!
//! Medians of rounds of a fifth of a second, hashing of a short message included, with a new key for each. On Linux the
//! time is that which the thread had the core for, so other work on the machine matters less.

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
        println!("{:8} {signing:>7.0} signatures/s {verifying:>7.0} verifications/s", algorithm.name());
    }
    Ok(())
}

/// How often a second something works.
fn rate(mut works: impl FnMut() -> bool) -> f64 {
    let (start, at_core, mut count) = (Instant::now(), core_time(), 0.0);
    while start.elapsed() < ROUND {
        if works() {
            count += 1.0;
        }
    }
    let used = core_time().zip(at_core).map(|(end, start)| end.saturating_sub(start));
    count / used.unwrap_or(start.elapsed()).as_secs_f64()
}

/// For how long this thread has had a core.
fn core_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}
