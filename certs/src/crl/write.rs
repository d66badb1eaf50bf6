//! Lists as our centre writes them.

use jiff::{SignedDuration, Timestamp};

use crate::der::SEQUENCE;
use crate::issue::{SigningError, extension};
use crate::{Certificate, KeyPair, Reason, RevokedEntry, SignatureAlgorithm, der, oid};

const LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);
const DELTA_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// A list before it is signed.
pub(crate) struct ListDraft<'a> {
    pub(crate) revoked: &'a [RevokedEntry],
    pub(crate) number: u64,
    pub(crate) this_update: Timestamp,
    pub(crate) extent: Extent<'a>,
}

/// What a list speaks of.
pub(crate) enum Extent<'a> {
    /// Everything that its issuer issued; with the address of the delta list that adds to it, if there is one.
    Whole { delta: Option<&'a str> },
    /// What changed since the list of that number.
    Delta { base: u64 },
    /// The certificates that name this address.
    Part { url: &'a str },
    /// The certificates that name this address, which somebody else issued: the Name in DER.
    Indirect { url: &'a str, issuer: &'a [u8] },
}

/// Signs a list in the name of a certificate's subject.
pub(crate) fn write(
    issuer: &Certificate,
    key: &KeyPair,
    draft: &ListDraft<'_>,
) -> Result<Vec<u8>, SigningError> {
    let life = if matches!(draft.extent, Extent::Delta { .. }) { DELTA_LIFE } else { LIFE };
    let next_update = draft.this_update.checked_add(life).unwrap_or(Timestamp::MAX);
    let identifier = SignatureAlgorithm::of(key.algorithm()).to_der();
    let more = match draft.extent {
        Extent::Whole { delta } => delta.map(extension::freshest_crl).unwrap_or_default(),
        Extent::Delta { base } => extension::write(oid::DELTA_CRL, true, &der::integer(base)),
        Extent::Part { url } => extension::issuing_distribution_point(url, false),
        Extent::Indirect { url, .. } => extension::issuing_distribution_point(url, true),
    };
    let extensions = der::sequence(&[
        &extension::authority_key_id(issuer.public_key()),
        &extension::write(oid::CRL_NUMBER, false, &der::integer(draft.number)),
        &more,
    ]);
    let tbs = der::sequence(&[
        &der::integer(1),
        &identifier,
        issuer.subject_der(),
        &der::time(draft.this_update),
        &der::time(next_update),
        &entries(draft),
        &der::element(0xa0, &[&extensions]),
    ]);
    let signature = key.sign(&tbs)?;
    Ok(der::sequence(&[&tbs, &identifier, &der::bits(&signature)]))
}

/// The row is left out when there is nothing in it (RFC 5280, 5.1.2.6).
fn entries(draft: &ListDraft<'_>) -> Vec<u8> {
    if draft.revoked.is_empty() {
        return Vec::new();
    }
    let mut entries = Vec::with_capacity(draft.revoked.len());
    for (index, entry) in draft.revoked.iter().enumerate() {
        // Said once, it holds for the entries that follow (RFC 5280, 5.3.3).
        let issuer = match draft.extent {
            Extent::Indirect { issuer, .. } if index == 0 => Some(issuer),
            _ => None,
        };
        entries.push(write_entry(entry, issuer));
    }
    der::row(SEQUENCE, &entries)
}

fn write_entry(entry: &RevokedEntry, issuer: Option<&[u8]>) -> Vec<u8> {
    // Left out, as RFC 5280, 5.3.1 wants it.
    let reason = (entry.reason != Reason::Unspecified)
        .then(|| extension::write(oid::CRL_REASON, false, &der::enumerated(entry.reason.code())));
    let issuer = issuer.map(|name| {
        let names = der::sequence(&[&der::element(0xa4, &[name])]);
        extension::write(oid::CERTIFICATE_ISSUER, true, &names)
    });
    let extensions: Vec<Vec<u8>> = reason.into_iter().chain(issuer).collect();
    let extensions = if extensions.is_empty() { Vec::new() } else { der::row(SEQUENCE, &extensions) };
    let serial = der::integer_content(&entry.serial);
    der::sequence(&[&serial, &der::time(entry.at), &extensions])
}
