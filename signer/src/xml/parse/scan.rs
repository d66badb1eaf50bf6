//! Looking for bytes, many at a time: loops that the compiler turns into vector instructions.

/// Bytes looked at together.
const STEP: usize = 16;

/// Whether a byte of a kind is there. The kind is asked of every byte, so it should be cheap and without branches.
pub(in crate::xml) fn any(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    let among = |some: &[u8]| some.iter().fold(false, |found, &byte| found | is(byte));
    let (steps, rest) = bytes.as_chunks::<STEP>();
    steps.iter().any(|step| among(step)) || among(rest)
}

/// Where the first byte of a kind is, or the length.
pub(in crate::xml) fn first(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let (steps, _) = bytes.as_chunks::<STEP>();
    let among = |some: &[u8]| some.iter().fold(false, |found, &byte| found | is(byte));
    let skipped = STEP * steps.iter().take_while(|step| !among(*step)).count();
    let rest = bytes.get(skipped..).unwrap_or_default();
    skipped + rest.iter().position(|&byte| is(byte)).unwrap_or(rest.len())
}
