//! The words a regulation file may use.
//!
//! Each word is defined once, here, with what it means. A word that is not here is refused when the file is
//! loaded, with the nearest known one. Services, paragraphs and messages to people are *not* words: they are
//! data and stand in the files alone.

use std::fmt;
use std::str::FromStr;

use certs::Role;
use certs::verdict::Check;
use serde::{Deserialize, Serialize};
use signer::System;

/// A word that the vocabulary does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{word}`; the nearest known one is `{nearest}`")]
pub struct UnknownWord {
    /// What kind of word was expected: `verb`, `check`, …
    pub what: &'static str,
    /// The word as written.
    pub word: String,
    /// The known word that is closest to it.
    pub nearest: &'static str,
}

/// The known word closest to `word` by edit distance.
fn nearest(word: &str, known: &[&'static str]) -> &'static str {
    known
        .iter()
        .copied()
        .min_by_key(|candidate| strsim::damerau_levenshtein(word, candidate))
        .unwrap_or_default()
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every word, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is written in files, URLs and JSON.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { what: $what, word: word.to_owned(), nearest: nearest(word, &[$($word),+]) }),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownWord;
            fn try_from(word: String) -> Result<Self, UnknownWord> { word.parse() }
        }

        impl From<$name> for &'static str {
            fn from(word: $name) -> Self { word.word() }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(self.word()) }
        }
    };
}

words! {
    /// What kind of step the text speaks of.
    Kind, "kind of step" {
        /// A step the text gives no name.
        Action = "action",
        /// «N – процесс».
        Process = "process",
        /// «N – шарт»: checks with a yes and a no.
        Condition = "condition",
    }
}

words! {
    /// A person who acts in a channel.
    Person, "role" {
        /// Көрсетілетін қызметті алушы.
        Recipient = "recipient",
        /// Уәкілетті тұлға: the provider's authorised person, whose key signs results.
        AuthorisedPerson = "provider-authorised-person",
        /// Басшы: the provider's head.
        Head = "provider-head",
        /// Жауапты орындаушы.
        ResponsibleExecutor = "responsible-executor",
        /// Кеңсе қызметкері.
        Clerk = "provider-clerk",
        /// Мемлекеттік корпорация қызметкері: files for the recipient at the counter, with a key of their own.
        CorporationEmployee = "corporation-employee",
    }
}

impl Person {
    /// The role a certificate must carry to sign as this person; `None` where no role is asked for.
    pub fn certificate_role(self) -> Option<Role> {
        match self {
            Self::Recipient => None,
            Self::AuthorisedPerson => Some(Role::RightToSign),
            Self::Head => Some(Role::FirstHead),
            Self::ResponsibleExecutor | Self::Clerk | Self::CorporationEmployee => Some(Role::Employee),
        }
    }
}

words! {
    /// What is done in a step. *Deeds* are done by people at a system's desk; the rest a system does itself.
    Verb, "verb" {
        /// Deed: an account with IIN and password.
        Register = "register",
        /// Deed: IIN (of an employee: login) and password are entered.
        SignIn = "sign-in",
        /// Deed: consent to use data protected by law is taken, refused, or needless by another law.
        Consent = "consent",
        /// Deed: the service is chosen.
        ChooseService = "choose-service",
        /// Deed: the fields of the request form are filled in.
        FillForm = "fill-form",
        /// Deed: the data of a representative, if there is one, and of a notarised power of attorney are entered.
        EnterRepresentative = "enter-representative",
        /// Deed: it is marked which documents there are on paper.
        MarkPapers = "mark-papers",
        /// Deed: the documents on paper are scanned.
        Scan = "scan",
        /// Deed: electronic copies are attached.
        AttachCopies = "attach-copies",
        /// Deed: the registration certificate to sign with is chosen.
        ChooseCertificate = "choose-certificate",
        /// Deed: the document made so far is signed with the person's key.
        Sign = "sign",
        /// Deed: what the case came to is handed over at the counter.
        HandOver = "hand-over",
        /// The system sends the step's message.
        Send = "send",
        /// The system asks a register and waits for its answer.
        Query = "query",
        /// The system enters what it received into its journal, under a number of its own.
        Record = "record",
        /// The system passes a received document on, unchanged.
        Forward = "forward",
        /// The system forms the step's refusal.
        Refuse = "refuse",
        /// The system forms the result document whose guard holds.
        Issue = "issue",
        /// The system shows the person what was formed or received.
        Deliver = "deliver",
    }
}

