//! Makes one person after the other.

use std::collections::HashSet;

use certs::{Iin, Sex};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::numbers::Numbers;
use super::place::{address, birth_place};
use super::{Population, PopulationPlan};
use crate::people::dictionary::{Country, DocumentStatus, DocumentType, Issuer, LifeStatus};
use crate::people::names::{Culture, FOREIGN, Given, LOCAL, Style, Surname, latin, patronymic};
use crate::people::random::Random;
use crate::people::record::{
    Address, Capability, CivilCertificate, IdentityDocument, LatinName, Newborn, PersonRecord, age,
};

/// Since when the Ministry of Internal Affairs issues identity documents.
const INTERNAL_AFFAIRS_SINCE: Date = date(2014, 1, 1);

/// What members of a family have in common.
pub(super) struct Kin {
    pub(super) culture: &'static Culture,
    pub(super) surname: Surname,
    pub(super) father: &'static Given,
    pub(super) style: Style,
    pub(super) citizenship: Country,
}

impl Kin {
    /// A family of this country.
    pub(super) fn local(random: &mut Random) -> Self {
        let culture = random.pick(LOCAL);
        Self::of(random, culture, Country::Kazakhstan)
    }

    /// A family of citizens of another country.
    pub(super) fn foreign(random: &mut Random) -> Self {
        let culture = random.pick(FOREIGN);
        Self::of(random, culture, culture.country)
    }

    pub(super) fn of(random: &mut Random, culture: &'static Culture, citizenship: Country) -> Self {
        let mut surname = vec![*random.pick(culture.surnames)];
        if random.chance(25) {
            let other = random.pick(LOCAL);
            let second = *random.pick(other.surnames);
            if second != surname[0] {
                surname.push(second);
            }
        }
        Self {
            culture,
            surname: Surname(surname),
            father: random.pick(culture.male),
            style: *random.pick(culture.styles),
            citizenship,
        }
    }
}

/// Makes people, and remembers what is taken.
pub(super) struct Maker {
    pub(super) plan: PopulationPlan,
    pub(super) numbers: Numbers,
    pub(super) made: Population,
    taken: HashSet<Iin>,
}

impl Maker {
    pub(super) fn new(plan: PopulationPlan) -> Self {
        let made = Population { people: vec![], newborns: vec![], cast: vec![], powers: vec![] };
        Self { plan, numbers: Numbers::new(plan.seed), made, taken: HashSet::new() }
    }

    pub(super) fn today(&self) -> Date {
        self.plan.today
    }

    /// A day so many years ago, and up to a year before that.
    pub(super) fn years_ago(&self, random: &mut Random, years: i64) -> Date {
        let day = self.today().saturating_sub(years.years());
        day.saturating_sub(random.between(1, 364).days())
    }

    /// A number that nobody has yet.
    pub(super) fn iin(&mut self, born: Date, sex: Sex) -> Iin {
        let start = self.taken.len() as u64;
        let mut numbers = (start..start + 1000).map(|n| Iin::never_issued_born(born, sex, n));
        let free = numbers.find(|number| !self.taken.contains(number));
        // A thousand people of one sex born on one day are more than a population of the largest size has; numbers
        // without a birth date follow all the same.
        let mut others = (start..).map(Iin::never_issued);
        let iin = free.or_else(|| others.find(|number| !self.taken.contains(number)));
        let iin = iin.unwrap_or_else(|| Iin::never_issued(start));
        self.taken.insert(iin);
        iin
    }

