//! The arithmetic against a plain model over a big-integer crate, and the model against the standard's own example,
//! whose curve is not of our form.

#![expect(clippy::many_single_char_names, reason = "the names of the standard")]

mod arithmetic;
mod encoding;
mod model;
mod signatures;
