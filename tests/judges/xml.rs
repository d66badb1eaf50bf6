//! xmlsec1 on XML signatures.

use std::ffi::OsString;

use certs::{Certificate, Issued};
use signer::xml::{self, XmlError, wss};

use crate::fixtures::{CENTRES, Centre, Folder};
use crate::tool::{Said, Tool, tool};

/// Documents in which canonical forms differ most from what was written.
pub(crate) const DOCUMENTS: &[&str] = &[
    "<a/>",
    "\u{FEFF}<?xml version='1.0'?>\r\n<a>\r\n  өтініш \r\n</a>\r\n",
    "<?xml version=\"1.0\" encoding=\"utf-8\" standalone='no' ?><!--1--><?p  q ?>\n<a><!--2--><?x?></a><!--3--><?y z?>",
    "<a xmlns='urn:d' xmlns:b='urn:b' xmlns:unused='urn:u'><b:c xmlns='' b:z='1' y=\"2\" a:x='' \
     xmlns:a='urn:a'><d xmlns=''/><d xmlns='urn:d'/></b:c><b:c xmlns:b='urn:other'><b:d xmlns:b='urn:b'/></b:c></a>",
    "<p:a xmlns:p='urn:p' xml:space='preserve' xml:lang='kk'><p:b xml:lang=''> <p:c/> </p:b></p:a>",
    "<a t='&#9;&#10;&#13;&lt;&gt;&amp;&quot;&apos;\"' n='a\n\tb\r\nc' q=\"'&#x49A;\"><![CDATA[<&]]]]><![CDATA[>]]>&#13;\
     \r\n&gt; ]] &lt;&quot;</a>",
    "<Ә xmlns:ұ='urn:k' ұ:ғ='ң' b='ә' B='Ә' ю='1'><ұ:a.b-c_1/></Ә>",
    "<a xmlns:x='urn:same' xmlns:y='urn:same' y:a='1' x:b='2' a='3'><y:b/><x:b/></a>",
];

pub(crate) const MESSAGE: &str = "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/' \
     xmlns:unused='urn:u'>\n<soap:Header/><soap:Body ><m:Send xmlns:m='urn:m' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' \
     xsi:type='m:T'><to xmlns=''>мектеп &#13;</to></m:Send><!-- c --></soap:Body>\n</soap:Envelope>";

/// Somebody with a signing certificate, in a folder with `leaf.pem` and `key.pem`.
struct Desk<'a> {
    centre: &'a Centre,
    folder: Folder,
    issued: Issued,
}

impl<'a> Desk<'a> {
    fn new(centre: &'a Centre) -> Self {
        let (folder, issued) = (centre.folder(), centre.head(&[]));
        folder.write("leaf.pem", issued.certificate.pem());
        let key = issued.key.as_ref().expect("a new key");
        folder.write("key.pem", key.to_pkcs8_pem().as_bytes());
        Self { centre, folder, issued }
    }

    fn sign(&self, document: &str) -> String {
        let key = self.issued.key.as_ref().expect("a new key");
        xml::sign(document.as_bytes(), key, &self.issued.certificate).expect("a signature")
    }

    fn sign_message(&self) -> String {
        let key = self.issued.key.as_ref().expect("a new key");
        wss::sign(MESSAGE.as_bytes(), key, &self.issued.certificate).expect("a signature")
    }

    /// xmlsec1 on a document, building the path from the certificate inside.
    fn judged(&self, xmlsec: &Tool, document: &str, more: &str) -> Said {
        self.folder.write("ours.xml", document);
        let path = |name| self.folder.path(name);
        let arguments = format!("--verify --trusted-pem {{}} --untrusted-pem {{}} {more} {{}}");
        xmlsec.run(&arguments, &[&path("root.pem"), &path("issuing.pem"), &path("ours.xml")])
    }

