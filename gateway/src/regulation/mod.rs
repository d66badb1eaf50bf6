//! Regulations as data: reading, checking, and every path through them.
//!
//! A regulation file says what each system and person does, paragraph by paragraph. Nothing in this crate knows
//! a service by name; what the systems do follows the file they were given.

mod diagnostic;
pub mod file;
mod load;
mod model;
mod notes;
mod paths;
mod vocabulary;
mod warnings;

pub use diagnostic::{Diagnostic, LoadError, Severity};
pub use load::{Regulations, load};
pub use model::{Channel, Flow, Hop, Regulation, Step};
pub use notes::{compare, notes};
pub use paths::{Choice, Path, PathEnd, PathStep, Showing, paths};
pub use vocabulary::{
    Actor, Carrier, CheckWord, End, Fact, FieldType, Inferred, Issued, Kind, Message, Mode, Person, Topic,
    UnknownWord, Verb,
};
