//! Points of a curve y² = x³ + Ax + b where A is 3 or −3, in Jacobian coordinates: (X/Z², Y/Z³), at infinity where Z is
//! 0. None of the formulas needs b.
//!
//! Doubling is right for every point. Adding with `add_unequal` is right unless the points are equal, opposite or at
//! infinity, and never branches; [`Point::add`] and [`Point::add_affine`] are right for all and are for what is no
//! secret.

#![expect(clippy::inline_always, reason = "selections are read off a table in a loop")]

use zeroize::Zeroize;

use super::field::Field;
use super::limbs::{Limbs, Product};

/// A point that is not at infinity.
#[derive(Clone, Copy)]
pub(super) struct Affine<const N: usize, const C: u64, const A: i64> {
    pub(super) x: Field<N, C>,
    pub(super) y: Field<N, C>,
}

/// Any point.
#[derive(Clone, Copy)]
pub(super) struct Point<const N: usize, const C: u64, const A: i64> {
    pub(super) x: Field<N, C>,
    pub(super) y: Field<N, C>,
    pub(super) z: Field<N, C>,
}

impl<const N: usize, const C: u64, const A: i64> Affine<N, C, A> {
    pub(super) const fn projective(&self) -> Point<N, C, A> {
        Point { x: self.x, y: self.y, z: Field::ONE }
    }

    pub(super) fn negate(&self) -> Self {
        Self { x: self.x, y: self.y.negate() }
    }

    /// `yes` where the mask is ones, `no` where it is zeros.
    #[inline(always)]
    pub(super) fn select(mask: u64, yes: &Self, no: &Self) -> Self {
        Self { x: Field::select(mask, &yes.x, &no.x), y: Field::select(mask, &yes.y, &no.y) }
    }
}

impl<const N: usize, const C: u64, const A: i64> Zeroize for Point<N, C, A> {
    fn zeroize(&mut self) {
        self.x.zeroize();
        self.y.zeroize();
        self.z.zeroize();
    }
}

impl<const N: usize, const C: u64, const A: i64> Zeroize for Affine<N, C, A> {
    fn zeroize(&mut self) {
        self.x.zeroize();
        self.y.zeroize();
    }
}

