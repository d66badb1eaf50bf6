//! Reading and verifying SignedData.

use certs::{Certificate, SignatureAlgorithm};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};
use jiff::Timestamp;
use ring::digest;

use super::{CmsError, ber, oid, sha256};

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
}

#[derive(Debug, Clone)]
struct SignerInfo {
    issuer: Vec<u8>,
    serial: Vec<u8>,
    key_id: Option<Vec<u8>>,
    digest: ObjectIdentifier,
    /// The attributes with the SET tag that the signature is made over.
    attributes: Option<Vec<u8>>,
    algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
}

fn malformed(what: &'static str) -> CmsError {
    CmsError::Malformed { what }
}

impl SignedData {
    /// Reads DER or BER.
    pub fn from_ber(bytes: &[u8]) -> Result<Self, CmsError> {
        let der = ber::to_definite(bytes)?;
        parse(&der)
    }

    /// The certificates inside, in their order.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
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
        let digest = digest::digest(digest_algorithm(signer.digest)?, content);
        let mut signing_time = None;
        let signed: &[u8] = match &signer.attributes {
            None => content,
            Some(attributes) => {
                let attributes_read = Attributes::read(attributes)?;
                if attributes_read.message_digest.as_deref() != Some(digest.as_ref()) {
                    return Err(CmsError::Digest);
                }
                if attributes_read.content_type != Some(self.content_type) {
                    return Err(malformed("the attribute contentType does not fit"));
                }
                if let Some(hash) = &attributes_read.signing_certificate
                    && hash != sha256(certificate.der()).as_ref()
                {
                    return Err(CmsError::SigningCertificate);
                }
                signing_time = attributes_read.signing_time;
                attributes
            }
        };
        let algorithm = signature_algorithm(&signer.algorithm, signer.digest)?;
        certificate.public_key().verify(&algorithm, signed, &signer.signature).map_err(|error| {
            if error.is_refusal() { CmsError::Algorithm(error.to_string()) } else { CmsError::Value }
        })?;
        Ok(Signer { certificate: certificate.clone(), signing_time })
    }
}

impl SignerInfo {
    fn is(&self, certificate: &Certificate) -> bool {
        match &self.key_id {
            Some(key_id) => certificate.skid() == Some(key_id.as_slice()),
            None => certificate.issuer_der() == self.issuer && certificate.serial() == self.serial,
        }
    }
}

fn digest_algorithm(oid: ObjectIdentifier) -> Result<&'static digest::Algorithm, CmsError> {
    match oid {
        oid::SHA256 => Ok(&digest::SHA256),
        oid::SHA384 => Ok(&digest::SHA384),
        oid::SHA512 => Ok(&digest::SHA512),
        other => Err(CmsError::Algorithm(other.to_string())),
    }
}

/// The algorithm to verify with: `rsaEncryption` says only half of it, the digest says the other.
fn signature_algorithm(
    algorithm: &SignatureAlgorithm,
    digest: ObjectIdentifier,
) -> Result<SignatureAlgorithm, CmsError> {
    if algorithm.oid != oid::RSA_ENCRYPTION {
        return Ok(algorithm.clone());
    }
    let oid = match digest {
        oid::SHA256 => oid::SHA256_WITH_RSA,
        oid::SHA384 => oid::SHA384_WITH_RSA,
        oid::SHA512 => oid::SHA512_WITH_RSA,
        other => return Err(CmsError::Algorithm(other.to_string())),
    };
    Ok(SignatureAlgorithm { oid, parameters: algorithm.parameters.clone() })
}

fn context(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// A reader over a value's content, the value's header gone.
struct Fields<'a>(SliceReader<'a>);

impl<'a> Fields<'a> {
    /// Enters a value of the given tag.
    fn enter(bytes: &'a [u8], tag: Tag) -> Result<Self, CmsError> {
        let mut reader = SliceReader::new(bytes).map_err(|_| malformed("too long"))?;
        let header = Header::decode(&mut reader).map_err(|_| malformed("not DER"))?;
        if header.tag() != tag {
            return Err(malformed("another type than expected"));
        }
        let content = reader.read_slice(header.length()).map_err(|_| malformed("cut off"))?;
        Ok(Self(SliceReader::new(content).map_err(|_| malformed("too long"))?))
    }

    fn sequence(bytes: &'a [u8]) -> Result<Self, CmsError> {
        Self::enter(bytes, Tag::Sequence)
    }

    /// The next value with its header.
    fn next(&mut self) -> Result<&'a [u8], CmsError> {
        self.0.tlv_bytes().map_err(|_| malformed("a field is missing"))
    }

    /// The next value, if it has this tag.
    fn optional(&mut self, tag: Tag) -> Result<Option<&'a [u8]>, CmsError> {
        if self.is_finished() || Tag::peek(&self.0) != Ok(tag) {
            return Ok(None);
        }
        self.next().map(Some)
    }

    fn oid(&mut self) -> Result<ObjectIdentifier, CmsError> {
        ObjectIdentifier::from_der(self.next()?).map_err(|_| malformed("not an object identifier"))
    }

    fn is_finished(&self) -> bool {
        self.0.is_finished()
    }

    /// Every remaining value.
    fn rest(mut self) -> Result<Vec<&'a [u8]>, CmsError> {
        let mut all = Vec::new();
        while !self.is_finished() {
            all.push(self.next()?);
        }
        Ok(all)
    }
}

/// The content octets of a value.
fn content(bytes: &[u8]) -> Result<&[u8], CmsError> {
    let mut reader = SliceReader::new(bytes).map_err(|_| malformed("too long"))?;
    let header = Header::decode(&mut reader).map_err(|_| malformed("not DER"))?;
    reader.read_slice(header.length()).map_err(|_| malformed("cut off"))
}

