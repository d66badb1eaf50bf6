//! What people and systems, messages and deeds are called in a picture.
//!
//! The vocabulary's words are for files; here stand the terms that acts and their readers use. A word that is not
//! in the glossary is shown as it is written, so that a new word never keeps a picture from being drawn; a test
//! sees to it that each word of the vocabulary has its terms.

use certs::{Lang, Text};

use crate::regulation::{Actor, Carrier, CheckWord, End, Inferred, Message, Person, Verb};

/// Full name and short name in Kazakh, Russian and English, by word.
const ACTORS: &[(&str, [&str; 3], [&str; 3])] = &[
    (
        "recipient",
        ["Көрсеті\u{ad}летін қызметті алушы", "Услуго\u{ad}получатель", "Service recip\u{ad}ient"],
        ["алушы", "получа\u{ad}тель", "recipient"],
    ),
    (
        "provider-authorised-person",
        [
            "Көрсеті\u{ad}летін қызметті беруші\u{ad}нің уәкі\u{ad}летті тұлғасы",
            "Уполномо\u{ad}ченное лицо услуго\u{ad}дателя",
            "Provider’s author\u{ad}ised person",
        ],
        ["уәкілетті тұлға", "уполн. лицо", "authorised person"],
    ),
    (
        "provider-head",
        [
            "Көрсеті\u{ad}летін қызметті беруші\u{ad}нің басшысы",
            "Руково\u{ad}дитель услуго\u{ad}дателя",
            "Provider’s head",
        ],
        ["басшы", "руково\u{ad}дитель", "head"],
    ),
    (
        "responsible-executor",
        ["Жауапты орын\u{ad}даушы", "Ответст\u{ad}венный исполни\u{ad}тель", "Respon\u{ad}sible executor"],
        ["орындаушы", "исполни\u{ad}тель", "executor"],
    ),
    (
        "provider-clerk",
        ["Кеңсе қызмет\u{ad}кері", "Сотруд\u{ad}ник канце\u{ad}лярии", "Office clerk"],
        ["кеңсе", "канцелярия", "clerk"],
    ),
    (
        "corporation-employee",
        [
            "Мемле\u{ad}кеттік корпо\u{ad}рация қызмет\u{ad}кері",
            "Работник Государст\u{ad}венной корпо\u{ad}рации",
            "State Corpo\u{ad}ration employee",
        ],
        ["МК қызмет\u{ad}кері", "работник ГК", "employee"],
    ),
    (
        "provider-executor",
        ["Орын\u{ad}даушы", "Испол\u{ad}нитель", "Executor"],
        ["орын\u{ad}даушы", "испол\u{ad}нитель", "executor"],
    ),
    (
        "corporation-head",
        [
            "Мемле\u{ad}кеттік корпо\u{ad}рация басшысы",
            "Руково\u{ad}дитель Государст\u{ad}венной корпо\u{ad}рации",
            "Head of the State Corpo\u{ad}ration",
        ],
        ["МК басшысы", "руково\u{ad}дитель ГК", "SC head"],
    ),
    (
        "quality-officer",
        [
            "Сапаны бақылау органы\u{ad}ның қызмет\u{ad}кері",
            "Сотруд\u{ad}ник органа контроля качества",
            "Quality control officer",
        ],
        ["сапа қызмет\u{ad}кері", "сотруд\u{ad}ник контроля", "quality officer"],
    ),
    (
        "contact-operator",
        ["Байланыс орталы\u{ad}ғының операторы", "Оператор контакт-центра", "Contact centre operator"],
        ["оператор", "оператор", "operator"],
    ),
    (
        "portal",
        [
            "«Элект\u{ad}рондық үкімет\u{ad}тің» веб-порталы",
            "Веб-портал «элект\u{ad}ронного прави\u{ad}тельства» (ПЭП)",
            "E-govern\u{ad}ment portal",
        ],
        ["портал", "портал", "portal"],
    ),
    (
        "gateway",
        [
            "«Элект\u{ad}рондық үкімет» шлюзі (ЭҮШ)",
            "Шлюз «элект\u{ad}ронного прави\u{ad}тельства» (ШЭП)",
            "E-govern\u{ad}ment gateway",
        ],
        ["ЭҮШ", "ШЭП", "gateway"],
    ),
    (
        "regional-workstation",
        [
            "«Элект\u{ad}рондық үкімет\u{ad}тің» өңірлік шлюзінің жұмыс орны (ЭҮӨШ\u{a0}АЖО)",
            "Рабочее место регио\u{ad}нального шлюза (АРМ\u{a0}РШЭП)",
            "Regional gateway work\u{ad}station",
        ],
        ["ЭҮӨШ АЖО", "АРМ РШЭП", "regional worksta\u{ad}tion"],
    ),
    (
        "provider",
        ["Көрсеті\u{ad}летін қызметті беруші", "Услуго\u{ad}датель", "Service provider"],
        ["беруші", "услуго\u{ad}датель", "provider"],
    ),
    (
        "workstation",
        [
            "Мемле\u{ad}кеттік корпо\u{ad}рация АЖ АЖО",
            "АРМ ИС Государст\u{ad}венной корпо\u{ad}рации (АРМ\u{a0}ИС\u{a0}ГК)",
            "State Corpo\u{ad}ration work\u{ad}station",
        ],
        ["МК АЖО", "АРМ ГК", "worksta\u{ad}tion"],
    ),
    (
        "people",
        [
            "«Жеке тұлғалар» мемле\u{ad}кеттік деректер базасы (ЖТ\u{a0}МДБ)",
            "Государст\u{ad}венная база данных «Физи\u{ad}ческие лица» (ГБД\u{a0}ФЛ)",
            "State database of natural persons",
        ],
        ["ЖТ МДБ", "ГБД ФЛ", "people database"],
    ),
    (
        "notary",
        [
            "Бірың\u{ad}ғай нота\u{ad}риалдық ақпарат\u{ad}тық жүйе (БНАЖ)",
            "Единая нота\u{ad}риальная информа\u{ad}ционная система (ЕНИС)",
            "Unified notary infor\u{ad}mation system",
        ],
        ["БНАЖ", "ЕНИС", "notary registry"],
    ),
    (
        "regional-gateway",
        [
            "«Элект\u{ad}рондық үкімет\u{ad}тің» өңірлік шлюзі (ЭҮӨШ)",
            "Регио\u{ad}нальный шлюз «электрон\u{ad}ного прави\u{ad}тельства» (РШЭП)",
            "Regional e-govern\u{ad}ment gateway",
        ],
        ["ЭҮӨШ", "РШЭП", "regional gateway"],
    ),
    (
        "registers",
        [
            "Мемле\u{ad}кеттік ақпарат\u{ad}тық жүйелер",
            "Государст\u{ad}венные информа\u{ad}ционные системы",
            "State infor\u{ad}mation systems",
        ],
        ["мемл. жүйелер", "гос. системы", "state registers"],
    ),
    (
        "queue",
        [
            "Кезекті\u{ad}лікті басқару\u{ad}дың арнайы жүйесі",
            "Специ\u{ad}альная система управ\u{ad}ления очеред\u{ad}ностью",
            "Queue manage\u{ad}ment system",
        ],
        ["кезек жүйесі", "система очереди", "queue system"],
    ),
    (
        "queue-registry",
        ["Электрон\u{ad}дық тізілім", "Электрон\u{ad}ный реестр", "Elec\u{ad}tronic registry"],
        ["тізілім", "реестр", "registry"],
    ),
    (
        "school",
        ["Білім беру ұйымы", "Орга\u{ad}низация образо\u{ad}вания", "Education organi\u{ad}sation"],
        ["білім ұйымы", "школа", "school"],
    ),
    (
        "quality-control",
        [
            "Мемлекет\u{ad}тік қызмет\u{ad}тер сапасын бақылау органы",
            "Орган контроля качества госу\u{ad}дарствен\u{ad}ных услуг",
            "Service quality control body",
        ],
        ["сапа органы", "контроль качества", "quality control"],
    ),
    (
        "contact-centre",
        ["Бірыңғай байланыс орталығы (1414)", "Единый контакт-центр (1414)", "Unified contact centre (1414)"],
        ["1414", "1414", "1414"],
    ),
    (
        "ca",
        [
            "Ұлттық куәлан\u{ad}дырушы орталық (ҰКО)",
            "Нацио\u{ad}нальный удосто\u{ad}веряющий центр (НУЦ)",
            "Certifi\u{ad}cation centre",
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
    /// What a reader of an act calls it.
    pub fn title(self) -> Text {
        let Text { kk, ru, en } = self.heading();
        let whole = |text: String| text.replace('\u{ad}', "").replace('\u{a0}', " ");
        Text { kk: whole(kk), ru: whole(ru), en: whole(en) }
    }

    /// The same for a lane's heading. Soft hyphens say where it may be divided.
    pub(super) fn heading(self) -> Text {
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
        ("registration", _) => Text::new("тіркеу нөмірі", "регистрационный номер", "incoming number"),
        ("person-query", _) => {
            Text::new("алушы туралы сұрау салу", "запрос о получателе", "query on the recipient")
        }
        ("person-answer" | "attorney-answer" | "documents-answer", _) => {
            Text::new("жауап", "ответ", "answer")
        }
        ("attorney-query", _) => {
            Text::new("сенімхат туралы сұрау салу", "запрос о доверенности", "query on the power of attorney")
        }
        ("documents-query", _) => {
            Text::new("құжаттар туралы сұрау салу", "запрос о документах", "query on the documents")
        }
        ("forwarded-documents", _) => {
            Text::new("құжаттарды беру", "передача документов", "documents passed on")
        }
        ("home-visit", _) => Text::new("үйге бару", "выезд на дом", "visit at home"),
        ("complaint", _) => Text::new("шағым", "жалоба", "complaint"),
        ("complaint-answer", _) => Text::new("шағымға жауап", "ответ на жалобу", "answer to the complaint"),
        ("quality-complaint", _) => {
            Text::new("қызмет сапасына шағым", "жалоба на качество услуги", "complaint about quality")
        }
        ("quality-answer", _) => Text::new("органның жауабы", "ответ органа", "the body’s answer"),
        ("assignment", _) => Text::new("өңдеуге беру", "на обработку", "for processing"),
        ("outcome", Some(End::Refusal)) => Text::new("бас тарту", "отказ", "refusal"),
        ("outcome", Some(End::Result)) => Text::new("нәтиже", "результат", "result"),
        ("outcome", None) => Text::new("қорытынды", "итог", "outcome"),
        (word, _) => text([word; 3]),
    }
}

/// What a deed or act is called.
pub(super) fn verb(verb: Verb) -> Text {
    text(match verb.word() {
        "register" => ["тіркелу: ЖСН, құпиясөз", "регистрация: ИИН, пароль", "account: IIN, password"],
        "sign-in" => ["кіру: ЖСН, құпиясөз", "вход: ИИН, пароль", "sign-in: IIN, password"],
        "consent" => ["келісім", "согласие", "consent"],
        "enter-representative" => ["өкілдің деректері", "данные представителя", "representative's data"],
        "mark-papers" => ["қағаз құжаттар белгісі", "отметка о бумажных документах", "papers marked"],
        "scan" => ["сканерлеу", "сканирование", "scanning"],
        "hand-over" => ["беру", "выдача", "handing over"],
        "query" => ["сұрау салу", "запрос", "query"],
        "record" => ["тіркеу", "регистрация", "registration"],
        "present" => ["құжаттарды ұсыну", "представление документов", "documents presented"],
        "accept" => ["құжаттарды қабылдау", "приём документов", "documents taken"],
        "examine" => ["құжаттарды қарау", "рассмотрение документов", "documents examined"],
        "assign" => ["орындаушыны белгілеу", "назначение исполнителя", "executor named"],
        "draft" => ["жобасын дайындау", "подготовка проекта", "draft prepared"],
        "sign-by-hand" => ["қолмен қол қою", "подпись от руки", "signature by hand"],
        "seal" => ["мөр басу, қол қою", "печать и подпись", "seal and signature"],
        "call" => ["телефон соғу", "телефонный звонок", "telephone call"],
        "visit" => ["үйге бару", "выезд на дом", "visit at home"],
        "record-result" => ["берілгенін тіркеу", "запись о выдаче", "entry that it was given"],
        "print" => ["басып шығару", "распечатка", "printing"],
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

/// What a person's deed is called: an employee has a login, not an account by IIN.
pub(super) fn deed(verb: Verb, person: Person) -> Text {
    match (verb, person) {
        (Verb::SignIn, person) if person != Person::Recipient => {
            Text::new("кіру: логин, құпиясөз", "вход: логин, пароль", "sign-in: login, password")
        }
        _ => self::verb(verb),
    }
}

/// What a check asks.
pub(super) fn check(check: CheckWord) -> Text {
    text(match check.word() {
        "login-authentic" => ["деректер түпнұсқа", "данные подлинны", "login is authentic"],
        "certificate-in-validity-period" => ["куәлік мерзімінде", "срок действия", "in its validity period"],
        "certificate-not-revoked" => ["куәлік қайтарылмаған", "нет в списке отозванных", "not revoked"],
        "identity-matches" => ["ЖСН сәйкес", "ИИН соответствует", "IIN matches"],
        "consent-given" => ["келісім берілді", "согласие дано", "consent given"],
        "package-complete" => ["топтама толық", "пакет полон", "package complete"],
        "person-found" => ["алушы ЖТ МДБ-да бар", "получатель есть в ГБД ФЛ", "recipient found"],
        "attorney-found" => ["сенімхат БНАЖ-де бар", "доверенность есть в ЕНИС", "power of attorney found"],
        "filed-in-time" => ["мерзімінде берілді", "подано в срок", "filed in time"],
        "documents-in-registers" => [
            "құжаттар мемлекеттік жүйелерде бар",
            "документы есть в госсистемах",
            "documents are in the registers",
        ],
        "about-provider" => {
            ["шағым берушіге қатысты", "жалоба на услугодателя", "complaint is about the provider"]
        }
        "answer-accepted" => ["жауаппен келіседі", "согласен с ответом", "content with the answer"],
        "home-visit-eligible" => ["үйге баруға негіз бар", "выезд на дом возможен", "may be visited at home"],
        "grounds-exist" => ["негіздер бар", "основания есть", "grounds exist"],
        "no-grounds-to-refuse" => {
            ["бас тарту негіздері жоқ", "нет оснований для отказа", "no grounds to refuse"]
        }
        "documents-conform" => ["құжаттар сәйкес", "документы соответствуют", "documents conform"],
        word => [word; 3],
    })
}

/// What holds a key.
pub(super) fn carrier(carrier: Carrier) -> Text {
    text(match carrier.word() {
        "kaztoken" => ["«Казтокен»", "«Казтокен»", "Kaztoken"],
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
        "does.print" => ["басып шығару", "печать", "printing"],
        "does.refuse" => ["бас тартуды қалыптастыру", "формирование отказа", "forming the refusal"],
        "within" => ["мерзімі", "срок", "the time limit"],
        "when" => ["шарты", "условие шага", "the guard"],
        "checks" => ["не тексеріледі", "что проверяется", "what is checked"],
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
        for word in Message::ALL {
            for carries in [None, Some(End::Refusal), Some(End::Result)] {
                assert_ne!(message(*word, carries).kk, word.word(), "no name for {word}");
            }
        }
        for word in Inferred::ALL {
            assert!(unsaid(*word).is_none_or(|said| said.kk != word.word()), "no name for {word}");
        }
        for word in Carrier::ALL {
            assert_ne!(carrier(*word).kk, word.word(), "no name for {word}");
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
