//! Vectors, and what must not verify.

use num_bigint::BigUint;

use super::model::{Model, big, limbs};
use crate::gost::limbs::{Limbs, Product};
use crate::gost::nonce::Nonces;
use crate::gost::parameters::{GOST_256, GOST_512, GOST_2004};
use crate::gost::suite::{Hash, Suite, pair_from_le, pair_to_le};
use crate::gost::{PrivateKey, PublicPoint, Standard, signature};

fn bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap()
}

fn reversed(digits: &str) -> Vec<u8> {
    bytes(digits).into_iter().rev().collect()
}

/// A public key with a message and its signature.
struct Vector {
    standard: Standard,
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Vector {
    fn verifies(&self) -> bool {
        verifies(self.standard, &self.key, &self.message, &self.signature)
    }
}

fn verifies(standard: Standard, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    PublicPoint::from_le(standard, key).is_some_and(|key| key.verifies(message, signature))
}

/// Made by a national tool, and recomputed independently.
fn national_512() -> Vector {
    let x = "28c9f1ffdf601800c890cc078f948fb9af056935c1d1bf8a844cba3719ec953bc4d14951e405671af34e72f2027a391238b13ab048088480fcf95989f12a92fa";
    let y = "45e5b51e170a01cbe33a5f0abcc9d9099429650bf9dd5101d9c706a85e5707c6a67b10ba114d4bc7f887e21fdea0c2ca615784ac1303711592ea6808ad321204";
    Vector {
        standard: Standard::Gost512,
        key: [reversed(x), reversed(y)].concat(),
        message: b"ncalayer-rs test message".to_vec(),
        signature: bytes(
            "8d6c6a698664478e092159fb3570b0e93641b8eeb52e1735581099c8221c0d144415b08e27ebc77579ee65f70bd53f7932a7e9b885debd71e6be0e8018600364d47013472a66eebceeb1efc9d2309981b4fc1f5d45d7d8b0ab1490574cee5e38b975491336c312db35b6cf666e695f6bba90806d1dda19726218554cad2f1666",
        ),
    }
}

/// Attributes of a CMS document that a national tool signed in 2022 with a test key of the national centre (the key of a
/// test person of a test organisation, as its makers give it to everybody). They hold the digest of `test`.
fn national_2004() -> Vector {
    Vector {
        standard: Standard::Gost2004,
        key: bytes(
            "ff18a536dcfec6642e3433b235f3fc2468f3f94085f3e65d7883d4eab75c465b839652967eae474d7838f271173c3e7a73141f37fa665d7d132bd4403dfa5f9e",
        ),
        message: bytes(
            "3181a2301806092a864886f70d010903310b06092a864886f70d010701301c06092a864886f70d010905310f170d3232303531333039353033325a302f06092a864886f70d01090431220420a6e1acdd0cc7e00d02b90bccb2e21892289d1e93f622b8760cb0e076def1f42b3037060b2a864886f70d010910022f31283026302430220420b03ad1c4f791fd1f51987951c9fd3b581fac4637ca387fb91575b3d84fe98c73",
        ),
        signature: bytes(
            "e0873eaa590f011a8c57c9e1187cb99c007a76afa26f09d4525cf5174bd8867fa8c4f39fe3f5e29e30da84850024125619d66142d4cf4683a07c8526d0267995",
        ),
    }
}

/// No signature of a national tool is known for 256 bits: this is the example of RFC 9215, A.2, a certificate that signs
/// itself, with the signature turned round.
fn russian_256() -> Vector {
    Vector {
        standard: Standard::Gost256,
        key: bytes(
            "742795d4bee884ddf2850fec03ea3faf1844e01d9da60b645093a55e26dfc39978f596cf4d4d0c6cf1d18943d94493d16b9ec0a16d512d2e127cc4691a6318e2",
        ),
        message: bytes(
            "3081d3a00302010202010a300a06082a8503070101030230123110300e060355040313074578616d706c653020170d3031303130313030303030305a180f32303530313233313030303030305a30123110300e060355040313074578616d706c65305e301706082a85030701010101300b06092a85030701020101010343000440742795d4bee884ddf2850fec03ea3faf1844e01d9da60b645093a55e26dfc39978f596cf4d4d0c6cf1d18943d94493d16b9ec0a16d512d2e127cc4691a6318e2a3133011300f0603551d130101ff040530030101ff",
        ),
        signature: bytes(
            "69e76eaee71873090e3a5b6f7ac74ad60a20acaec756521b6f7c34bea51d0e1d8c574812793b9e36290eec92941210a3734287ee28e95c0dcb094b12a94d0b14",
        ),
    }
}

fn vectors() -> [Vector; 3] {
    [national_512(), national_2004(), russian_256()]
}

#[test]
fn signatures_in_the_national_encoding_verify() {
    for vector in vectors() {
        assert!(vector.verifies(), "{:?}", vector.standard);
    }
}

#[test]
fn digests_are_those_of_national_tools_and_of_the_standards() {
    let is = |standard: Standard, message: &[u8], digest: &str| {
        assert_eq!(hex::encode(standard.digest(message)), digest, "{standard:?}");
    };
    let of_512 = "7d2b8e1c32c116aba0e4c14a021d459206b6174d201cddfed0b256da91729cf169199a9ff12d6026c29e6acabe19c4d191954823f54fb7b2661b3b4b5cfe2179";
    is(Standard::Gost512, b"ncalayer-rs test message", of_512);
    let of_test = "a6e1acdd0cc7e00d02b90bccb2e21892289d1e93f622b8760cb0e076def1f42b";
    is(Standard::Gost2004, b"test", of_test);
    // RFC 6986, 10.1.2 and 10.2.2, and RFC 5831, 7.3, where the numbers are written from their other end.
    let from_end = |digest: &str| hex::encode(reversed(&digest.replace(' ', "")));
    let first: Vec<u8> = (0..63).map(|i| b'0' + i % 10).collect();
    let second = "fbe2e5f0eee3c820fbeafaebef20fffbf0e1e0f0f520e0ed20e8ece0ebe5f0f2f120fff0eeec20f120faf2fee5e2202ce8f6f3ede220e8e6eee1e8f0f2d1202ce8f0f2e5e220e5d1";
    is(
        Standard::Gost256,
        &first,
        &from_end("00557be5e584fd52a449b16b0251d05d27f94ab76cbaa6da890b59d8ef1e159d"),
    );
    is(
        Standard::Gost256,
        &reversed(second),
        &from_end("508f7e553c06501d749a66fc28c6cac0b005746d97537fa85d9e40904efed29d"),
    );
    is(
        Standard::Gost2004,
        b"This is message, length=32 bytes",
        &from_end("faff37a6 15a81669 1cff3ef8 b68ca247 e09525f3 9f811983 2eb81975 d366c4b1"),
    );
    is(
        Standard::Gost2004,
        b"Suppose the original message has length = 50 bytes",
        &from_end("0852f562 3b89dd57 aeb4781f e54df14e eafbc135 0613763a 0d770aa6 57ba1a47"),
    );
}

#[test]
fn no_flipped_bit_is_overlooked() {
    for Vector { standard, key, message, signature } in vectors() {
        let flipped = |bytes: &[u8], bit: usize| {
            let mut flipped = bytes.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            flipped
        };
        for bit in 0..8 * message.len() {
            let message = flipped(&message, bit);
            assert!(!verifies(standard, &key, &message, &signature), "bit {bit} of the message");
        }
        for bit in 0..8 * signature.len() {
            let signature = flipped(&signature, bit);
            assert!(!verifies(standard, &key, &message, &signature), "bit {bit} of the signature");
        }
        for bit in 0..8 * key.len() {
            assert!(PublicPoint::from_le(standard, &flipped(&key, bit)).is_none(), "bit {bit} of the key");
        }
    }
}

/// What holds on every curve.
fn holds_everywhere<H: Hash, const N: usize, const C: u64, const A: i64>(
    suite: &Suite<H, N, C, A>,
    model: &Model,
    vector: &Vector,
) where
    Limbs<N>: Product,
{
    r_and_s_must_lie_between_zero_and_q(suite, vector);
    only_points_of_the_curve_are_keys(suite, model, vector);
    private_keys_lie_between_zero_and_q(suite, vector.standard);
    signatures_are_those_of_the_model(suite, model, vector.standard);
    nonces_that_do_not_serve_are_passed_over(suite);
    nonces_follow_from_key_and_message(suite, vector.standard);
    zero_is_signed_as_one(suite);
}

#[test]
fn of_gost_512() {
    holds_everywhere(&GOST_512, &Model::gost512(), &national_512());
}

#[test]
fn of_gost_256() {
    holds_everywhere(&GOST_256, &Model::gost256(), &russian_256());
}

#[test]
fn of_gost_2004() {
    holds_everywhere(&GOST_2004, &Model::gost2004(), &national_2004());
}

fn key_of_seven(standard: Standard) -> PrivateKey {
    let length = if standard == Standard::Gost512 { 64 } else { 32 };
    PrivateKey::from_le(standard, &[7; 64][..length]).unwrap()
}

fn le<const N: usize>(number: &BigUint) -> Vec<u8> {
    limbs::<N>(number).iter().flat_map(|limb| limb.to_le_bytes()).collect()
}

fn r_and_s_must_lie_between_zero_and_q<H: Hash, const N: usize, const C: u64, const A: i64>(
    suite: &Suite<H, N, C, A>,
    vector: &Vector,
) where
    Limbs<N>: Product,
{
    let refused = |signature: &[u8]| {
        assert!(!verifies(vector.standard, &vector.key, &vector.message, signature));
    };
    let (r, s) = pair_from_le::<N>(&vector.signature).unwrap();
    let q = *suite.curve.order.q();
    let above: Limbs<N> = limbs(&(big(&q) + 1_u8));
    for wrong in [[0; N], q, above, [u64::MAX; N]] {
        refused(&pair_to_le(&(wrong, s)));
        refused(&pair_to_le(&(r, wrong)));
    }
    for length in [0, 1, 8 * N, 16 * N - 1] {
        refused(&vector.signature[..length]);
    }
    refused(&[vector.signature.as_slice(), &[0]].concat());
    let big_endian: Vec<u8> = vector.signature.iter().rev().copied().collect();
    refused(&big_endian);
}

/// With s = 0 and a point of order two or at infinity a verifier without these checks could be made to say yes.
fn only_points_of_the_curve_are_keys<H: Hash, const N: usize, const C: u64, const A: i64>(
    suite: &Suite<H, N, C, A>,
    model: &Model,
    Vector { standard, key, .. }: &Vector,
) where
    Limbs<N>: Product,
{
    let is_key = |bytes: &[u8]| PublicPoint::from_le(*standard, bytes).is_some();
    let (x, y) = pair_from_le::<N>(key).unwrap();
    assert!(is_key(key));
    assert!(!is_key(&vec![0; 16 * N]));
    assert!(!is_key(&pair_to_le(&(y, x))));
    assert!(!is_key(&key[1..]));
    // A coordinate and the same with p added are one, but only the first is written so.
    let found = (1..200_u32).find_map(|factor| {
        let (x, y) = model.times(&BigUint::from(factor), &model.base())?;
        let above = &x + &model.p;
        (above.bits() <= 64 * N as u64).then_some((x, y, above))
    });
    if let Some((x, y, above)) = found {
        assert!(is_key(&[le::<N>(&x), le::<N>(&y)].concat()));
        assert!(!is_key(&[le::<N>(&above), le::<N>(&y)].concat()));
    }
    // A point of the curve that no private key has.
    if *standard == Standard::Gost256 {
        let (x, y) = model.other_point();
        assert!(model.holds(&(x.clone(), y.clone())));
        assert!(!is_key(&[le::<N>(&x), le::<N>(&y)].concat()));
    }
    assert_eq!(suite.curve.coordinates(&suite.point(key).unwrap()), (x, y));
}

fn private_keys_lie_between_zero_and_q<H: Hash, const N: usize, const C: u64, const A: i64>(
    suite: &Suite<H, N, C, A>,
    standard: Standard,
) where
    Limbs<N>: Product,
{
    let q = big(suite.curve.order.q());
    for refused in [BigUint::ZERO, q.clone(), &q + 1_u8] {
        assert!(PrivateKey::from_le(standard, &le::<N>(&refused)).is_none());
    }
    for accepted in [BigUint::from(1_u8), &q - 1_u8] {
        let key = PrivateKey::from_le(standard, &le::<N>(&accepted)).unwrap();
        assert_eq!(key.to_le().as_slice(), le::<N>(&accepted));
        assert!(verifies(standard, &key.public(), b"", &key.sign(b"").unwrap()));
    }
}

fn signatures_are_those_of_the_model<H: Hash, const N: usize, const C: u64, const A: i64>(
    suite: &Suite<H, N, C, A>,
    model: &Model,
    standard: Standard,
) where
    Limbs<N>: Product,
{
    let key = key_of_seven(standard);
    let d: Limbs<N> = *suite.private(&key.to_le()).unwrap();
    for message in [&b""[..], b"message", &[0xff; 300]] {
        let e = suite.number(&standard.digest(message));
        let k = Nonces::<H, N>::new(&suite.curve.order, &d, &e).find(|k| suite.curve.order.holds(k)).unwrap();
        let (r, s) = model.sign(&big(&d), &big(&e), &big(&k));
        let signature = key.sign(message).unwrap();
        assert_eq!(signature, pair_to_le::<N>(&(limbs(&r), limbs(&s))));
        assert!(verifies(standard, &key.public(), message, &signature));
    }
}

fn nonces_that_do_not_serve_are_passed_over<H: Hash, const N: usize, const C: u64, const A: i64>(
    suite: &Suite<H, N, C, A>,
) where
    Limbs<N>: Product,
{
    let (d, e) = (limbs(&BigUint::from(5_u8)), limbs(&BigUint::from(9_u8)));
    let (q, good) = (*suite.curve.order.q(), limbs(&BigUint::from(12_345_u16)));
    let sign = |nonces: &[Limbs<N>]| signature::sign(&suite.curve, &d, &e, nonces.iter().map(|&k| k.into()));
    assert_eq!(sign(&[[0; N], q, [u64::MAX; N], good]), sign(&[good]));
    assert_eq!(sign(&[[0; N]]), None);
}

/// One key and message, one nonce; and no two of the same. None has bits that q has not, so few are passed over.
fn nonces_follow_from_key_and_message<H: Hash, const N: usize, const C: u64, const A: i64>(
    suite: &Suite<H, N, C, A>,
    standard: Standard,
) where
    Limbs<N>: Product,
{
    let key = key_of_seven(standard);
    assert_eq!(key.sign(b"message"), key.sign(b"message"));
    let order = &suite.curve.order;
    let nonces = |d: &Limbs<N>, e: &Limbs<N>| Nonces::<H, N>::new(order, d, e).take(40).collect::<Vec<_>>();
    let (d, e) = ([7; N], [9; N]);
    let first = nonces(&d, &e);
    assert_ne!(first[0], first[1]);
    assert_ne!(first[1], first[2]);
    assert!(first.iter().all(|nonce| big(nonce).bits() <= order.bits() as u64));
    assert!(first.iter().any(|nonce| big(nonce).bits() == order.bits() as u64));
    assert_eq!(nonces(&d, &e), first);
    assert_ne!(nonces(&d, &[8; N])[0], first[0]);
    assert_ne!(nonces(&e, &d)[0], first[0]);
}

/// A digest that is a multiple of q is signed as 1 (RFC 7091, 6.1, step 2).
fn zero_is_signed_as_one<H: Hash, const N: usize, const C: u64, const A: i64>(suite: &Suite<H, N, C, A>)
where
    Limbs<N>: Product,
{
    let signed = |digest: &BigUint| big(&suite.number(&le::<N>(digest)));
    let q = big(suite.curve.order.q());
    let most = ((BigUint::from(1_u8) << (64 * N)) - 1_u8) / &q;
    assert_eq!(signed(&BigUint::ZERO), BigUint::from(1_u8));
    assert_eq!(signed(&q), BigUint::from(1_u8));
    assert_eq!(signed(&(&most * &q)), BigUint::from(1_u8));
    assert_eq!(signed(&(&most * &q + 3_u8)), BigUint::from(3_u8));
    assert_eq!(signed(&BigUint::from(2_u8)), BigUint::from(2_u8));
}
