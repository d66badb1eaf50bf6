//! A rule: which fault, where, how often.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use signer::{System, UnknownSystem};
use uuid::Uuid;

use super::fault::{BadFault, Fault};
use super::name::{Name, Place};
use crate::exchange::{NoSuchService, begins_service};
use crate::regulation::Regulations;

/// A fault, what it applies to and how often; what is absent is *any*.
///
/// Written as `FAULT[,system=S][,service=ID][,route=R][,case=ID][,side=request|answer]
/// [,often=always|once|first:N|every:N|share:P]`, or as JSON with the same names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Rule {
    /// What goes wrong.
    pub fault: Fault,
    /// At the door of this system, or in what it sends.
    pub system: Option<System>,
    /// The service id of the message, or what it begins with up to a slash.
    pub service: Option<String>,
    /// The envelope's routeId; or, with a slash before it, what an address below the system begins with.
    pub route: Option<String>,
    /// The case that it belongs to.
    pub case: Option<Uuid>,
    /// For a fault of an envelope: in messages that are sent, or in what answers them.
    pub side: Side,
    /// How often.
    pub often: Often,
}

/// Whose envelope is faulty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// That of a message.
    Request,
    /// That of what answers a message.
    Answer,
}

/// How often a fault is done, of the times that it could be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Often {
    /// Every time.
    Always,
    /// The first so many times.
    First(u64),
    /// Every so manyth time.
    Every(u64),
    /// This share of the times, as the world's seed has it.
    Share(f64),
}

/// Why something is no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    /// The fault.
    #[error(transparent)]
    Fault(#[from] BadFault),
    /// The system.
    #[error(transparent)]
    System(#[from] UnknownSystem),
    /// The service.
    #[error("service={0}")]
    Service(#[from] NoSuchService),
    /// Something behind a comma.
    #[error("`{0}`: there are system=, service=, route=, case=, side= and often=")]
    Part(String),
    /// A part that stands twice.
    #[error("`{0}` is said twice")]
    Twice(String),
    /// A value.
    #[error("`{part}`: {why}")]
    Value {
        /// The part as it was written.
        part: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A part that this fault cannot have.
    #[error("`{name}` happens {place}: {why}")]
    DoesNotFit {
        /// The fault.
        name: Name,
        /// Where it happens, in words.
        place: &'static str,
        /// What cannot be said of it.
        why: &'static str,
    },
}

/// A rule in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    fault: Fault,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    system: Option<System>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    route: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    case: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    side: Option<Side>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    often: Option<String>,
}

impl Rule {
    /// Every time, everywhere.
    pub fn of(fault: Fault) -> Self {
        let side = usual_side(fault.name);
        Self { fault, system: None, service: None, route: None, case: None, side, often: Often::Always }
    }

    /// Where it happens.
    pub fn place(&self) -> Place {
        self.fault.place()
    }

    /// That its service is one of these regulations or of a register.
    ///
    /// # Errors
    /// [`BadRule::Service`].
    pub fn is_of(&self, regulations: &Regulations) -> Result<(), BadRule> {
        let service = self.service.as_deref();
        Ok(service.map_or(Ok(()), |service| begins_service(regulations, service))?)
    }

    /// That nothing is said of it that its place does not have.
    fn checked(self) -> Result<Self, BadRule> {
        let name = self.fault.name;
        let unfit = |place, why| Err(BadRule::DoesNotFit { name, place, why });
        let meets_case = self.case.is_some() || self.service.is_some() || self.route.is_some();
        match self.place() {
            Place::Centre if self.system.is_some_and(|system| system != System::Ca) => {
                unfit("in the certification centre", "its system is `ca`, whoever asks")
            }
            Place::Centre if meets_case => {
                unfit("in the certification centre", "who asks there says neither case nor service nor route")
            }
            Place::Door if name == Name::RegistryDown && !self.system.is_none_or(is_register) => {
                unfit("at a register", "its system is people, notary or registers")
            }
            Place::Door | Place::Sending if self.side != usual_side(name) => {
                unfit("to messages as a whole", "`side` is said of faults in an envelope")
            }
            _ => Ok(self),
        }
    }
}

/// The side that a fault is on if nothing is said.
fn usual_side(name: Name) -> Side {
    match name {
        Name::WrongCorrelationId => Side::Answer,
        _ => Side::Request,
    }
}

/// Whether a system is a register.
pub(super) fn is_register(system: System) -> bool {
    matches!(system, System::People | System::Notary | System::Registers)
}

impl FromStr for Rule {
    type Err = BadRule;

    fn from_str(text: &str) -> Result<Self, BadRule> {
        let mut parts = text.split(',').map(str::trim);
        let mut rule = Self::of(parts.next().unwrap_or_default().parse()?);
        let mut said: Vec<&str> = Vec::new();
        for part in parts {
            let (name, value) = part.split_once('=').ok_or_else(|| BadRule::Part(part.to_owned()))?;
            if said.contains(&name) {
                return Err(BadRule::Twice(name.to_owned()));
            }
            said.push(name);
            let wrong = |why| BadRule::Value { part: part.to_owned(), why };
            match name {
                "system" => rule.system = Some(value.parse()?),
                "service" | "route" if value.is_empty() => return Err(wrong("nothing stands behind it")),
                "service" => rule.service = Some(value.to_owned()),
                "route" => rule.route = Some(value.to_owned()),
                "case" => rule.case = Some(value.parse().map_err(|_| wrong("a case's id is a UUID"))?),
                "side" => {
                    rule.side = match value {
                        "request" => Side::Request,
                        "answer" => Side::Answer,
                        _ => return Err(wrong("it is `request` or `answer`")),
                    }
                }
                "often" => rule.often = often(value).map_err(wrong)?,
                _ => return Err(BadRule::Part(part.to_owned())),
            }
        }
        rule.checked()
    }
}

fn often(text: &str) -> Result<Often, &'static str> {
    let number = |text: &str| text.parse::<u64>().ok().filter(|number| *number > 0);
    let read = match text.split_once(':') {
        None if text == "always" => Some(Often::Always),
        None if text == "once" => Some(Often::First(1)),
        Some(("first", number_of)) => number(number_of).map(Often::First),
        Some(("every", number_of)) => number(number_of).map(Often::Every),
        Some(("share", share)) => {
            share.parse().ok().filter(|share| (0.0..=1.0).contains(share)).map(Often::Share)
        }
        _ => None,
    };
    read.ok_or("always, once, first:N, every:N with N from 1, or share:P with P from 0 to 1")
}

impl fmt::Display for Often {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::First(1) => f.write_str("once"),
            Self::First(number) => write!(f, "first:{number}"),
            Self::Every(number) => write!(f, "every:{number}"),
            Self::Share(share) => write!(f, "share:{share}"),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fault)?;
        let part = |f: &mut fmt::Formatter<'_>, name, value: Option<&dyn fmt::Display>| match value {
            Some(value) => write!(f, ",{name}={value}"),
            None => Ok(()),
        };
        part(f, "system", self.system.as_ref().map(|it| it as _))?;
        part(f, "service", self.service.as_ref().map(|it| it as _))?;
        part(f, "route", self.route.as_ref().map(|it| it as _))?;
        part(f, "case", self.case.as_ref().map(|it| it as _))?;
        if self.side != usual_side(self.fault.name) {
            f.write_str(if self.side == Side::Answer { ",side=answer" } else { ",side=request" })?;
        }
        if self.often == Often::Always { Ok(()) } else { write!(f, ",often={}", self.often) }
    }
}

