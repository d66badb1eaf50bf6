//! The counter of the State Corporation, from consent to hand-over.

mod bad_answers;
mod consent;
mod deviations;
mod login;
mod odd;
mod package;
mod registers;
mod registration;
mod representatives;
mod signatures;
mod usual;
