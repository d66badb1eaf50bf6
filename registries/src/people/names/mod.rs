//! Names as people of Kazakhstan bear them: forms of surnames and patronymics, Kazakh, Russian and other.

mod latin;
mod patronymic;
mod tables;

use certs::Sex;

pub(super) use latin::latin;
pub(super) use patronymic::{Style, patronymic};
pub(super) use tables::{Culture, FOREIGN, Given, KAZAKH, LOCAL};

/// A surname as a family hands it down: one or two parts in the masculine form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Surname(pub(super) Vec<&'static str>);

impl Surname {
    /// As somebody of this sex bears it, in capital letters.
    pub(super) fn of(&self, sex: Sex) -> String {
        let form = |part: &&str| match sex {
            Sex::Male => (*part).to_owned(),
            Sex::Female => feminine(part),
        };
        self.0.iter().map(form).collect::<Vec<_>>().join("-").to_uppercase()
    }
}

/// The feminine form of a surname; many have but one form.
fn feminine(surname: &str) -> String {
    if let Some(stem) = surname.strip_suffix("ский").or(surname.strip_suffix("цкий")) {
        return format!("{stem}{}", if surname.ends_with("ский") { "ская" } else { "цкая" });
    }
    if ["ов", "ев", "ёв", "ин", "ын"].iter().any(|ending| surname.ends_with(ending)) {
        return format!("{surname}а");
    }
    surname.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_follow_the_sex() {
        let both = |parts: &[&'static str]| {
            let surname = Surname(parts.to_vec());
            (surname.of(Sex::Male), surname.of(Sex::Female))
        };
        let cases: &[(&[&'static str], &str, &str)] = &[
            (&["Әбенов"], "ӘБЕНОВ", "ӘБЕНОВА"),
            (&["Сәрсенбаев"], "СӘРСЕНБАЕВ", "СӘРСЕНБАЕВА"),
            (&["Ғабдуллин"], "ҒАБДУЛЛИН", "ҒАБДУЛЛИНА"),
            (&["Соловьёв"], "СОЛОВЬЁВ", "СОЛОВЬЁВА"),
            (&["Вишневский"], "ВИШНЕВСКИЙ", "ВИШНЕВСКАЯ"),
            (&["Троицкий"], "ТРОИЦКИЙ", "ТРОИЦКАЯ"),
            (&["Шевченко"], "ШЕВЧЕНКО", "ШЕВЧЕНКО"),
            (&["Төлеген"], "ТӨЛЕГЕН", "ТӨЛЕГЕН"),
            (&["Ахметов", "Ким"], "АХМЕТОВ-КИМ", "АХМЕТОВА-КИМ"),
        ];
        for (parts, male, female) in cases {
            assert_eq!(both(parts), ((*male).to_owned(), (*female).to_owned()));
        }
    }

    #[test]
    fn latin_letters_only() {
        for culture in LOCAL.iter().chain(FOREIGN) {
            let names = culture.male.iter().map(|given| given.name).chain(culture.female.iter().copied());
            for name in names.chain(culture.surnames.iter().copied()) {
                let latin = latin(&name.to_uppercase());
                assert!(latin.bytes().all(|byte| byte.is_ascii_uppercase()), "{name}: {latin}");
            }
        }
        assert_eq!(latin("ӘЙГЕРІМ ҚОЖАХМЕТОВА-ЮН"), "AIGERIM KOZHAKHMETOVA-YUN");
    }
}
