//! What the workstation checks: consent, the package of documents, and what the registers answered.

use certs::{Iin, Text};
use registries::notary::{PowerOfAttorney, PowerState};
use serde_json::{Value, json};
use signer::Problem;

use super::{Own, recipient};
use crate::exchange::{About, ConsentState, Found};
use crate::regulation::{CheckWord, Step};
use crate::walk::{Checked, Reason, Turn};

/// Makes the checks of a condition in their printed order.
pub(super) fn check(turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
    let own = &turn.case.own;
    let mut failed = Vec::new();
    for check in step.checks() {
        match check {
            CheckWord::ConsentGiven => {
                let consent =
                    own.consent.as_ref().ok_or_else(|| turn.cannot(step, "no consent was asked for"))?;
                failed.extend((consent.state == ConsentState::Refused).then(|| refused(*check)));
            }
            CheckWord::PackageComplete => {
                let Some(presented) = &own.presented else { return Ok(Checked::Awaits) };
                failed
                    .extend((!presented.missing.is_empty()).then(|| incomplete(*check, &presented.missing)));
            }
            CheckWord::PersonFound => failed.extend(person(turn, step, *check)?),
            CheckWord::AttorneyFound => failed.extend(attorney(turn, step, *check)?),
            other => return Err(turn.cannot(step, other.word())),
        }
    }
    Ok(Checked::Decided(failed))
}

fn reason(check: CheckWord, code: &str, (kk, ru, en): (&str, &str, &str), facts: Value) -> Reason {
    Reason { check, code: code.to_owned(), text: Text::new(kk, ru, en), facts }
}

fn refused(check: CheckWord) -> Reason {
    let text = ("жоқ: келісім берілмеді", "нет: согласие не дано", "no: consent was not given");
    reason(check, "consent-not-given", text, Value::Null)
}

fn incomplete(check: CheckWord, missing: &[String]) -> Reason {
    let names = missing.join(", ");
    let (kk, ru, en) = (
        format!("жоқ: ұсынылмаған: {names}"),
        format!("нет: не представлены: {names}"),
        format!("no: not presented: {names}"),
    );
    reason(check, "documents-missing", (&kk, &ru, &en), json!({ "missing": missing }))
}

/// What a register answered about something; an answer that should be there and is not is no "not found".
fn answer<'a>(
    turn: &'a Turn<'_, Own>,
    step: &Step,
    about: impl Fn(&About) -> bool,
) -> Result<Option<&'a Found>, Problem> {
    let answer = turn.case.own.answers.iter().rev().find(|answer| about(&answer.about));
    let answer = answer.ok_or_else(|| turn.cannot(step, "the register was not asked"))?;
    Ok(answer.found.as_ref())
}

/// That the people database has the recipient.
fn person(turn: &Turn<'_, Own>, step: &Step, check: CheckWord) -> Result<Option<Reason>, Problem> {
    let found = answer(turn, step, |about| matches!(about, About::Person { .. }))?;
    let text = (
        "жоқ: алушы ЖТ МДБ-да жоқ",
        "нет: получателя нет в ГБД ФЛ",
        "no: the people database does not have the recipient",
    );
    Ok(found.is_none().then(|| reason(check, "person-absent", text, Value::Null)))
}

/// That the notary registry has the power of attorney, for this recipient and this representative, and that it
/// stands. There is nothing to check without a notarised one.
fn attorney(turn: &Turn<'_, Own>, step: &Step, check: CheckWord) -> Result<Option<Reason>, Problem> {
    let Some(representative) = turn.case.own.notarised() else { return Ok(None) };
    let found = answer(turn, step, |about| matches!(about, About::Power { .. }))?;
    let Some(Found::Power { power, state }) = found else {
        let text = (
            "жоқ: сенімхат БНАЖ-де жоқ",
            "нет: доверенности нет в ЕНИС",
            "no: the notary registry does not have it",
        );
        return Ok(Some(reason(check, "attorney-absent", text, Value::Null)));
    };
    let (code, text) = if Some(power.principal) != recipient(turn) {
        let text = (
            "жоқ: сенімхатты басқа адам берген",
            "нет: доверенность выдана другим лицом",
            "no: somebody else gave the power of attorney",
        );
        ("attorney-of-another", text)
    } else if power.representative.to_string() != representative.iin {
        let text = (
            "жоқ: сенімхат басқа өкілге берілген",
            "нет: доверенность выдана другому представителю",
            "no: the power of attorney is for another representative",
        );
        ("attorney-for-another", text)
    } else {
        match state {
            PowerState::Valid => return Ok(None),
            PowerState::NotYet => (
                "attorney-not-yet-valid",
                ("жоқ: әлі күшіне енбеген", "нет: ещё не действует", "no: it is not valid yet"),
            ),
            PowerState::Expired => {
                ("attorney-expired", ("жоқ: мерзімі өткен", "нет: срок истёк", "no: its term is over"))
            }
            PowerState::Revoked => {
                ("attorney-revoked", ("жоқ: кері қайтарылған", "нет: отменена", "no: it was revoked"))
            }
        }
    };
    Ok(Some(reason(check, code, text, facts(power, *state))))
}

/// What the registry has, without saying whose it is.
fn facts(power: &PowerOfAttorney, state: PowerState) -> Value {
    json!({ "number": power.number, "date": power.date, "until": power.until, "state": state })
}

/// Whether somebody may take what the case came to: the recipient, or who came for them.
pub(super) fn may_take(turn: &Turn<'_, Own>, who: Iin) -> bool {
    let representative = turn.case.own.representative.as_ref();
    recipient(turn) == Some(who) || representative.is_some_and(|known| known.iin == who.to_string())
}
