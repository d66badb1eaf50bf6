//! Reading the national shape, as another system of the kind writes it: what is not understood is left out, unless
//! somebody cannot be known without it.

use certs::{CheckDigit, Iin};
use jiff::civil::Date;
use serde_json::Value;
use signer::{Code, Problem};

use super::{FOUND, NOT_FOUND};
use crate::people::{
    Address, BirthPlace, Capability, CivilCertificate, Declared, Entry, IdentityDocument, Issuer, LatinName,
    LifeStatus, PersonRecord, PlaceName,
};

/// Whom an answer tells of; `None` where it says that there is nobody.
///
/// # Errors
/// [`Code::FaultOfReceiver`] for a result of another code: nobody knows whether there is somebody.
/// [`Code::EnvelopeMalformed`] for a person without what makes one.
pub fn found(answer: &Value) -> Result<Option<PersonRecord>, Problem> {
    let code = text(&answer["messageResult"]["code"]).unwrap_or_default();
    if ![FOUND, NOT_FOUND].contains(&code.as_str()) {
        let detail = format!("messageResult {code:?} is neither {FOUND} nor {NOT_FOUND}");
        return Err(Problem::new(Code::FaultOfReceiver).detail(detail));
    }
    match items(&answer["persons"]["person"]).as_slice() {
        [] => Ok(None),
        [one] if code == FOUND => person(one).map(Some),
        [_] => Err(malformed("a person comes with a result that says there is nobody")),
        _ => Err(malformed("there are several persons of one number")),
    }
}

fn person(said: &Value) -> Result<PersonRecord, Problem> {
    let needed =
        |field: &str| text(&said[field]).ok_or_else(|| malformed(&format!("the person has no `{field}`")));
    let iin = Iin::parse(&needed("iin")?, CheckDigit::AnyDigit)
        .map_err(|error| malformed(&format!("the person's `iin`: {error}")))?;
    let wrong = |field: &str| malformed(&format!("the person's `{field}` cannot be read"));
    let life_status = match code(&said["lifeStatus"]) {
        Some(status) => status.parse().map_err(|_| wrong("lifeStatus"))?,
        None => LifeStatus::Normal,
    };
    let capability = match code(&said["personCapableStatus"]["capableStatus"]) {
        Some(status) => Capability {
            status: status.parse().map_err(|_| wrong("personCapableStatus"))?,
            decision: declared(&said["personCapableStatus"], "capableDate", "court"),
        },
        None => Capability::default(),
    };
    let latin = |surname, name| LatinName { surname, name };
    Ok(PersonRecord {
        iin,
        surname: needed("surname")?,
        name: needed("name")?,
        patronymic: text(&said["patronymic"]),
        latin: text(&said["engSurname"]).zip(text(&said["engFirstName"])).map(|(s, n)| latin(s, n)),
        birth_date: day(&said["birthDate"]).ok_or_else(|| wrong("birthDate"))?,
        death_date: day(&said["deathDate"]),
        gender: known(&said["gender"]).ok_or_else(|| wrong("gender"))?,
        nationality: known(&said["nationality"]).unwrap_or_default(),
        citizenship: known(&said["citizenship"]).ok_or_else(|| wrong("citizenship"))?,
        life_status,
        birth_certificate: certificate(&said["birthCertificate"]),
        death_certificate: certificate(&said["deathCertificate"]),
        birth_place: birth_place(&said["birthPlace"]),
        registered_address: address(&said["regAddress"]),
        capability,
        missing: flagged(&said["missingStatus"], "missing", "missingDate")?,
        disappeared: flagged(&said["disappearStatus"], "disappear", "disappearDate")?,
        excluded: excluded(&said["excludeStatus"])?,
        documents: items(&said["documents"]["document"]).into_iter().filter_map(document).collect(),
        addresses: items(&said["addresses"]["address"]).into_iter().filter_map(address).collect(),
        removed: text(&said["removed"]).is_some_and(|removed| removed == "true" || removed == "1"),
        parents: Vec::new(),
        guardians: Vec::new(),
        former_names: Vec::new(),
    })
}

