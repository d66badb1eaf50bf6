//! What a desk checks: logins, certificates, consent, packages, answers of registers, days, and what people decide.

use certs::verdict::Verdict;
use certs::{Certificate, Identifier, Text};
use jiff::civil::Date;
use registries::notary::{PowerOfAttorney, PowerState};
use serde_json::{Value, json};
use signer::{Problem, Question};

use super::Desk;
use super::own::{Own, declared, recipient};
use crate::exchange::{About, ConsentState, Found, identifier_text};
use crate::regulation::{CheckWord, FieldType, Step};
use crate::systems::accounts::not_authentic;
use crate::walk::{Checked, Reason, Turn};

/// Makes the checks of a condition in their printed order.
pub(super) async fn check(desk: &Desk, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
    let own = &turn.case.own;
    let package = |check: &CheckWord| *check == CheckWord::PackageComplete;
    let decides = step.decided().iter().any(|check| !package(check));
    if (decides && own.decision.is_none()) || (step.checks().iter().any(package) && own.presented.is_none()) {
        return Ok(Checked::Awaits);
    }
    let verdict = verdict(desk, turn, step).await?;
    let mut failed = Vec::new();
    for check in step.checks() {
        failed.extend(match check {
            CheckWord::LoginAuthentic => turn.case.own.signed_in().is_none().then(|| not_authentic(*check)),
            CheckWord::ConsentGiven => {
                let consent = turn.case.own.any_consent()?;
                let consent = consent.ok_or_else(|| turn.cannot(step, "no consent was asked for"))?;
                (consent.state == ConsentState::Refused).then(|| refused(*check))
            }
            CheckWord::PackageComplete => {
                let missing = turn.case.own.presented.iter().flat_map(|presented| &presented.missing);
                let missing: Vec<String> = missing.cloned().collect();
                (!missing.is_empty()).then(|| incomplete(*check, &missing))
            }
            CheckWord::PersonFound => person(turn, step, *check)?,
            CheckWord::AttorneyFound => attorney(turn, step, *check)?,
            CheckWord::DocumentsInRegisters => documents(turn, step, *check)?,
            CheckWord::FiledInTime => late(turn, step, *check)?,
            CheckWord::AboutProvider => about_somebody_else(turn, step, *check)?,
            by_people if by_people.is_decided() => not_so(turn, *check),
            _ => of_certificate(verdict.as_ref(), *check),
        });
    }
    // What could not be checked decides nothing, unless something else failed for certain.
    if let Some(problem) = verdict.as_ref().filter(|_| failed.is_empty()).and_then(Problem::of_verdict) {
        return Err(problem.at(step.at()).by(turn.site.system()));
    }
    if let Some(decision) = turn.case.own.decision.take() {
        turn.case.own.grounds = decision.grounds;
    }
    Ok(Checked::Decided(failed))
}

/// What the checks of the chosen certificate come to; `None` when the step checks none.
async fn verdict(desk: &Desk, turn: &Turn<'_, Own>, step: &Step) -> Result<Option<Verdict>, Problem> {
    let checks: Vec<_> = step.checks().iter().filter_map(|check| check.of_certificate()).collect();
    if checks.is_empty() {
        return Ok(None);
    }
    let certificate = turn.case.own.certificate.as_deref();
    let certificate = certificate.ok_or_else(|| turn.cannot(step, "no certificate was chosen"))?;
    let certificate =
        Certificate::from_pem(certificate).map_err(|error| turn.cannot(step, &error.to_string()))?;
    let question = Question { checks: &checks, declared: declared(turn), roles: &[] };
    Ok(Some(desk.site.validator.validate(&certificate, &question).await))
}

/// Why the check of a certificate failed, if it did.
fn of_certificate(verdict: Option<&Verdict>, check: CheckWord) -> Option<Reason> {
    let of_certificate = check.of_certificate()?;
    let mut failures = verdict?.failed();
    let (_, failure) = failures.find(|(failing, _)| *failing == of_certificate)?;
    Some(Reason {
        check,
        code: failure.code().to_owned(),
        text: failure.text(),
        facts: json!(failure)["facts"].clone(),
    })
}

