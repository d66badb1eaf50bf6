//! OpenSSL on signatures.

use std::ffi::OsString;

use certs::{Algorithm, Issued, Reason};
use signer::cms::{self, CmsError, Mode, SignedData, Signer};

use crate::fixtures::{CENTRES, Centre, Folder};
use crate::tool::{Said, Tool, tool};

/// Line ends and letters that a mail program would change.
const TEXT: &[u8] = "өтініш\r\nбала\n\0".as_bytes();

/// Somebody with a signing certificate, in a folder with `leaf.pem`, `key.pem` and `text`.
struct Desk<'a> {
    centre: &'a Centre,
    folder: Folder,
    issued: Issued,
}

impl<'a> Desk<'a> {
    fn new(centre: &'a Centre) -> Self {
        let (folder, issued) = (centre.folder(), centre.head(&[]));
        put(&folder, "", &issued);
        folder.write("text", TEXT);
        let desk = Self { centre, folder, issued };
        desk.trusts(centre, &[]);
        desk
    }

    /// OpenSSL builds paths from what is in the message and in this file, which may hold lists as well.
    fn trusts(&self, root: &Centre, list: &[u8]) {
        let authorities = [root.authority.root().pem(), self.centre.authority.issuing().pem()];
        self.folder.write("trusted.pem", [authorities.concat().as_bytes(), list].concat());
    }

    fn sign(&self, mode: Mode) -> Vec<u8> {
        let key = self.issued.key.as_ref().expect("a new key");
        cms::sign(TEXT, mode, key, &self.issued.certificate, self.centre.now).expect("a signature")
    }

    /// OpenSSL on the file `ours`, with its content in `content` if it is detached; what it takes for the content
    /// goes into `out`.
    fn judged(&self, openssl: &Tool, arguments: &str, content: Option<&str>) -> Said {
        let path = |name| self.folder.path(name);
        let detached = if content.is_some() { "-content {}" } else { "" };
        let arguments =
            format!("cms -verify -binary -inform DER -in {{}} {detached} {arguments} -CAfile {{}} -out {{}}");
        let mut files = vec![path("ours")];
        files.extend(content.map(path));
        files.extend([path("trusted.pem"), path("out")]);
        let files: Vec<_> = files.iter().map(OsString::as_os_str).collect();
        openssl.run(&arguments, &files)
    }

    /// What OpenSSL signs with these arguments.
    fn theirs(&self, openssl: &Tool, arguments: &str) -> Vec<u8> {
        let path = |name| self.folder.path(name);
        let arguments =
            format!("cms -sign -binary -outform DER {arguments} -signer {{}} -inkey {{}} -in {{}} -out {{}}");
        let files = [path("leaf.pem"), path("key.pem"), path("text"), path("theirs")];
        openssl.run(&arguments, &files.each_ref().map(OsString::as_os_str)).accepts(&[]);
        self.folder.read("theirs")
    }
}

/// Writes certificate and key of somebody, with a word before the names of the files.
fn put(folder: &Folder, before: &str, issued: &Issued) {
    folder.write(&format!("{before}leaf.pem"), issued.certificate.pem());
    let key = issued.key.as_ref().expect("a new key").to_pkcs8_pem();
    folder.write(&format!("{before}key.pem"), key.as_bytes());
}

fn detached(theirs: &[u8], content: &[u8]) -> Result<Vec<Signer>, CmsError> {
    SignedData::from_ber(theirs)?.verify_detached(content)
}

#[test]
fn openssl_accepts_our_signatures_and_refuses_altered_content() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        desk.folder.write("altered", [TEXT, b" "].concat());
        desk.folder.write("ours", desk.sign(Mode::Detached));
        // By default OpenSSL wants a certificate for e-mail, which the national profile is.
        desk.judged(&openssl, "", Some("text")).accepts(&["CMS Verification successful"]);
        assert_eq!(desk.folder.read("out"), TEXT);
        desk.judged(&openssl, "", Some("altered"))
            .refuses(&["CMS Verification failure", "content verify error"]);

        let attached = desk.sign(Mode::Attached);
        desk.folder.write("ours", &attached);
        desk.judged(&openssl, "", None).accepts(&["CMS Verification successful"]);
        assert_eq!(desk.folder.read("out"), TEXT);
        let mut altered = attached;
        let at = altered.windows(TEXT.len()).position(|part| part == TEXT).expect("the content");
        altered[at] ^= 1;
        desk.folder.write("ours", altered);
        desk.judged(&openssl, "", None).refuses(&["CMS Verification failure", "content verify error"]);
    }
}

#[test]
fn openssl_refuses_our_signature_under_another_root() {
    let Some(openssl) = tool("openssl") else { return };
    let [one, other] = &CENTRES[..] else { panic!("two centres") };
    let desk = Desk::new(one);
    desk.folder.write("ours", desk.sign(Mode::Detached));
    desk.trusts(other, &[]);
    let said = desk.judged(&openssl, "", Some("text"));
    said.refuses(&["CMS Verification failure", "unable to get issuer certificate"]);
}

#[test]
fn openssl_checks_the_signing_certificate_attribute_of_ours() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        desk.folder.write("ours", desk.sign(Mode::Detached));
        desk.judged(&openssl, "-cades", Some("text")).accepts(&["CAdES Verification successful"]);
        let ours = desk.folder.path("ours");
        let said = openssl.run("cms -cmsout -print -noout -inform DER -in {}", &[&ours]);
        said.accepts(&["signingTime", "id-smime-aa-signingCertificateV2", "eContent: <ABSENT>"]);
    }
}

