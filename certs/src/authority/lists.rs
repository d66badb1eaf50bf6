//! The lists of a hierarchy, and the names of their files.

use jiff::{SignedDuration, Timestamp};

use super::{Authority, Branch, BranchKind, Member};
use crate::clock::whole_second;
use crate::crl::{Extent, ListDraft, write};
use crate::issue::SigningError;
use crate::{Algorithm, Flaw, RevokedEntry};

/// In how many parts a partitioned list is divided.
const PARTS: u8 = 4;
/// Longer than any list lasts.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(400 * 24);

/// A list of a hierarchy, as the name of its file below `/ca/crl/` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFile {
    /// Everything that is revoked: `p256.crl`, and `p256-2.crl` for the second key of the issuing centre.
    Whole,
    /// What changed since an earlier list: `p256-delta.crl`.
    Delta,
    /// What the root revoked: `p256-root.crl`.
    Root,
    /// What is revoked of one part of the numbers, from 1: `p256-part-1.crl`.
    Part(u8),
    /// What is revoked of certificates that want somebody else's list: `p256-indirect.crl`.
    Indirect,
    /// The odd list that a flaw names, or the list of the odd centre that it needs: `p256-stale-crl.crl`.
    Flawed(Flaw),
}

impl ListFile {
    /// What a file's name says, its ending left out: the hierarchy, the key of its issuing centre (from 1), the list.
    pub fn parse(name: &str) -> Option<(Algorithm, usize, Self)> {
        let after = |prefix: &str| match name.strip_prefix(prefix)? {
            "" => Some(""),
            rest => rest.strip_prefix('-'),
        };
        let (algorithm, rest) =
            Algorithm::ALL.iter().find_map(|&algorithm| Some((algorithm, after(algorithm.name())?)))?;
        let (first, others) = rest.split_once('-').unwrap_or((rest, ""));
        let (generation, which) = match first.parse::<usize>() {
            Ok(generation) if generation > 1 => (generation, others),
            Ok(_) => return None,
            Err(_) => (1, rest),
        };
        let of_first = |list| (generation == 1).then_some(list);
        let list = match which {
            "" => Self::Whole,
            "delta" => Self::Delta,
            "root" => of_first(Self::Root)?,
            "indirect" => of_first(Self::Indirect)?,
            which => match which.strip_prefix("part-") {
                Some(part) => Self::Part(part.parse().ok().filter(|part| (1..=PARTS).contains(part))?),
                None => of_first(Self::Flawed(which.parse().ok()?))?,
            },
        };
        Some((algorithm, generation, list))
    }
}

/// In which part of the numbers a certificate is listed: its last two bits say it.
pub(super) fn part_of(serial: &[u8]) -> u8 {
    serial.last().map_or(0, |last| last % PARTS) + 1
}

impl Authority {
    /// The issuing centre's revocation list in DER (RFC 5280, 5): version 2, CRLNumber `number`, due again 180 days
    /// after `this_update`; it says where the delta list is.
    pub fn crl(
        &self,
        revoked: &[RevokedEntry],
        number: u64,
        this_update: Timestamp,
    ) -> Result<Vec<u8>, SigningError> {
        let delta = self.urls().delta_crl();
        self.issuing.list(revoked, number, this_update, Extent::Whole { delta: Some(&delta) })
    }

    /// What changed since list number `base`, up to list number `number`; due again after a day. Entries that are no
    /// longer on the list have the reason [`RemoveFromCrl`](crate::Reason::RemoveFromCrl).
    pub fn delta_crl(
        &self,
        changed: &[RevokedEntry],
        number: u64,
        base: u64,
        this_update: Timestamp,
    ) -> Result<Vec<u8>, SigningError> {
        self.issuing.list(changed, number, this_update, Extent::Delta { base })
    }

    /// The list of one part of the numbers, with those of `revoked` that are in it.
    pub fn crl_part(
        &self,
        part: u8,
        revoked: &[RevokedEntry],
        number: u64,
        this_update: Timestamp,
    ) -> Result<Vec<u8>, SigningError> {
        let url = self.urls().crl_part(part);
        let in_part: Vec<RevokedEntry> =
            revoked.iter().filter(|entry| part_of(&entry.serial) == part).cloned().collect();
        self.issuing.list(&in_part, number, this_update, Extent::Part { url: &url })
    }

    /// The root's revocation list, about issuing centres.
    pub fn root_crl(
        &self,
        revoked: &[RevokedEntry],
        number: u64,
        this_update: Timestamp,
    ) -> Result<Vec<u8>, SigningError> {
        self.root.list(revoked, number, this_update, Extent::Whole { delta: None })
    }

    /// The list of a branch: an odd centre's own, or that of an issuer of lists about the issuing centre's certificates.
    pub fn branch_crl(
        &self,
        branch: &Branch,
        revoked: &[RevokedEntry],
        number: u64,
        this_update: Timestamp,
    ) -> Result<Vec<u8>, SigningError> {
        let url = self.urls().indirect_crl();
        let extent = match branch.kind() {
            BranchKind::Odd(_) => Extent::Whole { delta: None },
            BranchKind::ListIssuer => Extent::Indirect { url: &url, issuer: self.issuing().subject_der() },
        };
        branch.member.list(revoked, number, this_update, extent)
    }

    /// The list that a flaw of lists names, odd as it wants it; nothing where there is none.
    pub fn flawed_crl(
        &self,
        flaw: Flaw,
        revoked: &[RevokedEntry],
        number: u64,
        this_update: Timestamp,
    ) -> Result<Option<Vec<u8>>, SigningError> {
        let whole = Extent::Whole { delta: None };
        Ok(match flaw {
            Flaw::StaleCrl => {
                let then = this_update.saturating_sub(LONG_AGO).unwrap_or(this_update);
                Some(self.issuing.list(revoked, number, then, whole)?)
            }
            Flaw::EmptyCrl => Some(Vec::new()),
            Flaw::CrlByAnotherKey => {
                let certificate = self.issuing.certificate.clone();
                let forger = Member { key: self.root.key.clone(), certificate };
                Some(forger.list(revoked, number, this_update, whole)?)
            }
            _ => None,
        })
    }
}

impl Member {
    fn list(
        &self,
        revoked: &[RevokedEntry],
        number: u64,
        this_update: Timestamp,
        extent: Extent<'_>,
    ) -> Result<Vec<u8>, SigningError> {
        let draft = ListDraft { revoked, number, this_update: whole_second(this_update), extent };
        write(&self.certificate, &self.key, &draft)
    }
}
