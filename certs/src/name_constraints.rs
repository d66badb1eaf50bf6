//! Which names the certificates below a centre may have (RFC 5280, 4.2.1.10).

use crate::der::{DerError, Reader, SEQUENCE};
use crate::{Certificate, GeneralName, oid};

/// NameConstraints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameConstraints {
    permitted: Vec<GeneralName>,
    excluded: Vec<GeneralName>,
}

impl NameConstraints {
    /// Reads the extension's content. A subtree with a minimum or maximum is refused, as RFC 5280 lets one.
    pub(crate) fn read(value: &[u8]) -> Result<Self, DerError> {
        let mut fields = Reader::only(value, SEQUENCE)?.reader();
        let mut subtrees = |tag| match fields.optional(tag)? {
            Some(row) => bases(row.reader()),
            None => Ok(Vec::new()),
        };
        let (permitted, excluded) = (subtrees(0xa0)?, subtrees(0xa1)?);
        fields.end()?;
        Ok(Self { permitted, excluded })
    }

    /// The first name of a certificate that is not permitted or is excluded.
    pub fn refused(&self, certificate: &Certificate) -> Option<GeneralName> {
        let subject = certificate.subject_name();
        let mut names = certificate.alternative_names().to_vec();
        if !subject.is_empty() {
            names.push(GeneralName::Directory(subject.clone()));
        }
        // Mailboxes in the subject count where there is no alternative name of that kind.
        if !names.iter().any(|name| matches!(name, GeneralName::Email(_))) {
            names.extend(subject.all(oid::EMAIL).map(|mailbox| GeneralName::Email(mailbox.to_owned())));
        }
        names.into_iter().find(|name| !self.allow(name))
    }

    fn allow(&self, name: &GeneralName) -> bool {
        let of_this_kind = self.permitted.iter().chain(&self.excluded).any(|base| same_kind(name, base));
        if of_this_kind && !is_comparable(name) {
            return false;
        }
        if self.excluded.iter().any(|base| is_within(name, base)) {
            return false;
        }
        let mut of_kind = self.permitted.iter().filter(|base| same_kind(name, base)).peekable();
        of_kind.peek().is_none() || of_kind.any(|base| is_within(name, base))
    }
}

fn bases(mut row: Reader<'_>) -> Result<Vec<GeneralName>, DerError> {
    let mut bases = Vec::new();
    while !row.is_empty() {
        let mut subtree = row.sequence()?;
        bases.push(GeneralName::read(subtree.element()?)?);
        subtree.optional(0x80)?.filter(|minimum| minimum.value != [0]).map_or(Ok(()), |_| unsupported())?;
        subtree.optional(0x81)?.map_or(Ok(()), |_| unsupported())?;
        subtree.end()?;
    }
    Ok(bases)
}

const fn unsupported() -> Result<(), DerError> {
    Err(DerError::Value { what: "a subtree with a minimum or maximum" })
}

/// Whether it can be told where a name lies: of a URI without a host and of kinds that nobody here reads it cannot, so
/// that a constraint refuses them.
fn is_comparable(name: &GeneralName) -> bool {
    match name {
        GeneralName::Uri(uri) => host(uri).is_some(),
        GeneralName::Other { .. } => false,
        _ => true,
    }
}

fn same_kind(name: &GeneralName, base: &GeneralName) -> bool {
    match (name, base) {
        (GeneralName::Other { tag, .. }, GeneralName::Other { tag: other, .. }) => tag == other,
        _ => std::mem::discriminant(name) == std::mem::discriminant(base),
    }
}

