use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.split_whitespace().collect::<String>()).unwrap()
}

fn reversed(hex: &str) -> Vec<u8> {
    bytes(hex).into_iter().rev().collect()
}

/// A signature by the national library (a public project's test data), recomputed independently.
const QX: &str = "28c9f1ffdf601800c890cc078f948fb9af056935c1d1bf8a844cba3719ec953bc4d14951e405671af34e72f2027a391238b13ab048088480fcf95989f12a92fa";
const QY: &str = "45e5b51e170a01cbe33a5f0abcc9d9099429650bf9dd5101d9c706a85e5707c6a67b10ba114d4bc7f887e21fdea0c2ca615784ac1303711592ea6808ad321204";
const MESSAGE: &[u8] = b"ncalayer-rs test message";
const DIGEST: &str = "7d2b8e1c32c116aba0e4c14a021d459206b6174d201cddfed0b256da91729cf169199a9ff12d6026c29e6acabe19c4d191954823f54fb7b2661b3b4b5cfe2179";
const SIGNATURE: &str = "8d6c6a698664478e092159fb3570b0e93641b8eeb52e1735581099c8221c0d144415b08e27ebc77579ee65f70bd53f7932a7e9b885debd71e6be0e8018600364d47013472a66eebceeb1efc9d2309981b4fc1f5d45d7d8b0ab1490574cee5e38b975491336c312db35b6cf666e695f6bba90806d1dda19726218554cad2f1666";

fn vector_key() -> PublicPoint {
    PublicPoint::from_le(&[reversed(QX), reversed(QY)].concat()).unwrap()
}

#[test]
fn a_signature_of_the_national_library_verifies() {
    assert_eq!(digest(MESSAGE).as_slice(), bytes(DIGEST));
    assert!(vector_key().verifies(MESSAGE, &bytes(SIGNATURE)));
}

#[test]
fn what_is_signed_verifies() {
    let key = PrivateKey::generate().unwrap();
    let signature = key.sign(b"message").unwrap();
    let public = PublicPoint::from_le(&key.public()).unwrap();
    assert!(public.verifies(b"message", &signature));
    assert!(!public.verifies(b"massage", &signature));
}
