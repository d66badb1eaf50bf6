use std::collections::{HashMap, HashSet};

use certs::Iin;
use jiff::civil::date;
use registries::people::{
    CapabilityStatus, Country, DocumentState, DocumentType, Gender, LifeStatus, PersonRecord, PlanError,
    Population, PopulationPlan,
};

use super::{TODAY, plan, population};

fn bytes(population: &Population) -> String {
    let Population { people, newborns, cast, powers } = population;
    serde_json::to_string(&(people, newborns, cast, powers)).unwrap()
}

#[test]
fn the_same_plan_makes_the_same_people() {
    assert_eq!(bytes(&population(7, 300)), bytes(&population(7, 300)));
    assert_ne!(bytes(&population(7, 300)), bytes(&population(8, 300)));
    let other_day = PopulationPlan::new(7, 300, date(2026, 3, 3)).unwrap();
    assert_ne!(bytes(&population(7, 300)), bytes(&Population::generate(other_day)));
}

#[test]
fn the_same_plan_makes_the_same_people_as_last_year() {
    // If this changes on purpose, say so in the changelog: users may have written numbers of people down.
    let first: Vec<String> =
        population(0, 0).people.iter().take(2).map(|p| format!("{} {}", p.iin, p.full_name())).collect();
    assert_eq!(first, ["851227800104 ЕСІМОВА ҰЛЖАН РҮСТЕМОВНА", "850505700007 СМАҒҰЛОВ АБАЙ ӘЛИХАНОВИЧ"]);
}

#[test]
fn a_larger_population_begins_with_the_smaller_one() {
    let (small, large) = (population(3, 200), population(3, 900));
    let cast = population(3, 0).people.len();
    assert_eq!((small.people.len(), large.people.len()), (cast + 200, cast + 900));
    // The last household may have been made smaller to fit.
    let same = small.people.len() - 6;
    assert_eq!(small.people[..same], large.people[..same]);
}

#[test]
fn plans_have_limits() {
    assert_eq!(PopulationPlan::new(0, 50_001, TODAY), Err(PlanError::Size { asked: 50_001 }));
    for day in [date(2014, 12, 31), date(2046, 1, 1)] {
        assert_eq!(PopulationPlan::new(0, 1, day), Err(PlanError::Day { today: day }));
    }
}

#[test]
fn numbers_are_unique_and_nobodys() {
    let population = population(11, 3000);
    let iins: HashSet<_> = population.people.iter().map(|person| person.iin).collect();
    assert_eq!(iins.len(), population.people.len());
    for person in &population.people {
        assert!(person.iin.is_never_issued_form(), "{}", person.iin);
        let born = person.birth_date;
        let begins = format!("{:02}{:02}{:02}", born.year() % 100, born.month(), born.day());
        assert!(person.iin.to_string().starts_with(&begins), "{} born {born}", person.iin);
    }
    let documents: Vec<_> = population.people.iter().flat_map(|p| &p.documents).map(|d| &d.number).collect();
    let certificates = population.people.iter().flat_map(|p| [&p.birth_certificate, &p.death_certificate]);
    let certificates: Vec<_> = certificates.flatten().map(|certificate| &certificate.number).collect();
    let powers: Vec<_> = population.powers.iter().map(|power| &power.number).collect();
    for numbers in [documents, certificates, powers] {
        assert!(!numbers.is_empty());
        assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len());
    }
}

#[test]
fn names_agree_with_gender() {
    let male = ["ОВИЧ", "ЕВИЧ", "ИЧ", "ҰЛЫ"];
    let female = ["ОВНА", "ЕВНА", "ИЧНА", "ИНИЧНА", "ҚЫЗЫ"];
    let feminine = ["ОВА", "ЕВА", "ЁВА", "ИНА", "ЫНА", "СКАЯ", "ЦКАЯ"];
    let masculine = ["ОВ", "ЕВ", "ЁВ", "ИН", "ЫН", "СКИЙ", "ЦКИЙ"];
    let ends = |text: &str, endings: &[&str]| endings.iter().any(|ending| text.ends_with(ending));
    let (mut without, mut kazakh, mut double, mut inflected) = (0, 0, 0, 0);
    for person in population(5, 3000).people {
        let (right, wrong, other) = match person.gender {
            Gender::Male => (&male[..], &female[..], &feminine[..]),
            Gender::Female => (&female[..], &male[..], &masculine[..]),
        };
        match &person.patronymic {
            Some(patronymic) => {
                assert!(ends(patronymic, right) && !ends(patronymic, wrong), "{}", person.full_name());
                kazakh += usize::from(ends(patronymic, &["ҰЛЫ", "ҚЫЗЫ"]));
            }
            None => without += 1,
        }
        let names =
            std::iter::once(&person.surname).chain(person.former_names.iter().map(|name| &name.surname));
        for part in names.flat_map(|surname| surname.split('-')) {
            assert!(!ends(part, other), "{}", person.full_name());
            inflected += usize::from(ends(part, &feminine));
        }
        double += usize::from(person.surname.contains('-'));
        assert_eq!(person.full_name(), person.full_name().to_uppercase());
        assert!(person.latin.is_some_and(|latin| latin.surname.is_ascii() && latin.name.is_ascii()));
    }
    for (what, count) in
        [("without", without), ("kazakh", kazakh), ("double", double), ("inflected", inflected)]
    {
        assert!(count > 20, "{what}: {count}");
    }
}

