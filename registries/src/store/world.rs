//! The name of one sandbox.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Names a world: 1 to 40 characters out of `a`–`z`, `0`–`9` and `-`.
///
/// The default world is called `default`. Ids sort and compare by their bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorldId(String);

impl WorldId {
    /// The most characters an id may have.
    pub const LONGEST: usize = 40;

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not a [`WorldId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWorldId {
    /// There is no text at all.
    #[error("a world's name is empty")]
    Empty,
    /// More than [`WorldId::LONGEST`] characters.
    #[error("a world's name has {length} characters; at most {} are allowed", WorldId::LONGEST)]
    TooLong {
        /// How many characters were given.
        length: usize,
    },
    /// A character outside `a`–`z`, `0`–`9` and `-`.
    #[error("a world's name may not contain {found:?}; use a-z, 0-9 and '-'")]
    Character {
        /// The first such character.
        found: char,
    },
}

impl FromStr for WorldId {
    type Err = BadWorldId;

    fn from_str(text: &str) -> Result<Self, BadWorldId> {
        let allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
        if let Some(found) = text.chars().find(|c| !allowed(c)) {
            return Err(BadWorldId::Character { found });
        }
        match text.len() {
            0 => Err(BadWorldId::Empty),
            1..=Self::LONGEST => Ok(Self(text.to_owned())),
            length => Err(BadWorldId::TooLong { length }),
        }
    }
}

impl TryFrom<String> for WorldId {
    type Error = BadWorldId;

    fn try_from(text: String) -> Result<Self, BadWorldId> {
        text.parse()
    }
}

impl From<WorldId> for String {
    fn from(id: WorldId) -> Self {
        id.0
    }
}

impl Default for WorldId {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl AsRef<str> for WorldId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_the_rule_allows() {
        let longest = "x".repeat(WorldId::LONGEST);
        for good in ["default", "a", "7", "team-7", "-", longest.as_str()] {
            assert_eq!(good.parse::<WorldId>().unwrap().to_string(), good);
        }
        assert_eq!(WorldId::default().as_str(), "default");
    }

    #[test]
    fn says_why_a_name_is_refused() {
        assert_eq!("".parse::<WorldId>(), Err(BadWorldId::Empty));
        assert_eq!("x".repeat(41).parse::<WorldId>(), Err(BadWorldId::TooLong { length: 41 }));
        for (text, found) in [("Team", 'T'), ("a/b", '/'), ("a b", ' '), ("қақпа", 'қ'), ("a_b", '_')] {
            assert_eq!(text.parse::<WorldId>(), Err(BadWorldId::Character { found }), "{text}");
        }
    }

    #[test]
    fn json_is_checked_on_the_way_in() {
        let id: WorldId = serde_json::from_str("\"team-7\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"team-7\"");
        assert!(serde_json::from_str::<WorldId>("\"Team 7\"").is_err());
    }
}
