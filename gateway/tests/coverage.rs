//! The list of items, and what of the regulations carries them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends at once and says where")]

use std::collections::BTreeSet;

use certs::Lang;
use gateway::coverage::{Counts, Item, Verdict, items, judge, reason, row, summary};
use gateway::regulation::{Regulations, Topic, load};

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
    let with_word = Item { words: vec!["kaztoken".to_owned()], ..said.clone() };
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

const REGISTRY: &str = include_str!("../regulations/kyzylorda-1056-preschool-queue.toml");
const QUEUE: &str = include_str!("../regulations/mangystau-182-preschool-queue.toml");
const EXTERNAT: &str = include_str!("../regulations/mangystau-339-externat.toml");
const PAYMENT: &str = include_str!("../regulations/akmola-a7-295-adoption-payment.toml");
const PASSPORT: &str = include_str!("../regulations/passport-preschool-queue.toml");

/// The lines of the items of an edited act that nothing carries.
fn not_carried(act: &str, edits: &[(&str, &str)]) -> Vec<String> {
    let edited = edits.iter().fold(act.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the file has no {from:?}");
        text.replace(from, to)
    });
    let (regulation, _) = load(&edited, "copy.toml").unwrap();
    let items: Vec<Item> = items().unwrap().into_iter().filter(|item| item.act == regulation.id).collect();
    let mut regulations = Regulations::default();
    regulations.add(regulation).unwrap();
    let judged = judge(&items, &regulations, None);
    judged.iter().filter(|one| !one.is_fine()).map(|one| row(one, Lang::En)).collect()
}

/// That each of these items, and no other, is named with what is amiss.
fn named(lines: &[String], expected: &[(&str, &str)]) {
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, (id, ends)) in lines.iter().zip(expected) {
        assert!(line.starts_with(id) && line.ends_with(ends), "{id} {ends}: {line}");
    }
}

#[test]
fn an_item_is_carried_by_all_of_its_words() {
    let checks = "\"certificate-in-validity-period\", \"certificate-not-revoked\", \"identity-matches\"";
    let two = "\"certificate-in-validity-period\", \"identity-matches\"";
    let missing = "✗ nothing carries it `certificate-not-revoked`";
    named(&not_carried(EXTERNAT, &[(checks, two)]), &[("002-056", missing)]);
    named(&not_carried(PAYMENT, &[(checks, two)]), &[("003-037", missing)]);
}

#[test]
fn checks_stand_in_the_order_of_the_act() {
    let printed = "\"identity-matches\", \"certificate-in-validity-period\", \"certificate-not-revoked\"";
    let turned = "\"certificate-not-revoked\", \"certificate-in-validity-period\", \"identity-matches\"";
    let order = "✗ portal §10.6 not in this order: `identity-matches`, `certificate-in-validity-period`, \
                 `certificate-not-revoked`";
    named(&not_carried(REGISTRY, &[(printed, turned)]), &[("000-051", order)]);
}

#[test]
fn documents_and_numbers_are_those_of_the_form() {
    let copy = PASSPORT.split("[[form.copy]]\n").find(|part| part.starts_with("name = \"birth-")).unwrap();
    let copy = format!("[[form.copy]]\n{copy}");
    named(&not_carried(PASSPORT, &[(&copy, "")]), &[("004-012", "✗ nothing carries it `birth-certificate`")]);
    let bin =
        PAYMENT.split("[[form.field]]\n").find(|part| part.starts_with("name = \"applicant-bin\"")).unwrap();
    let bin = format!("[[form.field]]\n{bin}");
    let missing = "✗ nothing carries it `bin`";
    named(&not_carried(PAYMENT, &[(&bin, "")]), &[("003-032", missing), ("003-037", missing)]);
}

#[test]
fn each_person_that_an_item_names_acts() {
    let head = [
        ("actor    = \"provider-head\"", "actor    = \"provider-clerk\""),
        ("\"provider-clerk\", \"provider-head\", ", "\"provider-clerk\", "),
    ];
    let missing = "✗ nothing carries it `provider-head`";
    named(
        &not_carried(QUEUE, &head),
        &[("001-029", missing), ("001-035", missing), ("001-037", missing), ("001-038", missing)],
    );
}
