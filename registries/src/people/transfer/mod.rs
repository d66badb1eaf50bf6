//! Files of records: JSON and CSV, read as a whole or not at all.

mod csv;
mod json;

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The largest file, in bytes.
pub const LARGEST_FILE: usize = 24 << 20;
/// The most records of a file.
pub const MOST_ROWS: usize = 60_000;
/// How many faults are told at once.
pub const MOST_FAULTS: usize = 20;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// An array of objects.
    Json,
    /// Columns named in the first line, parted by commas or semicolons; lists and objects as JSON in a cell.
    Csv,
}

/// Not a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format `{0}`: there are json and csv")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name {
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            other => Err(UnknownFormat(other.to_owned())),
        }
    }
}

/// How the cells of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The text itself.
    Text,
    /// JSON: lists, objects, `true` and `false`.
    Json,
}

/// A record that files hold.
pub trait Row: Serialize + DeserializeOwned {
    /// The fields in the order of columns.
    const COLUMNS: &'static [(&'static str, Cell)];
}

/// A record and the line where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<T> {
    /// Counted from 1.
    pub line: u64,
    /// The record.
    pub row: T,
}

/// Something wrong in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Counted from 1.
    pub line: u64,
    /// What, in English.
    pub what: String,
}

impl Fault {
    /// In a line.
    pub fn new(line: u64, what: impl Into<String>) -> Self {
        Self { line, what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// Why nothing of a file was taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Too many bytes.
    #[error("the file has {bytes} bytes; at most {LARGEST_FILE} are taken")]
    TooLarge {
        /// How many it has.
        bytes: usize,
    },
    /// Too many records.
    #[error("the file has more than {MOST_ROWS} records")]
    TooMany,
    /// Lines are wrong: the first [`MOST_FAULTS`] of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Fault>),
}

/// Collects faults up to the number that is told.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, line: u64, what: impl Into<String>) {
        if self.0.len() < MOST_FAULTS {
            self.0.push(Fault::new(line, what));
        }
    }

    /// Whether no more would be told, so that nothing more need be looked for.
    pub(crate) fn are_enough(&self) -> bool {
        self.0.len() >= MOST_FAULTS
    }

    pub(crate) fn none_or_refuse(mut self) -> Result<(), ImportError> {
        self.0.sort_by_key(|fault| fault.line);
        if self.0.is_empty() { Ok(()) } else { Err(ImportError::Faults(self.0)) }
    }
}

/// Reads a file.
pub fn read<T: Row>(format: Format, bytes: &[u8]) -> Result<Vec<Line<T>>, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge { bytes: bytes.len() });
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        ImportError::Faults(vec![Fault::new(line_after(before), "is not UTF-8")])
    })?;
    // Spreadsheets put a byte order mark before everything.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::Json => json::read(text),
        Format::Csv => csv::read(text),
    }
}

/// Writes a file that [`read`] takes back unchanged.
pub fn write<T: Row>(format: Format, rows: &[T]) -> Result<String, serde_json::Error> {
    match format {
        Format::Json => json::write(rows),
        Format::Csv => csv::write(rows),
    }
}

/// The number of the line that begins or goes on after these bytes.
fn line_after(bytes: &[u8]) -> u64 {
    1 + bytes.split(|&byte| byte == b'\n').skip(1).count() as u64
}

/// What a JSON error says, without the place in the piece that was read, and without a switch that files do not have.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = text.split(" at line ").next().unwrap_or_default();
    said.split("; test numbers with ").next().unwrap_or_default().to_owned()
}
