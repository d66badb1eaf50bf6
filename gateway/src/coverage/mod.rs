//! What the texts name, what of the regulations carries it, and which runs exercise that.
//!
//! The list of items is data; the links are not typed beside it. What carries an item is looked up in the regulation
//! by its paragraphs and words, and what exercises it is read from what paths gave when they were played.

mod carried;
mod item;
mod judged;
mod reason;
mod run;
mod sense;
mod table;

pub use carried::{ByClock, ByStep, ByWord, Carried, Said};
pub use item::{Item, ItemKind, items};
pub use judged::{Counts, Judged, StepName, Verdict, judge};
pub use reason::reason;
pub use run::Run;
pub use sense::Sense;
pub use table::{row, summary};
