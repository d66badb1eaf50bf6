//! Of which certificates a list speaks, and of which reasons (RFC 5280, 6.3.3, b and d).

use certs::{Certificate, Crl, DistributionPoint, GeneralName, Reasons};

/// The reasons of which a list speaks for a certificate that names a point.
///
/// # Errors
/// Why it does not speak of the certificate, in English.
pub(super) fn speaks(
    list: &Crl,
    certificate: &Certificate,
    point: &DistributionPoint,
) -> Result<Reasons, String> {
    let is_indirect = list.scope().is_some_and(|scope| scope.indirect);
    let by_expected = if point.crl_issuer.is_empty() {
        list.issuer_name() == certificate.issuer_name()
    } else {
        point.crl_issuer.contains(&GeneralName::Directory(list.issuer_name().clone()))
    };
    if !by_expected {
        return Err(format!("the list is by {}", list.issuer()));
    }
    if let Some(oid) = list.unknown_critical_extensions().first() {
        return Err(format!("the list has the critical extension {oid}, which is not understood"));
    }
    if !is_indirect && (list.names_other_issuers() || !point.crl_issuer.is_empty()) {
        return Err("the list does not say that it speaks of other issuers' certificates".to_owned());
    }
    let of_point = point.reasons.unwrap_or(Reasons::ALL);
    let Some(scope) = list.scope() else { return Ok(of_point) };
    if let Some(name) = &scope.name {
        let names = name.names(list.issuer_name());
        if !names_of(point, certificate).iter().any(|name| names.contains(name)) {
            return Err("the list is that of another distribution point".to_owned());
        }
    }
    let of_others = [
        (scope.only_attributes, "attribute certificates"),
        (scope.only_users && certificate.is_ca(), "certificates that are no centre's"),
        (scope.only_centres && !certificate.is_ca(), "certificates of centres"),
    ];
    if let Some((_, whose)) = of_others.into_iter().find(|(of_others, _)| *of_others) {
        return Err(format!("the list speaks only of {whose}"));
    }
    Ok(of_point.and(scope.reasons.unwrap_or(Reasons::ALL)))
}

/// The names of a point; one without a name has those of its list's issuer.
fn names_of(point: &DistributionPoint, certificate: &Certificate) -> Vec<GeneralName> {
    let Some(name) = &point.name else { return point.crl_issuer.clone() };
    let issuer = point.crl_issuer.iter().find_map(|name| match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    });
    name.names(issuer.unwrap_or(certificate.issuer_name()))
}
