//! Texts for people: none is empty in any language.

use certs::{Lang, Text};

use super::Findings;
use crate::regulation::file;

impl Findings {
    /// That what the file says outside of its channels is said in every language.
    pub(super) fn texts(&mut self, said: &file::File) {
        self.in_each_language(None, "title", &said.title);
        self.in_each_language(None, "region", &said.region);
        self.form_texts(&said.form);
        for statement in &said.statements {
            self.in_each_language(Some(&format!("statement §{}", statement.at)), "what", &statement.what);
        }
        for (name, procedure) in &said.procedure {
            self.in_each_language(None, &format!("title of the procedure {name}"), &procedure.title);
        }
    }

    /// The same of a channel, its clocks and its form.
    pub(super) fn channel_texts(&mut self, said: &file::Channel) {
        self.in_each_language(None, "title", &said.title);
        for clock in &said.clocks {
            self.in_each_language(
                Some(&clock.at),
                &format!("title of the clock {}", clock.name),
                &clock.title,
            );
        }
        if let Some(form) = &said.form {
            self.form_texts(form);
        }
    }

    /// The same of a step, its refusal and its documents.
    pub(super) fn step_texts(&mut self, said: &file::Step) {
        let at = Some(said.at.as_str());
        self.in_each_language(at, "what", &said.what);
        if let Some(refusal) = &said.refusal {
            self.in_each_language(at, "message of the refusal", &refusal.message);
        }
        for document in &said.documents {
            self.in_each_language(at, &format!("title of `{}`", document.document), &document.title);
        }
        if said.text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            self.error("missing-text", at, "`text` is empty", "quote the act");
        }
    }

    fn form_texts(&mut self, form: &file::Form) {
        for field in &form.fields {
            self.in_each_language(None, &format!("label of {}", field.name), &field.label);
            for option in &field.options {
                self.in_each_language(
                    None,
                    &format!("label of {}: {}", field.name, option.value),
                    &option.label,
                );
            }
        }
        for copy in &form.copies {
            self.in_each_language(None, &format!("title of {}", copy.name), &copy.title);
        }
    }

    fn in_each_language(&mut self, at: Option<&str>, what: &str, text: &Text) {
        for lang in Lang::ALL.into_iter().filter(|lang| text.get(*lang).trim().is_empty()) {
            let message = format!("the {what} is empty in `{}`", lang.code());
            self.error("empty-text", at, message, "say it in kk, ru and en");
        }
    }
}
