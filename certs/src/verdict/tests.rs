use super::*;
use crate::{Iin, Reason, Role};

fn moment(s: &str) -> Timestamp {
    s.parse().unwrap()
}

fn verdict(findings: Vec<Finding>) -> Verdict {
    let certificate = Summary {
        subject: "CN=X TEST".into(),
        serial: "01".into(),
        issuer: "CN=Y TEST".into(),
        not_before: moment("2026-01-01T00:00:00Z"),
        not_after: moment("2027-01-01T00:00:00Z"),
        iin: None,
        bin: None,
    };
    Verdict { at: moment("2026-11-20T00:00:00Z"), certificate, findings, asked: vec![] }
}

fn revoked() -> Failure {
    Failure::Revoked {
        at: moment("2026-11-20T06:00:00Z"),
        reason: Reason::KeyCompromise,
        said_by: vec![
            Source::Crl { number: Some(12), url: None },
            Source::Ocsp { url: Some("http://x/ocsp".into()), responder: None },
        ],
    }
}

fn doubt() -> Doubt {
    let source = Source::Ocsp { url: None, responder: None };
    let answer = Answer::NoAnswer { why: "connection refused".into() };
    Doubt::RevocationUnknown {
        asked: vec![Asked {
            about: None,
            source,
            answer,
            this_update: None,
            next_update: None,
            instead_of: None,
        }],
    }
}

#[test]
fn a_text_names_its_sources() {
    let text = revoked().text();
    assert_eq!(text.en, "no: revoked 2026-11-20 (keyCompromise), said by CRL no. 12 and by OCSP");
    assert!(text.kk.contains("2026-11-20") && text.ru.contains("СОС (CRL) № 12"));
    assert_eq!(doubt().text().en, "could not be checked: OCSP: no answer (connection refused)");
}

#[test]
fn the_last_good_answer_says_what_it_stands_for() {
    let source = Source::Crl { number: Some(12), url: None };
    let why = "the revocation list is empty: no byte in it";
    let instead_of = Some(why.to_owned());
    let answer = Answer::Good;
    let asked = Asked { about: None, source, answer, this_update: None, next_update: None, instead_of };
    let text = asked.text();
    assert_eq!(text.en, format!("CRL no. 12: good; by the last good list, the new one is of no use: {why}"));
    assert!(text.kk.ends_with(why) && text.ru.ends_with(why) && text.kk != text.ru);
    let json = serde_json::to_value(&asked).unwrap();
    assert_eq!(json["instead_of"], why);
    assert_eq!(serde_json::from_value::<Asked>(json).unwrap(), asked);
    let usual = serde_json::to_value(Asked { instead_of: None, ..asked }).unwrap();
    assert!(usual.get("instead_of").is_none());
}

#[test]
fn moments_of_one_day_are_told_apart() {
    let failure =
        Failure::Expired { not_after: moment("2026-11-20T06:00:00Z"), at: moment("2026-11-20T06:00:01Z") };
    assert_eq!(failure.text().en, "no: expired 2026-11-20 11:00:00 (checked for 2026-11-20 11:00:01)");
}

#[test]
fn a_doubt_is_neither_acceptance_nor_refusal() {
    let passed = Finding::passed(Check::ValidityPeriod);
    let unknown = Finding::unknown(Check::NotRevoked, doubt());
    let failed = Finding::failed(Check::NotRevoked, revoked());
    assert_eq!(verdict(vec![passed.clone()]).decision(), Decision::Accepted);
    assert_eq!(verdict(vec![passed.clone(), unknown.clone()]).decision(), Decision::CouldNotCheck);
    assert_eq!(verdict(vec![unknown, passed, failed]).decision(), Decision::Refused);
    assert_eq!(verdict(vec![]).decision(), Decision::CouldNotCheck);
}

#[test]
fn json_is_readable_and_read_back() {
    let declared = Iin::never_issued(3).into();
    let verdict = verdict(vec![
        Finding::passed(Check::ValidityPeriod),
        Finding::failed(Check::NotRevoked, revoked()),
        Finding::failed(Check::IdentityMatches, Failure::IdentityMissing { declared }),
        Finding::failed(Check::Role, Failure::Role { allowed: vec![Role::FirstHead], found: vec![] }),
        Finding::unknown(Check::NotRevoked, doubt()),
    ]);
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["findings"][0]["check"], "certificate-in-validity-period");
    assert_eq!(json["findings"][0]["outcome"], "passed");
    assert_eq!(json["findings"][1]["code"], "certificate-revoked");
    assert_eq!(json["findings"][1]["facts"]["reason"], "keyCompromise");
    assert_eq!(json["findings"][4]["outcome"], "unknown");
    assert_eq!(json["findings"][4]["code"], "revocation-unknown");
    assert!(json["findings"][4]["text"]["ru"].as_str().unwrap().contains("нет ответа"));
    assert_eq!(serde_json::from_value::<Verdict>(json).unwrap(), verdict);
    assert_eq!(verdict.failed().count(), 3);
}

#[test]
fn codes_in_json_are_those_of_the_types() {
    let failure = revoked();
    assert_eq!(serde_json::to_value(&failure).unwrap()["code"], failure.code());
    assert_eq!(serde_json::to_value(doubt()).unwrap()["code"], doubt().code());
    for check in Check::ALL {
        assert_eq!(serde_json::to_value(check).unwrap(), check.name());
        assert_eq!(Check::from_name(check.name()), Some(check));
    }
}

#[test]
fn every_doubt_is_read_back_and_says_what_is_missing() {
    let doubts = [
        (doubt(), "revocation-unknown"),
        (Doubt::CentreUnreachable { why: "connection refused".into() }, "centre-unreachable"),
        (Doubt::SignerUnreachable { why: "connection refused".into() }, "signer-unreachable"),
        (Doubt::NothingDeclared, "nothing-declared"),
        (Doubt::NotChecked { because_of: Check::ValidityPeriod }, "not-checked"),
    ];
    for (doubt, code) in doubts {
        assert_eq!(doubt.code(), code);
        let finding = Finding::unknown(Check::PathToRoot, doubt.clone());
        let json = serde_json::to_value(&finding).unwrap();
        assert_eq!((&json["outcome"], &json["code"]), (&"unknown".into(), &code.into()));
        assert_eq!(serde_json::from_value::<Finding>(json).unwrap(), finding);
        let text = doubt.text();
        assert!(text.en.starts_with("could not be checked") || text.en.starts_with("not checked"));
        assert!(!text.kk.is_empty() && !text.ru.is_empty() && text.ru != text.kk);
    }
}
