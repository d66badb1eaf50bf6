//! SOAP that is not what it seems to be: a fault with a stable code each time, and nothing taken.

use std::fmt::Write as _;

use signer::soap::Fault;
use signer::{Envelope, System};
use tests::{Citizen, Town, application, envelope, sync_message};

/// The portal's message, signed, and a stolen one around which attacks are made.
async fn message(town: &Town) -> (Envelope, String) {
    let mut citizen = Citizen::arrives(town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let portal = town.identity(System::Portal);
    let message = envelope(&portal, &application(&citizen));
    let text = sync_message(&message, &portal);
    (message, text)
}

/// The code of the fault that a body comes to.
async fn code(town: &Town, body: impl Into<Vec<u8>>) -> String {
    let answer = town.send("POST", "/gateway/sync", "text/xml", body).await;
    assert_eq!((answer.status, answer.media_type.as_str()), (500, "text/xml; charset=utf-8"));
    let fault = Fault::read(&answer.body).unwrap().expect("a fault");
    let (reason, _) = fault.reason.clone().expect("a reason");
    assert_eq!(fault.problem().code.code(), reason);
    reason
}

/// The parts of a signed message: what stands before the Body, the Body, its content.
fn parts(text: &str) -> (String, String, String) {
    let (head, rest) = text.split_once("<soap:Body").unwrap();
    let body = format!("<soap:Body{}", rest.split_once("</soap:Envelope>").unwrap().0);
    let content = body.split_once('>').unwrap().1.strip_suffix("</soap:Body>").unwrap().to_owned();
    (head.to_owned(), body, content)
}

#[tokio::test]
async fn what_is_no_xml_or_is_dangerous_is_refused() {
    let town = Town::up().await;
    let mut deep = String::new();
    (0..10_000).for_each(|_| deep.push_str("<a>"));
    let mut laughs = "<!DOCTYPE l [<!ENTITY a0 \"ha\">".to_owned();
    for level in 1..10 {
        let _ = write!(
            laughs,
            "<!ENTITY a{level} \"&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};\">",
            level - 1
        );
    }
    laughs.push_str("]><l>&a9;</l>");
    for (name, body, expected) in [
        ("nothing", String::new(), "xml-malformed"),
        ("no XML", "hello".to_owned(), "xml-malformed"),
        (
            "cut off",
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">".to_owned(),
            "xml-malformed",
        ),
        ("a DTD", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>".to_owned(), "xml-refused"),
        ("a billion laughs", laughs, "xml-refused"),
        ("too deep", deep, "xml-refused"),
        ("no message", "<a/>".to_owned(), "envelope-malformed"),
    ] {
        assert_eq!(code(&town, body).await, expected, "{name}");
    }
    assert_eq!(code(&town, vec![0xff, 0xfe, 0x00]).await, "xml-refused", "another encoding");
}

#[tokio::test]
async fn other_types_and_actions_are_refused() {
    let town = Town::up().await;
    let (_, text) = message(&town).await;
    for media_type in
        ["", "application/json", "text/plain", "multipart/related; type=\"application/xop+xml\""]
    {
        let answer = town.send("POST", "/gateway/sync", media_type, text.clone()).await;
        let fault = Fault::read(&answer.body).unwrap().unwrap();
        assert_eq!(fault.problem().code.code(), "wrong-content-type", "{media_type}");
    }
    for (action, expected) in [("\"GetMessage\"", Some("wrong-soap-action")), ("\"SendMessage\"", None)] {
        let url = format!("{}/gateway/sync", town.client.base());
        let request =
            town.client.http().post(url).header("content-type", "text/xml").header("SOAPAction", action);
        let body = request.body(text.clone()).send().await.unwrap().bytes().await.unwrap();
        let fault = Fault::read(&body).unwrap().map(|fault| fault.problem().code.code());
        assert_eq!(fault, expected, "{action}");
    }
    let large = vec![b' '; 100 << 20];
    let url = format!("{}/gateway/sync", town.client.base());
    let request = town.client.http().post(url).header("content-type", "text/xml").body(large);
    // The connection is closed in the middle of it, or the answer comes first.
    if let Ok(answer) = request.send().await {
        assert_eq!(answer.status(), 500);
        let fault = Fault::read(&answer.bytes().await.unwrap()).unwrap().unwrap();
        assert_eq!(fault.problem().code.code(), "body-too-large");
    }
    assert!(town.get("/control/health").await.is_ok());
}

/// Signature wrapping: the signed Body is kept where nobody looks, and another one stands in its place. Eight places to
/// keep it in, after the attacks' usual numbers.
#[tokio::test]
async fn a_wrapped_signature_is_refused_wherever_the_signed_body_is_kept() {
    let town = Town::up().await;
    let (envelope, text) = message(&town).await;
    let (head, signed, content) = parts(&text);
    let evil = content
        .replace(&envelope.data["case"].to_string().replace('"', ""), &uuid::Uuid::new_v4().to_string());
    let forged = format!("<soap:Body>{evil}</soap:Body>");
    let id = signed.split("wsu:Id=\"").nth(1).unwrap().split('"').next().unwrap();
    let same = format!(
        "<soap:Body xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\" \
         wsu:Id=\"{id}\">{evil}</soap:Body>"
    );
    let end = "</soap:Envelope>";
    let in_header = head.replace("</soap:Header>", &format!("<w>{signed}</w></soap:Header>"));
    let in_security = head.replace("</wsse:Security>", &format!("{signed}</wsse:Security>"));
    let in_object =
        head.replace("</ds:Signature>", &format!("<ds:Object>{signed}</ds:Object></ds:Signature>"));
    let in_body = forged.replace("</soap:Body>", &format!("<w>{signed}</w></soap:Body>"));
    for (number, attack) in [
        format!("{in_header}{forged}{end}"),
        format!("{in_security}{forged}{end}"),
        format!("{in_object}{forged}{end}"),
        format!("{head}{in_body}{end}"),
        format!("{head}{forged}{signed}{end}"),
        format!("{head}{signed}{forged}{end}"),
        format!("{in_header}{same}{end}"),
        format!("{head}{}{end}", same.replace("</soap:Body>", &format!("{signed}</soap:Body>"))),
    ]
    .into_iter()
    .enumerate()
    {
        let code = code(&town, attack).await;
        let refused = ["signature-wrapped", "envelope-malformed"];
        assert!(refused.contains(&code.as_str()), "XSW {}: {code}", number + 1);
    }
    // Untouched, it is taken.
    assert!(town.send_sync(System::Gateway, text).await.is_ok());
}

#[tokio::test]
async fn what_was_changed_or_is_not_signed_is_refused() {
    let town = Town::up().await;
    let (envelope, text) = message(&town).await;
    let (_, signed, content) = parts(&text);
    let soap = "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"";
    let case = envelope.data["case"].as_str().unwrap();
    let security = text.split("<soap:Header>").nth(1).unwrap().split("</soap:Header>").next().unwrap();
    for (name, body, expected) in [
        (
            "unsigned",
            format!("<soap:Envelope {soap}><soap:Body>{content}</soap:Body></soap:Envelope>"),
            "signature-missing",
        ),
        ("changed", text.replace(case, &uuid::Uuid::new_v4().to_string()), "signature-invalid"),
        (
            "two Bodies",
            text.replace("</soap:Envelope>", &format!("{signed}</soap:Envelope>")),
            "envelope-malformed",
        ),
        (
            "two Security headers",
            text.replace("</soap:Header>", &format!("{security}</soap:Header>")),
            "signature-wrapped",
        ),
        (
            "another namespace",
            text.replace("SyncChannel/v10/Types", "SyncChannel/v11/Types"),
            "signature-invalid",
        ),
    ] {
        assert_eq!(code(&town, body).await, expected, "{name}");
    }
    let portal = town.identity(System::Portal);
    for (name, body, expected) in [
        ("nothing inside", String::new(), "envelope-malformed"),
        ("two operations", format!("{content}{content}"), "envelope-malformed"),
        (
            "an unknown namespace",
            content.replace("SyncChannel/v10/Types", "SyncChannel/v11/Types"),
            "envelope-malformed",
        ),
        ("no id", content.replace("messageId", "messageNumber"), "envelope-malformed"),
        (
            "two ids",
            content.replace("<serviceId>", "<messageId>1</messageId><serviceId>"),
            "envelope-malformed",
        ),
        ("no UUID", content.replace(&envelope.message_id.to_string(), "first"), "envelope-malformed"),
        ("no moment", content.replace("<messageDate>2", "<messageDate>yesterday 2"), "envelope-malformed"),
    ] {
        let unsigned = format!("<soap:Envelope {soap}><soap:Body>{body}</soap:Body></soap:Envelope>");
        let signed = signer::xml::wss::sign(unsigned.as_bytes(), &portal.key, &portal.certificate).unwrap();
        assert_eq!(code(&town, signed).await, expected, "{name}");
    }
}

#[tokio::test]
async fn a_sender_that_stops_is_not_waited_for() {
    use std::io::{Read as _, Write as _};
    let town = Town::up().await;
    let address = town.client.base().trim_start_matches("http://").to_owned();
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        let head = format!(
            "POST /gateway/sync HTTP/1.1\r\nhost: {address}\r\ncontent-type: text/xml\r\ncontent-length: 999\r\n\r\n<soap"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = vec![0; 65_536];
        let read = stream.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..read]).into_owned()
    });
    assert!(answer.await.unwrap().contains("body-too-slow"));
}
