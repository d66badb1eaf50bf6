//! A made-up act in a file of its own: only known words, and no code.

use tests::qaqpa;

/// Somebody asks a school for a copy of an order; the clerk writes it, the head signs, it comes by the regional gateway.
const MADE_UP: &str = r#"
id        = "made-up-7-order-copies"
time-zone = "Asia/Almaty"

[region]
kk = "Ойдан шығарылған облыс"
ru = "Выдуманная область"
en = "A made-up oblast"

[title]
kk = "Бұйрықтың көшірмесін беру"
ru = "Выдача копии приказа"
en = "Issuing a copy of an order"

[act]
text   = "made-up.txt"
issued = { number = "7", on = 2026-01-05 }

[[form.field]]
name = "who"
type = "iin"
declares-identity = true
label = { kk = "ЖСН", ru = "ИИН", en = "IIN" }

[channel.portal]
paragraph = "1"
title = { kk = "портал", ru = "портал", en = "portal" }
lanes = ["recipient", "portal", "regional-gateway", "provider-clerk", "provider-head", "school"]

[[channel.portal.clock]]
name  = "whole"
title = { kk = "барлығы", ru = "всего", en = "in all" }
from  = "1.4"
to    = "1.4"
limit = "2 working days"
at    = "1.4"

[[channel.portal.step]]
at    = "1.1"
kind  = "action"
actor = "recipient"
with  = "portal"
does  = ["register"]
when  = { all = ["not-registered-on-portal"] }
then  = "1.2"
what  = { kk = "тіркелу", ru = "регистрация", en = "registration" }
text  = "made up"

[[channel.portal.step]]
at    = "1.2"
kind  = "action"
actor = "recipient"
with  = "portal"
does  = ["sign-in", "fill-form", "choose-certificate", "sign"]
signed-by = "recipient"
then  = "1.3"
what  = { kk = "сұрау салу", ru = "запрос", en = "the request" }
text  = "made up"

[[channel.portal.step]]
at     = "1.3"
kind   = "condition"
actor  = "portal"
checks = ["identity-matches", "certificate-not-revoked"]
yes    = "1.3b"
no     = "1.3c"
what   = { kk = "куәлік", ru = "сертификат", en = "the certificate" }
text   = "made up"

[[channel.portal.step]]
at    = "1.3b"
kind  = "process"
actor = "portal"
does  = ["send"]
sends = { message = "application", to = "school", through = ["regional-gateway"] }
then  = "1.4"
what  = { kk = "жолдау", ru = "направление", en = "sent" }
text  = "made up"

[[channel.portal.step]]
at    = "1.3c"
kind  = "process"
actor = "portal"
does  = ["refuse", "deliver"]
ends  = "refusal"
what  = { kk = "бас тарту", ru = "отказ", en = "refused" }
text  = "made up"
[channel.portal.step.refusal]
code    = "made-up-refusal"
message = { kk = "Жоқ.", ru = "Нет.", en = "No." }

[[channel.portal.step]]
at       = "1.4"
kind     = "process"
actor    = "provider-clerk"
with     = "school"
receives = { message = "application" }
does     = ["accept", "record", "draft", "issue"]
within   = "1 working day"
then     = "1.5"
what     = { kk = "көшірме", ru = "копия", en = "the copy" }
text     = "made up"
[[channel.portal.step.documents]]
document = "order-copy"
title    = { kk = "Бұйрықтың көшірмесі", ru = "Копия приказа", en = "Copy of the order" }

[[channel.portal.step]]
at    = "1.5"
kind  = "process"
actor = "provider-head"
with  = "school"
does  = ["examine", "sign", "send"]
signed-by = "provider-head"
sends = { message = "outcome", to = "portal", through = ["regional-gateway"], carries = "result" }
then  = "1.6"
what  = { kk = "басшының қолы", ru = "подпись руководителя", en = "signed by the head" }
text  = "made up"

[[channel.portal.step]]
at       = "1.6"
kind     = "process"
actor    = "portal"
receives = { message = "outcome", carries = "result" }
does     = ["deliver"]
ends     = "result"
what     = { kk = "нәтиже", ru = "результат", en = "the result" }
text     = "made up"

[[statement]]
at    = "2"
topic = "price"
text  = "made up"
what  = { kk = "тегін", ru = "бесплатно", en = "free of charge" }
"#;

#[test]
fn a_seventh_regulation_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let acts = folder.path().join("acts");
    std::fs::create_dir(&acts).unwrap();
    std::fs::write(acts.join("made-up-7-order-copies.toml"), MADE_UP).unwrap();
    let checked = qaqpa(folder.path(), &["regulations", "check", "acts/made-up-7-order-copies.toml"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let played = qaqpa(folder.path(), &["play", "--all", "--regulations", "acts", "--json"]);
    assert_eq!(played.code, 0, "{}", played.err);
    let played = played.json();
    let mut names: Vec<&str> = Vec::new();
    for path in played.as_array().unwrap() {
        assert_eq!(path["as_documented"], true, "{path}");
        names.push(path["path"].as_str().unwrap());
    }
    let wanted =
        ["order-copy", "already-registered", "identity-mismatch", "certificate-revoked", "every-check-fails"];
    assert_eq!(names, wanted);
    let usual = &played[0];
    let crossed: Vec<String> = usual["crossings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|crossed| format!("{} → {}", crossed["from"].as_str().unwrap(), crossed["to"].as_str().unwrap()))
        .collect();
    let way = ["portal → regional-gateway", "regional-gateway → school"];
    let back = ["school → regional-gateway", "regional-gateway → portal"];
    assert_eq!(crossed, [way, back].concat());
}
