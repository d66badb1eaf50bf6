//! The terms of pictures, for pages of words.

use certs::{Lang, Text};

use super::{facts, names};
use crate::regulation::{Actor, Carrier, CheckWord, End, Fact, Inferred, Message, Step, Verb};

/// What a message is called; an outcome after what it carries.
pub(crate) fn message(message: Message, carries: Option<End>) -> Text {
    names::message(message, carries)
}

/// What is done in a step: an employee has a login, not an account by IIN.
pub(crate) fn verb(verb: Verb, step: &Step) -> Text {
    step.person().map_or_else(|| names::verb(verb), |person| names::deed(verb, person))
}

/// What a check asks.
pub(crate) fn check(check: CheckWord) -> Text {
    names::check(check)
}

/// What holds a key.
pub(crate) fn carrier(carrier: Carrier) -> Text {
    names::carrier(carrier)
}

/// A guard in brackets; nothing without facts.
pub(crate) fn guard(facts: &[Fact]) -> Option<Text> {
    let of = |lang| facts::guard(facts, lang);
    Some(Text { kk: of(Lang::Kk)?, ru: of(Lang::Ru)?, en: of(Lang::En)? })
}

/// What is called unsaid; nothing for what has a mark of its own beside it.
pub(crate) fn unsaid(mark: Inferred) -> Option<Text> {
    names::unsaid(mark)
}

/// A printed number for readers of each language.
pub(crate) fn label(printed: &str) -> Text {
    let of = |lang| names::label(printed, lang);
    Text { kk: of(Lang::Kk), ru: of(Lang::Ru), en: of(Lang::En) }
}

/// An actor without the places where a heading may be divided.
pub(crate) fn short(actor: Actor) -> Text {
    let plain = |text: String| text.replace('\u{ad}', "").replace('\u{a0}', " ");
    let Text { kk, ru, en } = actor.short_title();
    Text { kk: plain(kk), ru: plain(ru), en: plain(en) }
}
