//! Quotations are the acts' own words, and together they are all of them.
//!
//! The acts' texts are not part of the project. Where `QAQPA_SEEDS` names the folder that holds them, as CI does,
//! every quotation is compared with them, and every stretch of a text has to be quoted; white space is collapsed on
//! both sides and nothing else is changed.

#![expect(clippy::panic, reason = "a test that cannot go on ends at once and says where")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use gateway::regulation::{Inferred, Regulation, Regulations};

fn words(text: &str) -> Vec<&str> {
    // Signs may stand elsewhere in a restored reading; the words themselves must be the same.
    let is_of_a_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut words: Vec<&str> =
        text.split(|c| !is_of_a_word(c)).filter(|word: &&str| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

#[test]
fn every_quotation_stands_in_the_act() {
    let regulations = Regulations::built_in().unwrap();
    let Some(seeds) = seeds(&regulations) else { return };
    let mut compared = 0;
    for Seed { text, quotations, .. } in &seeds {
        for quotation in quotations {
            assert!(text.contains(&quotation.text), "{}: {}", quotation.place, quotation.text);
            compared += 1;
        }
    }
    assert!(compared > 0);
}

#[test]
fn every_title_stands_in_the_act() {
    let regulations = Regulations::built_in().unwrap();
    let Some(seeds) = seeds(&regulations) else { return };
    for regulation in regulations.iter() {
        // What adds to other regulations may leave it to them to name the service.
        let others = regulation.said.overlays.iter().filter_map(|id| regulations.regulation(id));
        let texts: Vec<&str> = others
            .map(|other| other.said.act.text.as_str())
            .chain([regulation.said.act.text.as_str()])
            .collect();
        let title = collapsed(&regulation.said.title.kk);
        let mut acts = seeds.iter().filter(|seed| texts.contains(&seed.name.as_str()));
        assert!(
            acts.any(|seed| seed.text.contains(&title)),
            "{}: {title:?} is in none of {texts:?}",
            regulation.id
        );
    }
}

#[test]
fn every_stretch_of_a_text_is_quoted() {
    let regulations = Regulations::built_in().unwrap();
    let Some(seeds) = seeds(&regulations) else { return };
    let mut left = Vec::new();
    for seed in &seeds {
        for stretch in seed.unquoted() {
            let (line, sentence) = seed.sentence_at(stretch.start);
            let words = &seed.text[stretch];
            left.push(format!(
                "{}, line {line}: nothing quotes {words:?} of the sentence {sentence:?}",
                seed.name
            ));
        }
    }
    assert!(left.is_empty(), "{} stretches:\n{}", left.len(), left.join("\n"));
}

#[test]
fn every_sentence_is_carried_by_a_step_or_a_statement() {
    let regulations = Regulations::built_in().unwrap();
    let Some(seeds) = seeds(&regulations) else { return };
    let mut left = Vec::new();
    for seed in &seeds {
        let (mut steps, mut statements, mut both) = (0, 0, 0);
        for sentence in seed.sentences() {
            match (seed.quotes(&sentence, By::Step), seed.quotes(&sentence, By::Statement)) {
                (0, 0) => {
                    let (line, words) = seed.sentence_at(sentence.start);
                    left.push(format!("{}, line {line}: {words:?}", seed.name));
                }
                (_, 0) => steps += 1,
                (0, _) => statements += 1,
                _ => both += 1,
            }
        }
        let all = steps + statements + both;
        eprintln!(
            "{}: {all} sentences: {steps} in steps, {statements} in statements, {both} in both",
            seed.name
        );
    }
    assert!(left.is_empty(), "no step and no statement carries\n{}", left.join("\n"));
}

#[test]
fn a_restored_reading_has_the_same_words_in_another_order() {
    for regulation in Regulations::built_in().unwrap().iter() {
        let steps = regulation.channels.iter().flat_map(|channel| &channel.steps);
        let steps = steps.map(|step| (step.at(), step.said.text.as_ref(), step.said.restored.as_ref()));
        let said = regulation.said.statements.iter();
        let said = said.map(|said| (said.at.as_str(), Some(&said.text), said.restored.as_ref()));
        for (at, text, restored) in steps.chain(said) {
            if let (Some(text), Some(restored)) = (text, restored) {
                assert_ne!(text, restored);
                assert_eq!(words(text), words(restored), "{} §{at}", regulation.id);
            }
        }
    }
}

#[test]
fn a_step_without_a_quotation_is_marked_inferred() {
    for regulation in Regulations::built_in().unwrap().iter() {
        for step in regulation.channels.iter().flat_map(|channel| &channel.steps) {
            if step.said.text.is_none() {
                assert!(step.said.inferred.contains(&Inferred::Step), "{} §{}", regulation.id, step.at());
            }
        }
    }
}

#[test]
fn a_gap_is_found_with_its_line() {
    let seed = Seed::new("a.txt", "1. Бір.\n\n2) екі,\u{a0}үш; Бір.\n", &[("1", By::Step, "1. Бір.")]);
    let gaps: Vec<&str> = seed.unquoted().into_iter().map(|gap| &seed.text[gap]).collect();
    assert_eq!(gaps, ["2) екі, үш; Бір."]);
    assert_eq!(seed.sentence_at(seed.unquoted()[0].start), (3, "2) екі, үш;"));
    let all = [("1", By::Step, "Бір."), ("1b", By::Step, "1. "), ("2", By::Statement, "2) екі, үш;")];
    // A quotation takes one occurrence; it takes two for two.
    assert_eq!(Seed::new("a.txt", "1. Бір.\n2) екі, үш; Бір.", &all).unquoted().len(), 1);
    let twice = [all.as_slice(), &[("3", By::Statement, "Бір.")]].concat();
    assert!(Seed::new("a.txt", "1. Бір.\n2) екі, үш; Бір.", &twice).unquoted().is_empty());
    assert_eq!(collapsed(" a\u{a0}\n b "), "a b");
}

/// What quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Step,
    Statement,
}

/// Words that a regulation quotes.
struct Quotation {
    /// The regulation and the paragraph.
    place: String,
    by: By,
    /// White space collapsed.
    text: String,
    /// Where it stands in the text of the act: the occurrences that it takes.
    takes: Vec<Range<usize>>,
}

/// A text of an act with everything that regulations quote of it, longest first.
struct Seed {
    name: String,
    /// White space collapsed.
    text: String,
    /// Where lines begin in `text`, with their numbers; an empty line before is told by a gap in these.
    lines: Vec<(usize, usize)>,
    quotations: Vec<Quotation>,
    /// For each byte of `text`, whether it is quoted.
    marked: Vec<bool>,
}

/// The texts with all that names them; `None` where they are not at hand.
fn seeds(regulations: &Regulations) -> Option<Vec<Seed>> {
    let Some(folder) = std::env::var_os("QAQPA_SEEDS") else {
        eprintln!("quotations are not compared: QAQPA_SEEDS does not name the folder of the acts' texts");
        return None;
    };
    let mut by_text: BTreeMap<&str, Vec<&Regulation>> = BTreeMap::new();
    for regulation in regulations.iter() {
        by_text.entry(&regulation.said.act.text).or_default().push(regulation);
    }
    let seed = |(name, regulations): (&str, Vec<&Regulation>)| {
        let path = Path::new(&folder).join(name);
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let quoted: Vec<_> = regulations.iter().flat_map(|regulation| quotations(regulation)).collect();
        let quoted: Vec<(&str, By, &str)> =
            quoted.iter().map(|(place, by, text)| (place.as_str(), *by, *text)).collect();
        Seed::new(name, &text, &quoted)
    };
    Some(by_text.into_iter().map(seed).collect())
}

/// What a regulation quotes, and where. Channels that quote the same words in a step of each quote them once.
fn quotations(regulation: &Regulation) -> Vec<(String, By, &str)> {
    let steps = regulation.channels.iter().flat_map(|channel| &channel.steps);
    let mut seen = BTreeSet::new();
    let steps = steps.filter_map(|step| Some((step.at(), By::Step, step.said.text.as_deref()?)));
    let steps = steps.filter(|(_, _, text)| seen.insert(*text));
    let said = regulation.said.statements.iter();
    let said = said.map(|said| (said.at.as_str(), By::Statement, said.text.as_str()));
    let place = |(at, by, text)| (format!("{} §{at}", regulation.id), by, text);
    steps.chain(said).map(place).collect()
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Seed {
    fn new(name: &str, said: &str, quoted: &[(&str, By, &str)]) -> Self {
        let mut text = String::new();
        let mut lines = Vec::new();
        for (number, line) in said.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            if !text.is_empty() {
                text.push(' ');
            }
            lines.push((text.len(), number + 1));
            text.push_str(&collapsed(line));
        }
        let mut quotations: Vec<Quotation> = quoted
            .iter()
            .map(|(place, by, text)| Quotation {
                place: (*place).to_owned(),
                by: *by,
                text: collapsed(text),
                takes: Vec::new(),
            })
            .collect();
        quotations.sort_by_key(|quotation| std::cmp::Reverse(quotation.text.len()));
        let mut marked = vec![false; text.len()];
        for quotation in &mut quotations {
            let all: Vec<Range<usize>> =
                text.match_indices(&quotation.text).map(|(at, found)| at..at + found.len()).collect();
            // The first that others have not taken; where they have taken all, it repeats what they quote.
            let free = all.iter().find(|range| marked[(*range).clone()].contains(&false));
            quotation.takes = free.map_or_else(|| all.clone(), |free| vec![free.clone()]);
            for range in &quotation.takes {
                marked[range.clone()].fill(true);
            }
        }
        Self { name: name.to_owned(), text, lines, quotations, marked }
    }

    /// The stretches that nothing quotes and that are more than white space.
    fn unquoted(&self) -> Vec<Range<usize>> {
        let mut gaps: Vec<Range<usize>> = Vec::new();
        for (at, c) in self.text.char_indices().filter(|(at, _)| !self.marked[*at]) {
            let end = at + c.len_utf8();
            match gaps.last_mut() {
                Some(gap) if gap.end == at => gap.end = end,
                _ => gaps.push(at..end),
            }
        }
        let trimmed = |gap: Range<usize>| {
            let text = &self.text[gap.clone()];
            let start = gap.start + text.len() - text.trim_start().len();
            start..start + text.trim().len()
        };
        gaps.into_iter().map(trimmed).filter(|gap| !gap.is_empty()).collect()
    }

    /// The sentences: up to a full stop, colon or semicolon before white space, or up to an empty line. A number alone
    /// is none.
    fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut start = 0;
        for (at, _) in self.text.match_indices(' ').chain([(self.text.len(), "")]) {
            let piece = &self.text[start..at];
            let line = self.lines.iter().position(|(begins, _)| *begins == at + 1);
            let after_empty =
                line.is_some_and(|line| line > 0 && self.lines[line].1 > self.lines[line - 1].1 + 1);
            let in_brackets = piece.matches('[').count() > piece.matches(']').count();
            let ends =
                (piece.ends_with(['.', ';', ':']) && !in_brackets) || after_empty || at == self.text.len();
            if ends && (piece.contains(char::is_alphabetic) || at == self.text.len()) {
                sentences.push(start..at);
                start = at + 1;
            }
        }
        sentences
    }

    /// How many quotations of a kind have something of a sentence.
    fn quotes(&self, sentence: &Range<usize>, by: By) -> usize {
        let of_it = |range: &Range<usize>| range.start < sentence.end && sentence.start < range.end;
        let quotations = self.quotations.iter().filter(|quotation| quotation.by == by);
        quotations.filter(|quotation| quotation.takes.iter().any(of_it)).count()
    }

    /// The line and the words of the sentence that something stands in.
    fn sentence_at(&self, at: usize) -> (usize, &str) {
        let sentence = self.sentences().into_iter().find(|sentence| at < sentence.end).unwrap_or(0..0);
        let line = self.lines.iter().rev().find(|(begins, _)| *begins <= at).map_or(0, |(_, number)| *number);
        (line, &self.text[sentence])
    }
}
