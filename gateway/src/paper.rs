//! Papers: what is handed over or can be printed, as a page for a printer.

use jiff::Timestamp;

use crate::exchange::Issue;
use crate::regulation::Regulation;
use crate::walk::Shown;

/// The page of what was shown: the paper that was handed over, or the electronic document printed. `None` where there is
/// neither.
pub fn page(shown: &Shown, regulation: &Regulation, now: Timestamp) -> Option<String> {
    let issue = issue_of(shown)?;
    let _ = now;
    Some(format!("<!doctype html><title>{}</title>{}", issue.title.kk, regulation.id))
}

/// What is printed: the paper, or what the electronic document says.
fn issue_of(shown: &Shown) -> Option<Issue> {
    if let Some(paper) = &shown.paper {
        return Some(paper.clone());
    }
    let verified = shown.document.as_ref()?.verify().ok()?;
    serde_json::from_slice(&verified.content).ok()
}
