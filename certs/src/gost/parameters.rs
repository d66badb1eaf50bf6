//! The curves of the three standards, each with its digest. All are modulo p = 2^512 − 569 or 2^256 − 617.

use std::sync::LazyLock;

use super::curve::{Curve, Parameters};
use super::limbs::Limbs;
use super::suite::{Old, Suite};
use streebog::{Streebog256, Streebog512};

/// Limbs of 512 bits and of 256.
pub(super) const WIDE: usize = 8;
pub(super) const NARROW: usize = 4;

pub(super) type Suite512 = Suite<Streebog512, WIDE, 569, -3>;
pub(super) type Suite256 = Suite<Streebog256, NARROW, 617, 3>;
pub(super) type Suite2004 = Suite<Old, NARROW, 617, -3>;

/// id-tc26-gost-3410-12-512-paramSetA (RFC 7836, A.1).
pub(super) static GOST_512: LazyLock<Suite512> = LazyLock::new(|| {
    Suite::new(Curve::new(&Parameters {
        b: [
            0x5031_9078_5a71_c760,
            0x862e_f9d4_ebee_4761,
            0x4cb4_5740_10da_90dd,
            0xee3c_b090_f30d_2761,
            0x79bd_081c_fd0b_6265,
            0x34b8_2574_761c_b0e8,
            0xc1bd_0b2b_6667_f1da,
            0xe8c2_505d_edfc_86dd,
        ],
        q: [
            0xcacd_b141_1f10_b275,
            0x9b4b_38ab_fad2_b85d,
            0x6ff2_2b8d_4e05_6060,
            0x27e6_9532_f48d_8911,
            u64::MAX,
            u64::MAX,
            u64::MAX,
            u64::MAX,
        ],
        x: small(3),
        y: [
            0x89a5_89cb_5215_f2a4,
            0x8028_fe5f_c235_f5b8,
            0x3d75_e6a5_0e3a_41e9,
            0xdf16_26be_4fd0_36e9,
            0x7780_64fd_cbef_a921,
            0xce5e_1c93_acf1_abc1,
            0xa61b_8816_e254_50e6,
            0x7503_cfe8_7a83_6ae3,
        ],
        u: small(1),
        whole: true,
    }))
});

/// id-tc26-gost-3410-2012-256-paramSetA (RFC 7836, A.2), which is an Edwards curve in another form: a is long, and there
/// are four times as many points as multiples of the base point.
pub(super) static GOST_256: LazyLock<Suite256> = LazyLock::new(|| {
    Suite::new(Curve::new(&Parameters {
        b: [0xba93_37a6_f8ae_9513, 0x22fc_cd91_08e1_7bf7, 0xcc20_e7c3_59a9_d41a, 0x295f_9bae_7428_ed9c],
        q: [0xc115_af55_6c36_0c67, 0x0fd8_cddf_c87b_6635, 0, 0x4000_0000_0000_0000],
        x: [0x8b25_82fe_742d_aa28, 0x658b_9196_932e_02c7, 0x8809_2342_5712_b2bb, 0x91e3_8443_a5e8_2c0d],
        y: [0xaf26_8adb_3232_2e5c, 0x5fde_0b53_4476_6740, 0x8957_86c4_bb46_e956, 0x3287_9423_ab1a_0375],
        u: [0x3896_655c_c4cf_4ef2, 0x94cf_9e29_82f5_9e1f, 0xc801_d8bf_942c_197f, 0x0035_7c5e_026f_0991],
        whole: false,
    }))
});

/// id-GostR3410-2001-CryptoPro-A-ParamSet (RFC 4357, 11.4).
pub(super) static GOST_2004: LazyLock<Suite2004> = LazyLock::new(|| {
    Suite::new(Curve::new(&Parameters {
        b: small(166),
        q: [0x4584_1b09_b761_b893, 0x6c61_1070_995a_d100, u64::MAX, u64::MAX],
        x: small(1),
        y: [0x22ac_c99c_9e9f_1e14, 0x3529_4f2d_df23_e3b1, 0x27df_505a_453f_2b76, 0x8d91_e471_e098_9cda],
        u: small(1),
        whole: true,
    }))
});

fn small<const N: usize>(number: u64) -> Limbs<N> {
    std::array::from_fn(|limb| if limb == 0 { number } else { 0 })
}
