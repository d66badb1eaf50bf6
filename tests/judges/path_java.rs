//! Java's own certification paths (PKIX) on what our centre issues: by its lists and by its OCSP answers.

use std::ffi::OsString;

use certs::ocsp::{CertId, CertIdHash, request};
use certs::{CertStatus, Flaw, Issued, Reason};

use crate::fixtures::{CENTRES, Centre, Folder};
use crate::xml_java::{java, said};

/// The centre's certificates with both lists, where these entries stand.
fn folder(centre: &Centre, revoked: &[(&Issued, Reason)]) -> Folder {
    let folder = centre.folder();
    let entries: Vec<_> = revoked.iter().map(|(issued, reason)| centre.revoked(issued, *reason)).collect();
    folder.write("centre.crl", centre.authority.crl(&entries, 12, centre.now).expect("a list"));
    folder.write("root.crl", centre.authority.root_crl(&[], 3, centre.now).expect("a list"));
    folder
}

/// Writes a certificate and what the responder says of it.
fn leaf(centre: &Centre, folder: &Folder, name: &str, issued: &Issued, status: CertStatus) -> OsString {
    // Java asks with SHA-1, and reads nothing else.
    let id = CertId::new(CertIdHash::Sha1, centre.authority.issuing(), issued.certificate.serial());
    let answer = centre.authority.ocsp_respond(&request(&id, None), &|_| status, centre.now);
    folder.write(&format!("{name}.ocsp"), answer);
    folder.write(name, issued.certificate.pem())
}

#[test]
fn java_finds_good_what_is_good_and_revoked_what_is_revoked() {
    let Some(java) = java() else { return };
    for centre in CENTRES.iter() {
        let [good, stolen, held] = [(); 3].map(|()| centre.head(&[]));
        let revoked = [(&stolen, Reason::KeyCompromise), (&held, Reason::CertificateHold)];
        let folder = folder(centre, &revoked);
        let is_revoked = |reason| CertStatus::Revoked { at: centre.now, reason };
        let files = [
            leaf(centre, &folder, "good.pem", &good, CertStatus::Good),
            leaf(centre, &folder, "stolen.pem", &stolen, is_revoked(Reason::KeyCompromise)),
            leaf(centre, &folder, "held.pem", &held, is_revoked(Reason::CertificateHold)),
        ];
        for form in ["crl", "ocsp"] {
            let verdicts = said(&java, form, &files);
            assert_eq!(verdicts[0], "good", "{form}: {verdicts:?}");
            assert!(verdicts[1].starts_with("bad: REVOKED at 0") && verdicts[1].contains("KEY_COMPROMISE"));
            assert!(verdicts[2].starts_with("bad: REVOKED at 0") && verdicts[2].contains("CERTIFICATE_HOLD"));
        }
    }
}

#[test]
fn java_does_not_take_the_unknown_for_good() {
    let Some(java) = java() else { return };
    for centre in CENTRES.iter() {
        let (folder, issued) = (folder(centre, &[]), centre.head(&[]));
        let file = leaf(centre, &folder, "unknown.pem", &issued, CertStatus::Unknown);
        let verdicts = said(&java, "ocsp", std::slice::from_ref(&file));
        assert!(verdicts[0].starts_with("bad: UNDETERMINED_REVOCATION_STATUS"), "{verdicts:?}");
        // Nor a list that another centre signed.
        let other = centre.authority.root_crl(&[], 12, centre.now).expect("a list");
        folder.write("centre.crl", other);
        let verdicts = said(&java, "crl", &[file]);
        assert!(verdicts[0].starts_with("bad: UNDETERMINED_REVOCATION_STATUS"), "{verdicts:?}");
    }
}

#[test]
fn java_names_the_flaws_as_we_do() {
    let Some(java) = java() else { return };
    for centre in CENTRES.iter() {
        let folder = folder(centre, &[]);
        let flaws = [
            (Flaw::Expired, "EXPIRED"),
            (Flaw::NotYetValid, "NOT_YET_VALID"),
            (Flaw::UnknownIssuer, "NAME_CHAINING"),
            (Flaw::BadSignature, "INVALID_SIGNATURE"),
        ];
        let write = |flaw: Flaw| {
            leaf(centre, &folder, &format!("{}.pem", flaw.name()), &centre.head(&[flaw]), CertStatus::Good)
        };
        let files = flaws.map(|(flaw, _)| write(flaw));
        for ((flaw, word), verdict) in flaws.iter().zip(said(&java, "crl", &files)) {
            assert!(verdict.starts_with(&format!("bad: {word}")), "{flaw:?}: {verdict}");
        }
    }
}
