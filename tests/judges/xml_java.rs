//! Java's own XML signatures (JSR 105) on what we emit. Its compiler has to be there: the judge is a source file.

use std::ffi::{OsStr, OsString};

use signer::xml::{self, wss};

use crate::fixtures::{CENTRES, Centre, Folder};
use crate::tool::{Tool, tool};
use crate::xml::{DOCUMENTS, MESSAGE};

pub(crate) fn java() -> Option<Tool> {
    tool("javac").and_then(|_| tool("java"))
}

/// What Java says of each file, in their order.
pub(crate) fn said(java: &Tool, form: &str, paths: &[OsString]) -> Vec<String> {
    let script = OsString::from(concat!(env!("CARGO_MANIFEST_DIR"), "/foreign/Judge.java"));
    let all: Vec<&OsStr> =
        std::iter::once(script.as_os_str()).chain(paths.iter().map(OsString::as_os_str)).collect();
    let said = java.run(&format!("{{}} {form} {}", "{} ".repeat(paths.len())), &all);
    said.accepts(&[]);
    let lines = said.text.lines().filter_map(|line| line.split_once(' '));
    let verdicts: Vec<String> = lines.map(|(_, verdict)| verdict.to_owned()).collect();
    assert_eq!(verdicts.len(), paths.len(), "{}", said.text);
    verdicts
}

/// Good ones and, at odd places, the same with another content.
fn judged(java: &Tool, form: &str, texts: &[(String, String)]) {
    let folder = Folder::new();
    let both = texts.iter().enumerate().flat_map(|(number, (good, altered))| {
        [(format!("{number}-good.xml"), good.clone()), (format!("{number}-altered.xml"), altered.clone())]
    });
    let files: Vec<_> = both.collect();
    let paths: Vec<OsString> = files.iter().map(|(name, xml)| folder.write(name, xml)).collect();
    for ((name, xml), verdict) in files.iter().zip(said(java, form, &paths)) {
        let expected = if name.ends_with("-good.xml") { "good" } else { "bad" };
        assert_eq!(verdict, expected, "{name}: {xml}");
    }
}

fn each(mut signed: impl FnMut(&Centre) -> Vec<(String, String)>) -> Vec<(String, String)> {
    CENTRES.iter().flat_map(&mut signed).collect()
}

#[test]
fn java_verifies_our_documents() {
    let Some(java) = java() else { return };
    let texts = each(|centre| {
        let issued = centre.head(&[]);
        let key = issued.key.as_ref().expect("a new key");
        let sign = |document: &&str| {
            let signed = xml::sign(document.as_bytes(), key, &issued.certificate).expect("a signature");
            let altered = signed.replacen("</ds:Signature>", "</ds:Signature> ", 1);
            (signed, altered)
        };
        DOCUMENTS.iter().map(sign).collect()
    });
    judged(&java, "document", &texts);
}

#[test]
fn java_verifies_our_messages() {
    let Some(java) = java() else { return };
    let texts = each(|centre| {
        let issued = centre.head(&[]);
        let key = issued.key.as_ref().expect("a new key");
        let signed = wss::sign(MESSAGE.as_bytes(), key, &issued.certificate).expect("a signature");
        let altered = signed.replace("мектеп", "балабақша");
        vec![(signed, altered)]
    });
    judged(&java, "message", &texts);
}
