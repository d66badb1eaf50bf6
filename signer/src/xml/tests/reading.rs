use proptest::prelude::*;

use crate::Code;
use crate::xml::parse::parse;
use crate::xml::tree::{Element, Kind, Tree};
use crate::xml::{XmlError, verify, wss};

#[test]
fn what_is_well_formed_is_read() {
    for xml in [
        "<a/>",
        "<?xml version='1.0'?><a/>",
        "<?xml version = \"1.0\"\tencoding='UTF-8' standalone=\"yes\" ?>\n<a/>\n",
        "<?xml-stylesheet href='x'?><a/>",
        "<a b=\"'\" c='\"' d='>' e=''/>",
        "<a\n\tb = '1'\r\n></a\n>",
        "<_:a xmlns:_='urn:a'/>",
        "<Ә.1-·\u{301}/>",
        "<a>]]</a>",
        "<a>]]&gt;</a>",
        "<a><!-- - -> <b> & --></a>",
        "<a><![CDATA[]]]]><![CDATA[>&<]]></a>",
        "<a><?p?><?p  ?><?p ? >?></a>",
        "<a xmlns='urn:a'><b xmlns=''/></a>",
        "<a xmlns:b='urn:a' b:c='1' c='2'/>",
        "<a xml:id='x' xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<a>&#x10FFFF;&#9;&#0010;\u{10FFFF}</a>",
    ] {
        parse(xml.as_bytes()).unwrap_or_else(|error| panic!("{error}: {xml}"));
    }
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_place() {
    for xml in [
        "",
        " ",
        "a",
        "<",
        "<a",
        "<a>",
        "</a>",
        "<a></b>",
        "<a></a",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a/>&amp;",
        "<a b/>",
        "<a b=/>",
        "<a b=1/>",
        "<a b='1'c='2'/>",
        "<a b='1' b='2'/>",
        "<a b='<'/>",
        "<a b='1/>",
        "< a/>",
        "<a/ >",
        "<1a/>",
        "<-a/>",
        "<a:/>",
        "<:a/>",
        "<a:b:c xmlns:a='urn:a'/>",
        "<a b:c='1'/>",
        "<b:a/>",
        "<a xmlns:b=''/>",
        "<a xmlns:xml='urn:x'/>",
        "<a xmlns:xmlns='urn:x'/>",
        "<xmlns:a/>",
        "<a xmlns:b='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:b='urn:a' xmlns:c='urn:a' b:d='1' c:d='2'/>",
        "<a xmlns='urn:a' xmlns='urn:a'/>",
        "<a>&</a>",
        "<a>&;</a>",
        "<a>&amp</a>",
        "<a>& amp;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#+1;</a>",
        "<a>&#99999999999;</a>",
        "<a>&#xFFFE;</a>",
        "<a>\u{1}</a>",
        "<a>\u{FFFF}</a>",
        "<a b='\u{0}'/>",
        "<a>]]></a>",
        "<a><![CDATA[</a>",
        "<![CDATA[a]]>",
        "<a><!-- -- --></a>",
        "<a><!-- --->",
        "<a><!--></a>",
        "<a><?xml version='1.0'?></a>",
        "<a><?XML?></a>",
        "<a><??></a>",
        "<a><?p</a>",
        "<a><?p:q?></a>",
        "<a><!x></a>",
        " <?xml version='1.0'?><a/>",
        "<?xml?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml version='1.0' standalone='maybe'?><a/>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>",
        "<?xml version='1.0' x='y'?><a/>",
        "<?xml version='1.0'encoding='UTF-8'?><a/>",
        "<?xml version='1.0' version='1.0'?><a/>",
    ] {
        // An unknown reference might be an entity's, which is not taken anyway.
        let error = parse(xml.as_bytes()).err().unwrap_or_else(|| panic!("{xml}"));
        assert!(matches!(error.code(), Code::XmlMalformed | Code::XmlRefused), "{xml}: {error}");
    }
    let place = |xml: &str| parse(xml.as_bytes()).unwrap_err();
    assert_eq!(
        place("<a>\n  <b></c></a>"),
        XmlError::Malformed { what: "an end tag of another element", line: 2, column: 10 }
    );
    assert_eq!(
        place("<a>\u{1}</a>"),
        XmlError::Malformed { what: "a character that XML does not have", line: 1, column: 4 }
    );
}

#[test]
fn text_is_in_one_piece_whatever_divides_it() {
    let tree = parse("<a>x<!-- y -->z<![CDATA[<]]>&#33;<b>no</b>\r\n</a>".as_bytes()).unwrap();
    assert_eq!(tree.root().text(), "xz<!\n");
    assert_eq!(tree.root().child("b").unwrap().text(), "no");
    assert!(tree.root().child("c").is_none());
}

/// Pieces from which nearly right XML comes together.
const PIECES: &[&str] = &[
    "<a>",
    "</a>",
    "<a/>",
    "<p:a xmlns:p='urn:p'>",
    "</p:a>",
    "<a xmlns='urn:d'>",
    "<b xmlns='' c='1' d=\"2\">",
    "</b>",
    "<p:b p:c='1'/>",
    "text",
    " ",
    "\r\n",
    "&amp;",
    "&#13;",
    "&#x49A;",
    "&x;",
    "&",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "-",
    "<?p",
    " q",
    "?>",
    "<?xml version='1.0'?>",
    "<!DOCTYPE a>",
    "Ә",
    "<",
    ">",
    "'",
    "\"",
    "=",
    " e='",
    "\t",
    "<a\n",
    "/>",
    " xmlns:p='urn:q'",
    " p:c='&#9;\n'",
    " c='2'",
    "]]",
    "<a xml:lang='kk'>",
    "\u{1}",
];

fn nearly_xml() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}

