//! Random bytes for nonces.

/// Eight of them.
pub(crate) fn eight_bytes() -> [u8; 8] {
    let random = uuid::Uuid::new_v4().into_bytes();
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&random[8..]);
    // In place of the byte that holds the variant.
    bytes[0] = random[0];
    bytes
}
