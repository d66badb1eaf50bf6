//! Named personas: who to send to a counter so that a certain thing happens there.

use std::fmt;
use std::str::FromStr;

use certs::{Iin, Text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::record::Newborn;
use crate::notary::PowerOfAttorney;

macro_rules! personas {
    ($($variant:ident $name:literal kk $kk:literal ru $ru:literal en $en:literal)+) => {
        /// Somebody with a property that a counter has to notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum Persona { $(#[doc = $en] $variant),+ }

        impl Persona {
            /// Every persona, in the order of lists.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }

            /// What the persona is for.
            pub fn describe(self) -> Text {
                let (kk, ru, en) = match self { $(Self::$variant => ($kk, $ru, $en)),+ };
                Text::new(kk, ru, en)
            }
        }
    };
}

personas! {
    ParentWithChild "parent-with-child"
        kk "Баласы бар ата-ана: бәрі дұрыс" ru "Родитель с ребёнком: всё в порядке"
        en "A parent with a child: everything is in order"
    ParentWithoutChild "parent-without-child"
        kk "Тізілімде баласы жоқ адам" ru "Человек, за которым в базе нет ребёнка"
        en "Somebody for whom the register has no child"
    NotInRegister "not-in-register"
        kk "Деректер базасында жоқ адам" ru "Человек, которого нет в базе" en "Somebody whom the register does not have"
    Dead "dead"
        kk "Қайтыс болған деп тіркелген адам" ru "Человек, записанный умершим" en "Somebody recorded as dead"
    Missing "missing"
        kk "Сот хабарсыз кетті деп таныған адам" ru "Человек, признанный судом безвестно отсутствующим"
        en "Somebody whom a court has declared missing"
    Disappeared "disappeared"
        kk "Іздеудегі жоғалған адам" ru "Пропавший человек, которого разыскивают"
        en "Somebody who has disappeared and is sought"
    Excluded "excluded"
        kk "Тізілімнен шығарылған адам" ru "Человек, исключённый из базы" en "Somebody excluded from the register"
    Incapable "incapable"
        kk "Сот әрекетке қабілетсіз деп таныған адам" ru "Человек, признанный судом недееспособным"
        en "Somebody whom a court has declared incapable"
    Foreigner "foreigner"
        kk "Баласы бар шетел азаматы" ru "Иностранный гражданин с ребёнком" en "A citizen of another country, with a child"
    NewbornChildNotRegistered "newborn-child-not-registered"
        kk "Нәрестесі әлі тіркелмеген, ЖСН-і жоқ ата-ана" ru "Родитель новорождённого, который ещё не записан и не имеет ИИН"
        en "A parent of a newborn who is not registered yet and has no IIN"
    Guardian "guardian"
        kk "Ата-анасы қайтыс болған баланың қорғаншысы" ru "Опекун ребёнка, родители которого умерли"
        en "The guardian of a child whose parents are dead"
    Twins "twins"
        kk "Егіздердің ата-анасы" ru "Родитель близнецов" en "A parent of twins"
    DocumentExpired "document-expired"
        kk "Жеке куәлігінің мерзімі өткен адам" ru "Человек с просроченным удостоверением личности"
        en "Somebody whose identity card has expired"
    DocumentAnnulled "document-annulled"
        kk "Жеке куәлігінің күші жойылған адам" ru "Человек с аннулированным удостоверением личности"
        en "Somebody whose identity card is annulled"
    DocumentBefore2008 "document-before-2008"
        kk "2008 жылға дейін берілген, мерзімсіз куәлігі бар қорғаншы" ru "Опекун с бессрочным удостоверением, выданным до 2008 года"
        en "A guardian whose card was issued before 2008, without a term"
    NameChanged "name-changed"
        kk "Куәлік берілгеннен кейін тегін ауыстырған адам" ru "Человек, сменивший фамилию после выдачи сертификата"
        en "Somebody who has changed their surname since the certificate was issued"
    LeadingZero "leading-zero"
        kk "ЖСН-і нөлден басталатын адам" ru "Человек, ИИН которого начинается с нуля" en "Somebody whose IIN begins with a zero"
    NoPatronymic "no-patronymic"
        kk "Әкесінің аты жазылмаған ата-ана" ru "Родитель без отчества" en "A parent without a patronymic"
    DoubleSurname "double-surname"
        kk "Қос текті ата-ана" ru "Родитель с двойной фамилией" en "A parent with a double surname"
    FirstPriority "first-priority"
        kk "Бірінші кезекте орын алуға құқығы бар ата-ана" ru "Родитель с правом на первоочередное место"
        en "A parent with the right to a first-priority place"
    AttorneyNotarised "attorney-notarised"
        kk "Нотариат куәландырған сенімхаты бар өкіл" ru "Представитель с нотариальной доверенностью"
        en "A representative with a notarised power of attorney"
    AttorneyOtherwiseCertified "attorney-otherwise-certified"
        kk "Сенімхатын нотариус емес, өзге адам куәландырған өкіл" ru "Представитель, доверенность которого удостоверена иначе"
        en "A representative whose power of attorney is certified otherwise"
    AttorneyExpired "attorney-expired"
        kk "Сенімхатының мерзімі өткен өкіл" ru "Представитель с истёкшей доверенностью"
        en "A representative whose power of attorney has expired"
    AttorneyRevoked "attorney-revoked"
        kk "Сенімхаты кері қайтарып алынған өкіл" ru "Представитель с отменённой доверенностью"
        en "A representative whose power of attorney was revoked"
    AttorneyForeign "attorney-foreign"
        kk "Шетелде берілген, апостилі бар сенімхатты өкіл" ru "Представитель с иностранной доверенностью с апостилем"
        en "A representative with a power of attorney from abroad, with apostille"
    AttorneyForAnotherRecipient "attorney-for-another-recipient"
        kk "Сенімхатын басқа адам берген өкіл" ru "Представитель, доверенность которого выдал другой человек"
        en "A representative whose power of attorney was given by somebody else"
    AttorneyNotFound "attorney-not-found"
        kk "Сенімхаты нотариат тізілімінде жоқ өкіл" ru "Представитель, доверенности которого нет в нотариальном реестре"
        en "A representative whose power of attorney is not in the notary registry"
    AttorneyDocumentBefore2008 "attorney-document-before-2008"
        kk "Алушысының куәлігі 2008 жылға дейін берілген өкіл" ru "Представитель получателя с удостоверением, выданным до 2008 года"
        en "A representative of a recipient whose card was issued before 2008"
    AttorneyOfUnregistered "attorney-of-unregistered"
        kk "Сенімхат берген алушысы деректер базасында жоқ өкіл" ru "Представитель получателя, которого нет в базе"
        en "A representative of a recipient whom the register does not have"
}

impl Persona {
    /// Whether it comes as a representative, with a power of attorney in hand.
    pub fn is_attorney(self) -> bool {
        self.name().starts_with("attorney-")
    }
}

impl fmt::Display for Persona {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl From<Persona> for &'static str {
    fn from(persona: Persona) -> Self {
        persona.name()
    }
}

impl TryFrom<String> for Persona {
    type Error = UnknownPersona;

    fn try_from(name: String) -> Result<Self, UnknownPersona> {
        name.parse()
    }
}

impl FromStr for Persona {
    type Err = UnknownPersona;

    fn from_str(name: &str) -> Result<Self, UnknownPersona> {
        Self::ALL.iter().copied().find(|persona| persona.name() == name).ok_or_else(|| {
            // Names are shorter than that; what follows in a long word changes nothing.
            let found: String = name.chars().take(60).collect();
            UnknownPersona { nearest: nearest(&found), found }
        })
    }
}

/// A name that no persona has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no persona is called `{found}`; the nearest is `{nearest}`")]
pub struct UnknownPersona {
    /// The name as it was given.
    pub found: String,
    /// The persona whose name is most like it.
    pub nearest: Persona,
}

/// Jaro-Winkler counts what words begin with: half a name is nearer to the whole than to a short other one.
fn nearest(word: &str) -> Persona {
    // A word of the name says more than letters alike.
    let holds = |persona: &Persona| word.len() > 2 && persona.name().contains(word);
    let likeness = |persona: &Persona| {
        strsim::jaro_winkler(word, persona.name()) + if holds(persona) { 1.0 } else { 0.0 }
    };
    let by_likeness = |a: &Persona, b: &Persona| likeness(a).total_cmp(&likeness(b));
    Persona::ALL.iter().copied().max_by(by_likeness).unwrap_or(Persona::ParentWithChild)
}

/// Who plays a persona in a register, and what they carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// The persona.
    pub persona: Persona,
    /// Who comes to the counter.
    pub iin: Iin,
    /// The full name of who comes, as their papers say it.
    pub name: String,
    /// On whose behalf they come, if not their own: the recipient of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Iin>,
    /// The children that the service is asked for.
    #[serde(default)]
    pub children: Vec<Iin>,
    /// A child that has no IIN yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newborn: Option<Newborn>,
    /// The power of attorney in their hand, which need not be in the notary registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<PowerOfAttorney>,
    /// The document on the right to a first-priority place in their hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<PriorityDocument>,
}

/// A document that gives the right to be served first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorityDocument {
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub date: Date,
    /// On what ground.
    pub ground: Text,
}
