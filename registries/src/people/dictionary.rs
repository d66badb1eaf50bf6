//! The dictionaries of the people database: a code with its Kazakh and Russian name.
//!
//! What public clients show of the codes is kept (gender 1 and 2, life status 0, documents 001, 002 and 015, document
//! status 00; countries are ISO 3166-1 numeric). The other codes are ours. In JSON and CSV a code stands alone.

use std::fmt;
use std::str::FromStr;

use certs::Sex;
use serde::{Deserialize, Serialize};

/// One entry of a dictionary, as messages carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// The Kazakh name.
    pub kk: &'static str,
    /// The Russian name.
    pub ru: &'static str,
}

/// A code that a dictionary does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {dictionary} has the code `{found}`; known: {known}")]
pub struct UnknownCode {
    /// Which dictionary.
    pub dictionary: &'static str,
    /// The code as it was given.
    pub found: String,
    /// The codes there are.
    pub known: String,
}

macro_rules! dictionary {
    ($(#[$doc:meta])* $name:ident $what:literal { $($variant:ident $code:literal $kk:literal $ru:literal)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $name { $(#[doc = $ru] $variant),+ }

        impl $name {
            /// Every entry.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The entry with its names.
            pub const fn entry(self) -> Entry {
                match self { $(Self::$variant => Entry { code: $code, kk: $kk, ru: $ru }),+ }
            }

            /// The code alone.
            pub const fn code(self) -> &'static str {
                self.entry().code
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(UnknownCode {
                        dictionary: $what,
                        found: code.chars().take(40).collect(),
                        known: [$($code),+].join(", "),
                    }),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownCode;

            fn try_from(code: String) -> Result<Self, UnknownCode> {
                code.parse()
            }
        }

        impl From<$name> for &'static str {
            fn from(entry: $name) -> Self {
                entry.code()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.code())
            }
        }
    };
}

dictionary! {
    /// Жынысы / пол.
    Gender "gender" {
        Male "1" "Ер" "Мужской"
        Female "2" "Әйел" "Женский"
    }
}

dictionary! {
    /// Ұлты / национальность.
    Nationality "nationality" {
        NotStated "000" "Көрсетілмеген" "Не указана"
        Kazakh "005" "Қазақ" "Казах"
        Russian "010" "Орыс" "Русский"
        Uzbek "015" "Өзбек" "Узбек"
        Uyghur "020" "Ұйғыр" "Уйгур"
        Korean "025" "Кәріс" "Кореец"
        German "030" "Неміс" "Немец"
        Tatar "035" "Татар" "Татарин"
        Ukrainian "040" "Украин" "Украинец"
        Turkish "045" "Түрік" "Турок"
        Kyrgyz "050" "Қырғыз" "Киргиз"
    }
}

dictionary! {
    /// Ел / страна: of citizenship, birth and residence.
    Country "country" {
        Kazakhstan "398" "Қазақстан" "Казахстан"
        Russia "643" "Ресей" "Россия"
        Uzbekistan "860" "Өзбекстан" "Узбекистан"
        Kyrgyzstan "417" "Қырғызстан" "Кыргызстан"
        China "156" "Қытай" "Китай"
        Mongolia "496" "Моңғолия" "Монголия"
        Turkiye "792" "Түркия" "Турция"
        Germany "276" "Германия" "Германия"
        Korea "410" "Корея Республикасы" "Республика Корея"
        None "000" "Азаматтығы жоқ" "Без гражданства"
    }
}

dictionary! {
    /// Өмір мәртебесі / статус жизни.
    LifeStatus "life status" {
        Normal "0" "Қалыпты" "Нормальный"
        Dead "1" "Қайтыс болған" "Умерший"
    }
}

dictionary! {
    /// Әрекет қабілеттілігі / дееспособность.
    CapabilityStatus "capability" {
        Capable "0" "Әрекетке қабілетті" "Дееспособный"
        Incapable "1" "Әрекетке қабілетсіз деп танылған" "Признан недееспособным"
        Limited "2" "Әрекет қабілеттілігі шектелген" "Ограничен в дееспособности"
    }
}

dictionary! {
    /// Құжат түрі / вид документа.
    DocumentType "document type" {
        Passport "001" "ҚР азаматының паспорты" "Паспорт гражданина РК"
        IdentityCard "002" "ҚР азаматының жеке куәлігі" "Удостоверение личности гражданина РК"
        Foreign "015" "Шетел құжаты" "Иностранный документ"
    }
}

dictionary! {
    /// Құжат мәртебесі / статус документа. That a document has expired is no status: it follows from the day.
    DocumentStatus "document status" {
        Valid "00" "Жарамды" "Действителен"
        Annulled "01" "Күші жойылған" "Аннулирован"
        Lost "02" "Жоғалған" "Утерян"
    }
}

dictionary! {
    /// Кім берген / кем выдан.
    Issuer "issuer" {
        Justice "001" "ҚР Әділет министрлігі" "Министерство юстиции РК"
        InternalAffairs "002" "ҚР Ішкі істер министрлігі" "Министерство внутренних дел РК"
        CivilRegistry "003" "АХАЖ бөлімі" "Отдел РАГС"
        ForeignAuthority "009" "Шет мемлекеттің органы" "Орган иностранного государства"
    }
}

impl From<Sex> for Gender {
    fn from(sex: Sex) -> Self {
        match sex {
            Sex::Male => Self::Male,
            Sex::Female => Self::Female,
        }
    }
}

#[expect(clippy::derivable_impls, reason = "the macro is one for all dictionaries, and few have a default")]
impl Default for Nationality {
    fn default() -> Self {
        Self::NotStated
    }
}

#[expect(clippy::derivable_impls, reason = "as above")]
impl Default for Country {
    fn default() -> Self {
        Self::Kazakhstan
    }
}

#[expect(clippy::derivable_impls, reason = "as above")]
impl Default for LifeStatus {
    fn default() -> Self {
        Self::Normal
    }
}

#[expect(clippy::derivable_impls, reason = "as above")]
impl Default for CapabilityStatus {
    fn default() -> Self {
        Self::Capable
    }
}

#[expect(clippy::derivable_impls, reason = "as above")]
impl Default for DocumentStatus {
    fn default() -> Self {
        Self::Valid
    }
}
