//! Answers of registers that are not what they should be. Nothing is decided by any of them: the case waits, says
//! why, and goes on by itself once the register answers as it should.

use certs::Profile;
use gateway::exchange::{About, Acknowledgement, Found, Response};
use registries::ca::OrderRequest;
use registries::people::Persona;
use serde_json::{Value, json};
use signer::{System, SystemIdentity};
use tests::{Asked, Counter, Desk, Key, Said, StandIn, Town};

/// What a register does wrong, and why its answer is not believed.
type Wrong = (&'static str, &'static str, Box<dyn Fn(&Asked) -> Said + Send + Sync>);

/// A town where a stand-in has the place of a register; its clock stands still.
async fn town_with(register: System) -> (Town, StandIn, SystemIdentity) {
    let stand_in = StandIn::listens().await;
    let town = Town::up().await;
    town.is_stood_in_for(register, &stand_in.url).await;
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    let identity = town.identity(register);
    (town, stand_in, identity)
}

/// The form is on the screen.
async fn has_received(town: &Town) -> Counter<'_> {
    let persona = Persona::AttorneyNotarised;
    let mut counter = Counter::visited_at(&town.client, StandIn::cast(persona)).await;
    counter.receives().await.unwrap();
    counter
}

/// The case waits for a register, and says for this reason.
async fn waits_for(counter: &mut Counter<'_>, step: &str, code: &str, reason: &str, what: &str) -> Value {
    counter.fills_in().await.unwrap();
    let view =
        counter.waits_until(|view| view["hindrance"].is_object() || tests::is_over(view)).await.unwrap();
    let hindrance = &view["hindrance"];
    assert_eq!(hindrance["code"], code, "{what}: {view:#}");
    if !reason.is_empty() {
        assert_eq!(hindrance["reason"], reason, "{what}: {hindrance}");
    }
    assert_eq!(hindrance["step"], step, "{what}: {hindrance}");
    assert_eq!(view["position"]["at"], step, "{what}: nothing is decided");
    assert_eq!(view["shown"], json!([]), "{what}");
    view
}

/// The journal says of what was not taken where it happened and why.
async fn is_noted(town: &Town, counter: &Counter<'_>, code: &str, step: &str, what: &str) {
    let journal = town.journal(&counter.case()).await;
    let refused: Vec<&Value> = journal
        .iter()
        .map(|entry| &entry["body"])
        .filter(|body| body["accepted"] == false && body["message_id"].is_string())
        .collect();
    assert!(!refused.is_empty(), "{what}: nothing is noted");
    for body in refused {
        assert_eq!(
            (&body["problem"]["code"], &body["problem"]["step"]),
            (&code.into(), &step.into()),
            "{what}: {body}"
        );
    }
}

/// The clock goes on, and with it the case, to the result.
async fn goes_on_to_the_end(town: &Town, counter: &mut Counter<'_>) {
    for turned in [json!({ "advance": "PT1S" }), json!("resume")] {
        town.post("/control/clock", &turned).await.unwrap();
    }
    let view =
        counter.waits_until(|view| view["awaits"]["step"] == "11.6" || tests::is_over(view)).await.unwrap();
    assert_eq!((&view["awaits"]["step"], &view["hindrance"]), (&"11.6".into(), &Value::Null), "{view:#}");
    assert_eq!(view["answers"].as_array().map(Vec::len), Some(3), "one answer of each");
    counter.scans_the_papers().await.unwrap();
    counter.signs().await.unwrap();
    let (desk, case) = (Desk::of(town), counter.case());
    desk.accepts(&case).await.unwrap();
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    desk.signs(&case, &staff).await.unwrap();
    counter.waits_until(|view| view["awaits"]["step"] == "11.11").await.unwrap();
    let view = counter.hands_over(counter.cast.iin).await.unwrap();
    assert_eq!(view["position"]["end"], "result");
}

/// Each is tried in a case of its own.
async fn none_is_believed(
    register: System,
    step: &str,
    wrongs: impl AsyncFnOnce(&Town, &SystemIdentity) -> Vec<Wrong>,
) {
    let (town, stand_in, identity) = town_with(register).await;
    for (what, reason, conduct) in wrongs(&town, &identity).await {
        stand_in.says(conduct);
        town.post("/control/clock", &json!("freeze")).await.unwrap();
        let mut counter = has_received(&town).await;
        let before = stand_in.asked().len();
        waits_for(&mut counter, step, "answer-refused", reason, what).await;
        assert_eq!(stand_in.asked().len(), before + 1, "{what}: asked once until the clock goes on");
        is_noted(&town, &counter, "answer-refused", step, what).await;
        stand_in.is_honest(&identity);
        goes_on_to_the_end(&town, &mut counter).await;
        let asked = &stand_in.asked()[before..];
        assert_eq!(asked.len(), 2, "{what}");
        assert_eq!(asked[0].query, asked[1].query, "{what}: the same question is asked again");
    }
}

