//! Families, made for a purpose or as they happen to be.

use certs::{Iin, Sex};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::maker::{Kin, Maker, sex};
use crate::notary::{Certified, PowerOfAttorney, PowerStatus};
use crate::people::dictionary::{CapabilityStatus, DocumentStatus, Gender};
use crate::people::names::{Given, LOCAL, Surname, latin};
use crate::people::random::Random;
use crate::people::record::{Address, Capability, Declared, FormerName, PersonRecord};

/// Mother, father and children, under one roof.
pub(super) struct Nest {
    pub(super) mother: PersonRecord,
    pub(super) father: PersonRecord,
    pub(super) children: Vec<PersonRecord>,
}

/// Parents for children born on these days, the eldest first and within nine years.
pub(super) fn nest(maker: &mut Maker, random: &mut Random, kin: &Kin, births: &[Date]) -> Nest {
    let first = births.first().copied().unwrap_or(maker.today());
    let mothers_birth = first.saturating_sub(random.between(19 * 366, 36 * 365).days());
    nest_of(maker, random, kin, births, mothers_birth)
}

/// The same with a mother born on a certain day.
pub(super) fn nest_of(
    maker: &mut Maker,
    random: &mut Random,
    kin: &Kin,
    births: &[Date],
    mothers_birth: Date,
) -> Nest {
    let home = maker.home(random);
    let father_kin = parent_kin(random, kin, kin.surname.clone());
    let fathers_birth = mothers_birth.saturating_sub(random.between(-300, 6 * 365).days());
    let mut father = maker.person(random, &father_kin, Sex::Male, fathers_birth);
    let maiden = Surname(vec![*random.pick(kin.culture.surnames)]);
    let keeps_her_name = random.chance(300);
    let surname = if keeps_her_name { maiden } else { kin.surname.clone() };
    let mother_kin = parent_kin(random, kin, surname);
    let mut mother = maker.person(random, &mother_kin, Sex::Female, mothers_birth);
    settle_in(&mut father, &home);
    settle_in(&mut mother, &home);
    let children_kin = Kin { father: given(kin, &father), surname: kin.surname.clone(), ..*kin };
    let child = |maker: &mut Maker, random: &mut Random, born: &Date| {
        let boy_or_girl = sex(random);
        let mut child = maker.person(random, &children_kin, boy_or_girl, *born);
        child.parents = vec![mother.iin, father.iin];
        settle_in(&mut child, &home);
        child
    };
    let mut children: Vec<PersonRecord> = Vec::with_capacity(births.len());
    for born in births {
        let mut next = child(maker, random, born);
        // Siblings have names of their own.
        for _ in 0..20 {
            if children.iter().all(|sibling| sibling.name != next.name) {
                break;
            }
            rename(random, kin, &mut next);
        }
        children.push(next);
    }
    Nest { mother, father, children }
}

fn parent_kin(random: &mut Random, kin: &Kin, surname: Surname) -> Kin {
    Kin { culture: kin.culture, surname, father: random.pick(kin.culture.male), ..*kin }
}

/// The father's name as the tables have it.
fn given(kin: &Kin, father: &PersonRecord) -> &'static Given {
    let known = kin.culture.male.iter().find(|given| given.name.to_uppercase() == father.name);
    known.unwrap_or(&kin.culture.male[0])
}

fn rename(random: &mut Random, kin: &Kin, person: &mut PersonRecord) {
    let name = match person.gender {
        Gender::Male => random.pick(kin.culture.male).name,
        Gender::Female => random.pick(kin.culture.female),
    };
    person.name = name.to_uppercase();
    if let Some(form) = &mut person.latin {
        form.name = latin(&person.name);
    }
}

/// Registers somebody at an address, not before they were born.
pub(super) fn settle_in(person: &mut PersonRecord, home: &Address) {
    let since = home.begin_date.max(person.birth_date);
    person.registered_address = Some(Address { begin_date: since, ..home.clone() });
}

/// Days on which children are born: the eldest first, all within nine years, none more than 17 years ago.
fn births(maker: &Maker, random: &mut Random, how_many: usize) -> Vec<Date> {
    let mut day = maker.today().saturating_sub(random.between(40, 8 * 365).days());
    let mut births = Vec::new();
    for _ in 0..how_many {
        births.push(day);
        let twins = random.chance(30);
        let gap = if twins { 0 } else { random.between(330, 1000) };
        day = day.saturating_sub(gap.days());
    }
    births.reverse();
    births
}

