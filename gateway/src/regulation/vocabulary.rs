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
        /// Орындаушы: the provider's executor, where the text has no other one.
        Executor = "provider-executor",
        /// Кеңсе қызметкері.
        Clerk = "provider-clerk",
        /// Мемлекеттік корпорация қызметкері: files for the recipient at the counter, with a key of their own.
        CorporationEmployee = "corporation-employee",
        /// Мемлекеттік корпорация басшысы.
        CorporationHead = "corporation-head",
        /// Whoever answers complaints for the body that controls the quality of services.
        QualityOfficer = "quality-officer",
        /// Whoever answers the telephone at the contact centre.
        ContactOperator = "contact-operator",
    }
}

impl Person {
    /// The role a certificate must carry to sign as this person; `None` where no role is asked for.
    pub fn certificate_role(self) -> Option<Role> {
        match self {
            Self::Recipient => None,
            Self::AuthorisedPerson | Self::QualityOfficer => Some(Role::RightToSign),
            Self::Head | Self::CorporationHead => Some(Role::FirstHead),
            Self::ResponsibleExecutor
            | Self::Executor
            | Self::Clerk
            | Self::CorporationEmployee
            | Self::ContactOperator => Some(Role::Employee),
        }
    }

    /// The system of the organisation that they work for, wherever they sit; `None` for the recipient.
    pub fn works_for(self) -> Option<System> {
        match self {
            Self::Recipient => None,
            Self::AuthorisedPerson
            | Self::Head
            | Self::ResponsibleExecutor
            | Self::Executor
            | Self::Clerk => Some(System::Provider),
            Self::CorporationEmployee | Self::CorporationHead => Some(System::Workstation),
            Self::QualityOfficer => Some(System::QualityControl),
            Self::ContactOperator => Some(System::ContactCentre),
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
        /// Deed: the package of documents is presented at a desk.
        Present = "present",
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
        /// Deed: the documents are taken.
        Accept = "accept",
        /// Deed: the documents are examined.
        Examine = "examine",
        /// Deed: the head says who the executor is.
        Assign = "assign",
        /// Deed: a document is prepared.
        Draft = "draft",
        /// Deed: a document on paper is signed by hand.
        SignByHand = "sign-by-hand",
        /// Deed: a printed document gets seal and signature.
        Seal = "seal",
        /// Deed: somebody calls by telephone.
        Call = "call",
        /// Deed: an employee goes to the recipient's home.
        Visit = "visit",
        /// Deed: what the case came to is handed over at the counter.
        HandOver = "hand-over",
        /// The system sends the step's message.
        Send = "send",
        /// The system asks a register and waits for its answer.
        Query = "query",
        /// The system enters what it received into its journal, under a number of its own.
        Record = "record",
        /// The system enters into its journal that the result was given.
        RecordResult = "record-result",
        /// The system passes a received document on, unchanged.
        Forward = "forward",
        /// The system forms the step's refusal.
        Refuse = "refuse",
        /// The system forms the result document whose guard holds.
        Issue = "issue",
        /// The system prints what was formed.
        Print = "print",
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
                | Self::Present
                | Self::ChooseService
                | Self::FillForm
                | Self::EnterRepresentative
                | Self::MarkPapers
                | Self::Scan
                | Self::AttachCopies
                | Self::ChooseCertificate
                | Self::Sign
                | Self::HandOver
        ) || self.is_work()
    }

