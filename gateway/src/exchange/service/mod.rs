//! Services of registers that belong to no regulation: whoever is subscribed asks, with or without a case, and is
//! answered while it waits. The gateway routes them by their service id.

mod serve;

use registries::notary::service as power;
use registries::people::national as person;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signer::soap::DataType;
use signer::{Code, Envelope, Problem, System};

pub(super) use serve::serve;

/// A service by which a register is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Service {
    /// The people database, asked by systems.
    Person,
    /// The same with the person's access token.
    PersonByToken,
    /// The notary registry, in a shape of ours.
    Power,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 3] = [Self::Person, Self::PersonByToken, Self::Power];

    /// The service id in envelopes.
    pub fn id(self) -> &'static str {
        match self {
            Self::Person => "GBDFL_UniversalServiceSync",
            Self::PersonByToken => "GBDFLUniversal_token",
            Self::Power => "ENIS_TEST_PowerOfAttorney",
        }
    }

    /// The service of an id.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.id() == id)
    }

    /// The register that answers.
    pub fn register(self) -> System {
        match self {
            Self::Person | Self::PersonByToken => System::People,
            Self::Power => System::Notary,
        }
    }

    fn namespace(self) -> &'static str {
        match self {
            Self::Person | Self::PersonByToken => person::NAMESPACE,
            Self::Power => power::NAMESPACE,
        }
    }

    /// The type of a question.
    pub(crate) fn question(self) -> DataType {
        DataType { namespace: self.namespace(), name: "Request" }
    }

    /// The type of an answer.
    pub(super) fn answer(self) -> DataType {
        DataType { namespace: self.namespace(), name: "Response" }
    }

    /// That an answer is to this question, and about whom or what was asked.
    pub(super) fn check_answer(self, question: &Value, answer: &Value) -> Result<(), Problem> {
        let same =
            |asked: &Value, said: &Value| said.as_str().map(str::trim) == asked.as_str().map(str::trim);
        let other = |what: &str| Problem::new(Code::AnswerToOther).detail(what);
        if !same(&question["messageId"], &answer["requestId"]) {
            return Err(other("its requestId is not the messageId of the question"));
        }
        if answer["messageResult"]["code"].as_str().is_none_or(str::is_empty) {
            return Err(Problem::new(Code::EnvelopeMalformed).detail("messageResult has no code"));
        }
        let is_about = match self {
            Self::Person | Self::PersonByToken => {
                let persons = answer["persons"]["person"].as_array();
                persons.is_none_or(|persons| persons.iter().all(|one| same(&question["iin"], &one["iin"])))
            }
            Self::Power => answer["power"].is_null() || same(&question["number"], &answer["power"]["number"]),
        };
        if is_about { Ok(()) } else { Err(other("it is about somebody or something else")) }
    }
}

/// Not a known service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}`: there are the services {known}", known = Service::ALL.map(Service::id).join(", "))]
pub struct UnknownService(pub String);

impl std::str::FromStr for Service {
    type Err = UnknownService;

    fn from_str(id: &str) -> Result<Self, UnknownService> {
        Self::of(id).ok_or_else(|| UnknownService(id.to_owned()))
    }
}

impl TryFrom<String> for Service {
    type Error = UnknownService;

    fn try_from(id: String) -> Result<Self, UnknownService> {
        id.parse()
    }
}

impl From<Service> for &'static str {
    fn from(service: Service) -> Self {
        service.id()
    }
}

/// Makes lists of what may stand several times: XML does not tell one from a list of one.
pub(super) fn lists(answer: &mut Value) {
    fn list(of: &mut Value, name: &str) {
        if let Some(found) = of.get_mut(name)
            && !found.is_array()
        {
            *found = Value::Array(vec![found.take()]);
        }
    }
    let Some(persons) = answer.get_mut("persons") else { return };
    list(persons, "person");
    for person in persons.get_mut("person").and_then(Value::as_array_mut).into_iter().flatten() {
        for (several, one) in [("documents", "document"), ("addresses", "address")] {
            if let Some(several) = person.get_mut(several) {
                list(several, one);
            }
        }
    }
}

/// By this property of an envelope the gateway says which system it asks for.
const ASKED_BY: &str = "askedBy";

/// A question to a service, whose sender is certain.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Which service.
    pub service: Service,
    /// The system that it came from.
    pub from: System,
    /// The envelope that it came in.
    pub envelope: &'a Envelope,
}

impl Call<'_> {
    /// The system that asks: where the gateway only passes the question on, the one that it names.
    pub fn asked_by(&self) -> System {
        let said = self.envelope.properties.iter().find(|property| property.key == ASKED_BY);
        let said = said.filter(|_| self.from == System::Gateway);
        said.and_then(|property| property.value.parse().ok()).unwrap_or(self.from)
    }
}
