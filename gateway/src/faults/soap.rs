//! What is faulty in SOAP alone, as changes of the text of a signed message.

use std::ops::Range;

use signer::xml::{self, Element, wss};
use uuid::Uuid;

use super::facts::Facts;

/// What a message says of itself, whoever wrote it and whether it is signed or not; `None` for what is none.
pub(super) fn said(message: &[u8]) -> Option<Facts> {
    let tree = xml::read(message).ok()?;
    let body = wss::body(&tree).ok()?;
    let text = |name: &str| found(body, name).map(|element| element.text().trim().to_owned());
    // The message itself is XML, or XML in a string.
    let inner =
        text("data").filter(|data| data.starts_with('<')).and_then(|data| xml::read(data.as_bytes()).ok());
    let carried = |name: &str| match &inner {
        Some(inner) => found(inner.root(), name).map(|element| element.text().trim().to_owned()),
        None => text(name),
    };
    Some(Facts {
        message_id: text("messageId"),
        service: text("serviceId"),
        route: text("routeId"),
        message: carried("message"),
        case: carried("case").and_then(|case| case.parse().ok()),
        is_soap: true,
        path: None,
    })
}

/// The first element of a local name inside of another, at any depth.
fn found<'a>(element: Element<'a>, name: &str) -> Option<Element<'a>> {
    element
        .children()
        .find_map(|child| if child.local_name() == name { Some(child) } else { found(child, name) })
}

/// The message without its Security header; `None` when it has none.
pub(crate) fn unsigned(message: &str) -> Option<String> {
    let security = element(message, "Security")?;
    Some(spliced(message, security, ""))
}

/// The message with a blank more in its Body, as if somebody had laid it out anew after it was signed.
pub(crate) fn altered(message: &str) -> Option<String> {
    let body = element(message, "Body")?;
    let end = message.get(body.clone())?.rfind("</")? + body.start;
    Some(spliced(message, end..end, " "))
}

/// The signed Body at another place, and another Body where it stood: XML signature wrapping in the shapes 1 to 8 that
/// the literature counts. `None` for what is no signed message.
pub(crate) fn wrapped(message: &str, shape: u8) -> Option<String> {
    let place = element(message, "Body")?;
    element(message, "Security")?;
    let original = message.get(place.clone())?;
    let id = attribute(original, "Id")?;
    let without = spliced(original, id.clone(), "");
    let with = |value: &str| {
        let kept = original.get(id.clone()).unwrap_or_default();
        let name = kept.split('=').next().unwrap_or_default();
        spliced(original, id.clone(), &format!("{name}=\"{value}\""))
    };
    let wrapper = |inside: &str| format!("<w:Wrapper xmlns:w=\"urn:test:wrapper\">{inside}</w:Wrapper>");
    let evil = |body: String| with_another_message_id(&body);
    let moved = |body: String, into: &str, what: &str| {
        let changed = spliced(message, place.clone(), &body);
        before_end(&changed, into, what)
    };
    match shape {
        1 => moved(evil(without), "Header", &wrapper(original)),
        2 => moved(evil(with("id-another")), "Header", &wrapper(original)),
        3 => moved(evil(original.to_owned()), "Header", &wrapper(original)),
        4 => moved(evil(without), "Security", original),
        5 => {
            let object = "http://www.w3.org/2000/09/xmldsig#";
            moved(
                evil(without),
                "Signature",
                &format!("<o:Object xmlns:o=\"{object}\">{original}</o:Object>"),
            )
        }
        6 => Some(spliced(message, place, &before_end(&evil(without), "Body", original)?)),
        7 => Some(spliced(message, place, &format!("{}{original}", evil(without)))),
        _ => {
            let whole = message.get(element(message, "Envelope")?)?;
            moved(evil(without), "Header", &wrapper(whole))
        }
    }
}

/// The first element of a local name, whatever its prefix; of a Body, up to the last end tag.
fn element(text: &str, local: &str) -> Option<Range<usize>> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('<')?;
        let name: &str = text.get(start + 1..)?.split([' ', '>', '/', '\t', '\r', '\n']).next()?;
        if name == local || name.strip_suffix(local).is_some_and(|prefix| prefix.ends_with(':')) {
            let close = format!("</{name}");
            let end = text.rfind(&close)?;
            let end = end + text.get(end..)?.find('>')? + 1;
            return (end > start).then_some(start..end);
        }
        from = start + 1;
    }
}

