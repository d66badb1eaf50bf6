//! Numbers, field and points against the model.

use num_bigint::BigUint;
use proptest::prelude::*;

use super::model::{Coordinates, Model, big, limbs};
use crate::gost::curve::{GOST_512, WIDE};
use crate::gost::field::Field;
use crate::gost::inverse::inverse;
use crate::gost::limbs::{Limbs, Product};
use crate::gost::point::{Affine, Point};
use crate::gost::scalar::digits;

/// Numbers whose limbs are often all zeros or all ones, where carries run far.
fn number<const N: usize>() -> impl Strategy<Value = Limbs<N>> {
    let limb = prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>(), any::<u16>().prop_map(u64::from)];
    prop::collection::vec(limb, N).prop_map(|limbs| limbs.try_into().unwrap())
}

fn scalar() -> impl Strategy<Value = Limbs<WIDE>> {
    number()
        .prop_map(|number| GOST_512.order.reduce(&number))
        .prop_filter("not zero", |n| GOST_512.order.holds(n))
}

fn field_agrees<const N: usize, const C: u64>(a: Limbs<N>, b: Limbs<N>)
where
    Limbs<N>: Product,
{
    let p = (BigUint::from(1_u8) << (64 * N)) - C;
    let (x, y) = (Field::<N, C>::new(a), Field::<N, C>::new(b));
    let (a, b) = (big(&a), big(&b));
    let is = |element: Field<N, C>, expected: BigUint| assert_eq!(big(&element.canonical()), expected % &p);
    is(x, a.clone());
    is(x.add(&y), &a + &b);
    is(x.sub(&y), &a + &p * 2_u8 - &b);
    is(x.negate(), &p * 2_u8 - &a);
    is(x.mul(&y), &a * &b);
    is(x.square(), &a * &a);
    is(x.half().double(), a.clone());
    is(x.invert().mul(&x), BigUint::from(u8::from(&a % &p != BigUint::ZERO)));
    assert_eq!(Field::<N, C>::holds(&limbs(&a)), a < p);
}

fn coordinates(point: &Point<WIDE, 569>) -> Coordinates {
    let affine = point.affine();
    (!point.is_infinity()).then(|| (big(&affine.x.canonical()), big(&affine.y.canonical())))
}

fn affine(scalar: &Limbs<WIDE>) -> Affine<WIDE, 569> {
    GOST_512.base_times(scalar).affine()
}

