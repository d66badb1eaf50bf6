//! What people read, in the three languages of the service.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language in which every text for citizens, clerks and analysts exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Kazakh, the state language.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Lang {
    /// The three languages, in the order of printing.
    pub const ALL: [Self; 3] = [Self::Kk, Self::Ru, Self::En];

    /// The ISO 639-1 code: `kk`, `ru` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(s: &str) -> Result<Self, UnknownLang> {
        Self::ALL.into_iter().find(|l| l.code() == s).ok_or_else(|| UnknownLang { found: s.to_owned() })
    }
}

/// A language code that is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no language `{found}`: texts exist in kk, ru and en")]
pub struct UnknownLang {
    /// The code as it was given.
    pub found: String,
}

/// One text in three languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Text {
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from its three versions, in the order Kazakh, Russian, English.
    pub fn new(kk: impl Into<String>, ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kk: kk.into(), ru: ru.into(), en: en.into() }
    }

    /// The version for a reader of `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Kk => &self.kk,
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for lang in Lang::ALL {
            assert_eq!(lang.to_string().parse::<Lang>(), Ok(lang));
        }
        assert!("KK".parse::<Lang>().unwrap_err().to_string().contains("kk, ru and en"));
    }

    #[test]
    fn each_reader_gets_their_own_version() {
        let text = Text::new("иә", "да", "yes");
        assert_eq!([Lang::Kk, Lang::Ru, Lang::En].map(|l| text.get(l)), ["иә", "да", "yes"]);
    }
}
