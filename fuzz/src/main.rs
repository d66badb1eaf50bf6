//! One target of `tests::outside`, named by `QAQPA_FUZZ_TARGET`, under libFuzzer. Its samples are written into the
//! folder `QAQPA_FUZZ_SAMPLES` first: what they are signed with is new in every process.

#![no_main]

use std::path::Path;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tests::outside::{Target, target};

/// The target, and what its samples say under a signature.
static CHOSEN: OnceLock<(&Target, Vec<String>)> = OnceLock::new();

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; see scripts/fuzz"))
}

fn choose() {
    let name = variable("QAQPA_FUZZ_TARGET");
    let target = target(&name).unwrap_or_else(|| panic!("no target `{name}`"));
    let samples = (target.samples)();
    let folder = variable("QAQPA_FUZZ_SAMPLES");
    for (index, sample) in samples.iter().enumerate() {
        std::fs::write(Path::new(&folder).join(format!("sample-{index}")), sample).expect("the folder can be written");
    }
    let _ = CHOSEN.set((target, target.said(&samples)));
}

fuzz_target!(
    init: choose(),
    |bytes: &[u8]| {
        let (target, said) = CHOSEN.get().expect("it was chosen");
        let read = (target.read)(bytes);
        assert!(read.is_none_or(|read| said.contains(&read)), "nobody signed this");
    }
);
