use certs::{Algorithm, RevokedEntry};

use super::*;
use crate::testing::{Centre, at, later};

const ADDRESS: &str = "http://127.0.0.1:1/ca/crl/p256.crl";
const STRICT: AlgorithmPolicy = AlgorithmPolicy::Strict;

/// A list that is large, made at a moment.
fn large(centre: &Centre, number: u64, made: Timestamp) -> Arc<[u8]> {
    let entry = |n: u32| {
        let serial = [&[1; 16], &n.to_be_bytes()[..]].concat();
        RevokedEntry { serial, at: at(), reason: certs::Reason::Superseded }
    };
    let entries: Vec<_> = (0..25_000).map(entry).collect();
    let list = centre.authority.crl(&entries, number, made).unwrap();
    assert!(list.len() > LARGE);
    list.into()
}

fn key(centre: &Centre) -> PublicKey {
    centre.authority.issuing().public_key().clone()
}

#[tokio::test]
async fn those_who_want_a_list_at_once_get_the_same_one() {
    let (centre, lists) = (Centre::p256(), ListCache::default());
    let bytes = large(&centre, 1, at());
    let read = async || lists.read(ADDRESS, &bytes, Some(1)).await.unwrap();
    let (one, other) = tokio::join!(read(), read());
    assert!(Arc::ptr_eq(&one.list, &other.list));
    let key = key(&centre);
    let verify = async |read| lists.verify(read, &key, STRICT, false).await;
    assert_eq!(tokio::join!(verify(&one), verify(&other)), (Ok(()), Ok(())));
    drop((one.list.clone(), other));
    let later = read().await;
    assert!(Arc::ptr_eq(&one.list, &later.list) && lists.recall(ADDRESS, 1, at()).is_some());
}

#[tokio::test]
async fn the_list_before_is_at_hand_while_a_new_one_is_read() {
    let (centre, lists) = (Centre::p256(), ListCache::default());
    let first = lists.read(ADDRESS, &large(&centre, 1, at()), Some(1)).await.unwrap();
    lists.verify(&first, &key(&centre), STRICT, false).await.unwrap();
    let reading = lists.at(ADDRESS);
    let _turn = reading.turn.lock().await;
    assert_eq!(lists.recall(ADDRESS, 1, at()).unwrap().list.number(), Some(1));
    assert!(lists.recall(ADDRESS, 2, at()).is_none());
}

#[tokio::test]
async fn a_list_of_no_use_does_not_take_the_place_of_a_good_one() {
    let (centre, stranger, lists) = (Centre::p256(), Centre::stranger(), ListCache::default());
    let good = lists.read(ADDRESS, &large(&centre, 2, at()), None).await.unwrap();
    lists.verify(&good, &key(&centre), STRICT, false).await.unwrap();
    let whole = large(&centre, 3, at());
    for bytes in [&[][..], b"<html>", &whole[..whole.len() / 2], &whole[..whole.len() - 1]] {
        assert!(lists.read(ADDRESS, &bytes.into(), None).await.is_err());
    }
    let wrong = lists.read(ADDRESS, &large(&stranger, 3, at()), None).await.unwrap();
    let why = "the list's signature: the signature does not belong to the data and the key";
    assert_eq!(lists.verify(&wrong, &key(&centre), STRICT, false).await, Err(why.to_owned()));
    let old = lists.read(ADDRESS, &large(&centre, 1, later(-181 * 24 * 3600)), None).await.unwrap();
    assert_eq!(lists.verify(&old, &key(&centre), STRICT, true).await, Ok(()));
    assert!(Arc::ptr_eq(&lists.last_good(ADDRESS).unwrap().list, &good.list));
    let newer = lists.read(ADDRESS, &whole, None).await.unwrap();
    lists.verify(&newer, &key(&centre), STRICT, false).await.unwrap();
    assert_eq!(lists.last_good(ADDRESS).unwrap().list.number(), Some(3));
}

#[tokio::test]
async fn a_list_on_disk_is_judged_by_like_one_in_memory() {
    let centre = Centre::p256();
    let certificate = centre.issue(&crate::testing::order(Algorithm::P256));
    let list = Crl::from_der(&large(&centre, 1, at())).unwrap();
    assert_eq!(list.find_of(certificate.issuer_name(), certificate.serial()), Ok(None));
    assert!(list.find(&[[1; 16].as_slice(), &7_u32.to_be_bytes()].concat()).unwrap().is_some());
}
