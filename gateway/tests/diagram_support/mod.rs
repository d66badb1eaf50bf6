//! Journals and regulations to draw, and what must hold of every picture.

mod properties;

use gateway::regulation::{Regulation, load};
use jiff::Timestamp;
use registries::store::{Entry, EntryKind};
use serde_json::{Value, json};

pub(super) use properties::{hold, mermaid, well_formed};

const TEXT: &str = include_str!("../diagrams/preschool.toml");

pub(super) fn regulation() -> Regulation {
    load(TEXT, "preschool.toml").unwrap().0
}

fn edit(changes: &[(&str, &str)]) -> Regulation {
    let mut text = TEXT.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "nothing to change: {from}");
        text = text.replace(from, to);
    }
    load(&text, "edited.toml").unwrap_or_else(|error| panic!("{changes:?}: {error}")).0
}

/// Cuts a step out.
fn without(at: &str, changes: &[(&str, &str)]) -> Regulation {
    let head = "[[channel.portal.step]]\n";
    let begun = TEXT.find(&format!("{head}at       = \"{at}\"")).unwrap();
    let after = TEXT[begun + head.len()..].find(head).map_or(TEXT.len(), |next| begun + head.len() + next);
    let mut text = format!("{}{}", &TEXT[..begun], &TEXT[after..]);
    for (from, to) in changes {
        assert!(text.contains(from), "nothing to change: {from}");
        text = text.replace(from, to);
    }
    load(&text, "edited.toml").unwrap().0
}

const LANES: &str = r#"lanes = ["recipient", "portal", "gateway", "regional-workstation", "provider"]"#;
const SENT: &str = r#"to = "regional-workstation", through = ["gateway"]"#;

