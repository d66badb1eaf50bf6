//! Papers: what was handed over or can be printed, as pages for a printer.

use certs::Profile;
use registries::people::Persona;
use serde_json::json;
use tests::{Citizen, Counter, Desk, REQUIRED, Town};

/// What a browser gets at an address, with a session or without: status, media type, text.
async fn browses(town: &Town, path: &str, token: Option<&str>) -> (u16, String, String) {
    let mut request = town.client.http().get(format!("{}{path}", town.client.base()));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    (status, media_type, response.text().await.unwrap())
}

/// The page at an address; it has the marks of a specimen and takes nothing from elsewhere.
async fn page(town: &Town, path: &str, token: Option<&str>) -> String {
    let (status, media_type, page) = browses(town, path, token).await;
    assert_eq!((status, media_type.as_str()), (200, "text/html; charset=utf-8"), "{page}");
    for mark in ["ҮЛГІ / ОБРАЗЕЦ / SPECIMEN", "Not affiliated with any government", "SPECIMEN TEST</div>"]
    {
        assert!(page.contains(mark), "no `{mark}` in {page}");
    }
    for outside in ["<script", "<img", "<link", "http://", "https://", "url("] {
        assert!(!page.contains(outside), "{outside} in {page}");
    }
    page
}

fn has(page: &str, all: &[&str]) {
    for expected in all {
        assert!(page.contains(expected), "no `{expected}` in {page}");
    }
}

/// The code and case of every path of an office that ends with a paper, as it was played.
async fn cases_of(town: &Town, selection: &str) -> Vec<(String, String)> {
    let played = town.play(selection).await;
    let ended = played.into_iter().filter_map(|played| {
        let last = played.outcome.shown.last()?;
        Some((last.code.clone(), played.outcome.case.clone()))
    });
    ended.collect()
}

/// The page of the case that ended with a code.
async fn ended_with(town: &Town, cases: &[(String, String)], code: &str) -> String {
    let (_, case) = cases.iter().find(|(ended, _)| ended == code).expect("a path ends so");
    page(town, &format!("/provider/cases/{case}/papers/0"), None).await
}

#[tokio::test]
async fn a_contract_and_a_refusal_at_the_office_are_papers_that_the_head_signed() {
    let town = Town::up().await;
    let cases = cases_of(&town, "kyzylorda-1056-preschool-admission/office").await;
    let contract = ended_with(&town, &cases, "contract").await;
    has(
        &contract,
        &[
            "Мектепке дейінгі ұйым мен баланың ата-анасының бірі немесе заңды өкілі арасындағы шарт",
            "Договор между дошкольной организацией",
            "Прием документов и зачисление детей в дошкольные организации образования",
            "Көрсетілетін қызметті берушінің басшысы / <span lang=\"ru\">Руководитель услугодателя",
            "мөрсіз / <span lang=\"ru\">без печати",
            "Еркін нысанда",
            "№ 1056 от 27.02.2018",
            "утратил силу постановлением № 163 от 2020-02-06",
            "часы среды вне срока его действия",
        ],
    );
    let refusal = ended_with(&town, &cases, "reasoned-refusal").await;
    has(
        &refusal,
        &[
            "<h1>Мемлекеттік қызметті көрсетуден бас тарту</h1>",
            "<h1>Отказ в оказании государственной услуги</h1>",
            "В оказании государственной услуги отказано по основаниям",
            "Негіздер",
            "Руководитель услугодателя",
        ],
    );
}

#[tokio::test]
async fn an_incomplete_package_leaves_a_receipt_that_can_be_printed() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
    counter.takes_consent().await.unwrap();
    counter.deed("package", &json!({ "presented": [REQUIRED[0]] })).await.unwrap();
    let receipt = page(&town, &format!("{}/papers/0", counter.path()), None).await;
    let ours = counter.view["shown"][0]["paper"]["provider"]["bin"].as_str().unwrap().to_owned();
    has(
        &receipt,
        &[
            "Стандарттың 3-қосымшасына сәйкес нысан",
            "Форма согласно приложению 3 к стандарту",
            "Ата-анасының бірінің немесе заңды өкілінің жеке басын куәландыратын құжат",
            "М.О. / М.П.",
            &counter.case(),
            &ours,
        ],
    );
    assert!(!receipt.contains("Распечатка электронного документа"), "{receipt}");
}

#[tokio::test]
async fn a_referral_at_the_portal_is_printed_with_who_signed_it_and_for_its_recipient_alone() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    let organisation = format!("balabaqsha-{}", citizen.iin);
    let desk = Desk::of(&town);
    desk.publishes_places(&organisation, 1).await.unwrap();
    citizen.applies().await.unwrap();
    let case = citizen.case();
    desk.accepts(&case).await.unwrap();
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    desk.signs(&case, &staff).await.unwrap();
    citizen.waits_for_the_end().await.unwrap();
    let path = format!("/portal/cases/{case}/papers/0");
    let referral = page(&town, &path, citizen.token.as_deref()).await;
    has(
        &referral,
        &[
            "Мектепке дейінгі ұйымға жолдама",
            "Направление в дошкольную организацию",
            "Распечатка электронного документа",
            "Стандарттың 1-қосымшасына сәйкес нысан",
            &staff.certificate.serial_hex(),
            &desk.bin().await,
            &organisation,
        ],
    );
    assert!(!referral.contains("М.О. / М.П."), "nobody signs a printout by hand: {referral}");
    let (status, ..) = browses(&town, &path, None).await;
    assert_eq!(status, 401, "it is the recipient's");
    let (status, media_type, problem) =
        browses(&town, &format!("/portal/cases/{case}/papers/1"), citizen.token.as_deref()).await;
    assert_eq!((status, media_type.as_str()), (404, "application/problem+json"), "{problem}");
}

#[tokio::test]
async fn grounds_are_words_and_never_markup() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.applies().await.unwrap();
    let (desk, case) = (Desk::of(&town), citizen.case());
    desk.task(&case).await.unwrap();
    let grounds = "<script>alert('құжат')</script> & \"</td></table>";
    let decision = json!({ "failing": ["documents-conform"], "grounds": grounds });
    desk.decides(&case, &decision).await.unwrap();
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    desk.signs(&case, &staff).await.unwrap();
    citizen.waits_for_the_end().await.unwrap();
    let refusal = page(&town, &format!("/portal/cases/{case}/papers/0"), citizen.token.as_deref()).await;
    let escaped = "<td>&#60;script&#62;alert(&#39;құжат&#39;)&#60;/script&#62; &#38; &#34;&#60;/td&#62;&#60;/table&#62;</td>";
    has(&refusal, &[escaped, "Распечатка электронного документа"]);
}

#[tokio::test]
async fn a_result_of_the_office_is_printed_sealed_and_signed() {
    let town = Town::up().await;
    let cases = cases_of(&town, "mangystau-182-preschool-queue/office").await;
    let person = "Уполномоченное лицо услугодателя";
    let sealed = [person, "мөр басылған / <span lang=\"ru\">печать поставлена", "class=\"seal put\""];
    let referral = ended_with(&town, &cases, "referral").await;
    has(&referral, &sealed);
    has(&referral, &["Направление в дошкольную организацию", "Стандарттың 1-қосымшасына сәйкес нысан"]);
    let receipt = ended_with(&town, &cases, "queue-number-receipt").await;
    has(&receipt, &sealed);
    has(&receipt, &["Расписка с указанием номера очередности", "Номер очереди", "Запрошенная организация"]);
}
