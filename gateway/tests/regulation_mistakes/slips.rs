//! Files that could be run and go wrong in play, or have something in them that is passed over.

use super::{EXTERNAT, PASSPORT, QUEUE, REGISTRY, broken, each_is_found, said};
use gateway::regulation::load;

#[test]
fn circles_that_nobody_breaks() {
    let refused = "does     = [\"refuse\", \"deliver\"]\nends     = \"refusal\"";
    let again = "does     = [\"refuse\", \"deliver\"]\nthen     = \"12.3\"";
    let conditions = "yes      = \"12.8\"\nno       = \"12.7\"";
    // The query of the office leads back to the condition before it, and nobody acts in either.
    let query = "then     = \"8.1\"\ninferred = [\"then\"]\n";
    each_is_found(&[
        (QUEUE, "then     = \"12.2\"", "then     = \"12.1\"", "circle", "portal §12.1", "to itself"),
        (QUEUE, refused, again, "circle", "portal §12.4", "§12.3"),
        (QUEUE, conditions, "yes      = \"12.6\"\nno       = \"12.7\"", "circle", "portal §12.6", "§12.6"),
        (
            QUEUE,
            query,
            "then     = \"9-p3b\"\ninferred = [\"then\"]\n",
            "circle",
            "office §9-p3b",
            "§9-p3b, §9-p2b",
        ),
    ]);
}

#[test]
fn a_circle_that_somebody_breaks_is_none() {
    // The portal asks for the password again, and the recipient enters it.
    let again = QUEUE.replacen("no       = \"12.4\"", "no       = \"12.2\"", 1);
    let error = load(&again, "copy.toml").unwrap_err();
    assert!(said(&error).iter().all(|one| one.code == "unreachable-step"), "{error}");
}

#[test]
fn things_said_twice_or_in_the_wrong_kind_of_step() {
    let deeds = "does     = [\"sign-in\"]\n";
    let checks =
        "checks   = [\"certificate-in-validity-period\", \"certificate-not-revoked\", \"identity-matches\"]";
    let login = "checks   = [\"login-authentic\"]\n";
    let refused = "does     = [\"refuse\", \"deliver\"]\nends     = \"refusal\"";
    let as_result = "does     = [\"refuse\", \"deliver\"]\nends     = \"result\"";
    let printed = "printed-actor = \"provider\"";
    each_is_found(&[
        (QUEUE, deeds, "does     = [\"sign-in\", \"sign-in\"]\n", "verb-twice", "portal §12.2", "`sign-in`"),
        (
            QUEUE,
            checks,
            "checks   = [\"identity-matches\", \"identity-matches\"]",
            "check-twice",
            "portal §12.6",
            "`identity-matches`",
        ),
        (
            QUEUE,
            deeds,
            "does     = [\"sign-in\"]\nchecks   = [\"login-authentic\"]\n",
            "check-without-condition",
            "portal §12.2",
            "`checks`",
        ),
        (
            QUEUE,
            login,
            "checks   = [\"login-authentic\"]\ndoes     = [\"deliver\"]\n",
            "condition-does",
            "portal §12.3",
            "`does`",
        ),
        (QUEUE, refused, as_result, "refusal-as-result", "portal §12.4", "\"result\""),
        (REGISTRY, printed, "printed-actor = \"recipient\"", "printed-actor", "portal §10.2", "`recipient`"),
    ]);
}

#[test]
fn guards_that_ask_nothing_or_too_late() {
    let referral = "document = \"referral\"\nappendix = 1\nwhen     = { all = [\"place-available\"] }\n";
    let other = "when = { all = [\"regional-route\"] }";
    let registers = "when     = { all = [\"not-registered-on-portal\"] }";
    let sign_in = "at       = \"12.2\"\n";
    let login = "at       = \"12.3\"\n";
    let offered = "at       = \"12.2\"\nwhen     = { all = [\"not-registered-on-portal\"] }\n";
    let asked = "at       = \"12.3\"\nwhen     = { all = [\"consent-required\"] }\n";
    each_is_found(&[
        (QUEUE, registers, "when     = { all = [] }", "empty-when", "portal §12.1", "`when`"),
        (
            QUEUE,
            referral,
            "document = \"referral\"\nwhen     = { all = [] }\n",
            "empty-when",
            "portal §12.11",
            "`when`",
        ),
        (REGISTRY, other, "when = { all = [] }", "empty-when", "portal §10.7", "`when`"),
        (
            QUEUE,
            referral,
            "document = \"referral\"\n",
            "document-never-issued",
            "portal §12.11",
            "`queue-notice`",
        ),
    ]);
    let act = QUEUE.replacen(sign_in, offered, 1);
    each_is_found(&[(&act, login, asked, "offer-before-guard", "portal §12.2", "§12.3")]);
}

#[test]
fn an_offer_before_another_offer_asks_nobody_too_late() {
    // §4.9b and §4.1 of the passport: both are a person's, who passes either by or does it.
    assert!(load(PASSPORT, "copy.toml").is_ok());
    let offered = "at       = \"12.2\"\nwhen     = { all = [\"represented\"] }\n";
    assert!(load(&QUEUE.replacen("at       = \"12.2\"\n", offered, 1), "copy.toml").is_ok());
}

