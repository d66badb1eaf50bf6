//! Answers (RFC 6960, 4.2).

use jiff::Timestamp;

use super::{CertId, OcspError};
use crate::crl::read_extension;
use crate::der::{DerError, ENUMERATED, OCTET_STRING, Reader, SEQUENCE};
use crate::issue::extension;
use crate::{
    CertStatus, Certificate, KeyError, KeyPair, PublicKey, Reason, SignatureAlgorithm, SignatureError, der,
    oid,
};

/// An answer as received.
#[derive(Clone, Debug)]
pub enum Response {
    /// The responder did its work.
    Successful(Box<BasicResponse>),
    /// It did not: nothing is said about any certificate.
    Failed(ResponseStatus),
}

/// OCSPResponseStatus other than successful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseStatus {
    /// 1: the question cannot be read.
    #[error("malformedRequest")]
    MalformedRequest,
    /// 2: the responder is in trouble.
    #[error("internalError")]
    InternalError,
    /// 3: ask later.
    #[error("tryLater")]
    TryLater,
    /// 5: the question must be signed.
    #[error("sigRequired")]
    SigRequired,
    /// 6: the responder does not answer this.
    #[error("unauthorized")]
    Unauthorized,
}

/// A signed answer. Nothing in it has been verified yet.
#[derive(Clone, Debug)]
pub struct BasicResponse {
    /// What is signed, as received.
    pub tbs_der: Vec<u8>,
    /// The algorithm of the signature.
    pub signature_algorithm: SignatureAlgorithm,
    /// The signature.
    pub signature: Vec<u8>,
    /// Who says they signed.
    pub responder: ResponderId,
    /// When it was signed.
    pub produced_at: Timestamp,
    /// What is said, certificate by certificate.
    pub answers: Vec<SingleResponse>,
    /// The nonce of the question without its OCTET STRING.
    pub nonce: Option<Vec<u8>>,
    /// Certificates that came along, the responder's among them.
    pub certificates: Vec<Certificate>,
}

/// How a responder names itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderId {
    /// By the DER of its Name.
    Name(Vec<u8>),
    /// By the SHA-1 of its key.
    Key(Vec<u8>),
}

/// What is said of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleResponse {
    /// Which one.
    pub certificate: CertId,
    /// What.
    pub status: CertStatus,
    /// As of when.
    pub this_update: Timestamp,
    /// When something newer will be known; `None`: at any time.
    pub next_update: Option<Timestamp>,
}

impl Response {
    /// Reads exactly one answer in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, OcspError> {
        let mut outer = Reader::only(der, SEQUENCE)?.reader();
        let status = match outer.expect(ENUMERATED)?.value {
            [0] => None,
            [1] => Some(ResponseStatus::MalformedRequest),
            [2] => Some(ResponseStatus::InternalError),
            [3] => Some(ResponseStatus::TryLater),
            [5] => Some(ResponseStatus::SigRequired),
            [6] => Some(ResponseStatus::Unauthorized),
            [code, ..] => return Err(OcspError::UnknownStatus { code: *code }),
            [] => return Err(DerError::Value { what: "the status" }.into()),
        };
        if let Some(status) = status {
            return Ok(Self::Failed(status));
        }
        let mut wrapper = outer.expect(0xa0)?.reader();
        outer.end()?;
        let mut bytes = wrapper.sequence()?;
        match bytes.oid()? {
            oid::OCSP_BASIC => {}
            oid => return Err(OcspError::OtherType { oid }),
        }
        let basic = bytes.expect(OCTET_STRING)?.value;
        bytes.end()?;
        Ok(Self::Successful(Box::new(BasicResponse::read(basic)?)))
    }
}

impl BasicResponse {
    /// The certificate of the responder, if it came along.
    pub fn responder_certificate(&self) -> Option<&Certificate> {
        self.certificates.iter().find(|certificate| self.is_by(certificate))
    }

    /// Whether the responder's name for itself is that of `certificate`.
    pub fn is_by(&self, certificate: &Certificate) -> bool {
        match &self.responder {
            ResponderId::Name(name) => certificate.subject_der() == name,
            ResponderId::Key(id) => certificate.public_key().key_id() == id.as_slice(),
        }
    }

    /// Verifies the signature with `key`; whether that key may answer is for the caller to check.
    pub fn verify_signature(&self, key: &PublicKey) -> Result<(), SignatureError> {
        key.verify(&self.signature_algorithm, &self.tbs_der, &self.signature)
    }

