use std::sync::LazyLock;

use jiff::Timestamp;

use super::*;
use crate::{Algorithm, Authority, Iin, Issued, Order, Person, Profile, Purpose, Subject};

const PASSWORD: &str = "Qwerty12";

static CENTRE: LazyLock<Authority> = LazyLock::new(|| {
    Authority::create(Algorithm::P256, "QAQPA SANDBOX test", Timestamp::UNIX_EPOCH, "http://x").unwrap()
});

fn issued(purpose: Purpose) -> Issued {
    let person =
        Person {
            surname: "ТЕСТ".into(), name: "ТЕСТ".into(), patronymic: None, iin: Iin::never_issued(2)
        };
    let order = Order::new(Subject::Person(person), Profile::Individual, Algorithm::P256);
    CENTRE.issue(&Order { purpose, ..order }, Timestamp::UNIX_EPOCH).unwrap()
}

fn file(encoding: Encoding) -> (Vec<u8>, Issued) {
    let issued = issued(Purpose::Signing);
    let chain = [CENTRE.issuing().clone(), CENTRE.root().clone()];
    let bytes = write(encoding, PASSWORD, issued.key.as_ref().unwrap(), &issued.certificate, &chain).unwrap();
    (bytes, issued)
}

#[test]
fn both_encodings_are_read_back() {
    for encoding in [Encoding::National, Encoding::Modern] {
        let (bytes, issued) = file(encoding);
        let [entry] = &read(&bytes, PASSWORD).unwrap()[..] else { panic!("one key") };
        assert_eq!(entry.certificate, issued.certificate);
        assert_eq!(entry.key.to_pkcs8_der(), issued.key.unwrap().to_pkcs8_der());
        assert_eq!(entry.alias, Some(hex::encode(issued.certificate.public_key().key_id())));
        let chain: &[Certificate] = match encoding {
            Encoding::National => &[],
            Encoding::Modern => &[CENTRE.issuing().clone(), CENTRE.root().clone()],
        };
        assert_eq!(entry.chain, chain);
        assert_eq!(read(&bytes, "Qwerty13").unwrap_err(), Pkcs12Error::Password);
    }
}

#[test]
fn an_empty_password_is_a_password_like_any_other() {
    let issued = issued(Purpose::Signing);
    let key = issued.key.as_ref().unwrap();
    for encoding in [Encoding::National, Encoding::Modern] {
        let protected = write(encoding, PASSWORD, key, &issued.certificate, &[]).unwrap();
        assert_eq!(read(&protected, "").unwrap_err(), Pkcs12Error::Password);
        let open = write(encoding, "", key, &issued.certificate, &[]).unwrap();
        assert_eq!(read(&open, "").unwrap()[0].certificate, issued.certificate);
        assert_eq!(read(&open, PASSWORD).unwrap_err(), Pkcs12Error::Password);
    }
}

#[test]
fn a_file_in_ber_with_indefinite_lengths_is_read() {
    let (bytes, issued) = file(Encoding::National);
    let ber = indefinite(&bytes, &mut Vec::new());
    assert_ne!(ber, bytes);
    let entries = read(&ber, PASSWORD).unwrap();
    assert_eq!(entries[0].certificate, issued.certificate);
    assert_eq!(read(&ber, "Qwerty13").unwrap_err(), Pkcs12Error::Password);
}