impl<const N: usize, const C: u64, const A: i64> Point<N, C, A>
where
    Limbs<N>: Product,
{
    pub(super) const INFINITY: Self = Self { x: Field::ONE, y: Field::ONE, z: Field::ZERO };

    pub(super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    pub(super) fn negate(&self) -> Self {
        Self { y: self.y.negate(), ..*self }
    }

    /// `yes` where the mask is ones, `no` where it is zeros.
    pub(super) fn select(mask: u64, yes: &Self, no: &Self) -> Self {
        Self {
            x: Field::select(mask, &yes.x, &no.x),
            y: Field::select(mask, &yes.y, &no.y),
            z: Field::select(mask, &yes.z, &no.z),
        }
    }

    /// The tangent's slope is (3X² + A·Z⁴)/2 with a new Z of Y·Z, and X² − Z⁴ is (X − Z²)(X + Z²).
    #[inline]
    pub(super) fn double(&self) -> Self {
        const { assert!(A == 3 || A == -3) };
        let z2 = self.z.square();
        let m =
            if A == 3 { self.x.square().add(&z2.square()) } else { self.x.sub(&z2).mul(&self.x.add(&z2)) };
        let slope = m.add(&m.half());
        let y2 = self.y.square();
        let s = self.x.mul(&y2);
        let x = slope.square().sub(&s.double());
        let y = slope.mul(&s.sub(&x)).sub(&y2.square());
        Self { x, y, z: self.y.mul(&self.z) }
    }

    /// The sum with a point that is neither this one nor its opposite, this one not being at infinity. For those Z is 0.
    #[inline]
    pub(super) fn add_unequal(&self, other: &Affine<N, C, A>) -> Self {
        let z2 = self.z.square();
        let across = other.x.mul(&z2).sub(&self.x);
        let up = other.y.mul(&z2.mul(&self.z)).sub(&self.y);
        self.chord(&self.x, &self.y, &across, &up, &self.z.mul(&across))
    }

    /// The sum with any point but infinity.
    #[inline]
    pub(super) fn add_affine(&self, other: &Affine<N, C, A>) -> Self {
        if self.is_infinity() {
            return other.projective();
        }
        let z2 = self.z.square();
        let across = other.x.mul(&z2).sub(&self.x);
        let up = other.y.mul(&z2.mul(&self.z)).sub(&self.y);
        if across.is_zero() {
            return if up.is_zero() { self.double() } else { Self::INFINITY };
        }
        self.chord(&self.x, &self.y, &across, &up, &self.z.mul(&across))
    }

    /// The sum with any point.
    pub(super) fn add(&self, other: &Self) -> Self {
        if other.is_infinity() { *self } else { self.add_scaled(&Scaled::new(other)) }
    }

    /// The sum with any point but infinity.
    #[inline]
    pub(super) fn add_scaled(&self, other: &Scaled<N, C, A>) -> Self {
        if self.is_infinity() {
            return other.point;
        }
        let z2 = self.z.square();
        let x = self.x.mul(&other.z2);
        let y = self.y.mul(&other.z3);
        let other = &other.point;
        let across = other.x.mul(&z2).sub(&x);
        let up = other.y.mul(&z2.mul(&self.z)).sub(&y);
        if across.is_zero() {
            return if up.is_zero() { self.double() } else { Self::INFINITY };
        }
        self.chord(&x, &y, &across, &up, &self.z.mul(&other.z).mul(&across))
    }

    /// The third point of the chord from (x, y) that goes `across` and `up`, mirrored.
    #[inline(always)]
    #[expect(clippy::unused_self, reason = "a part of the additions above")]
    fn chord(
        &self,
        x: &Field<N, C>,
        y: &Field<N, C>,
        across: &Field<N, C>,
        up: &Field<N, C>,
        z: &Field<N, C>,
    ) -> Self {
        let across2 = across.square();
        let across3 = across2.mul(across);
        let v = x.mul(&across2);
        let sum_x = up.square().sub(&across3).sub(&v.double());
        let sum_y = up.mul(&v.sub(&sum_x)).sub(&y.mul(&across3));
        Self { x: sum_x, y: sum_y, z: *z }
    }

    /// The affine coordinates; (0, 0) at infinity, which lies on no curve of ours.
    pub(super) fn affine(&self) -> Affine<N, C, A> {
        self.scaled(&self.z.invert())
    }

    fn scaled(&self, inverse: &Field<N, C>) -> Affine<N, C, A> {
        let inverse2 = inverse.square();
        Affine { x: self.x.mul(&inverse2), y: self.y.mul(&inverse2.mul(inverse)) }
    }
}

/// A point that is added often, with the powers of its Z.
pub(super) struct Scaled<const N: usize, const C: u64, const A: i64> {
    point: Point<N, C, A>,
    z2: Field<N, C>,
    z3: Field<N, C>,
}

impl<const N: usize, const C: u64, const A: i64> Scaled<N, C, A>
where
    Limbs<N>: Product,
{
    pub(super) fn new(point: &Point<N, C, A>) -> Self {
        let z2 = point.z.square();
        Self { point: *point, z2, z3: z2.mul(&point.z) }
    }

    pub(super) fn negate(&self) -> Self {
        Self { point: self.point.negate(), ..*self }
    }
}

/// The affine coordinates of many points, none at infinity, for the price of one inversion (Montgomery's trick).
pub(super) fn all_affine<const N: usize, const C: u64, const A: i64>(
    points: &[Point<N, C, A>],
) -> Vec<Affine<N, C, A>>
where
    Limbs<N>: Product,
{
    let mut product = Field::ONE;
    let mut before = Vec::with_capacity(points.len());
    for point in points {
        before.push(product);
        product = product.mul(&point.z);
    }
    let mut inverse = product.invert();
    let mut affine: Vec<Affine<N, C, A>> = points
        .iter()
        .zip(&before)
        .rev()
        .map(|(point, before)| {
            let own = inverse.mul(before);
            inverse = inverse.mul(&point.z);
            point.scaled(&own)
        })
        .collect();
    affine.reverse();
    affine
}
