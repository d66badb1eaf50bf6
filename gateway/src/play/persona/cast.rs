//! Everybody on a path: the recipient, who comes for them, who serves them.

use std::collections::{BTreeMap, BTreeSet};

use certs::{Flaw, Identifier, Iin, Profile, RevocationBy};
use registries::ca::OrderRequest;
use registries::people::{Cast as Played, Persona, Played as Answer};
use serde_json::{Value, json};
use signer::{Code, Problem, System};
use uuid::Uuid;

use super::power::in_force;
use super::{Applicant, Key, order_key, profile};
use crate::play::human::Unready;
use crate::play::{Play, Selected};
use crate::regulation::{CheckWord, Choice, Fact, Person, Verb};

/// Everybody on a path, with what they have in hand.
pub(in crate::play) struct Cast {
    /// For whom the service is asked for.
    pub(in crate::play) applicant: Applicant,
    /// Who comes for them, as they are entered.
    pub(in crate::play) representative: Option<Value>,
    /// Who stands at the counter, if not the recipient.
    visitor: Option<Iin>,
    /// The password of the recipient's account.
    pub(in crate::play) password: String,
    employee: Option<Employee>,
    keys: BTreeMap<Person, Key>,
}

/// Somebody with a login at the workstation.
struct Employee {
    login: String,
    iin: Iin,
}

/// The flaw that makes a check of a certificate fail.
fn flaw(check: CheckWord) -> Option<Flaw> {
    match check {
        CheckWord::ValidityPeriod => Some(Flaw::Expired),
        CheckWord::NotRevoked => Some(Flaw::Revoked),
        CheckWord::IdentityMatches => Some(Flaw::IinMismatch),
        _ => None,
    }
}

impl Cast {
    /// Finds or makes everybody that a path needs.
    pub(in crate::play) async fn prepare(
        play: &Play,
        selected: &Selected<'_>,
        foreign: &BTreeSet<System>,
    ) -> Result<Self, Unready> {
        let number = Uuid::new_v4().as_u64_pair().0 >> 32;
        // What registers answer matters only where something is checked of it: elsewhere anybody will do.
        let of_registers =
            [CheckWord::PersonFound, CheckWord::AttorneyFound, CheckWord::DocumentsInRegisters];
        let asks = of_registers.into_iter().any(|check| selected.channel.checks(check));
        let (recipient, child, came) = if asks {
            Self::from_registers(play, selected, foreign).await?
        } else {
            (Iin::never_issued(number), Iin::never_issued(number + 1), None)
        };
        let represented = selected.path.fact(selected.channel, Fact::Represented);
        let by_power = came.as_ref().and_then(representative);
        let by_law = || {
            let who = Iin::never_issued(number + 2);
            json!({ "iin": who, "name": "ӨКІЛ СЫНАҚ TEST", "certified": "law" })
        };
        let representative = represented.then(|| by_power.unwrap_or_else(by_law));
        let visitor = representative.as_ref().and_then(|who| serde_json::from_value(who["iin"].clone()).ok());
        let mut cast = Self {
            applicant: Applicant::new(recipient, "ҮЛГІБАЕВ СЫНАҚ TEST".to_owned(), child, &selected.path),
            representative,
            visitor,
            password: format!("Qaqpa-{}", Uuid::new_v4().simple()),
            employee: None,
            keys: BTreeMap::new(),
        };
        if selected.channel.steps.iter().any(|step| step.said.signed_by == Some(Person::Recipient)) {
            let key = recipient_key(play, selected, cast.applicant.identifier()).await?;
            cast.keys.insert(Person::Recipient, key);
        }
        let signs_in = |step: &crate::regulation::Step| {
            step.does(Verb::SignIn) && step.person() == Some(Person::CorporationEmployee)
        };
        if selected.channel.steps.iter().any(signs_in) {
            let login = format!("employee-{}", Uuid::new_v4().simple());
            let iin = Iin::never_issued(number + 3);
            let body = json!({ "iin": iin, "password": cast.password });
            let entered = play.client.put::<Value>(&format!("/workstation/employees/{login}"), &body).await;
            entered.map_err(Unready::at(System::Workstation))?;
            cast.employee = Some(Employee { login, iin });
        }
        Ok(cast)
    }

