//! The message inside: typed XML, or the same XML as a string.

use serde_json::Value;

use super::error::SoapError;
use super::names::{XS, XSI};
use super::read::value;
use super::write::Writer;
use crate::xml::{self, Element};

/// The XML Schema type of what a channel carries, which is also the element that stands for it in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataType {
    /// Its namespace.
    pub namespace: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// How the message is written into `data`. Both are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// As elements, with `xsi:type`.
    #[default]
    Typed,
    /// As a string with the elements escaped in it.
    Text,
}

pub(super) fn write(out: &mut Writer, data: &Value, kind: DataType, form: Form) -> Result<(), SoapError> {
    let DataType { namespace, name } = kind;
    match form {
        Form::Typed => {
            let tag = format!("data xmlns:xsi=\"{XSI}\" xmlns:m=\"{namespace}\" xsi:type=\"m:{name}\"");
            out.element(&tag, |inside| inside.inside(data));
        }
        Form::Text => {
            let mut text = Writer::default();
            let tag = format!("m:{name} xmlns:m=\"{namespace}\"");
            text.element(&tag, |inside| inside.inside(data));
            let text = text.finish()?;
            let tag = format!("data xmlns:xsi=\"{XSI}\" xmlns:xs=\"{XS}\" xsi:type=\"xs:string\"");
            out.element(&tag, |inside| {
                inside.text(&text);
            });
        }
    }
    Ok(())
}

/// How what a message carries was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// As elements or as a string.
    pub form: Form,
    /// The namespace and the name of its type, where the sender names one.
    pub kind: Option<(String, String)>,
}

/// Reads either form. Of a string, what it holds is read by the same parser, under the same limits.
pub(super) fn read(data: Element<'_>) -> Result<(Value, Written), SoapError> {
    let mut children = data.children();
    match (children.next(), children.next()) {
        (None, _) if data.text().trim_start().starts_with('<') => {
            let tree = xml::read(data.text().trim().as_bytes())?;
            let root = tree.root();
            Ok((value(root)?, Written { form: Form::Text, kind: Some(name(root)) }))
        }
        // Fields begin with a small letter; some clients put an element of the type's name around them.
        (Some(only), None) if only.local_name().starts_with(char::is_uppercase) => {
            let kind = said_type(data).unwrap_or_else(|| name(only));
            Ok((value(only)?, Written { form: Form::Typed, kind: Some(kind) }))
        }
        _ => Ok((value(data)?, Written { form: Form::Typed, kind: said_type(data) })),
    }
}

fn name(element: Element<'_>) -> (String, String) {
    (element.namespace().unwrap_or_default().to_owned(), element.local_name().to_owned())
}

/// What `xsi:type` names.
fn said_type(data: Element<'_>) -> Option<(String, String)> {
    let said = data.attribute(Some(XSI), "type")?.trim();
    let (prefix, local) = said.split_once(':').unwrap_or(("", said));
    Some((data.resolve(prefix).unwrap_or_default().to_owned(), local.to_owned()))
}
