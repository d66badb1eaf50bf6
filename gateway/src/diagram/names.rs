//! What people and systems, messages and deeds are called in a picture.
//!
//! The vocabulary's words are for files; here stand the terms that acts and their readers use. A word that is not
//! in the glossary is shown as it is written, so that a new word never keeps a picture from being drawn; a test
//! sees to it that each word of the vocabulary has its terms.

use certs::{Lang, Text};

use crate::regulation::{Actor, CheckWord, End, Fact, Inferred, Message, Person, Verb};

/// Full name and short name in Kazakh, Russian and English, by word.
const ACTORS: &[(&str, [&str; 3], [&str; 3])] = &[
    (
        "recipient",
        ["Көрсетілетін қызметті алушы", "Услугополучатель", "Service recipient"],
        ["алушы", "получа\u{ad}тель", "recipient"],
    ),
    (
        "provider-authorised-person",
        [
            "Көрсетілетін қызметті берушінің уәкілетті тұлғасы",
            "Уполномоченное лицо услугодателя",
            "Provider’s authorised person",
        ],
        ["уәкілетті тұлға", "уполн. лицо", "authorised person"],
    ),
    (
        "provider-head",
        ["Көрсетілетін қызметті берушінің басшысы", "Руководитель услугодателя", "Provider’s head"],
        ["басшы", "руково\u{ad}дитель", "head"],
    ),
    (
        "responsible-executor",
        ["Жауапты орындаушы", "Ответственный исполнитель", "Responsible executor"],
        ["орындаушы", "исполни\u{ad}тель", "executor"],
    ),
    (
        "provider-clerk",
        ["Кеңсе қызметкері", "Сотрудник канцелярии", "Office clerk"],
        ["кеңсе", "канцелярия", "clerk"],
    ),
    (
        "portal",
        [
            "«Электрондық үкіметтің» веб-порталы",
            "Веб-портал «электронного правительства» (ПЭП)",
            "E-government portal",
        ],
        ["портал", "портал", "portal"],
    ),
    (
        "gateway",
        [
            "«Электрондық үкімет» шлюзі (ЭҮШ)",
            "Шлюз «электронного правительства» (ШЭП)",
            "E-government gateway",
        ],
        ["ЭҮШ", "ШЭП", "gateway"],
    ),
    (
        "regional-workstation",
        [
            "«Электрондық үкіметтің» өңірлік шлюзінің жұмыс орны (ЭҮӨШ АЖО)",
            "Рабочее место регионального шлюза (АРМ РШЭП)",
            "Regional gateway workstation",
        ],
        ["ЭҮӨШ АЖО", "АРМ РШЭП", "regional worksta\u{ad}tion"],
    ),
    (
        "provider",
        ["Көрсетілетін қызметті беруші", "Услугодатель", "Service provider"],
        ["беруші", "услуго\u{ad}датель", "provider"],
    ),
    (
        "workstation",
        [
            "Мемлекеттік корпорация АЖ АЖО",
            "АРМ ИС Государственной корпорации (АРМ ИС ГК)",
            "State Corporation workstation",
        ],
        ["МК АЖО", "АРМ ГК", "worksta\u{ad}tion"],
    ),
    (
        "people",
        [
            "«Жеке тұлғалар» мемлекеттік деректер базасы (ЖТ МДБ)",
            "Государственная база данных «Физические лица» (ГБД ФЛ)",
            "State database of natural persons",
        ],
        ["ЖТ МДБ", "ГБД ФЛ", "people database"],
    ),
    (
        "notary",
        [
            "Бірыңғай нотариалдық ақпараттық жүйе (БНАЖ)",
            "Единая нотариальная информационная система (ЕНИС)",
            "Unified notary information system",
        ],
        ["БНАЖ", "ЕНИС", "notary registry"],
    ),
    (
        "ca",
        [
            "Ұлттық куәландырушы орталық (ҰКО)",
            "Национальный удостоверяющий центр (НУЦ)",
            "Certification centre",
        ],
        ["ҰКО", "НУЦ", "CA"],
    ),
    (
        "signer",
        ["Қол қою және тексеру қызметі", "Служба подписи и проверки", "Signing service"],
        ["қол қою", "подпись", "signer"],
    ),
];

fn actor(word: &str) -> Option<&'static (&'static str, [&'static str; 3], [&'static str; 3])> {
    ACTORS.iter().find(|(known, ..)| *known == word)
}

fn text([kk, ru, en]: [&str; 3]) -> Text {
    Text::new(kk, ru, en)
}

impl Actor {
    /// What a reader of an act calls it: a lane's heading.
    pub fn title(self) -> Text {
        actor(self.word()).map_or_else(|| text([self.word(); 3]), |(_, title, _)| text(*title))
    }

    /// The same in a few letters, for narrow columns. Soft hyphens say where it may be divided.
    pub fn short_title(self) -> Text {
        actor(self.word()).map_or_else(|| text([self.word(); 3]), |(_, _, short)| text(*short))
    }
}

impl Person {
    /// What a reader of an act calls them.
    pub fn title(self) -> Text {
        Actor::Person(self).title()
    }
}

