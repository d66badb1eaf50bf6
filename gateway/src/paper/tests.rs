use std::sync::LazyLock;

use certs::{Algorithm, Authority, Certificate, Iin, KeyPair, Order, Profile, Text};
use jiff::Timestamp;
use signer::{Body, Document};
use uuid::Uuid;

use super::page;
use crate::exchange::{ByHand, Issue, JSON, Organisation, SPECIMEN, Subject};
use crate::regulation::{Issued, Person, Regulation, Regulations};
use crate::walk::{Shown, ShownKind};

static BUILT_IN: LazyLock<Regulations> = LazyLock::new(|| Regulations::built_in().unwrap());

/// Any regulation whose act was repealed.
fn regulation() -> &'static Regulation {
    BUILT_IN.iter().find(|regulation| regulation.said.act.repealed.is_some()).unwrap()
}

/// Eight in the evening of the day before in the west of UTC, and morning already in Kazakhstan.
fn at() -> Timestamp {
    "2017-03-04T20:30:00Z".parse().unwrap()
}

fn issue(document: Issued) -> Issue {
    let regulation = regulation();
    Issue {
        specimen: SPECIMEN.to_owned(),
        document,
        title: Text::new("ҚАЗАҚША АТАУ", "РУССКОЕ НАЗВАНИЕ", "ENGLISH TITLE"),
        subject: Subject {
            case: Uuid::from_u128(7),
            regulation: regulation.id.clone(),
            channel: regulation.channels[0].name.clone(),
        },
        made_at: at(),
        provider: Organisation {
            name: "№ 1 БАЛАБАҚША".to_owned(), bin: "123456789012".to_owned()
        },
        code: None,
        message: None,
        grounds: None,
        queue_number: None,
        organisation: None,
        appendix: None,
        by_hand: None,
    }
}

fn shown(paper: Option<Issue>, document: Option<Document>) -> Shown {
    Shown {
        shown_at: at(),
        step: "8.5".to_owned(),
        formed_at: "8.4".to_owned(),
        paragraph: "8.5".to_owned(),
        kind: ShownKind::Result,
        code: "some-code".to_owned(),
        message: Text::new("көрсетілген", "показанное", "what was shown"),
        reasons: Vec::new(),
        document,
        paper,
    }
}

fn on_paper(issue: Issue) -> String {
    page(&shown(Some(issue), None), regulation(), at()).unwrap()
}

static KEY: LazyLock<(KeyPair, Certificate)> = LazyLock::new(|| {
    let authority =
        Authority::create(Algorithm::P256, "QAQPA UNIT TEST", at(), "http://127.0.0.1:1").unwrap();
    let person = certs::Person {
        surname: "ҮЛГІБАЕВ".to_owned(),
        name: "СЫНАҚ".to_owned(),
        patronymic: None,
        iin: Iin::never_issued(1),
    };
    let order = Order::new(certs::Subject::Person(person), Profile::Individual, Algorithm::P256);
    let issued = authority.issue(&order, at()).unwrap();
    (issued.key.unwrap(), issued.certificate)
});

fn signed(content: Vec<u8>) -> Document {
    Document::sign(content, JSON, &KEY.0, &KEY.1, at()).unwrap()
}

fn electronic(issue: &Issue) -> Document {
    signed(serde_json::to_vec(issue).unwrap())
}

/// The same signature over something else.
fn forged(issue: &Issue, other: &Issue) -> Document {
    let Body::Detached { signature, .. } = electronic(issue).body else { unreachable!() };
    Document::detached(serde_json::to_vec(other).unwrap(), JSON, signature.0)
}

#[test]
fn there_is_no_page_of_what_is_neither_paper_nor_document() {
    assert_eq!(page(&shown(None, None), regulation(), at()), None);
}

#[test]
fn every_document_has_its_title_the_marks_and_who_issued_it() {
    for document in Issued::ALL {
        let page = on_paper(issue(*document));
        for expected in [
            "<h1>ҚАЗАҚША АТАУ</h1>",
            "<h1>РУССКОЕ НАЗВАНИЕ</h1>",
            "ENGLISH TITLE",
            document.word(),
            SPECIMEN,
            "ҮЛГІ<br>ОБРАЗЕЦ<br>SPECIMEN TEST",
            "Not affiliated with any government",
            "Не связана ни с одним государством",
            "Ешбір мемлекетке",
            "№ 1 БАЛАБАҚША",
            "123456789012",
            "00000000-0000-0000-0000-000000000007",
            "Актінің күйі",
            &regulation().status(at()).kk,
            &regulation().status(at()).ru,
        ] {
            assert!(page.contains(expected), "{document}: no `{expected}` in {page}");
        }
    }
}

