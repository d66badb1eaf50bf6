//! Inverses of numbers that are no secret, by division steps (Bernstein and Yang, "Fast constant-time gcd computation
//! and modular inversion", 2019): steps on the lowest bits are gathered in a matrix, and the long numbers are touched
//! once for many of them.

#![expect(clippy::needless_range_loop, reason = "limbs of several numbers go hand in hand")]
#![expect(clippy::many_single_char_names, reason = "the names of the paper")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "limbs of two's complement are cut off on purpose"
)]

use super::limbs::{Limbs, negative_inverse};

/// Steps in one matrix. Its entries have up to 56 bits and a sign, which leaves 8 bits of a top limb for the growth of
/// the cofactors.
const BATCH: u32 = 56;
/// 49/17 of 512 bits and some: no pair of numbers needs more (theorem 11.2).
const MOST_BATCHES: usize = 27;

/// A number of N limbs below a signed one.
#[derive(Clone, Copy)]
struct Signed<const N: usize> {
    low: Limbs<N>,
    top: i64,
}

/// What a batch of steps does to (f, g), times 2^56.
struct Matrix {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

/// `1/number` for an odd modulus, the number being below it; none if they have a divisor in common.
pub(super) fn inverse<const N: usize>(number: &Limbs<N>, modulus: &Limbs<N>) -> Option<Limbs<N>> {
    let negative_inverse = negative_inverse(modulus[0]);
    let zero = Signed { low: [0; N], top: 0 };
    let one = Signed { low: std::array::from_fn(|i| u64::from(i == 0)), top: 0 };
    let (mut f, mut g) = (Signed { low: *modulus, top: 0 }, Signed { low: *number, top: 0 });
    // Modulo the modulus, f is d times the number and g is e times it.
    let (mut d, mut e) = (zero, one);
    let mut delta = 1;
    for _ in 0..MOST_BATCHES {
        if g.is_zero() {
            break;
        }
        let matrix = steps(&mut delta, f.low[0], g.low[0]);
        let exact = |_| 0;
        (f, g) = (
            combined(matrix.u, &f, matrix.v, &g, modulus, exact),
            combined(matrix.q, &f, matrix.r, &g, modulus, exact),
        );
        // As many times the modulus as make the lowest bits zero.
        let divisible = |lowest: u64| (lowest.wrapping_mul(negative_inverse) & ((1 << BATCH) - 1)) as i64;
        (d, e) = (
            combined(matrix.u, &d, matrix.v, &e, modulus, divisible),
            combined(matrix.q, &d, matrix.r, &e, modulus, divisible),
        );
    }
    let sign = match (f.top, f.low[0]) {
        (0, 1) => 1,
        (-1, u64::MAX) => -1,
        _ => return None,
    };
    let unit = f.low[1..].iter().all(|&limb| limb == f.top as u64);
    if !unit || !g.is_zero() {
        return None;
    }
    let mut result = d.plus(0, &zero, sign);
    while result.top < 0 {
        result = result.plus(1, &Signed { low: *modulus, top: 0 }, 1);
    }
    loop {
        let less = result.plus(-1, &Signed { low: *modulus, top: 0 }, 1);
        if less.top < 0 {
            return Some(result.low);
        }
        result = less;
    }
}

/// A batch of steps on the lowest limbs.
fn steps(delta: &mut i64, mut f: u64, mut g: u64) -> Matrix {
    let (mut u, mut v, mut q, mut r) = (1_i64, 0_i64, 0_i64, 1_i64);
    for _ in 0..BATCH {
        if g & 1 == 1 {
            if *delta > 0 {
                *delta = -*delta;
                (f, g) = (g, f.wrapping_neg());
                (u, v, q, r) = (q, r, -u, -v);
            }
            g = g.wrapping_add(f);
            (q, r) = (q + u, r + v);
        }
        *delta += 1;
        g >>= 1;
        (u, v) = (u << 1, v << 1);
    }
    Matrix { u, v, q, r }
}

/// `(a·x + b·y + m·modulus) / 2^56`, where m is what `multiple` says for the lowest limb of the rest.
fn combined<const N: usize>(
    a: i64,
    x: &Signed<N>,
    b: i64,
    y: &Signed<N>,
    modulus: &Limbs<N>,
    multiple: impl Fn(u64) -> i64,
) -> Signed<N> {
    let (a, b) = (i128::from(a), i128::from(b));
    let lowest = a * i128::from(x.low[0]) + b * i128::from(y.low[0]);
    let m = i128::from(multiple(lowest as u64));
    let mut sum = lowest + m * i128::from(modulus[0]);
    let mut low = [0; N];
    for i in 1..N {
        let next =
            (sum >> 64) + a * i128::from(x.low[i]) + b * i128::from(y.low[i]) + m * i128::from(modulus[i]);
        low[i - 1] = ((sum as u64) >> BATCH) | ((next as u64) << (64 - BATCH));
        sum = next;
    }
    let top = (sum >> 64) + a * i128::from(x.top) + b * i128::from(y.top);
    low[N - 1] = ((sum as u64) >> BATCH) | ((top as u64) << (64 - BATCH));
    Signed { low, top: (top >> BATCH) as i64 }
}

impl<const N: usize> Signed<N> {
    fn is_zero(&self) -> bool {
        self.top == 0 && self.low.iter().all(|&limb| limb == 0)
    }

    /// `sign·self + factor·other`.
    fn plus(&self, factor: i64, other: &Self, sign: i64) -> Self {
        let (factor, sign) = (i128::from(factor), i128::from(sign));
        let mut low = [0; N];
        let mut sum = 0_i128;
        for i in 0..N {
            sum += sign * i128::from(self.low[i]) + factor * i128::from(other.low[i]);
            low[i] = sum as u64;
            sum >>= 64;
        }
        let top = sum + sign * i128::from(self.top) + factor * i128::from(other.top);
        Self { low, top: top as i64 }
    }
}
