//! The centre's OCSP responder.

use jiff::Timestamp;

use super::{Authority, Member};
use crate::CertStatus;
use crate::clock::whole_second;
use crate::ocsp::{CertIdHash, OcspRequest, ResponseStatus, failure, success};

impl Authority {
    /// Answers the DER of an OCSPRequest with the DER of an OCSPResponse, signed by the responder at `now`.
    ///
    /// `lookup` is asked with serials (the content of the INTEGER) that the issuing centre may have issued; for
    /// serials of other issuers the answer is `unknown` without asking. Answers have no nextUpdate: the next one may
    /// differ at once. A nonce is repeated. What cannot be read is answered with malformedRequest, a question that
    /// only has hashes we do not know with unauthorized.
    pub fn ocsp_respond(
        &self,
        request: &[u8],
        lookup: &dyn Fn(&[u8]) -> CertStatus,
        now: Timestamp,
    ) -> Vec<u8> {
        self.responded(&self.responder, request, lookup, now)
    }

    /// The same, signed by somebody whom the issuing centre has not certified for it: the root.
    pub fn ocsp_respond_with_another_key(
        &self,
        request: &[u8],
        lookup: &dyn Fn(&[u8]) -> CertStatus,
        now: Timestamp,
    ) -> Vec<u8> {
        self.responded(&self.root, request, lookup, now)
    }

    fn responded(
        &self,
        responder: &Member,
        request: &[u8],
        lookup: &dyn Fn(&[u8]) -> CertStatus,
        now: Timestamp,
    ) -> Vec<u8> {
        let Ok(request) = OcspRequest::from_der(request) else {
            return failure(ResponseStatus::MalformedRequest);
        };
        if request.certificates.is_empty() {
            return failure(ResponseStatus::MalformedRequest);
        }
        let known = [CertIdHash::Sha1.oid(), CertIdHash::Sha256.oid()];
        if request.certificates.iter().all(|id| !known.contains(&id.hash)) {
            return failure(ResponseStatus::Unauthorized);
        }
        let answers: Vec<_> = request
            .certificates
            .into_iter()
            .map(|id| {
                let status = if id.is_issued_by(&self.issuing.certificate) {
                    lookup(&id.serial)
                } else {
                    CertStatus::Unknown
                };
                (id, status)
            })
            .collect();
        let (nonce, now) = (request.nonce.as_deref(), whole_second(now));
        success(&answers, nonce, now, &responder.certificate, &responder.key)
            .unwrap_or_else(|_| failure(ResponseStatus::InternalError))
    }
}
