//! Many orders in one file.
//!
//! Rows have the words of an order over HTTP: `profile`, `iin`, `name`, `flaws`, `not_after`, … In TOML they are
//! `[[certificate]]` tables; in CSV the first line names the columns, an empty cell says nothing, and several flaws or
//! hosts stand in one cell with spaces between. `count` orders a row several times.

use std::path::{Path, PathBuf};

use certs::{Flaw, Profile};
use registries::ca::OrderRequest;
use serde::Deserialize;
use serde_json::{Map, Value};
use signer::Problem;

use super::Failure;

/// The most certificates of one file: beyond that somebody has mistaken a number.
const MOST: usize = 100_000;
/// The columns that hold several words.
const ROWS_OF_WORDS: [&str; 2] = ["flaws", "hosts"];

/// The orders of a file, each with the number of its row, from 1.
#[derive(Debug)]
pub(super) struct Batch {
    file: PathBuf,
    pub(super) orders: Vec<(usize, OrderRequest)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    certificate: Vec<Map<String, Value>>,
}

impl Batch {
    /// Reads a file whole; `base` is what rows that say nothing else are ordered with.
    pub(super) fn read(file: &Path, base: &OrderRequest) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(file).map_err(|error| Failure::file(file, error))?;
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let rows = match ending {
            "toml" => {
                toml::from_str::<Tables>(&text).map(|tables| tables.certificate).map_err(|e| e.to_string())
            }
            "csv" => cells(&text),
            _ => Err("neither .toml nor .csv".to_owned()),
        };
        let hint = "docs/certificates.md shows both kinds of files";
        let rows = rows.map_err(|error| Failure::usage(format!("{}: {error}", file.display()), hint))?;
        let mut orders = Vec::new();
        for (row, fields) in rows.into_iter().enumerate().map(|(index, fields)| (index + 1, fields)) {
            let faulty = |why: String| Failure::usage(format!("{}, row {row}: {why}", file.display()), hint);
            let (order, count) = order(fields, base).map_err(faulty)?;
            if orders.len().saturating_add(count) > MOST {
                return Err(faulty(format!("more than {MOST} certificates in one file")));
            }
            orders.extend(std::iter::repeat_n((row, order), count));
        }
        if orders.is_empty() {
            return Err(Failure::usage(format!("{}: there are no rows in it", file.display()), hint));
        }
        Ok(Self { file: file.to_owned(), orders })
    }

    /// That the centre did not carry out a row.
    pub(super) fn stopped(&self, row: usize, issued: usize, problem: &Problem) -> Failure {
        let what = format!("{}, row {row}: {problem}; {issued} were issued before", self.file.display());
        Failure::usage(what, problem.hint.clone())
    }
}

fn cells(text: &str) -> Result<Vec<Map<String, Value>>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| error.to_string())?.clone();
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(|error| error.to_string())?;
        let said = names.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
        Ok(said.map(|(name, cell)| (name.to_owned(), value(name, cell))).collect())
    };
    reader.records().map(row).collect()
}

fn value(name: &str, cell: &str) -> Value {
    match (name, cell.parse::<u64>()) {
        ("count", Ok(count)) => count.into(),
        _ if ROWS_OF_WORDS.contains(&name) => cell.split_whitespace().collect(),
        _ => cell.into(),
    }
}

/// A row as an order, and how many times.
fn order(fields: Map<String, Value>, base: &OrderRequest) -> Result<(OrderRequest, usize), String> {
    let Ok(Value::Object(mut order)) = serde_json::to_value(base) else {
        return Err("the command's own order cannot be written".to_owned());
    };
    order.extend(fields);
    let count = match order.remove("count") {
        None => 1,
        Some(count) => count
            .as_u64()
            .and_then(|count| usize::try_from(count).ok())
            .filter(|&count| count > 0)
            .ok_or_else(|| format!("count: {count} is no number above 0"))?,
    };
    let order: OrderRequest = serde_json::from_value(order.into()).map_err(|error| error.to_string())?;
    order.profile.parse::<Profile>().map_err(|error| error.to_string())?;
    for flaw in &order.flaws {
        flaw.parse::<Flaw>().map_err(|error| error.to_string())?;
    }
    Ok((order, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Batch, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        Batch::read(
            &file,
            &OrderRequest { algorithm: Some("rsa".to_owned()), ..OrderRequest::of(Profile::Head) },
        )
    }

    #[test]
    fn both_kinds_of_files_say_the_same() {
        let toml = "[[certificate]]\nprofile = \"individual\"\nflaws = [\"expired\", \"no-iin\"]\ncount = 2\n\
                    [[certificate]]\nnot_after = \"-1d\"\n";
        let csv = "profile, flaws, count, not_after\nindividual, expired no-iin, 2,\n,,,-1d\n";
        for (name, text) in [("a.toml", toml), ("a.csv", csv)] {
            let batch = read(name, text).unwrap();
            let [(1, first), (1, second), (2, third)] = &batch.orders[..] else { panic!("{batch:?}") };
            assert_eq!((&first.flaws, &first.profile), (&second.flaws, &second.profile));
            assert_eq!(first.flaws, ["expired", "no-iin"]);
            assert_eq!((third.profile.as_str(), third.not_after.as_deref()), ("head", Some("-1d")));
            assert_eq!(third.algorithm.as_deref(), Some("rsa"), "what the command says holds");
        }
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said_before_anything_is_ordered() {
        for (name, text, why) in [
            ("a.csv", "profile,flw\nindividual,x\n", "row 1: unknown field `flw`"),
            ("a.csv", "profile\nindividual\nking\n", "row 2: no profile `king`"),
            ("a.csv", "flaws\nexpried\n", "nearest: expired"),
            ("a.csv", "count\n0\n", "count: 0"),
            ("a.csv", "count\n100001\n", "more than 100000"),
            ("a.csv", "profile,iin\nindividual\n", "record 1"),
            ("a.csv", "profile\n", "no rows"),
            ("a.toml", "[[certificat]]\n", "certificat"),
            ("a.toml", "[[certificate]]\ncount = -1\n", "count: -1"),
            ("a.txt", "", "neither .toml nor .csv"),
        ] {
            let failure = read(name, text).unwrap_err();
            assert!(failure.to_string().contains(why), "{text}: {failure}");
        }
    }
}
