use std::collections::HashMap;

use certs::Iin;
use jiff::civil::{Date, date};
use registries::notary::{Certified, PowerState};
use registries::people::{
    CapabilityStatus, Cast, Country, DocumentState, LifeStatus, PersonRecord, Persona, Population,
    PopulationPlan,
};

use super::TODAY;

struct Stage {
    day: Date,
    population: Population,
}

impl Stage {
    fn all() -> impl Iterator<Item = Self> {
        let days = [TODAY, date(2015, 1, 1), date(2024, 2, 29), date(2045, 12, 31)];
        (0..3).flat_map(move |seed| days.map(|day| (seed, day))).map(|(seed, day)| {
            let population = Population::generate(PopulationPlan::new(seed, 0, day).unwrap());
            Self { day, population }
        })
    }

    fn cast(&self, persona: Persona) -> &Cast {
        self.population.cast.iter().find(|cast| cast.persona == persona).unwrap()
    }

    fn find(&self, iin: Iin) -> Option<&PersonRecord> {
        self.population.people.iter().find(|person| person.iin == iin)
    }

    fn who(&self, persona: Persona) -> &PersonRecord {
        self.find(self.cast(persona).iin).unwrap()
    }

    fn children(&self, iin: Iin) -> Vec<&PersonRecord> {
        self.population.people.iter().filter(|person| person.parents.contains(&iin)).collect()
    }

    fn papers(&self, persona: Persona) -> DocumentState {
        self.who(persona).documents[0].state_on(self.day)
    }
}

#[test]
fn everybody_is_cast_and_is_what_they_are_called() {
    for stage in Stage::all() {
        assert_eq!(stage.population.cast.len(), Persona::ALL.len());
        for persona in Persona::ALL {
            has_its_property(&stage, *persona);
        }
    }
}

fn has_its_property(stage: &Stage, persona: Persona) {
    let cast = stage.cast(persona);
    let day = stage.day;
    if persona == Persona::NotInRegister {
        assert_eq!(stage.find(cast.iin), None);
        assert!(!cast.name.is_empty());
        return;
    }
    let who = stage.who(persona);
    assert_eq!(cast.name, who.full_name());
    for child in &cast.children {
        assert!(stage.find(*child).unwrap().age_on(day) < 7, "{persona}: preschool age");
    }
    let children = stage.children(who.iin);
    match persona {
        Persona::NotInRegister => unreachable!(),
        Persona::ParentWithChild => {
            assert_eq!(children.len(), 1);
            assert!(children[0].birth_certificate.is_some());
            assert!(who.is_usual(day), "{who:?}");
        }
        Persona::ParentWithoutChild => assert!(children.is_empty() && who.is_usual(day)),
        Persona::Dead => assert_eq!(who.life_status, LifeStatus::Dead),
        Persona::Missing => assert!(who.missing.is_some()),
        Persona::Disappeared => assert!(who.disappeared.is_some()),
        Persona::Excluded => assert!(who.excluded.is_some()),
        Persona::Incapable => assert_eq!(who.capability.status, CapabilityStatus::Incapable),
        Persona::Foreigner => {
            assert_ne!(who.citizenship, Country::Kazakhstan);
            assert_eq!((children.len(), stage.papers(persona)), (1, DocumentState::Valid));
        }
        Persona::NewbornChildNotRegistered => {
            assert!(children.is_empty());
            let newborn = cast.newborn.as_ref().unwrap();
            assert_eq!(newborn.mother, who.iin);
            assert!(stage.population.newborns.contains(newborn));
        }
        Persona::Guardian | Persona::DocumentBefore2008 => {
            let child = stage.find(cast.children[0]).unwrap();
            assert_eq!(child.guardians[0].guardian, who.iin);
            for parent in &child.parents {
                assert_eq!(stage.find(*parent).unwrap().life_status, LifeStatus::Dead);
            }
            assert_eq!(stage.papers(persona), DocumentState::Valid);
            let before = who.documents[0].begin_date < date(2008, 1, 1);
            assert!(before || persona == Persona::Guardian);
        }
        Persona::Twins => {
            assert_eq!((children.len(), cast.children.len()), (2, 2));
            assert_eq!(children[0].birth_date, children[1].birth_date);
            assert_ne!(children[0].name, children[1].name);
        }
        Persona::DocumentExpired => assert_eq!(stage.papers(persona), DocumentState::Expired),
        Persona::DocumentAnnulled => assert_eq!(stage.papers(persona), DocumentState::Annulled),
        Persona::NameChanged => {
            assert_ne!(who.former_names[0].surname, who.surname);
            assert!(who.documents[0].begin_date >= who.former_names[0].until);
        }
        Persona::LeadingZero => {
            assert!(who.iin.to_string().starts_with('0'));
            assert!((2000..2010).contains(&who.birth_date.year()));
            assert!(!cast.children.is_empty() || day < date(2024, 1, 1));
        }
        Persona::NoPatronymic => assert_eq!((&who.patronymic, children.len()), (&None, 1)),
        Persona::DoubleSurname => assert!(who.surname.contains('-') && children.len() == 1),
        Persona::FirstPriority => {
            assert!(cast.priority.as_ref().is_some_and(|document| document.date < day));
        }
        _ => represents(stage, persona),
    }
}

