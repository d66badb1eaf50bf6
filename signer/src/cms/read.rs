//! Reading and verifying SignedData.

use certs::der::{self, INTEGER, OCTET_STRING, Reader, SEQUENCE, SET};
use certs::{Algorithm, Certificate, ObjectIdentifier, SignatureAlgorithm, SignatureError, oid};
use jiff::Timestamp;
use ring::digest;

use super::attributes::{Attributes, in_order};
use super::stamped::timestamps;
use super::write::with_tag;
use super::{CmsError, sha256};

/// More signers than this are refused: each has the whole content hashed once more.
const MOST_SIGNERS: usize = 16;

/// A parsed SignedData: nothing in it is verified yet.
#[derive(Debug, Clone)]
pub struct SignedData {
    content: Option<Vec<u8>>,
    content_type: ObjectIdentifier,
    certificates: Vec<Certificate>,
    signers: Vec<SignerInfo>,
}

/// A signer whose signature verified.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The certificate of the key that signed.
    pub certificate: Certificate,
    /// When the signer says to have signed: a claim, not a proof.
    pub signing_time: Option<Timestamp>,
    /// The value of the signature.
    pub signature: Vec<u8>,
    /// The time stamps over that value, not verified ([`crate::tsp::verify`]).
    pub timestamps: Vec<Vec<u8>>,
}

impl Signer {
    /// Who signed in a form that says no time.
    pub(crate) fn without_time(certificate: Certificate) -> Self {
        Self { certificate, signing_time: None, signature: Vec::new(), timestamps: Vec::new() }
    }
}

#[derive(Debug, Clone)]
struct SignerInfo {
    id: SignerId,
    digest: ObjectIdentifier,
    /// The attributes as received, with the SET tag that the signature is made over.
    attributes: Option<Vec<u8>>,
    algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
    timestamps: Vec<Vec<u8>>,
}

#[derive(Debug, Clone)]
enum SignerId {
    IssuerAndSerial { issuer: Vec<u8>, serial: Vec<u8> },
    KeyId(Vec<u8>),
}

impl SignedData {
    /// Reads DER or BER.
    pub fn from_ber(bytes: &[u8]) -> Result<Self, CmsError> {
        Self::from_der(&der::from_ber(bytes)?)
    }

    fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        let mut outer = Reader::only(der, SEQUENCE)?.reader();
        if outer.oid()? != oid::SIGNED_DATA {
            return Err(CmsError::Malformed { what: "another content type than signedData" });
        }
        let mut signed = Reader::only(outer.expect(0xa0)?.value, SEQUENCE)?.reader();
        outer.end()?;
        signed.expect(INTEGER)?; // version
        signed.expect(SET)?; // digest algorithms, said again by each signer
        let mut encapsulated = signed.sequence()?;
        let content_type = encapsulated.oid()?;
        let content = match encapsulated.optional(0xa0)? {
            Some(explicit) => Some(Reader::only(explicit.value, OCTET_STRING)?.value.to_vec()),
            None => None,
        };
        encapsulated.end()?;
        let certificates = match signed.optional(0xa0)? {
            Some(implicit) => certificates(implicit.reader())?,
            None => Vec::new(),
        };
        signed.optional(0xa1)?; // revocation lists: not taken from the signer
        let mut infos = signed.expect(SET)?.reader();
        signed.end()?;
        let mut signers = Vec::new();
        while !infos.is_empty() {
            if signers.len() == MOST_SIGNERS {
                return Err(CmsError::Malformed { what: "more than 16 signers" });
            }
            signers.push(SignerInfo::read(infos.sequence()?)?);
        }
        Ok(Self { content, content_type, certificates, signers })
    }

    /// The certificates inside, in their order.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The type of the content.
    pub fn content_type(&self) -> ObjectIdentifier {
        self.content_type
    }

    /// The value of the one signature: what a time stamp is asked for. Nothing is verified.
    ///
    /// # Errors
    /// [`CmsError::Signers`] when there are none or several.
    pub fn sole_signature(&self) -> Result<&[u8], CmsError> {
        match self.signers.as_slice() {
            [signer] => Ok(&signer.signature),
            signers => Err(CmsError::Signers { found: signers.len() }),
        }
    }

    /// Verifies every signature over content that stands elsewhere.
    pub fn verify_detached(&self, content: &[u8]) -> Result<Vec<Signer>, CmsError> {
        if self.content.is_some() {
            return Err(CmsError::Content { found: "content inside", expected: "none (detached)" });
        }
        self.verify(content)
    }

    /// Verifies every signature over the content inside, and gives the content out.
    pub fn verify_attached(&self) -> Result<(Vec<u8>, Vec<Signer>), CmsError> {
        let content =
            self.content.clone().ok_or(CmsError::Content { found: "none", expected: "content inside" })?;
        let signers = self.verify(&content)?;
        Ok((content, signers))
    }

    fn verify(&self, content: &[u8]) -> Result<Vec<Signer>, CmsError> {
        if self.signers.is_empty() {
            return Err(CmsError::Signers { found: 0 });
        }
        self.signers.iter().map(|signer| self.verify_signer(signer, content)).collect()
    }

    fn verify_signer(&self, signer: &SignerInfo, content: &[u8]) -> Result<Signer, CmsError> {
        let certificate = self
            .certificates
            .iter()
            .find(|certificate| signer.is(certificate))
            .ok_or(CmsError::NoCertificate)?;
        let digest = digest_by(signer.digest, content)?;
        let Some(set) = &signer.attributes else {
            self.may_do_without_attributes(content)?;
            signer.verify(certificate, content)?;
            return Ok(signer.of(certificate, None));
        };
        let attributes = Attributes::read(set)?;
        if attributes.message_digest.as_deref() != Some(digest.as_slice()) {
            return Err(CmsError::Digest);
        }
        if attributes.content_type != Some(self.content_type) {
            return Err(CmsError::Malformed { what: "the attribute contentType does not fit" });
        }
        if attributes.certificate_hash.is_some_and(|hash| hash != sha256(certificate.der()).as_ref()) {
            return Err(CmsError::SigningCertificate);
        }
        match (signer.verify(certificate, set), in_order(set)?) {
            // Signed in the order of DER, as RFC 5652, 5.4 has it, but sent in another.
            (Err(CmsError::Value), Some(ordered)) => signer.verify(certificate, &ordered)?,
            (verified, _) => verified?,
        }
        Ok(signer.of(certificate, attributes.signing_time))
    }

    /// Content other than plain data must have attributes (RFC 5652, 5.3). Content that reads as attributes itself
    /// could be those of another signature, whose content it would then replace.
    fn may_do_without_attributes(&self, content: &[u8]) -> Result<(), CmsError> {
        if self.content_type != oid::DATA {
            return Err(CmsError::Malformed { what: "no signed attributes, and content other than data" });
        }
        match Attributes::read(content) {
            Ok(attributes) if attributes.message_digest.is_some() => Err(CmsError::Malformed {
                what: "content that reads as the signed attributes of another signature",
            }),
            _ => Ok(()),
        }
    }
}

impl SignerInfo {
    fn read(mut fields: Reader<'_>) -> Result<Self, CmsError> {
        fields.expect(INTEGER)?; // version
        let id = if let Some(key_id) = fields.optional(0x80)? {
            SignerId::KeyId(key_id.value.to_vec())
        } else {
            let mut id = fields.sequence()?;
            let issuer = id.expect(SEQUENCE)?.whole.to_vec();
            SignerId::IssuerAndSerial { issuer, serial: id.expect(INTEGER)?.value.to_vec() }
        };
        let digest = fields.sequence()?.oid()?;
        // Hashed with the tag of a SET OF (RFC 5652, 5.4).
        let attributes = fields.optional(0xa0)?.map(|implicit| with_tag(SET, implicit.whole.to_vec()));
        let algorithm = SignatureAlgorithm::from_der(fields.expect(SEQUENCE)?.whole)?;
        let signature = fields.expect(OCTET_STRING)?.value.to_vec();
        let unsigned = fields.optional(0xa1)?;
        fields.end()?;
        let timestamps = unsigned.map_or(Ok(Vec::new()), |unsigned| timestamps(unsigned.reader()))?;
        Ok(Self { id, digest, attributes, algorithm, signature, timestamps })
    }

