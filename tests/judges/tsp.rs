//! OpenSSL asking our time-stamping authority, judging its stamps, and stamping for us.

use std::ffi::OsString;

use certs::tsp::{TimestampRequest, granted};
use certs::{Issued, Order, Profile, Reason, Subject};
use signer::cms::{self, Mode, SignedData, with_timestamp};
use signer::tsp::{Question, stamp, verify};

use crate::fixtures::{CENTRES, Centre};
use crate::tool::tool;

/// The time-stamping authority of a centre.
fn authority(centre: &Centre) -> Issued {
    let (common_name, organisation) = ("TIME-STAMPING AUTHORITY".to_owned(), "QAQPA judges".to_owned());
    let subject = Subject::Service { common_name, organisation };
    let order = Order::new(subject, Profile::TimestampAuthority, centre.authority.algorithm());
    centre.authority.issue(&order, centre.now).expect("a certificate")
}

fn answer(centre: &Centre, question: &[u8]) -> Vec<u8> {
    let authority = authority(centre);
    let request = TimestampRequest::from_der(question).expect("a question");
    request.imprint.check().expect("a good digest");
    let key = authority.key.as_ref().expect("a new key");
    granted(&stamp(&request, key, &authority.certificate, centre.now).expect("a stamp"))
}

#[test]
fn openssl_asks_and_believes_our_stamps() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let folder = centre.folder();
        let (data, other) = (folder.write("data", "Өтініш № 1"), folder.write("other", "Өтініш № 2"));
        let (question, reply) = (folder.path("question.tsq"), folder.path("reply.tsr"));
        let (root, issuing) = (folder.path("root.pem"), folder.path("issuing.pem"));
        for digest in ["sha256", "sha384", "sha512"] {
            let ask = format!("ts -query -data {{}} -{digest} -cert -out {{}}");
            openssl.run(&ask, &[&data, &question]).accepts(&[]);
            folder.write("reply.tsr", answer(centre, &folder.read("question.tsq")));
            openssl.run("ts -reply -in {} -text", &[&reply]).accepts(&[
                "Status: Granted.",
                "TIME-STAMPING AUTHORITY",
                digest,
            ]);
            let judge = "ts -verify -queryfile {} -in {} -CAfile {} -untrusted {}";
            openssl.run(judge, &[&question, &reply, &root, &issuing]).accepts(&["Verification: OK"]);
            let judge = "ts -verify -data {} -in {} -CAfile {} -untrusted {}";
            openssl.run(judge, &[&data, &reply, &root, &issuing]).accepts(&["Verification: OK"]);
            openssl
                .run(judge, &[&other, &reply, &root, &issuing])
                .refuses(&["Verification: FAILED", "message imprint mismatch"]);
        }
    }
}

#[test]
fn openssl_reads_our_questions_and_we_believe_its_stamps() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let (folder, authority) = (centre.folder(), authority(centre));
        let question = Question::about(centre.authority.algorithm(), b"text");
        let asked = folder.write("question.tsq", question.to_der());
        openssl
            .run("ts -query -in {} -text", &[&asked])
            .accepts(&["Hash Algorithm: sha256", "Certificate required: yes"]);
        let key = authority.key.as_ref().expect("a new key").to_pkcs8_pem();
        let files: Vec<OsString> = vec![
            asked,
            folder.write("tsa.pem", authority.certificate.pem()),
            folder.write("tsa.key", key.as_bytes()),
            folder.path("reply.tsr"),
        ];
        let serial = folder.write("serial", "01");
        let settings = format!(
            "[tsa]\ndefault_tsa = one\n[one]\nserial = {}\ndefault_policy = 1.2.398.3.3.2.6\n\
             signer_digest = sha256\ndigests = sha256\nordering = yes\naccuracy = secs:1, millisecs:500\n\
             clock_precision_digits = 3\ness_cert_id_alg = sha256\n",
            serial.display()
        );
        let settings = folder.write("tsa.cnf", settings);
        let [asked, certificate, key, reply] = files.as_slice() else { unreachable!() };
        openssl
            .run(
                "ts -reply -config {} -queryfile {} -signer {} -inkey {} -out {}",
                &[&settings, asked, certificate, key, reply],
            )
            .accepts(&[]);
        let token = question.answered(&folder.read("reply.tsr")).expect("a stamp");
        let stamp = verify(&token, b"text").expect("a good stamp");
        assert_eq!(stamp.authority, authority.certificate);
        assert!(verify(&token, b"texts").is_err());
    }
}

#[test]
fn openssl_still_accepts_a_signature_with_our_stamp_in_it() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let (folder, issued) = (centre.folder(), centre.head(&[]));
        let key = issued.key.as_ref().expect("a new key");
        let signed =
            cms::sign(b"text", Mode::Detached, key, &issued.certificate, centre.now).expect("signed");
        let value = SignedData::from_ber(&signed).expect("ours").sole_signature().expect("one").to_vec();
        let question = Question::about(key.algorithm(), &value);
        let token = question.answered(&answer(centre, &question.to_der())).expect("a stamp");
        let stamped = folder.write("stamped.cms", with_timestamp(&signed, &token).expect("stamped"));
        openssl
            .run("cms -cmsout -print -noout -inform DER -in {}", &[&stamped])
            .accepts(&["id-smime-aa-timeStampToken"]);
        let (data, out) = (folder.write("data", "text"), folder.path("out"));
        let trusted = [centre.authority.root().pem(), centre.authority.issuing().pem()].concat();
        let trusted = folder.write("trusted.pem", trusted);
        let judge = "cms -verify -binary -inform DER -in {} -content {} -CAfile {} -out {}";
        openssl.run(judge, &[&stamped, &data, &trusted, &out]).accepts(&["CMS Verification successful"]);
    }
}

#[test]
fn openssl_adds_our_delta_lists() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let (folder, issued) = (centre.folder(), centre.head(&[]));
        let leaf = folder.write("leaf.pem", issued.certificate.pem());
        openssl.run("x509 -in {} -noout -text", &[&leaf]).accepts(&["X509v3 Freshest CRL", "-delta.crl"]);
        let judged = |changed: &[certs::RevokedEntry]| {
            let whole = centre.authority.crl(&[], 12, centre.now).expect("a list");
            let delta = centre.authority.delta_crl(changed, 13, 12, centre.now).expect("a delta list");
            let mut lists = Vec::new();
            for (name, list) in [("whole", whole), ("delta", delta)] {
                let (der, pem) = (folder.write(name, list), folder.path("list.pem"));
                openssl.run("crl -inform DER -in {} -out {}", &[&der, &pem]).accepts(&[]);
                lists.extend(folder.read("list.pem"));
            }
            let lists = folder.write("lists.pem", lists);
            let (root, issuing) = (folder.path("root.pem"), folder.path("issuing.pem"));
            let judge = "verify -crl_check -extended_crl -use_deltas -CRLfile {} -CAfile {} -untrusted {} {}";
            openssl.run(judge, &[&lists, &root, &issuing, &leaf])
        };
        judged(&[]).accepts(&["leaf.pem: OK"]);
        judged(&[centre.revoked(&issued, Reason::Superseded)]).refuses(&["certificate revoked"]);
    }
}
