//! pkilint on what our centre issues and says. What it finds is listed here with its reason; anything else fails, and
//! so does a listed finding that is not there any more.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

use certs::ocsp::{CertId, CertIdHash, request};
use certs::{
    Bin, CertStatus, Iin, Order, Organisation, Person, Profile, Purpose, Reason, Subject, SystemName,
};

use crate::fixtures::{CENTRES, Centre, Folder};
use crate::tool::{Tool, missing, tool};

/// A finding that is meant so: on which files, by the beginning of their names; its code; why.
const EXPLAINED: &[(&str, &str, &str)] = &[
    (
        "",
        "pkix.certificate_policies_policy_has_qualifier",
        "the national profile names the practice statement beside the policy (RFC 5280 advises against it)",
    ),
    (
        "authentication-p256",
        "pkix.key_usage_value_prohibited_for_ec",
        "the national profile tells authentication from signing by keyEncipherment, whatever the key",
    ),
    (
        "tls-server-p256",
        "pkix.key_usage_value_prohibited_for_ec",
        "the national profile of a server is that of authentication",
    ),
    (
        "tls-server",
        "pkix.invalid_domain_name_syntax",
        "`localhost` is a name of one label: a sandbox is there",
    ),
];

/// The Python that has pkilint: that of `scripts/test` or the machine's.
fn pkilint() -> Option<(Tool, OsString)> {
    let python = tool("python3")?;
    let script = OsString::from(concat!(env!("CARGO_MANIFEST_DIR"), "/foreign/lint.py"));
    if python.run("{} available", &[&script]).success {
        return Some((python, script));
    }
    missing("pkilint (PyPI)");
    None
}

/// An order of every kind that can be placed, with a word for it.
fn orders(centre: &Centre) -> Vec<(String, Order)> {
    let algorithm = centre.authority.algorithm();
    let organisation = Organisation { name: "№ 1 МЕКТЕП".into(), bin: Bin::generated(1) };
    let person = Person {
        surname: "ӘБДІҒАЛИ".into(),
        name: "ҰЛЖАН".into(),
        patronymic: Some("СЕРІКҚЫЗЫ".into()),
        iin: Iin::never_issued(1),
    };
    let mut orders = Vec::new();
    for profile in Profile::all().iter().copied().filter(|profile| !profile.is_service()) {
        let subject = match (profile.has_person(), profile.has_organisation()) {
            (true, true) => Subject::Employee { person: person.clone(), organisation: organisation.clone() },
            (true, false) => Subject::Person(person.clone()),
            (false, true) => Subject::System(SystemName {
                common_name: "QAQPA TEST".into(),
                oid: "1.2.398.3.999.1".into(),
                organisation: organisation.clone(),
            }),
            (false, false) => {
                Subject::Service { common_name: "localhost".into(), organisation: "QAQPA".into() }
            }
        };
        let order = Order::new(subject, profile, algorithm);
        if profile == Profile::TlsServer {
            let hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
            orders.push((format!("tls-server-{algorithm}"), Order { hosts, ..order }));
            continue;
        }
        orders.push((format!("signing-{algorithm}-{profile}"), order.clone()));
        let order = Order { purpose: Purpose::Authentication, ..order };
        orders.push((format!("authentication-{algorithm}-{profile}"), order));
    }
    orders
}

/// Everything that a centre emits, as files.
fn emitted(centre: &Centre, folder: &Folder) -> Vec<OsString> {
    let (authority, now) = (&centre.authority, centre.now);
    let algorithm = authority.algorithm();
    let mut files = vec![
        folder.write(&format!("root-{algorithm}.pem"), authority.root().pem()),
        folder.write(&format!("issuing-{algorithm}.pem"), authority.issuing().pem()),
        folder.write(&format!("responder-{algorithm}.pem"), authority.ocsp_responder().pem()),
    ];
    for (name, order) in orders(centre) {
        let issued = authority.issue(&order, now).expect("a certificate");
        files.push(folder.write(&format!("{name}.pem"), issued.certificate.pem()));
    }
    let [revoked, held] = [(); 2].map(|()| centre.head(&[]));
    let entries =
        [centre.revoked(&revoked, Reason::KeyCompromise), centre.revoked(&held, Reason::CertificateHold)];
    let (whole, empty) = (authority.crl(&entries, 12, now), authority.crl(&[], 1, now));
    files.push(folder.write(&format!("whole-{algorithm}.crl"), whole.expect("a list")));
    files.push(folder.write(&format!("empty-{algorithm}.crl"), empty.expect("a list")));
    let delta = authority.delta_crl(&entries[..1], 13, 12, now).expect("a list");
    files.push(folder.write(&format!("delta-{algorithm}.crl"), delta));
    let of_root = authority.root_crl(&[], 3, now).expect("a list");
    files.push(folder.write(&format!("root-{algorithm}.arl"), of_root));
    for (word, status) in [
        ("good", CertStatus::Good),
        ("revoked", CertStatus::Revoked { at: now, reason: Reason::KeyCompromise }),
        ("unknown", CertStatus::Unknown),
    ] {
        let id = CertId::new(CertIdHash::Sha256, authority.issuing(), revoked.certificate.serial());
        let answer = authority.ocsp_respond(&request(&id, Some(*b"8 bytes!")), &|_| status, now);
        files.push(folder.write(&format!("{word}-{algorithm}.ocsp"), answer));
    }
    files
}

#[test]
fn pkilint_finds_only_what_is_explained() {
    let Some((python, script)) = pkilint() else { return };
    let folder = Folder::new();
    let files: Vec<OsString> = CENTRES.iter().flat_map(|centre| emitted(centre, &folder)).collect();
    let all: Vec<&OsStr> = [&script].into_iter().chain(&files).map(OsString::as_os_str).collect();
    let said = python.run(&"{} ".repeat(all.len()), &all);
    said.accepts(&[&format!("{} linted", files.len())]);
    let explains = |line: &str, (file, code, _): &(&str, &str, &str)| {
        line.starts_with(file) && line.ends_with(&format!(" {code}"))
    };
    let findings: Vec<&str> = said.text.lines().filter(|line| line.split(' ').count() == 3).collect();
    let unexplained: BTreeSet<&&str> =
        findings.iter().filter(|line| !EXPLAINED.iter().any(|known| explains(line, known))).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    for known in EXPLAINED {
        assert!(findings.iter().any(|line| explains(line, known)), "{known:?} is not found any more");
    }
}

#[test]
fn pkilint_would_see_what_is_wrong() {
    let Some((python, script)) = pkilint() else { return };
    let (Some(centre), folder) = (CENTRES.first(), Folder::new()) else { return };
    // A certificate where a serial number has become negative, and so is no good one.
    let mut der = centre.authority.issuing().der().to_vec();
    let serial = centre.authority.issuing().serial().to_vec();
    let at = der.windows(serial.len()).position(|window| window == serial).expect("its serial number");
    der[at] |= 0x80;
    let file = folder.write("negative.cer", der);
    let said = python.run("{} {}", &[&script, &file]);
    said.accepts(&["negative.cer ERROR"]);
}