/// One ordinary household of at most `left` people.
pub(super) fn settle(maker: &mut Maker, number: u64, left: usize) {
    let random = &mut Random::new(maker.plan.seed(), &format!("household {number}"));
    let kin = if random.chance(30) { Kin::foreign(random) } else { Kin::local(random) };
    let wanted = usize::try_from(random.below(7)).unwrap_or(0);
    let alone = random.chance(300) || left < 3;
    if alone {
        let (years, who) = (random.between(17, 85), sex(random));
        let born = maker.years_ago(random, years);
        let mut person = maker.person(random, &kin, who, born);
        settle_in(&mut person, &maker.home(random));
        vary(maker, random, &mut person, born);
        maker.made.people.push(person);
        return;
    }
    let days = births(maker, random, wanted.clamp(1, 4).min(left - 2));
    let Nest { mut mother, mut father, children } = nest(maker, random, &kin, &days);
    let youngest = days.last().copied().unwrap_or(maker.today());
    vary(maker, random, &mut father, youngest);
    vary(maker, random, &mut mother, youngest);
    if random.chance(20) {
        maker.newborn(random, mother.iin);
    }
    if random.chance(60) {
        let power = spouses_power(maker, random, father.iin, mother.iin);
        maker.made.powers.push(power);
    }
    maker.made.people.extend([mother, father]);
    maker.made.people.extend(children);
}

fn spouses_power(maker: &mut Maker, random: &mut Random, from: Iin, to: Iin) -> PowerOfAttorney {
    let date = maker.years_ago(random, 1);
    PowerOfAttorney {
        number: maker.numbers.paper("TEST", date.year()),
        date,
        until: date.saturating_add(random.between(1, 3).years()),
        certified: Certified::Notary {
            name: "ҮЛГІБАЕВА СЫНАҚ".to_owned(), licence: "TEST-0002".to_owned()
        },
        principal: from,
        representative: to,
        subject: "Мемлекеттік органдарда өкілдік ету / Представительство в государственных органах"
            .to_owned(),
        status: PowerStatus::Valid,
    }
}

/// What happens to people after a day: little to most.
fn vary(maker: &mut Maker, random: &mut Random, person: &mut PersonRecord, after: Date) {
    let recently =
        maker.today().saturating_sub(random.between(3, 700).days()).max(after.saturating_add(1.day()));
    let declared = |by: &str| Declared { since: recently, by: by.to_owned() };
    let adult = person.age_on(recently) >= 18;
    match random.below(1000) {
        _ if !adult => {}
        0..15 => maker.dies(person, recently),
        15..18 => person.missing = Some(declared("Сот / Суд")),
        18..21 => person.disappeared = Some(declared("Іздеу / Розыск")),
        21..24 => {
            let decision = Some(declared("Сот / Суд"));
            person.capability = Capability { status: CapabilityStatus::Incapable, decision };
        }
        24..27 => person.excluded = Some(declared("Тұрақты тұруға кету / Выезд на ПМЖ")),
        27..90 => expire(maker, person),
        90..100 => annul(person),
        100..150 => {
            let begin = person.documents.first().map_or(recently, |document| document.begin_date);
            let passport = maker.passport(begin);
            person.documents.push(passport);
        }
        150..175 => change_name(random, person, recently),
        _ => {}
    }
}

/// Lets the term of the newest document end some time ago.
pub(super) fn expire(maker: &Maker, person: &mut PersonRecord) {
    let today = maker.today();
    if let Some(document) = person.documents.first_mut() {
        let end = today.saturating_sub(100.days());
        document.begin_date =
            end.saturating_sub(10.years()).max(person.birth_date.saturating_add(16.years()));
        document.end_date = Some(end);
    }
    person.documents.retain(|document| document.begin_date < today.saturating_sub(100.days()));
}

/// Takes the force from the newest document.
pub(super) fn annul(person: &mut PersonRecord) {
    if let Some(document) = person.documents.first_mut() {
        document.status = DocumentStatus::Annulled;
    }
}

/// Gives another surname, and keeps the old one among the former names.
pub(super) fn change_name(random: &mut Random, person: &mut PersonRecord, on: Date) {
    let sex = match person.gender {
        Gender::Male => Sex::Male,
        Gender::Female => Sex::Female,
    };
    let culture = LOCAL.iter().find(|culture| culture.nationality == person.nationality).unwrap_or(&LOCAL[0]);
    let mut surname = person.surname.clone();
    while surname == person.surname {
        surname = Surname(vec![*random.pick(culture.surnames)]).of(sex);
    }
    let before = std::mem::replace(&mut person.surname, surname);
    person.former_names.push(FormerName {
        surname: before,
        name: person.name.clone(),
        patronymic: person.patronymic.clone(),
        until: on,
    });
    if let Some(form) = &mut person.latin {
        form.surname = latin(&person.surname);
    }
}
