//! What crosses between systems, and what it comes to.

use super::words;

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
    /// How a message crosses a gateway, over the wires that know both.
    Mode, "mode" {
        /// The receiver answers while the sender waits.
        Sync = "sync",
        /// The gateway takes it now and delivers it later.
        Async = "async",
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
    /// What holds the key that a step signs with. No certificate tells it: who signs says so.
    Carrier, "key carrier" {
        /// «Казтокен».
        Kaztoken = "kaztoken",
    }
}
