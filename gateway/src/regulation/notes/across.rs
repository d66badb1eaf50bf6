//! What several acts say differently.

use std::collections::BTreeMap;

use super::{note, place};
use crate::regulation::diagnostic::Diagnostic;
use crate::regulation::model::Regulation;
use crate::regulation::vocabulary::Issued;

/// A document's places by the appendix that has its form: the regulation, and `channel §paragraph` in it.
type Places<'a> = BTreeMap<u8, Vec<(&'a str, String)>>;

/// What is to be noted when regulations are laid side by side.
pub fn compare<'a>(regulations: impl IntoIterator<Item = &'a Regulation>) -> Vec<Diagnostic> {
    let mut forms: BTreeMap<Issued, Places<'_>> = BTreeMap::new();
    for regulation in regulations {
        for channel in &regulation.channels {
            for step in &channel.steps {
                for document in &step.said.documents {
                    let Some(appendix) = document.appendix else { continue };
                    let places = forms.entry(document.document).or_default().entry(appendix).or_default();
                    places.push((&regulation.id, place(channel, step.at())));
                }
            }
        }
    }
    forms
        .into_iter()
        .filter(|(_, places)| places.len() > 1)
        .filter_map(|(kind, places)| conflict(kind, &places))
        .collect()
}

/// The conflict, at the place that most others differ from.
fn conflict(kind: Issued, places: &Places<'_>) -> Option<Diagnostic> {
    let acts = |places: &[(&str, String)]| {
        let mut acts: Vec<&str> = places.iter().map(|(act, _)| *act).collect();
        acts.dedup();
        acts.join(", ")
    };
    let rarest = places.values().min_by_key(|places| places.len())?.first()?;
    let said: Vec<String> =
        places.iter().map(|(appendix, places)| format!("appendix {appendix} in {}", acts(places))).collect();
    let message = format!("`{kind}` has the form of {}", said.join(", and of "));
    let at = format!("{} {}", rarest.0, rarest.1);
    Some(note("appendix-conflict", at, message, "the acts follow different editions of the standard"))
}
