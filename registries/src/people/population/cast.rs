//! The personas, each with a family and papers that fit.

use certs::Iin;
use certs::{Sex, Text};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::household::{Nest, annul, change_name, expire, nest, nest_of, settle_in};
use super::maker::{Kin, Maker, sex};
use crate::notary::{Certified, PowerOfAttorney, PowerStatus};
use crate::people::dictionary::{CapabilityStatus, Country};
use crate::people::names::{KAZAKH, Style, Surname};
use crate::people::persona::{Cast, Persona, PriorityDocument};
use crate::people::random::Random;
use crate::people::record::{Capability, Declared, Guardianship, PersonRecord};

/// Lets every persona be played.
pub(super) fn play(maker: &mut Maker) {
    for persona in Persona::ALL {
        let random = &mut Random::new(maker.plan.seed(), persona.name());
        let cast = if *persona == Persona::AttorneyDocumentBefore2008 {
            attorney_of_guardian(maker, random, *persona)
        } else if persona.is_attorney() {
            attorney(maker, random, *persona)
        } else {
            recipient(maker, random, *persona)
        };
        maker.made.cast.push(cast);
    }
}

/// Days on which a child of under_seven age was born.
fn under_seven(maker: &Maker, random: &mut Random) -> Date {
    let years = random.between(2, 4);
    maker.years_ago(random, years)
}

fn cast(persona: Persona, who: &PersonRecord, children: &[PersonRecord]) -> Cast {
    Cast {
        persona,
        iin: who.iin,
        name: who.full_name(),
        recipient: None,
        children: children.iter().map(|child| child.iin).collect(),
        newborn: None,
        power: None,
        priority: None,
    }
}

/// Kazakh names with patronymics, so that only what a persona is for stands out.
fn usual(random: &mut Random) -> Kin {
    let kin = Kin::of(random, &KAZAKH, Country::Kazakhstan);
    Kin { surname: Surname(vec![kin.surname.0[0]]), ..kin }
}

fn recipient(maker: &mut Maker, random: &mut Random, persona: Persona) -> Cast {
    match persona {
        Persona::ParentWithoutChild | Persona::NotInRegister => single(maker, random, persona),
        Persona::Guardian | Persona::DocumentBefore2008 => guardian(maker, random, persona),
        Persona::LeadingZero => leading_zero(maker, random),
        _ => parent(maker, random, persona),
    }
}

fn single(maker: &mut Maker, random: &mut Random, persona: Persona) -> Cast {
    let kin = usual(random);
    let (years, who) = (random.between(25, 40), sex(random));
    let born = maker.years_ago(random, years);
    let mut person = maker.person(random, &kin, who, born);
    settle_in(&mut person, &maker.home(random));
    let cast = cast(persona, &person, &[]);
    if persona != Persona::NotInRegister {
        maker.made.people.push(person);
    }
    cast
}