fn document(said: &Value) -> Option<IdentityDocument> {
    Some(IdentityDocument {
        kind: known(&said["type"])?,
        number: text(&said["number"])?,
        series: text(&said["series"]),
        begin_date: day(&said["beginDate"])?,
        end_date: day(&said["endDate"]),
        issuer: issuer(&said["issueOrganization"])?,
        status: known(&said["status"])?,
    })
}

fn certificate(said: &Value) -> Option<CivilCertificate> {
    Some(CivilCertificate {
        number: text(&said["number"])?,
        begin_date: day(&said["beginDate"])?,
        issuer: issuer(&said["issueOrganization"])?,
    })
}

fn birth_place(said: &Value) -> Option<BirthPlace> {
    Some(BirthPlace {
        country: known(&said["country"])?,
        region: place(&said["region"]),
        district: place(&said["district"]),
        city: text(&said["city"]).map(|city| PlaceName { kk: city.clone(), ru: city }),
    })
}

fn address(said: &Value) -> Option<Address> {
    Some(Address {
        country: known(&said["country"])?,
        region: place(&said["region"])?,
        district: place(&said["district"]),
        city: text(&said["city"]).map(|city| PlaceName { kk: city.clone(), ru: city }),
        street: text(&said["street"]),
        building: text(&said["building"]),
        corpus: text(&said["corpus"]),
        flat: text(&said["flat"]),
        begin_date: day(&said["beginDate"])?,
        end_date: day(&said["endDate"]),
        ar_code: text(&said["arCode"]),
    })
}

/// By its code, or by its name where it comes as text.
fn issuer(said: &Value) -> Option<Issuer> {
    let named = |entry: Entry| text(said).is_some_and(|name| [entry.kk, entry.ru].contains(&name.as_str()));
    known(said).or_else(|| Issuer::ALL.iter().copied().find(|issuer| named(issuer.entry())))
}

/// What is flagged counts, and cannot be kept without its day.
fn flagged(said: &Value, flag: &str, since: &str) -> Result<Option<Declared>, Problem> {
    if !text(&said[flag]).is_some_and(|flag| flag == "true" || flag == "1") {
        return Ok(None);
    }
    let declared = declared(said, since, "gpTerritorial");
    declared.map(Some).ok_or_else(|| malformed(&format!("`{flag}` without `{since}`")))
}

fn excluded(said: &Value) -> Result<Option<Declared>, Problem> {
    let reason = &said["excludeReason"];
    if text(&reason["code"]).or_else(|| text(&reason["nameRu"])).is_none() {
        return Ok(None);
    }
    let declared = declared(said, "excludeDate", "excludeReason");
    declared.map(Some).ok_or_else(|| malformed("`excludeReason` without `excludeDate`"))
}

fn declared(said: &Value, since: &str, by: &str) -> Option<Declared> {
    let named = |field: &str| text(&said[by][field]);
    let by = named("nameRu").or_else(|| named("nameKz")).or_else(|| named("code")).unwrap_or_default();
    Some(Declared { since: day(&said[since])?, by })
}

fn place(said: &Value) -> Option<PlaceName> {
    let (kk, ru) = (text(&said["nameKz"]), text(&said["nameRu"]));
    Some(PlaceName { kk: kk.clone().or_else(|| ru.clone())?, ru: ru.or(kk)? })
}

fn known<T: std::str::FromStr>(said: &Value) -> Option<T> {
    code(said)?.parse().ok()
}

fn code(said: &Value) -> Option<String> {
    text(&said["code"])
}

/// A day; its time zone, which some write, does not matter.
fn day(said: &Value) -> Option<Date> {
    let text = text(said)?;
    text.get(..10)?.parse().ok()
}

fn text(said: &Value) -> Option<String> {
    said.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What may stand several times: XML does not tell one from a list of one.
fn items(said: &Value) -> Vec<&Value> {
    match said {
        Value::Array(items) => items.iter().collect(),
        Value::Object(_) => vec![said],
        _ => Vec::new(),
    }
}

fn malformed(what: &str) -> Problem {
    Problem::new(Code::EnvelopeMalformed).detail(format!("the people database's answer: {what}"))
}
