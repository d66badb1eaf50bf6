//! The request form: fields, copies, the chosen certificate.

use serde_json::{Value, json};
use signer::Bytes;
use tests::{Citizen, Town};

/// Sends a changed form; the fields that were found wrong come back.
async fn wrong_fields(citizen: &mut Citizen<'_>, change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut form = citizen.form();
    change(&mut form);
    let problem = citizen.deed("request", &form).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.status), ("invalid-value", 422), "{problem}");
    assert_eq!((problem.step.as_deref(), problem.paragraph.as_deref()), (Some("12.5"), Some("12.5")));
    assert_eq!(problem.system.as_deref(), Some("portal"));
    let fields = problem.facts.get("fields").and_then(Value::as_object);
    fields.map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
}

/// The form is taken at last, so what was refused before was refused for its defect alone.
async fn is_taken_at_last(town: &Town, citizen: &mut Citizen<'_>, tries: usize) {
    let refused = town.refusals(&citizen.case()).await;
    assert_eq!(refused.len(), tries, "each try is in the journal: {refused:?}");
    assert!(refused.iter().all(|r| *r == ("portal".into(), "request".into(), "invalid-value".into())));
    assert_eq!(citizen.fills_in().await.unwrap()["awaits"]["step"], "12.8");
}

#[tokio::test]
async fn fields_that_are_missing_unknown_or_malformed_are_all_named_at_once() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let wrong = wrong_fields(&mut citizen, |form| {
        let fields = form["fields"].as_object_mut().unwrap();
        fields.remove("applicant-name");
        fields.insert("child-iin".to_owned(), "000000000001".into());
        fields.insert("child-name".to_owned(), "А".repeat(201).into());
        fields.insert("organisation".to_owned(), "Балабақша № 1".into());
        fields.insert("shoe-size".to_owned(), "42".into());
    })
    .await;
    assert_eq!(wrong, ["applicant-name", "child-iin", "child-name", "organisation", "shoe-size"]);
    is_taken_at_last(&town, &mut citizen, 1).await;
}

#[tokio::test]
async fn each_field_is_held_to_its_format() {
    let table = [
        ("applicant-iin", "123456789012"),
        ("applicant-iin", "12345678901"),
        ("applicant-iin", ""),
        ("child-iin", "ABCDEFGHIJKL"),
        ("applicant-name", "   "),
        ("applicant-name", "ҮЛГІБАЕВ\u{0}СЫНАҚ"),
        ("child-name", "two\nlines"),
        ("organisation", "../../etc"),
        ("organisation", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffg"),
    ];
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    for (field, value) in table {
        let wrong = wrong_fields(&mut citizen, |form| form["fields"][field] = value.into()).await;
        assert_eq!(wrong, [field], "{value:?}");
    }
    is_taken_at_last(&town, &mut citizen, table.len()).await;
}

#[tokio::test]
async fn copies_that_are_missing_unknown_twice_or_empty_are_named() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let paper = |name: &str, media_type: &str, content: &[u8]| json!({ "name": name, "mediaType": media_type, "content": Bytes(content.to_vec()) });
    let certificate = paper("birth-certificate", "text/plain", b"SPECIMEN");
    let document = paper("identity-document", "text/plain", b"SPECIMEN");
    let table: [(Vec<Value>, &[&str]); 7] = [
        (vec![], &["birth-certificate", "identity-document"]),
        (vec![certificate.clone()], &["identity-document"]),
        (vec![certificate.clone(), document.clone(), document.clone()], &["identity-document"]),
        (vec![certificate.clone(), document.clone(), paper("diploma", "text/plain", b"x")], &["diploma"]),
        (vec![certificate.clone(), paper("identity-document", "text/plain", b"")], &["identity-document"]),
        (vec![certificate.clone(), paper("identity-document", "plain", b"x")], &["identity-document"]),
        (
            vec![certificate.clone(), paper("identity-document", "text/plain", &vec![0; (4 << 20) + 1])],
            &["identity-document"],
        ),
    ];
    for (number, (copies, expected)) in table.iter().enumerate() {
        let wrong = wrong_fields(&mut citizen, |form| form["copies"] = copies.clone().into()).await;
        assert_eq!(wrong, *expected, "row {number}");
    }
    is_taken_at_last(&town, &mut citizen, table.len()).await;
}

#[tokio::test]
async fn a_certificate_is_chosen_and_can_be_read() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let mut none = citizen.form();
    none.as_object_mut().unwrap().remove("certificate");
    let problem = citizen.deed("request", &none).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("invalid-value", Some("12.5")));

    let pem = citizen.key.certificate.pem();
    let cut = pem.replace("-----END CERTIFICATE-----", "");
    let half = Bytes(citizen.key.certificate.der()[..100].to_vec()).to_base64();
    let longer = Bytes([citizen.key.certificate.der(), b"more"].concat()).to_base64();
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for certificate in ["", "not a certificate", "AAAA", &cut, &half, &longer, key, "\u{0}"] {
        let mut form = citizen.form();
        form["certificate"] = certificate.into();
        let problem = citizen.deed("request", &form).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("certificate-malformed", 422), "{problem}");
        assert_eq!(problem.paragraph.as_deref(), Some("12.5"));
    }
    let mut form = citizen.form();
    form["certificate"] = Bytes(citizen.key.certificate.der().to_vec()).to_base64().into();
    assert_eq!(citizen.deed("request", &form).await.unwrap()["awaits"]["step"], "12.8", "DER is taken too");
}

#[tokio::test]
async fn a_form_of_another_service_does_not_fit_the_case() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let mut form = citizen.form();
    form["service"] = "another-service".into();
    let problem = citizen.deed("request", &form).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("unknown-service", Some("12.5")));
    assert_eq!(citizen.fills_in().await.unwrap()["awaits"]["step"], "12.8");
}
