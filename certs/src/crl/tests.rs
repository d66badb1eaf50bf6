use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, IsCa, Issuer, KeyIdMethod,
    KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};

use super::*;
use crate::{Certificate, Reason};

/// A list by an issuer that shares no code with ours.
fn foreign() -> (Vec<u8>, Certificate) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::CrlSign, KeyUsagePurpose::KeyCertSign];
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der()).unwrap();
    let revoked = |serial: u64, reason_code| RevokedCertParams {
        serial_number: SerialNumber::from(serial),
        revocation_time: rcgen::date_time_ymd(2026, 11, 19),
        reason_code,
        invalidity_date: None,
    };
    let list = CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2026, 11, 20),
        next_update: rcgen::date_time_ymd(2051, 1, 1),
        crl_number: SerialNumber::from(77),
        issuing_distribution_point: None,
        revoked_certs: vec![revoked(0x90, Some(RevocationReason::CertificateHold)), revoked(5, None)],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let der = list.signed_by(&Issuer::new(params, key)).unwrap().der().to_vec();
    (der, certificate)
}

#[test]
fn a_foreign_list_is_read_and_verifies() {
    let (der, issuer) = foreign();
    let crl = Crl::from_der(&der).unwrap();
    assert_eq!(crl.verify_signature(issuer.public_key()), Ok(()));
    assert_eq!((crl.number(), crl.len()), (Some(77), 2));
    assert_eq!(crl.this_update().to_string(), "2026-11-20T00:00:00Z");
    assert_eq!(crl.next_update().unwrap().to_string(), "2051-01-01T00:00:00Z");
    assert_eq!(crl.find(&[0, 0x90]).unwrap().unwrap().reason, Reason::CertificateHold);
    assert_eq!(crl.find(&[5]).unwrap().unwrap().reason, Reason::Unspecified);
    assert_eq!(crl.find(&[0x90]), Ok(None));
    assert_eq!(
        Crl::from_pem_or_der(pem::encode("X509 CRL", &der).as_bytes()).unwrap().to_der().unwrap(),
        der
    );
}

fn centre() -> crate::Authority {
    let (algorithm, name) = (crate::Algorithm::P256, "QAQPA SANDBOX test");
    crate::Authority::create(algorithm, name, Timestamp::UNIX_EPOCH, "http://x").unwrap()
}

/// A serial that looks like chance, with `more` bytes after it.
fn serial(n: u32, more: usize) -> Vec<u8> {
    let mut serial = [&[1], n.wrapping_mul(2_654_435_761).to_be_bytes().as_slice()].concat();
    serial.resize(serial.len() + more, 7);
    serial
}

fn entries(count: u32, more: usize) -> Vec<RevokedEntry> {
    let entry = |n: u32| {
        let reason = Reason::ALL[n as usize % Reason::ALL.len()];
        RevokedEntry { serial: serial(n, more), at: Timestamp::UNIX_EPOCH, reason }
    };
    (0..count).map(entry).collect()
}

#[test]
fn a_long_list_finds_every_serial_in_memory_and_in_a_file() {
    let centre = centre();
    // The second has entries of a size that is read in a second step.
    for (count, more, is_file) in
        [(20_000, 0, false), (40_000, 15, true), (4_000, 300, true), (20, 70_000, true)]
    {
        let entries = entries(count, more);
        let der = centre.crl(&entries, 1, Timestamp::UNIX_EPOCH).unwrap();
        let crl = Crl::from_der(&der).unwrap();
        assert_eq!((crl.len(), crl.kept.is_file()), (entries.len(), is_file && cfg!(unix)));
        assert!(entries.iter().all(|entry| crl.find(&entry.serial).unwrap().as_ref() == Some(entry)));
        assert!((count..2 * count).all(|n| crl.find(&serial(n, more)) == Ok(None)));
        assert_eq!(crl.entries().collect::<Result<Vec<_>, _>>().unwrap(), entries);
        assert_eq!(crl.verify_signature(centre.issuing().public_key()), Ok(()));
        assert_eq!(crl.to_der().unwrap(), der);
        let in_memory = Crl { kept: Kept::Memory(der.into()), ..crl.clone() };
        for serial in (0..2 * count).map(|n| serial(n, more)) {
            assert_eq!(crl.find(&serial), in_memory.find(&serial));
        }
        assert!(crl.entries().eq(in_memory.entries()));
    }
}

#[test]
fn a_list_in_a_file_is_refused_as_one_in_memory_is() {
    let centre = centre();
    let der = centre.crl(&entries(40_000, 15), 1, Timestamp::UNIX_EPOCH).unwrap();
    let refused = [&der[..der.len() - 1], &der[..der.len() / 2], &[&der[..], &[0]].concat()];
    assert!(refused.iter().all(|bytes| Crl::from_der(bytes).is_err()));
    let mut changed = der;
    let middle = changed.windows(5).position(|bytes| bytes == serial(20_000, 0)).unwrap();
    changed[middle + 10] ^= 1;
    let crl = Crl::from_der(&changed).unwrap();
    assert_eq!(crl.verify_signature(centre.issuing().public_key()), Err(SignatureError::Invalid));
    assert_eq!(crl.find(&serial(20_000, 15)), Ok(None));
}

