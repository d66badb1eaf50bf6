use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use certs::der::{self, SEQUENCE};
use certs::pkcs12::Encoding;
use certs::{Algorithm, Clock, Issued, Reason};
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::*;
use crate::RevocationPolicy;
use crate::testing::{Centre, at, later, order};

const PASSWORD: &str = "Qwerty12";

struct Service {
    centre: Arc<Centre>,
    router: Router,
}

impl Service {
    fn new(centre: Centre) -> Self {
        let (centre, clock) = (Arc::new(centre), Clock::frozen_at(at()));
        let validator = Validator::new(centre.clone(), RevocationPolicy::default(), clock.clone());
        let service = SigningService { validator: Arc::new(validator), clock };
        Self { centre, router: crate::http::finish(router(service)) }
    }

    fn issue(&self) -> Issued {
        self.centre.authority.issue(&order(Algorithm::P256), at()).unwrap()
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String, Value) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let media_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, media_type, serde_json::from_slice(&body).unwrap())
    }

    async fn post(&self, address: &str, body: impl Into<Body>) -> (StatusCode, String, Value) {
        let json = (header::CONTENT_TYPE, "application/json; charset=utf-8");
        self.send(Request::post(address).header(json.0, json.1).body(body.into()).unwrap()).await
    }

    /// An answer that is not a problem.
    async fn answer(&self, address: &str, body: Value) -> Value {
        let (status, media_type, answer) = self.post(address, body.to_string()).await;
        assert_eq!((status, media_type.as_str()), (StatusCode::OK, "application/json"), "{answer}");
        answer
    }

    /// The code of a problem, and what it says in detail.
    async fn problem(&self, address: &str, body: impl Into<Body>) -> (Code, String) {
        problem_in(self.post(address, body).await)
    }
}

#[track_caller]
fn problem_in((status, media_type, body): (StatusCode, String, Value)) -> (Code, String) {
    assert_eq!(media_type, "application/problem+json", "{body}");
    let problem: Problem = serde_json::from_value(body).unwrap();
    assert_eq!(status.as_u16(), problem.status);
    assert!(status.is_client_error(), "{problem}");
    (problem.code, problem.detail.clone().unwrap_or_default())
}

fn key_file(issued: &Issued) -> String {
    let key = issued.key.as_ref().unwrap();
    let bytes = pkcs12::write(Encoding::National, PASSWORD, key, &issued.certificate, &[]).unwrap();
    Bytes(bytes).to_base64()
}

fn base64(bytes: &[u8]) -> String {
    Bytes(bytes.to_vec()).to_base64()
}

#[tokio::test]
async fn what_is_signed_here_is_accepted_here() {
    let service = Service::new(Centre::p256());
    let issued = service.issue();
    let iin = issued.certificate.iin_text().unwrap();
    for attached in [false, true] {
        let content = base64("өтініш".as_bytes());
        let request = json!({
            "content": content, "pkcs12": key_file(&issued), "password": PASSWORD, "attached": attached,
        });
        let signed = service.answer("/cms/sign", request).await;
        assert_eq!(signed["certificate"], issued.certificate.pem());
        assert_eq!(signed["signed_at"], "2026-11-20T09:00:00Z");
        let mut question = json!({"cms": signed["cms"], "iin": iin, "role": "individual"});
        if !attached {
            question["content"] = content.into();
        }
        let found = service.answer("/cms/verify", question).await;
        assert_eq!((&found["accepted"], &found["signature"]["outcome"]), (&true.into(), &"valid".into()));
        assert_eq!(found["signers"][0]["signing_time"], "2026-11-20T09:00:00Z");
        let checks = found["signers"][0]["verdict"]["findings"].as_array().unwrap();
        assert_eq!(checks.len(), 6, "{found}");
    }
}

