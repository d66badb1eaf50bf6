//! Patronymics: -ұлы and -қызы, -ович and -овна.

use certs::Sex;

use super::Given;

/// How a family forms patronymics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Әсетұлы, Әсетқызы.
    Kazakh,
    /// Серікович, Серіковна.
    Slavic,
    /// None at all.
    Without,
}

/// The father's name with its ending for a child of this sex, in capital letters. A name to which no -ович can be
/// put takes -ұлы.
pub(crate) fn patronymic(father: &Given, sex: Sex, style: Style) -> Option<String> {
    let formed = match style {
        Style::Without => return None,
        Style::Kazakh => kazakh(father.name, sex),
        Style::Slavic => match father.patronymics {
            Some((son, daughter)) => by_sex(sex, son, daughter).to_owned(),
            None => slavic(father.name, sex).unwrap_or_else(|| kazakh(father.name, sex)),
        },
    };
    Some(formed.to_uppercase())
}

fn by_sex(sex: Sex, son: &'static str, daughter: &'static str) -> &'static str {
    match sex {
        Sex::Male => son,
        Sex::Female => daughter,
    }
}

fn kazakh(father: &str, sex: Sex) -> String {
    format!("{father}{}", by_sex(sex, "ұлы", "қызы"))
}

/// By the ending of the name; `None` for vowels that take none.
fn slavic(father: &str, sex: Sex) -> Option<String> {
    let ovich = by_sex(sex, "ович", "овна");
    let evich = by_sex(sex, "евич", "евна");
    Some(match father.chars().last()? {
        'й' => format!("{}{evich}", father.strip_suffix('й')?),
        'ж' | 'ш' | 'ч' | 'щ' | 'ц' | 'и' => format!("{father}{evich}"),
        'а' | 'ә' | 'е' | 'о' | 'ө' | 'у' | 'ұ' | 'ү' | 'ы' | 'і' | 'э' | 'ю' | 'я' | 'ь' => {
            return None;
        }
        _ => format!("{father}{ovich}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_follow_sex_and_name() {
        let plain = |name| Given { name, patronymics: None };
        let ilya = Given { name: "Илья", patronymics: Some(("Ильич", "Ильинична")) };
        let cases = [
            (plain("Әсет"), Style::Kazakh, "ӘСЕТҰЛЫ", "ӘСЕТҚЫЗЫ"),
            (plain("Серік"), Style::Slavic, "СЕРІКОВИЧ", "СЕРІКОВНА"),
            (plain("Абай"), Style::Slavic, "АБАЕВИЧ", "АБАЕВНА"),
            (plain("Ғани"), Style::Slavic, "ҒАНИЕВИЧ", "ҒАНИЕВНА"),
            (plain("Мұса"), Style::Slavic, "МҰСАҰЛЫ", "МҰСАҚЫЗЫ"),
            (ilya, Style::Slavic, "ИЛЬИЧ", "ИЛЬИНИЧНА"),
        ];
        for (father, style, son, daughter) in cases {
            assert_eq!(patronymic(&father, Sex::Male, style).as_deref(), Some(son));
            assert_eq!(patronymic(&father, Sex::Female, style).as_deref(), Some(daughter));
            assert_eq!(patronymic(&father, Sex::Female, Style::Without), None);
        }
    }
}
