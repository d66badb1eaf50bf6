//! Papers: what is handed over or can be printed, as a page for a printer.
//!
//! A page stands by itself: no script, no font, no picture from elsewhere, and no emblem of any state. Everything that
//! comes from data is escaped by the template (`gateway/templates/paper.html`).

mod electronic;
mod sheet;
#[cfg(test)]
mod tests;
mod words;

use askama::Template;
use jiff::Timestamp;

use crate::exchange::Issue;
use crate::regulation::Regulation;
use crate::walk::Shown;
use electronic::read;
use sheet::Sheet;

/// The page of what was shown: the paper that was handed over, or the electronic document printed. `None` where there is
/// neither.
///
/// Of an electronic document only what its signature covers is printed: where it does not verify, the page says so and
/// has nothing of its content. What its signer's certificate is worth is not judged here.
pub fn page(shown: &Shown, regulation: &Regulation, now: Timestamp) -> Option<String> {
    let electronic = shown.document.as_ref().map(|document| read(document, shown.paper.as_ref(), regulation));
    let (electronic, issue) = match electronic {
        Some((electronic, said)) => (Some(electronic), shown.paper.clone().or(said)),
        None => (None, Some(shown.paper.clone()?)),
    };
    Sheet::of(shown, issue.as_ref(), electronic, regulation, now).render().ok()
}