#[test]
fn a_file_that_cannot_be_read_is_no_answer() {
    let centre = centre();
    let entries = entries(40_000, 15);
    let mut crl = Crl::from_der(&centre.crl(&entries, 1, Timestamp::UNIX_EPOCH).unwrap()).unwrap();
    crl.kept = Kept::File(std::sync::Arc::new(tempfile::tempfile().unwrap()));
    let gone = io::ErrorKind::UnexpectedEof;
    assert_eq!(crl.find(&entries[7].serial), Err(CrlError::File(gone)));
    assert_eq!(crl.to_der(), Err(CrlError::File(gone)));
    assert_eq!(crl.verify_signature(centre.issuing().public_key()), Err(SignatureError::Unreadable(gone)));
    assert_eq!(crl.entries().count(), 1);
}

#[test]
fn serials_with_one_fingerprint_are_told_apart() {
    let mut known = std::collections::HashMap::new();
    let mut alike = Vec::new();
    for n in 0..400_000 {
        if let Some(other) = known.insert(index::fingerprint(&serial(n, 0)), n) {
            alike.push((other, n));
        }
    }
    assert!(alike.len() > 3, "chance has it that some twenty are alike: {alike:?}");
    let revoked: Vec<_> = alike
        .iter()
        .flat_map(|&(one, other)| [(one, Reason::Superseded), (other, Reason::KeyCompromise)])
        .map(|(n, reason)| RevokedEntry { serial: serial(n, 0), at: Timestamp::UNIX_EPOCH, reason })
        .collect();
    let centre = centre();
    let list = |entries: &[RevokedEntry]| {
        Crl::from_der(&centre.crl(entries, 1, Timestamp::UNIX_EPOCH).unwrap()).unwrap()
    };
    let crl = list(&revoked);
    assert!(revoked.iter().all(|entry| crl.find(&entry.serial).unwrap().as_ref() == Some(entry)));
    for [listed, other] in revoked.as_chunks::<2>().0 {
        assert_eq!(list(std::slice::from_ref(listed)).find(&other.serial), Ok(None));
    }
}

#[test]
fn of_two_entries_on_one_serial_the_first_counts() {
    let entry = |reason| RevokedEntry { serial: vec![5], at: Timestamp::UNIX_EPOCH, reason };
    let twice = [entry(Reason::Superseded), entry(Reason::KeyCompromise)];
    let crl = Crl::from_der(&centre().crl(&twice, 1, Timestamp::UNIX_EPOCH).unwrap()).unwrap();
    assert_eq!(crl.find(&[5]), Ok(Some(twice[0].clone())));
}

#[test]
fn an_empty_file_is_a_typed_error() {
    assert_eq!(Crl::from_der(&[]).unwrap_err(), CrlError::Empty);
}

#[test]
fn no_flipped_bit_panics_or_verifies() {
    let (der, issuer) = foreign();
    for index in 0..der.len() * 8 {
        let mut flipped = der.clone();
        flipped[index / 8] ^= 1 << (index % 8);
        if let Ok(crl) = Crl::from_der(&flipped) {
            assert!(crl.find(&[5]).unwrap().is_none() || crl.entries().count() == 2);
            assert!(crl.verify_signature(issuer.public_key()).is_err(), "bit {index}");
        }
    }
}

#[test]
fn a_delta_list_says_what_it_is_added_to() {
    let centre = centre();
    let entry = RevokedEntry { serial: vec![7], at: Timestamp::UNIX_EPOCH, reason: Reason::RemoveFromCrl };
    let delta = centre.delta_crl(std::slice::from_ref(&entry), 9, 4, Timestamp::UNIX_EPOCH).unwrap();
    let delta = Crl::from_der(&delta).unwrap();
    assert_eq!(delta.verify_signature(centre.issuing().public_key()), Ok(()));
    assert_eq!((delta.is_delta(), delta.base_number(), delta.number()), (true, Some(4), Some(9)));
    assert_eq!((delta.find(&[7]), delta.unknown_critical_extensions()), (Ok(Some(entry)), &[][..]));
    let full = Crl::from_der(&centre.crl(&[], 9, Timestamp::UNIX_EPOCH).unwrap()).unwrap();
    assert_eq!((full.is_delta(), full.base_number()), (false, None));
}

