//! Where revocation lists are to be had, and what a list speaks of.

use crate::der::{DerError, Reader, SEQUENCE};
use crate::{GeneralName, Name, Reason};

/// ReasonFlags (RFC 5280, 4.2.1.13): a set of reasons, as lists are divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reasons(u16);

impl Reasons {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// Every reason that a list can be divided by.
    pub const ALL: Self = Self(0b1_1111_1110);
    /// The reasons by the number of their flag.
    const FLAGS: [(u16, Reason); 8] = [
        (1, Reason::KeyCompromise),
        (2, Reason::CaCompromise),
        (3, Reason::AffiliationChanged),
        (4, Reason::Superseded),
        (5, Reason::CessationOfOperation),
        (6, Reason::CertificateHold),
        (7, Reason::PrivilegeWithdrawn),
        (8, Reason::AaCompromise),
    ];

    /// Reads the content of a BIT STRING.
    fn read(content: &[u8]) -> Self {
        let bits = content.get(1..).unwrap_or_default();
        let set = |flag: usize| bits.get(flag / 8).is_some_and(|octet| octet >> (7 - flag % 8) & 1 == 1);
        Self((1..9).filter(|&flag| set(flag)).fold(0, |flags, flag| flags | 1 << flag))
    }

    /// Those in both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those in either.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in `other`.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// `keyCompromise, cACompromise`.
impl std::fmt::Display for Reasons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = Self::FLAGS.iter().filter(|(flag, _)| self.0 >> flag & 1 == 1);
        f.write_str(&names.map(|(_, reason)| reason.name()).collect::<Vec<_>>().join(", "))
    }
}

/// A DistributionPointName.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointName {
    /// By any of these names.
    Full(Vec<GeneralName>),
    /// By one relative name below the list's issuer: the content of its SET.
    Relative(Vec<u8>),
}

impl PointName {
    fn read(wrapper: Reader<'_>) -> Result<Self, DerError> {
        let mut wrapper = wrapper;
        let name = wrapper.element()?;
        match name.tag {
            0xa0 => Ok(Self::Full(GeneralName::read_all(name.reader())?)),
            0xa1 => Ok(Self::Relative(name.value.to_vec())),
            found => Err(DerError::Tag { expected: 0xa0, found }),
        }
    }

    /// The full names that it stands for with lists by `issuer`.
    pub fn names(&self, issuer: &Name) -> Vec<GeneralName> {
        match self {
            Self::Full(names) => names.clone(),
            Self::Relative(rdn) => {
                issuer.with_relative(Reader::new(rdn)).map(GeneralName::Directory).into_iter().collect()
            }
        }
    }
}

/// A DistributionPoint (RFC 5280, 4.2.1.13): where a certificate says its list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// Its name.
    pub name: Option<PointName>,
    /// The reasons that its list speaks of, if not all.
    pub reasons: Option<Reasons>,
    /// Who issues the list, if it is not the certificate's issuer.
    pub crl_issuer: Vec<GeneralName>,
}

impl DistributionPoint {
    /// The one that is meant where a certificate names none: whatever its issuer lists (RFC 5280, 6.3.3).
    pub fn of_issuer(issuer: &Name) -> Self {
        let name = PointName::Full(vec![GeneralName::Directory(issuer.clone())]);
        Self { name: Some(name), reasons: None, crl_issuer: Vec::new() }
    }

    /// Reads the content of CRLDistributionPoints or FreshestCRL.
    pub(crate) fn read_all(value: &[u8]) -> Result<Vec<Self>, DerError> {
        let mut row = Reader::only(value, SEQUENCE)?.reader();
        let mut points = Vec::new();
        while !row.is_empty() {
            let mut fields = row.sequence()?;
            let name = fields.optional(0xa0)?.map(|name| PointName::read(name.reader())).transpose()?;
            let reasons = fields.optional(0x81)?.map(|reasons| Reasons::read(reasons.value));
            let issuer = fields.optional(0xa2)?.map(|issuer| GeneralName::read_all(issuer.reader()));
            fields.end()?;
            points.push(Self { name, reasons, crl_issuer: issuer.transpose()?.unwrap_or_default() });
        }
        Ok(points)
    }

