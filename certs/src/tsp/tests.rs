use proptest::prelude::*;

use super::*;
use crate::{Authority, Order, Profile, Subject};

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_question_reads_back() {
    for (policy, nonce, wants_certificate) in [
        (None, None, false),
        (Some(oid::POLICY_TIMESTAMP_GOST), Some(der::positive(&[0x80, 1])), true),
        (None, Some(vec![0]), true),
    ] {
        let imprint = Imprint::of(Algorithm::Gost512, b"text");
        let asked = TimestampRequest { imprint, policy, nonce, wants_certificate };
        assert_eq!(TimestampRequest::from_der(&asked.to_der()), Ok(asked));
    }
}

#[test]
fn digests_that_are_weak_or_of_another_length_are_refused() {
    let sha1 = Imprint { hash: oid::SHA1, digest: vec![0; 20] };
    assert_eq!(sha1.check(), Err(TspError::Digest { oid: oid::SHA1 }));
    assert_eq!(sha1.is_of(b"text"), Err(TspError::Digest { oid: oid::SHA1 }));
    let short = Imprint { hash: oid::SHA256, digest: vec![0; 31] };
    assert_eq!(short.check(), Err(TspError::Digest { oid: oid::SHA256 }));
    let good = Imprint::of(Algorithm::Rsa, b"text");
    assert_eq!((good.check(), good.is_of(b"text"), good.is_of(b"next")), (Ok(()), Ok(true), Ok(false)));
}

#[test]
fn what_a_stamp_says_reads_back() {
    let now = at("2026-11-20T09:00:00.7Z");
    let centre = Authority::create(Algorithm::P256, "QAQPA UNIT TEST", now, "http://127.0.0.1:1").unwrap();
    let subject =
        Subject::Service { common_name: "TIME-STAMPING AUTHORITY".into(), organisation: "QAQPA".into() };
    let issued =
        centre.issue(&Order::new(subject, Profile::TimestampAuthority, Algorithm::P256), now).unwrap();
    assert!(issued.certificate.is_for_timestamps() && !centre.ocsp_responder().is_for_timestamps());
    assert_eq!(issued.certificate.policies(), [oid::POLICY_TIMESTAMP]);
    let asked = TimestampRequest::new(Imprint::of(Algorithm::P256, b"text"), *b"8 bytes!");
    let info = TimestampInfo::answering(&asked, policy(Algorithm::P256), now).unwrap();
    assert_eq!(info.at, at("2026-11-20T09:00:00Z"));
    assert_eq!(TimestampInfo::from_der(&info.to_der(&issued.certificate)), Ok(info));
}

#[test]
fn fractions_of_a_second_are_read_as_the_standard_has_them() {
    let read = |time: &str| {
        let info = der::sequence(&[
            &der::integer(1),
            &der::oid(oid::POLICY),
            &Imprint::of(Algorithm::P256, b"text").to_der(),
            &der::integer(7),
            &der::element(0x18, &[time.as_bytes()]),
        ]);
        TimestampInfo::from_der(&info).map(|info| info.at)
    };
    assert_eq!(read("20261120090000Z"), Ok(at("2026-11-20T09:00:00Z")));
    assert_eq!(read("20261120090000.04Z"), Ok(at("2026-11-20T09:00:00.04Z")));
    for wrong in ["20261120090000.40Z", "20261120090000.Z", "20261120090000.4", "2026112009000.4Z"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn answers_read_back() {
    let token = der::sequence(&[&der::integer(7)]);
    let read = TimestampResponse::from_der(&granted(&token));
    assert_eq!(read, Ok(TimestampResponse::Granted(token)));
    for failure in [Rejection::BadAlgorithm, Rejection::UnacceptedPolicy, Rejection::SystemFailure] {
        let read = TimestampResponse::from_der(&rejected(failure, failure.name()));
        let text = failure.name().to_owned();
        assert_eq!(read, Ok(TimestampResponse::Rejected { failure: Some(failure), text }));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, at: usize, by in 1_u8..) {
        let mut question = TimestampRequest::new(Imprint::of(Algorithm::P256, b"text"), [7; 8]).to_der();
        let at = at % question.len();
        question[at] = question[at].wrapping_add(by);
        for bytes in [&bytes, &question, &rejected(Rejection::BadRequest, "no")] {
            let _ = TimestampRequest::from_der(bytes);
            let _ = TimestampInfo::from_der(bytes);
            let _ = TimestampResponse::from_der(bytes);
        }
    }
}
