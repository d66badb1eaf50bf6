//! The field of numbers modulo p = 2^(64 N) − C, where C is small: 2^512 − 569 and 2^256 − 617.
//!
//! What overflows 2^(64 N) comes back as C times as much. Elements are kept below 2^(64 N), not below p, until somebody
//! looks at them.

#![expect(clippy::inline_always, reason = "carries stay in registers only where the steps meet")]

use zeroize::Zeroize;

use super::limbs::{self, Limbs, Product, select};

/// An element. Two representations of one element differ by p; comparing is by [`canonical`](Self::canonical).
#[derive(Clone, Copy)]
pub(super) struct Field<const N: usize, const C: u64>(Limbs<N>);

impl<const N: usize, const C: u64> Zeroize for Field<N, C> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize, const C: u64> Field<N, C> {
    pub(super) const ZERO: Self = Self([0; N]);
    pub(super) const ONE: Self = Self::small(1);

    pub(super) const fn new(number: Limbs<N>) -> Self {
        Self(number)
    }

    pub(super) const fn small(number: u64) -> Self {
        let mut limbs = [0; N];
        limbs[0] = number;
        Self(limbs)
    }

    /// The number below p.
    pub(super) fn canonical(&self) -> Limbs<N> {
        // With C added, exactly what is not below p overflows, and leaves what is above p.
        let (above, not_below) = limbs::add_limb(&self.0, C);
        select(limbs::mask(not_below), &above, &self.0)
    }

    /// Whether `number` is below p.
    pub(super) fn holds(number: &Limbs<N>) -> bool {
        !limbs::add_limb(number, C).1
    }

    pub(super) fn is_zero(&self) -> bool {
        limbs::is_zero(&self.canonical())
    }

    #[inline(always)]
    pub(super) fn add(&self, other: &Self) -> Self {
        let (sum, carry) = limbs::add(&self.0, &other.0);
        Self(add_over(&sum, u64::from(carry) * C, C))
    }

    #[inline(always)]
    pub(super) fn double(&self) -> Self {
        self.add(self)
    }

    #[inline(always)]
    pub(super) fn sub(&self, other: &Self) -> Self {
        let (difference, borrow) = limbs::sub(&self.0, &other.0);
        let (mut difference, borrow) = limbs::sub_limb(&difference, u64::from(borrow) * C);
        // A second borrow leaves a number just below 2^(64 N), whose lowest limb has room.
        difference[0] = difference[0].wrapping_sub(u64::from(borrow) * C);
        Self(difference)
    }

    pub(super) fn negate(&self) -> Self {
        Self::ZERO.sub(self)
    }

    /// Half of it: of itself if even, else of itself and p.
    #[inline(always)]
    pub(super) fn half(&self) -> Self {
        let odd = self.0[0] & 1;
        let (even, borrow) = limbs::sub_limb(&self.0, odd * C);
        let mut top = odd - u64::from(borrow);
        let mut half = even;
        for limb in half.iter_mut().rev() {
            let low = *limb & 1;
            *limb = (*limb >> 1) | (top << 63);
            top = low;
        }
        Self(half)
    }

    /// `yes` where the mask is ones, `no` where it is zeros.
    #[inline(always)]
    pub(super) fn select(mask: u64, yes: &Self, no: &Self) -> Self {
        Self(select(mask, &yes.0, &no.0))
    }
}

impl<const N: usize, const C: u64> Field<N, C>
where
    Limbs<N>: Product,
{
    /// Not inlined, and [`square`](Self::square) neither: a formula of eleven of them would not fit the cache of
    /// instructions, and take twice as long.
    #[inline(never)]
    pub(super) fn mul(&self, other: &Self) -> Self {
        Self(fold::<N, C>(Product::product(&self.0, &other.0)))
    }

    #[inline(never)]
    pub(super) fn square(&self) -> Self {
        Self(fold::<N, C>(Product::square(&self.0)))
    }

    fn squared_times(&self, times: u32) -> Self {
        (0..times).fold(*self, |power, _| power.square())
    }

    /// The inverse by Fermat's theorem, zero for zero: the exponent p − 2 is all ones but for its lowest limb, and no
    /// secret.
    pub(super) fn invert(&self) -> Self {
        // self^(2^n − 1) for n = 1, 2, 4, …, 32, and what 64 ones make of it in each upper limb.
        let ones: [Self; 7] = {
            let mut ones = [*self; 7];
            for i in 1..7 {
                ones[i] = ones[i - 1].squared_times(1 << (i - 1)).mul(&ones[i - 1]);
            }
            ones
        };
        let mut power = ones[6];
        for _ in 2..N {
            power = power.squared_times(64).mul(&ones[6]);
        }
        let lowest = 0_u64.wrapping_sub(C + 2);
        for i in (0..16).rev() {
            power = power.squared_times(4);
            match (lowest >> (4 * i)) & 15 {
                15 => power = power.mul(&ones[2]),
                bits => {
                    // The four squarings are behind us: multiply by the power that the bits say.
                    let mut part = Self::ONE;
                    for bit in (0..4).rev() {
                        part = part.square();
                        if bits >> bit & 1 == 1 {
                            part = part.mul(self);
                        }
                    }
                    power = power.mul(&part);
                }
            }
        }
        power
    }
}

/// `sum + over` below 2^(64 N), where `over` stands for what was carried out, C for each.
#[inline(always)]
fn add_over<const N: usize>(sum: &Limbs<N>, over: u64, c: u64) -> Limbs<N> {
    let (mut sum, carry) = limbs::add_limb(sum, over);
    // A second carry leaves a small number, whose lowest limb has room.
    sum[0] = sum[0].wrapping_add(u64::from(carry) * c);
    sum
}

/// `low + 2^(64 N) · high`.
#[inline(always)]
fn fold<const N: usize, const C: u64>((low, high): (Limbs<N>, Limbs<N>)) -> Limbs<N> {
    let mut sum = low;
    let mut carry = 0;
    for (limb, high) in sum.iter_mut().zip(high) {
        (*limb, carry) = high.carrying_mul_add(C, *limb, carry);
    }
    add_over(&sum, carry * C, C)
}