impl Verb {
    /// Whether a person must act for this.
    pub fn is_deed(self) -> bool {
        matches!(
            self,
            Self::Register
                | Self::SignIn
                | Self::Consent
                | Self::ChooseService
                | Self::FillForm
                | Self::EnterRepresentative
                | Self::MarkPapers
                | Self::Scan
                | Self::AttachCopies
                | Self::ChooseCertificate
                | Self::Sign
                | Self::HandOver
        )
    }
}

words! {
    /// One check of a condition.
    CheckWord, "check" {
        /// The entered IIN and password belong to a registered recipient.
        LoginAuthentic = "login-authentic",
        /// The certificate is inside its validity period.
        ValidityPeriod = "certificate-in-validity-period",
        /// The certificate is not in the list of revoked (annulled) certificates.
        NotRevoked = "certificate-not-revoked",
        /// The identifier declared in the request is that of the certificate.
        IdentityMatches = "identity-matches",
        /// Consent was given where it is needed.
        ConsentGiven = "consent-given",
        /// Every document that the standard asks for was presented: decided at the counter.
        PackageComplete = "package-complete",
        /// The people database has the recipient.
        PersonFound = "person-found",
        /// The notary registry has the power of attorney, of this recipient for this representative, and it stands.
        AttorneyFound = "attorney-found",
        /// The documents the standard asks for are attached and in order: decided at the desk.
        DocumentsConform = "documents-conform",
        /// There are grounds to render the service: decided at the desk.
        GroundsExist = "grounds-exist",
        /// None of the grounds on which the standard has the service refused: decided at the desk.
        NoGroundsToRefuse = "no-grounds-to-refuse",
    }
}

impl CheckWord {
    /// The certificate check behind the word, for words that speak of a certificate.
    pub fn of_certificate(self) -> Option<Check> {
        match self {
            Self::ValidityPeriod => Some(Check::ValidityPeriod),
            Self::NotRevoked => Some(Check::NotRevoked),
            Self::IdentityMatches => Some(Check::IdentityMatches),
            _ => None,
        }
    }

    /// Whether staff decide it at their desk.
    pub fn is_decided_by_staff(self) -> bool {
        matches!(
            self,
            Self::PackageComplete | Self::DocumentsConform | Self::GroundsExist | Self::NoGroundsToRefuse
        )
    }
}

words! {
    /// A named fact that a guard may ask for.
    Fact, "fact" {
        /// The recipient has no account at the portal yet.
        NotRegistered = "not-registered-on-portal",
        /// No law does without the recipient's consent.
        ConsentRequired = "consent-required",
        /// Somebody comes for the recipient, by a power of attorney.
        Represented = "represented",
        /// A notary certified the power of attorney.
        AttorneyNotarised = "attorney-notarised",
        /// The preschool that the recipient asked for has a free place.
        PlaceAvailable = "place-available",
    }
}

words! {
    /// A message of the regulations.
    Message, "message" {
        /// The signed application, to the regional workstation.
        Application = "application",
        /// The number and day under which the application was registered, back to where it came from.
        Registration = "registration",
        /// The application handed on to the provider, unchanged.
        Assignment = "assignment",
        /// The signed result or refusal, back to where the application came from.
        Outcome = "outcome",
        /// A question to the people database; answered at once by `person-answer`.
        PersonQuery = "person-query",
        /// What the people database has.
        PersonAnswer = "person-answer",
        /// A question to the notary registry; answered at once by `attorney-answer`.
        AttorneyQuery = "attorney-query",
        /// What the notary registry has.
        AttorneyAnswer = "attorney-answer",
    }
}

impl Message {
    /// What answers it in the same exchange; `None` for what is only acknowledged.
    pub fn answer(self) -> Option<Self> {
        match self {
            Self::PersonQuery => Some(Self::PersonAnswer),
            Self::AttorneyQuery => Some(Self::AttorneyAnswer),
            _ => None,
        }
    }
}

words! {
    /// What an outcome is: the end of a channel.
    End, "end" {
        /// The service was refused.
        Refusal = "refusal",
        /// The service was rendered.
        Result = "result",
    }
}

