//! Writing the national shape.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{FOUND, NOT_FOUND, Request};
use crate::people::{
    Address, CapabilityStatus, CivilCertificate, Declared, Entry, IdentityDocument, PersonRecord, PlaceName,
};

/// What answers a question: somebody's record, or that there is nobody.
pub fn answer(request: &Request, found: Option<&PersonRecord>, id: Uuid, at: Timestamp) -> Value {
    let sender = Entry {
        code: "GBDFL",
        kk: "«Жеке тұлғалар» мемлекеттік дерекқоры (TEST)",
        ru: "Государственная база данных «Физические лица» (TEST)",
    };
    let mut answer = head(&request.message_id, &request.sender_code, sender, id, at);
    answer["messageResult"] = result(found.is_some());
    answer["persons"] = match found {
        Some(found) => json!({ "person": [person(found)] }),
        None => empty(),
    };
    answer["signature"] = empty();
    answer
}

/// What every answer begins with.
pub(crate) fn head(request: &str, receiver: &str, sender: Entry, id: Uuid, at: Timestamp) -> Value {
    json!({
        "messageId": id.to_string(),
        "messageDate": at.to_string(),
        "requestId": request,
        "sender": entry(sender),
        "receiver": { "code": receiver, "nameRu": "", "nameKz": "", "changeDate": "" },
    })
}

/// Whether anything was found, as a code with its names.
pub(crate) fn result(found: bool) -> Value {
    entry(if found {
        Entry {
            code: FOUND, kk: "Хабарлама өңделді", ru: "Сообщение обработано"
        }
    } else {
        Entry {
            code: NOT_FOUND,
            kk: "Мәлімет табылмады (кодты симулятор ойлап тапқан)",
            ru: "Сведения не найдены (код придуман симулятором)",
        }
    })
}

fn person(person: &PersonRecord) -> Value {
    let latin = person.latin.as_ref();
    let birth_place = person.birth_place.as_ref().map(|place| {
        json!({
            "country": entry(place.country.entry()),
            "district": named(place.district.as_ref()),
            "region": named(place.region.as_ref()),
            "city": russian(place.city.as_ref()),
        })
    });
    json!({
        "iin": person.iin.to_string(),
        "surname": person.surname,
        "name": person.name,
        "patronymic": text(person.patronymic.as_deref()),
        "engFirstName": text(latin.map(|latin| latin.name.as_str())),
        "engSurname": text(latin.map(|latin| latin.surname.as_str())),
        "birthDate": person.birth_date.to_string(),
        "deathDate": day(person.death_date),
        "gender": entry(person.gender.entry()),
        "nationality": entry(person.nationality.entry()),
        "citizenship": entry(person.citizenship.entry()),
        "lifeStatus": entry(person.life_status.entry()),
        "birthCertificate": certificate(person.birth_certificate.as_ref()),
        "deathCertificate": certificate(person.death_certificate.as_ref()),
        "birthPlace": birth_place.unwrap_or_else(empty),
        "regAddress": person.registered_address.as_ref().map_or_else(empty, address),
        "personCapableStatus": capable(person),
        "missingStatus": declared(person.missing.as_ref(), ["missing", "missingDate", "gpTerritorial"]),
        "disappearStatus":
            declared(person.disappeared.as_ref(), ["disappear", "disappearDate", "gpTerritorial"]),
        "excludeStatus": person.excluded.as_ref().map_or_else(empty, |excluded| {
            json!({ "excludeReason": by(&excluded.by), "excludeDate": excluded.since.to_string() })
        }),
        "documents": list("document", person.documents.iter().map(document)),
        "addresses": list("address", person.addresses.iter().map(address)),
        "removed": person.removed.to_string(),
    })
}

fn document(document: &IdentityDocument) -> Value {
    json!({
        "type": entry(document.kind.entry()),
        "number": document.number,
        "series": text(document.series.as_deref()),
        "beginDate": document.begin_date.to_string(),
        "endDate": day(document.end_date),
        "issueOrganization": entry(document.issuer.entry()),
        "status": entry(document.status.entry()),
    })
}

fn address(address: &Address) -> Value {
    json!({
        "country": entry(address.country.entry()),
        "district": named(address.district.as_ref()),
        "region": named(Some(&address.region)),
        "city": russian(address.city.as_ref()),
        "street": text(address.street.as_deref()),
        "building": text(address.building.as_deref()),
        "corpus": text(address.corpus.as_deref()),
        "flat": text(address.flat.as_deref()),
        "beginDate": address.begin_date.to_string(),
        "endDate": day(address.end_date),
        "status": "",
        "arCode": text(address.ar_code.as_deref()),
    })
}

fn certificate(certificate: Option<&CivilCertificate>) -> Value {
    certificate.map_or_else(empty, |certificate| {
        json!({
            "number": certificate.number,
            "beginDate": certificate.begin_date.to_string(),
            "issueOrganization": entry(certificate.issuer.entry()),
        })
    })
}

/// Empty while nobody has decided anything.
fn capable(person: &PersonRecord) -> Value {
    let (status, decision) = (person.capability.status, person.capability.decision.as_ref());
    if status == CapabilityStatus::Capable && decision.is_none() {
        return empty();
    }
    json!({
        "capableStatus": entry(status.entry()),
        "capableDate": day(decision.map(|decision| decision.since)),
        "court": decision.map_or_else(empty, |decision| by(&decision.by)),
    })
}

fn declared(declared: Option<&Declared>, [flag, since, office]: [&str; 3]) -> Value {
    declared.map_or_else(
        empty,
        |declared| json!({ flag: "true", since: declared.since.to_string(), office: by(&declared.by) }),
    )
}

/// Who has said something: the register keeps no code of them.
fn by(name: &str) -> Value {
    json!({ "code": "", "nameRu": name, "nameKz": name, "changeDate": "" })
}

fn entry(Entry { code, kk, ru }: Entry) -> Value {
    json!({ "code": code, "nameRu": ru, "nameKz": kk, "changeDate": "" })
}

fn named(name: Option<&PlaceName>) -> Value {
    name.map_or_else(
        empty,
        |PlaceName { kk, ru }| json!({ "code": "", "nameRu": ru, "nameKz": kk, "changeDate": "" }),
    )
}

fn russian(name: Option<&PlaceName>) -> Value {
    text(name.map(|name| name.ru.as_str()))
}

fn list(name: &str, items: impl Iterator<Item = Value>) -> Value {
    let items: Vec<Value> = items.collect();
    if items.is_empty() { empty() } else { json!({ name: items }) }
}

fn day(day: Option<Date>) -> Value {
    day.map_or_else(empty, |day| day.to_string().into())
}

fn text(text: Option<&str>) -> Value {
    text.unwrap_or_default().into()
}

fn empty() -> Value {
    Value::String(String::new())
}
