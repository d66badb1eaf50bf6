//! What OpenSSL makes of each flaw, by the command in the README. It knows nothing of the national profile, so flaws of
//! numbers, roles and national policies are no flaws to it; a test asks it about every one.

use certs::Flaw;

/// What `openssl verify` prints: the error, or `OK`.
pub(super) const fn says(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Expired | Flaw::ExpiredInQueue | Flaw::IssuerExpired => "certificate has expired",
        Flaw::NotYetValid => "certificate is not yet valid",
        Flaw::Revoked
        | Flaw::Suspended
        | Flaw::RevokedAfterSigning
        | Flaw::OcspGoodCrlRevoked
        | Flaw::IssuerRevoked => "certificate revoked",
        Flaw::MissingCrl | Flaw::EmptyCrl | Flaw::NoRevocationSource => "unable to get certificate CRL",
        Flaw::StaleCrl => "CRL has expired",
        Flaw::CrlByAnotherKey => "CRL signature failure",
        Flaw::CriticalExtension => "unhandled critical extension",
        Flaw::WeakRsa => "EE certificate key too weak",
        Flaw::WeakIssuer => "CA certificate key too weak",
        Flaw::Sha1Signature => "CA signature digest algorithm too weak",
        Flaw::BadSignature => "certificate signature failure",
        Flaw::UnknownIssuer => "self-signed certificate in certificate chain",
        Flaw::MissingIntermediate | Flaw::WrongAuthorityKey => "unable to get local issuer certificate",
        Flaw::IssuerNotCa | Flaw::IssuerWithoutCertSign => "invalid CA certificate",
        Flaw::PathTooLong => "path length constraint exceeded",
        Flaw::NameNotPermitted => "permitted subtree violation",
        Flaw::PolicyNotValid => "no explicit policy",
        Flaw::OcspRevokedCrlGood
        | Flaw::OcspUnknown
        | Flaw::OcspByAnotherKey
        | Flaw::IinMismatch
        | Flaw::NoIin
        | Flaw::BinInsteadOfIin
        | Flaw::WrongCheckDigit
        | Flaw::IinWithoutPrefix
        | Flaw::NoPatronymic
        | Flaw::BinMismatch
        | Flaw::OtherOrganisation
        | Flaw::WrongKeyUsage
        | Flaw::AuthKeyForSigning
        | Flaw::WrongExtendedKeyUsage
        | Flaw::NoRole
        | Flaw::WrongPolicy
        | Flaw::DuplicateSerial
        | Flaw::ReissuedKey
        | Flaw::ChainOrder => "OK",
    }
}
