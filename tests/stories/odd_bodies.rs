//! Whatever comes over the wire, no system breaks: a few hundred odd bodies at every address.

use serde_json::{Value, json};
use tests::{Citizen, Town};

use crate::addresses::posts;

/// How many bodies each address gets.
const BODIES: usize = 40;

/// Knuth's MMIX generator: the same bodies in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

/// Bodies that are right somewhere: what is odd about them comes later.
fn right_bodies(citizen: &Citizen<'_>) -> Vec<Value> {
    let bytes = "MAMCAQE=";
    vec![
        json!({ "regulation": Citizen::regulation(), "channel": "portal" }),
        citizen.credentials(),
        citizen.form(),
        json!({ "signature": bytes }),
        json!({ "failing": ["documents-conform"], "grounds": "x" }),
        json!({ "envelope": bytes, "signature": bytes }),
        json!({ "reason": "keyCompromise" }),
        json!({ "profile": "individual", "iin": "auto", "name": "A B", "flaws": [], "algorithm": "p256" }),
        json!({ "profile": "head", "bin": "auto", "purpose": "signing", "password": "x", "encoding": "modern" }),
        json!({ "content": bytes, "pkcs12": bytes, "password": "x", "attached": true }),
        json!({ "cms": bytes, "content": bytes, "iin": citizen.iin, "role": "right-to-sign" }),
        json!({ "certificate": citizen.key.certificate.pem(), "at": "9999-12-30T21:59:59Z" }),
        json!({ "certificate": citizen.key.certificate.pem(), "at": "-009999-01-03T00:00:00Z" }),
        json!({ "set": "2000-01-01T00:00:00Z" }),
        json!({ "advance": "PT1S" }),
        json!({ "id": "another" }),
    ]
}

fn odd_value(dice: &mut Dice) -> Value {
    match dice.below(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1.0e300),
        4 => json!(u64::MAX),
        5 => json!([]),
        6 => json!({}),
        7 => json!(""),
        8 => json!("\u{0}\u{1}\u{7f}\u{feff}\u{202e}"),
        9 => json!("Ұ".repeat(70_000)),
        10 => json!([[[[{ "a": [null] }]]]]),
        _ => json!("../../%00'\";--"),
    }
}

/// One defect, or a few of them.
fn odd(dice: &mut Dice, right: &Value) -> Vec<u8> {
    let mut value = right.clone();
    let text = value.to_string().into_bytes();
    match dice.below(9) {
        0 => text[..dice.below(text.len())].to_vec(),
        1 => {
            let mut text = text;
            for _ in 0..=dice.below(4) {
                let at = dice.below(text.len());
                text[at] = u8::try_from(dice.below(256)).unwrap_or_default();
            }
            text
        }
        2 => [b"{\"a\":".repeat(50_000), b"1".to_vec()].concat(),
        3 => [b"[".repeat(100_000), b"]".repeat(100_000)].concat(),
        4 => vec![0xff, 0xfe, 0x00, 0xc0, 0x80, 0xed, 0xa0, 0x80],
        5 => [text.clone(), text].concat(),
        6 => odd_value(dice).to_string().into_bytes(),
        _ => {
            if let Some(object) = value.as_object_mut() {
                let names: Vec<String> = object.keys().cloned().collect();
                for _ in 0..=dice.below(3) {
                    let name = names[dice.below(names.len())].clone();
                    match dice.below(8) {
                        0 => drop(object.remove(&name)),
                        1 => drop(object.insert("unexpected".to_owned(), odd_value(dice))),
                        _ => drop(object.insert(name, odd_value(dice))),
                    }
                }
            }
            value.to_string().into_bytes()
        }
    }
}

#[tokio::test]
async fn no_body_makes_any_system_fail() {
    let town = Town::up().await;
    let citizen = Citizen::arrives(&town).await;
    let right = right_bodies(&citizen);
    let mut addresses = posts(&town).await;
    addresses.push("/ca/ocsp".to_owned());
    let mut dice = Dice(182);
    let mut sent = 0;
    for address in &addresses {
        for _ in 0..BODIES {
            let which = dice.below(right.len());
            let body = odd(&mut dice, &right[which]);
            let shown = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
            let answer = town.send_json(address, body).await;
            assert!(answer.status < 500, "{address} answered {} to {shown}", answer.status);
            if answer.status >= 400 {
                answer.problem();
            }
            sent += 1;
        }
    }
    assert!(sent >= 600, "{sent} bodies were sent");
    let mut another = Citizen::arrives(&town).await;
    assert_eq!(
        another.applies().await.unwrap()["position"]["state"],
        "elsewhere",
        "and everything still works"
    );
}

#[tokio::test]
async fn a_right_body_in_the_wrong_place_makes_no_system_fail() {
    let town = Town::up().await;
    let citizen = Citizen::arrives(&town).await;
    let right = right_bodies(&citizen);
    for address in &posts(&town).await {
        for body in &right {
            let answer = town.send_json(address, body.to_string()).await;
            assert!(answer.status < 500, "{address} answered {} to {body}", answer.status);
            if answer.status >= 400 {
                answer.problem();
            }
        }
    }
}

#[tokio::test]
async fn a_message_with_odd_data_makes_no_system_fail() {
    use signer::{Envelope, System};
    let town = Town::up().await;
    let portal = town.identity(System::Portal);
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let payload = tests::application(&citizen);
    let right = serde_json::to_value(&payload).unwrap();
    let mut dice = Dice(3084);
    for _ in 0..150 {
        let mut data = right.clone();
        let names: Vec<String> = data.as_object().map(|o| o.keys().cloned().collect()).unwrap_or_default();
        let name = &names[dice.below(names.len())];
        data[name.as_str()] = odd_value(&mut dice);
        let envelope = Envelope { data: data.clone(), ..tests::envelope(&portal, &payload) };
        let answer = town.deliver_raw(System::Gateway, &envelope.seal(&portal).unwrap()).await;
        assert!(answer.status < 500, "the gateway answered {} to {data}", answer.status);
        if answer.status >= 400 {
            answer.problem();
        }
    }
}