    /// Its addresses.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        let full = match &self.name {
            Some(PointName::Full(names)) => names.as_slice(),
            _ => &[],
        };
        full.iter().filter_map(|name| match name {
            GeneralName::Uri(url) => Some(url.as_str()),
            _ => None,
        })
    }
}

/// IssuingDistributionPoint (RFC 5280, 5.2.5): what a list speaks of, if not of everything that its issuer issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListScope {
    /// The name of the point, shared with that of certificates whose list it is.
    pub name: Option<PointName>,
    /// Only of certificates that are no centre's.
    pub only_users: bool,
    /// Only of certificates of centres.
    pub only_centres: bool,
    /// Only of attribute certificates.
    pub only_attributes: bool,
    /// Only of these reasons.
    pub reasons: Option<Reasons>,
    /// Of certificates by others as well.
    pub indirect: bool,
}

impl ListScope {
    /// Reads the content of IssuingDistributionPoint.
    pub(crate) fn read(value: &[u8]) -> Result<Self, DerError> {
        let mut fields = Reader::only(value, SEQUENCE)?.reader();
        let name = fields.optional(0xa0)?.map(|name| PointName::read(name.reader())).transpose()?;
        let mut flag = |tag| fields.optional(tag).map(|flag| flag.is_some_and(|flag| flag.value != [0]));
        let (only_users, only_centres) = (flag(0x81)?, flag(0x82)?);
        let reasons = fields.optional(0x83)?.map(|reasons| Reasons::read(reasons.value));
        let mut flag = |tag| fields.optional(tag).map(|flag| flag.is_some_and(|flag| flag.value != [0]));
        let (indirect, only_attributes) = (flag(0x84)?, flag(0x85)?);
        fields.end()?;
        Ok(Self { name, only_users, only_centres, only_attributes, reasons, indirect })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der;

    /// A point of every kind: by address with reasons, relative to the issuer's name, by another issuer.
    fn points() -> Vec<u8> {
        let uri = der::element(0x86, &[b"http://127.0.0.1/a.crl"]);
        let full = der::element(0xa0, &[&der::element(0xa0, &[&uri])]);
        let attribute =
            der::sequence(&[&der::oid(crate::oid::COMMON_NAME), &der::element(0x0c, &[b"part 1"])]);
        let relative = der::element(0xa0, &[&der::element(0xa1, &[&attribute])]);
        let name = der::sequence(&[&der::set_of(vec![attribute])]);
        let issuer = der::element(0xa2, &[&der::element(0xa4, &[&name])]);
        der::sequence(&[
            &der::sequence(&[&full, &[0x81, 2, 5, 0x60]]),
            &der::sequence(&[&relative]),
            &der::sequence(&[&issuer]),
        ])
    }

    #[test]
    fn points_are_read() {
        let [full, relative, other] =
            <[_; 3]>::try_from(DistributionPoint::read_all(&points()).unwrap()).unwrap();
        assert_eq!(full.urls().collect::<Vec<_>>(), ["http://127.0.0.1/a.crl"]);
        let reasons = full.reasons.unwrap();
        assert_eq!(reasons.to_string(), "keyCompromise, cACompromise");
        assert_eq!(Reasons::ALL.without(reasons).or(reasons), Reasons::ALL);
        let [GeneralName::Directory(issuer)] = &other.crl_issuer[..] else { panic!("{other:?}") };
        let names = relative.name.unwrap().names(issuer);
        assert_eq!(names[0].to_string(), "CN=part 1,CN=part 1");
    }

    #[test]
    fn no_flipped_bit_and_no_end_panics() {
        let (points, scope) =
            (points(), der::sequence(&[&[0x81, 1, 0xff], &[0x83, 2, 5, 0x60], &[0x84, 1, 0xff]]));
        assert!(ListScope::read(&scope).is_ok_and(|scope| scope.only_users && scope.indirect));
        for bytes in [points, scope] {
            for bit in 0..bytes.len() * 8 {
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                for read in [&flipped[..], &flipped[..bit / 8]] {
                    let _ = (DistributionPoint::read_all(read), ListScope::read(read));
                }
            }
        }
    }
}
