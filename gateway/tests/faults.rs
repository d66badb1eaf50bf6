//! The documentation of faults says what the vocabulary says.

use std::collections::BTreeSet;

use gateway::faults::{Name, Place, Takes};

const PAGE: &str = include_str!("../../docs/faults.md");

/// The row of a name in its table.
fn row(name: Name) -> String {
    let parameter = match name.takes() {
        Takes::Nothing => "",
        Takes::Time(_) | Takes::SomeTime => ":TIME",
        Takes::Span(_) => ":SPAN",
        Takes::Code => ":CODE",
        Takes::Shape => ":1…8",
    };
    format!("| `{name}{parameter}` | {} | {} |", name.describe().en, name.good())
}

#[test]
fn every_name_has_its_row_in_the_table_of_its_place_and_nothing_else_has() {
    let heads = [
        (Place::Door, "## At a system's door\n"),
        (Place::Sending, "## In what a system sends\n"),
        (Place::Envelope, "## In an envelope\n"),
        (Place::Centre, "## In what the certification centre says\n"),
    ];
    for (place, head) in heads {
        let (_, section) = PAGE.split_once(head).unwrap_or_else(|| panic!("no {head}"));
        let section = section.split("\n## ").next().unwrap_or_default();
        let found: BTreeSet<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
        let wanted: Vec<String> =
            Name::ALL.iter().filter(|name| name.place() == place).map(|name| row(*name)).collect();
        let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
        assert_eq!(found, wanted, "{head}");
    }
}