/// The same elements, attributes and texts as another parser's, which has no code in common with ours.
fn is_same(ours: &Tree, theirs: &roxmltree::Document<'_>) -> bool {
    fn text_of(node: roxmltree::Node<'_, '_>) -> String {
        node.children().filter(roxmltree::Node::is_text).filter_map(|text| text.text()).collect()
    }
    let elements: Vec<_> = ours.elements().collect();
    let others: Vec<_> = theirs.descendants().filter(roxmltree::Node::is_element).collect();
    elements.len() == others.len()
        && elements.iter().zip(&others).all(|(our, their)| {
            our.is_named(their.tag_name().namespace(), their.tag_name().name())
                && our.text() == text_of(*their)
                && our.attributes().count() == their.attributes().len()
                && their.attributes().all(|attribute| {
                    our.attribute(attribute.namespace(), attribute.name()) == Some(attribute.value())
                })
        })
}

/// What the other parser lets pass, against the standard.
const STRICTER: &[&str] = &[
    // XML 1.0, production 16
    "an instruction's target is not followed by white space",
];

impl Element<'_> {
    fn is_named(self, namespace: Option<&str>, name: &str) -> bool {
        self.local_name() == name && self.namespace().unwrap_or_default() == namespace.unwrap_or_default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn another_parser_reads_the_same(inside in nearly_xml(), before in nearly_xml()) {
        for xml in [format!("<r xmlns:p='urn:r'>{inside}</r>"), format!("<a>{inside}</a>"), format!("{before}{inside}")] {
            // It takes document types where it is told to, and knows no limits.
            let (ours, theirs) = (parse(xml.as_bytes()), roxmltree::Document::parse(&xml));
            match (&ours, &theirs) {
                (Ok(ours), Ok(theirs)) => prop_assert!(is_same(ours, theirs), "{}", xml),
                (Err(_), Err(_)) => {}
                (Err(error), Ok(_)) => {
                    let known = STRICTER.iter().any(|rule| error.to_string().contains(rule));
                    prop_assert!(known, "only ours refuses: {} {}", error, xml);
                }
                (Ok(_), Err(error)) => prop_assert!(false, "only ours reads: {} {}", error, xml),
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, text: String, xml in nearly_xml()) {
        for bytes in [&bytes[..], text.as_bytes(), xml.as_bytes()] {
            prop_assert!(verify(bytes, &[]).is_err());
            prop_assert!(wss::verify(bytes, &[]).is_err());
        }
    }

    #[test]
    fn nodes_taken_out_are_gone_and_the_others_stay(pick in 1..30_usize) {
        let mut tree = parse(b"<a>1<b>2<c/>3</b><!-- 4 --><d/>5<e><f/></e></a>").unwrap();
        let before: Vec<_> = tree.elements().map(Element::local_name).collect::<Vec<_>>().join("").chars().collect();
        let pick = super::super::tree::Id(u32::try_from(2 + pick % (tree.nodes.len() - 2)).unwrap());
        let below = tree.element(pick).map(|element| {
            let mut names = vec![element.local_name().to_owned()];
            names.extend(element.children().map(|child| child.local_name().to_owned()));
            names.concat()
        });
        tree.detach(pick);
        let after: String = tree.elements().map(Element::local_name).collect();
        let expected: String =
            before.into_iter().filter(|name| !below.as_deref().unwrap_or_default().contains(*name)).collect();
        prop_assert_eq!(after, expected);
        tree.detach_comments();
        prop_assert!(!tree.nodes.iter().any(|node| matches!(node.kind, Kind::Comment(_))));
    }
}