    /// Whether it is a deed that leaves nothing but that it was done.
    pub fn is_work(self) -> bool {
        matches!(
            self,
            Self::Accept
                | Self::Examine
                | Self::Assign
                | Self::Draft
                | Self::SignByHand
                | Self::Seal
                | Self::Call
                | Self::Visit
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
        /// It is filed by the last day that the act gives.
        FiledInTime = "filed-in-time",
        /// The registers have the identity document, issued after 2008 in Kazakhstan, and the certificate of birth.
        DocumentsInRegisters = "documents-in-registers",
        /// The complaint is about the provider or its officials, and not about the Corporation's employee.
        AboutProvider = "about-provider",
        /// The documents the standard asks for are attached and in order: decided at the desk.
        DocumentsConform = "documents-conform",
        /// There are grounds to render the service: decided at the desk.
        GroundsExist = "grounds-exist",
        /// None of the grounds on which the standard has the service refused: decided at the desk.
        NoGroundsToRefuse = "no-grounds-to-refuse",
        /// The recipient is content with the answer to a complaint: decided by them.
        AnswerAccepted = "answer-accepted",
        /// The recipient's health lets them be visited at home: decided by who answers the telephone.
        HomeVisitEligible = "home-visit-eligible",
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

    /// Whether a person decides it at a desk.
    pub fn is_decided(self) -> bool {
        matches!(
            self,
            Self::PackageComplete
                | Self::DocumentsConform
                | Self::GroundsExist
                | Self::NoGroundsToRefuse
                | Self::AnswerAccepted
                | Self::HomeVisitEligible
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
        /// The organisation that the recipient asked for is reached by the regional gateway.
        RegionalRoute = "regional-route",
        /// The recipient applies to the akim of a settlement, village or rural district.
        RuralAkimat = "rural-akimat",
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
        /// A question to the state's other registers; answered at once by `documents-answer`.
        DocumentsQuery = "documents-query",
        /// What those registers have.
        DocumentsAnswer = "documents-answer",
        /// The application sent on to the school, unchanged.
        ForwardedDocuments = "forwarded-documents",
        /// That somebody is to be visited at home.
        HomeVisit = "home-visit",
        /// The recipient's signed complaint, to the organisation that it is about.
        Complaint = "complaint",
        /// The signed answer to it.
        ComplaintAnswer = "complaint-answer",
        /// The complaint, to the body that controls the quality of services.
        QualityComplaint = "quality-complaint",
        /// The signed answer to that.
        QualityAnswer = "quality-answer",
    }
}

impl Message {
    /// Whether it carries what the recipient asks for, signed: an application or a complaint.
    pub fn is_application(self) -> bool {
        matches!(self, Self::Application | Self::Assignment | Self::ForwardedDocuments) || self.is_complaint()
    }

    /// Whether it carries a complaint.
    pub fn is_complaint(self) -> bool {
        matches!(self, Self::Complaint | Self::QualityComplaint)
    }

    /// Whether a case waits for it where it was sent from.
    pub fn answers_a_case(self) -> bool {
        matches!(self, Self::Outcome | Self::ComplaintAnswer | Self::QualityAnswer)
    }

    /// What answers it in the same exchange; `None` for what is only acknowledged.
    pub fn answer(self) -> Option<Self> {
        match self {
            Self::PersonQuery => Some(Self::PersonAnswer),
            Self::AttorneyQuery => Some(Self::AttorneyAnswer),
            Self::DocumentsQuery => Some(Self::DocumentsAnswer),
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
        /// Бұйрық.
        Order = "order",
        /// Бұйрықтың көшірмесі.
        OrderCopy = "order-copy",
        /// Шарт (договор, a contract): between an organisation and one of the parents.
        Contract = "contract",
        /// Кезектілік нөмірі көрсетілген қолхат: takes a number as the notice does.
        QueueNumberReceipt = "queue-number-receipt",
        /// Қолхат: that the documents were taken.
        AcceptanceReceipt = "acceptance-receipt",
        /// What a complaint is answered with.
        ComplaintAnswer = "complaint-answer",
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
            Self::AcceptanceRefusalReceipt | Self::Refusal => End::Refusal,
            _ => End::Result,
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
        /// One of the field's options.
        Choice = "choice",
    }
}

words! {
    /// What a sentence of an act that is no step speaks of.
    Topic, "topic" {
        /// Titles, «approved by», captions of appendices.
        Caption = "caption",
        /// Number, date, registration, legal base, publication of the act.
        Act = "act",
        /// That the act was repealed.
        Repeal = "repeal",
        /// When the act takes effect.
        Force = "force",
        /// Who supervises that it is carried out.
        Control = "control",
        /// Who signed it.
        Signature = "signature",
        /// Titles of chapters.
        Heading = "heading",
        /// Who renders the service.
        Provider = "provider",
        /// Where it is applied for.
        Channels = "channels",
        /// Electronic, automated, on paper.
        Automation = "automation",
        /// What the service comes to.
        Result = "result",
        /// The form of that.
        ResultForm = "result-form",
        /// The standard of the service.
        Standard = "standard",
        /// What the procedure begins with.
        Start = "start",
        /// The sentence that opens a list of procedures with their durations.
        Durations = "durations",
        /// What a procedure comes to, from which the next one begins.
        Outcome = "outcome",
        /// Who takes part.
        Participants = "participants",
        /// The sentence that opens a sequence.
        Sequence = "sequence",
        /// How the result reaches the recipient.
        Delivery = "delivery",
        /// Where the directory of business processes is published.
        Publication = "publication",
        /// A diagram, or a reference to one.
        Diagram = "diagram",
        /// The signs of a diagram.
        Legend = "legend",
        /// The last day to apply.
        Deadline = "deadline",
        /// For whom the service is.
        Recipients = "recipients",
        /// What it costs.
        Price = "price",
        /// How long it takes.
        Terms = "terms",
        /// What has to be presented.
        Documents = "documents",
        /// How to complain.
        Complaint = "complaint",
        /// Where offices are found.
        Addresses = "addresses",
        /// Where to ask.
        Information = "information",
        /// Remarks of whoever published the text.
        Note = "note",
        /// What the copy has of its pages and pictures, and no act.
        Debris = "debris",
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
