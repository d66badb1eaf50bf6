//! Whether a record that somebody wrote makes sense.

use jiff::civil::Date;

use super::dictionary::LifeStatus;
use super::record::{IdentityDocument, PersonRecord};

/// The longest text of a field, in characters.
pub const LONGEST_TEXT: usize = 200;
/// The most documents, addresses, guardians or former names of one person.
pub const MOST_PER_PERSON: usize = 50;

/// What is held against whoever imports.
#[derive(Debug, Clone, Copy)]
pub struct ImportRules {
    /// The world's day: nobody is born or dies later.
    pub today: Date,
    /// Take numbers that the state may have issued to somebody. Refused unless asked for: test data only.
    pub issued_forms: bool,
}

/// Everything that is wrong with one record.
pub(super) fn faults(person: &PersonRecord, rules: ImportRules) -> Vec<String> {
    let mut faults = Vec::new();
    let mut wrong = |is_wrong: bool, what: &str| {
        if is_wrong {
            faults.push(what.to_owned());
        }
    };
    wrong(
        !rules.issued_forms && !person.iin.is_never_issued_form(),
        "iin: the number may be somebody's; take one whose seventh digit is 7, 8 or 9, or say --issued-forms",
    );
    for (field, text) in texts(person) {
        if let Some(fault) = text_fault(text) {
            wrong(true, &format!("{field}: {fault}"));
        }
    }
    wrong(person.birth_date > rules.today, "birth_date: is in the future");
    wrong(person.death_date.is_some_and(|day| day < person.birth_date), "death_date: is before the birth");
    wrong(person.death_date.is_some_and(|day| day > rules.today), "death_date: is in the future");
    let dead = person.life_status == LifeStatus::Dead;
    wrong(
        person.death_date.is_some() != dead,
        "life_status and death_date: who is dead has both, others neither",
    );
    wrong(person.parents.len() > 2, "parents: there are two at most");
    wrong(person.parents.contains(&person.iin), "parents: nobody is their own parent");
    wrong(matches!(person.parents[..], [a, b] if a == b), "parents: the same number twice");
    wrong(
        person.guardians.iter().any(|g| g.guardian == person.iin),
        "guardians: nobody is their own guardian",
    );
    let lengths = [
        ("documents", person.documents.len()),
        ("addresses", person.addresses.len()),
        ("guardians", person.guardians.len()),
        ("former_names", person.former_names.len()),
    ];
    for (field, length) in lengths {
        wrong(length > MOST_PER_PERSON, &format!("{field}: at most {MOST_PER_PERSON}"));
    }
    for document in &person.documents {
        wrong(term_is_odd(document), &format!("documents: {} ends before it begins", document.number));
    }
    faults
}

fn term_is_odd(document: &IdentityDocument) -> bool {
    document.end_date.is_some_and(|end| end < document.begin_date)
}

/// The texts of a record with the names of their fields.
fn texts(person: &PersonRecord) -> Vec<(&'static str, &str)> {
    let mut texts = vec![("surname", person.surname.as_str()), ("name", &person.name)];
    texts.extend(person.patronymic.as_deref().map(|text| ("patronymic", text)));
    if let Some(latin) = &person.latin {
        texts.extend([("latin", latin.surname.as_str()), ("latin", &latin.name)]);
    }
    let certificates = [&person.birth_certificate, &person.death_certificate].into_iter().flatten();
    texts.extend(certificates.map(|certificate| ("certificate", certificate.number.as_str())));
    let decision = &person.capability.decision;
    let declared = [decision, &person.missing, &person.disappeared, &person.excluded].into_iter().flatten();
    texts.extend(declared.map(|declared| ("by", declared.by.as_str())));
    for document in &person.documents {
        texts.push(("documents", &document.number));
        texts.extend(document.series.as_deref().map(|series| ("documents", series)));
    }
    for guardianship in &person.guardians {
        texts.push(("guardians", &guardianship.order));
    }
    for former in &person.former_names {
        texts.extend([("former_names", former.surname.as_str()), ("former_names", &former.name)]);
        texts.extend(former.patronymic.as_deref().map(|text| ("former_names", text)));
    }
    if let Some(place) = &person.birth_place {
        let names = [&place.region, &place.district, &place.city].into_iter().flatten();
        texts.extend(names.flat_map(|name| [("birth_place", name.kk.as_str()), ("birth_place", &name.ru)]));
    }
    for address in person.registered_address.iter().chain(&person.addresses) {
        let names = [Some(&address.region), address.district.as_ref(), address.city.as_ref()];
        texts.extend(
            names.into_iter().flatten().flat_map(|n| [("address", n.kk.as_str()), ("address", &n.ru)]),
        );
        let parts = [&address.street, &address.building, &address.corpus, &address.flat, &address.ar_code];
        texts.extend(parts.into_iter().flatten().map(|part| ("address", part.as_str())));
    }
    texts
}

/// What is wrong with a text that people are to read.
pub(crate) fn text_fault(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        Some("is empty".to_owned())
    } else if text.trim() != text {
        Some("begins or ends with white space".to_owned())
    } else if text.chars().any(char::is_control) {
        Some("has a control character".to_owned())
    } else if text.chars().count() > LONGEST_TEXT {
        Some(format!("is longer than {LONGEST_TEXT} characters"))
    } else {
        None
    }
}
