use crate::Code;
use crate::xml::c14n::{self, Method};
use crate::xml::parse::parse;

fn document(xml: &str, method: &Method) -> String {
    String::from_utf8(c14n::document(&parse(xml.as_bytes()).unwrap(), method).unwrap()).unwrap()
}

fn inclusive(xml: &str) -> String {
    document(xml, &Method::INCLUSIVE)
}

/// The element of a local name on its own.
fn element(xml: &str, name: &str, method: &Method) -> String {
    let tree = parse(xml.as_bytes()).unwrap();
    let found = tree.elements().find(|element| element.local_name() == name).unwrap();
    String::from_utf8(c14n::element(found, method).unwrap()).unwrap()
}

fn listing(prefixes: &[&str]) -> Method {
    Method { prefixes: prefixes.iter().map(|&prefix| prefix.to_owned()).collect(), ..Method::EXCLUSIVE }
}

#[test]
fn what_stands_around_the_root_gets_lines_of_its_own() {
    let xml = "<?xml version=\"1.0\"?>\n\n<?first  one \n two?><!-- a -->\n<r\n/>\n\n<?last ?><!-- b -->\n";
    assert_eq!(inclusive(xml), "<?first one \n two?>\n<r></r>\n<?last?>");
    let comments = Method { comments: true, ..Method::INCLUSIVE };
    assert_eq!(document(xml, &comments), "<?first one \n two?>\n<!-- a -->\n<r></r>\n<?last?>\n<!-- b -->");
    assert_eq!(inclusive("<r><!-- a --><?p?></r>"), "<r><?p?></r>");
}

#[test]
fn white_space_inside_elements_stays() {
    let xml = "<r>\n  <a> b\tc </a>\n\n</r>";
    assert_eq!(inclusive(xml), xml);
    assert_eq!(inclusive("<r>\r\n \r</r>"), "<r>\n \n</r>");
}

#[test]
fn tags_have_one_form() {
    assert_eq!(
        inclusive("<r  b = 'x'\n a=\"y\" ><e   /><f></f ></r >"),
        "<r a=\"y\" b=\"x\"><e></e><f></f></r>"
    );
}

#[test]
fn attributes_are_in_the_order_of_their_namespaces_and_declarations_come_first() {
    assert_eq!(
        inclusive("<r z:b='1' a:c='2' d='3' B='4' xmlns:z='urn:1' xmlns:a='urn:2' xmlns='urn:3' a:B='5'/>"),
        "<r xmlns=\"urn:3\" xmlns:a=\"urn:2\" xmlns:z=\"urn:1\" B=\"4\" d=\"3\" z:b=\"1\" a:B=\"5\" a:c=\"2\"></r>"
    );
}

#[test]
fn declarations_that_say_nothing_new_are_left_out() {
    assert_eq!(
        inclusive(
            "<r xmlns='urn:d' xmlns:a='urn:a'><s xmlns='urn:d' xmlns:a='urn:a'><t xmlns='' xmlns:a='urn:b'>\
             <u xmlns='' xmlns:a='urn:a'/></t></s><t xmlns='urn:d'/></r>"
        ),
        "<r xmlns=\"urn:d\" xmlns:a=\"urn:a\"><s><t xmlns=\"\" xmlns:a=\"urn:b\"><u xmlns:a=\"urn:a\"></u></t></s><t></t></r>"
    );
    assert_eq!(inclusive("<r xmlns=''><s xmlns=''/></r>"), "<r><s></s></r>");
    let xml = "<r xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:space='preserve'/>";
    assert_eq!(inclusive(xml), "<r xml:space=\"preserve\"></r>");
}