    fn read(der: &[u8]) -> Result<Self, OcspError> {
        let mut outer = Reader::only(der, SEQUENCE)?.reader();
        let tbs = outer.expect(SEQUENCE)?;
        let signature_algorithm = SignatureAlgorithm::from_der(outer.expect(SEQUENCE)?.whole)?;
        let signature = outer.bit_string()?.to_vec();
        let mut certificates = Vec::new();
        if let Some(wrapper) = outer.optional(0xa0)? {
            let mut row = wrapper.reader().sequence()?;
            while !row.is_empty() {
                certificates.push(Certificate::from_der(row.element()?.whole)?);
            }
        }
        outer.end()?;

        let mut fields = tbs.reader();
        fields.optional(0xa0)?;
        let id = fields.element()?;
        let responder = match id.tag {
            0xa1 => ResponderId::Name(id.value.to_vec()),
            0xa2 => ResponderId::Key(Reader::only(id.value, OCTET_STRING)?.value.to_vec()),
            found => return Err(DerError::Tag { expected: 0xa1, found }.into()),
        };
        let produced_at = fields.time()?;
        let mut row = fields.sequence()?;
        let mut answers = Vec::new();
        while !row.is_empty() {
            answers.push(SingleResponse::read(row.sequence()?)?);
        }
        let mut nonce = None;
        if let Some(wrapper) = fields.optional(0xa1)? {
            let mut extensions = wrapper.reader().sequence()?;
            while !extensions.is_empty() {
                match read_extension(&mut extensions)? {
                    (oid::OCSP_NONCE, _, value) => {
                        nonce = Some(Reader::only(value, OCTET_STRING).map_or(value, |o| o.value).to_vec());
                    }
                    (oid, true, _) => return Err(OcspError::CriticalExtension { oid }),
                    _ => {}
                }
            }
        }
        fields.end()?;
        Ok(Self {
            tbs_der: tbs.whole.to_vec(),
            signature_algorithm,
            signature,
            responder,
            produced_at,
            answers,
            nonce,
            certificates,
        })
    }
}

impl SingleResponse {
    fn read(mut fields: Reader<'_>) -> Result<Self, OcspError> {
        let certificate = CertId::read(&mut fields)?;
        let status = fields.element()?;
        let status = match status.tag {
            0x80 => CertStatus::Good,
            0x82 => CertStatus::Unknown,
            0xa1 => {
                let mut info = status.reader();
                let at = info.time()?;
                let reason = match info.optional(0xa0)? {
                    None => Reason::Unspecified,
                    Some(wrapper) => match Reader::only(wrapper.value, ENUMERATED)?.value {
                        &[code] => Reason::from_code(code).ok_or(DerError::Value { what: "a reason" })?,
                        _ => return Err(DerError::Value { what: "a reason" }.into()),
                    },
                };
                info.end()?;
                CertStatus::Revoked { at, reason }
            }
            found => return Err(DerError::Tag { expected: 0x80, found }.into()),
        };
        let this_update = fields.time()?;
        let next_update = fields.optional(0xa0)?.map(|wrapper| wrapper.reader().time()).transpose()?;
        if let Some(wrapper) = fields.optional(0xa1)? {
            let mut extensions = wrapper.reader().sequence()?;
            while !extensions.is_empty() {
                if let (oid, true, _) = read_extension(&mut extensions)? {
                    return Err(OcspError::CriticalExtension { oid });
                }
            }
        }
        fields.end()?;
        Ok(Self { certificate, status, this_update, next_update })
    }
}

/// The DER of an answer that says nothing about any certificate.
pub(crate) fn failure(status: ResponseStatus) -> Vec<u8> {
    let code = match status {
        ResponseStatus::MalformedRequest => 1,
        ResponseStatus::InternalError => 2,
        ResponseStatus::TryLater => 3,
        ResponseStatus::SigRequired => 5,
        ResponseStatus::Unauthorized => 6,
    };
    der::sequence(&[&der::enumerated(code)])
}

/// Signs and writes an answer. `nonce` is the content of the question's extension.
pub(crate) fn success(
    answers: &[(CertId, CertStatus)],
    nonce: Option<&[u8]>,
    now: Timestamp,
    certificate: &Certificate,
    key: &KeyPair,
) -> Result<Vec<u8>, KeyError> {
    let responder = der::element(0xa2, &[&der::octets(&key.public_key().key_id())]);
    let rows: Vec<Vec<u8>> = answers.iter().map(|(id, status)| write_answer(id, *status, now)).collect();
    let extensions = nonce.map(|content| {
        let nonce = extension::write(oid::OCSP_NONCE, false, content);
        der::element(0xa1, &[&der::sequence(&[&nonce])])
    });
    let tbs = der::sequence(&[
        &responder,
        &der::generalized_time(now),
        &der::row(SEQUENCE, &rows),
        &extensions.unwrap_or_default(),
    ]);
    let signature = key.sign(&tbs)?;
    let basic = der::sequence(&[
        &tbs,
        &SignatureAlgorithm::of(key.algorithm()).to_der(),
        &der::bits(&signature),
        &der::element(0xa0, &[&der::sequence(&[certificate.der()])]),
    ]);
    let bytes = der::sequence(&[&der::oid(oid::OCSP_BASIC), &der::octets(&basic)]);
    Ok(der::sequence(&[&der::enumerated(0), &der::element(0xa0, &[&bytes])]))
}

fn write_answer(id: &CertId, status: CertStatus, now: Timestamp) -> Vec<u8> {
    let status = match status {
        CertStatus::Good => der::element(0x80, &[]),
        CertStatus::Unknown => der::element(0x82, &[]),
        CertStatus::Revoked { at, reason } => {
            let reason = match reason {
                Reason::Unspecified => Vec::new(),
                reason => der::element(0xa0, &[&der::enumerated(reason.code())]),
            };
            der::element(0xa1, &[&der::generalized_time(at), &reason])
        }
    };
    der::sequence(&[id.to_der(), &status, &der::generalized_time(now)])
}
