//! What is done in a step, and what kind of step it is.

use super::words;

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
