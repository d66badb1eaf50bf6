//! What a key may be used for.

use std::fmt;

use crate::der;
use crate::der::BIT_STRING;

const NAMES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// keyUsage (RFC 5280, 4.2.1.3). Shown as `digitalSignature, nonRepudiation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// Signing, as the national profile has it.
    pub const SIGNING: Self = Self(0b11);
    /// Signing with a key of GOST 34.10-2015, as the national test certificates of 2022 have it: keyEncipherment as well.
    pub const GOST_SIGNING: Self = Self(0b111);
    /// Authentication, as the national profile has it: digitalSignature and keyEncipherment.
    pub const AUTHENTICATION: Self = Self(0b101);
    /// keyEncipherment alone.
    pub const ENCIPHERMENT: Self = Self(0b100);
    /// digitalSignature alone, for responders.
    pub const DIGITAL_SIGNATURE: Self = Self(0b1);
    /// cRLSign alone, for issuers of lists.
    pub const LISTS: Self = Self(0b100_0000);
    /// A certification centre: keyCertSign and cRLSign.
    pub const CENTRE: Self = Self(0b110_0000);

    /// From flags where bit 0 is digitalSignature.
    pub(crate) const fn from_flags(flags: u16) -> Self {
        Self(flags)
    }

    /// digitalSignature.
    pub const fn digital_signature(self) -> bool {
        self.0 & 1 != 0
    }

    /// nonRepudiation, which RFC 5280 also calls contentCommitment.
    pub const fn non_repudiation(self) -> bool {
        self.0 & 2 != 0
    }

    /// keyEncipherment.
    pub const fn key_encipherment(self) -> bool {
        self.0 & 4 != 0
    }

    /// keyAgreement.
    pub const fn key_agreement(self) -> bool {
        self.0 & 16 != 0
    }

    /// keyCertSign.
    pub const fn key_cert_sign(self) -> bool {
        self.0 & 32 != 0
    }

    /// cRLSign.
    pub const fn crl_sign(self) -> bool {
        self.0 & 64 != 0
    }

    /// The names of the usages, in the order of their bits.
    pub fn names(self) -> Vec<&'static str> {
        NAMES.iter().enumerate().filter(|(bit, _)| self.0 >> bit & 1 != 0).map(|(_, name)| *name).collect()
    }

    /// The extension's BIT STRING without trailing zero bits (X.690, 11.2.2).
    pub(crate) fn to_der(self) -> Vec<u8> {
        let [low, high] = self.0.to_le_bytes();
        let octets: &[u8] =
            if high == 0 { &[low.reverse_bits()] } else { &[low.reverse_bits(), high.reverse_bits()] };
        let unused = octets.last().map_or(0, |last| last.trailing_zeros() % 8);
        der::element(BIT_STRING, &[&[u8::try_from(unused).unwrap_or(0)], octets])
    }
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(", "))
    }
}
