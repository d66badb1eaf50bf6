//! Quotations are the acts' own words.
//!
//! The acts' texts are not part of the project. Where `QAQPA_SEEDS` names the folder that holds them, as CI does,
//! every quotation is compared with them; white space is collapsed on both sides and nothing else is changed.

use gateway::regulation::{Inferred, Regulations};

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words(text: &str) -> Vec<String> {
    // Displaced words leave spaces beside brackets; the words themselves must be the same.
    let text = text.replace("( ", "(");
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.sort();
    words
}

#[test]
fn every_quotation_stands_in_the_act() {
    let Some(folder) = std::env::var_os("QAQPA_SEEDS") else {
        eprintln!("quotations are not compared: QAQPA_SEEDS does not name the folder of the acts' texts");
        return;
    };
    let mut compared = 0;
    for regulation in Regulations::built_in().unwrap().iter() {
        let path = std::path::Path::new(&folder).join(&regulation.said.act.text);
        let act = collapsed(
            &std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        );
        assert!(act.contains(&collapsed(&regulation.said.title.kk)), "{}: the title", regulation.id);
        for channel in &regulation.channels {
            for step in &channel.steps {
                let Some(text) = &step.said.text else { continue };
                assert!(act.contains(&collapsed(text)), "{} §{}: {text}", regulation.id, step.at());
                compared += 1;
            }
        }
    }
    assert!(compared > 0);
}

#[test]
fn a_restored_reading_has_the_same_words_in_another_order() {
    for regulation in Regulations::built_in().unwrap().iter() {
        for step in regulation.channels.iter().flat_map(|channel| &channel.steps) {
            if let (Some(text), Some(restored)) = (&step.said.text, &step.said.restored) {
                assert_ne!(text, restored);
                assert_eq!(words(text), words(restored), "{} §{}", regulation.id, step.at());
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
