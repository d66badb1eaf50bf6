//! The curve, and multiplication on it.

use std::sync::{LazyLock, OnceLock};

use super::comb::Comb;
use super::field::Field;
use super::limbs::{self, Limbs, Product};
use super::point::{Affine, Point, Scaled, all_affine};
use super::scalar::{Order, digits};

/// Widths of the non-adjacent forms: for the base point, whose multiples are kept, and for any other point.
const BASE_WIDTH: u32 = 8;
const POINT_WIDTH: u32 = 5;
/// How many odd multiples these need.
const BASE_MULTIPLES: usize = 1 << (BASE_WIDTH - 2);
const POINT_MULTIPLES: usize = 1 << (POINT_WIDTH - 2);

/// Limbs of 512 bits.
pub(super) const WIDE: usize = 8;

/// id-tc26-gost-3410-12-512-paramSetA (RFC 7836, A.1): modulo 2^512 − 569.
pub(super) static GOST_512: LazyLock<Curve<WIDE, 569>> = LazyLock::new(|| {
    const Q: Limbs<WIDE> = [
        0xcacd_b141_1f10_b275,
        0x9b4b_38ab_fad2_b85d,
        0x6ff2_2b8d_4e05_6060,
        0x27e6_9532_f48d_8911,
        u64::MAX,
        u64::MAX,
        u64::MAX,
        u64::MAX,
    ];
    const B: Limbs<WIDE> = [
        0x5031_9078_5a71_c760,
        0x862e_f9d4_ebee_4761,
        0x4cb4_5740_10da_90dd,
        0xee3c_b090_f30d_2761,
        0x79bd_081c_fd0b_6265,
        0x34b8_2574_761c_b0e8,
        0xc1bd_0b2b_6667_f1da,
        0xe8c2_505d_edfc_86dd,
    ];
    const Y: Limbs<WIDE> = [
        0x89a5_89cb_5215_f2a4,
        0x8028_fe5f_c235_f5b8,
        0x3d75_e6a5_0e3a_41e9,
        0xdf16_26be_4fd0_36e9,
        0x7780_64fd_cbef_a921,
        0xce5e_1c93_acf1_abc1,
        0xa61b_8816_e254_50e6,
        0x7503_cfe8_7a83_6ae3,
    ];
    Curve::new(Order::new(Q), Field::new(B), Affine { x: Field::small(3), y: Field::new(Y) })
});

/// A curve y² = x³ − 3x + b with a base point that generates all of it.
pub(super) struct Curve<const N: usize, const C: u64> {
    pub(super) order: Order<N>,
    b: Field<N, C>,
    base: Affine<N, C>,
    /// 1, 3, 5, … times the base point.
    multiples: OnceLock<Vec<Affine<N, C>>>,
    comb: OnceLock<Comb<N, C>>,
}

impl<const N: usize, const C: u64> Curve<N, C>
where
    Limbs<N>: Product,
{
    pub(super) const fn new(order: Order<N>, b: Field<N, C>, base: Affine<N, C>) -> Self {
        Self { order, b, base, multiples: OnceLock::new(), comb: OnceLock::new() }
    }

    /// The point with these coordinates, if both are below p and it is on the curve.
    pub(super) fn point(&self, x: Limbs<N>, y: Limbs<N>) -> Option<Affine<N, C>> {
        if !Field::<N, C>::holds(&x) || !Field::<N, C>::holds(&y) {
            return None;
        }
        let (x, y) = (Field::new(x), Field::new(y));
        let three = Field::small(3);
        let right = x.square().sub(&three).mul(&x).add(&self.b);
        y.square().sub(&right).is_zero().then_some(Affine { x, y })
    }

    /// Whether the x of a point that is not at infinity is `r` modulo q, `r` being below q: without dividing, since
    /// x is X/Z². It may be q more than `r` where that is below p.
    pub(super) fn has_x(&self, point: &Point<N, C>, r: &Limbs<N>) -> bool {
        let z2 = point.z.square();
        let is = |x: Limbs<N>| Field::new(x).mul(&z2).sub(&point.x).is_zero();
        let (above, carry) = limbs::add(r, self.order.q());
        is(*r) || !carry && Field::<N, C>::holds(&above) && is(above)
    }

    /// `scalar` times the base point, in constant time; `0 < scalar < q`.
    pub(super) fn base_times(&self, scalar: &Limbs<N>) -> Point<N, C> {
        self.comb.get_or_init(|| Comb::new(&self.base)).times(scalar, &self.order)
    }

    /// `base_factor` times the base point and `factor` times `point`, with one row of doublings for both (Straus 1964).
    /// For numbers that are no secret.
    pub(super) fn joint(
        &self,
        base_factor: &Limbs<N>,
        factor: &Limbs<N>,
        point: &Affine<N, C>,
    ) -> Point<N, C> {
        let base_multiples =
            self.multiples.get_or_init(|| all_affine(&odd_multiples::<_, _, BASE_MULTIPLES>(&self.base)));
        let multiples = odd_multiples::<_, _, POINT_MULTIPLES>(point).map(|multiple| Scaled::new(&multiple));
        let base_digits = digits(base_factor, BASE_WIDTH);
        let point_digits = digits(factor, POINT_WIDTH);
        let mut sum = Point::INFINITY;
        for (&base_digit, &digit) in base_digits.iter().zip(&point_digits).take(64 * N + 1).rev() {
            sum = sum.double();
            match base_multiples.get(usize::from(base_digit.unsigned_abs()) / 2) {
                Some(multiple) if base_digit > 0 => sum = sum.add_affine(multiple),
                Some(multiple) if base_digit < 0 => sum = sum.add_affine(&multiple.negate()),
                _ => {}
            }
            match multiples.get(usize::from(digit.unsigned_abs()) / 2) {
                Some(multiple) if digit > 0 => sum = sum.add_scaled(multiple),
                Some(multiple) if digit < 0 => sum = sum.add_scaled(&multiple.negate()),
                _ => {}
            }
        }
        sum
    }
}

/// 1, 3, 5, … times a point.
pub(super) fn odd_multiples<const N: usize, const C: u64, const COUNT: usize>(
    point: &Affine<N, C>,
) -> [Point<N, C>; COUNT]
where
    Limbs<N>: Product,
{
    let mut multiple = point.projective();
    let twice = multiple.double();
    std::array::from_fn(|_| {
        let next = multiple.add(&twice);
        std::mem::replace(&mut multiple, next)
    })
}
