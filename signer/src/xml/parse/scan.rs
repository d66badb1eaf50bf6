//! Looking for bytes, many at a time: loops without branches, which the compiler turns into vector instructions.

/// Bytes looked at before it is asked whether one was found.
const STEP: usize = 128;

/// Whether a byte of a kind is there. The kind is asked of every byte, so it should be a few comparisons.
pub(in crate::xml) fn any(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.chunks(STEP).any(|step| among(step, &is))
}

/// Where the first byte of a kind is, or the length.
pub(in crate::xml) fn first(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let skipped = STEP * bytes.chunks_exact(STEP).take_while(|step| !among(step, &is)).count();
    let rest = bytes.get(skipped..).unwrap_or_default();
    skipped + rest.iter().position(|&byte| is(byte)).unwrap_or(rest.len())
}

fn among(step: &[u8], is: impl Fn(u8) -> bool) -> bool {
    step.iter().fold(0, |found, &byte| found | u8::from(is(byte))) != 0
}
