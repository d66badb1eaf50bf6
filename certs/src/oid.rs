//! Object identifiers, each under the name its standard gives it.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $oid:literal;)*) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($oid);)*
    };
}

oids! {
    /// Key of an elliptic curve (RFC 5480).
    EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /// The curve P-256.
    PRIME256V1 = "1.2.840.10045.3.1.7";
    /// RSA key (RFC 8017).
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    /// ECDSA with SHA-1: recognised to be refused.
    ECDSA_WITH_SHA1 = "1.2.840.10045.4.1";
    /// ECDSA with SHA-256.
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    /// ECDSA with SHA-384.
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
    /// RSA PKCS#1 v1.5 with MD5: recognised to be refused.
    MD5_WITH_RSA = "1.2.840.113549.1.1.4";
    /// RSA PKCS#1 v1.5 with SHA-1: recognised to be refused.
    SHA1_WITH_RSA = "1.2.840.113549.1.1.5";
    /// RSA PKCS#1 v1.5 with SHA-256.
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    /// RSA PKCS#1 v1.5 with SHA-384.
    SHA384_WITH_RSA = "1.2.840.113549.1.1.12";
    /// RSA PKCS#1 v1.5 with SHA-512.
    SHA512_WITH_RSA = "1.2.840.113549.1.1.13";
    /// Key of GOST 34.10-2015 with 512 bits (national).
    GOST_512 = "1.2.398.3.10.1.1.2.2";
    /// The parameters of [`GOST_512`] keys: the curve id-tc26-gost-3410-12-512-paramSetA.
    GOST_512_PARAMETERS = "1.2.398.3.10.1.1.2.2.1";
    /// Signature by a [`GOST_512`] key over the digest [`GOST_DIGEST_512`].
    GOST_512_SIGNATURE = "1.2.398.3.10.1.1.2.3.2";
    /// The digest of GOST 34.11-2015 with 512 bits, Streebog (national).
    GOST_DIGEST_512 = "1.2.398.3.10.1.3.3";
    /// Key of GOST 34.10-2015 with 256 bits (national).
    GOST_256 = "1.2.398.3.10.1.1.2.1";
    /// The parameters of [`GOST_256`] keys: the curve id-tc26-gost-3410-2012-256-paramSetA.
    GOST_256_PARAMETERS = "1.2.398.3.10.1.1.2.1.1";
    /// Signature by a [`GOST_256`] key over the digest [`GOST_DIGEST_256`].
    GOST_256_SIGNATURE = "1.2.398.3.10.1.1.2.3.1";
    /// The digest of GOST 34.11-2015 with 256 bits, Streebog (national).
    GOST_DIGEST_256 = "1.2.398.3.10.1.3.2";
    /// Key of GOST 34.310-2004 (national).
    GOST_2004 = "1.2.398.3.10.1.1.1.1";
    /// The parameters of [`GOST_2004`] keys: the curve id-GostR3410-2001-CryptoPro-A-ParamSet.
    GOST_2004_PARAMETERS = "1.2.398.3.10.1.1.1.1.1";
    /// Signature by a [`GOST_2004`] key over the digest [`GOST_DIGEST_95`].
    GOST_2004_SIGNATURE = "1.2.398.3.10.1.1.1.2";
    /// The digest of GOST 34.311-95 (national).
    GOST_DIGEST_95 = "1.2.398.3.10.1.3.1";
    /// The S-boxes of [`GOST_DIGEST_95`], as [`GOST_2004`] keys name them: those of the standard's example.
    GOST_DIGEST_95_PARAMETERS = "1.2.398.3.10.1.3.1.1.0";
    /// The digest SHA-1 (in OCSP CertIDs).
    SHA1 = "1.3.14.3.2.26";
    /// The digest SHA-256.
    SHA256 = "2.16.840.1.101.3.4.2.1";
    /// The digest SHA-384.
    SHA384 = "2.16.840.1.101.3.4.2.2";
    /// The digest SHA-512.
    SHA512 = "2.16.840.1.101.3.4.2.3";

    /// commonName.
    COMMON_NAME = "2.5.4.3";
    /// surname.
    SURNAME = "2.5.4.4";
    /// serialNumber, in the national profile `IIN` and twelve digits.
    SERIAL_NUMBER = "2.5.4.5";
    /// countryName.
    COUNTRY = "2.5.4.6";
    /// localityName.
    LOCALITY = "2.5.4.7";
    /// stateOrProvinceName.
    STATE = "2.5.4.8";
    /// organizationName.
    ORGANISATION = "2.5.4.10";
    /// organizationalUnitName, in the national profile `BIN` and twelve digits.
    ORGANISATIONAL_UNIT = "2.5.4.11";
    /// givenName, in the national profile the patronymic.
    GIVEN_NAME = "2.5.4.42";
    /// userId, in the national profile the OID of an information system.
    USER_ID = "0.9.2342.19200300.100.1.1";
    /// emailAddress (PKCS#9).
    EMAIL = "1.2.840.113549.1.9.1";

    /// subjectKeyIdentifier (RFC 5280, 4.2.1.2).
    SUBJECT_KEY_ID = "2.5.29.14";
    /// keyUsage (RFC 5280, 4.2.1.3).
    KEY_USAGE = "2.5.29.15";
    /// subjectAltName (RFC 5280, 4.2.1.6).
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// basicConstraints (RFC 5280, 4.2.1.9).
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// cRLNumber (RFC 5280, 5.2.3).
    CRL_NUMBER = "2.5.29.20";
    /// reasonCode of a CRL entry (RFC 5280, 5.3.1).
    CRL_REASON = "2.5.29.21";
    /// deltaCRLIndicator (RFC 5280, 5.2.4).
    DELTA_CRL = "2.5.29.27";
    /// issuingDistributionPoint (RFC 5280, 5.2.5).
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// nameConstraints (RFC 5280, 4.2.1.10).
    NAME_CONSTRAINTS = "2.5.29.30";
    /// cRLDistributionPoints (RFC 5280, 4.2.1.13).
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// certificateIssuer of an entry of an indirect list (RFC 5280, 5.3.3).
    CERTIFICATE_ISSUER = "2.5.29.29";
    /// anyPolicy (RFC 5280, 4.2.1.4).
    ANY_POLICY = "2.5.29.32.0";
    /// certificatePolicies (RFC 5280, 4.2.1.4).
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// policyMappings (RFC 5280, 4.2.1.5).
    POLICY_MAPPINGS = "2.5.29.33";
    /// authorityKeyIdentifier (RFC 5280, 4.2.1.1).
    AUTHORITY_KEY_ID = "2.5.29.35";
    /// policyConstraints (RFC 5280, 4.2.1.11).
    POLICY_CONSTRAINTS = "2.5.29.36";
    /// extKeyUsage (RFC 5280, 4.2.1.12).
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// freshestCRL: where the delta list is to be had (RFC 5280, 4.2.1.15).
    FRESHEST_CRL = "2.5.29.46";
    /// inhibitAnyPolicy (RFC 5280, 4.2.1.14).
    INHIBIT_ANY_POLICY = "2.5.29.54";
    /// authorityInfoAccess (RFC 5280, 4.2.2.1).
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// Access method: an OCSP responder.
    AD_OCSP = "1.3.6.1.5.5.7.48.1";
    /// Access method: the issuer's certificate.
    AD_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    /// Policy qualifier: a certification practice statement.
    CPS = "1.3.6.1.5.5.7.2.1";
    /// Where a key is stored: the national private extension.
    KEY_STORAGE = "1.2.398.3.3.5";
    /// [`KEY_STORAGE`]: a PKCS#12 file.
    KEY_STORAGE_PKCS12 = "1.2.398.3.3.5.1.1";

    /// Extended key usage: any (RFC 5280, 4.2.1.12).
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// Extended key usage: TLS server.
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    /// Extended key usage: TLS client, in the national profile authentication.
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// Extended key usage: e-mail protection, in the national profile signing.
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// Extended key usage: signing of time stamps.
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// Extended key usage: signing of OCSP answers.
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

    /// A basic OCSP response (RFC 6960, 4.2.1).
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// The nonce of an OCSP exchange (RFC 6960, 4.4.1).
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// The responder's certificate need not be checked for revocation (RFC 6960, 4.2.2.2.1).
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";

    /// CMS content: plain bytes (RFC 5652, 4).
    DATA = "1.2.840.113549.1.7.1";
    /// CMS content: signatures (RFC 5652, 5).
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// CMS content: encrypted with a key agreed elsewhere (RFC 5652, 8); certificates in PKCS#12 files are.
    ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
    /// Signed attribute: the type of what is signed (RFC 5652, 11.1).
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// Signed attribute: the digest of what is signed (RFC 5652, 11.2).
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// Signed attribute: when the signer says to have signed (RFC 5652, 11.3).
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// Signed attribute: the signer's certificate by its hash (RFC 5035, 3).
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    /// Unsigned attribute: a time stamp over the signature (RFC 3161, appendix A; CAdES-T).
    SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14";
    /// CMS content: what a time stamp says (RFC 3161, 2.4.2).
    TIMESTAMP_INFO = "1.2.840.113549.1.9.16.1.4";

    /// Policy: the generic one (the national arm for policies).
    POLICY = "1.2.398.3.3.2";
    /// Policy: signing for a legal entity.
    POLICY_ENTITY_SIGNING = "1.2.398.3.3.2.1";
    /// Policy: authentication for a legal entity.
    POLICY_ENTITY_AUTHENTICATION = "1.2.398.3.3.2.2";
    /// Policy: signing as an individual.
    POLICY_INDIVIDUAL_SIGNING = "1.2.398.3.3.2.3";
    /// Policy: TLS servers.
    POLICY_TLS = "1.2.398.3.3.2.5";
    /// Policy: time stamps, without saying by which algorithm.
    POLICY_TIMESTAMP = "1.2.398.3.3.2.6";
    /// Policy: time stamps by GOST 34.310-2004.
    POLICY_TIMESTAMP_GOST_2004 = "1.2.398.3.3.2.6.1";
    /// Policy: time stamps by RSA.
    POLICY_TIMESTAMP_RSA = "1.2.398.3.3.2.6.2";
    /// Policy: time stamps by GOST 34.10-2015.
    POLICY_TIMESTAMP_GOST = "1.2.398.3.3.2.6.4";
    /// Policy: authentication as an individual.
    POLICY_INDIVIDUAL_AUTHENTICATION = "1.2.398.3.3.2.4";
}
