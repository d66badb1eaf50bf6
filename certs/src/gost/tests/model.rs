//! The standard word for word, slowly.

use num_bigint::BigUint;

use crate::gost::limbs::Limbs;

pub(super) type Coordinates = Option<(BigUint, BigUint)>;

/// y² = x³ + ax + b modulo p with a base point of order q.
pub(super) struct Model {
    pub(super) p: BigUint,
    a: BigUint,
    b: BigUint,
    pub(super) q: BigUint,
    base: (BigUint, BigUint),
}

pub(super) fn hex(digits: &str) -> BigUint {
    BigUint::parse_bytes(digits.as_bytes(), 16).unwrap()
}

pub(super) fn big<const N: usize>(number: &Limbs<N>) -> BigUint {
    BigUint::from_bytes_le(&number.iter().flat_map(|limb| limb.to_le_bytes()).collect::<Vec<u8>>())
}

pub(super) fn limbs<const N: usize>(number: &BigUint) -> Limbs<N> {
    let mut bytes = number.to_bytes_le();
    bytes.resize(8 * N, 0);
    crate::gost::limbs::from_le(&bytes).unwrap()
}

impl Model {
    /// id-tc26-gost-3410-12-512-paramSetA.
    pub(super) fn ours() -> Self {
        let p = (BigUint::from(1_u8) << 512) - 569_u16;
        Self {
            a: &p - 3_u8,
            p,
            b: hex(
                "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760",
            ),
            q: hex(
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
            ),
            base: (
                BigUint::from(3_u8),
                hex(
                    "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
                ),
            ),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is added to points that may be at infinity")]
    pub(super) fn base(&self) -> Coordinates {
        Some(self.base.clone())
    }

    fn less(&self, a: &BigUint, b: &BigUint) -> BigUint {
        (a + &self.p - b) % &self.p
    }

    pub(super) fn add(&self, one: &Coordinates, other: &Coordinates) -> Coordinates {
        let (Some((x1, y1)), Some((x2, y2))) = (one, other) else {
            return one.clone().or_else(|| other.clone());
        };
        let (rise, run) = if x1 == x2 {
            if y1 != y2 {
                return None;
            }
            (x1 * x1 * 3_u8 + &self.a, y1 * 2_u8)
        } else {
            (self.less(y2, y1), self.less(x2, x1))
        };
        let slope = rise * run.modinv(&self.p).unwrap() % &self.p;
        let x = self.less(&self.less(&(&slope * &slope % &self.p), x1), x2);
        let y = self.less(&(slope * self.less(x1, &x) % &self.p), y1);
        Some((x, y))
    }

    pub(super) fn times(&self, factor: &BigUint, point: &Coordinates) -> Coordinates {
        (0..factor.bits()).rev().fold(None, |sum, bit| {
            let twice = self.add(&sum, &sum);
            if factor.bit(bit) { self.add(&twice, point) } else { twice }
        })
    }

    pub(super) fn holds(&self, (x, y): &(BigUint, BigUint)) -> bool {
        y * y % &self.p == (x * x * x + &self.a * x + &self.b) % &self.p
    }

    pub(super) fn sign(&self, d: &BigUint, e: &BigUint, k: &BigUint) -> (BigUint, BigUint) {
        let (x, _) = self.times(k, &self.base()).unwrap();
        let r = x % &self.q;
        let s = (&r * d + k * e) % &self.q;
        (r, s)
    }
}

/// GOST R 34.10-2012, appendix A.2 (RFC 7091 has the one with 256 bits).
#[test]
fn the_standards_example_comes_out() {
    let model = Model {
        p: hex(
            "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DF1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373",
        ),
        a: BigUint::from(7_u8),
        b: hex(
            "1CFF0806A31116DA29D8CFA54E57EB748BC5F377E49400FDD788B649ECA1AC4361834013B2AD7322480A89CA58E0CF74BC9E540C2ADD6897FAD0A3084F302ADC",
        ),
        q: hex(
            "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DA82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF",
        ),
        base: (
            hex(
                "24D19CC64572EE30F396BF6EBBFD7A6C5213B3B3D7057CC825F91093A68CD762FD60611262CD838DC6B60AA7EEE804E28BC849977FAC33B4B530F1B120248A9A",
            ),
            hex(
                "2BB312A43BD2CE6E0D020613C857ACDDCFBF061E91E5F2C3F32447C259F39B2C83AB156D77F1496BF7EB3351E1EE4E43DC1A18B91B24640B6DBB92CB1ADD371E",
            ),
        ),
    };
    let d = hex(
        "0BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B102072E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4",
    );
    let q = (
        hex(
            "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
        ),
        hex(
            "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
        ),
    );
    let e = hex(
        "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C5917184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
    );
    let k = hex(
        "0359E7F4B1410FEACC570456C6801496946312120B39D019D455986E364F365886748ED7A44B3E794434006011842286212273A6D14CF70EA3AF71BB1AE679F1",
    );
    let r = hex(
        "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD35492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
    );
    let s = hex(
        "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
    );
    assert!(model.holds(&model.base));
    assert_eq!(model.times(&model.q, &model.base()), None);
    assert_eq!(model.times(&d, &model.base()), Some(q));
    assert_eq!(model.sign(&d, &e, &k), (r, s));
}
