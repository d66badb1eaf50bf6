//! Whatever is sent to the counter's addresses and to the registers, no system breaks.

use gateway::exchange::About;
use registries::people::Persona;
use serde_json::{Value, json};
use signer::{Bytes, System};
use tests::{Counter, REQUIRED, Town, envelope, query, question, signed};
use uuid::Uuid;

/// Values that are not what was asked for.
fn odd_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.0e300),
        json!([]),
        json!({}),
        json!(""),
        json!("\u{0}\u{1}\u{7f}\u{feff}\u{202e}"),
        json!("Ұ".repeat(20_000)),
        json!([[[[{ "a": [null] }]]]]),
        json!("../../%00\u{0}'\";--"),
        json!(["birth-certificate", null, 7]),
    ]
}

/// Every field of a body, one after the other, in every odd way; and bodies that are odd as a whole.
fn odd_bodies(right: &Value) -> Vec<String> {
    let mut bodies =
        vec![String::new(), "[".repeat(50_000), right.to_string() + "}", "\u{feff}{}".to_owned()];
    for odd in odd_values() {
        bodies.push(odd.to_string());
        for name in right.as_object().into_iter().flatten().map(|(name, _)| name) {
            let mut body = right.clone();
            body[name] = odd.clone();
            bodies.push(body.to_string());
            for inner in right[name].as_object().into_iter().flatten().map(|(inner, _)| inner) {
                let mut body = right.clone();
                body[name][inner] = odd.clone();
                bodies.push(body.to_string());
            }
        }
    }
    bodies
}

/// Posts a body, which may be refused and may not break anything.
async fn breaks_nothing(counter: &Counter<'_>, town: &Town, path: &str, body: &str) {
    let url = format!("{}{path}", town.client.base());
    let request =
        town.client.http().post(&url).header("content-type", "application/json").body(body.to_owned());
    let request = match &counter.token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let response = request.send().await.unwrap();
    let (status, shown) = (response.status().as_u16(), body.chars().take(200).collect::<String>());
    assert!((400..500).contains(&status), "{path} answered {status} to {shown}");
    let problem: signer::Problem = response.json().await.expect("a problem document");
    assert_eq!(problem.status, status, "{shown}");
}

#[tokio::test]
async fn no_body_breaks_a_deed_that_is_awaited() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::AttorneyNotarised).await;
    let deeds = ["consent", "package", "session", "request", "papers", "signature"];
    let mut sent = 0;
    for deed in deeds {
        let right = match deed {
            "consent" => json!({ "consent": "given" }),
            "package" => json!({ "presented": REQUIRED }),
            "session" => counter.credentials(),
            "request" => counter.form(),
            "papers" => counter.scans(),
            _ => json!({ "signature": Bytes(vec![0x30, 0x80]) }),
        };
        let path = format!("{}/{deed}", counter.path());
        for body in odd_bodies(&right) {
            // Nothing presented, nothing on paper, and nobody who came for the recipient: right bodies that decide.
            let decides = serde_json::from_str::<Value>(&body).is_ok_and(|body| match deed {
                "package" => body["presented"] == json!([]),
                "request" => body.is_object() && body["representative"].is_null(),
                "papers" => body["papers"] == json!([]),
                _ => false,
            });
            if !decides {
                breaks_nothing(&counter, &town, &path, &body).await;
                sent += 1;
            }
        }
        match deed {
            "session" => {
                town.post("/control/clock", &json!({ "advance": "PT16M" })).await.unwrap();
                counter.signs_in().await.unwrap();
            }
            "request" => drop(counter.asks_the_registers().await.unwrap()),
            "signature" => drop(counter.signs().await.unwrap()),
            _ => drop(counter.deed(deed, &right).await.unwrap()),
        }
    }
    assert!(sent > 200, "{sent} bodies were sent");
    counter.waits_until(|view| view["registration"].is_object()).await.expect("and everything still works");
    assert_eq!(town.refusals(&counter.case()).await.len(), sent, "each try is in the journal");
}

#[tokio::test]
async fn no_question_breaks_a_register() {
    let town = Town::up().await;
    let (workstation, gateway) = (town.identity(System::Workstation), town.identity(System::Gateway));
    let about =
        [About::Person { iin: "000000000000".to_owned() }, About::Power { number: "TEST-1".to_owned() }];
    for about in about {
        let register = if matches!(about, About::Person { .. }) { System::People } else { System::Notary };
        let right = query(Uuid::new_v4(), about);
        let payload = question(&right, &workstation);
        for body in odd_bodies(&serde_json::to_value(&right).unwrap()) {
            let Ok(content) = serde_json::from_str::<Value>(&body) else { continue };
            let mut payload = payload.clone();
            payload.document = signed(&content, &workstation.key, &workstation.certificate);
            for (to, sending) in [(System::Gateway, &workstation), (register, &gateway)] {
                let sealed = envelope(sending, &payload).seal(sending).unwrap();
                let answer = town.deliver_raw(to, &sealed).await;
                let shown: String = body.chars().take(300).collect();
                assert!(
                    answer.status < 500,
                    "the {to} answered {} to {shown}: {}",
                    answer.status,
                    answer.json()
                );
                if answer.status >= 400 {
                    answer.problem();
                }
            }
        }
    }
}
