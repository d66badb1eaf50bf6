//! The documents inside of samples, signed by whom the regulation names.

use std::collections::BTreeMap;

use certs::{Bin, CheckDigit, Flaw, Identifier, Iin, Order, Profile, Subject as Named};
use serde_json::{Value, json};
use signer::{Bytes, Document, Problem, System};
use uuid::Uuid;

use crate::exchange::{JSON, SPECIMEN, Subject, identifier_text, record, sha256_hex};
use crate::regulation::file::{Field, Form};
use crate::regulation::{Channel, End, FieldType, Message, Person, Regulation};
use crate::world::{Centre, World};

/// What a document is made of.
pub(super) struct Inside<'a> {
    pub(super) regulation: &'a Regulation,
    pub(super) channel: &'a Channel,
    pub(super) message: Message,
    pub(super) carries: Option<End>,
    /// Who signs; the sending system itself without one.
    pub(super) author: Option<Person>,
    /// The system whose step sends it.
    pub(super) system: System,
}

/// What is to be wrong with a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoilt {
    /// The signer's certificate.
    Certificate(Flaw),
    /// It declares somebody else's number.
    Number,
    /// It was changed after it was signed.
    Content,
}

/// A document with its copies.
pub(super) struct Made {
    pub(super) case: Uuid,
    pub(super) document: Document,
    pub(super) attachments: Vec<Value>,
}

impl Inside<'_> {
    /// Makes and signs it, for a case of its own.
    pub(super) async fn made(&self, world: &World, spoilt: Option<Spoilt>) -> Result<Made, Problem> {
        let case = Uuid::new_v4();
        let number = |salt: u64| case.as_u64_pair().0.wrapping_add(salt) >> 32;
        let own = Iin::never_issued(number(0));
        let now = world.clock.now();
        let works_for = self.author.and_then(Person::works_for);
        let organisation = record(world, works_for.unwrap_or(self.system)).await?;
        let organisation = json!({ "name": organisation.organisation, "bin": organisation.bin });
        let declared = if spoilt == Some(Spoilt::Number) { Iin::never_issued(number(1 << 33)) } else { own };
        let mut attachments = Vec::new();
        let subject =
            Subject { case, regulation: self.regulation.id.clone(), channel: self.channel.name.clone() };
        let mut said = json!({ "specimen": SPECIMEN });
        merge(&mut said, &json!(subject));
        let more = match self.message {
            message if message.is_application() => {
                attachments = copies(&self.channel.form);
                let mut digests = Vec::new();
                for copy in &attachments {
                    let bytes: Bytes =
                        serde_json::from_value(copy["content"].clone()).map_err(Problem::technical)?;
                    digests.push(json!({ "name": copy["name"], "media_type": copy["mediaType"], "sha256": sha256_hex(&bytes.0) }));
                }
                let mut more = json!({
                    "service": self.regulation.said.title, "made_at": now,
                    "declared": identifier_text(Identifier::Iin(declared)),
                    "fields": fields(&self.channel.form, declared, Iin::never_issued(number(2 << 33))),
                    "copies": digests,
                });
                if works_for.is_some() {
                    let consent = json!({ "state": "given", "taken_at": now });
                    more["counter"] =
                        json!({ "organisation": organisation, "consent": consent, "papers": [] });
                }
                more
            }
            Message::Registration => {
                json!({ "number": "TEST-1", "registered_at": now, "organisation": organisation })
            }
            Message::HomeVisit => json!({ "called_at": now, "note": "TEST" }),
            Message::PersonQuery | Message::AttorneyQuery | Message::DocumentsQuery => {
                let about = match self.message {
                    Message::PersonQuery => json!({ "of": "person", "iin": own }),
                    Message::AttorneyQuery => json!({ "of": "power", "number": "TEST-1" }),
                    _ => json!({ "of": "documents", "iin": own }),
                };
                let consent = json!({ "state": "given", "taken_at": now });
                json!({ "query": Uuid::new_v4(), "asked_at": now, "consent": consent, "about": about })
            }
            message => {
                let document = match (message, self.carries) {
                    (Message::Outcome, Some(End::Refusal)) => "refusal",
                    (Message::Outcome, _) => "decision",
                    _ => "complaint-answer",
                };
                let title = &self.regulation.said.title;
                json!({ "document": document, "title": title, "made_at": now, "provider": organisation })
            }
        };
        merge(&mut said, &more);
        let content = serde_json::to_vec_pretty(&said).map_err(Problem::technical)?;
        let mut document = match self.author {
            None => {
                let identity = world.identity(self.system)?;
                Document::sign(content, JSON, &identity.key, &identity.certificate, now)
                    .map_err(Problem::technical)?
            }
            Some(person) => {
                let bin = organisation["bin"].as_str().filter(|_| works_for.is_some());
                let (key, certificate) = order(world, person, own, bin, spoilt).await?;
                Document::sign(content, JSON, &key, &certificate, now).map_err(Problem::technical)?
            }
        };
        if spoilt == Some(Spoilt::Content) {
            let signed = document.verify()?.content;
            let Value::String(signature) = json!(document)["signature"].take() else {
                return Err(Problem::technical("a document without a signature beside it"));
            };
            let signature: Bytes = serde_json::from_value(signature.into()).map_err(Problem::technical)?;
            document = Document::detached([&signed[..], b" "].concat(), JSON, signature.0);
        }
        Ok(Made { case, document, attachments })
    }
}

