//! What an act says beside its steps, what a file says of itself, and the fields of forms.

use super::words;

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
        /// Putting it on paper.
        DoesPrint = "does.print",
        /// Forming the refusal.
        DoesRefuse = "does.refuse",
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

words! {
    /// The type of a field of the request form, with its format check.
    FieldType, "field type" {
        /// A person's number: twelve digits with a right check digit.
        Iin = "iin",
        /// A legal entity's number: twelve digits with a right check digit.
        Bin = "bin",
        /// Text of 1 to 200 characters without control characters.
        Text = "text",
        /// Text of 1 to 2 000 characters in lines.
        LongText = "long-text",
        /// `YYYY-MM-DD`.
        Date = "date",
        /// An organisation's code: lower-case letters, digits, dashes.
        Organisation = "organisation",
        /// One of the field's options.
        Choice = "choice",
    }
}
