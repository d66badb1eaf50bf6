//! Reading XML: fields by their local names, since senders qualify them or do not.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::SoapError;
use super::names::XSI;
use crate::xml::Element;

/// The time of Kazakhstan, for moments that are written without saying of which place.
const LOCAL: Offset = Offset::constant(5);

/// A field that stands at most once; one that is nil does not stand there.
pub(super) fn field<'a>(inside: Element<'a>, name: &str) -> Result<Option<Element<'a>>, SoapError> {
    let mut found = inside.children().filter(|child| child.local_name() == name);
    let first = found.next();
    if found.next().is_some() {
        return Err(SoapError::Twice(name.to_owned()));
    }
    Ok(first.filter(|field| !is_nil(*field)))
}

/// A field that stands exactly once.
pub(super) fn needed<'a>(inside: Element<'a>, name: &'static str) -> Result<Element<'a>, SoapError> {
    field(inside, name)?.ok_or(SoapError::Missing(name))
}

/// The text of a field without the white space around it; an empty one is as good as none.
pub(super) fn text(inside: Element<'_>, name: &str) -> Result<Option<String>, SoapError> {
    let text = field(inside, name)?.map(|field| field.text().trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()))
}

/// The text of a field that must have some.
pub(super) fn needed_text(inside: Element<'_>, name: &'static str) -> Result<String, SoapError> {
    text(inside, name)?.ok_or(SoapError::Missing(name))
}

/// A UUID, also in braces.
pub(super) fn uuid(inside: Element<'_>, name: &str) -> Result<Option<Uuid>, SoapError> {
    let read = |text: String| Uuid::parse_str(&text).map_err(|_| wrong(name, "no UUID"));
    text(inside, name)?.map(read).transpose()
}

/// A moment; without an offset it is in Kazakhstan's time.
pub(super) fn moment(inside: Element<'_>, name: &str) -> Result<Option<Timestamp>, SoapError> {
    let read = |text: String| {
        let moment = text.parse::<Timestamp>().ok();
        let local = || {
            let zone = TimeZone::fixed(LOCAL);
            text.parse::<DateTime>().ok()?.to_zoned(zone).ok().map(|moment| moment.timestamp())
        };
        moment.or_else(local).ok_or_else(|| wrong(name, "no xs:dateTime"))
    };
    text(inside, name)?.map(read).transpose()
}

fn wrong(field: &str, what: &str) -> SoapError {
    SoapError::Value { field: field.to_owned(), what: what.to_owned() }
}

fn is_nil(element: Element<'_>) -> bool {
    matches!(element.attribute(Some(XSI), "nil").map(str::trim), Some("true" | "1"))
}

/// Elements as JSON: the other way round of writing. What stands once is no list; whoever wants one takes either.
pub(super) fn value(element: Element<'_>) -> Result<Value, SoapError> {
    let mut fields = Map::new();
    for child in element.children().filter(|child| !is_nil(*child)) {
        let item = value(child)?;
        match fields.get_mut(child.local_name()) {
            None => drop(fields.insert(child.local_name().to_owned(), item)),
            Some(Value::Array(items)) => items.push(item),
            Some(one) => *one = Value::Array(vec![one.take(), item]),
        }
    }
    let text = element.text();
    if fields.is_empty() {
        return Ok(Value::String(text));
    }
    if !text.trim().is_empty() {
        return Err(wrong(element.local_name(), "text among elements"));
    }
    Ok(Value::Object(fields))
}