#[tokio::test]
async fn a_signature_over_other_bytes_is_an_answer_and_no_error() {
    let service = Service::new(Centre::p256());
    let issued = service.issue();
    let sign = json!({"content": base64(b"text"), "pkcs12": key_file(&issued), "password": PASSWORD});
    let cms = service.answer("/cms/sign", sign).await["cms"].clone();
    for (question, why) in [
        (json!({"cms": cms, "content": base64(b"other")}), "the signature is over other bytes"),
        (json!({"cms": cms}), "the signature has none, expected content inside"),
        (json!({"cms": "AAAA"}), "not a CMS SignedData"),
        (json!({"cms": ""}), "not a CMS SignedData"),
    ] {
        let found = service.answer("/cms/verify", question).await;
        assert_eq!((&found["accepted"], &found["signers"]), (&false.into(), &json!([])));
        assert_eq!(found["signature"]["outcome"], "invalid");
        let code = found["signature"]["code"].as_str().unwrap();
        assert!(["signature-invalid", "signature-malformed"].contains(&code), "{code}");
        assert!(found["signature"]["why"].as_str().unwrap().contains(why), "{found}");
    }
}

#[tokio::test]
async fn xml_is_signed_and_verified_as_a_document_and_as_a_message() {
    let service = Service::new(Centre::p256());
    let issued = service.issue();
    let iin = issued.certificate.iin_text().unwrap();
    let document = "<a>өтініш</a>";
    let message = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>";
    for (at, xml) in [("/xml", document), ("/wss", message)] {
        let request = |content: &str| json!({"content": base64(content.as_bytes()), "pkcs12": key_file(&issued), "password": PASSWORD});
        let signed = service.answer(&format!("{at}/sign"), request(xml)).await;
        assert_eq!(signed["certificate"], issued.certificate.pem());
        assert_eq!(signed["signed_at"], "2026-11-20T09:00:00Z");
        let verify = format!("{at}/verify");
        let found = service.answer(&verify, json!({"xml": signed["xml"], "iin": iin})).await;
        assert_eq!((&found["accepted"], &found["signature"]["outcome"]), (&true.into(), &"valid".into()));
        assert_eq!(found["signers"][0]["signing_time"], Value::Null);
        for (xml, code) in
            [(xml, "signature-missing"), ("<!DOCTYPE a><a/>", "xml-refused"), ("<a>", "xml-malformed")]
        {
            let found = service.answer(&verify, json!({"xml": base64(xml.as_bytes())})).await;
            assert_eq!((&found["accepted"], &found["signature"]["code"]), (&false.into(), &code.into()));
        }
        let refused = service.problem(&format!("{at}/sign"), request("<!DOCTYPE a><a/>").to_string()).await;
        assert_eq!(refused.0, Code::XmlRefused);
        let mut wrong = request(xml);
        wrong["password"] = "wrong".into();
        let refused = service.problem(&format!("{at}/sign"), wrong.to_string()).await;
        assert_eq!(refused.0, Code::InvalidValue);
    }
}

#[tokio::test]
async fn a_revoked_signers_signature_fits_and_is_not_accepted() {
    let service = Service::new(Centre::p256());
    let issued = service.issue();
    let sign = json!({"content": base64(b"text"), "pkcs12": key_file(&issued), "password": PASSWORD});
    let cms = service.answer("/cms/sign", sign).await["cms"].clone();
    service.centre.revoke(&issued.certificate, Reason::KeyCompromise);
    let found = service.answer("/cms/verify", json!({"cms": cms, "content": base64(b"text")})).await;
    assert_eq!((&found["accepted"], &found["signature"]["outcome"]), (&false.into(), &"valid".into()));
    let verification: Verification = serde_json::from_value(found).unwrap();
    let failed: Vec<Check> = verification.signers[0].verdict.failed().map(|(check, _)| check).collect();
    assert_eq!(failed, [Check::NotRevoked]);
}