/// A list by A, not signed, with these entries.
fn indirect(entries: &[Vec<u8>]) -> Vec<u8> {
    use crate::{der, oid};
    let algorithm = SignatureAlgorithm::of(crate::Algorithm::P256).to_der();
    let time = der::time(Timestamp::UNIX_EPOCH);
    let scope = der::sequence(&[&[0x84, 1, 0xff]]);
    let scope = crate::issue::extension::write(oid::ISSUING_DISTRIBUTION_POINT, true, &scope);
    let extensions = der::element(0xa0, &[&der::sequence(&[&scope])]);
    let rows = der::row(SEQUENCE, entries);
    let tbs = der::sequence(&[&der::integer(1), &algorithm, &name("A"), &time, &rows, &extensions]);
    der::sequence(&[&tbs, &algorithm, &der::bits(&[0])])
}

fn name(common: &str) -> Vec<u8> {
    use crate::{der, oid};
    let pair = der::sequence(&[&der::oid(oid::COMMON_NAME), &der::element(0x0c, &[common.as_bytes()])]);
    der::sequence(&[&der::set_of(vec![pair])])
}

/// An entry that may name an issuer, and have a critical extension.
fn entry(serial: &[u8], issuer: Option<&str>, critical: Option<&str>) -> Vec<u8> {
    use crate::issue::extension;
    use crate::{der, oid};
    let names = issuer.map(|issuer| {
        let names = der::sequence(&[&der::element(0xa4, &[&name(issuer)])]);
        extension::write(oid::CERTIFICATE_ISSUER, true, &names)
    });
    let critical = critical.map(|id| extension::write(id.parse().unwrap(), true, &[5, 0]));
    let extensions: Vec<_> = names.into_iter().chain(critical).collect();
    let extensions = if extensions.is_empty() { Vec::new() } else { der::row(SEQUENCE, &extensions) };
    der::sequence(&[&der::integer_content(serial), &der::time(Timestamp::UNIX_EPOCH), &extensions])
}

#[test]
fn entries_of_an_indirect_list_are_whose_the_last_one_named_says() {
    let (a, b, c) = (Some("A"), Some("B"), Some("C"));
    let entries = [(9, None), (5, b), (3, None), (5, c), (5, a)];
    let entries = entries.map(|(serial, issuer)| entry(&[serial], issuer, None));
    let crl = Crl::from_der(&indirect(&entries)).unwrap();
    assert!(crl.unknown_critical_extensions().is_empty() && crl.names_other_issuers());
    let listed = |issuer: &str, serial| {
        crl.find_of(&Name::from_der(&name(issuer)).unwrap(), &[serial]).unwrap().is_some()
    };
    for (issuer, serials) in
        [("a", [false, true, true]), ("B", [true, true, false]), ("C", [false, true, false])]
    {
        assert_eq!([listed(issuer, 3), listed(issuer, 5), listed(issuer, 9)], serials, "{issuer}");
    }
    assert!(crl.find(&[9]).unwrap().is_some() && crl.find(&[3]).unwrap().is_none());
}

#[test]
fn a_long_indirect_list_keeps_each_name_once() {
    let issuers = ["B", "C", "D"];
    let of = |n: u32| issuers[n as usize % 3];
    let entries: Vec<_> = (0..15_000).map(|n| entry(&serial(n, 15), Some(of(n)), None)).collect();
    let crl = Crl::from_der(&indirect(&entries)).unwrap();
    assert_eq!((crl.kept.is_file(), crl.issuers.names()), (cfg!(unix), 3));
    for issuer in issuers {
        let name = Name::from_der(&name(issuer)).unwrap();
        let listed = |n| crl.find_of(&name, &serial(n, 15)).unwrap().is_some();
        assert!((0..15_000).all(|n| listed(n) == (of(n) == issuer)));
    }
}

#[test]
fn critical_extensions_of_entries_are_named_once_and_a_few_of_them() {
    let id = |n: usize| format!("1.2.3.{n}");
    let named = |ids: &[String]| {
        let entries: Vec<_> = ids.iter().map(|id| entry(&[5], None, Some(id))).collect();
        Crl::from_der(&indirect(&entries)).unwrap().unknown_critical_extensions().to_vec()
    };
    assert_eq!(named(&[id(1), id(2), id(1)]), [id(1), id(2)]);
    assert_eq!(named(&(0..100).map(id).collect::<Vec<_>>()).len(), 8);
}

#[test]
fn no_flipped_bit_of_an_indirect_list_panics() {
    let entries = [entry(&[5], Some("B"), None), entry(&[6], None, Some("1.2.3"))];
    let der = indirect(&entries);
    let b = Name::from_der(&name("B")).unwrap();
    for index in 0..der.len() * 8 {
        let mut flipped = der.clone();
        flipped[index / 8] ^= 1 << (index % 8);
        if let Ok(crl) = Crl::from_der(&flipped) {
            assert!(crl.find_of(&b, &[5]).is_ok() && crl.entries().all(|entry| entry.is_ok()));
        }
        assert!(Crl::from_der(&der[..index / 8]).is_err());
    }
}
