//! Why what an act says beside its steps is not executed, and where the program uses or shows it.

use certs::Text;

use crate::regulation::Topic;

/// The reason, by what a statement speaks of.
pub fn reason(topic: Topic) -> Text {
    let (kk, ru, en) = match topic {
        Topic::Caption => (
            "атауы не белгісі: орындалатын іс жоқ; актімен бірге көрсетіледі: `regulations show`",
            "название или отметка: исполнять нечего; показано с актом: `regulations show`",
            "a title or caption: nothing to do; shown with the act: `regulations show`",
        ),
        Topic::Heading => {
            ("тақырып: орындалатын іс жоқ", "заголовок: исполнять нечего", "a heading: nothing to do")
        }
        Topic::Act => (
            "актінің деректері: алмасу емес; нөмірі мен күні: `regulations list`, мәтіні: `regulations show`",
            "данные акта: не обмен; номер и дата: `regulations list`, текст: `regulations show`",
            "data of the act: no exchange; number and date: `regulations list`, words: `regulations show`",
        ),
        Topic::Repeal => (
            "актінің күйі: алмасу емес; күні: `regulations list` пен `play`, мәтіні: `regulations show`",
            "состояние акта: не обмен; дата: `regulations list` и `play`, текст: `regulations show`",
            "the act's state: no exchange; day: `regulations list` and `play`, words: `regulations show`",
        ),
        Topic::Force => (
            "қолданысқа енуі: алмасу емес; актімен бірге көрсетіледі: `regulations show`",
            "вступление в силу: не обмен; показано с актом: `regulations show`",
            "when the act takes effect: no exchange; shown with the act: `regulations show`",
        ),
        Topic::Control => (
            "орындалуын бақылау жүйелерден тыс: `regulations show`",
            "контроль исполнения вне систем: показано с актом, `regulations show`",
            "supervision is outside of the systems: shown with the act, `regulations show`",
        ),
        Topic::Signature => (
            "актіге қол қою жүйелерден тыс; лауазымы көрсетіледі: `regulations show`",
            "подписание акта вне систем; показано с актом: `regulations show`",
            "signing the act is outside of the systems: shown with the act, `regulations show`",
        ),
        Topic::Provider => (
            "кім көрсететіні: `provider` жүйесі ойнайды; көрсетіледі: `regulations show`",
            "кто оказывает: его играет система `provider`; показано: `regulations show`",
            "who renders the service: played by the system `provider`; shown: `regulations show`",
        ),
        Topic::Channels => (
            "қайда жүгінетіні: файлдың арналары, `regulations list`",
            "куда обращаются: каналы файла, `regulations list`",
            "where one applies: the file's channels, `regulations list`",
        ),
        Topic::Automation => (
            "қызмет нысаны: арналардан көрінеді; көрсетіледі: `regulations show`",
            "форма оказания: видна по каналам; показано: `regulations show`",
            "form of the service: seen from the channels; shown: `regulations show`",
        ),
        Topic::Result => (
            "нәтиже мен стандарттың атауы: нәтижені арналардың қадамдары қалыптастырады; көрсетіледі: `regulations show`",
            "название результата и стандарта: результат формируют шаги каналов; показано: `regulations show`",
            "names the result and the standard: the channels' steps form the result; shown: `regulations show`",
        ),
        Topic::ResultForm => (
            "нәтиженің нысаны: құжат электронды не қағаз болып шығады; көрсетіледі: `regulations show`",
            "форма результата: документ выходит электронным или бумажным; показано: `regulations show`",
            "form of the result: documents come out electronic or on paper; shown: `regulations show`",
        ),
        Topic::Standard => (
            "стандарт мәтіннен тыс: `regulations show`",
            "стандарт вне текста: показано с актом, `regulations show`",
            "the standard is outside of the text: shown with the act, `regulations show`",
        ),
        Topic::Start => (
            "неден басталатыны: арналардың бірінші қадамдары; көрсетіледі: `regulations show`",
            "с чего начинается: первые шаги каналов; показано: `regulations show`",
            "what it begins with: the channels' first steps; shown: `regulations show`",
        ),
        Topic::Durations | Topic::Sequence => (
            "тізімді ашатын сөйлем: тізімнің өзі қадамдар болып орындалады",
            "предложение, открывающее перечень: сам перечень исполняется шагами",
            "a sentence that opens a list: the list itself is executed as steps",
        ),
        Topic::Outcome => (
            "рәсімнің нәтижесі: келесі қадам содан басталады; бөлек іс емес",
            "итог процедуры: с него начинается следующий шаг; отдельного действия нет",
            "what a procedure comes to: the next step begins with it; no act of its own",
        ),
        Topic::Participants => (
            "қатысушылар: диаграмманың жолдары, `regulations diagram`",
            "участники: дорожки диаграммы, `regulations diagram`",
            "who takes part: lanes of the diagram, `regulations diagram`",
        ),
        Topic::Delivery => (
            "нәтиже қалай жететіні: арналардың соңғы қадамдары; көрсетіледі: `regulations show`",
            "как доходит результат: последние шаги каналов; показано: `regulations show`",
            "how the result arrives: the channels' last steps; shown: `regulations show`",
        ),
        Topic::Publication => (
            "жариялау жүйелер арасындағы алмасу емес",
            "публикация не обмен между системами",
            "publishing is no exchange between systems",
        ),
        Topic::Diagram => (
            "сурет: қадамдардан сызылады, `regulations diagram`",
            "рисунок: чертится по шагам, `regulations diagram`",
            "a drawing: drawn from the steps, `regulations diagram`",
        ),
        Topic::Legend => (
            "шартты белгілер: диаграммада сызылған, `regulations diagram`",
            "условные обозначения: начерчены на диаграмме, `regulations diagram`",
            "signs: drawn in the diagram, `regulations diagram`",
        ),
        Topic::Deadline => (
            "соңғы күні: көрсетіледі, `regulations show`",
            "последний день подачи: показано с актом, `regulations show`",
            "the last day to apply: shown with the act, `regulations show`",
        ),
        Topic::Recipients => (
            "кімге арналғаны: сұраныс нысанының ЖСН өрісі; көрсетіледі: `regulations show`",
            "кому услуга: поле ИИН формы; показано с актом: `regulations show`",
            "for whom it is: the form's field for an IIN; shown with the act: `regulations show`",
        ),
        Topic::Price => (
            "тегін: төлем қадамы жоқ; көрсетіледі: `regulations show`",
            "бесплатно: шага оплаты нет; показано с актом: `regulations show`",
            "free of charge: there is no step of paying; shown with the act: `regulations show`",
        ),
        Topic::Terms => (
            "мерзімдер: қадамдар мен сағаттарда тұрғаны өлшенеді; көрсетіледі: `regulations show`",
            "сроки: измеряются те, что стоят в шагах и часах; показано: `regulations show`",
            "terms: those that stand in steps and clocks are measured; shown: `regulations show`",
        ),
        Topic::Documents => (
            "құжаттар тізімі: сұраныс нысанында тұр; көрсетіледі: `regulations show`",
            "перечень документов: стоит в форме запроса; показано: `regulations show`",
            "list of documents: stands in the request form; shown: `regulations show`",
        ),
        Topic::Complaint => (
            "шағым туралы анықтама: байланыс орталығы айтады (`/contact-centre/information`)",
            "справка об обжаловании: её даёт контакт-центр (`/contact-centre/information`)",
            "how to complain: the contact centre tells (`/contact-centre/information`)",
        ),
        Topic::Addresses => (
            "мекенжайлар: алмасу емес; байланыс орталығы айтады (`/contact-centre/information`)",
            "адреса: не обмен; их называет контакт-центр (`/contact-centre/information`)",
            "addresses: no exchange; the contact centre tells (`/contact-centre/information`)",
        ),
        Topic::Information => (
            "анықтама: байланыс орталығы айтады (`/contact-centre/information`, `qaqpa status`)",
            "справки: их даёт контакт-центр (`/contact-centre/information`, `qaqpa status`)",
            "where to ask: the contact centre tells (`/contact-centre/information`, `qaqpa status`)",
        ),
        Topic::Note => (
            "жариялаушының ескертпесі: актінің өзі емес; көрсетіледі: `regulations show`",
            "примечание издателя: не сам акт; показано: `regulations show`",
            "a remark of the publisher: not the act itself; shown: `regulations show`",
        ),
        Topic::Debris => (
            "көшірменің қалдығы: актіде жоқ",
            "остаток копии: в акте этого нет",
            "debris of the copy: not in the act",
        ),
    };
    Text::new(kk, ru, en)
}
