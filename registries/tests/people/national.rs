//! The national shape: what is written is read back, and what another system writes is read or refused.

use certs::CheckDigit;
use jiff::Timestamp;
use proptest::prelude::*;
use registries::people::national::{self, NOT_FOUND, Request};
use registries::people::{PersonRecord, PlaceName};
use serde_json::{Value, json};
use signer::Code;
use uuid::Uuid;

use super::population;

fn asked(iin: &str) -> Value {
    json!({
        "messageId": "1", "messageDate": "2026-03-02T09:00:00+05:00", "senderCode": "tests", "iin": iin,
    })
}

fn answer(person: Option<&PersonRecord>) -> Value {
    let iin = person.map_or_else(|| "900101700002".to_owned(), |person| person.iin.to_string());
    let request = Request::read(&asked(&iin)).unwrap();
    national::answer(&request, person, Uuid::nil(), Timestamp::UNIX_EPOCH)
}

/// What the national shape has no place for is left out: family and former names, cities in Kazakh.
fn without_what_is_not_said(person: &PersonRecord) -> PersonRecord {
    let mut person = person.clone();
    person.parents.clear();
    person.guardians.clear();
    person.former_names.clear();
    let russian = |city: &mut PlaceName| city.kk.clone_from(&city.ru);
    let addresses = person.registered_address.iter_mut().chain(&mut person.addresses);
    addresses.filter_map(|address| address.city.as_mut()).for_each(russian);
    person.birth_place.iter_mut().filter_map(|place| place.city.as_mut()).for_each(russian);
    person
}

#[test]
fn everybody_is_read_back() {
    let everybody = population(7, 300).people;
    assert!(everybody.len() > 300);
    for person in &everybody {
        let found = national::found(&answer(Some(person))).unwrap();
        assert_eq!(found, Some(without_what_is_not_said(person)));
    }
    assert!(everybody.iter().any(|person| person.missing.is_some()), "also the missing");
    assert!(everybody.iter().any(|person| person.excluded.is_some()), "also the excluded");
}

#[test]
fn every_leaf_is_text_and_every_field_is_there() {
    fn leaves(value: &Value, check: &mut impl FnMut(&Value)) {
        match value {
            Value::Object(fields) => fields.values().for_each(|value| leaves(value, check)),
            Value::Array(items) => items.iter().for_each(|value| leaves(value, check)),
            leaf => check(leaf),
        }
    }
    let mut names = None;
    for person in &population(7, 0).people {
        let answer = answer(Some(person));
        leaves(&answer, &mut |leaf| assert!(leaf.is_string(), "{leaf}"));
        let fields: Vec<String> =
            answer["persons"]["person"][0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(*names.get_or_insert_with(|| fields.clone()), fields, "the same of everybody");
    }
}

#[test]
fn nobody_is_nobody_and_an_unknown_code_is_neither() {
    assert_eq!(national::found(&answer(None)).unwrap(), None);
    let mut strange = answer(None);
    for code in [json!("00500"), json!(""), Value::Null] {
        strange["messageResult"]["code"] = code;
        assert_eq!(national::found(&strange).unwrap_err().code, Code::FaultOfReceiver);
    }
}

#[test]
fn somebody_without_what_matters_is_refused() {
    let person = population(7, 0).people.into_iter().find(|person| person.missing.is_some()).unwrap();
    let right = answer(Some(&person));
    for field in ["iin", "surname", "name", "birthDate", "gender", "citizenship"] {
        let mut without = right.clone();
        without["persons"]["person"][0][field] = json!("");
        assert_eq!(national::found(&without).unwrap_err().code, Code::EnvelopeMalformed, "{field}");
    }
    for (status, code) in [("lifeStatus", "9"), ("gender", "3"), ("citizenship", "x")] {
        let mut odd = right.clone();
        odd["persons"]["person"][0][status]["code"] = json!(code);
        assert!(national::found(&odd).is_err(), "{status}");
    }
    let mut without_day = right.clone();
    without_day["persons"]["person"][0]["missingStatus"]["missingDate"] = json!("");
    assert!(national::found(&without_day).is_err(), "that somebody is missing is never left out");
    let mut contradicting = right.clone();
    contradicting["messageResult"]["code"] = json!(NOT_FOUND);
    assert!(national::found(&contradicting).is_err());
    let mut two = right;
    let one = two["persons"]["person"][0].clone();
    two["persons"]["person"] = json!([one, one]);
    assert!(national::found(&two).is_err());
}

#[test]
fn a_question_has_a_number_with_a_right_check_digit_where_that_is_wanted() {
    let person = &population(7, 0).people[0];
    let mut digits = person.iin.to_string();
    assert!(Request::read(&asked(&digits)).unwrap().iin(CheckDigit::Strict).is_ok());
    let last = if digits.pop() == Some('0') { '1' } else { '0' };
    digits.push(last);
    let question = Request::read(&asked(&digits)).unwrap();
    assert_eq!(question.iin(CheckDigit::Strict).unwrap_err().code, Code::InvalidValue);
    assert!(question.iin(CheckDigit::AnyDigit).is_ok());
}

proptest! {
    #[test]
    fn any_texts_are_read_or_refused(field in "[a-zA-Z]{0,12}", text: String) {
        let mut question = asked("900101700002");
        question[&field] = json!(text);
        let _ = Request::read(&question).and_then(|question| question.iin(CheckDigit::AnyDigit));
        let mut said = answer(population(7, 0).people.first());
        said["persons"]["person"][0][&field] = json!(text);
        let _ = national::found(&said);
        said["persons"] = json!(text);
        let _ = national::found(&said);
        said = json!(text);
        let _ = national::found(&said);
    }
}
