//! The employee's signature: at the workstation, and past it.

use certs::{Iin, Profile};
use gateway::exchange::Payload;
use registries::ca::OrderRequest;
use registries::people::Persona;
use serde_json::{Value, json};
use signer::{Bytes, System};
use tests::{Counter, Key, Town, counter_application, envelope};

/// The papers are scanned: the signature is awaited.
async fn is_about_to_sign(town: &Town) -> Counter<'_> {
    let mut counter = Counter::visited_by(town, Persona::ParentWithChild).await;
    counter.is_about_to_sign().await.unwrap();
    counter
}

/// Keys that are not good for an application of this counter, and the code each is refused with.
async fn bad_keys(town: &Town, counter: &Counter<'_>) -> Vec<(&'static str, Key)> {
    let own = counter.employee;
    let flawed = |flaw: &str| {
        let flaws = vec![flaw.to_owned()];
        Counter::staff_key(&town.client, own, |order| OrderRequest { flaws, ..order })
    };
    let role = |profile: Profile| {
        Counter::staff_key(&town.client, own, move |order| OrderRequest {
            profile: OrderRequest::of(profile).profile,
            ..order
        })
    };
    let of_bin = |order| OrderRequest { bin: Some("auto".to_owned()), ..order };
    let revoked = Counter::staff_key(&town.client, own, |order| order).await;
    let path = format!("/ca/certificates/{}/revocation", revoked.serial);
    town.post(&path, &json!({ "reason": "keyCompromise" })).await.unwrap();
    let individual = OrderRequest { iin: Some(own.to_string()), ..OrderRequest::of(Profile::Individual) };
    vec![
        ("identity-mismatch", Counter::staff_key(&town.client, Iin::never_issued(99), |order| order).await),
        ("identity-mismatch", Counter::staff_key(&town.client, own, of_bin).await),
        ("role-not-allowed", role(Profile::AuthorisedPerson).await),
        ("role-not-allowed", role(Profile::Head).await),
        ("role-not-allowed", Key::order(town, &individual).await),
        ("certificate-expired", flawed("expired").await),
        ("certificate-not-yet-valid", flawed("not-yet-valid").await),
        ("certificate-revoked", flawed("revoked").await),
        ("certificate-revoked", revoked),
    ]
}

#[tokio::test]
async fn a_signature_with_a_bad_certificate_is_refused_and_the_case_waits_for_a_good_one() {
    let town = Town::up().await;
    let mut counter = is_about_to_sign(&town).await;
    let keys = bad_keys(&town, &counter).await;
    let given_out = counter.to_sign();
    for (code, key) in &keys {
        let body = json!({ "signature": key.sign(&given_out) });
        let problem = counter.deed("signature", &body).await.unwrap_err();
        let subject = key.certificate.subject();
        assert_eq!((problem.code.code(), problem.status), (*code, 422), "{subject}: {problem}");
        assert_eq!((problem.step.as_deref(), problem.paragraph.as_deref()), (Some("11.6"), Some("11.6")));
        assert_eq!(problem.system.as_deref(), Some("workstation"));
        counter.looks().await.unwrap();
        assert_eq!(counter.to_sign(), given_out, "the same bytes wait to be signed");
    }
    let refused = town.refusals(&counter.case()).await;
    assert_eq!(refused.len(), keys.len(), "each try is in the journal: {refused:?}");
    let left = town.journal(&counter.case()).await;
    assert!(left.iter().all(|entry| entry["body"]["message"] != "application"), "nothing was filed");
    counter.signs().await.expect("a good one goes through");
    counter.waits_until(|view| view["registration"].is_object()).await.unwrap();
}

#[tokio::test]
async fn a_signature_over_other_bytes_or_none_at_all_is_refused() {
    let town = Town::up().await;
    let mut counter = is_about_to_sign(&town).await;
    let given_out = counter.to_sign();
    let reformatted = serde_json::to_vec(&serde_json::from_slice::<Value>(&given_out).unwrap()).unwrap();
    let good = counter.key.sign(&given_out).0;
    let tries = [
        ("signature-invalid", counter.key.sign(b"other bytes")),
        ("signature-invalid", counter.key.sign(&reformatted)),
        ("signature-invalid", counter.key.sign(&[given_out.as_slice(), b"\n"].concat())),
        ("signature-malformed", Bytes(good[..good.len() / 2].to_vec())),
        ("signature-malformed", Bytes(Vec::new())),
        ("signature-malformed", Bytes(counter.key.certificate.der().to_vec())),
    ];
    for (number, (code, signature)) in tries.iter().enumerate() {
        let problem = counter.deed("signature", &json!({ "signature": signature })).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.paragraph.as_deref()), (*code, Some("11.6")), "{number}");
    }
    counter.signs().await.expect("the right one goes through");
    let again = counter.signs().await.unwrap_err();
    assert_eq!(again.code.code(), "step-out-of-order", "it is signed once");
}

