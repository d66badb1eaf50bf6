//! Signing and verifying numbers (GOST R 34.10-2012, section 6 of RFC 7091, of which GOST 34.10-2015 is the text).

use zeroize::{Zeroize as _, Zeroizing};

use super::curve::Curve;
use super::inverse::inverse;
use super::limbs::{Limbs, Product};
use super::point::Affine;

/// r and s.
pub(super) type Pair<const N: usize> = (Limbs<N>, Limbs<N>);

/// Signs `e`, which is below q and not zero, with the first nonce that serves. In constant time but for the nonces that
/// do not, of which the key learns nothing.
pub(super) fn sign<const N: usize, const C: u64, const A: i64>(
    curve: &Curve<N, C, A>,
    d: &Limbs<N>,
    e: &Limbs<N>,
    nonces: impl Iterator<Item = Zeroizing<Limbs<N>>>,
) -> Option<Pair<N>>
where
    Limbs<N>: Product,
{
    let order = &curve.order;
    for nonce in nonces.filter(|nonce| order.holds(nonce)) {
        let mut point = curve.base_times(&nonce);
        let r = order.reduce(&curve.coordinates(&point.affine()).0);
        point.zeroize();
        let from_key = Zeroizing::new(order.mul(&r, d));
        let from_nonce = Zeroizing::new(order.mul(&nonce, e));
        let s = order.add(&from_key, &from_nonce);
        if order.holds(&r) && order.holds(&s) {
            return Some((r, s));
        }
    }
    None
}

/// Whether (r, s) signs `e`, which is below q and not zero, for the public point. Nothing here is a secret.
pub(super) fn verifies<const N: usize, const C: u64, const A: i64>(
    curve: &Curve<N, C, A>,
    public: &Affine<N, C, A>,
    e: &Limbs<N>,
    (r, s): &Pair<N>,
) -> bool
where
    Limbs<N>: Product,
{
    let order = &curve.order;
    if !order.holds(r) || !order.holds(s) {
        return false;
    }
    let Some(v) = inverse(e, order.q()) else { return false };
    let base_factor = order.mul(s, &v);
    let factor = order.negate(&order.mul(r, &v));
    let point = curve.joint(&base_factor, &factor, public);
    !point.is_infinity() && curve.has_x(&point, r)
}