/// An attribute of the first start tag, whatever its prefix, from its name to the closing quote.
fn attribute(text: &str, local: &str) -> Option<Range<usize>> {
    let tag = text.get(..text.find('>')?)?;
    let at = tag.match_indices(local).find(|(at, _)| {
        let before = tag.get(..*at).and_then(|before| before.chars().last());
        let after = tag.get(at + local.len()..).and_then(|after| after.chars().next());
        before.is_some_and(|before| before == ':' || before.is_whitespace()) && after == Some('=')
    })?;
    let start = tag.get(..at.0)?.rfind(char::is_whitespace)? + 1;
    let value = at.0 + local.len() + 1;
    let quote = tag.get(value..)?.chars().next()?;
    let end = value + 1 + tag.get(value + 1..)?.find(quote)? + 1;
    Some(start..end)
}

/// What nobody signed: another message, for who takes the wrong Body.
fn with_another_message_id(body: &str) -> String {
    match element(body, "messageId") {
        Some(place) => spliced(body, place, &format!("<messageId>{}</messageId>", Uuid::new_v4())),
        None => body.to_owned(),
    }
}

fn before_end(text: &str, local: &str, what: &str) -> Option<String> {
    let place = element(text, local)?;
    let end = text.get(place.clone())?.rfind("</")? + place.start;
    Some(spliced(text, end..end, what))
}

fn spliced(text: &str, place: Range<usize>, what: &str) -> String {
    let before = text.get(..place.start).unwrap_or_default();
    let after = text.get(place.end..).unwrap_or_default();
    format!("{before}{what}{after}")
}

#[cfg(test)]
mod tests {
    use certs::{Algorithm, Authority, Bin, Order, Organisation, Profile, Subject, SystemName};
    use signer::Code;
    use signer::xml::{read, wss};

    use super::*;

    const MESSAGE: &str = "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         <m:SendMessage xmlns:m=\"urn:test:message\"><messageId>7</messageId><to>school</to></m:SendMessage>\
         </soap:Body></soap:Envelope>";

    fn signed() -> String {
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let centre = Authority::create(Algorithm::P256, "QAQPA TEST", now, "http://127.0.0.1:1").unwrap();
        let organisation = Organisation { name: "ПОРТАЛ".into(), bin: Bin::generated(1) };
        let name =
            SystemName { common_name: "ПОРТАЛ".into(), organisation, oid: "1.2.398.3.17.1".into() };
        let order = Order::new(Subject::System(name), Profile::InformationSystem, Algorithm::P256);
        let issued = centre.issue(&order, now).unwrap();
        wss::sign(MESSAGE.as_bytes(), &issued.key.unwrap(), &issued.certificate).unwrap()
    }

    fn refused(message: &str) -> Code {
        read(message.as_bytes()).expect("what is faulty is XML all the same");
        wss::verify(message.as_bytes(), &[]).unwrap_err().code()
    }

    #[test]
    fn every_shape_of_wrapping_is_refused_and_no_two_are_the_same() {
        let good = signed();
        wss::verify(good.as_bytes(), &[]).unwrap();
        let mut seen = Vec::new();
        for shape in 1..=8 {
            let message = wrapped(&good, shape).unwrap();
            let code = refused(&message);
            assert!([Code::SignatureWrapped, Code::EnvelopeMalformed].contains(&code), "{shape}: {code}");
            assert!(message.contains("<messageId>7</messageId>"), "{shape}: the signed Body is still there");
            let without_ids: String =
                message.split("<messageId>").map(|part| part.get(36..).unwrap_or(part)).collect();
            assert!(!seen.contains(&without_ids), "{shape}");
            seen.push(without_ids);
        }
    }

    #[test]
    fn a_message_without_signature_and_one_that_was_altered_are_refused() {
        let good = signed();
        assert_eq!(refused(&unsigned(&good).unwrap()), Code::SignatureMissing);
        assert_eq!(refused(&altered(&good).unwrap()), Code::SignatureInvalid);
        assert_eq!((unsigned(MESSAGE), wrapped(MESSAGE, 1)), (None, None));
        assert_eq!((unsigned("no XML"), altered("<Body"), wrapped("", 3)), (None, None, None));
    }
}