fn parent(maker: &mut Maker, random: &mut Random, persona: Persona) -> Cast {
    let kin = match persona {
        Persona::Foreigner => Kin::foreign(random),
        Persona::NoPatronymic => Kin { style: Style::Without, ..usual(random) },
        Persona::DoubleSurname => {
            let second = *random.pick(&["Ким", "Вебер", "Сафин", "Иванов"]);
            let kin = usual(random);
            Kin { surname: Surname(vec![kin.surname.0[0], second]), ..kin }
        }
        _ => usual(random),
    };
    let first = under_seven(maker, random);
    let births = match persona {
        Persona::Twins => vec![first, first],
        Persona::NewbornChildNotRegistered => vec![],
        _ => vec![first],
    };
    let Nest { mother, father, children } = nest(maker, random, &kin, &births);
    // The father bears the family's surname, so that a double one is his.
    let (mut who, other) = match persona {
        Persona::DoubleSurname | Persona::Foreigner => (father, mother),
        _ => (mother, father),
    };
    let recently = maker.today().saturating_sub(random.between(40, 300).days());
    let declared = |by: &str| Some(Declared { since: recently, by: by.to_owned() });
    let mut played = cast(persona, &who, &children);
    match persona {
        Persona::Dead => maker.dies(&mut who, recently),
        Persona::Missing => who.missing = declared("Сот / Суд"),
        Persona::Disappeared => who.disappeared = declared("Іздеу / Розыск"),
        Persona::Excluded => who.excluded = declared("Тұрақты тұруға кету / Выезд на ПМЖ"),
        Persona::Incapable => {
            let decision = declared("Сот / Суд");
            who.capability = Capability { status: CapabilityStatus::Incapable, decision };
        }
        Persona::NewbornChildNotRegistered => {
            played.newborn = Some(maker.newborn(random, who.iin));
        }
        Persona::DocumentExpired => expire(maker, &mut who),
        Persona::DocumentAnnulled => annul(&mut who),
        Persona::NameChanged => {
            change_name(random, &mut who, recently);
            let card = maker.card(recently, recently.saturating_add(10.years()));
            who.documents = vec![card];
            played.name = who.full_name();
        }
        Persona::FirstPriority => played.priority = Some(priority(maker, recently)),
        _ => {}
    }
    maker.made.people.extend([who, other]);
    maker.made.people.extend(children);
    played
}

fn priority(maker: &mut Maker, date: Date) -> PriorityDocument {
    PriorityDocument {
        number: maker.numbers.paper("TEST-P", date.year()),
        date,
        ground: Text::new("Көпбалалы отбасы", "Многодетная семья", "A family with many children"),
    }
}

/// A grandmother in whose charge the child of her dead children is.
fn guardian(maker: &mut Maker, random: &mut Random, persona: Persona) -> Cast {
    let kin = usual(random);
    let birth = under_seven(maker, random);
    let Nest { mut mother, mut father, mut children } = nest(maker, random, &kin, &[birth]);
    let accident = maker.today().saturating_sub(random.between(200, 400).days());
    maker.dies(&mut mother, accident);
    maker.dies(&mut father, accident);
    let born =
        mother.birth_date.min(father.birth_date).saturating_sub(random.between(20 * 366, 27 * 365).days());
    // Whoever had turned 45 got a card without a term.
    let born = if persona == Persona::DocumentBefore2008 { born.min(date(1961, 6, 15)) } else { born };
    let own = usual(random);
    let mut who = maker.person(random, &own, Sex::Female, born);
    if persona == Persona::DocumentBefore2008 {
        let begin = date(2006, 9, 4).max(born.saturating_add(45.years()));
        let mut card = maker.card(begin, begin);
        card.end_date = None;
        who.documents = vec![card];
    }
    let home = maker.home(random);
    settle_in(&mut who, &home);
    for child in &mut children {
        let since = accident.saturating_add(20.days());
        let order = maker.numbers.paper("TEST-G", since.year());
        child.guardians.push(Guardianship { guardian: who.iin, since, order });
        settle_in(child, &home);
    }
    let played = cast(persona, &who, &children);
    maker.made.people.extend([who, mother, father]);
    maker.made.people.extend(children);
    played
}

/// Somebody born in the first ten years of the century, with a child if old enough.
fn leading_zero(maker: &mut Maker, random: &mut Random) -> Cast {
    let kin = usual(random);
    // 2000 to 2009, the latest that makes an adult with a child of two.
    let year = (maker.today().year() - 22).clamp(2000, 2009);
    let born = date(year, 1, 1).saturating_add(random.between(5, 300).days());
    let twenty = born.saturating_add(20.years()).saturating_add(1.day());
    let birth = under_seven(maker, random).max(twenty);
    let births: Vec<Date> = (birth < maker.today()).then_some(birth).into_iter().collect();
    let Nest { mother, father, children } = nest_of(maker, random, &kin, &births, born);
    let played = cast(Persona::LeadingZero, &mother, &children);
    maker.made.people.extend([mother, father]);
    maker.made.people.extend(children);
    played
}