words! {
    /// A document that a provider issues.
    Issued, "document" {
        /// Кезекке қою туралы хабарлама, with the queue number.
        QueueNotice = "queue-notice",
        /// Мектепке дейінгі ұйымға жолдама.
        Referral = "referral",
        /// Шешім: what the provider decided.
        Decision = "decision",
        /// Бұйрықтың көшірмесі.
        OrderCopy = "order-copy",
        /// Құжаттар қабылдаудан бас тарту туралы қолхат: on paper, beside a refusal to accept.
        AcceptanceRefusalReceipt = "acceptance-refusal-receipt",
        /// A refusal, formed as a document of its own.
        Refusal = "refusal",
    }
}

impl Issued {
    /// How a channel ends that this document goes out of.
    pub fn end(self) -> End {
        match self {
            Self::QueueNotice | Self::Referral | Self::Decision | Self::OrderCopy => End::Result,
            Self::AcceptanceRefusalReceipt | Self::Refusal => End::Refusal,
        }
    }
}

words! {
    /// The type of a field of the request form, with its format check.
    FieldType, "field type" {
        /// A person's number: twelve digits with a right check digit.
        Iin = "iin",
        /// A legal entity's number: twelve digits with a right check digit.
        Bin = "bin",
        /// Text of 1 to 200 characters without control characters.
        Text = "text",
        /// `YYYY-MM-DD`.
        Date = "date",
        /// An organisation's code: lower-case letters, digits, dashes.
        Organisation = "organisation",
    }
}

words! {
    /// What holds the key that a step signs with. No certificate tells it: who signs says so.
    Carrier, "key carrier" {
        /// «Казтокен».
        Kaztoken = "kaztoken",
    }
}

words! {
    /// A field of a step that the text does not say.
    Inferred, "inferred mark" {
        /// The whole step.
        Step = "step",
        /// Who acts.
        Actor = "actor",
        /// Where a system acts for a person.
        With = "with",
        /// What is checked.
        Checks = "checks",
        /// The guard.
        When = "when",
        /// How long it may take.
        Within = "within",
        /// The edge after the step.
        Then = "then",
        /// The edge when every check holds.
        Yes = "yes",
        /// The edge when one does not.
        No = "no",
        /// The deed of signing.
        DoesSign = "does.sign",
        /// Showing what was formed.
        DoesDeliver = "does.deliver",
        /// Forming the document.
        DoesIssue = "does.issue",
        /// The message and its way.
        Sends = "sends",
        /// What is received.
        Receives = "receives",
        /// The guard on a document.
        Documents = "documents",
        /// Whose key signs.
        SignedBy = "signed-by",
    }
}

/// Who acts in a step: a system by itself, or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Actor {
    /// A system of the diagram.
    System(System),
    /// A person at a system's desk.
    Person(Person),
}

impl Actor {
    /// The canonical short name.
    pub fn word(self) -> &'static str {
        match self {
            Self::System(system) => system.name(),
            Self::Person(person) => person.word(),
        }
    }
}

impl From<Actor> for &'static str {
    fn from(actor: Actor) -> Self {
        actor.word()
    }
}

impl TryFrom<String> for Actor {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        if let Ok(system) = word.parse::<System>() {
            return Ok(Self::System(system));
        }
        word.parse::<Person>().map(Self::Person).map_err(|_| {
            let known: Vec<&'static str> =
                System::ALL.iter().map(|s| s.name()).chain(Person::ALL.iter().map(|p| p.word())).collect();
            UnknownWord { what: "actor", nearest: nearest(&word, &known), word }
        })
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_names_the_nearest() {
        let error = "sing".parse::<Verb>().unwrap_err();
        assert_eq!(error.to_string(), "unknown verb `sing`; the nearest known one is `sign`");
        let error = Actor::try_from("porta".to_owned()).unwrap_err();
        assert_eq!(error.nearest, "portal");
    }

    #[test]
    fn every_word_reads_back() {
        for verb in Verb::ALL {
            assert_eq!(verb.word().parse::<Verb>(), Ok(*verb));
        }
        for check in CheckWord::ALL {
            assert_eq!(check.word().parse::<CheckWord>(), Ok(*check));
        }
    }
}
