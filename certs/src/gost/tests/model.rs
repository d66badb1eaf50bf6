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
    /// id-tc26-gost-3410-12-512-paramSetA, in the words of RFC 7836, A.1.
    pub(super) fn gost512() -> Self {
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

    /// id-tc26-gost-3410-2012-256-paramSetA, in the words of RFC 7836, A.2.
    pub(super) fn gost256() -> Self {
        Self {
            p: (BigUint::from(1_u8) << 256) - 617_u16,
            a: hex("C2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335"),
            b: hex("295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513"),
            q: hex("400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67"),
            base: (
                hex("91E38443A5E82C0D880923425712B2BB658B9196932E02C78B2582FE742DAA28"),
                hex("32879423AB1A0375895786C4BB46E9565FDE0B5344766740AF268ADB32322E5C"),
            ),
        }
    }

    /// id-GostR3410-2001-CryptoPro-A-ParamSet, in the words of RFC 4357, 11.4.
    pub(super) fn gost2004() -> Self {
        let p = (BigUint::from(1_u8) << 256) - 617_u16;
        Self {
            a: &p - 3_u8,
            p,
            b: BigUint::from(166_u8),
            q: hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893"),
            base: (
                BigUint::from(1_u8),
                hex("8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14"),
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

    /// A point that is no multiple of the base point, found by its x.
    pub(super) fn other_point(&self) -> (BigUint, BigUint) {
        let squares = |x: BigUint| {
            let square = (&x * &x * &x + &self.a * &x + &self.b) % &self.p;
            let y = square.modpow(&((&self.p + 1_u8) >> 2), &self.p);
            (&y * &y % &self.p == square).then_some((x, y))
        };
        (1..200_u8)
            .filter_map(|x| squares(BigUint::from(x)))
            .find(|point| self.times(&self.q, &Some(point.clone())).is_some())
            .expect("a curve has such points if it has more than q")
    }

    pub(super) fn sign(&self, d: &BigUint, e: &BigUint, k: &BigUint) -> (BigUint, BigUint) {
        let (x, _) = self.times(k, &self.base()).unwrap();
        let r = x % &self.q;
        let s = (&r * d + k * e) % &self.q;
        (r, s)
    }
}

/// GOST R 34.10-2012, appendix A.1, and RFC 7091, 7.1.
#[test]
fn the_standards_example_of_256_bits_comes_out() {
    let model = Model {
        p: hex("8000000000000000000000000000000000000000000000000000000000000431"),
        a: BigUint::from(7_u8),
        b: hex("5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E"),
        q: hex("8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3"),
        base: (BigUint::from(2_u8), hex("08E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8")),
    };
    let d = hex("7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28");
    let q = (
        hex("7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B"),
        hex("26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA"),
    );
    let e = hex("2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5");
    let k = hex("77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3");
    let r = hex("41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493");
    let s = hex("01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40");
    assert!(model.holds(&model.base));
    assert_eq!(model.times(&model.q, &model.base()), None);
    assert_eq!(model.times(&d, &model.base()), Some(q));
    assert_eq!(model.sign(&d, &e, &k), (r, s));
}

/// GOST R 34.10-2012, appendix A.2, which RFC 7091 has not.
#[test]
fn the_standards_example_of_512_bits_comes_out() {
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
