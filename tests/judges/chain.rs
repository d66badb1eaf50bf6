//! OpenSSL on certificates and revocation lists.

use certs::{Flaw, Reason};

use crate::fixtures::CENTRES;
use crate::tool::tool;

const VERIFY: &str = "verify -x509_strict -CAfile {} -untrusted {} {}";

#[test]
fn openssl_verifies_the_chain_of_what_we_issue() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let folder = centre.folder();
        let (root, issuing) = (folder.path("root.pem"), folder.path("issuing.pem"));
        let leaf = folder.write("leaf.pem", centre.head(&[]).certificate.pem());
        openssl.run(VERIFY, &[&root, &issuing, &leaf]).accepts(&["leaf.pem: OK"]);
        let responder = folder.write("responder.pem", centre.authority.ocsp_responder().pem());
        openssl
            .run("verify -purpose ocsphelper -CAfile {} -untrusted {} {}", &[&root, &issuing, &responder])
            .accepts(&["responder.pem: OK"]);
    }
}

#[test]
fn openssl_names_the_flaws_as_we_do() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let folder = centre.folder();
        let (root, issuing) = (folder.path("root.pem"), folder.path("issuing.pem"));
        let says = |flaw: Flaw, words: &[&str]| {
            let leaf = folder.write(flaw.name(), centre.head(&[flaw]).certificate.pem());
            openssl.run(VERIFY, &[&root, &issuing, &leaf]).refuses(words);
        };
        says(Flaw::Expired, &["certificate has expired"]);
        says(Flaw::NotYetValid, &["certificate is not yet valid"]);
        says(Flaw::UnknownIssuer, &["unable to get local issuer certificate"]);
        says(Flaw::BadSignature, &["certificate signature failure"]);
    }
}

#[test]
fn openssl_shows_the_national_profile() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let folder = centre.folder();
        let leaf = folder.write("leaf.pem", centre.head(&[]).certificate.pem());
        let said = openssl.run("x509 -in {} -noout -text -nameopt utf8,sep_comma_plus", &[&leaf]);
        said.accepts(&[
            "CN=ӘБДІҒАЛИ ҰЛЖАН",
            "O=№ 1 МЕКТЕП TEST",
            "Digital Signature, Non Repudiation",
            "E-mail Protection, 1.2.398.3.3.4.1.2, 1.2.398.3.3.4.1.2.1",
            "Policy: 1.2.398.3.3.2.1",
            "CPS: http://127.0.0.1:8710/ca/cps",
            "OCSP - URI:http://127.0.0.1:8710/ca/ocsp",
        ]);
    }
}

#[test]
fn openssl_reads_the_revocation_list_and_obeys_it() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let folder = centre.folder();
        let (root, issuing) = (folder.path("root.pem"), folder.path("issuing.pem"));
        let [good, revoked, held] = [(); 3].map(|()| centre.head(&[]));
        let entries =
            [centre.revoked(&revoked, Reason::KeyCompromise), centre.revoked(&held, Reason::CertificateHold)];
        let crl = centre.authority.crl(&entries, 12, centre.now).expect("a list");
        let root_crl = centre.authority.root_crl(&[], 3, centre.now).expect("a list");
        let crl = folder.write("centre.crl", crl);
        let root_crl = folder.write("root.crl", root_crl);
        let text = openssl.run("crl -inform DER -in {} -noout -text -CAfile {}", &[&crl, &issuing]);
        text.accepts(&["verify OK", "X509v3 CRL Number", "12", "Key Compromise", "Certificate Hold"]);
        for (der, pem) in [(&crl, "centre.crl.pem"), (&root_crl, "root.crl.pem")] {
            openssl.run("crl -inform DER -in {} -out {}", &[der, &folder.path(pem)]).accepts(&[]);
        }
        let both = [folder.read("centre.crl.pem"), folder.read("root.crl.pem")].concat();
        let both = folder.write("both.crl.pem", both);
        let check = |name: &str, pem: String| {
            let leaf = folder.write(name, pem);
            let arguments = "verify -crl_check_all -CAfile {} -untrusted {} -CRLfile {} {}";
            openssl.run(arguments, &[&root, &issuing, &both, &leaf])
        };
        check("good.pem", good.certificate.pem()).accepts(&["good.pem: OK"]);
        check("revoked.pem", revoked.certificate.pem()).refuses(&["certificate revoked"]);
        check("held.pem", held.certificate.pem()).refuses(&["certificate revoked"]);
    }
}
