//! What a server shows.

use std::sync::{Arc, PoisonError, RwLock};

use certs::{Certificate, Clock, KeyPair};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};
use signer::{Code, Problem};

use super::{WorldTime, provider};

/// A private key with its certificate and those of the centres above it, the root left out.
pub struct TlsKey {
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) chain: Vec<CertificateDer<'static>>,
}

impl std::fmt::Debug for TlsKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TlsKey({} certificates, key not shown)", self.chain.len())
    }
}

impl TlsKey {
    /// A key of ours with its certificate and the issuer's.
    pub(crate) fn new(key: &KeyPair, chain: &[Certificate]) -> Self {
        let key = PrivatePkcs8KeyDer::from(key.to_pkcs8_der().to_vec());
        let chain = chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec()));
        Self { key: key.into(), chain: chain.collect() }
    }

    /// From PEM: certificates, the server's first, and a private key.
    ///
    /// # Errors
    /// [`Code::TlsFiles`], saying which of them and why.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, Problem> {
        use rustls::pki_types::pem::PemObject as _;
        let wrong = |what: String| Problem::new(Code::TlsFiles).detail(what);
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|error| wrong(format!("the certificates: {error}")))?;
        if chain.is_empty() {
            return Err(wrong("there is no CERTIFICATE block".to_owned()));
        }
        let key =
            PrivateKeyDer::from_pem_slice(key).map_err(|error| wrong(format!("the private key: {error}")))?;
        let shown = Self { key, chain };
        shown.certified().map_err(|error| wrong(error.to_string()))?;
        Ok(shown)
    }

    fn certified(&self) -> Result<CertifiedKey, Error> {
        let certified = CertifiedKey::new(self.chain.clone(), any_supported_type(&self.key)?);
        match certified.keys_match() {
            Ok(()) | Err(Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(certified),
            Err(error) => Err(error),
        }
    }
}

/// What the process shows to whoever connects; it may change while it runs.
#[derive(Debug, Default)]
pub(crate) struct Shown(RwLock<Option<Arc<CertifiedKey>>>);

impl Shown {
    /// From now on this.
    ///
    /// # Errors
    /// When rustls cannot use the key.
    pub(crate) fn becomes(&self, key: &TlsKey) -> Result<(), Problem> {
        let certified = Arc::new(key.certified().map_err(Problem::technical)?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(certified);
        Ok(())
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The configuration of a listener. When it `asks`, clients are asked for a certificate, of whatever centre.
pub(super) fn config(shown: Arc<Shown>, clock: Clock, asks: bool) -> Result<ServerConfig, Problem> {
    let config = ServerConfig::builder_with_details(provider(), Arc::new(WorldTime(clock)))
        .with_safe_default_protocol_versions()
        .map_err(Problem::technical)?;
    let config =
        if asks { config.with_client_cert_verifier(Arc::new(Asks)) } else { config.with_no_client_auth() };
    Ok(config.with_cert_resolver(shown))
}

/// Takes any certificate whose key the client holds: whose it is, and whether it is revoked, is judged with reasons
/// when the request is there ([`required`](super::required)).
#[derive(Debug)]
struct Asks;

impl ClientCertVerifier for Asks {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // None: a client shows what it has, also one that was given with a certificate of somebody else's.
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
