//! The arithmetic against a plain model over a big-integer crate, and the model against the standard's own example,
//! whose curve is not of our form.

mod arithmetic;
mod encoding;
mod model;
mod signatures;