#[test]
fn a_refusal_that_has_the_title_of_its_service_is_called_a_refusal() {
    let mut refusal = issue(Issued::Refusal);
    refusal.title = regulation().said.title.clone();
    refusal.code = Some("reasoned-refusal".to_owned());
    refusal.message = Some(Text::new("бас тартылды", "отказано", "refused"));
    let page = on_paper(refusal);
    for expected in [
        "<h1>Мемлекеттік қызметті көрсетуден бас тарту</h1>",
        "<h1>Отказ в оказании государственной услуги</h1>",
        "<p class=\"message\">бас тартылды</p>",
        "отказано",
        "refusal (reasoned-refusal)",
    ] {
        assert!(page.contains(expected), "no `{expected}` in {page}");
    }
}

#[test]
fn what_data_say_is_never_markup() {
    let attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;";
    let text = || Text::new(format!("kk{attack}"), format!("ru{attack}"), format!("en{attack}"));
    let mut bad = issue(Issued::Decision);
    bad.title = text();
    bad.message = Some(text());
    bad.code = Some(attack.to_owned());
    bad.grounds = Some(attack.to_owned());
    bad.organisation = Some(attack.to_owned());
    bad.provider = Organisation { name: attack.to_owned(), bin: attack.to_owned() };
    bad.subject.channel = attack.to_owned();
    let mut on_screen = shown(Some(bad.clone()), Some(signed(attack.as_bytes().to_vec())));
    on_screen.step = attack.to_owned();
    on_screen.paragraph = attack.to_owned();
    let mut of_nothing = shown(None, Some(forged(&bad, &issue(Issued::Order))));
    of_nothing.message = text();
    of_nothing.code = attack.to_owned();
    for shown in [on_screen, shown(None, Some(electronic(&bad))), of_nothing] {
        let page = page(&shown, regulation(), at()).unwrap();
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#62;&#60;img"), "{page}");
        assert!(page.contains("&#38;amp;"), "an entity in data stays what it is: {page}");
    }
}

