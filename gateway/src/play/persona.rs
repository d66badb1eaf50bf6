//! Who goes along a path: the data that makes it come true.

use std::collections::BTreeMap;

use certs::{Certificate, CheckDigit, Flaw, Iin, KeyPair, Profile, RevocationBy};
use registries::ca::{Issued, OrderRequest};
use serde_json::{Value, json};
use signer::{Bytes, Problem};
use uuid::Uuid;

use super::client::Client;
use crate::exchange::SPECIMEN;
use crate::regulation::file::Form;
use crate::regulation::{CheckWord, Choice, FieldType, Path};

/// Somebody's key, as they hold it.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) pair: KeyPair,
    pub(super) certificate: Certificate,
    pub(super) serial: String,
}

/// A recipient with the data, papers and certificate that a path needs.
pub(super) struct Recipient {
    pub(super) iin: Iin,
    pub(super) password: String,
    pub(super) organisation: String,
    pub(super) child: Iin,
    pub(super) signs_with: Key,
    /// The child that the birth certificate is about: another one when the papers are not in order.
    child_on_paper: Iin,
}

/// The flaw that makes a check of a certificate fail.
fn flaw(check: CheckWord) -> Option<Flaw> {
    match check {
        CheckWord::ValidityPeriod => Some(Flaw::Expired),
        CheckWord::NotRevoked => Some(Flaw::Revoked),
        CheckWord::IdentityMatches => Some(Flaw::IinMismatch),
        CheckWord::LoginAuthentic | CheckWord::DocumentsConform => None,
    }
}

impl Recipient {
    /// Somebody new, with a certificate ordered for the path.
    pub(super) async fn new(client: &Client, path: &Path, algorithm: Option<&str>) -> Result<Self, Problem> {
        let id = Uuid::new_v4();
        let number = id.as_u64_pair().0 >> 32;
        let iin = Iin::never_issued(number);
        let child = Iin::never_issued(number + 1);
        let failing: Vec<CheckWord> = path.failing().collect();
        let late = path.steps.iter().any(|step| step.choice == Some(Choice::RevokedLate));
        let order = OrderRequest {
            iin: Some(iin.to_string()),
            flaws: failing
                .iter()
                .filter_map(|check| flaw(*check))
                .map(|flaw| flaw.name().to_owned())
                .collect(),
            algorithm: algorithm.map(str::to_owned),
            // Whoever skips the list is found out by a certificate that names nothing else.
            revocation_by: if late { RevocationBy::CrlOnly } else { RevocationBy::CrlAndOcsp },
            ..OrderRequest::of(Profile::Individual)
        };
        Ok(Self {
            iin,
            password: format!("Qaqpa-{}", id.simple()),
            organisation: format!("balabaqsha-{}", id.simple()),
            child,
            signs_with: order_key(client, &order).await?,
            child_on_paper: if failing.contains(&CheckWord::DocumentsConform) {
                Iin::never_issued(number + 2)
            } else {
                child
            },
        })
    }

    /// What they write into a form of whatever fields.
    pub(super) fn fields(&self, form: &Form) -> BTreeMap<String, String> {
        let value = |kind: FieldType, declares: bool| match kind {
            FieldType::Iin if declares => self.iin.to_string(),
            FieldType::Iin => self.child.to_string(),
            FieldType::Organisation => self.organisation.clone(),
            FieldType::Date => "2022-09-01".to_owned(),
            FieldType::Text => "ҮЛГІБАЕВ СЫНАҚ TEST".to_owned(),
        };
        let entry = |f: &crate::regulation::file::Field| (f.name.clone(), value(f.kind, f.declares_identity));
        form.fields.iter().map(entry).collect()
    }

    /// The copies of their papers.
    pub(super) fn copies(&self, form: &Form) -> Vec<Value> {
        let required = form.copies.iter().filter(|copy| !copy.optional);
        let copy = |name: &str, title: &str| {
            let text = format!("{SPECIMEN}\n{title}\nholder {}\nchild {}\n", self.iin, self.child_on_paper);
            json!({ "name": name, "mediaType": "text/plain", "content": Bytes(text.into_bytes()) })
        };
        required.map(|said| copy(&said.name, &said.title.en)).collect()
    }
}

/// Orders a certificate and takes its key home.
pub(super) async fn order_key(client: &Client, order: &OrderRequest) -> Result<Key, Problem> {
    let issued: Issued = client.post("/ca/certificates", None, order).await?;
    let failed = |error: String| Problem::technical(error);
    let certificate = Certificate::from_pem(&issued.kept.certificate).map_err(|e| failed(e.to_string()))?;
    let entries =
        certs::pkcs12::read(&issued.pkcs12.0, &issued.password).map_err(|e| failed(e.to_string()))?;
    let entry = entries.into_iter().next().ok_or_else(|| failed("the key file is empty".to_owned()))?;
    Ok(Key { pair: entry.key, certificate, serial: issued.kept.serial })
}

/// Whether papers say of the same child as the form: what staff look at.
pub(super) fn papers_in_order(fields: &BTreeMap<String, String>, papers: &[Vec<u8>]) -> bool {
    let numbers = fields.values().filter(|value| Iin::parse(value, CheckDigit::Strict).is_ok());
    let on_paper =
        |number: &String| papers.iter().all(|paper| String::from_utf8_lossy(paper).contains(number));
    numbers.clone().count() > 0 && numbers.clone().all(on_paper)
}