fn octets(bytes: &[u8]) -> Result<&[u8], CmsError> {
    <&OctetStringRef>::from_der(bytes)
        .map(OctetStringRef::as_bytes)
        .map_err(|_| malformed("not an octet string"))
}

fn parse(der: &[u8]) -> Result<SignedData, CmsError> {
    let mut outer = Fields::sequence(der)?;
    if outer.oid()? != oid::SIGNED_DATA {
        return Err(malformed("another content type than signedData"));
    }
    let explicit = outer.next()?;
    let mut signed = Fields::sequence(content(explicit)?)?;
    signed.next()?; // version
    signed.next()?; // digest algorithms, said again by each signer
    let mut encapsulated = Fields::sequence(signed.next()?)?;
    let content_type = encapsulated.oid()?;
    let inside = match encapsulated.optional(context(0))? {
        Some(explicit) => Some(octets(content(explicit)?)?.to_vec()),
        None => None,
    };
    let certificates = match signed.optional(context(0))? {
        Some(implicit) => Fields::enter(implicit, context(0))?
            .rest()?
            .into_iter()
            .map(|der| Certificate::from_der(der).map_err(|error| CmsError::Certificate(error.to_string())))
            .collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    signed.optional(context(1))?; // revocation lists: not taken from the signer
    let signers = Fields::enter(signed.next()?, Tag::Set)?
        .rest()?
        .into_iter()
        .map(signer_info)
        .collect::<Result<_, _>>()?;
    Ok(SignedData { content: inside, content_type, certificates, signers })
}

fn signer_info(der: &[u8]) -> Result<SignerInfo, CmsError> {
    let mut fields = Fields::sequence(der)?;
    fields.next()?; // version
    let id = fields.next()?;
    let key_id_tag = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };
    let (issuer, serial, key_id) = if Tag::from_der_header(id) == Some(key_id_tag) {
        (Vec::new(), Vec::new(), Some(content(id)?.to_vec()))
    } else {
        let mut id = Fields::sequence(id)?;
        (id.next()?.to_vec(), content(id.next()?)?.to_vec(), None)
    };
    let digest = Fields::sequence(fields.next()?)?.oid()?;
    let attributes = fields.optional(context(0))?.map(|implicit| {
        let mut set = implicit.to_vec();
        set[0] = 0x31; // hashed with the tag of a SET OF (RFC 5652 §5.4)
        set
    });
    let algorithm =
        SignatureAlgorithm::from_der(fields.next()?).map_err(|_| malformed("signatureAlgorithm"))?;
    let signature = octets(fields.next()?)?.to_vec();
    Ok(SignerInfo { issuer, serial, key_id, digest, attributes, algorithm, signature })
}

#[derive(Default)]
struct Attributes {
    content_type: Option<ObjectIdentifier>,
    message_digest: Option<Vec<u8>>,
    signing_time: Option<Timestamp>,
    signing_certificate: Option<Vec<u8>>,
}

impl Attributes {
    fn read(set: &[u8]) -> Result<Self, CmsError> {
        let mut all = Self::default();
        for attribute in Fields::enter(set, Tag::Set)?.rest()? {
            let mut fields = Fields::sequence(attribute)?;
            let kind = fields.oid()?;
            let mut values = Fields::enter(fields.next()?, Tag::Set)?;
            let value = values.next()?;
            let taken = match kind {
                oid::CONTENT_TYPE => {
                    let oid = ObjectIdentifier::from_der(value).map_err(|_| malformed("contentType"))?;
                    all.content_type.replace(oid).is_some()
                }
                oid::MESSAGE_DIGEST => all.message_digest.replace(octets(value)?.to_vec()).is_some(),
                oid::SIGNING_TIME => all.signing_time.replace(time(value)?).is_some(),
                oid::SIGNING_CERTIFICATE_V2 => {
                    all.signing_certificate = certificate_hash(value)?;
                    false
                }
                _ => false,
            };
            if taken || (kind == oid::MESSAGE_DIGEST && !values.is_finished()) {
                return Err(malformed("a signed attribute stands twice"));
            }
        }
        Ok(all)
    }
}

fn time(value: &[u8]) -> Result<Timestamp, CmsError> {
    let time = x509_cert::time::Time::from_der(value).map_err(|_| malformed("signingTime"))?;
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| malformed("signingTime"))?;
    Timestamp::from_second(seconds).map_err(|_| malformed("signingTime"))
}

/// The hash of the first certificate of signingCertificateV2 (RFC 5035 §3), when it is SHA-256 (the default).
fn certificate_hash(value: &[u8]) -> Result<Option<Vec<u8>>, CmsError> {
    let mut ids = Fields::sequence(Fields::sequence(value)?.next()?)?;
    let mut id = Fields::sequence(ids.next()?)?;
    let sha256_said = match id.optional(Tag::Sequence)? {
        Some(algorithm) => Fields::sequence(algorithm)?.oid()? == oid::SHA256,
        None => true,
    };
    let hash = octets(id.next()?)?;
    Ok(sha256_said.then(|| hash.to_vec()))
}

/// The tag that a value begins with.
trait FromDerHeader: Sized {
    fn from_der_header(der: &[u8]) -> Option<Self>;
}

impl FromDerHeader for Tag {
    fn from_der_header(der: &[u8]) -> Option<Self> {
        let reader = SliceReader::new(der).ok()?;
        Tag::peek(&reader).ok()
    }
}
