//! The fixed words of a page.

use certs::{Lang, Text};

use crate::regulation::{End, Kind, Topic};

/// What a topic is called.
pub(super) fn topic(topic: Topic) -> Text {
    let [kk, ru, en] = match topic {
        Topic::Caption => ["Атаулар мен белгілер", "Заголовки и отметки", "Titles and captions"],
        Topic::Act => ["Актінің деректемелері", "Реквизиты акта", "The act and its base"],
        Topic::Repeal => ["Күшін жою", "Утрата силы", "Repeal"],
        Topic::Force => ["Қолданысқа енгізілуі", "Введение в действие", "Taking effect"],
        Topic::Control => ["Орындалуын бақылау", "Контроль за исполнением", "Supervision"],
        Topic::Signature => ["Қол қою", "Подпись", "Signature"],
        Topic::Heading => ["Тараулар", "Главы", "Chapters"],
        Topic::Provider => ["Көрсетілетін қызметті беруші", "Услугодатель", "Provider"],
        Topic::Channels => ["Қайда жүгінуге болады", "Где обращаться", "Where to apply"],
        Topic::Automation => ["Көрсету нысаны", "Форма оказания", "Form of the service"],
        Topic::Result => ["Нәтиже", "Результат", "Result"],
        Topic::ResultForm => ["Нәтиженің нысаны", "Форма результата", "Form of the result"],
        Topic::Standard => ["Стандарт", "Стандарт", "Standard"],
        Topic::Start => ["Рәсімнің басталуы", "Начало процедуры", "What it begins with"],
        Topic::Durations => [
            "Рәсімдердің мазмұны мен ұзақтығы",
            "Содержание и длительность процедур",
            "Procedures and durations",
        ],
        Topic::Outcome => ["Рәсімдердің нәтижелері", "Результаты процедур", "Results of procedures"],
        Topic::Participants => ["Қатысушылар", "Участники", "Participants"],
        Topic::Sequence => ["Реттілік", "Последовательность", "Sequence"],
        Topic::Delivery => ["Нәтижені жеткізу", "Получение результата", "How the result is got"],
        Topic::Publication => {
            ["Анықтамалықтың орналастырылуы", "Размещение справочника", "Publication of the directory"]
        }
        Topic::Diagram => ["Диаграммалар", "Диаграммы", "Diagrams"],
        Topic::Legend => ["Шартты белгілер", "Условные обозначения", "Signs of the diagram"],
        Topic::Deadline => ["Өтініш берудің соңғы күні", "Последний день подачи", "Last day to apply"],
        Topic::Recipients => ["Қызметті алушылар", "Услугополучатели", "Recipients"],
        Topic::Price => ["Құны", "Стоимость", "Price"],
        Topic::Terms => ["Мерзімдері", "Сроки", "Time limits"],
        Topic::Documents => ["Қажетті құжаттар", "Необходимые документы", "Documents needed"],
        Topic::Complaint => ["Шағымдану", "Обжалование", "Complaints"],
        Topic::Addresses => ["Мекенжайлар", "Адреса", "Addresses"],
        Topic::Information => ["Ақпарат", "Информация", "Information"],
        Topic::Note => ["Баспаның ескертулері", "Примечания издателя", "Publisher's remarks"],
        Topic::Debris => ["Көшірменің қалдықтары", "Следы копирования", "Debris of the copy"],
    };
    Text::new(kk, ru, en)
}

/// What a kind of step is called.
pub(super) fn kind(kind: Kind) -> Text {
    match kind {
        Kind::Action => Text::new("іс-қимыл", "действие", "action"),
        Kind::Process => Text::new("процесс", "процесс", "process"),
        Kind::Condition => Text::new("шарт", "условие", "condition"),
    }
}

/// A document that is presented where there is one.
pub(super) fn if_any(title: &Text) -> Text {
    Text {
        kk: format!("{} (бар болса)", title.kk),
        ru: format!("{} (при наличии)", title.ru),
        en: format!("{} (if there is one)", title.en),
    }
}

/// How a channel ends.
pub(super) fn end(end: End, lang: Lang) -> &'static str {
    match end {
        End::Refusal => ends_refused(lang),
        End::Result => ends_served(lang),
    }
}

macro_rules! phrases {
    ($($name:ident: $kk:literal, $ru:literal, $en:literal;)+) => {
        $(pub(super) fn $name(lang: Lang) -> &'static str {
            match lang { Lang::Kk => $kk, Lang::Ru => $ru, Lang::En => $en }
        })+
    };
}

phrases! {
    issued: "шығарылды", "принят", "issued";
    edition: "редакциясы", "редакция", "edition";
    registered: "тіркелді", "зарегистрирован", "registered";
    status: "күйі", "статус", "status";
    overlays: "мына регламенттерді толықтырады", "дополняет регламенты", "adds to";
    from_passport: "паспорттан", "из паспорта", "from the passport";
    abbreviations: "Қысқартулар", "Сокращения", "Abbreviations";
    expanded: "ашылған жері", "раскрыто в", "written out in";
    never_expanded: "еш жерде ашылмаған", "нигде не раскрыто", "nowhere written out";
    channel: "Арна", "Канал", "Channel";
    diagram: "диаграмма", "диаграмма", "diagram";
    clock: "мерзім", "срок", "time limit";
    from: "басы", "от", "from";
    to: "соңы", "до", "to";
    printed: "басылғаны", "напечатано", "printed";
    at: "–", "–", "at";
    does: "іс-қимылдар", "действия", "does";
    checks: "тексереді", "проверяет", "checks";
    not_after: "соңғы күн", "не позднее", "not after";
    within: "мерзімі", "срок", "within";
    receives: "келеді", "получает", "receives";
    sends: "жолдайды", "отправляет", "sends";
    asynchronously: "асинхронды", "асинхронно", "asynchronously";
    or: "немесе", "или", "or";
    signed_by: "қол қояды", "подписывает", "signed by";
    documents: "құжат", "документ", "document";
    appendix: "стандарттың қосымшасы", "приложение стандарта", "appendix of the standard";
    refusal: "бас тарту", "отказ", "refusal";
    runs: "рәсімнен өтеді", "проходит процедуру", "goes through";
    yes: "иә", "да", "yes";
    no: "жоқ", "нет", "no";
    then: "одан әрі", "далее", "then";
    ends_refused: "соңы: бас тарту", "конец: отказ", "ends: refusal";
    ends_served: "соңы: нәтиже", "конец: результат", "ends: result";
    aside: "келгені белгіленеді, іс өз жолымен жалғасады", "пришедшее отмечено, дело идёт своим путём", "what came is noted; the case goes on elsewhere";
    unsaid: "мәтінде жоқ", "в тексте нет", "not in the text";
    whole_step: "бүкіл қадам", "весь шаг", "the whole step";
    legend: "Белгілер: ≈ мәтінде жоқ, болжанған; [мәтінде жоқ: …] мәтін айтпайтыны; «…» актінің өз сөздері; ⟲ көшірмеде бүлінген сөйлемнің қалпына келтірілген оқылуы.", "Знаки: ≈ в тексте нет, выведено; [в тексте нет: …] чего текст не говорит; «…» слова самого акта; ⟲ восстановленное чтение предложения, испорченного в копии. Русские термины – общепринятые, не из официальной русской редакции.", "Signs: ≈ not in the text, inferred; [not in the text: …] what the text does not say; «…» the act's own words, in Kazakh; ⟲ a sentence that the copy damaged, as it is restored.";
}