/// The key of a system with the certificate of somebody else, or the other way round.
fn with_key(identity: &SystemIdentity, key: Key) -> SystemIdentity {
    SystemIdentity { key: key.key.into(), certificate: key.certificate, ..identity.clone() }
}

fn wrong(
    what: &'static str,
    reason: &'static str,
    conduct: impl Fn(&Asked) -> Said + Send + Sync + 'static,
) -> Wrong {
    (what, reason, Box::new(conduct))
}

#[tokio::test]
async fn an_answer_about_somebody_or_something_else() {
    none_is_believed(System::People, "11.3", async |_, people| {
        let other = StandIn::cast(Persona::ParentWithChild).iin;
        let us = people.clone();
        let about_other = wrong("about another person", "answer-to-other", move |asked| {
            asked.answered_otherwise(&us, |answer| {
                answer.about = About::Person { iin: other.to_string() };
                answer.found = asked.found_of(&answer.about);
            })
        });
        let us = people.clone();
        let found_other = wrong("another person found", "answer-to-other", move |asked| {
            asked.answered_otherwise(&us, |answer| {
                answer.found = asked.found_of(&About::Person { iin: other.to_string() });
            })
        });
        let us = people.clone();
        let power = StandIn::cast(Persona::AttorneyNotarised).power.unwrap();
        let found_power = wrong("a power of attorney", "answer-to-other", move |asked| {
            asked.answered_otherwise(&us, |answer| {
                let state = registries::notary::PowerState::Valid;
                answer.found = Some(Found::Power { power: power.clone(), state });
            })
        });
        let us = people.clone();
        let other_query = wrong("to another question", "answer-to-other", move |asked| {
            asked.answered_otherwise(&us, |answer| answer.query = uuid::Uuid::new_v4())
        });
        let us = people.clone();
        let other_case = wrong("of another case", "answer-to-other", move |asked| {
            asked.answered_otherwise(&us, |answer| answer.subject.case = uuid::Uuid::new_v4())
        });
        let us = people.clone();
        let other_type = wrong("as plain text", "answer-to-other", move |asked| {
            let mut document = Asked::document(&asked.answer(), &us);
            document.media_type = "text/plain".to_owned();
            asked.sealed(document, &us)
        });
        vec![about_other, found_other, found_power, other_query, other_case, other_type]
    })
    .await;
}