/// Why a person decided that a check does not hold.
fn not_so(turn: &Turn<'_, Own>, check: CheckWord) -> Option<Reason> {
    let decision = turn.case.own.decision.as_ref().filter(|decision| decision.failing.contains(&check))?;
    let text = decision.grounds_text();
    Some(Reason { check, code: format!("not-{check}"), text, facts: Value::Null })
}

/// That today, where the act is in force, is after the last day.
fn late(turn: &Turn<'_, Own>, step: &Step, check: CheckWord) -> Result<Option<Reason>, Problem> {
    let rule = step.said.not_after.as_ref().ok_or_else(|| turn.cannot(step, "it names no last day"))?;
    let today = turn.now.to_zoned(turn.regulation.time_zone.clone()).date();
    let last = rule.last_day(today).ok_or_else(|| turn.cannot(step, "its last day is none"))?;
    if today <= last {
        return Ok(None);
    }
    let (kk, ru, en) = (
        format!("жоқ: {today} берілді, соңғы күні – {last}"),
        format!("нет: подано {today}, последний день – {last}"),
        format!("no: filed on {today}, the last day was {last}"),
    );
    let facts = json!({ "filed": today, "last": last });
    Ok(Some(reason(check, "filed-late", (&kk, &ru, &en), facts)))
}

/// That the complaint is not about the provider.
fn about_somebody_else(
    turn: &Turn<'_, Own>,
    step: &Step,
    check: CheckWord,
) -> Result<Option<Reason>, Problem> {
    let about = super::own::field_of(turn, FieldType::Choice)?;
    let about = about.ok_or_else(|| turn.cannot(step, "the form has no choice"))?;
    let text = (
        "жоқ: шағым Мемлекеттік корпорация қызметкеріне қатысты",
        "нет: жалоба на работника Государственной корпорации",
        "no: the complaint is about the State Corporation's employee",
    );
    Ok((about != "provider").then(|| reason(check, "about-corporation", text, Value::Null)))
}

/// The last day on which an identity document is of the old kind: after it the state system has them all.
const OLD_KIND_UNTIL: Date = jiff::civil::date(2008, 12, 31);

/// That the registers have the documents: the identity document, issued after 2008 in Kazakhstan, and, where a child
/// is asked about, the certificate of birth.
fn documents(turn: &Turn<'_, Own>, step: &Step, check: CheckWord) -> Result<Option<Reason>, Problem> {
    let found = answer(turn, step, |about| matches!(about, About::Documents { .. }))?;
    let missing = |code: &str, text| Ok(Some(reason(check, code, text, Value::Null)));
    let Some(Found::Documents(found)) = found else {
        let text = (
            "жоқ: мемлекеттік жүйелерде құжаттар жоқ",
            "нет: документов нет в государственных системах",
            "no: the state's systems have no documents",
        );
        return missing("documents-absent", text);
    };
    let new_kind = |identity: &registries::people::IdentityDocument| identity.begin_date > OLD_KIND_UNTIL;
    if !found.identity.as_ref().is_some_and(new_kind) {
        let text = (
            "жоқ: жеке куәлік 2008 жылдан кейін шығарылмаған",
            "нет: удостоверение выдано не после 2008 года",
            "no: the identity document was not issued after 2008",
        );
        return missing("identity-document-old", text);
    }
    if found.child.is_some() && found.birth_certificate.is_none() {
        let text = (
            "жоқ: туу туралы куәлік жүйеде жоқ",
            "нет: свидетельства о рождении в системе нет",
            "no: the system has no certificate of birth",
        );
        return missing("birth-certificate-absent", text);
    }
    Ok(None)
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
pub(super) fn may_take(turn: &Turn<'_, Own>, who: Identifier) -> bool {
    let came = turn.case.own.representative.as_ref().map(|known| known.iin.as_str());
    declared(turn) == Some(who) || came == Some(identifier_text(who).as_str())
}
