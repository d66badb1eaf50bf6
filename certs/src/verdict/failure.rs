//! Why the answer is no, or cannot be given.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use super::source::{Asked, Source, joined};
use crate::{Identifier, Reason, Role, Text};

/// Why a check failed. In JSON `{"code", "facts"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "facts")]
pub enum Failure {
    /// The moment is after the end of validity.
    #[serde(rename = "certificate-expired")]
    Expired {
        /// End of validity.
        not_after: Timestamp,
        /// The moment checked for.
        at: Timestamp,
    },
    /// The moment is before the start of validity.
    #[serde(rename = "certificate-not-yet-valid")]
    NotYetValid {
        /// Start of validity.
        not_before: Timestamp,
        /// The moment checked for.
        at: Timestamp,
    },
    /// Revoked for good.
    #[serde(rename = "certificate-revoked")]
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: Reason,
        /// Who says so.
        said_by: Vec<Source>,
    },
    /// On hold.
    #[serde(rename = "certificate-suspended")]
    Suspended {
        /// Since when.
        at: Timestamp,
        /// Who says so.
        said_by: Vec<Source>,
    },
    /// The certificate carries another number.
    #[serde(rename = "identity-mismatch")]
    IdentityMismatch {
        /// The number in the request.
        declared: Identifier,
        /// The number in the certificate, as it stands there.
        in_certificate: String,
    },
    /// The certificate carries no number at all.
    #[serde(rename = "identity-missing")]
    IdentityMissing {
        /// The number in the request.
        declared: Identifier,
    },
    /// A BIN was declared and the certificate has only an IIN, or the other way round.
    #[serde(rename = "identity-other-kind")]
    IdentityOtherKind {
        /// The number in the request.
        declared: Identifier,
        /// The number in the certificate.
        in_certificate: Identifier,
    },
    /// No trusted centre of that name.
    #[serde(rename = "issuer-unknown")]
    IssuerUnknown {
        /// The issuer's name.
        issuer: String,
    },
    /// The issuer did not sign this.
    #[serde(rename = "certificate-signature-invalid")]
    SignatureInvalid {
        /// The issuer's name.
        issuer: String,
    },
    /// The issuer may not issue certificates.
    #[serde(rename = "issuer-not-a-centre")]
    NotACa {
        /// The issuer's name.
        issuer: String,
    },
    /// More centres in the chain than the limit of one of them.
    #[serde(rename = "path-too-long")]
    PathTooLong {
        /// The centre with the limit.
        issuer: String,
        /// How many centres it allows below it.
        limit: u32,
    },
    /// A centre in the chain is not valid at the moment.
    #[serde(rename = "issuer-not-valid")]
    IssuerNotValid {
        /// The centre.
        issuer: String,
        /// Start of its validity.
        not_before: Timestamp,
        /// End of its validity.
        not_after: Timestamp,
        /// The moment checked for.
        at: Timestamp,
    },
    /// A centre in the chain is itself revoked.
    #[serde(rename = "issuer-revoked")]
    IssuerRevoked {
        /// The centre.
        issuer: String,
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
    /// A centre above allows no such name.
    #[serde(rename = "name-not-permitted")]
    NameNotPermitted {
        /// The centre with the constraint.
        issuer: String,
        /// The name.
        name: String,
    },
    /// No policy is valid along the whole chain, and one is required.
    #[serde(rename = "policy-not-valid")]
    PolicyNotValid {
        /// The certificate at which the last one was lost.
        subject: String,
    },
    /// The key is for something else.
    #[serde(rename = "key-usage-not-signing")]
    KeyUsage {
        /// The usages stated; empty if none is.
        found: Vec<String>,
    },
    /// The holder has none of the roles that may do this.
    #[serde(rename = "role-not-allowed")]
    Role {
        /// The roles that may.
        allowed: Vec<Role>,
        /// The roles in the certificate.
        found: Vec<Role>,
    },
    /// A critical extension that we do not evaluate.
    #[serde(rename = "critical-extension-unknown")]
    CriticalExtension {
        /// Its OID.
        oid: String,
    },
    /// A signature or key in the chain is too weak, or of a kind that we do not know.
    #[serde(rename = "algorithm-refused")]
    AlgorithmRefused {
        /// Its name or OID: `sha1WithRSAEncryption`, `RSA-1024`.
        algorithm: String,
    },
}

