//! Other centres whose certificates are trusted here: imported with a list that is given along, never asked.

use std::sync::Arc;

use certs::{Certificate, Crl};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signer::{Bytes, Code, Problem};

use super::CertificationCentre;
use super::centre::blocking;
use super::kept::TRUSTED;
use crate::store::{Expect, Page};

/// Another centre, as it was imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrustedCentre {
    /// The identifier of its key in hexadecimal, which is what it is named by here.
    pub key_id: String,
    /// Its name.
    pub subject: String,
    /// Its certificate as PEM.
    pub certificate: String,
    /// The list that was given for what it issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<Bytes>,
}

/// Certificates of centres, and lists by them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// PEM; several certificates one after the other.
    pub certificates: String,
    /// DER or PEM.
    #[serde(default)]
    pub lists: Vec<Bytes>,
}

fn invalid(detail: String) -> Problem {
    Problem::new(Code::InvalidValue).detail(detail)
}

/// The certificates of test centres in PEM, one after the other.
///
/// # Errors
/// [`Code::CertificateMalformed`], [`Code::ProductionIssuer`], and [`Code::InvalidValue`] when there is none or one is
/// no centre's.
pub fn test_centres(pem: &str) -> Result<Vec<Certificate>, Problem> {
    let blocks = pem.split_inclusive("-----END CERTIFICATE-----");
    let centres: Result<Vec<Certificate>, _> = blocks
        .filter(|block| block.contains("-----BEGIN CERTIFICATE-----"))
        .map(Certificate::from_pem)
        .collect();
    let centres =
        centres.map_err(|error| Problem::new(Code::CertificateMalformed).detail(error.to_string()))?;
    if centres.is_empty() {
        return Err(invalid("certificates: there is no CERTIFICATE block".to_owned()));
    }
    for centre in &centres {
        if centre.is_of_production() {
            return Err(Problem::new(Code::ProductionIssuer).detail(centre.subject()));
        }
        if !centre.is_ca() {
            return Err(invalid(format!("certificates: {} is no certification centre", centre.subject())));
        }
    }
    Ok(centres)
}

impl Import {
    /// The centres, each with the list that verifies with its key.
    fn read(&self) -> Result<Vec<TrustedCentre>, Problem> {
        let centres = test_centres(&self.certificates)?;
        let mut read: Vec<TrustedCentre> = centres.iter().map(TrustedCentre::of).collect();
        for list in &self.lists {
            let parsed = Crl::from_pem_or_der(&list.0).map_err(|error| invalid(format!("lists: {error}")))?;
            let by = centres.iter().position(|centre| {
                centre.subject_der() == parsed.issuer_der()
                    && parsed.verify_signature(centre.public_key()).is_ok()
            });
            if parsed.is_delta() {
                return Err(invalid(format!("lists: that by {} is a delta list", parsed.issuer())));
            }
            let Some(centre) = by.and_then(|index| read.get_mut(index)) else {
                return Err(invalid(format!(
                    "lists: that by {} is by none of these centres",
                    parsed.issuer()
                )));
            };
            centre.list = Some(parsed.to_der().map_err(Problem::technical)?.into());
        }
        Ok(read)
    }
}

impl TrustedCentre {
    fn of(certificate: &Certificate) -> Self {
        Self {
            key_id: hex::encode(certificate.public_key().key_id()),
            subject: certificate.subject(),
            certificate: certificate.pem(),
            list: None,
        }
    }

    /// Keeps the list that was given before where none is given now.
    ///
    /// # Errors
    /// [`Code::InvalidValue`] for a list that is due again, an earlier one or a part, in the place of a good one.
    fn follows(&mut self, before: Option<Bytes>, now: Timestamp) -> Result<(), Problem> {
        let Some(before) = before else { return Ok(()) };
        let Some(list) = &self.list else {
            self.list = Some(before);
            return Ok(());
        };
        let (Ok(new), Ok(old)) = (Crl::from_der(&list.0), Crl::from_der(&before.0)) else { return Ok(()) };
        let is_good = |list: &Crl| list.next_update().is_some_and(|next| next >= now);
        let is_part = new.scope().is_some() && old.scope().is_none();
        if is_good(&old) && (!is_good(&new) || is_part || new.this_update() < old.this_update()) {
            let (issuer, of, good) = (new.issuer(), new.this_update(), old.this_update());
            let detail =
                format!("lists: that by {issuer} of {of} is worse than that of {good}, which is kept");
            return Err(invalid(detail));
        }
        Ok(())
    }
}

impl CertificationCentre {
    /// Trusts other centres from now on. One that is trusted already is taken anew; its list is kept if none is given.
    ///
    /// # Errors
    /// [`Code::ProductionIssuer`] for centres of the national infrastructure in production; [`Code::InvalidValue`] for
    /// certificates of others than centres, for lists that none of them signed or that are of no use, and for those that
    /// would replace a good one and are not; [`Code::Busy`] when somebody else imports one of them at the same moment.
    pub async fn import(&self, import: Import) -> Result<Vec<TrustedCentre>, Problem> {
        // A large list takes a while to be read, which holds up nobody else.
        let centres = blocking(move || import.read()).await??;
        let (mut batch, mut taken) = (self.store.batch(), Vec::new());
        for mut centre in centres {
            let before = self.store.get_as::<TrustedCentre>(TRUSTED, &centre.key_id).await?;
            // Who imports at the same moment may have given a better one.
            let expect = before.as_ref().map_or(Expect::Absent, |record| Expect::Version(record.version));
            let (list, now) = (before.and_then(|record| record.value.list), self.now());
            let centre = blocking(move || centre.follows(list, now).map(|()| centre)).await??;
            batch = batch.put(TRUSTED, &centre.key_id, &centre, expect)?;
            taken.push(centre);
        }
        self.store.commit(batch).await?;
        self.changes.make();
        Ok(taken)
    }

    /// The other centres that are trusted.
    pub async fn trusted(&self) -> Result<Vec<TrustedCentre>, Problem> {
        let all = self.store.list_as::<TrustedCentre>(TRUSTED, Page::all()).await?;
        Ok(all.into_iter().map(|record| record.value).collect())
    }

    /// Trusts another centre no longer.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn distrust(&self, key_id: &str) -> Result<TrustedCentre, Problem> {
        let record = self.store.get_as::<TrustedCentre>(TRUSTED, key_id).await?;
        let missing = || Problem::new(Code::NotFound).detail(format!("no trusted centre {key_id}"));
        let record = record.ok_or_else(|| missing().hint("`qaqpa cert trust list` shows them"))?;
        self.store
            .commit(self.store.batch().delete(TRUSTED, key_id, Expect::Version(record.version)))
            .await?;
        self.changes.make();
        Ok(record.value)
    }

    /// The certificates of other centres that are trusted.
    pub(super) async fn trusted_certificates(&self) -> Result<Vec<Certificate>, Problem> {
        let read =
            |centre: TrustedCentre| Certificate::from_pem(&centre.certificate).map_err(Problem::technical);
        self.trusted().await?.into_iter().map(read).collect()
    }

    /// The list that was given for a centre, by the identifier of its key.
    pub(super) async fn list_given(&self, key_id: &str) -> Result<Option<Arc<[u8]>>, Problem> {
        let record = self.store.get_as::<TrustedCentre>(TRUSTED, key_id).await?;
        Ok(record.and_then(|record| record.value.list).map(|list| Arc::from(list.0)))
    }
}
