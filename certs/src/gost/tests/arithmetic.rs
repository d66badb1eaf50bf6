//! Numbers, field and points against the model.

use num_bigint::BigUint;
use proptest::prelude::*;

use super::model::{Coordinates, Model, big, limbs};
use crate::gost::curve::Curve;
use crate::gost::field::Field;
use crate::gost::inverse::inverse;
use crate::gost::limbs::{Limbs, Product};
use crate::gost::parameters::{GOST_256, GOST_512, GOST_2004, NARROW, WIDE};
use crate::gost::point::{Affine, Point};
use crate::gost::scalar::{Order, digits};

/// Numbers whose limbs are often all zeros or all ones, where carries run far.
fn number<const N: usize>() -> impl Strategy<Value = Limbs<N>> {
    let limb = prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>(), any::<u16>().prop_map(u64::from)];
    prop::collection::vec(limb, N).prop_map(|limbs| limbs.try_into().unwrap())
}

fn scalar<const N: usize>(order: &'static Order<N>) -> impl Strategy<Value = Limbs<N>> {
    number().prop_map(|number| order.reduce(&number)).prop_filter("not zero", |n| order.holds(n))
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

/// A curve beside its model.
struct Pair<const N: usize, const C: u64, const A: i64> {
    curve: &'static Curve<N, C, A>,
    model: Model,
}

impl<const N: usize, const C: u64, const A: i64> Pair<N, C, A>
where
    Limbs<N>: Product,
{
    fn coordinates(&self, point: &Point<N, C, A>) -> Coordinates {
        let (x, y) = self.curve.coordinates(&point.affine());
        (!point.is_infinity()).then(|| (big(&x), big(&y)))
    }

    fn affine(&self, scalar: &Limbs<N>) -> Affine<N, C, A> {
        self.curve.base_times(scalar).affine()
    }

    fn scalars_are_numbers_modulo_the_order(&self, a: &Limbs<N>, b: &Limbs<N>) {
        let (order, q) = (&self.curve.order, &self.model.q);
        let reduced = order.reduce(a);
        assert_eq!(big(order.q()), *q);
        assert_eq!(order.bits() as u64, q.bits());
        assert_eq!(big(&reduced), big(a) % q);
        assert_eq!(big(&order.mul(&reduced, b)), big(a) * big(b) % q);
        assert_eq!(big(&order.add(&reduced, b)), (big(a) + big(b)) % q);
        assert_eq!(big(&order.negate(b)), q - big(b));
        assert_eq!(inverse(b, order.q()).map(|v| big(&v)), big(b).modinv(q));
    }

    fn multiples_are_those_of_the_model(&self, a: &Limbs<N>, b: &Limbs<N>, c: &Limbs<N>) {
        let (curve, model) = (self.curve, &self.model);
        let of_base = model.times(&big(a), &model.base());
        assert_eq!(self.coordinates(&curve.base_times(a)), of_base);
        let (x, y) = of_base.unwrap();
        let read = curve.point(&limbs(&x), &limbs(&y)).expect("a multiple is read");
        assert_eq!(self.coordinates(&read.projective()), Some((x, y)));
        let other = self.affine(b);
        let both = (big(a) + big(b) * big(c)) % &model.q;
        assert_eq!(self.coordinates(&curve.joint(a, c, &other)), model.times(&both, &model.base()));
    }

    fn points_are_a_group(&self, scalars: [Limbs<N>; 3]) {
        let [a, b, c] = scalars.map(|n| self.curve.base_times(&n));
        let same = |one: &Point<N, C, A>, other: &Point<N, C, A>| {
            assert_eq!(self.coordinates(one), self.coordinates(other));
        };
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

    /// Digits of one kind throughout, sums that end at or beside a power of 32, and the one number whose last addition
    /// is of equal points.
    fn no_number_trips_the_comb(&self) {
        let (curve, model) = (self.curve, &self.model);
        let one = BigUint::from(1_u8);
        let agrees = |number: &BigUint, expected: &Coordinates| {
            let ours = |number: &BigUint| self.coordinates(&curve.base_times(&limbs(number)));
            assert_eq!(ours(number), *expected, "{number:x}");
            let mirrored = expected.as_ref().map(|(x, y)| (x.clone(), &model.p - y));
            assert_eq!(ours(&(&model.q - number)), mirrored, "-{number:x}");
        };
        let minus_base = model.base().map(|(x, y)| (x, &model.p - y));
        let mut power = model.base();
        for bit in 0..model.q.bits() {
            let number = &one << bit;
            if number >= model.q {
                break;
            }
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
        // The sum of the lower digits and the last term meet where the number is twice the term.
        let power = &one << (5 * (model.q.bits().div_ceil(5) - 1));
        let mut term = model.times(&power, &model.base());
        let twice = model.add(&term, &term);
        for digit in (1..32_u8).step_by(2) {
            agrees(&(&power * digit * 2_u8 % &model.q), &model.add(&term, &term));
            term = model.add(&term, &twice);
        }
    }

    fn joint_multiples_pass_through_infinity(&self) {
        let (curve, model) = (self.curve, &self.model);
        let base = self.affine(&limbs(&BigUint::from(1_u8)));
        for (own, other) in [(1, 1), (1, 3), (2, 2), (5, 27), (127, 1), (255, 257)] {
            let [own, other] = [own, other].map(|n: u32| BigUint::from(n));
            let sum = model.times(&(&own + &other), &model.base());
            assert_eq!(self.coordinates(&curve.joint(&limbs(&own), &limbs(&other), &base)), sum);
            let opposite = &model.q - &own;
            assert_eq!(self.coordinates(&curve.joint(&limbs(&own), &limbs(&opposite), &base)), None);
        }
    }
}

/// The same tests for every curve.
macro_rules! curves {
    ($($name:ident: $suite:ident, $limbs:ident, $c:literal, $a:literal;)*) => {$(
        mod $name {
            use super::*;

            fn pair() -> Pair<$limbs, $c, $a> {
                Pair { curve: &$suite.curve, model: Model::$name() }
            }

            fn scalar() -> impl Strategy<Value = Limbs<$limbs>> {
                super::scalar(&$suite.curve.order)
            }

            proptest! {
                #[test]
                fn the_field_is_a_field(a in number(), b in number()) {
                    field_agrees::<$limbs, $c>(a, b);
                }

                #[test]
                fn scalars_are_numbers_modulo_the_order(a in number(), b in scalar()) {
                    pair().scalars_are_numbers_modulo_the_order(&a, &b);
                }

                #[test]
                fn digits_add_up(number in number::<$limbs>(), width in 2_u32..=8) {
                    super::digits_add_up(&number, width);
                }
            }

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(16))]

                #[test]
                fn multiples_are_those_of_the_model(a in scalar(), b in scalar(), c in scalar()) {
                    pair().multiples_are_those_of_the_model(&a, &b, &c);
                }

                #[test]
                fn points_are_a_group(scalars in [scalar(), scalar(), scalar()]) {
                    pair().points_are_a_group(scalars);
                }
            }

            #[test]
            fn no_number_trips_the_comb() {
                pair().no_number_trips_the_comb();
            }

            #[test]
            fn joint_multiples_pass_through_infinity() {
                pair().joint_multiples_pass_through_infinity();
            }
        }
    )*};
}

curves! {
    gost512: GOST_512, WIDE, 569, -3;
    gost256: GOST_256, NARROW, 617, 3;
    gost2004: GOST_2004, NARROW, 617, -3;
}

fn digits_add_up<const N: usize>(number: &Limbs<N>, width: u32) {
    let (mut plus, mut minus) = (BigUint::ZERO, BigUint::ZERO);
    for (position, digit) in digits(number, width).into_iter().enumerate() {
        assert!(digit == 0 || digit & 1 == 1 && i32::from(digit).abs() < 1 << (width - 1));
        let part = BigUint::from(digit.unsigned_abs()) << position;
        if digit > 0 { plus += part } else { minus += part }
    }
    assert_eq!(plus, big(number) + minus);
}
