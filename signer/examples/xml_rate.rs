//! What signed SOAP messages cost on one core, against the bare signatures over the same Body:
//! `cargo run --release -p signer --example xml_rate`.
//!
//! Medians of rounds of a twentieth of a second, the two sides by turns. On Linux the time is that which the thread had
//! the core for, so other work on the machine matters less. *Bare* is the key's own signature over the bytes of the
//! Body, their digest included. *Fields* is a Body of small elements with texts, *document* one long base64 text, as
//! documents travel.

use std::error::Error;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use certs::{Algorithm, Authority, Iin, KeyPair, Order, Person, Profile, SignatureAlgorithm, Subject};
use signer::xml::wss;

const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(50);

fn main() -> Result<(), Box<dyn Error>> {
    println!("µs: bare, signed SOAP, ratio      |     signing           |     verifying         |     both");
    for &algorithm in Algorithm::ALL {
        let at = "2026-11-20T09:00:00Z".parse()?;
        let authority = Authority::create(algorithm, "QAQPA RATE TEST", at, "http://127.0.0.1:1")?;
        let iin = Iin::never_issued(1);
        let person =
            Person {
                surname: "ҮЛГІБАЕВ".to_owned(), name: "СЫНАҚ".to_owned(), patronymic: None, iin
            };
        let order = Order::new(Subject::Person(person), Profile::Individual, algorithm);
        let issued = authority.issue(&order, at)?;
        let key = issued.key.ok_or("no key")?;
        for (what, body) in
            [("fields", fields(3_000)), ("fields", fields(20_000)), ("document", document(20_000))]
        {
            let name = format!("{} {what} {} KB", algorithm.name(), body.len() / 1000);
            measure(&name, &message(&body), &key, &issued.certificate)?;
        }
    }
    Ok(())
}

fn measure(
    name: &str,
    message: &str,
    key: &KeyPair,
    certificate: &certs::Certificate,
) -> Result<(), Box<dyn Error>> {
    let signed = wss::sign(message.as_bytes(), key, certificate)?;
    let body = wss::verify(signed.as_bytes(), &[])?.canonical().to_vec();
    let (identifier, bare) = (SignatureAlgorithm::of(key.algorithm()), key.sign(&body)?);
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        let round = [
            time(|| key.sign(&body).is_ok()),
            time(|| key.public_key().verify(&identifier, &body, &bare).is_ok()),
            time(|| wss::sign(message.as_bytes(), key, certificate).is_ok()),
            time(|| wss::verify(signed.as_bytes(), &[]).is_ok()),
        ];
        times.iter_mut().zip(round).for_each(|(all, one)| all.push(one));
    }
    let [sign, verify, sign_soap, verify_soap] = times.map(median);
    let cell = |bare: f64, soap: f64| format!("{bare:6.1} {soap:7.1} {:5.2}", soap / bare);
    println!(
        "{name:32}  | {} | {} | {}",
        cell(sign, sign_soap),
        cell(verify, verify_soap),
        cell(sign + verify, sign_soap + verify_soap)
    );
    Ok(())
}

fn message(body: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         <m:SendMessage xmlns:m=\"urn:test:message\"><request><requestData>{body}</requestData></request>\
         </m:SendMessage></soap:Body></soap:Envelope>"
    )
}

/// Typed data, as the people database has them.
fn fields(length: usize) -> String {
    let mut all = String::from("<data xmlns:p=\"urn:test:person\">");
    for number in 0.. {
        let _ = write!(
            all,
            "<p:address><p:district code=\"{number}\">Мұнайлы ауданы</p:district><p:street>Тәуелсіздік \
             көшесі</p:street><p:building>12 &amp; 14</p:building><p:beginDate>2016-10-03</p:beginDate></p:address>"
        );
        if all.len() >= length {
            break;
        }
    }
    all + "</data>"
}

fn document(length: usize) -> String {
    format!("<data>{}</data>", "PD94bWwgdmVyc2lvbj0iMS4wIj8+".repeat(length / 28))
}

/// Microseconds that something which works takes.
fn time(mut works: impl FnMut() -> bool) -> f64 {
    let (start, at_core, mut count) = (Instant::now(), core_time(), 0.0);
    while start.elapsed() < ROUND {
        if works() {
            count += 1.0;
        }
    }
    let used = core_time().zip(at_core).map(|(end, start)| end.saturating_sub(start));
    used.unwrap_or(start.elapsed()).as_secs_f64() * 1e6 / count
}

/// For how long this thread has had a core.
fn core_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
