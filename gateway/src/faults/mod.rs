//! Faults by name: what goes wrong between systems, on purpose.
//!
//! A [`Fault`] is a word of a closed vocabulary ([`Name`]); a [`Rule`] says where it happens and how often. The
//! [`Faults`] of a world are kept in its store and counted; every one that was done stands in its journal. They take
//! hold at three places only: at a system's door (`door`), in what a system sends (`attempt`) or answers
//! (`answering`), and in what the certification centre says (`Faulty`). What a system keeps is never touched: a
//! fault is of one attempt, so that everything can go on once it is cleared.

mod asked;
mod centre;
mod cut;
mod door;
mod envelope;
mod facts;
mod fault;
mod kept;
mod name;
mod rule;
mod sending;
mod soap;
mod strike;

pub use asked::HEADER;
pub use fault::{BadFault, Fault};
pub use kept::{Faults, KeptRule};
pub use name::{Name, Place, Takes, UnknownFault};
pub use rule::{BadRule, Often, Rule, Side};

pub(crate) use asked::at_doors_alone;
pub(crate) use centre::Faulty;
pub(crate) use door::door;
pub(crate) use envelope::{Form, Sealing, answering};
pub(crate) use sending::{attempt, is_lost};
