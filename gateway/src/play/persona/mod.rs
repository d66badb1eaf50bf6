//! Who goes along a path: the data that makes it come true.

mod recipient;
mod visit;

use std::collections::BTreeMap;

use certs::{Bin, Certificate, CheckDigit, Iin, KeyPair, Profile};
use registries::ca::{Issued, OrderRequest};
use serde_json::{Value, json};
use signer::{Bytes, Problem, System};
use uuid::Uuid;

use super::Play;
use super::client::Client;
use crate::exchange::SPECIMEN;
use crate::regulation::file::{Copy, Field, Form};
use crate::regulation::{CheckWord, FieldType, Path, Regulation};

pub(super) use recipient::Recipient;
pub(super) use visit::Visit;

/// Somebody's key, as they hold it.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) pair: KeyPair,
    pub(super) certificate: Certificate,
    pub(super) serial: String,
}

/// For whom a service is asked for, and what their papers say.
pub(super) struct Applicant {
    pub(super) iin: Iin,
    pub(super) name: String,
    pub(super) child: Iin,
    pub(super) organisation: String,
    /// Whose papers they are: somebody else's when there are no grounds.
    holder_on_paper: Iin,
    /// The child that they are about: another one when they are not in order.
    child_on_paper: Iin,
}

impl Applicant {
    fn new(iin: Iin, name: String, child: Iin, path: &Path) -> Self {
        let id = Uuid::new_v4();
        let other = Iin::never_issued(id.as_u64_pair().0 >> 32);
        let fails = |check| path.failing().any(|failing| failing == check);
        Self {
            iin,
            name,
            // Who asks for themselves gives a reason to be refused.
            child: if fails(CheckWord::NoGroundsToRefuse) { iin } else { child },
            organisation: format!("balabaqsha-{}", id.simple()),
            holder_on_paper: if fails(CheckWord::GroundsExist) { other } else { iin },
            child_on_paper: if fails(CheckWord::DocumentsConform) { other } else { child },
        }
    }

    /// What they write into a form of whatever fields.
    pub(super) fn fields(&self, form: &Form) -> BTreeMap<String, String> {
        let value = |field: &Field| match field.kind {
            FieldType::Iin if field.declares_identity => self.iin.to_string(),
            FieldType::Iin => self.child.to_string(),
            FieldType::Bin => Bin::generated(0).to_string(),
            FieldType::Organisation => self.organisation.clone(),
            FieldType::Date => "2022-09-01".to_owned(),
            FieldType::Text => self.name.clone(),
        };
        // They are people: where a BIN would do as well, it is left out.
        let known_by_iin =
            form.fields.iter().any(|field| field.declares_identity && field.kind == FieldType::Iin);
        let is_given =
            |field: &&Field| !(known_by_iin && field.declares_identity && field.kind != FieldType::Iin);
        form.fields.iter().filter(is_given).map(|field| (field.name.clone(), value(field))).collect()
    }

    /// The copies of their papers.
    pub(super) fn copies(&self, form: &Form) -> Vec<Value> {
        let copy = |said: &Copy| {
            let (title, holder, child) = (&said.title.en, self.holder_on_paper, self.child_on_paper);
            let text = format!("{SPECIMEN}\n{title}\nholder {holder}\nchild {child}\n");
            json!({ "name": said.name, "mediaType": "text/plain", "content": Bytes(text.into_bytes()) })
        };
        form.copies.iter().filter(|copy| !copy.optional).map(copy).collect()
    }
}

/// What staff find wrong when they look at papers: they are about another child, or somebody else's; or when they look
/// at the form: who asks for somebody asks for themselves.
pub(super) fn faults(
    regulation: &Regulation,
    decides: &[CheckWord],
    fields: &BTreeMap<String, String>,
    papers: &[String],
) -> Vec<CheckWord> {
    let form = &regulation.said.form;
    let on_every_paper = |declares: bool| {
        let mut of_kind = form.fields.iter().filter(|field| field.kind == FieldType::Iin);
        of_kind.all(|field| {
            let number = fields.get(&field.name);
            field.declares_identity != declares
                || number.is_none_or(|number| papers.iter().all(|paper| paper.contains(number)))
        })
    };
    let numbers = |declares: bool| {
        let of_kind = form.fields.iter().filter(|field| field.kind == FieldType::Iin);
        let known = of_kind.filter(|field| field.declares_identity == declares);
        known.filter_map(|field| fields.get(&field.name)).collect::<Vec<_>>()
    };
    let holds = |check: &CheckWord| match check {
        CheckWord::NoGroundsToRefuse => numbers(true).iter().all(|own| !numbers(false).contains(own)),
        CheckWord::DocumentsConform => !papers.is_empty() && on_every_paper(false),
        CheckWord::GroundsExist => on_every_paper(true),
        _ => true,
    };
    decides.iter().copied().filter(|check| !holds(check)).collect()
}

impl Play {
    /// The key of somebody who works for the organisation behind a system; somebody new without an IIN.
    pub(super) async fn staff_key(
        &self,
        profile: Profile,
        system: System,
        iin: Option<Iin>,
    ) -> Result<Key, Problem> {
        let systems: Vec<Value> = self.client.everywhere("/control/systems").await?;
        let known = systems.iter().find(|record| record["system"] == system.name());
        let bin = known.and_then(|record| record["bin"].as_str()).unwrap_or_default();
        let bin = Bin::parse(bin, CheckDigit::AnyDigit)
            .map_err(|error| Problem::technical(format!("the BIN of `{system}`: {error}")))?;
        let iin = iin.unwrap_or_else(|| Iin::never_issued(Uuid::new_v4().as_u64_pair().0 >> 32));
        let order = OrderRequest {
            iin: Some(iin.to_string()),
            bin: Some(bin.to_string()),
            algorithm: self.algorithm.map(|algorithm| algorithm.name().to_owned()),
            ..OrderRequest::of(profile)
        };
        order_key(&self.client, &order).await
    }
}

/// Orders a certificate and takes its key home.
async fn order_key(client: &Client, order: &OrderRequest) -> Result<Key, Problem> {
    let issued: Issued = client.post("/ca/certificates", None, order).await?;
    let failed = |error: String| Problem::technical(error);
    let certificate = Certificate::from_pem(&issued.kept.certificate).map_err(|e| failed(e.to_string()))?;
    let entries =
        certs::pkcs12::read(&issued.pkcs12.0, &issued.password).map_err(|e| failed(e.to_string()))?;
    let entry = entries.into_iter().next().ok_or_else(|| failed("the key file is empty".to_owned()))?;
    Ok(Key { pair: entry.key, certificate, serial: issued.kept.serial })
}
