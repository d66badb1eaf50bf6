//! The words a regulation file may use.
//!
//! Each word is defined once, here, with what it means. A word that is not here is refused when the file is
//! loaded, with the nearest known one. Services, paragraphs and messages to people are *not* words: they are
//! data and stand in the files alone.

mod acts;
mod checks;
mod messages;
mod people;
mod topics;

pub use acts::{Kind, Verb};
pub use checks::{CheckWord, Fact};
pub use messages::{Carrier, End, Issued, Message, Mode};
pub use people::{Actor, Person};
pub use topics::{FieldType, Inferred, Topic};

/// A word that the vocabulary does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{word}`; the nearest known one is `{nearest}`")]
pub struct UnknownWord {
    /// What kind of word was expected: `verb`, `check`, …
    pub what: &'static str,
    /// The word as written.
    pub word: String,
    /// The known word that is closest to it.
    pub nearest: &'static str,
}

/// The known word closest to `word` by edit distance.
pub(super) fn nearest(word: &str, known: &[&'static str]) -> &'static str {
    known
        .iter()
        .copied()
        .min_by_key(|candidate| strsim::damerau_levenshtein(word, candidate))
        .unwrap_or_default()
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every word, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is written in files, URLs and JSON.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::regulation::UnknownWord;
            fn from_str(word: &str) -> Result<Self, $crate::regulation::UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::regulation::UnknownWord { what: $what, word: word.to_owned(), nearest: $crate::regulation::vocabulary::nearest(word, &[$($word),+]) }),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::regulation::UnknownWord;
            fn try_from(word: String) -> Result<Self, $crate::regulation::UnknownWord> { word.parse() }
        }

        impl From<$name> for &'static str {
            fn from(word: $name) -> Self { word.word() }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.word()) }
        }
    };
}

use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_names_the_nearest() {
        let error = "sing".parse::<Verb>().unwrap_err();
        assert_eq!(error.to_string(), "unknown verb `sing`; the nearest known one is `sign`");
        let error = Actor::try_from("porta".to_owned()).unwrap_err();
        assert_eq!(error.nearest, "portal");
    }

    #[test]
    fn every_word_reads_back() {
        for verb in Verb::ALL {
            assert_eq!(verb.word().parse::<Verb>(), Ok(*verb));
        }
        for check in CheckWord::ALL {
            assert_eq!(check.word().parse::<CheckWord>(), Ok(*check));
        }
    }
}
