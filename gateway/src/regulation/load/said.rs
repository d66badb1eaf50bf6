//! What is said beside the steps: statements, restored readings, overlays.

use std::collections::BTreeSet;

use super::Findings;
use crate::regulation::file;

impl Findings {
    /// That each statement is cited by itself and restored from its own words.
    pub(super) fn statements(&mut self, statements: &[file::Statement]) {
        let mut seen = BTreeSet::new();
        for statement in statements {
            let at = format!("statement §{}", statement.at);
            if !seen.insert(&statement.at) {
                let hint = "put a letter behind the second one";
                self.error("statement-twice", Some(&at), "two statements have the same `at`", hint);
            }
            if statement.text.trim().is_empty() {
                self.error(
                    "missing-text",
                    Some(&at),
                    "the statement quotes nothing",
                    "quote the act in `text`",
                );
            }
            self.restored(&at, Some(&statement.text), statement.restored.as_deref());
        }
    }

    /// That a restored reading has the words of the printed one, each as often.
    pub(super) fn restored(&mut self, at: &str, text: Option<&str>, restored: Option<&str>) {
        let Some(restored) = restored else { return };
        let Some(text) = text else {
            let hint = "quote the damaged sentence in `text`";
            return self.error("restored-without-text", Some(at), "`restored` without `text`", hint);
        };
        let (printed, read) = (words(text), words(restored));
        if printed != read {
            let only = |these: &[&str], those: &[&str]| {
                let mut left = those.to_vec();
                let more = these.iter().filter(|word| {
                    let found = left.iter().position(|other| other == *word);
                    found.map(|found| left.swap_remove(found)).is_none()
                });
                more.copied().collect::<Vec<_>>().join(" ")
            };
            let message = format!(
                "`restored` is not a reordering of `text`: it lacks «{}» and adds «{}»",
                only(&printed, &read),
                only(&read, &printed)
            );
            self.error(
                "restored-words",
                Some(at),
                message,
                "keep every word of `text`, each as often, and no other",
            );
        }
    }

    /// That a regulation adds to others only, and to each once.
    pub(super) fn overlays(&mut self, said: &file::File) {
        let mut seen = BTreeSet::new();
        for id in &said.overlays {
            if *id == said.id {
                let hint = "name the regulations whose missing facts it supplies, or remove `overlays`";
                self.error(
                    "overlays-itself",
                    None,
                    format!("`overlays` names `{id}`, which is this file"),
                    hint,
                );
            }
            if !seen.insert(id) {
                self.error("overlay-twice", None, format!("`overlays` names `{id}` twice"), "name it once");
            }
        }
    }
}

/// The words without what stands between them, sorted. A damaged copy may have glued two with a full stop.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}
