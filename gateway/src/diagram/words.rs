//! The fixed words of a picture.

use certs::{Lang, Text};

macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident: $kk:literal, $ru:literal, $en:literal;)+) => {
        $($(#[$doc])* pub(super) fn $name(lang: Lang) -> &'static str {
            match lang { Lang::Kk => $kk, Lang::Ru => $ru, Lang::En => $en }
        })+
    };
}

/// Printed on every picture, in all three languages at once.
pub(super) const SPECIMEN: &str = "ҮЛГІ · ОБРАЗЕЦ · SPECIMEN";

phrases! {
    not_official: "ресми құжат емес", "не является официальным документом", "not an official document";
    diagram: "Ақпараттық жүйелердің функционалдық өзара іс-қимылының диаграммасы", "Диаграмма функционального взаимодействия информационных систем", "Diagram of the functional interaction of information systems";
    directory: "Мемлекеттік қызмет көрсетудің бизнес-процестерінің анықтамалығы", "Справочник бизнес-процессов оказания государственной услуги", "Directory of the business processes of the service";
    legend: "Шартты белгілер", "Условные обозначения", "Legend";
    channel: "арна", "канал", "channel";
    repealed: "КҮШІН ЖОЙҒАН", "УТРАТИЛ СИЛУ", "REPEALED";
    begin: "басталуы", "начало", "begin";
    end: "аяқталуы", "конец", "end";
    yes: "иә", "да", "yes";
    no: "жоқ", "нет", "no";
    refusal: "Бас тарту", "Отказ", "Refusal";
    result: "Нәтиже", "Результат", "Result";
    signs: "ЭЦҚ:", "ЭЦП:", "signed by:";
    signs_by_hand: "қолы:", "подпись от руки:", "signed by hand:";
    within: "мерзімі:", "срок:", "within";
    not_after: "соңғы күні:", "последний день:", "last day:";
    printed: "басылғаны:", "напечатано:", "printed:";
    unsaid: "мәтінде жоқ:", "в тексте нет:", "not in the text:";
    and: " және ", " и ", " and ";
    or: " немесе ", " или ", " or ";
    check: "тексеру", "проверка", "check";
    decides: "шешімі", "решение", "decision";
    receipt: "Қолхат", "Расписка", "Receipt";
    asks: "сұрау салу", "запрос", "query";
    answers: "жауап", "ответ", "answer";
    not_asked: "сұралмады", "не запрашивалось", "not asked";
    through: "арқылы:", "через:", "through:";
    itself: "жүйенің өзі", "сама система", "the system itself";
    page: "бет", "стр.", "page";
    otherwise: "әйтпесе", "иначе", "otherwise";
    case: "Іс", "Дело", "Case";
    traced: "журнал бойынша осы сызбаға салынған", "нанесено по журналу", "drawn over from the journal";
    no_difference: "регламенттен айырмашылық табылмады", "отличий от регламента не найдено", "no difference from the regulation was found";
    first_difference: "Алғашқы айырмашылық", "Первое отличие", "First difference";
    l_begin: "өзара іс-қимылдың басталуы", "начало взаимодействия", "beginning of the interaction";
    l_end: "өзара іс-қимылдың аяқталуы", "завершение взаимодействия", "end of the interaction";
    l_process: "рәсімнің (іс-қимылдың) атауы, тармағы және нөмірі", "название процедуры (действия), пункт и номер", "procedure (action): paragraph, printed number, name";
    l_condition: "шарт: таңдау нұсқасы (иә, жоқ)", "условие: вариант выбора (да, нет)", "condition: choice (yes, no)";
    l_aside: "келгені белгіленеді, іс өз жолымен жалғасады", "пришедшее отмечено, дело идёт своим путём", "what came is noted; the case goes on elsewhere";
    l_register: "сұрау салуға жауап беретін тіркелім", "регистр, отвечающий на запрос", "register that answers a query";
    l_by_hand: "қызметкер қолға береді", "выдаёт работник", "handed over by the employee";
    l_refusal: "алушыға хабарлама: бас тарту", "сообщение получателю: отказ", "message to the recipient: refusal";
    l_result: "алушыға хабарлама: нәтиже", "сообщение получателю: результат", "message to the recipient: result";
    l_then: "келесі рәсімге ауысу", "переход к следующей процедуре", "transition to the next procedure";
    l_message: "жүйелер арасындағы хабарлама", "сообщение между системами", "message between systems";
    l_relay: "хабарламаны өзгертпей өткізетін жүйе", "система передаёт сообщение дальше", "system that passes the message on";
    l_inferred: "үзік сызық: мәтінде жоқ, болжанған", "пунктир: в тексте нет, выведено", "dashed: not in the text, inferred";
    l_guard: "осы шарт орындалғанда ғана; әйтпесе қадам аттап өтіледі", "только если это так; иначе – мимо шага", "only if this holds; else past the step";
    l_clock: "қадамдарға берілген мерзім, тармағымен", "срок на эти шаги, с пунктом", "time limit for these steps, with its paragraph";
    l_gone: "іс өткен жол", "пройдено делом", "gone through by the case";
    l_pale: "өтілмеген", "не пройдено", "not gone through";
    l_difference: "алғашқы айырмашылық, тармағымен", "первое отличие, с пунктом", "the first difference, with its paragraph";
    l_refused: "хабарлама қабылданбады", "сообщение не принято", "message not accepted";
    l_star: "мәтінде жоқ", "в тексте нет", "not in the text";
    no_repeal: "күшін жою туралы мәлімет жоқ", "сведений об утрате силы нет", "no repeal is noted";
    edition: "редакциясы:", "в редакции:", "edition:";
    registered: "тіркелген:", "зарегистрировано:", "registered:";
}

/// A date with a number, as `№ 182, 2016-06-22`.
pub(super) fn record(number: &str, on: &str) -> String {
    format!("№ {number}, {on}")
}

/// By what the act was repealed.
pub(super) fn repealed_by(number: &str, on: &str) -> Text {
    Text::new(format!("{on} № {number}"), format!("№ {number} от {on}"), format!("by № {number} of {on}"))
}
