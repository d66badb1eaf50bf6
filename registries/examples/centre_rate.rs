//! What the certification centre does in a second, against the bare signatures:
//! `cargo run --release -p registries --example centre_rate`.
//!
//! *OCSP*: answers signed one by one over HTTP from a registry of some thousand certificates, asked by four clients
//! that only write a request and read its answer; server and clients share the machine. Bare are signatures of the
//! responder's algorithm by as many threads as there are cores, in the same run. *Certificates*: issued for a key at
//! hand on one core, without the registry.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on has no result")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use certs::ocsp::{self, CertId, CertIdHash};
use certs::{Algorithm, Authority, Clock, Iin, KeyPair, Order, Person, Profile, Subject};
use registries::ca::{self, CertificationCentre};
use registries::store::{SqliteStore, WorldId, WorldStore};

const DURATION: Duration = Duration::from_secs(3);
const CLIENTS: usize = 4;
const CERTIFICATES: usize = 1_000;

fn main() {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    for &algorithm in Algorithm::ALL {
        let bare = signatures(algorithm, cores);
        let answers = answers(algorithm);
        println!(
            "OCSP over HTTP, {:<10} {answers:>8.0} answers/s, {:.2} of {bare:.0} signatures/s",
            algorithm.name(),
            answers / bare
        );
    }
    for &algorithm in Algorithm::ALL {
        println!(
            "certificates, {:<10} {:>8.0} per second and core",
            algorithm.name(),
            certificates(algorithm)
        );
    }
}

fn order(algorithm: Algorithm) -> Order {
    let (surname, name) = ("ҮЛГІБАЕВ".to_owned(), "СЫНАҚ".to_owned());
    let person = Person { surname, name, patronymic: None, iin: Iin::never_issued(1) };
    Order::new(Subject::Person(person), Profile::Individual, algorithm)
}

/// How often threads do something within the time, each second.
fn rate(threads: usize, work: impl Fn() + Sync) -> f64 {
    let (done, begin) = (AtomicU64::new(0), Instant::now());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while begin.elapsed() < DURATION {
                    work();
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let done = u32::try_from(done.into_inner()).expect("few");
    f64::from(done) / begin.elapsed().as_secs_f64()
}

fn signatures(algorithm: Algorithm, cores: usize) -> f64 {
    let key = KeyPair::generate(algorithm).expect("a key");
    rate(cores, || drop(key.sign(&[0x5a; 400]).expect("it signs")))
}

fn certificates(algorithm: Algorithm) -> f64 {
    let now = Clock::system().now();
    let authority = Authority::create(algorithm, "QAQPA RATE TEST", now, "http://127.0.0.1:1").expect("it");
    let key = KeyPair::generate(algorithm).expect("a key");
    let order = Order { public_key: Some(key.public_key().clone()), ..order(algorithm) };
    rate(1, || drop(authority.issue(&order, now).expect("it is issued")))
}

fn answers(algorithm: Algorithm) -> f64 {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (address, requests) = runtime.block_on(serve(algorithm));
    let (next, failed) = (AtomicU64::new(0), AtomicBool::new(false));
    let connections = std::sync::Mutex::new(Vec::new());
    for _ in 0..CLIENTS {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("it is set");
        connections.lock().expect("nobody panicked").push(stream);
    }
    thread_local!(static STREAM: std::cell::RefCell<Option<TcpStream>> = const { std::cell::RefCell::new(None) });
    let answered = rate(CLIENTS, || {
        STREAM.with_borrow_mut(|stream| {
            let stream = stream.get_or_insert_with(|| {
                connections.lock().expect("nobody panicked").pop().expect("one for each")
            });
            let index = next.fetch_add(1, Ordering::Relaxed);
            let request = &requests[usize::try_from(index).unwrap_or(0) % requests.len()];
            if !is_answered(stream, request) {
                failed.store(true, Ordering::Relaxed);
            }
        });
    });
    assert!(!failed.into_inner(), "an answer was not one");
    answered
}

/// The centre at an address of its own, and requests about its certificates.
async fn serve(algorithm: Algorithm) -> (SocketAddr, Vec<Vec<u8>>) {
    let store = WorldStore::new(SqliteStore::ephemeral().expect("a store"), WorldId::default());
    let centre = CertificationCentre::open(store, Clock::system(), "http://127.0.0.1:1", algorithm).await;
    let centre = Arc::new(centre.expect("a centre"));
    let issuer = centre.hierarchies()[0].issuing().clone();
    let key = KeyPair::generate(algorithm).expect("a key");
    let mut requests = Vec::new();
    for number in 0..CERTIFICATES {
        let order = Order { public_key: Some(key.public_key().clone()), ..order(algorithm) };
        let certificate = centre.order(order).await.expect("it is issued").certificate;
        let id = CertId::new(CertIdHash::Sha256, &issuer, certificate.serial());
        let body = ocsp::request(&id, Some(u64::try_from(number).expect("few").to_be_bytes()));
        let head = format!(
            "POST /ocsp HTTP/1.1\r\nhost: {}\r\ncontent-type: application/ocsp-request\r\ncontent-length: {}\r\n\r\n",
            "127.0.0.1",
            body.len()
        );
        requests.push([head.into_bytes(), body].concat());
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move { axum::serve(listener, ca::router(centre)).await });
    (address, requests)
}

/// Sends a request and reads all of its answer.
fn is_answered(stream: &mut TcpStream, request: &[u8]) -> bool {
    stream.write_all(request).expect("it is sent");
    let (mut answer, mut chunk) = (Vec::new(), [0; 8_192]);
    loop {
        let read = stream.read(&mut chunk).expect("an answer");
        if read == 0 {
            return false;
        }
        answer.extend_from_slice(&chunk[..read]);
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let Some(length) = length.map(|length: usize| end + 4 + length) else { return false };
        if answer.len() >= length {
            // OCSPResponseStatus 0 (RFC 6960, 4.2.1) comes first.
            return head.starts_with("http/1.1 200")
                && answer[end + 4..].windows(3).any(|part| part == [10, 1, 0]);
        }
    }
}