#[test]
fn nothing_is_taken_from_elsewhere() {
    let page = page(&shown(None, Some(electronic(&issue(Issued::Referral)))), regulation(), at()).unwrap();
    for outside in ["http:", "https:", "url(", "@import", "<script", "<link", "<img", "src=", "href="] {
        assert!(!page.contains(outside), "{outside} in {page}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn facts_stand_where_there_are_any() {
    let bare = on_paper(issue(Issued::QueueNotice));
    assert!(!bare.contains("Номер очереди") && !bare.contains("Основания") && !bare.contains("Запрошенная"));
    assert!(
        bare.contains("Еркін нысанда") && bare.contains("В произвольной форме") && bare.contains("Free form")
    );
    let mut full = issue(Issued::QueueNotice);
    full.queue_number = Some(417);
    full.organisation = Some("balabaqsha-7".to_owned());
    full.grounds = Some("Туу туралы куәлік жоқ".to_owned());
    full.appendix = Some(3);
    let full = on_paper(full);
    for expected in [
        "<td>417</td>",
        "<td>balabaqsha-7</td>",
        "<td>Туу туралы куәлік жоқ</td>",
        "Стандарттың 3-қосымшасына сәйкес нысан",
        "Форма согласно приложению 3 к стандарту",
        "Form of appendix 3 of the standard",
    ] {
        assert!(full.contains(expected), "no `{expected}` in {full}");
    }
}

#[test]
fn dates_are_those_of_the_acts_time_zone() {
    let local = at().to_zoned(regulation().time_zone.clone());
    assert_eq!(local.date().to_string(), "2017-03-05", "the fixture is past midnight there");
    assert!(on_paper(issue(Issued::Order)).contains("<td>05.03.2017 0"));
}

#[test]
fn an_act_that_is_out_of_force_or_unknown_is_called_so() {
    for regulation in BUILT_IN.iter() {
        let page = page(
            &shown(Some(issue(Issued::Order)), None),
            regulation,
            "2031-01-01T00:00:00Z".parse().unwrap(),
        )
        .unwrap();
        let repealed = regulation.said.act.repealed.is_some();
        assert_eq!(page.contains("утратил силу"), repealed, "{}", regulation.id);
        assert_eq!(page.contains("часы среды вне срока его действия"), repealed, "{}", regulation.id);
        assert_eq!(page.contains("статус неизвестен"), !repealed, "{}", regulation.id);
    }
}

#[test]
fn whoever_signed_by_hand_stands_on_the_line_beside_the_seals_place() {
    for person in Person::ALL {
        for sealed in [true, false] {
            let mut paper = issue(Issued::Contract);
            paper.by_hand = Some(ByHand { person: *person, signed_at: at(), sealed });
            let page = on_paper(paper);
            let title = person.title();
            assert!(page.contains(&title.kk) && page.contains(&title.ru), "{person}: {page}");
            assert_ne!(title.ru, person.word(), "a paper has no word of files on it");
            assert!(page.contains("М.О. / М.П.</span><b>TEST"));
            assert_eq!(page.contains("печать поставлена"), sealed);
            assert_eq!(page.contains("class=\"seal put\""), sealed);
            assert!(!page.contains("не подписано"));
        }
    }
    assert!(on_paper(issue(Issued::Contract)).contains("не подписано"));
}

#[test]
fn a_printout_has_its_signer_and_no_line_for_a_hand() {
    let issue = issue(Issued::Referral);
    let page = page(&shown(None, Some(electronic(&issue))), regulation(), at()).unwrap();
    let escaped = |text: &str| text.replace('"', "&#34;");
    for expected in [
        "Распечатка электронного документа",
        "Электрондық құжаттың басып шығарылған көшірмесі",
        &escaped(&KEY.1.subject()),
        &KEY.1.serial_hex(),
        "P256",
        "РУССКОЕ НАЗВАНИЕ",
        "Действительность сертификата на этой странице не проверялась",
    ] {
        assert!(page.contains(expected), "no `{expected}` in {page}");
    }
    assert!(!page.contains("М.О. / М.П."), "{page}");
}

#[test]
fn a_printout_that_was_sealed_has_both_signatures() {
    let issue = issue(Issued::Referral);
    let by_hand = Some(ByHand { person: Person::CorporationEmployee, signed_at: at(), sealed: true });
    let paper = Issue { by_hand, ..issue.clone() };
    let page = page(&shown(Some(paper), Some(electronic(&issue))), regulation(), at()).unwrap();
    assert!(
        page.contains("Распечатка электронного документа") && page.contains("печать поставлена"),
        "{page}"
    );
}

#[test]
fn a_receipt_goes_with_a_document_that_is_another_one() {
    let receipt = issue(Issued::AcceptanceRefusalReceipt);
    let document = electronic(&issue(Issued::Refusal));
    let page = page(&shown(Some(receipt), Some(document)), regulation(), at()).unwrap();
    assert!(page.contains("к которому относится эта бумага. Подпись соответствует"), "{page}");
    assert!(!page.contains("Распечатка") && page.contains("М.О. / М.П."), "{page}");
}

#[test]
fn of_a_document_that_does_not_verify_nothing_is_printed() {
    let mut other = issue(Issued::Referral);
    other.organisation = Some("balabaqsha-of-the-forger".to_owned());
    let document = forged(&issue(Issued::Referral), &other);
    let page = page(&shown(None, Some(document)), regulation(), at()).unwrap();
    assert!(page.contains("class=\"bad\"") && page.contains("не прошла проверку"), "{page}");
    assert!(!page.contains("of-the-forger") && !page.contains("№ 1 БАЛАБАҚША"), "{page}");
    assert!(!page.contains("Распечатка") && !page.contains(&KEY.1.serial_hex()), "{page}");
    assert!(page.contains("показанное") && page.contains(SPECIMEN), "{page}");
}

#[test]
fn a_paper_says_that_the_document_it_goes_with_does_not_verify() {
    let document = forged(&issue(Issued::Referral), &issue(Issued::Order));
    let page = page(&shown(Some(issue(Issued::Referral)), Some(document)), regulation(), at()).unwrap();
    assert!(
        page.contains("class=\"bad\"") && page.contains("к которому относится эта бумага, не прошла"),
        "{page}"
    );
    assert!(page.contains("№ 1 БАЛАБАҚША"), "{page}");
}

#[test]
fn a_document_that_is_no_issue_is_called_unreadable() {
    let page = page(&shown(None, Some(signed(b"a scan".to_vec()))), regulation(), at()).unwrap();
    assert!(page.contains("не читается и не печатается") && page.contains(&KEY.1.serial_hex()), "{page}");
    assert!(!page.contains("a scan"), "{page}");
}
