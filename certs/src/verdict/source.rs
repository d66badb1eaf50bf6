//! Who was asked about revocation, and what they said.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::failure::day;
use crate::{Reason, Text};

/// A source of revocation information.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A revocation list (СОС).
    Crl {
        /// Its CRLNumber, if it came and has one.
        number: Option<u64>,
        /// Where it came from or should have.
        url: Option<String>,
    },
    /// An OCSP responder.
    Ocsp {
        /// Its address.
        url: Option<String>,
        /// The name of who signed the answer, if one came.
        responder: Option<String>,
    },
}

impl Source {
    /// `CRL no. 12`, `OCSP`.
    pub fn text(&self) -> Text {
        match self {
            Self::Crl { number: Some(n), .. } => {
                Text::new(format!("№ {n} КҚТ (CRL)"), format!("СОС (CRL) № {n}"), format!("CRL no. {n}"))
            }
            Self::Crl { number: None, .. } => Text::new("КҚТ (CRL)", "СОС (CRL)", "CRL"),
            Self::Ocsp { .. } => Text::new("OCSP", "OCSP", "OCSP"),
        }
    }
}

/// One source with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The centre about whose certificate it was asked; nothing if it was about the certificate that is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Who was asked.
    pub source: Source,
    /// What they said.
    pub answer: Answer,
    /// When the answer was made.
    pub this_update: Option<Timestamp>,
    /// When a newer one is due.
    pub next_update: Option<Timestamp>,
    /// Why what the source gives now cannot be gone by, if this is the last good answer that it gave before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
}

/// What a source says of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Not revoked.
    Good,
    /// Revoked or on hold.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
    /// The source does not know the certificate.
    Unknown,
    /// No usable answer.
    NoAnswer {
        /// What happened, for whoever repairs it: `connection refused`, `list expired 2026-11-01`.
        why: String,
    },
}

impl Asked {
    /// `OCSP: no answer (connection refused)`.
    pub fn text(&self) -> Text {
        let Text { kk, ru, en } = self.said();
        match &self.instead_of {
            Some(why) => Text::new(
                format!("{kk}; соңғы жарамды тізім бойынша, жаңасы жарамсыз: {why}"),
                format!("{ru}; по последнему годному списку, новый не годится: {why}"),
                format!("{en}; by the last good list, the new one is of no use: {why}"),
            ),
            None => Text::new(kk, ru, en),
        }
    }

    fn said(&self) -> Text {
        let Text { kk, ru, en } = match &self.about {
            Some(centre) => {
                let Text { kk, ru, en } = self.source.text();
                Text::new(
                    format!("{kk} ({centre} орталығы туралы)"),
                    format!("{ru} (о центре {centre})"),
                    format!("{en} (on the centre {centre})"),
                )
            }
            None => self.source.text(),
        };
        match &self.answer {
            Answer::Good => {
                Text::new(format!("{kk}: қолданыста"), format!("{ru}: действует"), format!("{en}: good"))
            }
            Answer::Revoked { at, reason } => {
                let day = day(*at);
                Text::new(
                    format!("{kk}: {day} кері қайтарылған ({reason})"),
                    format!("{ru}: отозван {day} ({reason})"),
                    format!("{en}: revoked {day} ({reason})"),
                )
            }
            Answer::Unknown => Text::new(
                format!("{kk}: бұл куәлік туралы мәлімет жоқ"),
                format!("{ru}: не знает этого свидетельства"),
                format!("{en}: does not know this certificate"),
            ),
            Answer::NoAnswer { why } => Text::new(
                format!("{kk}: жауап жоқ ({why})"),
                format!("{ru}: нет ответа ({why})"),
                format!("{en}: no answer ({why})"),
            ),
        }
    }
}

/// The texts of several things, joined with "and" in each language.
pub(super) fn joined(texts: &[Text]) -> Text {
    let join = |get: fn(&Text) -> &str, and: &str| texts.iter().map(get).collect::<Vec<_>>().join(and);
    Text::new(join(|t| &t.kk, " және "), join(|t| &t.ru, " и "), join(|t| &t.en, " and by "))
}