    /// A recipient with a child, and who comes for them, of whom the registers know what the path needs.
    async fn from_registers(
        play: &Play,
        selected: &Selected<'_>,
        foreign: &BTreeSet<System>,
    ) -> Result<(Iin, Iin, Option<Played>), Problem> {
        let fact = |fact| selected.path.fact(selected.channel, fact);
        let fails = |check| selected.path.failing().any(|failing| failing == check);
        let (unknown, no_power) = (fails(CheckWord::PersonFound), fails(CheckWord::AttorneyFound));
        let notarised = fact(Fact::Represented) && fact(Fact::AttorneyNotarised);
        let otherwise = fact(Fact::Represented)
            && selected.channel.steps.iter().any(|step| step.guard().contains(&Fact::AttorneyNotarised));
        let persona = match (notarised, otherwise) {
            (true, _) if no_power => Persona::AttorneyNotFound,
            (true, _) if unknown => Persona::AttorneyOfUnregistered,
            (true, _) if fails(CheckWord::DocumentsInRegisters) => Persona::AttorneyDocumentBefore2008,
            (true, _) => Persona::AttorneyNotarised,
            (false, true) => Persona::AttorneyOtherwiseCertified,
            (false, false) if unknown => Persona::NotInRegister,
            (false, false) => Persona::ParentWithChild,
        };
        let mut came = find(play, foreign, persona).await?;
        if let Some(power) = came.power.take_if(|power| power.certified.is_registered() && !no_power) {
            came.power = Some(in_force(play, power).await?);
        }
        // Nobody plays both: that neither the recipient nor the power is known needs no record of either.
        let other =
            if unknown && no_power { Some(find(play, foreign, Persona::NotInRegister).await?) } else { None };
        let recipient = other.as_ref().map_or(came.recipient.unwrap_or(came.iin), |other| other.iin);
        let child = other.as_ref().unwrap_or(&came).children.first().copied();
        Ok((recipient, child.unwrap_or_else(|| Iin::never_issued(1)), Some(came)))
    }

    /// Login or IIN, and password; or not the password.
    pub(in crate::play) fn credentials(&self, person: Person, right: bool) -> Value {
        let password = if right { self.password.clone() } else { "not the password".to_owned() };
        match (&self.employee, person) {
            (_, Person::Recipient) | (None, _) => account(self.applicant.identifier(), &password),
            (Some(employee), _) => json!({ "login": employee.login, "password": password }),
        }
    }

    /// Who takes a result, and whose cabinet it goes to: who came for the recipient, or the recipient.
    pub(in crate::play) fn visitor(&self) -> Identifier {
        self.visitor.map_or_else(|| self.applicant.identifier(), Identifier::Iin)
    }

    /// Those of that cabinet.
    pub(in crate::play) fn cabinet_credentials(&self) -> Value {
        account(self.visitor(), &self.password)
    }

    /// The key of somebody, if they have one already.
    pub(in crate::play) fn known_key(&self, person: Person) -> Option<&Key> {
        self.keys.get(&person)
    }

    /// The key of somebody, ordered when it is first needed.
    pub(in crate::play) async fn key(&mut self, play: &Play, person: Person) -> Result<Key, Problem> {
        if let Some(key) = self.keys.get(&person) {
            return Ok(key.clone());
        }
        let employee = self.employee.as_ref().filter(|_| person == Person::CorporationEmployee);
        let key = play.staff_key(person, employee.map(|employee| employee.iin)).await?;
        self.keys.insert(person, key.clone());
        Ok(key)
    }
}

fn account(who: Identifier, password: &str) -> Value {
    match who {
        Identifier::Iin(iin) => json!({ "iin": iin, "password": password }),
        Identifier::Bin(bin) => json!({ "bin": bin, "password": password }),
    }
}

/// A certificate with the flaws that the path is about. An organisation's is that of who may sign for it.
async fn recipient_key(play: &Play, selected: &Selected<'_>, who: Identifier) -> Result<Key, Problem> {
    let order = match who {
        Identifier::Iin(iin) => {
            OrderRequest { iin: Some(iin.to_string()), ..OrderRequest::of(profile(Person::Recipient)) }
        }
        Identifier::Bin(bin) => {
            OrderRequest { bin: Some(bin.to_string()), ..OrderRequest::of(Profile::AuthorisedPerson) }
        }
    };
    let late = selected.path.steps.iter().any(|step| step.choice == Some(Choice::RevokedLate));
    let order = OrderRequest {
        flaws: selected.path.failing().filter_map(flaw).map(|flaw| flaw.name().to_owned()).collect(),
        algorithm: play.algorithm.map(|algorithm| algorithm.name().to_owned()),
        // Whoever skips the list is found out by a certificate that names nothing else.
        revocation_by: if late { RevocationBy::CrlOnly } else { RevocationBy::CrlAndOcsp },
        ..order
    };
    order_key(&play.client, &order).await
}

async fn find(play: &Play, foreign: &BTreeSet<System>, persona: Persona) -> Result<Played, Problem> {
    let ask = async |system: System| {
        let path = format!("/{system}/personas/{persona}");
        play.client.get::<Answer>(&path, None).await
    };
    let played = match ask(System::People).await {
        // Another's people database tells of people, and need not tell of personas.
        Err(problem) if foreign.contains(&System::People) || problem.code == Code::SystemSwapped => {
            ask(System::Registers).await?
        }
        told => told?,
    };
    Ok(played.cast)
}

/// The representative's data as they are entered: those of the power of attorney only of a notarised one.
fn representative(came: &Played) -> Option<Value> {
    let power = came.power.as_ref().filter(|_| came.recipient.is_some())?;
    let notarised = power.certified.is_registered();
    let certified = if notarised { "notary" } else { "otherwise" };
    let number = notarised.then(|| power.number.clone());
    Some(json!({ "iin": came.iin, "name": came.name, "certified": certified, "power": number }))
}
