//! Registration at the regional workstation: numbers, and who may say them.

use gateway::exchange::{Organisation, Payload, Registration, SPECIMEN};
use gateway::regulation::Message;
use registries::people::Persona;
use serde_json::{Value, json};
use signer::{Sealed, System, SystemIdentity};
use tests::{Counter, Desk, Town, envelope, signed, subject};

/// A registration of a case that a system made up and another one sealed.
fn registration(
    counter: &Counter<'_>,
    number: &str,
    signs: &SystemIdentity,
    seals: &SystemIdentity,
) -> Sealed {
    let case = counter.case().parse().unwrap();
    let content = Registration {
        specimen: SPECIMEN.to_owned(),
        subject: subject(case),
        number: number.to_owned(),
        registered_at: certs::Clock::system().now(),
        organisation: Organisation { name: "ҮЛГІ".to_owned(), bin: "000000000000".to_owned() },
        accepted_by: None,
        answer_due: None,
    };
    let document = signed(&content, &signs.key, &signs.certificate);
    let payload = Payload::of(subject(case), Message::Registration, document);
    envelope(seals, &payload).seal(seals).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_of_many_at_once_have_no_gaps_and_no_doubles() {
    let town = Town::up().await;
    let mut counters = Vec::new();
    for _ in 0..20 {
        let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
        counter.is_about_to_sign().await.unwrap();
        counters.push(counter);
    }
    let mut signing = tokio::task::JoinSet::new();
    for counter in &counters {
        let (client, token) = (town.client.clone(), counter.token.clone());
        let path = format!("{}/signature", counter.path());
        let body = json!({ "signature": counter.key.sign(&counter.to_sign()) });
        signing.spawn(async move { client.post::<Value>(&path, token.as_deref(), &body).await });
    }
    assert!(signing.join_all().await.iter().all(Result::is_ok), "every application is acknowledged");
    let mut numbers = Vec::new();
    for counter in &mut counters {
        counter.looks().await.unwrap();
        let view = counter.waits_until(|view| view["registration"].is_object()).await.unwrap();
        numbers.push(view["registration"]["number"].as_str().unwrap().to_owned());
    }
    numbers.sort();
    assert_eq!(numbers, (1..=20).map(|number| format!("TEST-{number:06}")).collect::<Vec<_>>());
    let journal = town.get("/regional-workstation/registrations").await.unwrap();
    let noted: Vec<&str> = journal.as_array().unwrap().iter().filter_map(|e| e["number"].as_str()).collect();
    assert_eq!(noted, numbers, "in their order");
}

#[tokio::test]
async fn a_number_that_the_regional_workstation_did_not_give_is_refused() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
    counter.applies().await.unwrap();
    let view = counter.waits_until(|view| view["registration"].is_object()).await.unwrap();
    let (gateway, regional) = (town.identity(System::Gateway), town.identity(System::RegionalWorkstation));
    for other in [System::Portal, System::Provider, System::Workstation, System::Notary] {
        let other = town.identity(other);
        // As if it came from the regional workstation, and with its envelope around somebody else's document.
        let sealed = registration(&counter, "TEST-999999", &other, &other);
        town.deliver_raw(System::Gateway, &sealed).await.is("route-unknown");
        let sealed = registration(&counter, "TEST-999999", &other, &regional);
        let problem = town.deliver_raw(System::Gateway, &sealed).await.is("certificate-not-bound");
        assert_eq!(problem.step.as_deref(), Some("11.8"), "{problem}");
        let sealed = registration(&counter, "TEST-999999", &other, &gateway);
        let problem = town.deliver_raw(System::Workstation, &sealed).await.is("certificate-not-bound");
        assert_eq!(problem.system.as_deref(), Some("workstation"), "the workstation looks for itself");
    }
    for number in ["", " ", "a\u{0}b", &"9".repeat(65)] {
        let sealed = registration(&counter, number, &regional, &regional);
        town.deliver_raw(System::Gateway, &sealed).await.is("envelope-malformed");
    }
    let now = counter.looks().await.unwrap();
    assert_eq!(now["registration"], view["registration"], "the first number stands");
}

#[tokio::test]
async fn a_case_is_registered_once() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
    counter.applies().await.unwrap();
    let first = counter.waits_until(|view| view["registration"].is_object()).await.unwrap();
    let (gateway, regional) = (town.identity(System::Gateway), town.identity(System::RegionalWorkstation));
    let second = registration(&counter, "TEST-999999", &regional, &gateway);
    let problem = town.deliver_raw(System::Workstation, &second).await.is("step-out-of-order");
    assert_eq!(problem.step.as_deref(), Some("11.8"), "{problem}");
    let stranger = Counter::visited_by(&town, Persona::ParentWithChild).await;
    let never_sent = registration(&stranger, "TEST-999998", &regional, &gateway);
    town.deliver_raw(System::Workstation, &never_sent).await.is("step-out-of-order");
    counter.opens_a_case().await.unwrap();
    let view = counter.view.clone();
    assert_eq!(view["registration"], Value::Null);
    assert_ne!(view["case"], first["case"]);
}

#[tokio::test]
async fn a_number_that_comes_after_the_outcome_still_lands() {
    // The regional workstation hands the application on and keeps the number to itself.
    let town = Town::where_one_follows(System::RegionalWorkstation, |text| {
        let text = text.replacen("does     = [\"record\", \"send\"]", "does     = [\"record\"]", 1).replacen(
            "sends    = { message = \"registration\", to = \"workstation\", through = [\"gateway\"] }\n",
            "",
            1,
        );
        let text = text.replacen(
            "inferred = [\"receives\", \"sends\", \"then\"]",
            "inferred = [\"receives\", \"then\"]",
            1,
        );
        let step = |at: &str| {
            text.find(&format!("[[channel.state-corporation.step]]\nat       = \"{at}\"")).unwrap()
        };
        format!("{}{}", &text[..step("11.8c")], &text[step("11.9")..])
    })
    .await;
    let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
    counter.applies().await.unwrap();
    let (desk, case) = (Desk::of(&town), counter.case());
    desk.accepts(&case).await.unwrap();
    let staff = desk.staff(certs::Profile::AuthorisedPerson).await;
    desk.signs(&case, &staff).await.unwrap();
    let view = counter.waits_until(|view| view["awaits"]["step"] == "11.11").await.unwrap();
    assert_eq!(view["registration"], Value::Null, "nobody said a number");
    let view = counter.hands_over(counter.cast.iin).await.unwrap();
    assert_eq!(view["position"]["end"], "result", "it goes on without it");
    let (gateway, regional) = (town.identity(System::Gateway), town.identity(System::RegionalWorkstation));
    let late = registration(&counter, "TEST-000001", &regional, &gateway);
    town.deliver(System::Workstation, &late).await.expect("it is taken");
    let view = counter.looks().await.unwrap();
    assert_eq!(view["registration"]["number"], "TEST-000001");
    assert_eq!(view["position"]["end"], "result", "and nothing else changes");
}