#[test]
fn characters_have_one_form() {
    assert_eq!(
        inclusive(
            "<r a='&#9;&#xA;&#xd;\t\n\r\n&lt;&amp;>&quot;&apos;'>&gt;>&lt;&amp;\"'&#13;&#x49a;<![CDATA[<a>&amp;]]></r>"
        ),
        "<r a=\"&#x9;&#xA;&#xD;   &lt;&amp;>&quot;'\">&gt;&gt;&lt;&amp;\"'&#xD;Қ&lt;a&gt;&amp;amp;</r>"
    );
}

#[test]
fn an_inclusive_part_brings_the_namespaces_and_xml_attributes_around_it() {
    let xml = "<r xmlns='urn:d' xmlns:a='urn:a' xmlns:b='urn:b' xml:lang='kk' xml:space='default' c='1'>\
               <s xmlns:b='urn:c' xml:lang='ru'><t xml:space='preserve' b:d='2'/></s></r>";
    assert_eq!(
        element(xml, "t", &Method::INCLUSIVE),
        "<t xmlns=\"urn:d\" xmlns:a=\"urn:a\" xmlns:b=\"urn:c\" xml:lang=\"ru\" xml:space=\"preserve\" b:d=\"2\"></t>"
    );
    assert_eq!(element("<r xmlns='urn:d'><s xmlns=''><t/></s></r>", "t", &Method::INCLUSIVE), "<t></t>");
}

#[test]
fn an_exclusive_part_brings_only_what_it_uses() {
    let xml = "<a:r xmlns='urn:d' xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c' xml:lang='kk'><a:s c:x='1'>\
               <t><a:u b:y='2'/></t><b:v/><b:v xmlns:b='urn:b2'><w xmlns=''><x xmlns='urn:d'/></w></b:v></a:s></a:r>";
    assert_eq!(
        element(xml, "s", &Method::EXCLUSIVE),
        "<a:s xmlns:a=\"urn:a\" xmlns:c=\"urn:c\" c:x=\"1\"><t xmlns=\"urn:d\"><a:u xmlns:b=\"urn:b\" b:y=\"2\"></a:u></t>\
         <b:v xmlns:b=\"urn:b\"></b:v><b:v xmlns:b=\"urn:b2\"><w><x xmlns=\"urn:d\"></x></w></b:v></a:s>"
    );
    assert_eq!(element(xml, "t", &Method::EXCLUSIVE), element(xml, "t", &listing(&["unheard"])));
    assert_eq!(
        element(xml, "t", &listing(&["c", ""])),
        "<t xmlns=\"urn:d\" xmlns:c=\"urn:c\"><a:u xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" b:y=\"2\"></a:u></t>"
    );
    // Listed, the default is declared where it stands, not where it is used.
    assert_eq!(
        element(xml, "s", &listing(&[""])),
        "<a:s xmlns=\"urn:d\" xmlns:a=\"urn:a\" xmlns:c=\"urn:c\" c:x=\"1\"><t><a:u xmlns:b=\"urn:b\" b:y=\"2\"></a:u></t>\
         <b:v xmlns:b=\"urn:b\"></b:v><b:v xmlns:b=\"urn:b2\"><w xmlns=\"\"><x xmlns=\"urn:d\"></x></w></b:v></a:s>"
    );
}

#[test]
fn relative_namespaces_are_refused() {
    for (xml, refused) in
        [("<a xmlns='b'/>", true), ("<a xmlns:p='../b:c'/>", true), ("<a xmlns:p='b:c'/>", false)]
    {
        let result = c14n::document(&parse(xml.as_bytes()).unwrap(), &Method::INCLUSIVE);
        assert_eq!(result.err().map(|error| error.code()), refused.then_some(Code::XmlRefused), "{xml}");
    }
}

#[test]
fn canonical_forms_stay_canonical() {
    for xml in [super::DOCUMENT, super::MESSAGE] {
        let once = inclusive(xml);
        assert_eq!(inclusive(&once), once);
        let once = document(xml, &Method::EXCLUSIVE);
        assert_eq!(document(&once, &Method::EXCLUSIVE), once);
    }
}
