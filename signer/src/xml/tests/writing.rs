use proptest::prelude::*;

use crate::Code;
use crate::xml::{Writer, escape_attribute, escape_text, read};

#[test]
fn elements_are_ended_and_texts_escaped() {
    let mut xml = Writer::new();
    xml.start("a", &[("b", "<\"&'>\n")]).leaf("c", "]]> & \r").start("d", &[]).raw("<e/>");
    assert_eq!(
        xml.finish().unwrap(),
        "<a b=\"&lt;&quot;&amp;'>&#xA;\"><c>]]&gt; &amp; &#xD;</c><d><e/></d></a>"
    );
}

#[test]
fn what_no_notation_can_carry_is_refused() {
    for text in ["\0", "\u{1}", "\u{1F}", "\u{FFFE}", "\u{FFFF}"] {
        assert_eq!(escape_text(text).unwrap_err().code(), Code::XmlRefused);
        assert_eq!(escape_attribute(text).unwrap_err().code(), Code::XmlRefused);
        let mut xml = Writer::new();
        xml.leaf("a", "good").leaf("a", text).leaf("a", "good");
        assert_eq!(xml.finish().unwrap_err().code(), Code::XmlRefused);
    }
}

#[test]
fn an_element_on_its_own_can_be_put_elsewhere() {
    let tree =
        read("<r xmlns='urn:r' xmlns:p='urn:p'><p:a b='1'><!-- c --><d>қ</d></p:a></r>".as_bytes()).unwrap();
    let inside = tree.root().child("a").unwrap();
    let attributes: Vec<_> = inside.attributes().collect();
    assert_eq!(attributes, [(None, "b", "1")]);
    let xml = inside.to_xml().unwrap();
    assert_eq!(xml, "<p:a xmlns:p=\"urn:p\" b=\"1\"><d xmlns=\"urn:r\">қ</d></p:a>");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(text: String, value: String) {
        let mut xml = Writer::new();
        xml.start("a", &[("b", &value)]).text(&text);
        if let Ok(xml) = xml.finish() {
            let tree = read(xml.as_bytes()).unwrap();
            prop_assert_eq!(tree.root().text(), text);
            prop_assert_eq!(tree.root().attribute(None, "b"), Some(value.as_str()));
        }
    }
}