impl TryFrom<Written> for Rule {
    type Error = BadRule;

    fn try_from(written: Written) -> Result<Self, BadRule> {
        let usual = Self::of(written.fault);
        let read =
            |text: &str| often(text).map_err(|why| BadRule::Value { part: format!("often={text}"), why });
        let rule = Self {
            system: written.system,
            service: written.service,
            route: written.route,
            case: written.case,
            side: written.side.unwrap_or(usual.side),
            often: written.often.as_deref().map_or(Ok(usual.often), read)?,
            ..usual
        };
        rule.checked()
    }
}

impl From<Rule> for Written {
    fn from(rule: Rule) -> Self {
        let side = (rule.side != usual_side(rule.fault.name)).then_some(rule.side);
        let often = (rule.often != Often::Always).then(|| rule.often.to_string());
        let Rule { fault, system, service, route, case, .. } = rule;
        Self { fault, system, service, route, case, side, often }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_back_as_text_and_as_json() {
        let case = Uuid::from_u128(7);
        for text in [
            "delay:2s".to_owned(),
            "unsigned,system=provider,often=once".to_owned(),
            format!("duplicate,service=r/c/application,case={case},often=first:3"),
            "http-500,system=portal,route=/cases,often=every:2".to_owned(),
            "unsigned,side=answer,often=share:0.25".to_owned(),
            "crl-missing,system=ca".to_owned(),
        ] {
            let rule: Rule = text.parse().unwrap();
            assert_eq!(rule.to_string(), text);
            let json = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule, "{json}");
        }
    }

    #[test]
    fn what_is_no_rule_says_why() {
        for (text, word) in [
            ("delya", "`delay`"),
            ("delay,system=nobody", "nobody"),
            ("delay,colour=red", "often="),
            ("delay,once", "often="),
            ("delay,often=never", "share:P"),
            ("delay,often=every:0", "share:P"),
            ("delay,often=share:1.5", "share:P"),
            ("delay,case=7", "UUID"),
            ("delay,service=", "nothing"),
            ("delay,side=answer", "envelope"),
            ("delay,system=portal,system=people", "twice"),
            ("crl-empty,system=portal", "`ca`"),
            ("ocsp-unknown,service=x", "neither"),
            ("registry-down,system=portal", "people"),
        ] {
            let error = text.parse::<Rule>().unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
