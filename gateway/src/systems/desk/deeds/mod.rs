//! What people do at desks: one shape for every deed, one address each.

mod account;
mod consent;
mod decision;
mod form;
mod papers;
mod signature;
mod work;

use certs::{Bin, Identifier, Iin};
use serde_json::json;
use signer::{Code, Problem};

use super::Desk;

pub(super) use account::{Credentials, Register, SignIn};
pub(super) use consent::TakeConsent;
pub use decision::Decision;
pub(super) use form::FillIn;
pub(super) use papers::{Package, Papers, Present};
pub(super) use work::HandOver;
pub use work::Work;

fn invalid(field: &str, why: impl Into<String>) -> Problem {
    let why = why.into();
    Problem::new(Code::InvalidValue).detail(format!("{field}: {why}")).fact("fields", json!({ field: why }))
}

/// An IIN, or `BIN` and a BIN.
fn identifier(desk: &Desk, field: &str, text: &str) -> Result<Identifier, Problem> {
    match text.strip_prefix("BIN") {
        Some(digits) => Bin::parse(digits, desk.site.world.settings.plan.check_digit)
            .map(Identifier::Bin)
            .map_err(|error| invalid(field, error.to_string())),
        None => iin(desk, field, text).map(Identifier::Iin),
    }
}

fn iin(desk: &Desk, field: &str, text: &str) -> Result<Iin, Problem> {
    Iin::parse(text, desk.site.world.settings.plan.check_digit)
        .map_err(|error| invalid(field, error.to_string()))
}