trait Usual {
    fn is_usual(&self, day: Date) -> bool;
}

impl Usual for PersonRecord {
    fn is_usual(&self, day: Date) -> bool {
        let declared = [&self.missing, &self.disappeared, &self.excluded];
        self.life_status == LifeStatus::Normal
            && self.capability.status == CapabilityStatus::Capable
            && declared.into_iter().all(Option::is_none)
            && self.documents[0].state_on(day) == DocumentState::Valid
    }
}

fn represents(stage: &Stage, persona: Persona) {
    assert!(persona.is_attorney());
    let (cast, day) = (stage.cast(persona), stage.day);
    let (power, recipient) = (cast.power.as_ref().unwrap(), cast.recipient.unwrap());
    assert!(stage.who(persona).is_usual(day));
    assert_eq!(power.representative, cast.iin);
    let mut children: Vec<_> = stage.children(recipient).iter().map(|child| child.iin).collect();
    if persona == Persona::AttorneyDocumentBefore2008 {
        let ward = |iin: &&Iin| {
            let child = stage.population.people.iter().find(|person| person.iin == **iin);
            child.is_some_and(|child| child.guardians.iter().any(|guardian| guardian.guardian == recipient))
        };
        children.extend(cast.children.iter().filter(ward).copied());
    }
    let known = stage.population.people.iter().any(|person| person.iin == recipient);
    assert_eq!(known, persona != Persona::AttorneyOfUnregistered);
    assert_eq!(children, if known { cast.children.clone() } else { Vec::new() });
    let registered: HashMap<_, _> = stage.population.powers.iter().map(|p| (p.number.as_str(), p)).collect();
    let found = registered.get(power.number.as_str()).copied();
    assert!(found.is_none_or(|found| found == power));
    let (in_registry, serves) = match persona {
        Persona::AttorneyNotarised => {
            assert!(matches!(power.certified, Certified::Notary { .. }));
            (true, true)
        }
        Persona::AttorneyForeign => {
            assert!(matches!(power.certified, Certified::Foreign { .. }));
            (true, true)
        }
        Persona::AttorneyOtherwiseCertified => {
            assert!(matches!(power.certified, Certified::Otherwise { .. }));
            (false, true)
        }
        Persona::AttorneyNotFound => (false, true),
        Persona::AttorneyOfUnregistered | Persona::AttorneyDocumentBefore2008 => (true, true),
        Persona::AttorneyExpired => {
            assert_eq!(power.state_on(day), PowerState::Expired);
            (true, false)
        }
        Persona::AttorneyRevoked => {
            assert_eq!(power.state_on(day), PowerState::Revoked);
            (true, false)
        }
        Persona::AttorneyForAnotherRecipient => {
            assert_ne!(power.principal, recipient);
            assert_eq!(power.state_on(day), PowerState::Valid);
            (true, false)
        }
        other => panic!("nobody has said what `{other}` is"),
    };
    assert_eq!(found.is_some(), in_registry, "{persona}");
    assert_eq!(power.serves(cast.iin, recipient, day), serves, "{persona}");
}

#[test]
fn personas_are_read_by_name_and_say_what_they_are_for() {
    for persona in Persona::ALL {
        assert_eq!(persona.name().parse(), Ok(*persona));
        let text = persona.describe();
        assert!([&text.kk, &text.ru, &text.en].iter().all(|text| text.chars().count() > 10));
    }
    for (word, nearest) in
        [("atorney", "attorney-"), ("deat", "dead"), ("newborn", "newborn-child"), ("", "")]
    {
        let unknown = word.parse::<Persona>().unwrap_err();
        assert!(unknown.nearest.name().starts_with(nearest), "{word}: {}", unknown.nearest);
    }
    let unknown = "atorney-revoked".parse::<Persona>().unwrap_err();
    assert_eq!(unknown.nearest, Persona::AttorneyRevoked);
    assert_eq!(
        unknown.to_string(),
        "no persona is called `atorney-revoked`; the nearest is `attorney-revoked`"
    );
    assert_eq!("ü".repeat(100_000).parse::<Persona>().unwrap_err().found.chars().count(), 60);
}
