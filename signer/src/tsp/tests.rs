use certs::tsp::{granted, rejected};
use certs::{Order, Profile, Subject};
use proptest::prelude::*;

use super::*;
use crate::cms::{self, with_timestamp};
use crate::testing::{Centre, at, individual, later};

/// The answer of a centre of the algorithm, at a moment, to a question about `stamped`.
fn answer(algorithm: Algorithm, question: &Question<'_>, now: Timestamp) -> Vec<u8> {
    let centre = Centre::known(algorithm);
    let request = TimestampRequest::from_der(&question.to_der()).unwrap();
    let (key, certificate) = (centre.stamper.key.as_ref().unwrap(), &centre.stamper.certificate);
    granted(&stamp(&request, key, certificate, now).unwrap())
}

#[test]
fn a_time_stamp_holds_over_what_it_was_asked_for() {
    for &algorithm in Algorithm::ALL {
        let question = Question::about(algorithm, b"signature");
        let token = question.answered(&answer(algorithm, &question, later(7))).unwrap();
        let stamp = verify(&token, b"signature").unwrap();
        assert_eq!((stamp.at, stamp.policy), (later(7), certs::tsp::policy(algorithm)));
        assert_eq!(stamp.authority, Centre::known(algorithm).stamper.certificate);
        assert_eq!(verify(&token, b"signatures").unwrap_err(), StampError::OtherBytes);
    }
}

#[test]
fn an_answer_to_another_question_is_none() {
    let (one, other) = (Question::about(Algorithm::P256, b"text"), Question::about(Algorithm::P256, b"text"));
    let answered = answer(Algorithm::P256, &one, at());
    assert!(one.answered(&answered).is_ok());
    assert_eq!(other.answered(&answered).unwrap_err(), StampError::Nonce);
    let (failure, text) = (Rejection::UnacceptedPolicy, "not here");
    let refused = one.answered(&rejected(failure, text)).unwrap_err();
    assert_eq!(refused, StampError::Rejected { failure: Some(failure), text: text.to_owned() });
}

#[test]
fn only_an_authority_stamps() {
    let (key, certificate) = individual(Algorithm::P256);
    let question = Question::about(Algorithm::P256, b"text");
    let request = TimestampRequest::from_der(&question.to_der()).unwrap();
    let by_somebody = stamp(&request, &key, &certificate, at()).unwrap();
    let subject = certificate.subject();
    assert_eq!(verify(&by_somebody, b"text").unwrap_err(), StampError::NotAnAuthority { subject });
    let no_stamp = cms::sign(b"text", Mode::Attached, &key, &certificate, at()).unwrap();
    assert_eq!(verify(&no_stamp, b"text").unwrap_err(), StampError::OtherContent);
}

#[test]
fn a_stamp_without_its_certificate_cannot_be_believed() {
    let centre = Centre::p256();
    let question = Question::about(Algorithm::P256, b"text");
    let mut request = TimestampRequest::from_der(&question.to_der()).unwrap();
    request.wants_certificate = false;
    let (key, certificate) = (centre.stamper.key.as_ref().unwrap(), &centre.stamper.certificate);
    let token = stamp(&request, key, certificate, at()).unwrap();
    assert_eq!(verify(&token, b"text").unwrap_err(), CmsError::NoCertificate.into());
}

#[test]
fn a_stamped_signature_is_the_same_signature() {
    for mode in [Mode::Detached, Mode::Attached] {
        let (key, certificate) = individual(Algorithm::P256);
        let signed = cms::sign(b"text", mode, &key, &certificate, at()).unwrap();
        let signature = SignedData::from_ber(&signed).unwrap().sole_signature().unwrap().to_vec();
        let question = Question::about(Algorithm::P256, &signature);
        let token = question.answered(&answer(Algorithm::P256, &question, at())).unwrap();
        let once = with_timestamp(&signed, &token).unwrap();
        let twice = with_timestamp(&once, &token).unwrap();
        for (stamped, count) in [(&once, 1), (&twice, 2)] {
            let read = SignedData::from_ber(stamped).unwrap();
            let signers = match mode {
                Mode::Detached => read.verify_detached(b"text").unwrap(),
                Mode::Attached => read.verify_attached().unwrap().1,
            };
            assert_eq!((signers[0].timestamps.len(), &signers[0].signature), (count, &signature));
            assert!(signers[0].timestamps.iter().all(|token| verify(token, &signature).is_ok()));
        }
        // Four are the most.
        let four = with_timestamp(&with_timestamp(&twice, &token).unwrap(), &token).unwrap();
        let five = with_timestamp(&four, &token).unwrap();
        let error = CmsError::Malformed { what: "more than 4 time stamps" };
        assert_eq!(SignedData::from_ber(&five).unwrap_err(), error);
    }
}

#[test]
fn a_usage_that_is_not_the_only_one_is_not_enough() {
    let centre = Centre::p256();
    let (common_name, organisation) = ("OCSP RESPONDER".to_owned(), "QAQPA".to_owned());
    let subject = Subject::Service { common_name, organisation };
    let order = Order::new(subject, Profile::OcspResponder, Algorithm::P256);
    let responder = centre.authority.issue(&order, at()).unwrap();
    let request = TimestampRequest::from_der(&Question::about(Algorithm::P256, b"text").to_der()).unwrap();
    let token = stamp(&request, responder.key.as_ref().unwrap(), &responder.certificate, at()).unwrap();
    assert!(matches!(verify(&token, b"text"), Err(StampError::NotAnAuthority { .. })));
}

proptest! {
    #[test]
    fn any_bytes_are_a_stamp_or_refused(at_byte: usize, flipped in 1_u8..) {
        let question = Question::about(Algorithm::P256, b"text");
        let mut answer = answer(Algorithm::P256, &question, at());
        let index = at_byte % answer.len();
        answer[index] ^= flipped;
        if let Ok(token) = question.answered(&answer) {
            let stamp = verify(&token, b"text").unwrap();
            prop_assert_eq!(stamp.at, at());
        }
    }
}