#[tokio::test]
async fn a_stamped_signature_outlives_the_revocation_of_its_certificate() {
    let service = Service::new(Centre::p256());
    let issued = service.issue();
    let sign = json!({
        "content": base64(b"text"), "pkcs12": key_file(&issued), "password": PASSWORD, "timestamp": true,
    });
    let cms = service.answer("/cms/sign", sign).await["cms"].clone();
    let verify = json!({"cms": cms, "content": base64(b"text")});
    let found = service.answer("/cms/verify", verify.clone()).await;
    let stamp = &found["signers"][0]["timestamps"][0];
    assert_eq!((&stamp["outcome"], &stamp["stamped_at"]), (&"valid".into(), &"2026-11-20T09:00:00Z".into()));
    assert_eq!(found["accepted"], true);
    // Revoked a minute before the time stamp, it was too late to sign.
    service.centre.revoke(&issued.certificate, Reason::Superseded);
    assert_eq!(service.answer("/cms/verify", verify.clone()).await["accepted"], false);

    let service = Service::new(Centre::p256());
    service.centre.revoke_at(&issued.certificate, Reason::Superseded, later(1));
    let found = service.answer("/cms/verify", verify.clone()).await;
    assert_eq!(found["accepted"], true, "{found}");
    // An authority that is not trusted proves nothing: then the certificate is judged as of now, too.
    service.centre.revoke(&service.centre.stamper.certificate, Reason::KeyCompromise);
    let found = service.answer("/cms/verify", verify).await;
    assert_eq!(found["accepted"], false);
    let failed = |verdict: &Value| {
        let verdict: Verdict = serde_json::from_value(verdict.clone()).unwrap();
        verdict.failed().map(|(check, _)| check).collect::<Vec<_>>()
    };
    assert_eq!(failed(&found["signers"][0]["timestamps"][0]["authority"]), [Check::NotRevoked]);
    assert_eq!(failed(&found["signers"][0]["verdict"]), [Check::NotRevoked]);
}

#[tokio::test]
async fn a_time_stamp_over_another_signature_is_not_accepted() {
    let service = Service::new(Centre::p256());
    let issued = service.issue();
    let sign = |text: &[u8], timestamp: bool| {
        json!({
            "content": base64(text), "pkcs12": key_file(&issued), "password": PASSWORD, "timestamp": timestamp,
        })
    };
    let read = |cms: &Value| Bytes::from_base64(cms["cms"].as_str().unwrap()).unwrap().0;
    let stamped = read(&service.answer("/cms/sign", sign(b"one", true)).await);
    let token =
        SignedData::from_ber(&stamped).unwrap().verify_detached(b"one").unwrap()[0].timestamps[0].clone();
    let plain = read(&service.answer("/cms/sign", sign(b"other", false)).await);
    let moved = cms::with_timestamp(&plain, &token).unwrap();
    let verify = json!({"cms": base64(&moved), "content": base64(b"other")});
    let found = service.answer("/cms/verify", verify).await;
    assert_eq!((&found["accepted"], &found["signature"]["outcome"]), (&false.into(), &"valid".into()));
    let stamp = &found["signers"][0]["timestamps"][0];
    assert_eq!((&stamp["outcome"], &stamp["code"]), (&"invalid".into(), &"timestamp-invalid".into()));
}

#[tokio::test]
async fn a_certificate_is_judged_in_pem_and_in_base64() {
    let service = Service::new(Centre::p256());
    let certificate = service.issue().certificate;
    for text in [certificate.pem(), base64(certificate.der())] {
        let verdict = service.answer("/x509/verify", json!({"certificate": text})).await;
        assert_eq!(verdict["certificate"]["serial"], certificate.serial_hex());
        assert!(serde_json::from_value::<Verdict>(verdict).unwrap().passed());
    }
    let other = Iin::never_issued(2).to_string();
    let question =
        json!({"certificate": certificate.pem(), "iin": other, "at": later(-1), "role": "first-head"});
    let verdict = service.answer("/x509/verify", question).await;
    let verdict: Verdict = serde_json::from_value(verdict).unwrap();
    let failed: Vec<Check> = verdict.failed().map(|(check, _)| check).collect();
    // The centre did not exist a second before it was made, either.
    assert_eq!(failed, [Check::PathToRoot, Check::ValidityPeriod, Check::IdentityMatches, Check::Role]);
}

