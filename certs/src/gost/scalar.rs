//! Numbers modulo the order q of the group.

#![expect(clippy::needless_range_loop, reason = "limbs of several numbers go hand in hand")]

use super::limbs::{self, Limbs, select};

/// The most digits that a number in [`digits`] has: one more than 512 bits.
pub(super) const MOST_DIGITS: usize = 513;

/// An odd modulus whose top bit is set, or else the one below, and what multiplying by Montgomery's method wants to know
/// of it.
pub(super) struct Order<const N: usize> {
    q: Limbs<N>,
    /// How often q goes into what its limbs can hold.
    most: u32,
    /// −1/q modulo 2^64.
    negative_inverse: u64,
    /// 2^(128 N) mod q.
    square_of_radix: Limbs<N>,
}

impl<const N: usize> Order<N> {
    pub(super) fn new(q: Limbs<N>) -> Self {
        let most = (2 << q[N - 1].leading_zeros()) - 1;
        let order =
            Self { q, most, negative_inverse: limbs::negative_inverse(q[0]), square_of_radix: [0; N] };
        // 2^(64 N) mod q is that of 2^(64 N) − q, and doubling it 64 N times gives the rest.
        let power = order.reduce(&limbs::sub(&[0; N], &q).0);
        let square_of_radix = (0..64 * N).fold(power, |power, _| order.add(&power, &power));
        Self { square_of_radix, ..order }
    }

    pub(super) const fn q(&self) -> &Limbs<N> {
        &self.q
    }

    /// The length of q in bits, which is that of its limbs or one less.
    pub(super) const fn bits(&self) -> usize {
        64 * N - self.q[N - 1].leading_zeros() as usize
    }

    /// Whether `0 < number < q`.
    pub(super) fn holds(&self, number: &Limbs<N>) -> bool {
        !limbs::is_zero(number) & limbs::less(number, &self.q)
    }

    /// Any number modulo q.
    pub(super) fn reduce(&self, number: &Limbs<N>) -> Limbs<N> {
        (0..self.most).fold(*number, |number, _| {
            let (less, borrow) = limbs::sub(&number, &self.q);
            select(limbs::mask(borrow), &number, &less)
        })
    }

    pub(super) fn add(&self, a: &Limbs<N>, b: &Limbs<N>) -> Limbs<N> {
        let (sum, carry) = limbs::add(a, b);
        let (less, borrow) = limbs::sub(&sum, &self.q);
        select(limbs::mask(borrow) & !limbs::mask(carry), &sum, &less)
    }

    /// q − `number`, for a number that is not zero.
    pub(super) fn negate(&self, number: &Limbs<N>) -> Limbs<N> {
        limbs::sub(&self.q, number).0
    }

    pub(super) fn mul(&self, a: &Limbs<N>, b: &Limbs<N>) -> Limbs<N> {
        self.montgomery(&self.montgomery(a, b), &self.square_of_radix)
    }

    /// `a · b / 2^(64 N)` (Montgomery 1985), row by row.
    fn montgomery(&self, a: &Limbs<N>, b: &Limbs<N>) -> Limbs<N> {
        let mut sum = [0; N];
        let mut top = 0;
        for i in 0..N {
            let mut carry = 0;
            for j in 0..N {
                (sum[j], carry) = a[j].carrying_mul_add(b[i], sum[j], carry);
            }
            let (first_top, over) = u64::carrying_add(top, carry, false);
            let factor = sum[0].wrapping_mul(self.negative_inverse);
            (_, carry) = factor.carrying_mul_add(self.q[0], sum[0], 0);
            for j in 1..N {
                (sum[j - 1], carry) = factor.carrying_mul_add(self.q[j], sum[j], carry);
            }
            let (last, over_too) = first_top.carrying_add(carry, false);
            sum[N - 1] = last;
            top = u64::from(over) + u64::from(over_too);
        }
        let (less, borrow) = limbs::sub(&sum, &self.q);
        select(limbs::mask(borrow) & !limbs::mask(top != 0), &sum, &less)
    }
}

/// The non-adjacent form of width `width` (2 to 8) of a number that is no secret: digits are zero or odd and less than
/// 2^(width − 1) in size, and of `width` digits in a row at most one is not zero. The lowest comes first.
pub(super) fn digits<const N: usize>(number: &Limbs<N>, width: u32) -> [i8; MOST_DIGITS] {
    let mut digits = [0; MOST_DIGITS];
    let bits_at = |position: usize| {
        let (limb, shift) = (position / 64, position % 64);
        let low = number.get(limb).map_or(0, |limb| limb >> shift);
        let high = if shift == 0 { 0 } else { number.get(limb + 1).map_or(0, |limb| limb << (64 - shift)) };
        (low | high) & ((1 << width) - 1)
    };
    let (mut position, mut carry) = (0, 0);
    while position <= 64 * N {
        let window = bits_at(position) + carry;
        if window & 1 == 0 {
            position += 1;
            continue;
        }
        carry = (window >> (width - 1)) & 1;
        let digit = i64::try_from(window).unwrap_or(0) - (i64::from(carry == 1) << width);
        digits[position] = i8::try_from(digit).unwrap_or(0);
        position += width as usize;
    }
    digits
}
