//! The fixed words of a page that its template does not have.

use certs::Text;

macro_rules! phrases {
    ($($name:ident: $kk:literal, $ru:literal, $en:literal;)+) => {
        $(pub(super) fn $name() -> Text { Text::new($kk, $ru, $en) })+
    };
}

phrases! {
    refusal: "Мемлекеттік қызметті көрсетуден бас тарту", "Отказ в оказании государственной услуги", "Refusal of the public service";
    free_form: "Еркін нысанда", "В произвольной форме", "Free form";
    made_at: "Қалыптастырылған күні, уақыты", "Дата и время формирования", "Formed at";
    shown_at: "Көрсетілген күні, уақыты", "Дата и время показа", "Shown at";
    case: "Іс нөмірі", "Номер дела", "Case";
    queue_number: "Кезек нөмірі", "Номер очереди", "Queue number";
    organisation: "Сұралған ұйым", "Запрошенная организация", "Organisation asked for";
    grounds: "Негіздер", "Основания", "Grounds";
    channel: "Қызмет арнасы", "Канал оказания услуги", "Channel";
    act: "Регламентті бекіткен акт", "Акт об утверждении регламента", "Act";
    no_number: "нөмірі мен күні мәтінде жоқ", "номера и даты в тексте нет", "the text has neither number nor date";
    status: "Актінің күйі", "Статус акта", "Status of the act";
    printout: "Электрондық құжаттың басып шығарылған көшірмесі. Қолтаңба құжаттың мазмұнына сәйкес келеді.", "Распечатка электронного документа. Подпись соответствует содержанию документа.", "Printout of an electronic document. The signature fits the content.";
    beside: "Осы қағаз бірге жүретін электрондық құжат. Қолтаңба оның мазмұнына сәйкес келеді.", "Электронный документ, к которому относится эта бумага. Подпись соответствует его содержанию.", "The electronic document that this paper goes with. The signature fits its content.";
    not_verified: "Электрондық құжаттың қолтаңбасы тексеруден өтпеді: мазмұны басып шығарылмайды.", "Подпись электронного документа не прошла проверку: содержание не печатается.", "The signature of the electronic document does not verify: its content is not printed.";
    beside_not_verified: "Осы қағаз бірге жүретін электрондық құжаттың қолтаңбасы тексеруден өтпеді.", "Подпись электронного документа, к которому относится эта бумага, не прошла проверку.", "The signature of the electronic document that this paper goes with does not verify.";
    not_readable: "Электрондық құжаттың мазмұны оқылмайды және басып шығарылмайды.", "Содержание электронного документа не читается и не печатается.", "The content of the electronic document cannot be read and is not printed.";
}

/// Whose form it has.
pub(super) fn form(appendix: u8) -> Text {
    Text::new(
        format!("Стандарттың {appendix}-қосымшасына сәйкес нысан"),
        format!("Форма согласно приложению {appendix} к стандарту"),
        format!("Form of appendix {appendix} of the standard"),
    )
}

/// An act by number and day, or one in whose wording the text stands.
pub(super) fn numbered(number: &str, on: &str, edition: bool) -> Text {
    let (kk, ru, en) = if edition {
        (" редакциясында", "в редакции ", "as set out by ")
    } else {
        ("", "", "")
    };
    Text::new(
        format!("{on} № {number}{kk}"),
        format!("{ru}№ {number} от {on}"),
        format!("{en}№ {number} of {on}"),
    )
}
