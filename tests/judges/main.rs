//! What foreign programs say of what we emit.
