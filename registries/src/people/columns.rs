//! The columns of people in a CSV file.

use super::record::PersonRecord;
use super::transfer::{Cell, Row};

impl Row for PersonRecord {
    const COLUMNS: &'static [(&'static str, Cell)] = &[
        ("iin", Cell::Text),
        ("surname", Cell::Text),
        ("name", Cell::Text),
        ("patronymic", Cell::Text),
        ("birth_date", Cell::Text),
        ("gender", Cell::Text),
        ("nationality", Cell::Text),
        ("citizenship", Cell::Text),
        ("life_status", Cell::Text),
        ("death_date", Cell::Text),
        ("parents", Cell::Json),
        ("guardians", Cell::Json),
        ("documents", Cell::Json),
        ("birth_certificate", Cell::Json),
        ("death_certificate", Cell::Json),
        ("birth_place", Cell::Json),
        ("registered_address", Cell::Json),
        ("addresses", Cell::Json),
        ("latin", Cell::Json),
        ("capability", Cell::Json),
        ("missing", Cell::Json),
        ("disappeared", Cell::Json),
        ("excluded", Cell::Json),
        ("removed", Cell::Json),
        ("former_names", Cell::Json),
    ];
}