/// Why a check could not be done. In JSON `{"code", "facts"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "facts")]
pub enum Doubt {
    /// No source of revocation gave an answer to go by.
    #[serde(rename = "revocation-unknown")]
    RevocationUnknown {
        /// Who was asked, and what came of it; empty if the certificate names nobody.
        asked: Vec<Asked>,
    },
    /// The centre's own certificates could not be had, so no path could be looked for.
    #[serde(rename = "centre-unreachable")]
    CentreUnreachable {
        /// What happened, for whoever repairs it.
        why: String,
    },
    /// The signing service that judges for others gave no answer to go by.
    #[serde(rename = "signer-unreachable")]
    SignerUnreachable {
        /// What happened, for whoever repairs it.
        why: String,
    },
    /// So many paths could be tried that the search was given up.
    #[serde(rename = "path-budget-exceeded")]
    PathBudgetExceeded {
        /// How many signatures were verified before.
        limit: u32,
    },
    /// No IIN or BIN was declared that the certificate's could be compared with.
    #[serde(rename = "nothing-declared")]
    NothingDeclared,
    /// An earlier check failed in a way that leaves this one without ground.
    #[serde(rename = "not-checked")]
    NotChecked {
        /// The check that failed before.
        because_of: super::Check,
    },
}

impl Failure {
    /// The stable code, as in JSON and in the documentation.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Expired { .. } => "certificate-expired",
            Self::NotYetValid { .. } => "certificate-not-yet-valid",
            Self::Revoked { .. } => "certificate-revoked",
            Self::Suspended { .. } => "certificate-suspended",
            Self::IdentityMismatch { .. } => "identity-mismatch",
            Self::IdentityMissing { .. } => "identity-missing",
            Self::IdentityOtherKind { .. } => "identity-other-kind",
            Self::IssuerUnknown { .. } => "issuer-unknown",
            Self::SignatureInvalid { .. } => "certificate-signature-invalid",
            Self::NotACa { .. } => "issuer-not-a-centre",
            Self::PathTooLong { .. } => "path-too-long",
            Self::IssuerNotValid { .. } => "issuer-not-valid",
            Self::IssuerRevoked { .. } => "issuer-revoked",
            Self::NameNotPermitted { .. } => "name-not-permitted",
            Self::PolicyNotValid { .. } => "policy-not-valid",
            Self::KeyUsage { .. } => "key-usage-not-signing",
            Self::Role { .. } => "role-not-allowed",
            Self::CriticalExtension { .. } => "critical-extension-unknown",
            Self::AlgorithmRefused { .. } => "algorithm-refused",
        }
    }

    /// The answer to the question with its facts. Days are those of Kazakhstan (UTC+5).
    pub fn text(&self) -> Text {
        match self {
            Self::Expired { not_after, at } => {
                let (end, now) = two_moments(*not_after, *at);
                Text::new(
                    format!("жоқ: мерзімі {end} аяқталған ({now} жағдайы бойынша тексерілді)"),
                    format!("нет: срок действия истёк {end} (проверено на {now})"),
                    format!("no: expired {end} (checked for {now})"),
                )
            }
            Self::NotYetValid { not_before, at } => {
                let (start, now) = two_moments(*not_before, *at);
                Text::new(
                    format!("жоқ: {start} бастап қолданылады ({now} жағдайы бойынша тексерілді)"),
                    format!("нет: начнёт действовать {start} (проверено на {now})"),
                    format!("no: valid only from {start} (checked for {now})"),
                )
            }
            Self::Revoked { at, reason, said_by } => {
                let (day, by) = (day(*at), sources(said_by));
                Text::new(
                    format!("жоқ: {day} күні кері қайтарылған ({reason}), дереккөзі: {}", by.kk),
                    format!("нет: отозвано {day} ({reason}), по данным {}", by.ru),
                    format!("no: revoked {day} ({reason}), said by {}", by.en),
                )
            }
            Self::Suspended { at, said_by } => {
                let (day, by) = (day(*at), sources(said_by));
                Text::new(
                    format!("жоқ: {day} күні қолданысы тоқтатыла тұрған, дереккөзі: {}", by.kk),
                    format!("нет: приостановлено {day}, по данным {}", by.ru),
                    format!("no: suspended {day}, said by {}", by.en),
                )
            }
            Self::IdentityMismatch { declared, in_certificate } => {
                let (number, [kk, ru, en]) = (declared.digits(), kind_names(*declared));
                Text::new(
                    format!("жоқ: өтінімде {kk} {number}, тіркеу куәлігінде {in_certificate}"),
                    format!("нет: в запросе {ru} {number}, в регистрационном свидетельстве {in_certificate}"),
                    format!("no: the request says {en} {number}, the certificate {in_certificate}"),
                )
            }
            Self::IdentityMissing { declared } => {
                let (number, [kk, ru, en]) = (declared.digits(), kind_names(*declared));
                Text::new(
                    format!("жоқ: өтінімде {kk} {number}, тіркеу куәлігінде нөмір көрсетілмеген"),
                    format!("нет: в запросе {ru} {number}, в регистрационном свидетельстве номера нет"),
                    format!("no: the request says {en} {number}, the certificate carries no number"),
                )
            }
            Self::IdentityOtherKind { declared, in_certificate } => {
                let (asked, [kk, ru, en]) = (declared.digits(), kind_names(*declared));
                let (found, [kk2, ru2, en2]) = (in_certificate.digits(), kind_names(*in_certificate));
                Text::new(
                    format!("жоқ: өтінімде {kk} {asked}, тіркеу куәлігінде тек {kk2} {found}"),
                    format!(
                        "нет: в запросе {ru} {asked}, в регистрационном свидетельстве только {ru2} {found}"
                    ),
                    format!("no: the request says {en} {asked}, the certificate has only {en2} {found}"),
                )
            }
            Self::IssuerUnknown { issuer } => Text::new(
                format!("жоқ: сенімді орталықтар арасында мұндай беруші жоқ: {issuer}"),
                format!("нет: издателя нет среди доверенных: {issuer}"),
                format!("no: the issuer is not among the trusted ones: {issuer}"),
            ),
            Self::SignatureInvalid { issuer } => Text::new(
                format!("жоқ: куәліктегі орталықтың қолтаңбасы жарамсыз: {issuer}"),
                format!("нет: подпись удостоверяющего центра на свидетельстве неверна: {issuer}"),
                format!("no: the centre's signature on the certificate is invalid: {issuer}"),
            ),
            Self::NotACa { issuer } => Text::new(
                format!("жоқ: беруші куәландырушы орталық емес: {issuer}"),
                format!("нет: издатель не является удостоверяющим центром: {issuer}"),
                format!("no: the issuer is not a certification centre: {issuer}"),
            ),
            Self::PathTooLong { issuer, limit } => Text::new(
                format!("жоқ: тізбек тым ұзын: {issuer} өзінен төмен {limit} орталыққа ғана рұқсат береді"),
                format!("нет: цепочка слишком длинная: {issuer} допускает под собой центров: {limit}"),
                format!("no: the chain is too long: {issuer} allows {limit} centres below it"),
            ),
            Self::IssuerNotValid { issuer, not_before, not_after, at } => {
                let (from, to, now) = (day(*not_before), day(*not_after), day(*at));
                Text::new(
                    format!(
                        "жоқ: {issuer} орталығы {from} – {to} аралығында ғана жарамды ({now} жағдайы бойынша)"
                    ),
                    format!("нет: центр {issuer} действителен только {from} – {to} (проверено на {now})"),
                    format!("no: the centre {issuer} is valid only {from} – {to} (checked for {now})"),
                )
            }
            Self::IssuerRevoked { issuer, at, reason } => {
                let day = day(*at);
                Text::new(
                    format!("жоқ: {issuer} орталығының куәлігі {day} кері қайтарылған ({reason})"),
                    format!("нет: свидетельство центра {issuer} отозвано {day} ({reason})"),
                    format!("no: the centre {issuer} was revoked {day} ({reason})"),
                )
            }
            Self::NameNotPermitted { issuer, name } => Text::new(
                format!("жоқ: {issuer} орталығы мұндай атауға рұқсат бермейді: {name}"),
                format!("нет: центр {issuer} не допускает такого имени: {name}"),
                format!("no: the centre {issuer} does not allow the name {name}"),
            ),
            Self::PolicyNotValid { subject } => Text::new(
                format!("жоқ: тізбектің бәріне ортақ куәлік саясаты жоқ (ол мына жерде үзілген: {subject})"),
                format!("нет: нет политики, общей для всей цепочки (прерывается на: {subject})"),
                format!("no: no certificate policy holds along the whole chain (lost at: {subject})"),
            ),
            Self::KeyUsage { found } => {
                let found = if found.is_empty() { "–".to_owned() } else { found.join(", ") };
                Text::new(
                    format!("жоқ: кілт қол қоюға арналмаған (көрсетілгені: {found})"),
                    format!("нет: ключ не для подписания (указано: {found})"),
                    format!("no: the key is not for signing (stated: {found})"),
                )
            }
            Self::Role { allowed, found } => {
                let (allowed, found) = (roles(allowed), roles(found));
                Text::new(
                    format!("жоқ: рұқсат етілгені: {}; куәлікте: {}", allowed.kk, found.kk),
                    format!("нет: допускаются: {}; в свидетельстве: {}", allowed.ru, found.ru),
                    format!("no: allowed are: {}; the certificate has: {}", allowed.en, found.en),
                )
            }
            Self::CriticalExtension { oid } => Text::new(
                format!("жоқ: куәлікте тексерілмейтін міндетті кеңейтім бар: {oid}"),
                format!("нет: в свидетельстве критическое расширение, которое не проверяется: {oid}"),
                format!("no: the certificate has a critical extension that is not evaluated: {oid}"),
            ),
            Self::AlgorithmRefused { algorithm } => Text::new(
                format!("жоқ: {algorithm} алгоритмі қабылданбайды"),
                format!("нет: алгоритм {algorithm} не принимается"),
                format!("no: the algorithm {algorithm} is not accepted"),
            ),
        }
    }
}