/// A power of attorney that a notary certified.
fn power(maker: &mut Maker, random: &mut Random, principal: Iin, representative: Iin) -> PowerOfAttorney {
    let given = maker.today().saturating_sub(random.between(30, 200).days());
    PowerOfAttorney {
        number: maker.numbers.paper("TEST", given.year()),
        date: given,
        until: given.saturating_add(1.year()),
        certified: Certified::Notary {
            name: "ҮЛГІБАЕВ СЫНАҚ".to_owned(), licence: "TEST-0001".to_owned()
        },
        principal,
        representative,
        subject: "Мемлекеттік қызмет алу / Получение государственных услуг".to_owned(),
        status: PowerStatus::Valid,
    }
}

/// A representative of a guardian whose card is of the old kind.
fn attorney_of_guardian(maker: &mut Maker, random: &mut Random, persona: Persona) -> Cast {
    let ward = guardian(maker, random, Persona::DocumentBefore2008);
    let own = usual(random);
    let (years, who) = (random.between(25, 55), sex(random));
    let born = maker.years_ago(random, years);
    let mut representative = maker.person(random, &own, who, born);
    settle_in(&mut representative, &maker.home(random));
    let power = power(maker, random, ward.iin, representative.iin);
    maker.made.powers.push(power.clone());
    let mut played = cast(persona, &representative, &[]);
    played.children = ward.children;
    played.recipient = Some(ward.iin);
    played.power = Some(power);
    maker.made.people.push(representative);
    played
}

/// A representative with a power of attorney in hand, and the recipient's family.
fn attorney(maker: &mut Maker, random: &mut Random, persona: Persona) -> Cast {
    let (kin, birth) = (usual(random), under_seven(maker, random));
    let Nest { mother, father, mut children } = nest(maker, random, &kin, &[birth]);
    let own = usual(random);
    let (years, who) = (random.between(25, 55), sex(random));
    let born = maker.years_ago(random, years);
    let mut representative = maker.person(random, &own, who, born);
    settle_in(&mut representative, &maker.home(random));

    let today = maker.today();
    let mut power = power(maker, random, mother.iin, representative.iin);
    let given = power.date;
    match persona {
        Persona::AttorneyOtherwiseCertified => {
            power.certified = Certified::Otherwise {
                official: "Стационарлық емдеу ұйымының бас дәрігері / Главный врач стационара".to_owned(),
            };
        }
        Persona::AttorneyExpired => {
            power.date = given.saturating_sub(1.year());
            power.until = today.saturating_sub(7.days());
        }
        Persona::AttorneyRevoked => {
            power.status = PowerStatus::Revoked { since: today.saturating_sub(10.days()) };
        }
        Persona::AttorneyForeign => {
            power.certified = Certified::Foreign {
                country: Country::Turkiye,
                apostille: maker.numbers.paper("TEST-A", given.year()),
                apostille_date: given.saturating_add(5.days()),
                translation_by: "ҮЛГІБАЕВ СЫНАҚ".to_owned(),
            };
        }
        Persona::AttorneyForAnotherRecipient => power.principal = father.iin,
        _ => {}
    }
    let mut played = cast(persona, &representative, &children);
    played.recipient = Some(mother.iin);
    if power.certified.is_registered() && persona != Persona::AttorneyNotFound {
        maker.made.powers.push(power.clone());
    }
    played.power = Some(power);
    maker.made.people.extend([representative, father]);
    if persona == Persona::AttorneyOfUnregistered {
        // What she gave is in the registry all the same; the birth record names the father alone.
        for child in &mut children {
            child.parents.retain(|parent| *parent != mother.iin);
        }
    } else {
        maker.made.people.push(mother);
    }
    maker.made.people.extend(children);
    played
}
