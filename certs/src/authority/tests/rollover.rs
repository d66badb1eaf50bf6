//! A new key for the issuing centre.

use super::*;

fn later() -> Timestamp {
    now().checked_add(SignedDuration::from_hours(24)).unwrap()
}

#[test]
fn the_name_stays_and_both_keys_are_certified_by_the_root_and_by_each_other() {
    let new = P256.with_new_key(later()).unwrap();
    let [before, now_on] = <[Authority; 2]>::try_from(new.generations()).unwrap();
    assert_eq!((before.issuing(), now_on.issuing()), (P256.issuing(), new.issuing()));
    assert_eq!((before.generation(), new.generation()), (1, 2));
    assert_eq!(new.issuing().subject_der(), P256.issuing().subject_der());
    assert_ne!(new.issuing().public_key(), P256.issuing().public_key());
    let known: Vec<&Certificate> = new.authorities().collect();
    let [current, former, new_with_old, old_with_new] = known[..] else { panic!("{known:?}") };
    for (certificate, of, by) in [
        (current, new.issuing(), new.root()),
        (former, P256.issuing(), new.root()),
        (new_with_old, new.issuing(), P256.issuing()),
        (old_with_new, P256.issuing(), new.issuing()),
    ] {
        assert_eq!(certificate.public_key(), of.public_key());
        assert_eq!((certificate.skid(), certificate.akid()), (of.skid(), by.skid()));
        assert_eq!(certificate.verify_signature(by.public_key()), Ok(()));
        assert!(certificate.is_ca() && certificate.not_before() <= later());
    }
    assert!(new_with_old.is_self_issued() && old_with_new.is_self_issued());
}

#[test]
fn each_key_has_its_list_and_its_responder() {
    let new = P256.with_new_key(later()).unwrap();
    let certificate = new.issue(&individual(), later()).unwrap().certificate;
    assert_eq!(certificate.crl_urls(), ["http://127.0.0.1:8710/ca/crl/p256-2.crl"]);
    assert_eq!(certificate.delta_crl_urls(), ["http://127.0.0.1:8710/ca/crl/p256-2-delta.crl"]);
    assert_eq!(certificate.ca_issuer_urls(), ["http://127.0.0.1:8710/ca/certificates/p256-2.cer"]);
    for generation in new.generations() {
        let list = Crl::from_der(&generation.crl(&[], 2, later()).unwrap()).unwrap();
        let key = generation.issuing().public_key();
        assert_eq!((list.verify_signature(key), list.akid()), (Ok(()), generation.issuing().skid()));
        assert_eq!(generation.ocsp_responder().verify_signature(key), Ok(()));
        let [delta] = list.delta_crl_urls() else { panic!("{list:?}") };
        assert!(delta.ends_with("-delta.crl"), "{delta}");
    }
    let third = new.with_new_key(later()).unwrap();
    assert_eq!((third.generation(), third.authorities().count()), (3, 7));
}

#[test]
fn a_hierarchy_with_several_keys_is_persisted() {
    let new = P256.with_new_key(later()).unwrap();
    let json = serde_json::to_string(&new.state()).unwrap();
    let again = Authority::from_state(&serde_json::from_str(&json).unwrap()).unwrap();
    assert!(again.authorities().eq(new.authorities()));
    let lists = again.generations().into_iter().map(|generation| generation.crl(&[], 1, later()));
    assert_eq!(lists.flatten().count(), 2);
    assert!(!format!("{again:?} {:?}", again.state()).contains("MIG"));
}
