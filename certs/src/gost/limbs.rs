//! Numbers of a fixed length: limbs of 64 bits, the lowest first. Nothing here branches on a value.

#![expect(clippy::inline_always, reason = "carries stay in registers only where the steps meet")]

use std::hint::black_box;

/// A number of `N` limbs, the lowest first.
pub(super) type Limbs<const N: usize> = [u64; N];

/// A sum and its carry.
#[inline(always)]
pub(super) fn add<const N: usize>(a: &Limbs<N>, b: &Limbs<N>) -> (Limbs<N>, bool) {
    add_with(a, b, false)
}

#[inline(always)]
fn add_with<const N: usize>(a: &Limbs<N>, b: &Limbs<N>, mut carry: bool) -> (Limbs<N>, bool) {
    let mut sum = [0; N];
    for i in 0..N {
        (sum[i], carry) = a[i].carrying_add(b[i], carry);
    }
    (sum, carry)
}

/// A difference and its borrow.
#[inline(always)]
pub(super) fn sub<const N: usize>(a: &Limbs<N>, b: &Limbs<N>) -> (Limbs<N>, bool) {
    let mut difference = [0; N];
    let mut borrow = false;
    for i in 0..N {
        (difference[i], borrow) = a[i].borrowing_sub(b[i], borrow);
    }
    (difference, borrow)
}

/// The same with one limb to add.
#[inline(always)]
pub(super) fn add_limb<const N: usize>(a: &Limbs<N>, limb: u64) -> (Limbs<N>, bool) {
    let mut sum = *a;
    let mut carry;
    (sum[0], carry) = a[0].overflowing_add(limb);
    for i in 1..N {
        (sum[i], carry) = a[i].carrying_add(0, carry);
    }
    (sum, carry)
}

/// The same with one limb to subtract.
#[inline(always)]
pub(super) fn sub_limb<const N: usize>(a: &Limbs<N>, limb: u64) -> (Limbs<N>, bool) {
    let mut difference = *a;
    let mut borrow;
    (difference[0], borrow) = a[0].overflowing_sub(limb);
    for i in 1..N {
        (difference[i], borrow) = a[i].borrowing_sub(0, borrow);
    }
    (difference, borrow)
}

/// Whether `a` is less than `b`.
pub(super) fn less<const N: usize>(a: &Limbs<N>, b: &Limbs<N>) -> bool {
    sub(a, b).1
}

/// Whether a number is zero.
#[inline(always)]
pub(super) fn is_zero<const N: usize>(a: &Limbs<N>) -> bool {
    a.iter().fold(0, |sum, limb| sum | limb) == 0
}

/// All ones for yes, all zeros for no. The compiler must not find out that it is one of two values.
#[inline(always)]
pub(super) fn mask(choice: bool) -> u64 {
    black_box(u64::from(choice)).wrapping_neg()
}

/// `yes` where the mask is ones, `no` where it is zeros.
#[inline(always)]
pub(super) fn select<const N: usize>(mask: u64, yes: &Limbs<N>, no: &Limbs<N>) -> Limbs<N> {
    let mut selected = *no;
    for i in 0..N {
        selected[i] ^= mask & (yes[i] ^ no[i]);
    }
    selected
}

/// From little-endian bytes, exactly as many as the number has.
pub(super) fn from_le<const N: usize>(bytes: &[u8]) -> Option<Limbs<N>> {
    let mut number = [0; N];
    let (chunks, rest) = bytes.as_chunks::<8>();
    if chunks.len() != N || !rest.is_empty() {
        return None;
    }
    for (limb, chunk) in number.iter_mut().zip(chunks) {
        *limb = u64::from_le_bytes(*chunk);
    }
    Some(number)
}

/// As little-endian bytes.
pub(super) fn to_le<const N: usize>(number: &Limbs<N>) -> impl Iterator<Item = u8> {
    number.iter().flat_map(|limb| limb.to_le_bytes())
}

/// Products of twice the length, as a low and a high half. Rows are written out for four limbs, which the compiler
/// keeps in registers, and longer numbers are made of such halves.
pub(super) trait Product: Sized {
    /// `a · b`.
    fn product(a: &Self, b: &Self) -> (Self, Self);
    /// `a · a`.
    fn square(a: &Self) -> (Self, Self);
}