#[test]
fn documents_that_are_not_there_yet() {
    let forwards = "does     = [\"forward\"]\n";
    let signs = "does     = [\"sign\", \"forward\"]\nsigned-by = \"provider-clerk\"\n";
    let fills = "does     = [\"choose-service\", \"fill-form\", \"attach-copies\", \"choose-certificate\"]";
    let chooses = "does     = [\"choose-service\", \"attach-copies\", \"choose-certificate\"]";
    let accepts = "does     = [\"accept\", \"record\"]\nwithin   = \"10 min\"";
    let seals = "does     = [\"accept\", \"record\", \"seal\"]\nwithin   = \"10 min\"";
    let by_hand = "does     = [\"accept\", \"record\", \"sign-by-hand\"]\nsigned-by = \"provider-clerk\"\nwithin   = \"10 min\"";
    let hands_over = "does     = [\"hand-over\", \"deliver\"]";
    let prints = "does     = [\"hand-over\", \"deliver\", \"print\"]";
    each_is_found(&[
        // What the application brought is signed already.
        (QUEUE, forwards, signs, "nothing-to-sign", "portal §12.8b", "`regional-workstation`"),
        (QUEUE, fills, chooses, "nothing-to-sign", "portal §12.8", "`portal`"),
        (QUEUE, accepts, seals, "nothing-to-seal", "office §8.1", "`seal`"),
        (QUEUE, accepts, by_hand, "nothing-to-seal", "office §8.1", "`sign-by-hand`"),
        (QUEUE, hands_over, prints, "print-after-deliver", "state-corporation §11.11", "`print`"),
    ]);
}

#[test]
fn messages_that_cannot_cross_asynchronously() {
    let question = "message = \"person-query\", to = \"people\", through = [\"gateway\"]";
    let asked = format!("{question}, mode = \"async\"");
    let direct = "message = \"assignment\", to = \"provider\"";
    let assigned = format!("{direct}, mode = \"async\"");
    each_is_found(&[
        (QUEUE, question, &asked, "async-question", "state-corporation §11.3", "waits for its answer"),
        (QUEUE, direct, &assigned, "async-without-gateway", "portal §12.8b", "gateway"),
    ]);
}

#[test]
fn ways_that_come_by_a_system_twice() {
    let sends = "to = \"regional-workstation\", through = [\"gateway\"]";
    let to = |through: &str| format!("to = \"regional-workstation\", through = [{through}]");
    let (twice, sender, destination) = (
        to("\"gateway\", \"gateway\""),
        to("\"portal\", \"gateway\""),
        to("\"gateway\", \"regional-workstation\""),
    );
    let other = "or = { through = [\"regional-gateway\"]";
    let back = "or = { through = [\"regional-gateway\", \"portal\"]";
    let code = "system-twice-on-way";
    each_is_found(&[
        (QUEUE, sends, &twice, code, "portal §12.8", "`gateway`"),
        (QUEUE, sends, &sender, code, "portal §12.8", "`portal`"),
        (QUEUE, sends, &destination, code, "portal §12.8", "`regional-workstation`"),
        (REGISTRY, other, back, code, "portal §10.7", "`portal`"),
    ]);
}

#[test]
fn marks_of_what_is_not_there() {
    let marks = "inferred = [\"receives\", \"yes\", \"no\"]";
    let rows = [
        ("then", "`then`"),
        ("with", "`with`"),
        ("when", "`when`"),
        ("within", "`within`"),
        ("sends", "`sends`"),
        ("documents", "`documents`"),
        ("signed-by", "`signed-by`"),
        ("does.sign", "`does.sign`"),
        ("does.issue", "`does.issue`"),
        ("does.deliver", "`does.deliver`"),
        ("step", "as a whole"),
    ];
    for (mark, names) in rows {
        let marked = format!("inferred = [\"{mark}\"]");
        each_is_found(&[(QUEUE, marks, &marked, "inferred-without-key", "portal §12.9", names)]);
    }
    for mark in ["yes", "no", "checks", "receives"] {
        let (from, to) = ("inferred = [\"does.deliver\"]", format!("inferred = [\"{mark}\"]"));
        let names = format!("`{mark}`");
        each_is_found(&[(QUEUE, from, &to, "inferred-without-key", "portal §12.4", &names)]);
    }
}

#[test]
fn heads_texts_and_procedures() {
    let title = "en = \"Queueing children under 7 for preschool organisations\"";
    let runs = "at       = \"8.5\"\nkind     = \"action\"\n";
    let nested = "at       = \"8.5\"\nkind     = \"action\"\nruns     = \"staff\"\n";
    each_is_found(&[
        (QUEUE, "\"mangystau-182-preschool-queue\"", "\"Mangystau 182\"", "bad-id", "", "Mangystau 182"),
        (QUEUE, "on = 2020-03-20", "on = 2016-06-21", "repealed-before-issued", "", "2016-06-22"),
        (QUEUE, title, "en = \" \"", "empty-text", "", "`en`"),
        (QUEUE, "ru = \"ИИН и пароль\"", "ru = \"\"", "empty-text", "portal §12.2", "what"),
        (
            QUEUE,
            "en = \"Authorisation is refused because of violations in the recipient's data.\"",
            "en = \"\"",
            "empty-text",
            "portal §12.4",
            "refusal",
        ),
        (
            QUEUE,
            "ru = \"Направление в дошкольную организацию\"",
            "ru = \"\"",
            "empty-text",
            "portal §12.11",
            "`referral`",
        ),
        (EXTERNAT, runs, nested, "procedure-runs", "procedure staff §8.5", "`staff`"),
    ]);
}

#[test]
fn one_slip_is_one_finding() {
    let sends = "to = \"regional-workstation\", through = [\"gateway\"]";
    let error = broken(QUEUE, sends, "to = \"regional-workstation\", through = [\"gateway\", \"gateway\"]");
    assert_eq!(said(&error).len(), 1, "{error}");
    let query = "then     = \"8.1\"\ninferred = [\"then\"]\n";
    let error = broken(QUEUE, query, &query.replace("8.1", "9-p3b"));
    assert_eq!(said(&error).iter().filter(|one| one.code == "circle").count(), 1, "{error}");
}
