use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::{Algorithm, Authority, CertStatus};

fn centre() -> Authority {
    Authority::create(Algorithm::P256, "QAQPA SANDBOX test", Timestamp::UNIX_EPOCH, "http://x").unwrap()
}

#[test]
fn a_request_is_read_back() {
    let centre = centre();
    let id = CertId::new(CertIdHash::Sha256, centre.issuing(), &[1, 2]);
    let read = OcspRequest::from_der(&request(&id, Some([7; 8]))).unwrap();
    assert_eq!(read.nonce_bytes(), Some([7; 8].as_slice()));
    assert_eq!(read.certificates, [id]);
}

#[test]
fn no_flipped_bit_panics_or_verifies() {
    let centre = centre();
    let id = CertId::new(CertIdHash::Sha1, centre.issuing(), &[1, 2]);
    let question = request(&id, Some([7; 8]));
    let answer = centre.ocsp_respond(&question, &|_| CertStatus::Good, Timestamp::UNIX_EPOCH);
    for index in 0..question.len() * 8 {
        let mut flipped = question.clone();
        flipped[index / 8] ^= 1 << (index % 8);
        let _ = OcspRequest::from_der(&flipped);
    }
    let key = centre.ocsp_responder().public_key();
    let Response::Successful(good) = Response::from_der(&answer).unwrap() else { panic!("an answer") };
    for index in 0..answer.len() * 8 {
        let mut flipped = answer.clone();
        flipped[index / 8] ^= 1 << (index % 8);
        if let Ok(Response::Successful(basic)) = Response::from_der(&flipped)
            && (basic.tbs_der != good.tbs_der || basic.signature != good.signature)
        {
            assert!(basic.verify_signature(key).is_err(), "bit {index}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = (OcspRequest::from_der(&bytes), Response::from_der(&bytes));
    }
}
