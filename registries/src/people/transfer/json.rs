//! JSON: an array of objects, one a line when we write it.

use serde::de::IgnoredAny;

use super::{Fault, Faults, ImportError, Line, MOST_ROWS, Row, line_after, reason};

pub(super) fn read<T: Row>(text: &str) -> Result<Vec<Line<T>>, ImportError> {
    let refuse = |line: usize, what: String| Err(ImportError::Faults(vec![Fault::new(line as u64, what)]));
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return refuse(error.line().max(1), reason(&error));
    }
    if !text.trim_start().starts_with('[') {
        return refuse(1, "an array of records is expected".to_owned());
    }
    let (mut rows, mut faults) = (Vec::new(), Faults::default());
    let (mut line, mut seen) = (1, 0);
    for (start, piece) in elements(text) {
        if rows.len() == MOST_ROWS {
            return Err(ImportError::TooMany);
        }
        line += line_after(text.as_bytes().get(seen..start).unwrap_or_default()) - 1;
        seen = start;
        match serde_json::from_str(piece) {
            Ok(row) => rows.push(Line { line, row }),
            Err(error) => faults.add(line + (error.line().max(1) - 1) as u64, reason(&error)),
        }
    }
    faults.none_or_refuse()?;
    Ok(rows)
}

/// The elements of an array that is known to be JSON, with the offsets where they begin.
fn elements(text: &str) -> Vec<(usize, &str)> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let (mut start, mut found) = (0, Vec::new());
    let mut take = |from: usize, to: usize| {
        let piece = text.get(from..to).unwrap_or_default();
        let blank = piece.len() - piece.trim_start().len();
        if !piece.trim().is_empty() {
            found.push((from + blank, piece.trim()));
        }
    };
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            (in_string, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    take(start, at);
                }
            }
            b',' if depth == 1 => {
                take(start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

pub(super) fn write<T: Row>(rows: &[T]) -> Result<String, serde_json::Error> {
    let lines = rows.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    Ok(if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) })
}
