//! The contracts of the messages: WSDL and XML Schema of the national channels, XML Schema and JSON Schema of what the
//! systems carry in them.
//!
//! The files stand in `gateway/contracts`; those of the regulations' forms are made from the regulations.

mod serve;

use include_dir::{Dir, include_dir};

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
        if self.name.ends_with(".json") { "application/schema+json" } else { "text/xml; charset=utf-8" }
    }
}

/// Every contract, by name.
pub fn contracts() -> Vec<Contract> {
    let files = FILES.files().filter_map(|file| {
        let (name, text) = (file.path().to_str()?.to_owned(), file.contents_utf8()?.to_owned());
        Some(Contract { name, text })
    });
    let mut all: Vec<Contract> = files.collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
