//! The notary registry's service, in a shape that says that it is invented.

use serde_json::json;
use signer::System;
use tests::{Question, Town};

#[tokio::test]
async fn a_power_is_told_with_its_state_and_the_notice_that_the_shape_is_invented() {
    let town = Town::up().await;
    for (persona, state) in [("attorney-notarised", "valid"), ("attorney-revoked", "revoked")] {
        let played = town.get(&format!("/people/personas/{persona}")).await.unwrap();
        let power = &played["cast"]["power"];
        let number = power["number"].as_str().unwrap();
        for to in [System::Notary, System::Gateway] {
            let answer = town.ask(to, &Question::power(number), System::Portal).await.unwrap().data.unwrap();
            assert_eq!(answer["messageResult"]["code"], "00000");
            assert_eq!((&answer["requestId"], &answer["power"]["number"]), (&"q-7".into(), &number.into()));
            assert_eq!(answer["power"]["state"], state);
            assert_eq!(answer["power"]["principal"], power["principal"]);
            assert_eq!(answer["power"]["revokedSince"].is_string(), state == "revoked");
            let english = answer["notice"]["en"].as_str().unwrap();
            assert!(english.contains("invented"), "{english}");
            assert!(["kk", "ru"].iter().all(|lang| answer["notice"][lang].is_string()), "{answer:#}");
        }
    }
    let nothing = town.ask_json(System::Gateway, &Question::power("no such"), System::Portal).await.unwrap();
    assert_eq!(nothing["messageResult"]["code"], "00001");
    assert!(nothing["power"].is_null() && nothing["notice"]["ru"].is_string(), "{nothing:#}");
    let noted = town.get("/notary/queries").await.unwrap();
    assert_eq!(noted.as_array().unwrap().len(), 5, "{noted:#}");
    assert!(noted.as_array().unwrap().iter().all(|one| one["by"] == json!("portal")), "{noted:#}");
}