impl Product for Limbs<4> {
    #[inline(always)]
    fn product(a: &Self, b: &Self) -> (Self, Self) {
        let (mut low, mut high) = ([0; 4], [0; 4]);
        for i in 0..4 {
            let mut carry;
            (low[i], carry) = a[0].carrying_mul_add(b[i], high[0], 0);
            for j in 1..4 {
                (high[j - 1], carry) = a[j].carrying_mul_add(b[i], high[j], carry);
            }
            high[3] = carry;
        }
        (low, high)
    }

    /// Every mixed product once, doubled, and the squares on top.
    #[inline(always)]
    fn square(a: &Self) -> (Self, Self) {
        let (w1, carry) = a[0].carrying_mul(a[1], 0);
        let (w2, carry) = a[0].carrying_mul(a[2], carry);
        let (w3, w4) = a[0].carrying_mul(a[3], carry);
        let (w3, carry) = a[1].carrying_mul_add(a[2], w3, 0);
        let (w4, w5) = a[1].carrying_mul_add(a[3], w4, carry);
        let (w5, w6) = a[2].carrying_mul_add(a[3], w5, 0);
        let mut sum = [
            0,
            w1 << 1,
            (w2 << 1) | (w1 >> 63),
            (w3 << 1) | (w2 >> 63),
            (w4 << 1) | (w3 >> 63),
            (w5 << 1) | (w4 >> 63),
            (w6 << 1) | (w5 >> 63),
            w6 >> 63,
        ];
        let mut carry = false;
        for i in 0..4 {
            let (low, high) = a[i].carrying_mul(a[i], 0);
            (sum[2 * i], carry) = sum[2 * i].carrying_add(low, carry);
            (sum[2 * i + 1], carry) = sum[2 * i + 1].carrying_add(high, carry);
        }
        halves(&sum)
    }
}

impl Product for Limbs<8> {
    #[inline(always)]
    fn product(a: &Self, b: &Self) -> (Self, Self) {
        let ((a0, a1), (b0, b1)) = (halves(a), halves(b));
        let middle = [Limbs::<4>::product(&a0, &b1), Limbs::<4>::product(&a1, &b0)];
        joined(Limbs::<4>::product(&a0, &b0), middle, Limbs::<4>::product(&a1, &b1))
    }

    #[inline(always)]
    fn square(a: &Self) -> (Self, Self) {
        let (a0, a1) = halves(a);
        let middle = Limbs::<4>::product(&a0, &a1);
        joined(Limbs::<4>::square(&a0), [middle, middle], Limbs::<4>::square(&a1))
    }
}

#[inline(always)]
const fn halves(a: &Limbs<8>) -> (Limbs<4>, Limbs<4>) {
    let [a0, a1, a2, a3, a4, a5, a6, a7] = *a;
    ([a0, a1, a2, a3], [a4, a5, a6, a7])
}

/// The sum of partial products: `low` at limb 0, the two `middle` ones at limb 4, `high` at limb 8.
#[inline(always)]
fn joined(
    (w0, w1): (Limbs<4>, Limbs<4>),
    middle: [(Limbs<4>, Limbs<4>); 2],
    (w2, w3): (Limbs<4>, Limbs<4>),
) -> (Limbs<8>, Limbs<8>) {
    let [(low, high), (low_too, high_too)] = middle;
    let (w1, carry) = add(&w1, &low);
    let (w2, over) = add_with(&w2, &high, carry);
    let (w1, carry) = add(&w1, &low_too);
    let (w2, over_too) = add_with(&w2, &high_too, carry);
    // The whole is less than 2^1024, so nothing is carried out of it.
    let (w3, _) = add_limb(&w3, u64::from(over) + u64::from(over_too));
    (whole(w0, w1), whole(w2, w3))
}

#[inline(always)]
const fn whole(low: Limbs<4>, high: Limbs<4>) -> Limbs<8> {
    let ([a0, a1, a2, a3], [a4, a5, a6, a7]) = (low, high);
    [a0, a1, a2, a3, a4, a5, a6, a7]
}

/// −1/n modulo 2^64 for an odd n.
pub(super) fn negative_inverse(n: u64) -> u64 {
    // Newton: every round doubles the number of right bits, of which an odd number starts with three.
    (0..5)
        .fold(n, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(n.wrapping_mul(inverse))))
        .wrapping_neg()
}
