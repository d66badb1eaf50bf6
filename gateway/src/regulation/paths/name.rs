//! What paths are called.

use certs::Text;

use super::{Choice, PathEnd};
use crate::regulation::model::Channel;
use crate::regulation::vocabulary::{CheckWord, Fact};

/// What a path is called: after the change that makes it, or else after its end.
pub(super) fn name(change: Option<&Choice>, channel: &Channel, end: &PathEnd) -> (String, Text) {
    let (name, kk, ru, en) = match change {
        Some(Choice::Failing(checks)) => match checks.as_slice() {
            [CheckWord::LoginAuthentic] => {
                ("login-not-authentic", "құпиясөз қате", "неверный пароль", "login not authentic")
            }
            [CheckWord::ValidityPeriod] => {
                ("certificate-expired", "куәлік мерзімі өткен", "сертификат просрочен", "certificate expired")
            }
            [CheckWord::NotRevoked] => {
                ("certificate-revoked", "куәлік қайтарылған", "сертификат отозван", "certificate revoked")
            }
            [CheckWord::IdentityMatches] => {
                ("identity-mismatch", "ЖСН сәйкес емес", "чужой ИИН", "somebody else's IIN")
            }
            [CheckWord::DocumentsConform] => (
                "documents-not-conforming",
                "құжаттарда бұзушылықтар",
                "нарушения в документах",
                "documents do not conform",
            ),
            [CheckWord::ConsentGiven] => {
                ("consent-refused", "келісім берілмеді", "согласие не дано", "consent refused")
            }
            [CheckWord::PackageComplete] => {
                ("package-incomplete", "топтама толық емес", "неполный пакет", "package incomplete")
            }
            [CheckWord::PersonFound] => (
                "person-not-found",
                "алушы ЖТ МДБ-да жоқ",
                "получателя нет в ГБД ФЛ",
                "recipient not in the people database",
            ),
            [CheckWord::AttorneyFound] => (
                "attorney-not-found",
                "сенімхат БНАЖ-де жоқ",
                "доверенности нет в ЕНИС",
                "power of attorney not in the notary registry",
            ),
            [CheckWord::NoGroundsToRefuse] => (
                "grounds-to-refuse",
                "бас тарту негізі бар",
                "есть основание для отказа",
                "grounds to refuse",
            ),
            [CheckWord::FiledInTime] => {
                ("filed-late", "мерзімінен кеш берілді", "подано поздно", "filed late")
            }
            [CheckWord::DocumentsInRegisters] => (
                "documents-not-in-registers",
                "құжаттар мемлекеттік жүйелерде жоқ",
                "документов нет в государственных системах",
                "documents not in the state's systems",
            ),
            [CheckWord::AboutProvider] => (
                "about-corporation",
                "Мемлекеттік корпорация қызметкеріне шағым",
                "жалоба на работника Государственной корпорации",
                "complaint about the State Corporation",
            ),
            [CheckWord::AnswerAccepted] => (
                "answer-not-accepted",
                "алушы жауаппен келіспейді",
                "получатель не согласен с ответом",
                "recipient not content with the answer",
            ),
            [CheckWord::HomeVisitEligible] => (
                "home-visit-not-due",
                "үйге бару негізі жоқ",
                "нет оснований для выезда",
                "no grounds for a visit at home",
            ),
            [CheckWord::GroundsExist] => {
                ("no-grounds", "негіз жоқ", "нет оснований", "no grounds for the service")
            }
            _ => (
                "every-check-fails",
                "барлық тексеру теріс",
                "все проверки отрицательны",
                "every check fails",
            ),
        },
        Some(Choice::RevokedLate) => (
            "certificate-revoked-after-check",
            "куәлік тексеруден кейін қайтарылған",
            "сертификат отозван после проверки",
            "certificate revoked after the check",
        ),
        Some(Choice::ByBin) => {
            ("organisation", "ұйым БСН бойынша", "организация по БИН", "organisation by its BIN")
        }
        Some(Choice::PassedBy(fact)) => passed_by(*fact),
        Some(Choice::OtherWay) => (
            "regional-gateway",
            "өңірлік шлюз арқылы",
            "через региональный шлюз",
            "through the regional gateway",
        ),
        Some(Choice::Document(_)) | None => match end {
            PathEnd::Served { at, document, .. } => {
                let title = channel.step(at).and_then(|step| {
                    step.said.documents.iter().find(|d| d.document == *document).map(|d| d.title.clone())
                });
                let name = document.word();
                return (name.to_owned(), title.unwrap_or_else(|| Text::new(name, name, name)));
            }
            _ => ("usual", "әдеттегі жол", "обычный путь", "usual path"),
        },
    };
    (name.to_owned(), Text::new(kk, ru, en))
}

/// What a path is called on which a fact does not hold: its name, and its title in three languages.
fn passed_by(fact: Fact) -> (&'static str, &'static str, &'static str, &'static str) {
    match fact {
        Fact::NotRegistered => {
            ("already-registered", "порталда бұрын тіркелген", "ранее зарегистрирован", "already registered")
        }
        Fact::ConsentRequired => {
            ("consent-not-required", "келісім қажет емес", "согласие не требуется", "consent not required")
        }
        Fact::Represented => ("in-person", "алушының өзі келді", "получатель лично", "recipient in person"),
        Fact::AttorneyNotarised => (
            "attorney-otherwise-certified",
            "сенімхат өзгеше куәландырылған",
            "доверенность удостоверена иначе",
            "power of attorney certified otherwise",
        ),
        Fact::RegionalRoute => (
            "national-gateway",
            "ұлттық шлюз арқылы",
            "через национальный шлюз",
            "through the national gateway",
        ),
        Fact::RuralAkimat => ("in-town", "қалада", "в городе", "not at the akim of a village"),
        Fact::PlaceAvailable => ("no-place", "орын жоқ", "нет места", "no place"),
    }
}
