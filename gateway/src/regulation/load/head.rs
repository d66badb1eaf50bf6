//! The head of a file: its id, the act's dates.

use super::Findings;
use crate::regulation::file;

impl Findings {
    /// That the id can stand in addresses, and the act was not repealed before it was there.
    pub(super) fn head(&mut self, said: &file::File) {
        let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if said.id.is_empty() || !said.id.chars().all(slug) {
            let message = format!("`id` = {:?} is no slug", said.id);
            self.error("bad-id", None, message, "write it in lower-case letters a to z, digits and dashes");
        }
        let act = &said.act;
        let Some(repealed) = &act.repealed else { return };
        let begun = [("issued", &act.issued), ("edition", &act.edition), ("registered", &act.registered)];
        for (key, record) in begun {
            let Some(record) = record else { continue };
            // Days are written as they sort.
            if repealed.on.to_string() < record.on.to_string() {
                let message = format!("`repealed` on {}, before `{key}` on {}", repealed.on, record.on);
                self.error("repealed-before-issued", None, message, "correct one of the days");
            }
        }
    }
}
