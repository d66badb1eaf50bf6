//! The request form: what may be filled in, and the structure and format checks.

use std::collections::{BTreeMap, BTreeSet};

use certs::{Bin, CheckDigit, Iin};
use serde_json::Value;
use signer::{Code, Problem};

use crate::exchange::Attachment;
use crate::regulation::FieldType;
use crate::regulation::file::{Field, Form};

/// The most bytes that one copy may hold.
const LARGEST_COPY: usize = 4 << 20;
/// The most bytes of all copies together, so that the message with them stays below the limit of bodies.
const LARGEST_COPIES: usize = 12 << 20;

/// The fields as they go into the application.
///
/// # Errors
/// [`Code::InvalidValue`] with every field that is missing, unknown or malformed.
pub(super) fn fields(
    form: &Form,
    given: &BTreeMap<String, String>,
    digit: CheckDigit,
) -> Result<BTreeMap<String, String>, Problem> {
    let mut wrong = BTreeMap::new();
    let mut filled = BTreeMap::new();
    let several = form.fields.iter().filter(|field| field.declares_identity).count() > 1;
    for field in &form.fields {
        match given.get(&field.name).map(|value| value.trim()) {
            None | Some("") if field.optional || several && field.declares_identity => {}
            None | Some("") => {
                wrong.insert(field.name.clone(), "is missing".to_owned());
            }
            Some(value) => match format(field, value, digit) {
                Ok(()) => {
                    filled.insert(field.name.clone(), value.to_owned());
                }
                Err(why) => {
                    wrong.insert(field.name.clone(), why);
                }
            },
        }
    }
    // Where the recipient may be known by an IIN or a BIN, it is one of them, never both.
    let identity: Vec<&Field> = form.fields.iter().filter(|field| field.declares_identity).collect();
    if several && identity.iter().filter(|field| filled.contains_key(&field.name)).count() != 1 {
        for field in identity {
            wrong.entry(field.name.clone()).or_insert_with(|| "is one of several: fill in one".to_owned());
        }
    }
    let known: BTreeSet<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
    wrong.extend(given.keys().filter(|name| !known.contains(name.as_str())).map(|name| unknown(name)));
    if wrong.is_empty() { Ok(filled) } else { Err(invalid(&wrong)) }
}

/// Makes sure of the copies.
///
/// # Errors
/// [`Code::InvalidValue`] with every copy that is missing, unknown, given twice, empty or too large.
pub(super) fn copies(form: &Form, given: &[Attachment]) -> Result<(), Problem> {
    let mut wrong = BTreeMap::new();
    let mut names = BTreeSet::new();
    for copy in given {
        if !form.copies.iter().any(|known| known.name == copy.name) {
            wrong.extend([unknown(&copy.name)]);
        } else if !names.insert(copy.name.as_str()) {
            wrong.insert(copy.name.clone(), "is attached twice".to_owned());
        } else if copy.content.0.is_empty() || copy.content.0.len() > LARGEST_COPY {
            wrong.insert(copy.name.clone(), format!("a copy has 1 to {LARGEST_COPY} bytes"));
        } else if !is_media_type(&copy.media_type) {
            wrong.insert(copy.name.clone(), "mediaType is not a media type".to_owned());
        }
    }
    let together: usize = given.iter().map(|copy| copy.content.0.len()).sum();
    if together > LARGEST_COPIES {
        wrong.insert(
            "copies".to_owned(),
            format!("have {together} bytes together; {LARGEST_COPIES} are allowed"),
        );
    }
    for missing in form.copies.iter().filter(|copy| !copy.optional && !names.contains(copy.name.as_str())) {
        wrong.entry(missing.name.clone()).or_insert_with(|| "is not attached".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(invalid(&wrong)) }
}

/// Makes sure of a text that is no field of the form.
pub(super) fn text(name: &str, value: &str) -> Result<(), Problem> {
    let wrong = if value.trim().is_empty() { Err("is missing".to_owned()) } else { plain(value) };
    wrong.map_err(|why| invalid(&BTreeMap::from([(name.to_owned(), why)])))
}

fn plain(value: &str) -> Result<(), String> {
    if value.chars().count() > 200 {
        Err("has more than 200 characters".to_owned())
    } else if value.chars().any(char::is_control) {
        Err("holds a control character".to_owned())
    } else {
        Ok(())
    }
}

fn long(value: &str) -> Result<(), String> {
    if value.chars().count() > 2_000 {
        Err("has more than 2000 characters".to_owned())
    } else if value.chars().any(|c| c.is_control() && c != '\n') {
        Err("holds a control character".to_owned())
    } else {
        Ok(())
    }
}

fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-._".contains(&b))
    };
    text.len() <= 100 && text.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub))
}

fn unknown(name: &str) -> (String, String) {
    let shown: String = name.chars().take(60).collect();
    (shown, "is not in the form".to_owned())
}

fn invalid(wrong: &BTreeMap<String, String>) -> Problem {
    let detail: Vec<String> = wrong.iter().map(|(name, why)| format!("{name} {why}")).collect();
    let fields: serde_json::Map<String, Value> =
        wrong.iter().map(|(name, why)| (name.clone(), Value::from(why.as_str()))).collect();
    Problem::new(Code::InvalidValue).detail(detail.join("; ")).fact("fields", fields)
}

fn format(field: &Field, value: &str, digit: CheckDigit) -> Result<(), String> {
    match field.kind {
        FieldType::Iin => Iin::parse(value, digit).map(drop).map_err(|error| error.to_string()),
        FieldType::Bin => Bin::parse(value, digit).map(drop).map_err(|error| error.to_string()),
        FieldType::Text => plain(value),
        FieldType::LongText => long(value),
        FieldType::Date => {
            value.parse::<jiff::civil::Date>().map(drop).map_err(|_| "is not YYYY-MM-DD".to_owned())
        }
        FieldType::Choice if field.options.iter().any(|option| option.value == value) => Ok(()),
        FieldType::Choice => {
            let options: Vec<&str> = field.options.iter().map(|option| option.value.as_str()).collect();
            Err(format!("is none of {}", options.join(", ")))
        }
        FieldType::Organisation => organisation(value),
    }
}

/// That it can be the code of an organisation.
pub(super) fn organisation(value: &str) -> Result<(), String> {
    let code = value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if code && value.len() <= 60 {
        Ok(())
    } else {
        Err("is not a code of lower-case letters, digits and dashes".to_owned())
    }
}