#[tokio::test]
async fn the_checks_that_are_asked_for_are_made_in_their_order_and_no_others() {
    let service = Service::new(Centre::p256());
    let certificate = service.issue().certificate;
    let judged = async |more: Value| {
        let mut question =
            json!({"certificate": certificate.pem(), "checks": ["role-allowed", "path-to-trusted-root"]});
        question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let verdict: Verdict =
            serde_json::from_value(service.answer("/x509/verify", question).await).unwrap();
        verdict.findings.iter().map(|finding| (finding.check, finding.outcome.code())).collect::<Vec<_>>()
    };
    let failed = [(Check::Role, "role-not-allowed"), (Check::PathToRoot, "passed")];
    assert_eq!(judged(json!({"roles": ["first-head", "right-to-sign"]})).await, failed);
    let before = json!({"role": "first-head", "at": later(-1), "stamped": true});
    let before_the_centre = [(Check::Role, "role-not-allowed"), (Check::PathToRoot, "issuer-not-valid")];
    assert_eq!(judged(before).await, before_the_centre);
    for alone in [json!({"roles": ["first-head"]}), json!({"stamped": true})] {
        let mut question = json!({"certificate": certificate.pem()});
        question.as_object_mut().unwrap().extend(alone.as_object().unwrap().clone());
        let (code, _) = service.problem("/x509/verify", question.to_string()).await;
        assert_eq!(code, Code::InvalidValue, "{question}");
    }
}

#[tokio::test]
async fn what_could_not_be_checked_is_said_and_not_accepted() {
    let service = Service::new(Centre::p256().without_list());
    let certificate = service.issue().certificate;
    let verdict = service.answer("/x509/verify", json!({"certificate": certificate.pem()})).await;
    let verdict: Verdict = serde_json::from_value(verdict).unwrap();
    assert_eq!(verdict.unknown().map(|(check, _)| check).collect::<Vec<_>>(), [Check::NotRevoked]);
    assert!(!verdict.passed());
}

#[tokio::test]
async fn a_body_that_is_not_the_json_wanted_is_a_problem() {
    let service = Service::new(Centre::p256());
    let pem = service.issue().certificate.pem();
    let sign = |field: &str, value: Value| {
        let mut request = json!({"content": "", "pkcs12": "", "password": ""});
        request[field] = value;
        request.to_string()
    };
    for (address, body) in [
        ("/cms/sign", "{".to_owned()),
        ("/cms/sign", String::new()),
        ("/cms/sign", "[]".to_owned()),
        ("/cms/sign", "{}".to_owned()),
        ("/cms/sign", sign("content", "not base64!".into())),
        ("/cms/sign", sign("attached", "yes".into())),
        ("/cms/sign", sign("passwort", "".into())),
        ("/cms/verify", json!({"cms": "AAAA", "content": 1}).to_string()),
        ("/cms/verify", json!({"cms": "AAAA", "contents": "AAAA"}).to_string()),
        ("/cms/verify", json!({"cms": "AAAA", "role": "king"}).to_string()),
        ("/x509/verify", json!({"certificate": pem, "role": "king"}).to_string()),
        ("/x509/verify", json!({"certificate": pem, "inn": "900101700002"}).to_string()),
        ("/x509/verify", json!({"certificate": pem, "at": "yesterday"}).to_string()),
        ("/x509/verify", "[".repeat(100_000)),
    ] {
        let (code, detail) = service.problem(address, body.clone()).await;
        assert_eq!(code, Code::MalformedJson, "{address} {body}");
        assert!(!detail.is_empty());
    }
    let (code, _) = service.problem("/cms/verify", vec![0xff, 0xfe]).await;
    assert_eq!(code, Code::MalformedJson);
}