#[test]
fn every_letter_of_kazakh_is_met() {
    let names: String = population(1, 2000).people.iter().map(PersonRecord::full_name).collect();
    for letter in "ӘҒҚҢӨҰҮҺІ".chars() {
        assert!(names.contains(letter), "{letter}");
    }
}

#[test]
fn families_are_plausible() {
    for (seed, day) in [(1, TODAY), (2, date(2015, 1, 1)), (3, date(2045, 12, 31)), (4, date(2028, 2, 29))] {
        let population = Population::generate(PopulationPlan::new(seed, 2000, day).unwrap());
        let by_iin: HashMap<Iin, &PersonRecord> = population.people.iter().map(|p| (p.iin, p)).collect();
        for person in &population.people {
            assert!(person.birth_date <= day && person.age_on(day) < 110, "{person:?}");
            let parents: Vec<_> = person.parents.iter().map(|parent| by_iin[parent]).collect();
            for parent in &parents {
                let age = parent.age_on(person.birth_date);
                assert!((16..=55).contains(&age), "{age}: {parent:?}\n{person:?}");
                assert!(parent.death_date.is_none_or(|died| died > person.birth_date), "{parent:?}");
            }
            if let [one, other] = parents[..] {
                assert_ne!(one.gender, other.gender);
            }
            assert!(person.guardians.iter().all(|g| by_iin[&g.guardian].age_on(day) >= 18));
            assert_eq!(person.life_status == LifeStatus::Dead, person.death_date.is_some());
            for document in &person.documents {
                assert!(person.age_on(document.begin_date) >= 16 && document.begin_date <= day, "{person:?}");
                assert!(document.end_date.is_none_or(|end| end > document.begin_date), "{person:?}");
            }
            assert_eq!(person.documents.is_empty(), person.age_on(day) < 16, "{person:?}");
            if let Some(address) = &person.registered_address {
                assert!(address.begin_date >= person.birth_date && address.begin_date <= day, "{person:?}");
            }
        }
    }
}

#[test]
fn all_sorts_of_people_are_there() {
    let population = population(2, 5000);
    let is = |what: &str, holds: fn(&PersonRecord) -> bool| {
        let found = population.people.iter().filter(|person| holds(person)).count();
        assert!(found > 3, "{what}: {found}");
    };
    is("dead", |p| p.life_status == LifeStatus::Dead);
    is("missing", |p| p.missing.is_some());
    is("disappeared", |p| p.disappeared.is_some());
    is("excluded", |p| p.excluded.is_some());
    is("incapable", |p| p.capability.status == CapabilityStatus::Incapable);
    is("foreign", |p| p.citizenship != Country::Kazakhstan);
    is("renamed", |p| !p.former_names.is_empty());
    is("leading zero", |p| p.iin.to_string().starts_with('0'));
    is("expired", |p| p.documents.iter().any(|d| d.state_on(TODAY) == DocumentState::Expired));
    is("annulled", |p| p.documents.iter().any(|d| d.state_on(TODAY) == DocumentState::Annulled));
    is("passport", |p| p.documents.iter().any(|d| d.kind == DocumentType::Passport));
    is("foreign document", |p| p.documents.iter().any(|d| d.kind == DocumentType::Foreign));
    is("pupil", |p| (7..16).contains(&p.age_on(TODAY)) && !p.parents.is_empty());
    assert!(population.newborns.len() > 3 && population.powers.len() > 20);
    assert_eq!(plan(2, 5000).size(), 5000);
}