/// Regulations that are not like the one at hand.
pub(super) fn edited() -> Vec<(String, Regulation)> {
    let lanes = |words: &str| format!("lanes = [{words}]");
    let many = lanes(
        r#""provider-clerk", "recipient", "portal", "ca", "gateway", "signer", "regional-workstation", "provider",
           "provider-head", "responsible-executor", "provider-authorised-person""#,
    );
    let turned = lanes(r#""provider", "regional-workstation", "gateway", "portal", "recipient""#);
    let long = "өте ұзақ сипаттама ".repeat(30);
    let word = "жоғарылатылмағандықтарыңыздан".repeat(4);
    let all = [
        ("as it is", regulation()),
        ("many lanes", edit(&[(LANES, &many)])),
        ("lanes turned round", edit(&[(LANES, &turned)])),
        (
            "a condition that leads backwards",
            without("12.7", &[("no       = \"12.7\"", "no       = \"12.5\"")]),
        ),
        (
            "both conditions lead backwards",
            without(
                "12.7",
                &[
                    ("no       = \"12.7\"", "no       = \"12.2\""),
                    (
                        "ends     = \"refusal\"\ninferred = [\"does.deliver\"]\nwhat     = { kk = \"бас тарту: авторизациялау\"",
                        "then     = \"12.1\"\nwhat     = { kk = \"бас тарту: авторизациялау\"",
                    ),
                ],
            ),
        ),
        (
            "a message by many hops that turns back",
            edit(&[(SENT, r#"to = "regional-workstation", through = ["gateway", "provider", "gateway"]"#)]),
        ),
        (
            "a message that comes in from beyond",
            edit(&[(
                SENT,
                r#"to = "regional-workstation", through = ["gateway", "regional-workstation", "provider"]"#,
            )]),
        ),
        (
            "long texts",
            edit(
                &[
                    ("портал арқылы", "портал арқылы"),
                    ("подписанный запрос через ШЭП", &long),
                    ("қол қойылған сұрау салуды ЭҮШ арқылы жолдау", &long),
                    ("деректердің түпнұсқалығы", &long),
                    ("login is authentic", &long),
                ]
                .into_iter()
                .filter(|(from, _)| TEXT.contains(from))
                .collect::<Vec<_>>(),
            ),
        ),
        (
            "long words",
            edit(&[
                ("деректердің түпнұсқалығы", &word),
                ("подлинность данных", &word),
                ("form, copies, certificate chosen", &word),
            ]),
        ),
        (
            "an unknown label",
            edit(&[("\"1 – шарт\"", "\"IV кезең (қосымша)\""), ("\"1 – процесс\"", "\"бірінші\"")]),
        ),
        (
            "markup in texts",
            edit(&[
                ("login is authentic", "<b>&amp; \\\"quoted\\\" #1; `x` ]]> -->"),
                ("IIN and password", "a|b{c}[d](e)"),
            ]),
        ),
        (
            "guards everywhere",
            edit(&[(
                "[channel.portal.step.refusal]\ncode    = \"eds",
                "[channel.portal.step.when]\nall = [\"not-registered-on-portal\", \"place-available\"]\n[channel.portal.step.refusal]\ncode    = \"eds",
            )]),
        ),
    ];
    all.into_iter().map(|(name, regulation)| (name.to_owned(), regulation)).collect()
}

/// A journal of a case.
#[derive(Default)]
pub(super) struct Journal(pub(super) Vec<Entry>);

impl Journal {
    fn entry(mut self, kind: EntryKind, system: &str, body: Value) -> Self {
        let seq = u64::try_from(self.0.len()).unwrap() + 1;
        let system = system.to_owned();
        self.0.push(Entry { seq, at: Timestamp::UNIX_EPOCH, kind, case: None, system, body });
        self
    }

    pub(super) fn step(self, system: &str, at: &str, result: &str) -> Self {
        self.entry(EntryKind::Step, system, json!({ "step": at, "result": result }))
    }

    fn failing(self, system: &str, at: &str, check: &str, why: &str) -> Self {
        let reason = json!({ "check": check, "code": "some", "text": { "kk": why, "ru": why, "en": why } });
        self.entry(EntryKind::Step, system, json!({ "step": at, "result": "no", "reasons": [reason] }))
    }

    /// A message that crossed, seen from both ends.
    pub(super) fn crossing(self, message: &str, from: &str, to: &str) -> Self {
        let id = self.0.len();
        let body = |seen: &str| {
            json!({ "message_id": format!("m{id}"), "message": message, "from": from, "to": to, "seen": seen,
                "accepted": true })
        };
        self.entry(EntryKind::Crossing, to, body("entering")).entry(
            EntryKind::Crossing,
            from,
            body("leaving"),
        )
    }

    fn begun() -> Self {
        Self::default()
            .step("portal", "12.1", "done")
            .step("portal", "12.2", "done")
            .step("portal", "12.3", "yes")
            .step("portal", "12.5", "done")
            .step("portal", "12.6", "yes")
            .step("portal", "12.8", "done")
    }

    fn at_the_provider() -> Self {
        Self::begun()
            .crossing("application", "portal", "gateway")
            .crossing("application", "gateway", "regional-workstation")
            .step("regional-workstation", "12.8b", "done")
            .crossing("assignment", "regional-workstation", "provider")
    }

    fn back(self) -> Self {
        self.crossing("outcome", "provider", "regional-workstation")
            .crossing("outcome", "regional-workstation", "gateway")
            .crossing("outcome", "gateway", "portal")
    }

    pub(super) fn served() -> Self {
        Self::at_the_provider()
            .step("provider", "12.9", "yes")
            .step("provider", "12.11", "done")
            .back()
            .step("portal", "12.11b", "done")
    }

    pub(super) fn refused() -> Self {
        Self::at_the_provider()
            .failing("provider", "12.9", "documents-conform", "Туу туралы куәлік басқа балаға берілген")
            .step("provider", "12.10", "done")
            .back()
            .step("portal", "12.10b", "done")
    }

    pub(super) fn stopped() -> Self {
        let problem = signer::Problem::new(signer::Code::CertificateRevoked);
        let body = json!({ "message_id": "m", "message": "application", "from": "portal", "to": "gateway",
            "seen": "entering", "accepted": false, "problem": problem });
        Self::begun().entry(EntryKind::Crossing, "gateway", body).step("portal", "12.8", "stopped")
    }
}
