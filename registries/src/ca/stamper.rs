//! The time-stamping authority (RFC 3161): one key per hierarchy, made when it is first needed.

use certs::tsp::{Rejection, TimestampRequest, TspError, algorithm_of, granted, policy, rejected};
use certs::{Algorithm, Certificate, KeyPair, Order, Profile, Subject};
use serde::{Deserialize, Serialize};
use signer::{Bytes, Problem, tsp};

use super::CertificationCentre;
use super::kept::STAMPER;
use crate::store::Expect;

/// An authority's key with its certificate.
#[derive(Serialize, Deserialize)]
struct Kept {
    pkcs8: Bytes,
    certificate: String,
}

struct Stamper {
    key: KeyPair,
    certificate: Certificate,
}

impl Kept {
    fn stamper(&self) -> Result<Stamper, Problem> {
        Ok(Stamper {
            key: KeyPair::from_pkcs8_der(&self.pkcs8.0).map_err(Problem::technical)?,
            certificate: Certificate::from_pem(&self.certificate).map_err(Problem::technical)?,
        })
    }
}

impl CertificationCentre {
    /// Answers the DER of a TimeStampReq with the DER of a TimeStampResp.
    ///
    /// The policy asked for chooses the hierarchy; without one, and under one of its own, it is that of the default
    /// algorithm. What cannot be
    /// answered is rejected with the code of RFC 3161.
    pub async fn timestamped(&self, request: &[u8]) -> Result<Vec<u8>, Problem> {
        let asked = match TimestampRequest::from_der(request) {
            Ok(asked) => asked,
            Err(error @ TspError::CriticalExtension { .. }) => {
                return Ok(rejected(Rejection::UnacceptedExtension, &error.to_string()));
            }
            Err(error) => return Ok(rejected(Rejection::BadDataFormat, &error.to_string())),
        };
        if let Err(error) = asked.imprint.check() {
            return Ok(rejected(Rejection::BadAlgorithm, &error.to_string()));
        }
        let default = self.default_algorithm();
        let algorithm = match asked.policy {
            Some(asked) if asked != policy(default) => algorithm_of(asked),
            _ => Some(default),
        };
        let Some(algorithm) = algorithm else {
            return Ok(rejected(Rejection::UnacceptedPolicy, "TEST authority: no stamps under that policy"));
        };
        let Stamper { key, certificate } = self.stamper(algorithm).await?;
        let token = tsp::stamp(&asked, &key, &certificate, self.clock.now()).map_err(Problem::technical)?;
        Ok(granted(&token))
    }

    /// The authority of a hierarchy. A certificate that is no longer valid is replaced, and its key too; one that
    /// somebody revoked stays as it is.
    async fn stamper(&self, algorithm: Algorithm) -> Result<Stamper, Problem> {
        let kept = self.store.get_as::<Kept>(STAMPER, algorithm.name()).await?;
        let expect = match &kept {
            Some(record) => {
                let stamper = record.value.stamper()?;
                if stamper.certificate.not_after() >= self.clock.now() {
                    return Ok(stamper);
                }
                Expect::Version(record.version)
            }
            None => Expect::Absent,
        };
        let authority = self.authority(algorithm).await?;
        let (common_name, organisation) =
            ("TIME-STAMPING AUTHORITY".to_owned(), authority.marker().to_owned());
        let subject = Subject::Service { common_name, organisation };
        let issued = self.order(Order::new(subject, Profile::TimestampAuthority, algorithm)).await?;
        let key = issued.key.ok_or_else(|| Problem::technical("no key was made"))?;
        let made = Kept { pkcs8: key.to_pkcs8_der().to_vec().into(), certificate: issued.certificate.pem() };
        let batch = self.store.batch().put(STAMPER, algorithm.name(), &made, expect)?;
        match self.store.commit(batch).await {
            Ok(_) => Ok(Stamper { key, certificate: issued.certificate }),
            // Somebody else made one meanwhile: theirs counts.
            Err(error) if error.is_conflict() => {
                let theirs = self.store.get_as::<Kept>(STAMPER, algorithm.name()).await?;
                theirs.ok_or_else(|| Problem::technical("the authority's key is gone"))?.value.stamper()
            }
            Err(error) => Err(error.into()),
        }
    }
}
