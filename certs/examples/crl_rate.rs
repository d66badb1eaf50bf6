//! What a revocation list of national size costs: `cargo run --release -p certs --example crl_rate [ENTRIES]`.
//!
//! A list of 1.5 million entries, a reason in every third, is made and read from a file; then all of it is looked for,
//! and as many serials that are not in it. On Linux the time is that which the thread had the core for, so other work
//! on the machine matters less, and the memory is what the process has for itself alone.

use std::error::Error;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use certs::{Algorithm, Authority, Crl, PublicKey, Reason, RevokedEntry};
use jiff::Timestamp;

const ENTRIES: u64 = 1_500_000;
const ROUNDS: usize = 5;
/// What the process is started with that looks at its memory.
const MEMORY: &str = "--memory";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [first, path, key] = &arguments[..]
        && first == MEMORY
    {
        return memory(path.as_ref(), key);
    }
    let entries = arguments.first().map_or(Ok(ENTRIES), |count| count.parse())?;
    for algorithm in [Algorithm::P256, Algorithm::Rsa, Algorithm::Gost512] {
        let (file, key) = written(algorithm, entries)?;
        let loaded: Vec<_> = (0..ROUNDS).map(|_| loaded(file.path(), &key)).collect::<Result<_, _>>()?;
        let (reading, verifying) = (median(loaded.iter().map(|l| l.0)), median(loaded.iter().map(|l| l.1)));
        let together = median(loaded.iter().map(|(reading, verifying)| *reading + *verifying));
        println!("{algorithm}, {entries} entries, {} bytes:", file.as_file().metadata()?.len());
        println!("  loaded in {together:.0?}: read in {reading:.0?}, signature {verifying:.0?}");

        // In a process of its own: what this one used before would hide it.
        let mut other = Command::new(std::env::current_exe()?);
        other.arg(MEMORY).arg(file.path()).arg(hex::encode(key.spki_der())).status()?;
        let list = read(file.path())?;
        for (what, from) in [("in it", 0), ("not in it", entries)] {
            let lookup = looked_for(&list, from..from + entries, from == 0)?;
            println!("  a serial that is {what} is looked for in {} ns", lookup.as_nanos());
        }
    }
    Ok(())
}

/// Says how much memory a list takes that was read and verified.
fn memory(path: &Path, key: &str) -> Result<(), Box<dyn Error>> {
    let key = PublicKey::from_spki_der(&hex::decode(key)?)?;
    let before = private_bytes();
    let list = read(path)?;
    list.verify_signature(&key)?;
    if let Some((before, after)) = before.zip(private_bytes()) {
        let all = after.saturating_sub(before);
        let tenths = (all * 10).checked_div(list.len() as u64).unwrap_or_default();
        println!("  {all} bytes of private memory, {}.{} for each entry", tenths / 10, tenths % 10);
    }
    Ok(())
}

/// Twenty bytes that look like chance, as a centre makes them.
fn serial(n: u64) -> [u8; 20] {
    let mixed = |salt: u64| {
        let spread = (n ^ salt).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        spread.rotate_left(31).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_be_bytes()
    };
    let mut serial = [1; 20];
    serial[1..9].copy_from_slice(&mixed(1));
    serial[9..17].copy_from_slice(&mixed(2));
    serial[17..].copy_from_slice(&mixed(3)[..3]);
    serial
}

fn written(
    algorithm: Algorithm,
    entries: u64,
) -> Result<(tempfile::NamedTempFile, PublicKey), Box<dyn Error>> {
    let now = Timestamp::UNIX_EPOCH;
    let centre = Authority::create(algorithm, "QAQPA SANDBOX test", now, "http://127.0.0.1:1")?;
    let reason = |n| if n % 3 == 0 { Reason::CessationOfOperation } else { Reason::Unspecified };
    let entries: Vec<_> = (0..entries)
        .map(|n| RevokedEntry { serial: serial(n).to_vec(), at: now, reason: reason(n) })
        .collect();
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(&centre.crl(&entries, 1, now)?)?;
    Ok((file, centre.issuing().public_key().clone()))
}

fn read(path: &Path) -> Result<Crl, Box<dyn Error>> {
    Ok(Crl::from_der(&std::fs::read(path)?)?)
}

/// How long it takes to read the list, and to verify its signature.
fn loaded(path: &Path, key: &PublicKey) -> Result<(Duration, Duration), Box<dyn Error>> {
    let start = now();
    let list = read(path)?;
    let read = now();
    list.verify_signature(key)?;
    Ok((read.saturating_sub(start), now().saturating_sub(read)))
}

/// How long it takes to look for one.
fn looked_for(list: &Crl, which: std::ops::Range<u64>, is_there: bool) -> Result<Duration, Box<dyn Error>> {
    // In an order that is not the list's.
    let mut serials: Vec<_> = which.map(serial).collect();
    serials.sort_unstable();
    let start = now();
    for serial in &serials {
        if black_box(list.find(serial)?).is_some() != is_there {
            return Err("found what is not there, or not found what is".into());
        }
    }
    Ok(now().saturating_sub(start) / u32::try_from(serials.len())?)
}

/// For how long this thread has had a core; for how long it has been there where that is not known.
fn now() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let at_core = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = at_core.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// What the process has in memory for itself alone.
fn private_bytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let lines = text.lines().filter(|line| line.starts_with("Private_"));
    let kilobytes = lines.map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    Some(kilobytes.sum::<Option<u64>>()? * 1024)
}

fn median(durations: impl Iterator<Item = Duration>) -> Duration {
    let mut sorted: Vec<_> = durations.collect();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
