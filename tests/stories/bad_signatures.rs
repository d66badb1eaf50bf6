//! Signatures on what the portal gave out to be signed.

use certs::Profile;
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use signer::cms::{self, Mode};
use signer::{Bytes, Problem};
use tests::{Citizen, Key, Town};

/// Signs in and fills the form in: the case waits for the signature.
async fn is_about_to_sign(town: &Town) -> Citizen<'_> {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    citizen
}

/// Hands a signature in that is not taken.
async fn is_refused(citizen: &mut Citizen<'_>, signature: &Bytes, code: &str) -> Problem {
    let problem = citizen.deed("signature", &json!({ "signature": signature })).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.status), (code, 422), "{problem}");
    assert_eq!((problem.step.as_deref(), problem.paragraph.as_deref()), (Some("12.8"), Some("12.8")));
    problem
}

/// Nothing left the portal, the journal has each try, and the right signature is taken at last.
async fn still_waits(town: &Town, citizen: &mut Citizen<'_>, codes: &[&str]) {
    let refused: Vec<String> = town.refusals(&citizen.case()).await.into_iter().map(|r| r.2).collect();
    assert_eq!(refused, codes);
    let left = town.journal(&citizen.case()).await;
    assert!(
        left.iter().all(|entry| entry["body"]["seen"] != "leaving"),
        "nothing leaves without a signature"
    );
    citizen.signs().await.expect("the right signature is taken");
}

#[tokio::test]
async fn a_signature_that_is_no_cms_is_refused() {
    let town = Town::up().await;
    let mut citizen = is_about_to_sign(&town).await;
    let good = citizen.key.sign(&citizen.to_sign()).0;
    let half = good[..good.len() / 2].to_vec();
    let tries =
        [b"".to_vec(), b"no cms".to_vec(), vec![0x30; 4_000], half, citizen.key.certificate.der().to_vec()];
    for bytes in &tries {
        is_refused(&mut citizen, &Bytes(bytes.clone()), "signature-malformed").await;
    }
    still_waits(&town, &mut citizen, &["signature-malformed"; 5]).await;
}

#[tokio::test]
async fn a_signature_that_is_no_base64_is_not_the_json_that_is_taken() {
    let town = Town::up().await;
    let citizen = is_about_to_sign(&town).await;
    let path = format!("/portal/cases/{}/signature", citizen.case());
    let token = citizen.token.as_deref();
    let body = json!({ "signature": "что это?" });
    let problem = town.client.post::<Value>(&path, token, &body).await.unwrap_err();
    assert_eq!(problem.code.code(), "malformed-json");
}

#[tokio::test]
async fn a_signature_over_other_bytes_is_refused() {
    let town = Town::up().await;
    let mut citizen = is_about_to_sign(&town).await;
    let given_out = citizen.to_sign();
    let reformatted: Value = serde_json::from_slice(&given_out).unwrap();
    let with_a_newline = [given_out.as_slice(), b"\n"].concat();
    for other in [b"other bytes".to_vec(), serde_json::to_vec(&reformatted).unwrap(), with_a_newline] {
        let signature = citizen.key.sign(&other);
        is_refused(&mut citizen, &signature, "signature-invalid").await;
    }
    let mut flipped = citizen.key.sign(&given_out).0;
    *flipped.last_mut().unwrap() ^= 1;
    let problem = citizen.deed("signature", &json!({ "signature": Bytes(flipped) })).await.unwrap_err();
    assert!(["signature-invalid", "signature-malformed"].contains(&problem.code.code()), "{problem}");
    let last = problem.code.to_string();
    let first = "signature-invalid";
    still_waits(&town, &mut citizen, &[first, first, first, &last]).await;
}

#[tokio::test]
async fn a_signature_with_the_content_inside_must_hold_what_was_given_out() {
    let town = Town::up().await;
    let mut citizen = is_about_to_sign(&town).await;
    let at = certs::Clock::system().now();
    let key = &citizen.key;
    let attached = cms::sign(b"other bytes", Mode::Attached, &key.key, &key.certificate, at).unwrap();
    let problem = citizen.deed("signature", &json!({ "signature": Bytes(attached) })).await.unwrap_err();
    assert!(["signature-invalid", "signature-malformed"].contains(&problem.code.code()), "{problem}");
    let code = problem.code.to_string();
    still_waits(&town, &mut citizen, &[&code]).await;
}

#[tokio::test]
async fn another_certificate_than_the_chosen_one_does_not_sign() {
    let town = Town::up().await;
    let mut citizen = is_about_to_sign(&town).await;
    let stranger = Key::order(&town, &OrderRequest::of(Profile::Individual)).await;
    let own = OrderRequest { iin: Some(citizen.iin.to_string()), ..OrderRequest::of(Profile::Individual) };
    let second = Key::order(&town, &own).await;
    for other in [stranger, second] {
        let signature = other.sign(&citizen.to_sign());
        is_refused(&mut citizen, &signature, "signed-by-another").await;
    }
    still_waits(&town, &mut citizen, &["signed-by-another"; 2]).await;
}

#[tokio::test]
async fn the_bytes_given_out_stay_the_same_until_they_are_signed() {
    let town = Town::up().await;
    let mut citizen = is_about_to_sign(&town).await;
    let given_out = citizen.to_sign();
    is_refused(&mut citizen, &Bytes(b"no cms".to_vec()), "signature-malformed").await;
    town.post("/control/clock", &json!({ "advance": "PT1H" })).await.unwrap();
    let path = format!("/portal/cases/{}", citizen.case());
    citizen.view = town.client.get(&path, citizen.token.as_deref()).await.unwrap();
    assert_eq!(citizen.to_sign(), given_out);
    citizen.signs().await.unwrap();
}
