//! CSV: one record a line, the columns named in the first.

use ::csv::{ReaderBuilder, StringRecord, Writer};
use serde_json::{Map, Value};

use super::{Cell, Fault, Faults, ImportError, Line, MOST_ROWS, Row, reason};

type Column = &'static (&'static str, Cell);

pub(super) fn read<T: Row>(text: &str) -> Result<Vec<Line<T>>, ImportError> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter(text)).from_reader(text.as_bytes());
    let columns = columns::<T>(reader.headers().map_err(|error| refused(&error))?)?;
    let (mut rows, mut faults) = (Vec::new(), Faults::default());
    for record in reader.records() {
        if rows.len() == MOST_ROWS {
            return Err(ImportError::TooMany);
        }
        let record = record.map_err(|error| refused(&error))?;
        let line = record.position().map_or(1, |position| line_of(text, position));
        match row(&columns, &record) {
            Ok(row) => rows.push(Line { line, row }),
            Err(what) => faults.add(line, what),
        }
    }
    faults.none_or_refuse()?;
    Ok(rows)
}

/// A comma, unless the first line has semicolons alone, as spreadsheets of this country write them.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    if first.contains(';') && !first.contains(',') { b';' } else { b',' }
}

/// The line of a record: its position may lie before empty lines that are passed over.
fn line_of(text: &str, position: &::csv::Position) -> u64 {
    let from =
        usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
    let empty = from.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + empty.filter(|&&byte| byte == b'\n').count() as u64
}

fn refused(error: &::csv::Error) -> ImportError {
    let line = error.position().map_or(1, ::csv::Position::line);
    let what = match error.kind() {
        ::csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} cells where the first line names {expected_len} columns")
        }
        _ => error.to_string(),
    };
    ImportError::Faults(vec![Fault::new(line, what)])
}

fn columns<T: Row>(header: &StringRecord) -> Result<Vec<Column>, ImportError> {
    let (mut columns, mut faults) = (Vec::<Column>::new(), Faults::default());
    for name in header {
        if faults.are_enough() {
            break;
        }
        let name = name.trim();
        match T::COLUMNS.iter().find(|(known, _)| *known == name) {
            Some(column) if columns.contains(&column) => {
                faults.add(1, format!("the column `{name}` stands twice"));
            }
            Some(column) => columns.push(column),
            None => {
                let name: String = name.chars().take(60).collect();
                let distance = |known: &&Column| strsim::damerau_levenshtein(&name, known.0);
                let nearest = T::COLUMNS
                    .iter()
                    .collect::<Vec<_>>()
                    .iter()
                    .min_by_key(|c| distance(c))
                    .map_or("", |c| c.0);
                faults.add(1, format!("no column `{name}`; the nearest is `{nearest}`"));
            }
        }
    }
    faults.none_or_refuse()?;
    Ok(columns)
}

/// Empty cells are as if they were not there.
fn row<T: Row>(columns: &[Column], record: &StringRecord) -> Result<T, String> {
    let mut fields = Map::new();
    for ((name, cell), text) in columns.iter().copied().zip(record) {
        if text.is_empty() {
            continue;
        }
        let value = match cell {
            Cell::Text => Value::String(text.to_owned()),
            Cell::Json => serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))?,
        };
        fields.insert((*name).to_owned(), value);
    }
    serde_json::from_value(Value::Object(fields)).map_err(|error| reason(&error))
}

pub(super) fn write<T: Row>(rows: &[T]) -> Result<String, serde_json::Error> {
    let failed = |error: ::csv::Error| serde::ser::Error::custom(error);
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(T::COLUMNS.iter().map(|(name, _)| name)).map_err(failed)?;
    for row in rows {
        let fields = serde_json::to_value(row)?;
        let cell = |(name, cell): &(&str, Cell)| match fields.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) if *cell == Cell::Text => text.clone(),
            Some(value) => value.to_string(),
        };
        writer.write_record(T::COLUMNS.iter().map(cell)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| serde::ser::Error::custom(error.to_string()))?;
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}