    /// xmlsec1 on a message, told which certificate signed and what an id is.
    fn judged_message(&self, xmlsec: &Tool, message: &str) -> Said {
        self.folder.write("ours.xml", message);
        let path = |name| self.folder.path(name);
        let arguments = format!("--verify --pubkey-cert-pem {{}} {ID} {{}}");
        xmlsec.run(&arguments, &[&path("leaf.pem"), &path("ours.xml")])
    }

    /// What xmlsec1 makes of a template.
    fn theirs(&self, xmlsec: &Tool, template: &str, more: &str) -> Vec<u8> {
        let template = self.folder.write("template.xml", template);
        let mut key = self.folder.path("key.pem");
        key.push(",");
        key.push(self.folder.path("leaf.pem"));
        let out = self.folder.path("theirs.xml");
        let files: [&OsString; 3] = [&key, &out, &template];
        let arguments = format!("--sign --privkey-pem {{}} {more} --output {{}} {{}}");
        xmlsec.run(&arguments, &files.map(OsString::as_os_str)).accepts(&[]);
        self.folder.read("theirs.xml")
    }

    fn algorithm(&self) -> &'static str {
        if self.centre.authority.algorithm() == certs::Algorithm::Rsa { "rsa" } else { "ecdsa" }
    }
}

const ID: &str = "--id-attr:Id http://schemas.xmlsoap.org/soap/envelope/:Body";

/// A signed text with digest and value taken out, for xmlsec1 to fill in.
fn template(signed: &str) -> String {
    let mut out = signed.to_owned();
    for name in ["DigestValue", "SignatureValue"] {
        let (begin, end) = (format!("<ds:{name}>"), format!("</ds:{name}>"));
        let from = out.find(&begin).expect("a signature") + begin.len();
        let to = out.find(&end).expect("a signature");
        out.replace_range(from..to, "");
    }
    out
}

#[test]
fn xmlsec1_verifies_our_documents() {
    let Some(xmlsec) = tool("xmlsec1") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        for document in DOCUMENTS {
            let ours = desk.sign(document);
            desk.judged(&xmlsec, &ours, "").accepts(&["OK"]);
            let altered = ours.replacen("</ds:Signature>", "</ds:Signature> ", 1);
            desk.judged(&xmlsec, &altered, "").refuses(&[]);
        }
    }
}

#[test]
fn xmlsec1_verifies_two_of_our_signatures_one_by_one() {
    let Some(xmlsec) = tool("xmlsec1") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        for document in DOCUMENTS {
            let once = desk.sign(document);
            let twice = desk.sign(&once);
            let second = "--node-xpath /*/*[local-name()='Signature'][2]";
            desk.judged(&xmlsec, &twice, second).accepts(&["OK"]);
            // The first one, after the second was taken out.
            desk.judged(&xmlsec, &once, "").accepts(&["OK"]);
            assert_eq!(xml::verify(twice.as_bytes(), &[]).expect("two signatures").signers().len(), 2);
        }
    }
}

#[test]
fn xmlsec1_refuses_our_document_under_another_root() {
    let Some(xmlsec) = tool("xmlsec1") else { return };
    let [one, other] = &CENTRES[..] else { panic!("two centres") };
    let desk = Desk::new(one);
    desk.folder.write("root.pem", other.authority.root().pem());
    desk.judged(&xmlsec, &desk.sign("<a/>"), "").refuses(&[]);
}

#[test]
fn xmlsec1_verifies_our_messages() {
    let Some(xmlsec) = tool("xmlsec1") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        let ours = desk.sign_message();
        desk.judged_message(&xmlsec, &ours).accepts(&["OK"]);
        desk.judged_message(&xmlsec, &ours.replace("мектеп", "балабақша")).refuses(&[]);
    }
}

