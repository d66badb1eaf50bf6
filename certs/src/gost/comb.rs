//! Multiples of the base point in constant time.
//!
//! An odd number below q is a sum of odd digits between −31 and 31, each times a power of 32; none is zero, so every
//! number takes the same steps. The table holds 1, 3, …, 31 times the base point times every such power; a digit's entry
//! is read by going over all sixteen. An even number is replaced by q less it, and the point mirrored.

use zeroize::Zeroizing;

use super::curve::odd_multiples;
use super::limbs::{Limbs, Product, mask, select};
use super::point::{Affine, Point, all_affine};
use super::scalar::Order;

/// Bits of a digit, and entries of the table for each.
const WIDTH: usize = 5;
const ENTRIES: usize = 1 << (WIDTH - 1);

/// A row for each digit: 103 of them for 512 bits, 206 kB.
pub(super) struct Comb<const N: usize, const C: u64, const A: i64>(Vec<Affine<N, C, A>>);

impl<const N: usize, const C: u64, const A: i64> Comb<N, C, A>
where
    Limbs<N>: Product,
{
    pub(super) fn new(base: &Affine<N, C, A>, order: &Order<N>) -> Self {
        let rows = order.bits().div_ceil(WIDTH);
        let mut points = Vec::with_capacity(rows * ENTRIES);
        let mut power = *base;
        for _ in 0..rows {
            points.extend(odd_multiples::<_, _, _, ENTRIES>(&power));
            power = (0..WIDTH).fold(power.projective(), |power, _| power.double()).affine();
        }
        Self(all_affine(&points))
    }

    /// `scalar` times the base point; `0 < scalar < q`.
    pub(super) fn times(&self, scalar: &Limbs<N>, order: &Order<N>) -> Point<N, C, A> {
        let even = mask(scalar[0] & 1 == 0);
        let odd = Zeroizing::new(select(even, &order.negate(scalar), scalar));
        let rows = self.0.chunks_exact(ENTRIES).enumerate();
        let last = rows.len() - 1;
        let mut sum = Point::INFINITY;
        for (index, row) in rows {
            let top = if index == last { ENTRIES as u64 } else { 0 };
            let term = Zeroizing::new(entry(row, digit(&odd, index) | top));
            sum = match index {
                0 => term.projective(),
                _ if index < last => sum.add_unequal(&term),
                // Sums of the lower digits are smaller than the next power, so no sum before was of equal or opposite
                // points. Here alone, where a multiple of q may lie between, they can be equal.
                _ => {
                    let unequal = sum.add_unequal(&term);
                    let equal = mask(unequal.is_infinity());
                    Point::select(equal, &sum.double(), &unequal)
                }
            };
        }
        Point::select(even, &sum.negate(), &sum)
    }
}

/// The digit with the given index, from 0 for −31 to 31 for 31 in steps of two: these are the bits of half the number
/// with a one at the very top, which is not set here, since 31, 31·32, … together are a power of 32 less one.
fn digit<const N: usize>(odd: &Limbs<N>, index: usize) -> u64 {
    let position = WIDTH * index + 1;
    let (limb, shift) = (position / 64, position % 64);
    let low = odd.get(limb).map_or(0, |limb| limb >> shift);
    let high = if shift == 0 { 0 } else { odd.get(limb + 1).map_or(0, |limb| limb << (64 - shift)) };
    (low | high) & 31
}

/// The entry for a digit, read without telling which.
fn entry<const N: usize, const C: u64, const A: i64>(row: &[Affine<N, C, A>], digit: u64) -> Affine<N, C, A> {
    let positive = mask(digit >= ENTRIES as u64);
    let wanted = (digit & 15) ^ (!positive & 15);
    let mut found = row[0];
    for (index, candidate) in (0..).zip(row) {
        found = Affine::select(mask(index == wanted), candidate, &found);
    }
    Affine::select(positive, &found, &found.negate())
}
