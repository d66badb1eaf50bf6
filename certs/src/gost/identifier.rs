//! How keys say which standard and which curve they are of.

use const_oid::ObjectIdentifier;

use super::Standard;
use crate::{der, oid};

impl Standard {
    pub(crate) const ALL: [Self; 3] = [Self::Gost512, Self::Gost256, Self::Gost2004];

    /// The standard whose keys have this OID.
    pub(crate) fn of_key(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|standard| standard.key() == oid)
    }

    const fn key(self) -> ObjectIdentifier {
        match self {
            Self::Gost512 => oid::GOST_512,
            Self::Gost256 => oid::GOST_256,
            Self::Gost2004 => oid::GOST_2004,
        }
    }

    /// The curve, as the first parameter of a key says it.
    pub(crate) const fn curve(self) -> ObjectIdentifier {
        match self {
            Self::Gost512 => oid::GOST_512_PARAMETERS,
            Self::Gost256 => oid::GOST_256_PARAMETERS,
            Self::Gost2004 => oid::GOST_2004_PARAMETERS,
        }
    }

    /// The digest, as the second parameter says it: the old one by its S-boxes.
    const fn digest_parameter(self) -> ObjectIdentifier {
        match self {
            Self::Gost512 => oid::GOST_DIGEST_512,
            Self::Gost256 => oid::GOST_DIGEST_256,
            Self::Gost2004 => oid::GOST_DIGEST_95_PARAMETERS,
        }
    }

    /// The AlgorithmIdentifier of a key.
    pub(crate) fn identifier(self) -> Vec<u8> {
        let parameters = der::sequence(&[&der::oid(self.curve()), &der::oid(self.digest_parameter())]);
        der::sequence(&[&der::oid(self.key()), &parameters])
    }
}