/// What a message is called; an outcome after what it carries.
pub(super) fn message(message: Message, carries: Option<End>) -> Text {
    match (message.word(), carries) {
        ("application", _) => Text::new("өтініш", "заявление", "application"),
        ("assignment", _) => Text::new("өңдеуге беру", "на обработку", "for processing"),
        ("outcome", Some(End::Refusal)) => Text::new("бас тарту", "отказ", "refusal"),
        ("outcome", Some(End::Result)) => Text::new("нәтиже", "результат", "result"),
        (word, _) => text([word; 3]),
    }
}

/// What a deed or act is called.
pub(super) fn verb(verb: Verb) -> Text {
    text(match verb.word() {
        "register" => ["тіркелу: ЖСН, құпиясөз", "регистрация: ИИН, пароль", "account: IIN, password"],
        "sign-in" => ["кіру: ЖСН, құпиясөз", "вход: ИИН, пароль", "sign-in: IIN, password"],
        "choose-service" => ["қызметті таңдау", "выбор услуги", "choice of service"],
        "fill-form" => ["сұрау салу нысаны", "форма запроса", "request form"],
        "attach-copies" => ["құжаттар көшірмелері", "копии документов", "copies of documents"],
        "choose-certificate" => ["тіркеу куәлігі", "сертификат ЭЦП", "certificate"],
        "sign" => ["қол қою (ЭЦҚ)", "подпись (ЭЦП)", "signature"],
        "send" => ["жолдау", "направление", "sending"],
        "forward" => ["беру", "передача", "passing on"],
        "refuse" => ["бас тартуды қалыптастыру", "формирование отказа", "forming the refusal"],
        "issue" => ["құжатты қалыптастыру", "формирование документа", "forming the document"],
        "deliver" => ["көрсету", "показ", "showing it"],
        word => [word; 3],
    })
}

/// What a check asks.
pub(super) fn check(check: CheckWord) -> Text {
    text(match check.word() {
        "login-authentic" => ["деректер түпнұсқа", "данные подлинны", "login is authentic"],
        "certificate-in-validity-period" => ["куәлік мерзімінде", "срок действия", "in its validity period"],
        "certificate-not-revoked" => ["куәлік қайтарылмаған", "нет в списке отозванных", "not revoked"],
        "identity-matches" => ["ЖСН сәйкес", "ИИН соответствует", "IIN matches"],
        "documents-conform" => ["құжаттар сәйкес", "документы соответствуют", "documents conform"],
        word => [word; 3],
    })
}

/// What a guard's fact says.
pub(super) fn fact(fact: Fact) -> Text {
    text(match fact.word() {
        "not-registered-on-portal" => {
            ["порталда тіркелмеген болса", "если не зарегистрирован", "if not registered"]
        }
        "place-available" => ["орын болса", "при наличии места", "if there is a place"],
        word => [word; 3],
    })
}

/// What is called unsaid in a box; edges and messages show it by their own strokes.
pub(super) fn unsaid(mark: Inferred) -> Option<Text> {
    Some(text(match mark.word() {
        "actor" => ["кім орындайды", "кто выполняет", "who acts"],
        "with" => ["қай жүйеде", "в какой системе", "at which system"],
        "does.sign" => ["қол қою", "подписание", "signing"],
        "does.deliver" => ["көрсету", "показ", "showing it"],
        "does.issue" => ["құжатты қалыптастыру", "формирование документа", "forming the document"],
        "documents" => ["құжат шарты", "условие документа", "which document"],
        "signed-by" => ["кім қол қояды", "кто подписывает", "who signs"],
        // Edges, messages and whole steps are dashed themselves.
        "then" | "yes" | "no" | "sends" | "receives" | "step" => return None,
        word => [word; 3],
    }))
}

/// A printed number for a reader of `lang`: as printed in Kazakh; translated where it is of the usual kind.
pub(super) fn label(printed: &str, lang: Lang) -> String {
    let number: String = printed.chars().take_while(char::is_ascii_digit).collect();
    let kind = match (printed.contains("шарт"), printed.contains("процесс")) {
        (true, false) => ["шарт", "условие", "condition"],
        (false, true) => ["процесс", "процесс", "process"],
        _ => return printed.to_owned(),
    };
    match lang {
        _ if number.is_empty() => printed.to_owned(),
        Lang::Kk => printed.to_owned(),
        Lang::Ru => format!("{} {number}", kind[1]),
        Lang::En => format!("{} {number}", kind[2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signer::System;

    #[test]
    fn every_word_has_its_terms() {
        let people = Person::ALL.iter().map(|person| Actor::Person(*person));
        for actor in System::ALL.iter().map(|system| Actor::System(*system)).chain(people) {
            assert!(super::actor(actor.word()).is_some(), "no name for {actor}: add it to ACTORS");
        }
        for word in Verb::ALL {
            assert_ne!(verb(*word).kk, word.word(), "no name for {word}");
        }
        for word in CheckWord::ALL {
            assert_ne!(check(*word).kk, word.word(), "no name for {word}");
        }
        for word in Fact::ALL {
            assert_ne!(fact(*word).kk, word.word(), "no name for {word}");
        }
    }

    #[test]
    fn labels_are_translated_and_unknown_ones_stay() {
        assert_eq!(label("2-шарт", Lang::Kk), "2-шарт");
        assert_eq!(label("2-шарт", Lang::Ru), "условие 2");
        assert_eq!(label("1 – процесс", Lang::En), "process 1");
        assert_eq!(label("IV кезең", Lang::En), "IV кезең");
    }
}
