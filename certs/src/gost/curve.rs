//! A curve, and multiplication on it.

use std::sync::OnceLock;

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

/// A curve y² = x³ + ax + b with a base point of prime order.
///
/// Reckoning is on the curve y² = x³ + Ax + u⁶b, whose points are (u²x, u³y), where u⁴a is A: 3 or −3 whatever a is. One
/// of the two exists for every a, modulo a p that is 3 modulo 4; where a is −3, u is 1.
pub(super) struct Curve<const N: usize, const C: u64, const A: i64> {
    pub(super) order: Order<N>,
    /// u⁶b.
    b: Field<N, C>,
    base: Affine<N, C, A>,
    /// u² and u³.
    to: [Field<N, C>; 2],
    /// Their inverses.
    from: [Field<N, C>; 2],
    /// Whether the base point generates the curve. Where it does not, a point need not be a multiple of it.
    whole: bool,
    /// 1, 3, 5, … times the base point.
    multiples: OnceLock<Vec<Affine<N, C, A>>>,
    comb: OnceLock<Comb<N, C, A>>,
}

/// What a standard says of a curve, and u.
pub(super) struct Parameters<const N: usize> {
    pub(super) b: Limbs<N>,
    pub(super) q: Limbs<N>,
    pub(super) x: Limbs<N>,
    pub(super) y: Limbs<N>,
    pub(super) u: Limbs<N>,
    /// Whether there are q points and no more.
    pub(super) whole: bool,
}

impl<const N: usize, const C: u64, const A: i64> Curve<N, C, A>
where
    Limbs<N>: Product,
{
    pub(super) fn new(parameters: &Parameters<N>) -> Self {
        let Parameters { b, q, x, y, u, whole } = *parameters;
        let u = Field::new(u);
        let to = [u.square(), u.square().mul(&u)];
        Self {
            order: Order::new(q),
            b: Field::new(b).mul(&to[1].square()),
            base: Affine { x: Field::new(x).mul(&to[0]), y: Field::new(y).mul(&to[1]) },
            to,
            from: to.map(|factor| factor.invert()),
            whole,
            multiples: OnceLock::new(),
            comb: OnceLock::new(),
        }
    }

    /// The point with these coordinates, if both are below p and it is a multiple of the base point.
    pub(super) fn point(&self, x: &Limbs<N>, y: &Limbs<N>) -> Option<Affine<N, C, A>> {
        if !Field::<N, C>::holds(x) || !Field::<N, C>::holds(y) {
            return None;
        }
        let (x, y) = (Field::new(*x).mul(&self.to[0]), Field::new(*y).mul(&self.to[1]));
        let three = Field::small(3);
        let slope = if A == 3 { x.square().add(&three) } else { x.square().sub(&three) };
        let on_curve = y.square().sub(&slope.mul(&x).add(&self.b)).is_zero();
        let point = on_curve.then_some(Affine { x, y })?;
        (self.whole || self.joint(&[0; N], self.order.q(), &point).is_infinity()).then_some(point)
    }

    /// The coordinates of a point, each below p.
    pub(super) fn coordinates(&self, point: &Affine<N, C, A>) -> (Limbs<N>, Limbs<N>) {
        (point.x.mul(&self.from[0]).canonical(), point.y.mul(&self.from[1]).canonical())
    }

    /// Whether the x of a point that is not at infinity is `r` modulo q, `r` being below q: without dividing, since
    /// what is kept is u²x = X/Z². It may be q more than `r`, or several times that, where this is below p.
    pub(super) fn has_x(&self, point: &Point<N, C, A>, r: &Limbs<N>) -> bool {
        let factor = point.z.square().mul(&self.to[0]);
        let mut x = *r;
        loop {
            if Field::new(x).mul(&factor).sub(&point.x).is_zero() {
                return true;
            }
            let (above, carry) = limbs::add(&x, self.order.q());
            if carry || !Field::<N, C>::holds(&above) {
                return false;
            }
            x = above;
        }
    }

    /// `scalar` times the base point, in constant time; `0 < scalar < q`.
    pub(super) fn base_times(&self, scalar: &Limbs<N>) -> Point<N, C, A> {
        self.comb.get_or_init(|| Comb::new(&self.base, &self.order)).times(scalar, &self.order)
    }

    /// `base_factor` times the base point and `factor` times `point`, with one row of doublings for both (Straus 1964).
    /// For numbers that are no secret.
    pub(super) fn joint(
        &self,
        base_factor: &Limbs<N>,
        factor: &Limbs<N>,
        point: &Affine<N, C, A>,
    ) -> Point<N, C, A> {
        let base_multiples =
            self.multiples.get_or_init(|| all_affine(&odd_multiples::<_, _, _, BASE_MULTIPLES>(&self.base)));
        let multiples =
            odd_multiples::<_, _, _, POINT_MULTIPLES>(point).map(|multiple| Scaled::new(&multiple));
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
pub(super) fn odd_multiples<const N: usize, const C: u64, const A: i64, const COUNT: usize>(
    point: &Affine<N, C, A>,
) -> [Point<N, C, A>; COUNT]
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