fn is_within(name: &GeneralName, base: &GeneralName) -> bool {
    match (name, base) {
        (GeneralName::Directory(name), GeneralName::Directory(base)) => name.is_within(base),
        (GeneralName::Dns(name), GeneralName::Dns(base)) => {
            let (name, base) = (name.to_ascii_lowercase(), base.to_ascii_lowercase());
            // A name with the dot in front is what older centres write for the domain.
            let base = base.strip_prefix('.').unwrap_or(&base);
            base.is_empty() || name == base || name.strip_suffix(base).is_some_and(|host| host.ends_with('.'))
        }
        (GeneralName::Email(mailbox), GeneralName::Email(base)) => match base.split_once('@') {
            Some((local, host)) => mailbox
                .rsplit_once('@')
                .is_some_and(|(own, at)| own == local && at.eq_ignore_ascii_case(host)),
            None => mailbox.rsplit_once('@').is_some_and(|(_, host)| host_fits(host, base)),
        },
        (GeneralName::Uri(uri), GeneralName::Uri(base)) => {
            host(uri).is_some_and(|host| host_fits(host, base))
        }
        (GeneralName::Ip(address), GeneralName::Ip(base)) => {
            let (network, mask) = base.split_at(base.len() / 2);
            let bits = address.iter().zip(network).zip(mask);
            address.len() == network.len() && bits.into_iter().all(|((a, n), m)| a & m == n & m)
        }
        _ => false,
    }
}

/// `.domain` is every host in it, anything else one host.
fn host_fits(host: &str, base: &str) -> bool {
    let (host, base) = (host.to_ascii_lowercase(), base.to_ascii_lowercase());
    if base.starts_with('.') { host.len() > base.len() && host.ends_with(&base) } else { host == base }
}

/// The host of a URI with an authority.
fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next()?;
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::der;

    fn names(permitted: &[GeneralName], excluded: &[GeneralName]) -> NameConstraints {
        NameConstraints { permitted: permitted.to_vec(), excluded: excluded.to_vec() }
    }

    fn dns(text: &str) -> GeneralName {
        GeneralName::Dns(text.to_owned())
    }

    fn mail(text: &str) -> GeneralName {
        GeneralName::Email(text.to_owned())
    }

    fn uri(text: &str) -> GeneralName {
        GeneralName::Uri(text.to_owned())
    }

    #[test]
    fn hosts_mailboxes_and_addresses_lie_in_their_subtrees() {
        for (name, base, inside) in [
            (dns("a.test.kz"), dns("test.kz"), true),
            (dns("TEST.kz"), dns("test.kz"), true),
            (dns("mytest.kz"), dns("test.kz"), false),
            (mail("a@test.kz"), mail("test.kz"), true),
            (mail("a@b.test.kz"), mail("test.kz"), false),
            (mail("a@b.test.kz"), mail(".test.kz"), true),
            (mail("a@test.kz"), mail(".test.kz"), false),
            (mail("a@test.kz"), mail("a@TEST.kz"), true),
            (mail("A@test.kz"), mail("a@test.kz"), false),
            (uri("http://u@a.test.kz:80/x"), uri(".test.kz"), true),
            (uri("http://test.kz.evil/test.kz"), uri("test.kz"), false),
            (GeneralName::Ip(vec![10, 1, 2, 3]), GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]), true),
            (GeneralName::Ip(vec![11, 1, 2, 3]), GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]), false),
        ] {
            assert_eq!(names(from_ref(&base), &[]).allow(&name), inside, "{name} in {base}");
            assert_eq!(names(&[], from_ref(&base)).allow(&name), !inside, "{name} not in {base}");
        }
    }

    #[test]
    fn what_cannot_be_placed_is_refused_by_any_constraint_of_its_kind() {
        let (urn, host) = (uri("urn:test.kz"), uri("test.kz"));
        assert!(!names(from_ref(&host), &[]).allow(&urn) && !names(&[], from_ref(&host)).allow(&urn));
        let other = GeneralName::Other { tag: 0xa0, value: vec![1] };
        assert!(!names(from_ref(&other), &[]).allow(&other) && !names(&[], from_ref(&other)).allow(&other));
    }

    #[test]
    fn kinds_that_are_not_named_are_free() {
        assert!(names(&[dns("test.kz")], &[]).allow(&mail("a@b")));
    }

    #[test]
    fn a_subtree_with_limits_is_refused() {
        let base = der::element(0x82, &[b"test.kz"]);
        let with = |limit: &[u8]| {
            let permitted = der::element(0xa0, &[&der::sequence(&[&base, limit])]);
            NameConstraints::read(&der::sequence(&[&permitted]))
        };
        assert!(with(&[]).is_ok() && with(&[0x80, 1, 0]).is_ok());
        assert!(with(&[0x80, 1, 1]).is_err() && with(&[0x81, 1, 1]).is_err());
    }
}