    /// Somebody with a given name and a father of their own, and with the papers of their age.
    pub(super) fn person(&mut self, random: &mut Random, kin: &Kin, sex: Sex, born: Date) -> PersonRecord {
        let name = match sex {
            Sex::Male => random.pick(kin.culture.male).name,
            Sex::Female => random.pick(kin.culture.female),
        };
        let (surname, name) = (kin.surname.of(sex), name.to_uppercase());
        let at_home = kin.citizenship == Country::Kazakhstan;
        let issued = born.saturating_add(random.between(1, 45).days()).min(self.today());
        let certificate = CivilCertificate {
            number: self.numbers.civil(issued.year()),
            begin_date: issued,
            issuer: Issuer::CivilRegistry,
        };
        let mut record = PersonRecord {
            iin: self.iin(born, sex),
            latin: Some(LatinName { surname: latin(&surname), name: latin(&name) }),
            surname,
            name,
            patronymic: patronymic(kin.father, sex, kin.style),
            birth_date: born,
            death_date: None,
            gender: sex.into(),
            nationality: kin.culture.nationality,
            citizenship: kin.citizenship,
            life_status: LifeStatus::Normal,
            // Children of foreigners were mostly born here.
            birth_certificate: (at_home || age(born, self.today()) < 10).then_some(certificate),
            death_certificate: None,
            birth_place: Some(birth_place(random, kin.citizenship)),
            registered_address: None,
            capability: Capability::default(),
            missing: None,
            disappeared: None,
            excluded: None,
            documents: vec![],
            addresses: vec![],
            removed: false,
            parents: vec![],
            guardians: vec![],
            former_names: vec![],
        };
        if age(born, self.today()) >= 16 {
            let document = self.valid_document(random, &record);
            record.documents.push(document);
        }
        record
    }

    fn valid_document(&mut self, random: &mut Random, person: &PersonRecord) -> IdentityDocument {
        let earliest = person.birth_date.saturating_add(16.years());
        let years = random.between(0, 8);
        let begin = self.years_ago(random, years).max(earliest);
        let mut document = self.card(begin, begin.saturating_add(10.years()));
        if person.citizenship != Country::Kazakhstan {
            document.kind = DocumentType::Foreign;
            document.number = self.numbers.foreign_passport();
            document.issuer = Issuer::ForeignAuthority;
        }
        document
    }

    /// An identity card with a term.
    pub(super) fn card(&mut self, begin: Date, end: Date) -> IdentityDocument {
        let issuer = if begin < INTERNAL_AFFAIRS_SINCE { Issuer::Justice } else { Issuer::InternalAffairs };
        IdentityDocument {
            kind: DocumentType::IdentityCard,
            number: self.numbers.identity_card(),
            series: None,
            begin_date: begin,
            end_date: Some(end),
            issuer,
            status: DocumentStatus::Valid,
        }
    }

    /// A national passport with ten years' term.
    pub(super) fn passport(&mut self, begin: Date) -> IdentityDocument {
        let number = self.numbers.passport();
        let card = self.card(begin, begin.saturating_add(10.years()));
        IdentityDocument { kind: DocumentType::Passport, number, ..card }
    }

    /// A home for people who are to live together.
    pub(super) fn home(&self, random: &mut Random) -> Address {
        let since = self.years_ago(random, 2);
        address(random, since)
    }

    /// Writes a death down.
    pub(super) fn dies(&mut self, person: &mut PersonRecord, on: Date) {
        person.life_status = LifeStatus::Dead;
        person.death_date = Some(on);
        person.death_certificate = Some(CivilCertificate {
            number: self.numbers.civil(on.year()),
            begin_date: on.saturating_add(2.days()).min(self.today()),
            issuer: Issuer::CivilRegistry,
        });
    }

    /// A child of this mother that no register knows yet.
    pub(super) fn newborn(&mut self, random: &mut Random, mother: Iin) -> Newborn {
        let birth_date = self.today().saturating_sub(random.between(1, 6).days());
        let newborn = Newborn {
            mother,
            gender: sex(random).into(),
            birth_date,
            medical_certificate: self.numbers.paper("M-TEST", birth_date.year()),
        };
        self.made.newborns.push(newborn.clone());
        newborn
    }
}

/// A man or a woman, as it happens.
pub(super) fn sex(random: &mut Random) -> Sex {
    if random.chance(500) { Sex::Male } else { Sex::Female }
}