fn merge(into: &mut Value, more: &Value) {
    if let (Some(into), Some(more)) = (into.as_object_mut(), more.as_object()) {
        into.extend(more.clone());
    }
}

/// A certificate of somebody who signs, ordered now.
async fn order(
    world: &World,
    person: Person,
    iin: Iin,
    bin: Option<&str>,
    spoilt: Option<Spoilt>,
) -> Result<(certs::KeyPair, certs::Certificate), Problem> {
    let Centre::Here(centre) = &world.centre else {
        return Err(
            Problem::new(signer::Code::WorldNotWhole).detail("samples need the centre in this process")
        );
    };
    let named =
        certs::Person {
            surname: "ҮЛГІЛІ".to_owned(), name: "АДАМ".to_owned(), patronymic: None, iin
        };
    let (subject, profile) = match bin {
        None => (Named::Person(named), Profile::Individual),
        Some(bin) => {
            let bin = Bin::parse(bin, CheckDigit::AnyDigit).map_err(Problem::technical)?;
            let organisation = certs::Organisation { name: "ҮЛГІ".to_owned(), bin };
            let profile = match person {
                Person::AuthorisedPerson | Person::QualityOfficer => Profile::AuthorisedPerson,
                Person::Head | Person::CorporationHead => Profile::Head,
                _ => Profile::Employee,
            };
            (Named::Employee { person: named, organisation }, profile)
        }
    };
    let mut order = Order::new(subject, profile, world.settings.plan.algorithm);
    if let Some(Spoilt::Certificate(flaw)) = spoilt {
        order = order.flawed(flaw);
    }
    let issued = centre.order(order).await?;
    let key = issued.key.ok_or_else(|| Problem::technical("a certificate without its key"))?;
    Ok((key, issued.certificate))
}

fn fields(form: &Form, own: Iin, other: Iin) -> BTreeMap<&str, String> {
    let value = |field: &Field| match field.kind {
        FieldType::Iin if field.declares_identity => own.to_string(),
        FieldType::Iin => other.to_string(),
        FieldType::Bin => Bin::generated(0).to_string(),
        FieldType::Organisation => "balabaqsha-1".to_owned(),
        FieldType::Date => "2022-09-01".to_owned(),
        FieldType::Text | FieldType::LongText => "ҮЛГІЛІ АДАМ".to_owned(),
        FieldType::Choice => field.options.first().map(|option| option.value.clone()).unwrap_or_default(),
    };
    // Whoever may be known by an IIN or a BIN is known by the first.
    let is_given = |field: &&Field| !(field.declares_identity && field.kind == FieldType::Bin);
    form.fields.iter().filter(is_given).map(|field| (field.name.as_str(), value(field))).collect()
}

fn copies(form: &Form) -> Vec<Value> {
    let content = |title: &str| Bytes(format!("{SPECIMEN}\n{title}\n").into_bytes());
    let copy = |copy: &crate::regulation::file::Copy| json!({ "name": copy.name, "mediaType": "text/plain", "content": content(&copy.title.en) });
    form.copies.iter().filter(|copy| !copy.optional).map(copy).collect()
}
