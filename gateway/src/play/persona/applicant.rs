//! For whom a service is asked for, with which papers.

use std::collections::BTreeMap;

use certs::{Bin, Identifier, Iin};
use serde_json::{Value, json};
use signer::Bytes;
use uuid::Uuid;

use crate::exchange::SPECIMEN;
use crate::regulation::file::{Copy, Field, Form};
use crate::regulation::{CheckWord, FieldType, Path};

/// For whom a service is asked for, and what their papers say.
pub(in crate::play) struct Applicant {
    pub(in crate::play) iin: Iin,
    pub(in crate::play) name: String,
    pub(in crate::play) child: Iin,
    pub(in crate::play) organisation: String,
    /// Their BIN, where an organisation asks.
    pub(in crate::play) bin: Option<Bin>,
    /// Which of the options of a choice they take.
    about: usize,
    /// Whose papers they are: somebody else's when there are no grounds.
    holder_on_paper: Iin,
    /// The child that they are about: another one when they are not in order.
    child_on_paper: Iin,
}

impl Applicant {
    pub(in crate::play) fn new(iin: Iin, name: String, child: Iin, path: &Path) -> Self {
        let id = Uuid::new_v4();
        let other = Iin::never_issued(id.as_u64_pair().0 >> 32);
        let fails = |check| path.failing().any(|failing| failing == check);
        Self {
            iin,
            bin: path.by_bin().then(|| Bin::generated(id.as_u64_pair().0 >> 32)),
            name,
            about: usize::from(fails(CheckWord::AboutProvider)),
            // Who asks for themselves gives a reason to be refused.
            child: if fails(CheckWord::NoGroundsToRefuse) { iin } else { child },
            organisation: format!("balabaqsha-{}", id.simple()),
            holder_on_paper: if fails(CheckWord::GroundsExist) { other } else { iin },
            child_on_paper: if fails(CheckWord::DocumentsConform) { other } else { child },
        }
    }

    /// The number that they are known by, as systems write it.
    pub(in crate::play) fn identifier(&self) -> Identifier {
        self.bin.map_or(Identifier::Iin(self.iin), Identifier::Bin)
    }

    /// What they write into a form of whatever fields.
    pub(in crate::play) fn fields(&self, form: &Form) -> BTreeMap<String, String> {
        let value = |field: &Field| match field.kind {
            FieldType::Iin if field.declares_identity => self.iin.to_string(),
            FieldType::Iin => self.child.to_string(),
            FieldType::Bin => self.bin.unwrap_or_else(|| Bin::generated(0)).to_string(),
            FieldType::Organisation => self.organisation.clone(),
            FieldType::Date => "2022-09-01".to_owned(),
            FieldType::Text | FieldType::LongText => self.name.clone(),
            FieldType::Choice => field.options.get(self.about).map(|o| o.value.clone()).unwrap_or_default(),
        };
        // Where an IIN and a BIN would do, one is given.
        let kind = if self.bin.is_some() { FieldType::Bin } else { FieldType::Iin };
        let known_by_it = form.fields.iter().any(|field| field.declares_identity && field.kind == kind);
        let is_given = |field: &&Field| !(known_by_it && field.declares_identity && field.kind != kind);
        form.fields.iter().filter(is_given).map(|field| (field.name.clone(), value(field))).collect()
    }

    /// The copies of their papers.
    pub(in crate::play) fn copies(&self, form: &Form) -> Vec<Value> {
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
pub(in crate::play) fn faults(
    form: &Form,
    decides: &[CheckWord],
    fields: &BTreeMap<String, String>,
    papers: &[String],
) -> Vec<CheckWord> {
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
