//! A fault: a name, and what stands behind its colon.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::{Deserialize, Serialize};
use signer::soap::Fault as Told;

use super::name::{Name, Place, Takes, UnknownFault};

/// The longest that anything is held in real time.
pub(super) const LONGEST_HOLD: Duration = Duration::from_mins(10);
/// The farthest that a message is dated away.
const FARTHEST: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

/// Something that goes wrong, as `delay:2s`, `soap-fault:SCSE002`, `wrapped-signature:3`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fault {
    /// What goes wrong.
    pub name: Name,
    parameter: Parameter,
    /// What stood behind the colon, as it was written.
    written: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Parameter {
    Nothing,
    Time(Duration),
    Span(SignedDuration),
    Code(&'static str),
    Shape(u8),
}

/// Why a word is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFault {
    /// Its name.
    #[error(transparent)]
    Name(#[from] UnknownFault),
    /// What stands behind the colon.
    #[error("`{name}:{written}`: {why}")]
    Parameter {
        /// The name.
        name: Name,
        /// What stands behind the colon.
        written: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Nothing stands behind the colon, and something should.
    #[error("`{name}` needs a code: write `{name}:SCSE002`")]
    NoCode {
        /// The name.
        name: Name,
    },
    /// What stands behind the colon is no code that a SOAP fault has.
    #[error("no SOAP fault has the code `{code}`; there are {known}", known = Told::CODES.join(", "))]
    UnknownCode {
        /// What stands behind the colon.
        code: String,
    },
}

impl Fault {
    /// Where it happens.
    pub fn place(&self) -> Place {
        self.name.place()
    }

    /// How long it holds something, in real time.
    pub(super) fn time(&self) -> Option<Duration> {
        match self.parameter {
            Parameter::Time(time) => Some(time),
            _ => None,
        }
    }

    /// How far it dates a message away.
    pub(super) fn span(&self) -> SignedDuration {
        match self.parameter {
            Parameter::Span(span) => span,
            _ => SignedDuration::ZERO,
        }
    }

    /// The code of a SOAP fault.
    pub(super) fn code(&self) -> &'static str {
        match self.parameter {
            Parameter::Code(code) => code,
            _ => "",
        }
    }

    /// The shape of signature wrapping, 1 to 8.
    pub(super) fn shape(&self) -> u8 {
        match self.parameter {
            Parameter::Shape(shape) => shape,
            _ => 1,
        }
    }
}

impl FromStr for Fault {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let (name, written) = match text.trim().split_once(':') {
            Some((name, written)) => (name, Some(written)),
            None => (text.trim(), None),
        };
        let name: Name = name.parse()?;
        let parameter = parameter(name, written)?;
        Ok(Self { name, parameter, written: written.map(str::to_owned) })
    }
}

fn parameter(name: Name, written: Option<&str>) -> Result<Parameter, BadFault> {
    let wrong = |why| BadFault::Parameter { name, written: written.unwrap_or_default().to_owned(), why };
    match (name.takes(), written) {
        (Takes::Nothing, Some(_)) => Err(wrong("nothing stands behind this name")),
        (Takes::Nothing | Takes::SomeTime, None) => Ok(Parameter::Nothing),
        (Takes::Time(usual), written) => time(written.unwrap_or(usual)).map_err(wrong),
        (Takes::SomeTime, Some(written)) => time(written).map_err(wrong),
        (Takes::Span(usual), written) => {
            let span = span(written.unwrap_or(usual)).filter(|span| *span <= FARTHEST);
            span.map(Parameter::Span).ok_or_else(|| wrong("a span up to ten years, as `30d` or `1h`"))
        }
        (Takes::Code, None) => Err(BadFault::NoCode { name }),
        (Takes::Code, Some(code)) => match Told::CODES.iter().find(|known| **known == code) {
            Some(code) => Ok(Parameter::Code(code)),
            None => Err(BadFault::UnknownCode { code: code.chars().take(80).collect() }),
        },
        (Takes::Shape, written) => match written.unwrap_or("1").parse() {
            Ok(shape @ 1..=8) => Ok(Parameter::Shape(shape)),
            _ => Err(wrong("a number from 1 to 8")),
        },
    }
}

fn time(text: &str) -> Result<Parameter, &'static str> {
    let time = span(text).and_then(|span| Duration::try_from(span).ok());
    let time = time.filter(|time| *time <= LONGEST_HOLD);
    time.map(Parameter::Time).ok_or("a span up to ten minutes, as `2s` or `500ms`")
}

/// A span that is not negative; a day is 24 hours.
fn span(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    let span = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (!span.is_negative()).then_some(span)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.written {
            Some(written) => f.pad(&format!("{}:{written}", self.name)),
            None => f.pad(self.name.name()),
        }
    }
}

impl TryFrom<String> for Fault {
    type Error = BadFault;

    fn try_from(text: String) -> Result<Self, BadFault> {
        text.parse()
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        fault.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fault of every name, with something behind the colon where something must stand there.
    fn example(name: Name) -> String {
        match name.takes() {
            Takes::Code => format!("{name}:SCSE002"),
            _ => name.to_string(),
        }
    }

    #[test]
    fn every_name_reads_back() {
        for name in Name::ALL {
            let fault: Fault = example(*name).parse().unwrap();
            assert_eq!(fault.name, *name);
            assert_eq!(fault.to_string().parse::<Fault>().unwrap(), fault);
            let json = serde_json::to_string(&fault).unwrap();
            assert_eq!(serde_json::from_str::<Fault>(&json).unwrap(), fault);
        }
    }

    #[test]
    fn names_are_unique_and_say_something_in_three_languages() {
        for (index, name) in Name::ALL.iter().enumerate() {
            assert!(!Name::ALL[..index].iter().any(|other| other.name() == name.name()), "{name}");
            let text = name.describe();
            assert!(![&text.kk, &text.ru, &text.en].iter().any(|text| text.is_empty()), "{name}");
            assert!(!name.good().is_empty(), "{name}");
        }
    }

    #[test]
    fn what_stands_behind_the_colon_is_read() {
        assert_eq!("delay:500ms".parse::<Fault>().unwrap().time(), Some(Duration::from_millis(500)));
        assert_eq!("delay".parse::<Fault>().unwrap().time(), Some(Duration::from_secs(2)));
        assert_eq!("answer-after-timeout".parse::<Fault>().unwrap().time(), None);
        assert_eq!("soap-fault:SCSE002".parse::<Fault>().unwrap().code(), "SCSE002");
        assert_eq!("wrapped-signature:3".parse::<Fault>().unwrap().shape(), 3);
        let stale: Fault = "stale-message-date:36h".parse().unwrap();
        assert_eq!(stale.span(), SignedDuration::from_hours(36));
    }

    #[test]
    fn what_is_no_fault_says_why() {
        for (text, word) in [
            ("dleay", "`delay`"),
            ("", "nearest"),
            ("http500", "`http-500`"),
            ("delay:soon", "as `2s`"),
            ("delay:-1s", "as `2s`"),
            ("delay:11m", "ten minutes"),
            ("unsigned:2", "nothing stands"),
            ("soap-fault", "SCSE002"),
            ("soap-fault:<a/>", "SCSE003"),
            ("soap-fault:SCSS001", "SCSE001, SCSE002"),
            ("soap-fault:foo", "`foo`"),
            ("wrapped-signature:0", "1 to 8"),
            ("wrapped-signature:9", "1 to 8"),
            ("stale-message-date:100000d", "ten years"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