#[tokio::test]
async fn another_content_type_method_address_or_size_is_a_problem() {
    let service = Service::new(Centre::p256());
    for content_type in
        [None, Some("text/plain"), Some("application/jsonp"), Some("application/x-www-form-urlencoded")]
    {
        let mut request = Request::post("/cms/verify");
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let (code, _) = problem_in(service.send(request.body(Body::from("{}")).unwrap()).await);
        assert_eq!(code, Code::WrongContentType, "{content_type:?}");
    }
    let get = Request::builder().method(Method::GET).uri("/cms/sign").body(Body::empty()).unwrap();
    assert_eq!(problem_in(service.send(get).await).0, Code::MethodNotAllowed);
    assert_eq!(service.problem("/cms/forge", "{}").await.0, Code::NotFound);
    let large = vec![b' '; crate::http::LARGEST_BODY + 1];
    assert_eq!(service.problem("/cms/sign", large).await.0, Code::BodyTooLarge);
}

#[tokio::test]
async fn a_key_file_that_cannot_be_used_is_a_problem() {
    let service = Service::new(Centre::p256());
    let file = key_file(&service.issue());
    let cut = &file[..file.len() / 8 * 4];
    let empty = base64(&der::row(SEQUENCE, &[]));
    for (file, password, why) in [
        (file.as_str(), "Qwerty13", "the password is wrong or the file is damaged"),
        (&file, "", "the password is wrong or the file is damaged"),
        (cut, PASSWORD, "not a PKCS#12 file"),
        ("AAAA", PASSWORD, "not a PKCS#12 file"),
        ("", PASSWORD, "not a PKCS#12 file"),
        (&empty, PASSWORD, "not a PKCS#12 file"),
    ] {
        let request = json!({"content": "AAAA", "pkcs12": file, "password": password});
        let (code, detail) = service.problem("/cms/sign", request.to_string()).await;
        assert_eq!(code, Code::InvalidValue, "{detail}");
        assert!(detail.contains(why), "{detail}");
        assert!(!detail.contains(PASSWORD));
    }
}

#[tokio::test]
async fn a_value_that_makes_no_sense_is_a_problem() {
    let service = Service::new(Centre::p256());
    let pem = service.issue().certificate.pem();
    let iin = Iin::never_issued(1).to_string();
    for (question, code) in [
        (json!({"certificate": pem, "iin": "12"}), Code::InvalidValue),
        (json!({"certificate": pem, "bin": "not a number"}), Code::InvalidValue),
        (json!({"certificate": pem, "iin": iin, "bin": iin}), Code::InvalidValue),
        (json!({"certificate": "not base64!"}), Code::CertificateMalformed),
        (json!({"certificate": ""}), Code::CertificateMalformed),
        (json!({"certificate": "AAAA"}), Code::CertificateMalformed),
        (json!({"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n"}), Code::CertificateMalformed),
    ] {
        let (status, media_type, body) = service.post("/x509/verify", question.to_string()).await;
        assert_eq!(body["system"], "signer");
        assert_eq!(problem_in((status, media_type, body)).0, code, "{question}");
    }
    let key = service.issue();
    let sign = json!({"content": "AAAA", "pkcs12": key_file(&key), "password": PASSWORD});
    let cms = service.answer("/cms/sign", sign).await["cms"].clone();
    let question = json!({"cms": cms, "content": "AAAA", "iin": "12"});
    assert_eq!(service.problem("/cms/verify", question.to_string()).await.0, Code::InvalidValue);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_in_the_place_of_a_file_or_signature_are_an_error_of_ours(bytes: Vec<u8>, flip in 0..2000_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let service = Service::new(Centre::p256());
        let mut damaged = Bytes::from_base64(&key_file(&service.issue())).unwrap().0;
        let index = flip % damaged.len();
        damaged[index] ^= 0x41;
        runtime.block_on(async {
            for file in [&bytes, &damaged] {
                let sign = json!({"content": "", "pkcs12": base64(file), "password": PASSWORD}).to_string();
                let (status, ..) = service.post("/cms/sign", sign).await;
                prop_assert!(!status.is_server_error());
            }
            let verify = json!({"cms": base64(&bytes), "content": base64(&bytes)}).to_string();
            prop_assert_eq!(service.post("/cms/verify", verify).await.0, StatusCode::OK);
            let (status, ..) = service.post("/x509/verify", json!({"certificate": base64(&bytes)}).to_string()).await;
            prop_assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            Ok(())
        })?;
    }
}