proptest! {
    #[test]
    fn the_field_of_512_bits_is_a_field(a in number::<8>(), b in number::<8>()) {
        field_agrees::<8, 569>(a, b);
    }

    #[test]
    fn the_field_of_256_bits_is_a_field(a in number::<4>(), b in number::<4>()) {
        field_agrees::<4, 617>(a, b);
    }

    #[test]
    fn scalars_are_numbers_modulo_the_order(a in number::<WIDE>(), b in scalar()) {
        let (order, q) = (&GOST_512.order, Model::ours().q);
        let reduced = order.reduce(&a);
        prop_assert_eq!(big(&reduced), big(&a) % &q);
        prop_assert_eq!(big(&order.mul(&reduced, &b)), big(&a) * big(&b) % &q);
        prop_assert_eq!(big(&order.add(&reduced, &b)), (big(&a) + big(&b)) % &q);
        prop_assert_eq!(big(&order.negate(&b)), &q - big(&b));
        prop_assert_eq!(inverse(&b, order.q()).map(|v| big(&v)), big(&b).modinv(&q));
    }

    #[test]
    fn digits_add_up(number in number::<WIDE>(), width in 2_u32..=8) {
        let (mut plus, mut minus) = (BigUint::ZERO, BigUint::ZERO);
        for (position, digit) in digits(&number, width).into_iter().enumerate() {
            prop_assert!(digit == 0 || digit & 1 == 1 && i32::from(digit).abs() < 1 << (width - 1));
            let part = BigUint::from(digit.unsigned_abs()) << position;
            if digit > 0 { plus += part } else { minus += part }
        }
        prop_assert_eq!(plus, big(&number) + minus);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn multiples_are_those_of_the_model(a in scalar(), b in scalar(), c in scalar()) {
        let model = Model::ours();
        let of_base = model.times(&big(&a), &model.base());
        prop_assert_eq!(coordinates(&GOST_512.base_times(&a)), of_base);
        let other = affine(&b);
        let both = (big(&a) + big(&b) * big(&c)) % &model.q;
        prop_assert_eq!(coordinates(&GOST_512.joint(&a, &c, &other)), model.times(&both, &model.base()));
    }

    #[test]
    fn points_are_a_group(a in scalar(), b in scalar(), c in scalar()) {
        let [a, b, c] = [a, b, c].map(|n| GOST_512.base_times(&n));
        let same = |one: &Point<WIDE, 569>, other: &Point<WIDE, 569>| assert_eq!(coordinates(one), coordinates(other));
        same(&a.add(&b), &b.add(&a));
        same(&a.add(&b).add(&c), &a.add(&b.add(&c)));
        same(&a.add(&a), &a.double());
        same(&a.add(&Point::INFINITY), &a);
        same(&Point::INFINITY.add(&a), &a);
        same(&a.add(&a.negate()), &Point::INFINITY);
        same(&Point::INFINITY.double(), &Point::INFINITY);
        let affine = b.affine();
        same(&a.add_affine(&affine), &a.add(&b));
        same(&b.add_affine(&affine), &b.double());
        same(&b.add_affine(&affine.negate()), &Point::INFINITY);
        same(&Point::INFINITY.add_affine(&affine), &b);
    }
}

/// Digits of one kind throughout, sums that end at or beside a power of 32, and the one number whose last addition is
/// of equal points.
#[test]
fn no_number_trips_the_comb() {
    let model = Model::ours();
    let one = BigUint::from(1_u8);
    let agrees = |number: &BigUint, expected: &Coordinates| {
        assert_eq!(coordinates(&GOST_512.base_times(&limbs(number))), *expected, "{number:x}");
        let mirrored = expected.as_ref().map(|(x, y)| (x.clone(), &model.p - y));
        assert_eq!(coordinates(&GOST_512.base_times(&limbs(&(&model.q - number)))), mirrored, "-{number:x}");
    };
    let minus_base = model.base().map(|(x, y)| (x, &model.p - y));
    let mut power = model.base();
    for bit in 0..512_u32 {
        let number = &one << bit;
        agrees(&number, &power);
        if bit > 0 {
            agrees(&(&number - 1_u8), &model.add(&power, &minus_base));
            agrees(&(&number + 1_u8), &model.add(&power, &model.base()));
        }
        power = model.add(&power, &power);
    }
    let mut multiple = model.base();
    for number in 1..70_u8 {
        agrees(&BigUint::from(number), &multiple);
        multiple = model.add(&multiple, &model.base());
    }
    let meeting = (&one << 511_u32) + ((&one << 512_u32) - &model.q);
    agrees(&meeting, &model.times(&meeting, &model.base()));
}

#[test]
fn joint_multiples_pass_through_infinity() {
    let base = affine(&limbs(&BigUint::from(1_u8)));
    for (own, other) in [(1, 1), (1, 3), (2, 2), (5, 27), (127, 1), (255, 257)] {
        let [own, other] = [own, other].map(|n: u32| BigUint::from(n));
        let model = Model::ours();
        let sum = model.times(&(&own + &other), &model.base());
        assert_eq!(coordinates(&GOST_512.joint(&limbs(&own), &limbs(&other), &base)), sum);
        let opposite = &model.q - &own;
        assert_eq!(coordinates(&GOST_512.joint(&limbs(&own), &limbs(&opposite), &base)), None);
    }
}