impl Doubt {
    /// The stable code, as in JSON and in the documentation.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RevocationUnknown { .. } => "revocation-unknown",
            Self::CentreUnreachable { .. } => "centre-unreachable",
            Self::SignerUnreachable { .. } => "signer-unreachable",
            Self::PathBudgetExceeded { .. } => "path-budget-exceeded",
            Self::NothingDeclared => "nothing-declared",
            Self::NotChecked { .. } => "not-checked",
        }
    }

    /// Why the question has no answer.
    pub fn text(&self) -> Text {
        match self {
            Self::RevocationUnknown { asked } if asked.is_empty() => Text::new(
                "тексеру мүмкін болмады: куәлікте КҚТ (CRL) мен OCSP мекенжайы жоқ",
                "проверить не удалось: в свидетельстве нет адреса СОС (CRL) и OCSP",
                "could not be checked: the certificate names no CRL and no OCSP",
            ),
            Self::RevocationUnknown { asked } => {
                let join = |get: fn(Text) -> String| {
                    asked.iter().map(|a| get(a.text())).collect::<Vec<_>>().join("; ")
                };
                Text::new(
                    format!("тексеру мүмкін болмады: {}", join(|t| t.kk)),
                    format!("проверить не удалось: {}", join(|t| t.ru)),
                    format!("could not be checked: {}", join(|t| t.en)),
                )
            }
            Self::CentreUnreachable { why } => Text::new(
                format!("тексеру мүмкін болмады: куәландырушы орталықтың куәліктері алынбады ({why})"),
                format!("проверить не удалось: свидетельства удостоверяющего центра не получены ({why})"),
                format!("could not be checked: the centre's own certificates could not be had ({why})"),
            ),
            Self::SignerUnreachable { why } => Text::new(
                format!("тексеру мүмкін болмады: қолтаңба тексеру қызметі жауап бермеді ({why})"),
                format!("проверить не удалось: служба проверки подписей не ответила ({why})"),
                format!("could not be checked: the signing service gave no answer ({why})"),
            ),
            Self::PathBudgetExceeded { limit } => Text::new(
                format!("тексеру мүмкін болмады: тізбекті іздеу {limit} қолтаңбадан кейін тоқтатылды"),
                format!("проверить не удалось: поиск цепочки прекращён после {limit} подписей"),
                format!("could not be checked: the search for a chain was given up after {limit} signatures"),
            ),
            Self::NothingDeclared => Text::new(
                "тексеру мүмкін болмады: өтінімде ЖСН/БСН көрсетілмеген",
                "проверить не удалось: в запросе нет ИИН/БИН",
                "could not be checked: the request declares no IIN and no BIN",
            ),
            Self::NotChecked { because_of } => {
                let question = because_of.question();
                Text::new(
                    format!("тексерілмеді, себебі алдыңғы сұрақтың жауабы теріс: {}", question.kk),
                    format!("не проверялось: отрицательный ответ на вопрос «{}»", question.ru),
                    format!("not checked, because of the answer to: {}", question.en),
                )
            }
        }
    }
}

