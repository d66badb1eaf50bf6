//! The `qaqpa` command.
fn main() {}