#[test]
fn we_verify_documents_that_xmlsec1_signs() {
    let Some(xmlsec) = tool("xmlsec1") else { return };
    let c14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    let comments = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let exclusive_comments = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        for document in DOCUMENTS {
            let ours = template(&desk.sign(document));
            let info = format!("CanonicalizationMethod Algorithm=\"{c14n}\"");
            for (method, transform) in [
                (c14n, comments),
                (comments, c14n),
                (exclusive, exclusive_comments),
                (exclusive_comments, exclusive),
                (exclusive, c14n),
                (c14n, exclusive),
            ] {
                let template = ours
                    .replace(
                        &format!("Transform Algorithm=\"{comments}\""),
                        &format!("Transform Algorithm=\"{transform}\""),
                    )
                    .replace(&info, &format!("CanonicalizationMethod Algorithm=\"{method}\""));
                let theirs = desk.theirs(&xmlsec, &template, "");
                verified(&theirs, &desk.issued.certificate);
            }
            let list = format!(
                "Transform Algorithm=\"{exclusive}\"><e:InclusiveNamespaces xmlns:e=\"{exclusive}\" \
                 PrefixList=\"b unused #default xsi\"/><"
            );
            let listed = ours.replace(&format!("Transform Algorithm=\"{comments}\"><"), &list);
            assert!(listed.contains("PrefixList"));
            verified(&desk.theirs(&xmlsec, &listed, ""), &desk.issued.certificate);
        }
    }
}

/// Verifies what xmlsec1 wrote, and that a changed one does not.
#[track_caller]
fn verified(theirs: &[u8], certificate: &Certificate) {
    let shown = String::from_utf8_lossy(theirs);
    let found = xml::verify(theirs, &[]).expect(&shown);
    assert_eq!(found.signers()[0].certificate, *certificate);
    let altered = shown.replacen("<ds:Signature ", "!<ds:Signature ", 1);
    assert_eq!(xml::verify(altered.as_bytes(), &[]).err(), Some(XmlError::Digest));
}

#[test]
fn we_verify_every_digest_of_the_family_where_the_key_allows() {
    let Some(xmlsec) = tool("xmlsec1") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        let (ours, kind) = (template(&desk.sign("<a/>")), desk.algorithm());
        for (digest, bits, known) in [
            ("http://www.w3.org/2001/04/xmlenc#sha256", "256", true),
            ("http://www.w3.org/2001/04/xmldsig-more#sha384", "384", true),
            // A known divergence: ring has no ECDSA on P-256 with SHA-512.
            ("http://www.w3.org/2001/04/xmlenc#sha512", "512", kind == "rsa"),
        ] {
            let template = ours
                .replace("http://www.w3.org/2001/04/xmlenc#sha256", digest)
                .replace(&format!("{kind}-sha256"), &format!("{kind}-sha{bits}"));
            let found = xml::verify(&desk.theirs(&xmlsec, &template, ""), &[]);
            assert_eq!(found.is_ok(), known, "{kind} {bits}: {found:?}");
        }
        let broken =
            ours.replace("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1");
        let found = xml::verify(&desk.theirs(&xmlsec, &broken, ""), &[]).unwrap_err();
        assert_eq!(found, XmlError::Algorithm("http://www.w3.org/2000/09/xmldsig#sha1".to_owned()));
    }
}

#[test]
fn we_verify_messages_that_xmlsec1_signs() {
    let Some(xmlsec) = tool("xmlsec1") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        let ours = template(&desk.sign_message());
        let plain = ours.replace("wsu:Id=", "Id=");
        let inclusive = ours.replace(
            "Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"",
            "Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"",
        );
        let (from, to) = (ours.find("<wsse:SecurityTokenReference>"), ours.find("</ds:KeyInfo>"));
        let mut data = ours.clone();
        data.replace_range(from.expect("ours")..to.expect("ours"), "<ds:X509Data/>");
        for template in [ours, plain, inclusive, data] {
            let theirs = desk.theirs(&xmlsec, &template, ID);
            let shown = String::from_utf8_lossy(&theirs);
            let found = wss::verify(&theirs, &[]).expect(&shown);
            assert_eq!(found.signer().certificate, desk.issued.certificate);
            assert!(found.body().child("Send").is_some());
        }
    }
}