/// The day in Kazakhstan (UTC+5): `2026-11-20`.
pub(super) fn day(moment: Timestamp) -> String {
    local(moment).date().to_string()
}

/// Two moments as days or, if they share one, to the second.
fn two_moments(one: Timestamp, other: Timestamp) -> (String, String) {
    let (a, b) = (local(one), local(other));
    if a.date() == b.date() {
        let exact = |moment: &jiff::Zoned| moment.strftime("%Y-%m-%d %H:%M:%S").to_string();
        (exact(&a), exact(&b))
    } else {
        (a.date().to_string(), b.date().to_string())
    }
}

fn local(moment: Timestamp) -> jiff::Zoned {
    moment.to_zoned(TimeZone::fixed(Offset::constant(5)))
}

fn sources(said_by: &[Source]) -> Text {
    joined(&said_by.iter().map(Source::text).collect::<Vec<_>>())
}

fn roles(roles: &[Role]) -> Text {
    let join = |get: fn(Text) -> String| match roles {
        [] => "–".to_owned(),
        roles => roles.iter().map(|role| get(role.describe())).collect::<Vec<_>>().join(", "),
    };
    Text::new(join(|t| t.kk), join(|t| t.ru), join(|t| t.en))
}

fn kind_names(identifier: Identifier) -> [&'static str; 3] {
    match identifier {
        Identifier::Iin(_) => ["ЖСН", "ИИН", "IIN"],
        Identifier::Bin(_) => ["БСН", "БИН", "BIN"],
    }
}
