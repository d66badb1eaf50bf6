//! The list of items, and what of the regulations carries them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends at once and says where")]

use std::collections::BTreeSet;

use certs::Lang;
use gateway::coverage::{Counts, Item, Verdict, items, judge, reason, row, summary};
use gateway::regulation::{Regulations, Topic};

fn item(id: &str) -> Item {
    items().unwrap().into_iter().find(|item| item.id == id).unwrap()
}

#[test]
fn every_item_is_carried_or_said() {
    let items = items().unwrap();
    let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!((items.len(), ids.len()), (320, 320));
    let judged = judge(&items, &Regulations::built_in().unwrap(), None);
    for one in &judged {
        assert_ne!(one.verdict, Verdict::NotAccounted, "{}", row(one, Lang::En));
        assert_eq!(one.verdict == Verdict::Said, one.steps.is_empty() && one.clocks.is_empty());
    }
    let counts = Counts::of(&judged);
    assert_eq!(counts.executable + counts.said, 320);
    let line = summary(counts, false, Lang::En);
    assert!(line.starts_with("320 items: ") && line.ends_with(" 0 (0.0 %) not accounted for"), "{line}");
}

#[test]
fn every_statement_is_an_item_or_beside_one() {
    // The list has everything that the regulations have: no statement or quoted step lies outside of its paragraphs.
    let items = items().unwrap();
    let mut outside = Vec::new();
    for regulation in Regulations::built_in().unwrap().iter() {
        let number = |at: &str| at.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned();
        let named: BTreeSet<&str> = items
            .iter()
            .filter(|item| item.act == regulation.id)
            .flat_map(|item| item.at.iter().map(String::as_str))
            .collect();
        let steps = regulation.channels.iter().flat_map(|channel| &channel.steps);
        let quoted = steps.filter(|step| step.said.text.is_some()).map(|step| step.at().to_owned());
        let said = regulation.said.statements.iter().filter(|said| said.topic != Topic::Debris);
        for at in quoted.chain(said.map(|said| said.at.clone())) {
            if !named.contains(at.as_str()) && !named.contains(number(&at).as_str()) {
                outside.push(format!("{} §{at}", regulation.id));
            }
        }
    }
    assert_eq!(outside, Vec::<String>::new());
}

#[test]
fn a_word_that_no_step_has_is_carried_by_nothing() {
    let regulations = Regulations::built_in().unwrap();
    let judged = |item: &Item| judge(std::slice::from_ref(item), &regulations, None).remove(0);
    let said = item("000-023");
    assert_eq!(judged(&said).verdict, Verdict::Said);
    let with_word = Item { word: Some("kaztoken".to_owned()), ..said.clone() };
    assert_eq!(judged(&with_word).verdict, Verdict::NotAccounted);
    let elsewhere = Item { at: vec!["99".to_owned()], ..said.clone() };
    assert_eq!(judged(&elsewhere).verdict, Verdict::NotAccounted);
    let no_act = Item { act: "nothing".to_owned(), ..said };
    assert_eq!(judged(&no_act).verdict, Verdict::NotAccounted);
}

#[test]
fn what_no_run_came_by_is_not_exercised() {
    let all = items().unwrap();
    let judged = judge(&all, &Regulations::built_in().unwrap(), Some(&[]));
    let counts = Counts::of(&judged);
    assert_eq!((counts.exercised, counts.not_accounted), (0, 0));
    assert!(judged.iter().all(|one| one.is_fine() == (one.verdict == Verdict::Said)));
    let line = row(judged.iter().find(|one| one.item.id == "001-020").unwrap(), Lang::En);
    assert!(line.contains("✗ no path comes by: portal §12.11"), "{line}");
    let line = summary(counts, true, Lang::En);
    assert!(line.contains(" executable and not exercised, "), "{line}");
}

#[test]
fn each_reason_is_said_in_three_languages() {
    for topic in Topic::ALL {
        let reason = reason(*topic);
        let said: BTreeSet<&str> = Lang::ALL.into_iter().map(|lang| reason.get(lang)).collect();
        assert_eq!(said.len(), 3, "{topic}");
        assert!(said.iter().all(|said| said.len() > 12), "{topic}");
    }
}