#[test]
fn openssl_finds_a_revoked_signer_revoked() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        desk.folder.write("ours", desk.sign(Mode::Detached));
        let trusting = |entries: &[_]| {
            let list = centre.authority.crl(entries, 12, centre.now).expect("a list");
            let der = desk.folder.write("list.der", list);
            openssl
                .run("crl -inform DER -in {} -out {}", &[&der, &desk.folder.path("list.pem")])
                .accepts(&[]);
            desk.trusts(centre, &desk.folder.read("list.pem"));
            desk.judged(&openssl, "-crl_check", Some("text"))
        };
        trusting(&[]).accepts(&["CMS Verification successful"]);
        for reason in [Reason::KeyCompromise, Reason::CertificateHold] {
            let said = trusting(&[centre.revoked(&desk.issued, reason)]);
            said.refuses(&["CMS Verification failure", "certificate revoked"]);
        }
    }
}

#[test]
fn we_verify_what_openssl_signs_beside_the_content() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        for arguments in ["", "-noattr", "-keyid", "-keyid -noattr", "-md sha384", "-cades", "-nosmimecap"] {
            let theirs = desk.theirs(&openssl, arguments);
            let signers = detached(&theirs, TEXT).expect(arguments);
            assert_eq!(signers.len(), 1);
            assert_eq!(signers[0].certificate, desk.issued.certificate, "{arguments}");
            assert_eq!(signers[0].signing_time.is_some(), !arguments.contains("-noattr"), "{arguments}");
            let altered = detached(&theirs, b"other").unwrap_err();
            assert!(altered.is_invalid(), "{arguments}: {altered}");
        }
    }
}

#[test]
fn we_verify_what_openssl_signs_around_the_content() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        // More than fits in one piece of a stream.
        let long = TEXT.repeat(20_000);
        for content in [TEXT, &long] {
            desk.folder.write("text", content);
            for arguments in
                ["-nodetach", "-nodetach -stream", "-nodetach -indef", "-nodetach -stream -noattr -keyid"]
            {
                let theirs = desk.theirs(&openssl, arguments);
                let indefinite = theirs.starts_with(&[0x30, 0x80]);
                assert_eq!(indefinite, arguments.contains("-stream") || arguments.contains("-indef"));
                let signed = SignedData::from_ber(&theirs).expect(arguments);
                let (found, signers) = signed.verify_attached().expect(arguments);
                assert!(found == content, "{arguments}");
                assert_eq!(signers[0].certificate, desk.issued.certificate);
            }
        }
    }
}

#[test]
fn we_verify_every_digest_of_the_family_where_the_key_allows() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        for digest in ["sha256", "sha384", "sha512"] {
            let found = detached(&desk.theirs(&openssl, &format!("-md {digest}")), TEXT);
            if centre.authority.algorithm() == Algorithm::P256 && digest == "sha512" {
                // A known divergence: ring has no ECDSA on P-256 with SHA-512.
                assert_eq!(found.unwrap_err(), CmsError::Algorithm("1.2.840.10045.4.3.4".to_owned()));
            } else {
                assert!(found.is_ok(), "{digest}: {found:?}");
            }
        }
        let broken = detached(&desk.theirs(&openssl, "-md sha1"), TEXT).unwrap_err();
        assert_eq!(broken, CmsError::Algorithm(certs::oid::SHA1.to_string()));
    }
}

#[test]
fn we_verify_each_of_several_signers() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let desk = Desk::new(centre);
        let second = centre.head(&[]);
        put(&desk.folder, "second-", &second);
        let path = |name| desk.folder.path(name);
        let files = ["leaf.pem", "key.pem", "second-leaf.pem", "second-key.pem", "text", "theirs"].map(path);
        let arguments =
            "cms -sign -binary -outform DER -signer {} -inkey {} -signer {} -inkey {} -in {} -out {}";
        openssl.run(arguments, &files.each_ref().map(OsString::as_os_str)).accepts(&[]);
        let signers = detached(&desk.folder.read("theirs"), TEXT).expect("two signatures");
        let mut found: Vec<_> = signers.iter().map(|signer| signer.certificate.serial_hex()).collect();
        let mut expected = vec![desk.issued.certificate.serial_hex(), second.certificate.serial_hex()];
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        // Added to ours later, by OpenSSL.
        desk.folder.write("ours", desk.sign(Mode::Attached));
        let files = ["ours", "second-leaf.pem", "second-key.pem", "theirs"].map(path);
        let arguments =
            "cms -resign -binary -nodetach -inform DER -outform DER -in {} -signer {} -inkey {} -out {}";
        openssl.run(arguments, &files.each_ref().map(OsString::as_os_str)).accepts(&[]);
        let signed = SignedData::from_ber(&desk.folder.read("theirs")).expect("signatures");
        assert_eq!(signed.verify_attached().expect("two signatures").1.len(), 2);
    }
}

#[test]
fn a_signature_of_openssl_without_its_certificate_is_refused() {
    let Some(openssl) = tool("openssl") else { return };
    let Some(centre) = CENTRES.first() else { return };
    let theirs = Desk::new(centre).theirs(&openssl, "-nocerts");
    assert_eq!(detached(&theirs, TEXT).unwrap_err(), CmsError::NoCertificate);
}
