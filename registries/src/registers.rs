//! The state's other registers: identity documents, certificates of birth, rights to a first-priority place.
//!
//! They tell of the same people as the people database; what somebody's record there has of documents is what these
//! registers answer. Who has a right to be served first is the personas' to say.

use certs::Iin;
use serde::{Deserialize, Serialize};

use crate::people::{CivilCertificate, IdentityDocument, People, Persona, PriorityDocument};
use crate::store::StoreError;

/// The registers of one world. Cloning is cheap and shares the store.
#[derive(Debug, Clone)]
pub struct Registers {
    people: People,
}

/// What the registers have of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documents {
    /// Whose they are.
    pub iin: Iin,
    /// The child whose certificate of birth was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<Iin>,
    /// The newest identity document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityDocument>,
    /// The child's certificate of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<CivilCertificate>,
    /// The document on the right to a first-priority place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_priority: Option<PriorityDocument>,
}

impl Registers {
    /// Over the people of a world.
    pub fn new(people: People) -> Self {
        Self { people }
    }

    /// What there is of somebody and a child; `None` when nobody has that number, which is an answer and no failure.
    pub async fn find(&self, iin: Iin, child: Option<Iin>) -> Result<Option<Documents>, StoreError> {
        let Some(person) = self.people.find(iin).await? else { return Ok(None) };
        let birth_certificate = match child {
            Some(child) => self.people.find(child).await?.and_then(|child| child.birth_certificate),
            None => None,
        };
        let cast = self.people.persona(Persona::FirstPriority).await?;
        let first_priority = cast.filter(|cast| cast.iin == iin).and_then(|cast| cast.priority);
        Ok(Some(Documents {
            iin,
            child,
            identity: person.documents.into_iter().next(),
            birth_certificate,
            first_priority,
        }))
    }
}