    /// The signer, once verified.
    fn of(&self, certificate: &Certificate, signing_time: Option<Timestamp>) -> Signer {
        let (signature, timestamps) = (self.signature.clone(), self.timestamps.clone());
        Signer { certificate: certificate.clone(), signing_time, signature, timestamps }
    }

    fn is(&self, certificate: &Certificate) -> bool {
        match &self.id {
            SignerId::KeyId(key_id) => certificate.skid() == Some(key_id.as_slice()),
            SignerId::IssuerAndSerial { issuer, serial } => {
                certificate.issuer_der() == issuer && certificate.serial() == serial
            }
        }
    }

    fn verify(&self, certificate: &Certificate, signed: &[u8]) -> Result<(), CmsError> {
        certificate
            .public_key()
            .verify(&self.algorithm()?, signed, &self.signature)
            .map_err(|error: SignatureError| error.refused().map_or(CmsError::Value, CmsError::Algorithm))
    }

    /// The algorithm to verify with: the OID of a key (`rsaEncryption`; national tools write that of their keys) says
    /// only half of it, the digest says the other.
    fn algorithm(&self) -> Result<SignatureAlgorithm, CmsError> {
        let oid = match (self.algorithm.oid, self.digest) {
            (oid::RSA_ENCRYPTION, oid::SHA256) => oid::SHA256_WITH_RSA,
            (oid::RSA_ENCRYPTION, oid::SHA384) => oid::SHA384_WITH_RSA,
            (oid::RSA_ENCRYPTION, oid::SHA512) => oid::SHA512_WITH_RSA,
            (oid::GOST_512, oid::GOST_DIGEST_512) => oid::GOST_512_SIGNATURE,
            (oid::GOST_256, oid::GOST_DIGEST_256) => oid::GOST_256_SIGNATURE,
            (oid::GOST_2004, oid::GOST_DIGEST_95) => oid::GOST_2004_SIGNATURE,
            (oid::RSA_ENCRYPTION | oid::GOST_512 | oid::GOST_256 | oid::GOST_2004, other) => {
                return Err(CmsError::Algorithm(other.to_string()));
            }
            (whole, _) => whole,
        };
        Ok(SignatureAlgorithm { oid, parameters: self.algorithm.parameters.clone() })
    }
}

fn digest_by(algorithm: ObjectIdentifier, content: &[u8]) -> Result<Vec<u8>, CmsError> {
    let ring = match algorithm {
        oid::SHA384 => &digest::SHA384,
        oid::SHA512 => &digest::SHA512,
        other => {
            let algorithm = Algorithm::with_digest(other);
            return Ok(algorithm.ok_or_else(|| CmsError::Algorithm(other.to_string()))?.digest(content));
        }
    };
    Ok(digest::digest(ring, content).as_ref().to_vec())
}

/// The X.509 certificates; attribute certificates and other kinds are passed over.
fn certificates(mut row: Reader<'_>) -> Result<Vec<Certificate>, CmsError> {
    let mut certificates = Vec::new();
    while !row.is_empty() {
        let element = row.element()?;
        if element.tag == SEQUENCE {
            let read = Certificate::from_der(element.whole);
            certificates.push(read.map_err(|error| CmsError::Certificate(error.to_string()))?);
        }
    }
    Ok(certificates)
}
