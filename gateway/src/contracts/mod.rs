//! The contracts of the messages: WSDL and XML Schema of the national channels, XML Schema and JSON Schema of what the
//! systems carry in them.
//!
//! The files stand in `gateway/contracts`; those of the regulations' forms are made from the regulations.

mod forms;
mod serve;

use include_dir::{Dir, include_dir};
use signer::{Code, Problem};

use crate::regulation::Regulations;

pub(crate) use serve::{channels, router};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/contracts");

/// A contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The name of its file.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl Contract {
    /// Its media type, by the ending of its name.
    pub fn media_type(&self) -> &'static str {
        let is_json = self.name.rsplit('.').next() == Some("json");
        if is_json { "application/schema+json" } else { "text/xml; charset=utf-8" }
    }
}

/// Every contract, by name: those of the messages, and those of the forms of these regulations.
pub fn contracts(regulations: &Regulations) -> Vec<Contract> {
    let files = FILES.files().filter_map(|file| {
        let (name, text) = (file.path().to_str()?.to_owned(), file.contents_utf8()?.to_owned());
        Some(Contract { name, text })
    });
    let forms = regulations.iter().flat_map(|regulation| {
        regulation.channels.iter().flat_map(|channel| forms::of(regulation, channel)).collect::<Vec<_>>()
    });
    let mut all: Vec<Contract> = files.chain(forms).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The contract of this name.
///
/// # Errors
/// [`Code::NotFound`], naming what there is.
pub fn contract(regulations: &Regulations, name: &str) -> Result<Contract, Problem> {
    let all = contracts(regulations);
    let known = || all.iter().map(|contract| contract.name.clone()).collect::<Vec<_>>();
    let found = all.iter().find(|contract| contract.name == name).cloned();
    let missing = || Problem::new(Code::NotFound).detail(format!("no contract {name:?}"));
    let hint = "`qaqpa contracts`, or GET /contracts, lists them";
    found.ok_or_else(|| missing().hint(hint).fact("known", known()))
}
