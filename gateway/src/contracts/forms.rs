//! The form of a channel as JSON Schema and as XML Schema.

use serde_json::{Map, Value, json};

use super::Contract;
use crate::regulation::file::{Field, Form};
use crate::regulation::{Channel, FieldType, Regulation};

/// The most characters of a text, and of a long one.
const SHORT: usize = 200;
const LONG: usize = 2_000;

/// Both schemas of a channel's form.
pub(super) fn of(regulation: &Regulation, channel: &Channel) -> [Contract; 2] {
    let name = format!("{}.{}", regulation.id, channel.name);
    let json = serde_json::to_string_pretty(&json_schema(regulation, channel)).unwrap_or_default();
    [
        Contract { name: format!("{name}.schema.json"), text: json + "\n" },
        Contract { name: format!("{name}.xsd"), text: xml_schema(regulation, channel) },
    ]
}

/// An application document whose fields and copies are those of the form.
fn json_schema(regulation: &Regulation, channel: &Channel) -> Value {
    let form = &channel.form;
    let properties: Map<String, Value> =
        form.fields.iter().map(|f| (f.name.clone(), json_field(f))).collect();
    let required: Vec<&str> =
        form.fields.iter().filter(|f| is_required(form, f)).map(|f| f.name.as_str()).collect();
    let mut fields = json!({
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    });
    let either: Vec<Value> = alternatives(form).map(|field| json!({ "required": [field.name] })).collect();
    if !either.is_empty() {
        fields["oneOf"] = either.into();
    }
    let copies: Vec<Value> = form
        .copies
        .iter()
        .map(|copy| json!({ "const": copy.name, "title": copy.title.en, "description": copy.title.kk }))
        .collect();
    let copies = if copies.is_empty() {
        json!(false)
    } else {
        json!({ "properties": { "name": { "oneOf": copies } } })
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{}: {}", regulation.said.title.en, channel.title.en),
        "description": format!("An application document of {}/{}. {}", regulation.id, channel.name, CHECK_DIGIT),
        "allOf": [{ "$ref": "documents.schema.json#/$defs/application" }],
        "properties": { "fields": fields, "copies": { "items": copies } },
    })
}

const CHECK_DIGIT: &str = "The check digit of an IIN or BIN is made sure of besides.";

/// Whether a field is always filled in.
fn is_required(form: &Form, field: &Field) -> bool {
    !field.optional && !alternatives(form).any(|one| one.name == field.name)
}

/// The fields of which exactly one is filled in: where the recipient may be known by an IIN or a BIN.
fn alternatives(form: &Form) -> impl Iterator<Item = &Field> {
    let several = form.fields.iter().filter(|field| field.declares_identity).count() > 1;
    form.fields.iter().filter(move |field| several && field.declares_identity)
}

fn json_field(field: &Field) -> Value {
    let mut schema = match field.kind {
        FieldType::Iin | FieldType::Bin => json!({ "type": "string", "pattern": "^[0-9]{12}$" }),
        FieldType::Text => json!({ "type": "string", "minLength": 1, "maxLength": SHORT }),
        FieldType::LongText => json!({ "type": "string", "minLength": 1, "maxLength": LONG }),
        FieldType::Date => json!({ "type": "string", "format": "date" }),
        FieldType::Organisation => json!({ "type": "string", "pattern": "^[a-z0-9-]{1,60}$" }),
        FieldType::Choice => {
            let option = |option: &crate::regulation::file::Choosable| json!({ "const": option.value, "title": option.label.en, "description": option.label.kk });
            json!({ "oneOf": field.options.iter().map(option).collect::<Vec<_>>() })
        }
    };
    schema["title"] = field.label.en.as_str().into();
    schema["description"] = format!("{} / {}", field.label.kk, field.label.ru).into();
    schema
}

/// An element with an element for each field.
fn xml_schema(regulation: &Regulation, channel: &Channel) -> String {
    let namespace = format!("urn:qaqpa:forms:{}:{}:v1", regulation.id, channel.name);
    let title = format!("{}: {}", regulation.said.title.en, channel.title.en);
    let field = |field| xml_field(field, is_required(&channel.form, field));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
         targetNamespace=\"{}\">\n  <xs:annotation><xs:documentation xml:lang=\"en\">{}</xs:documentation>\
         </xs:annotation>\n  <xs:element name=\"fields\">\n    <xs:complexType>\n      <xs:all>\n{}      </xs:all>\n    \
         </xs:complexType>\n  </xs:element>\n</xs:schema>\n",
        escaped(&namespace),
        escaped(&title),
        channel.form.fields.iter().map(field).collect::<String>(),
    )
}

fn xml_field(field: &Field, required: bool) -> String {
    let occurs = if required { "" } else { " minOccurs=\"0\"" };
    let labels =
        [("kk", &field.label.kk), ("ru", &field.label.ru), ("en", &field.label.en)].map(|(lang, text)| {
            format!(
                "            <xs:documentation xml:lang=\"{lang}\">{}</xs:documentation>\n",
                escaped(text)
            )
        });
    let facets = match field.kind {
        FieldType::Iin | FieldType::Bin => "<xs:pattern value=\"[0-9]{12}\"/>".to_owned(),
        FieldType::Organisation => "<xs:pattern value=\"[a-z0-9\\-]{1,60}\"/>".to_owned(),
        FieldType::Text => format!("<xs:minLength value=\"1\"/><xs:maxLength value=\"{SHORT}\"/>"),
        FieldType::LongText => format!("<xs:minLength value=\"1\"/><xs:maxLength value=\"{LONG}\"/>"),
        FieldType::Date => String::new(),
        FieldType::Choice => {
            let one = |value: &str| format!("<xs:enumeration value=\"{}\"/>", escaped(value));
            field.options.iter().map(|option| one(&option.value)).collect()
        }
    };
    let base = if field.kind == FieldType::Date { "xs:date" } else { "xs:string" };
    format!(
        "        <xs:element name=\"{}\"{occurs}>\n          <xs:annotation>\n{}          </xs:annotation>\n          \
         <xs:simpleType><xs:restriction base=\"{base}\">{facets}</xs:restriction></xs:simpleType>\n        \
         </xs:element>\n",
        escaped(&field.name),
        labels.concat(),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