#[tokio::test]
async fn an_answer_about_another_power_of_attorney() {
    none_is_believed(System::Notary, "11.3b", async |_, notary| {
        let other = StandIn::cast(Persona::AttorneyForeign).power.unwrap();
        let us = notary.clone();
        let found_other = wrong("another power found", "answer-to-other", move |asked| {
            asked.answered_otherwise(&us, |answer| {
                let state = registries::notary::PowerState::Valid;
                answer.found = Some(Found::Power { power: other.clone(), state });
            })
        });
        let us = notary.clone();
        let a_person = wrong("a person found", "answer-to-other", move |asked| {
            let person = StandIn::cast(Persona::ParentWithChild).iin.to_string();
            let found = asked.found_of(&About::Person { iin: person });
            asked.answered_otherwise(&us, |answer| answer.found = found)
        });
        vec![found_other, a_person]
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_the_register_did_not_sign() {
    none_is_believed(System::People, "11.3", async |town, people| {
        let citizen = Key::order(town, &OrderRequest::of(Profile::Individual)).await;
        let stranger = Key::order(town, &OrderRequest::of(Profile::InformationSystem)).await;
        let mut wrongs = Vec::new();
        let others = [
            ("the notary registry", town.identity(System::Notary)),
            ("the gateway itself", town.identity(System::Gateway)),
            ("a citizen", with_key(people, citizen)),
            ("an unknown system", with_key(people, stranger)),
        ];
        for (what, other) in others {
            let (us, them) = (people.clone(), other.clone());
            wrongs.push(wrong(what, "certificate-not-bound", move |asked| {
                asked.sealed(Asked::document(&asked.answer(), &them), &us)
            }));
            let us = people.clone();
            wrongs.push(wrong(what, "certificate-not-bound", move |asked| {
                asked.sealed(Asked::document(&asked.answer(), &us), &other)
            }));
        }
        wrongs
    })
    .await;
}

#[tokio::test]
async fn an_answer_whose_signature_does_not_hold() {
    none_is_believed(System::People, "11.3", async |_, people| {
        let with = |what, reason, change: fn(&mut Vec<u8>, &mut Vec<u8>)| {
            let us = people.clone();
            wrong(what, reason, move |asked| {
                let mut document = Asked::document(&asked.answer(), &us);
                if let signer::Body::Detached { content, signature } = &mut document.body {
                    change(&mut content.0, &mut signature.0);
                }
                asked.sealed(document, &us)
            })
        };
        vec![
            with("no signature", "signature-malformed", |_, signature| signature.clear()),
            with("garbage", "signature-malformed", |_, signature| *signature = b"garbage".to_vec()),
            with("half a signature", "signature-malformed", |_, signature| {
                signature.truncate(signature.len() / 2);
            }),
            with("other content", "signature-invalid", |content, _| {
                *content = String::from_utf8_lossy(content).replace("person", "PERSON").into_bytes();
            }),
            with("a blank more", "signature-invalid", |content, _| content.push(b' ')),
        ]
    })
    .await;
}

#[tokio::test]
async fn an_envelope_that_does_not_answer() {
    none_is_believed(System::People, "11.3", async |_, people| {
        let seal = |what, reason, change: fn(&Asked, &mut signer::Envelope)| {
            let us = people.clone();
            wrong(what, reason, move |asked| {
                let document = Asked::document(&asked.answer(), &us);
                let mut envelope = asked.envelope_of(&Response::Answer(document), &us);
                change(asked, &mut envelope);
                Said::Sealed(envelope.seal(&us).expect("it seals"))
            })
        };
        let body = |what, reason, body: &'static [u8]| {
            wrong(what, reason, move |_| Said::Body(200, "text/html", body.to_vec()))
        };
        let us = people.clone();
        let broken_seal = wrong("a broken seal", "signature-invalid", move |asked| {
            let Said::Sealed(mut sealed) = asked.answered_by(&us) else { unreachable!("it seals") };
            sealed.envelope.0.push(b' ');
            Said::Sealed(sealed)
        });
        vec![
            seal("another correlation id", "answer-to-other", |_, e| {
                e.correlation_id = Some(uuid::Uuid::new_v4());
            }),
            seal("no correlation id", "answer-to-other", |_, e| e.correlation_id = None),
            seal("correlated with the question", "answer-to-other", |asked, e| {
                e.correlation_id = Some(asked.query.query);
            }),
            seal("no data", "malformed-json", |_, e| e.data = Value::Null),
            seal("other data", "malformed-json", |_, e| e.data = json!({ "answer": "yes" })),
            body("a page", "malformed-json", b"<!doctype html><title>500</title>"),
            body("an empty body", "malformed-json", b""),
            body("no text at all", "malformed-json", &[0xff, 0xfe, 0, 0]),
            broken_seal,
        ]
    })
    .await;
}

#[tokio::test]
async fn an_acknowledgement_is_no_answer() {
    none_is_believed(System::People, "11.3", async |_, people| {
        let us = people.clone();
        vec![wrong("an acknowledgement", "answer-to-other", move |asked| {
            let acknowledgement = Acknowledgement {
                message_id: asked.envelope.message_id,
                accepted_at: certs::Clock::system().now(),
                accepted_by: "people".to_owned(),
            };
            let envelope = asked.envelope_of(&Response::Acknowledgement(acknowledgement), &us);
            Said::Sealed(envelope.seal(&us).expect("it seals"))
        })]
    })
    .await;
}

#[tokio::test]
async fn a_document_that_is_no_answer() {
    none_is_believed(System::People, "11.3", async |_, people| {
        let content = |what, content: Value| {
            let us = people.clone();
            wrong(what, "envelope-malformed", move |asked| {
                asked.sealed(tests::signed(&content, &us.key, &us.certificate), &us)
            })
        };
        let us = people.clone();
        let without_found = wrong("a person without a number", "envelope-malformed", move |asked| {
            let mut answer = serde_json::to_value(asked.answer()).unwrap();
            answer["found"]["person"]["iin"] = json!("12");
            asked.sealed(tests::signed(&answer, &us.key, &us.certificate), &us)
        });
        vec![
            content("nothing", Value::Null),
            content("a word", json!("found")),
            content("another document", json!({ "document": "referral" })),
            without_found,
        ]
    })
    .await;
}
