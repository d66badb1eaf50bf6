//! Journals and regulations to draw, and what must hold of every picture.

mod journal;
mod properties;

use gateway::regulation::{Regulation, load};

pub(super) use journal::Journal;
pub(super) use properties::{hold, mermaid, well_formed};

const TEXT: &str = include_str!("../diagrams/preschool.toml");

pub(super) fn regulation() -> Regulation {
    load(TEXT, "preschool.toml").unwrap().0
}

/// Compares a picture with its snapshot, or writes that anew.
pub(super) fn compare(name: &str, drawn: &str) {
    let file = format!("{}/tests/diagrams/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DIAGRAMS").is_some() {
        std::fs::write(&file, drawn).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(known == drawn, "{name} is drawn otherwise; UPDATE_DIAGRAMS=1 writes it anew, then look at it");
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
const COUNTER: &str = r#"lanes = ["recipient", "corporation-employee", "workstation", "gateway", "people", "notary", "regional-workstation", "provider"]"#;
const SENT: &str = r#"to = "regional-workstation", through = ["gateway"]"#;

/// Regulations that are not like the one at hand.
pub(super) fn edited() -> Vec<(String, Regulation)> {
    let lanes = |words: &str| format!("lanes = [{words}]");
    let many = lanes(
        r#""provider-clerk", "recipient", "portal", "ca", "gateway", "signer", "regional-workstation", "provider",
           "provider-head", "responsible-executor", "provider-authorised-person""#,
    );
    let turned = lanes(r#""provider", "regional-workstation", "gateway", "portal", "recipient""#);
    let counter_turned = lanes(
        r#""provider", "regional-workstation", "notary", "people", "gateway", "workstation", "corporation-employee",
           "recipient""#,
    );
    let counter_mixed = lanes(
        r#""people", "workstation", "recipient", "notary", "gateway", "provider", "corporation-employee",
           "regional-workstation""#,
    );
    let long = "өте ұзақ сипаттама ".repeat(30);
    let word = "жоғарылатылмағандықтарыңыздан".repeat(4);
    let all = [
        ("as it is", regulation()),
        ("many lanes", edit(&[(LANES, &many)])),
        ("lanes turned round", edit(&[(LANES, &turned), (COUNTER, &counter_turned)])),
        ("registers on either side", edit(&[(COUNTER, &counter_mixed)])),
        (
            "the first step is guarded",
            edit(&[(
                "does     = [\"consent\"]\n",
                "does     = [\"consent\"]\nwhen     = { all = [\"consent-required\"] }\n",
            )]),
        ),
        (
            "the way past a step leaves a condition",
            edit(&[(
                "does     = [\"sign-in\"]\nthen     = \"11.2\"",
                "does     = [\"sign-in\"]\nwhen     = { all = [\"represented\"] }\nthen     = \"11.2\"",
            )]),
        ),
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
            edit(&[(SENT, r#"to = "regional-workstation", through = ["provider", "gateway"]"#)]),
        ),
        (
            "a message that comes in from beyond",
            edit(&[(SENT, r#"to = "regional-workstation", through = ["gateway", "provider"]"#)]),
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