#[test]
fn a_file_in_ber_down_to_its_bags_is_read() {
    use crate::der::{INTEGER, Reader, SEQUENCE};
    let (bytes, issued) = file(Encoding::National);
    let mut pfx = Reader::only(&bytes, SEQUENCE).unwrap().reader();
    pfx.expect(INTEGER).unwrap();
    let mut contents = pfx.sequence().unwrap();
    contents.oid().unwrap();
    let safes = Reader::new(contents.element().unwrap().value).element().unwrap().value;
    // The bags in plain octets, then all the safes, lose their definite lengths; the MAC is not there to complain.
    let mut row = Reader::only(safes, SEQUENCE).unwrap().reader();
    let (keys, certificates) = (row.element().unwrap().whole, row.element().unwrap().whole);
    let mut keys = Reader::only(keys, SEQUENCE).unwrap().reader();
    let kind = keys.element().unwrap().whole;
    let bags = Reader::new(keys.element().unwrap().value).element().unwrap().value;
    let bags = crate::der::octets(&indefinite(bags, &mut Vec::new()));
    let keys = crate::der::sequence(&[kind, &crate::der::element(0xa0, &[&bags])]);
    let safes = [&[0x30, 0x80], keys.as_slice(), certificates, &[0, 0]].concat();
    let safes = crate::der::element(0xa0, &[&crate::der::octets(&safes)]);
    let contents = crate::der::sequence(&[kind, &safes]);
    let whole = crate::der::sequence(&[&[INTEGER, 1, 3], &contents]);
    assert_eq!(read(&whole, PASSWORD).unwrap()[0].certificate, issued.certificate);
}

/// The outer structures of a file with indefinite lengths and octets in pieces, as Bouncy Castle writes them: the
/// octets that the MAC is over stay as they are.
fn indefinite(der: &[u8], path: &mut Vec<usize>) -> Vec<u8> {
    use crate::der::{OCTET_STRING, Reader};
    let element = Reader::new(der).element().unwrap();
    if element.tag == OCTET_STRING && path.as_slice() == [1, 1, 0] {
        let (one, two) = element.value.split_at(element.value.len() / 2);
        let pieces = [crate::der::octets(one), crate::der::octets(two)].concat();
        return [&[0x24, 0x80], pieces.as_slice(), &[0, 0]].concat();
    }
    if element.tag & 0x20 == 0 || path.first() == Some(&2) {
        return element.whole.to_vec();
    }
    let mut out = vec![element.tag, 0x80];
    let mut reader = element.reader();
    let mut index = 0;
    while !reader.is_empty() {
        path.push(index);
        out.extend(indefinite(reader.element().unwrap().whole, path));
        path.pop();
        index += 1;
    }
    out.extend([0, 0]);
    out
}

#[test]
fn a_key_is_not_written_with_the_certificate_of_another() {
    let (one, other) = (issued(Purpose::Signing), issued(Purpose::Signing));
    let written = write(Encoding::National, PASSWORD, &one.key.unwrap(), &other.certificate, &[]);
    assert_eq!(written.unwrap_err(), Pkcs12Error::KeyOfAnother);
}

#[test]
fn no_flipped_bit_panics_or_goes_unnoticed() {
    let (bytes, issued) = file(Encoding::National);
    for index in (0..bytes.len() * 8).step_by(13) {
        let mut flipped = bytes.clone();
        flipped[index / 8] ^= 1 << (index % 8);
        // The tag of the MAC's own fields is the only place where a change can leave a file that reads the same.
        if let Ok(entries) = read(&flipped, PASSWORD) {
            assert_eq!(entries[0].certificate, issued.certificate, "bit {index}");
        }
    }
}

#[test]
fn file_names_are_those_of_the_national_tools() {
    let (signing, login) =
        (issued(Purpose::Signing).certificate, issued(Purpose::Authentication).certificate);
    let id = |c: &Certificate| hex::encode(c.public_key().key_id());
    assert_eq!(file_name(&signing), format!("P256_{}.p12", id(&signing)));
    assert_eq!(file_name(&login), format!("AUTH_P256_{}.p12", id(&login)));
}

#[test]
fn the_password_rule_says_what_is_missing() {
    assert_eq!(password_rule(PASSWORD), Ok(()));
    assert_eq!(password_rule("Qw1"), Err(PasswordError::Length { found: 3 }));
    assert_eq!(password_rule("qwerty12"), Err(PasswordError::NoCapital));
    assert_eq!(password_rule("QWERTY12"), Err(PasswordError::NoSmall));
    assert_eq!(password_rule("Qwertyui"), Err(PasswordError::NoDigit));
}
