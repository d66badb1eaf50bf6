//! Lists as our centre writes them.

use jiff::{SignedDuration, Timestamp};

use crate::der::SEQUENCE;
use crate::issue::{SigningError, extension};
use crate::{Certificate, KeyPair, Reason, RevokedEntry, SignatureAlgorithm, der, oid};

const LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);
const DELTA_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// With `base`, a delta list: what changed since the list of that number.
pub(crate) fn write(
    issuer: &Certificate,
    key: &KeyPair,
    revoked: &[RevokedEntry],
    number: u64,
    base: Option<u64>,
    this_update: Timestamp,
) -> Result<Vec<u8>, SigningError> {
    let life = if base.is_some() { DELTA_LIFE } else { LIFE };
    let next_update = this_update.checked_add(life).unwrap_or(Timestamp::MAX);
    let identifier = SignatureAlgorithm::of(key.algorithm()).to_der();
    let entries: Vec<Vec<u8>> = revoked.iter().map(write_entry).collect();
    // The row is left out when there is nothing in it (RFC 5280, 5.1.2.6).
    let entries = if entries.is_empty() { Vec::new() } else { der::row(SEQUENCE, &entries) };
    let base = base.map(|base| extension::write(oid::DELTA_CRL, true, &der::integer(base)));
    let extensions = der::sequence(&[
        &extension::authority_key_id(issuer.public_key()),
        &extension::write(oid::CRL_NUMBER, false, &der::integer(number)),
        &base.unwrap_or_default(),
    ]);
    let tbs = der::sequence(&[
        &der::integer(1),
        &identifier,
        issuer.subject_der(),
        &der::time(this_update),
        &der::time(next_update),
        &entries,
        &der::element(0xa0, &[&extensions]),
    ]);
    let signature = key.sign(&tbs)?;
    Ok(der::sequence(&[&tbs, &identifier, &der::bits(&signature)]))
}

fn write_entry(entry: &RevokedEntry) -> Vec<u8> {
    let extensions = match entry.reason {
        // Left out, as RFC 5280, 5.3.1 wants it.
        Reason::Unspecified => Vec::new(),
        reason => {
            let code = der::enumerated(reason.code());
            der::sequence(&[&extension::write(oid::CRL_REASON, false, &code)])
        }
    };
    let serial = der::integer_content(&entry.serial);
    der::sequence(&[&serial, &der::time(entry.at), &extensions])
}