/// Posts an application that somebody made at the workstation, past the workstation's own checks.
async fn is_refused_at_the_gateway(town: &Town, payload: &Payload, code: &str, what: &str) {
    let workstation = town.identity(System::Workstation);
    let sealed = envelope(&workstation, payload).seal(&workstation).unwrap();
    let problem = town.deliver_raw(System::Gateway, &sealed).await.is(code);
    assert_eq!(
        (problem.step.as_deref(), problem.system.as_deref()),
        (Some("11.7"), Some("gateway")),
        "{what}"
    );
    let last = town.refusals(&payload.case.to_string()).await.pop().unwrap();
    assert_eq!(last, ("gateway".into(), "application".into(), code.into()), "{what}");
    let gateway = town.identity(System::Gateway);
    let sealed = envelope(&gateway, payload).seal(&gateway).unwrap();
    let problem = town.deliver_raw(System::RegionalWorkstation, &sealed).await.is(code);
    assert_eq!(problem.system.as_deref(), Some("regional-workstation"), "{what}: the next one looks too");
}

#[tokio::test]
async fn an_application_with_a_bad_certificate_does_not_pass_the_gateway() {
    let town = Town::up().await;
    let counter = is_about_to_sign(&town).await;
    for (code, key) in &bad_keys(&town, &counter).await {
        let payload = counter_application(&counter, counter.to_sign(), key);
        is_refused_at_the_gateway(&town, &payload, code, &key.certificate.subject()).await;
    }
    assert_eq!(town.get("/regional-workstation/registrations").await.unwrap(), json!([]));
}

#[tokio::test]
async fn an_application_that_says_something_else_does_not_pass_the_gateway() {
    let town = Town::up().await;
    let counter = is_about_to_sign(&town).await;
    let right: Value = serde_json::from_slice(&counter.to_sign()).unwrap();
    let with = |change: fn(&mut Value)| {
        let mut content = right.clone();
        change(&mut content);
        content
    };
    let table: [(&str, &str, Value); 9] = [
        ("envelope-malformed", "no counter", with(|a| drop(a.as_object_mut().unwrap().remove("counter")))),
        (
            "identity-mismatch",
            "declared somebody else",
            with(|a| a["declared"] = json!(Iin::never_issued(3))),
        ),
        (
            "identity-mismatch",
            "declared the recipient",
            with(|a| a["declared"] = a["fields"]["applicant-iin"].clone()),
        ),
        ("envelope-malformed", "declared nothing", with(|a| a["declared"] = json!("12"))),
        (
            "identity-mismatch",
            "another organisation",
            with(|a| a["counter"]["organisation"]["bin"] = json!("000000000000")),
        ),
        ("consent-missing", "consent refused", with(|a| a["counter"]["consent"]["state"] = json!("refused"))),
        ("consent-missing", "no law", with(|a| a["counter"]["consent"]["state"] = json!("not-required"))),
        ("envelope-malformed", "another channel", with(|a| a["channel"] = json!("portal"))),
        ("signature-invalid", "other copies", with(|a| a["copies"] = json!([]))),
    ];
    for (code, what, content) in table {
        let content = serde_json::to_vec(&content).unwrap();
        let payload = counter_application(&counter, content, &counter.key);
        is_refused_at_the_gateway(&town, &payload, code, what).await;
    }
    let payload = counter_application(&counter, counter.to_sign(), &counter.key);
    let workstation = town.identity(System::Workstation);
    let sealed = envelope(&workstation, &payload).seal(&workstation).unwrap();
    town.deliver(System::Gateway, &sealed).await.expect("the right one passes");
}

#[tokio::test]
async fn an_application_of_the_portal_has_no_counter() {
    let town = Town::up().await;
    let counter = is_about_to_sign(&town).await;
    let filed: Value = serde_json::from_slice(&counter.to_sign()).unwrap();
    let mut citizen = tests::Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let mut content: Value = serde_json::from_slice(&citizen.to_sign()).unwrap();
    content["counter"] = filed["counter"].clone();
    let at = certs::Clock::system().now();
    let content = serde_json::to_vec(&content).unwrap();
    let key = &citizen.key;
    let document =
        signer::Document::sign(content, "application/json", &key.key, &key.certificate, at).unwrap();
    let payload = Payload { document, ..tests::application(&citizen) };
    let portal = town.identity(System::Portal);
    let sealed = envelope(&portal, &payload).seal(&portal).unwrap();
    let problem = town.deliver_raw(System::Gateway, &sealed).await.is("envelope-malformed");
    assert_eq!(problem.step.as_deref(), Some("12.8"), "{problem}");
    citizen.signs().await.expect("without it, it is taken");
    // And the portal does not file for the counter.
    let payload = counter_application(&counter, counter.to_sign(), &counter.key);
    let sealed = envelope(&portal, &payload).seal(&portal).unwrap();
    town.deliver_raw(System::Gateway, &sealed).await.is("route-unknown");
}
