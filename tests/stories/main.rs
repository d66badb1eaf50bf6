//! What happens, told from outside.

mod deviations;
mod edited_regulation;
