//! Everything that reads bytes from outside, with good samples of them: what `tests/mutations` changes byte by byte and
//! `scripts/fuzz` by what the code does with it.
//!
//! A reader may refuse or take what it likes, but it never panics, and nobody is made to believe by one of our
//! signatures what was not signed with it.

mod certs;
mod gateway;
mod mutations;
mod registries;
mod signer;
mod structure;

pub use mutations::{Effort, hostile, mutations};

/// Somewhere bytes from outside are read.
pub struct Target {
    /// What is read, as `scripts/fuzz` calls it.
    pub name: &'static str,
    /// Makes good ones; each time others, where there is chance in them.
    pub samples: fn() -> Vec<Vec<u8>>,
    /// Reads bytes, all of what is in them. Gives out what they say under a signature (or password) of the samples'
    /// makers, in a form that can be compared; `None` for all else.
    pub read: fn(&[u8]) -> Option<String>,
    /// How much is tried where every mutation takes its time.
    pub effort: Effort,
}

impl Target {
    const fn new(
        name: &'static str,
        samples: fn() -> Vec<Vec<u8>>,
        read: fn(&[u8]) -> Option<String>,
    ) -> Self {
        Self { name, samples, read, effort: Effort::ALL }
    }

    const fn with(self, effort: Effort) -> Self {
        Self { effort, ..self }
    }

    /// What good ones say under a signature.
    pub fn said(&self, samples: &[Vec<u8>]) -> Vec<String> {
        samples.iter().filter_map(|sample| (self.read)(sample)).collect()
    }
}

/// All targets, by the crate whose readers they are.
pub const TARGETS: [(&str, &[Target]); 4] = [
    ("certs", certs::TARGETS),
    ("signer", signer::TARGETS),
    ("registries", registries::TARGETS),
    ("gateway", gateway::TARGETS),
];

/// The target of a name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().flat_map(|(_, targets)| *targets).find(|target| target.name == name)
}
