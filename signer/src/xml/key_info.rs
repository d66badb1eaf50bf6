//! `ds:KeyInfo` (XML-DSig, 4.4) and `wsse:SecurityTokenReference` (WS-Security X.509 token profile 1.0, 3.2): which
//! certificates the signer's may be. None is trusted for standing here.

use certs::Certificate;

use super::XmlError;
use super::names::{DS, WSSE};
use super::tree::Element;
use super::verify::local;
use crate::Bytes;

/// More certificates than this in one signature are refused: the value is tried with each.
const MOST_CERTIFICATES: usize = 8;
/// Digits of the largest serial number: 20 octets (RFC 5280, 4.1.2.2), and some to spare.
const MOST_DIGITS: usize = 64;
/// The ValueType of a whole certificate ends with this.
const WHOLE: &str = "x509-token-profile-1.0#X509v3";

/// The certificates inside, those of `known` that are named by their serial number, and that of a
/// `wsse:BinarySecurityToken` in `tokens` (the Security header) that is referred to.
pub(super) fn certificates(
    key_info: Element<'_>,
    tokens: Option<Element<'_>>,
    known: &[Certificate],
) -> Result<Vec<Certificate>, XmlError> {
    let mut found = Vec::new();
    for child in key_info.children() {
        if child.is(DS, "X509Data") {
            x509_data(child, known, &mut found)?;
        } else if child.is(WSSE, "SecurityTokenReference") {
            for token in child.children() {
                if token.is(DS, "X509Data") {
                    x509_data(token, known, &mut found)?;
                } else if token.is(WSSE, "KeyIdentifier")
                    && token.attribute(None, "ValueType").is_none_or(|kind| kind.ends_with(WHOLE))
                {
                    found.push(certificate(token)?);
                } else if token.is(WSSE, "Reference") {
                    found.push(certificate(binary_token(token, tokens)?)?);
                }
                if found.len() > MOST_CERTIFICATES {
                    break;
                }
            }
        }
        if found.len() > MOST_CERTIFICATES {
            return Err(XmlError::Signature { what: "more than 8 certificates" });
        }
    }
    Ok(found)
}

/// The token that a reference is to: one X.509 certificate, directly in the Security header.
fn binary_token<'a>(reference: Element<'_>, tokens: Option<Element<'a>>) -> Result<Element<'a>, XmlError> {
    let id = local(reference.attribute(None, "URI").unwrap_or_default())?;
    let is = |token: &Element<'_>| {
        token.is(WSSE, "BinarySecurityToken")
            && token.attribute(None, "ValueType").is_none_or(|kind| kind.ends_with(WHOLE))
            && token.ids().any(|own| own == id)
    };
    let mut found = tokens.into_iter().flat_map(Element::children).filter(is);
    match (found.next(), found.next()) {
        (Some(token), None) => Ok(token),
        (None, _) => Err(XmlError::NoCertificate),
        (Some(_), Some(_)) => Err(XmlError::Wrapped { what: "several tokens have the id of the reference" }),
    }
}

fn x509_data(data: Element<'_>, known: &[Certificate], found: &mut Vec<Certificate>) -> Result<(), XmlError> {
    for child in data.children() {
        if child.is(DS, "X509Certificate") {
            found.push(certificate(child)?);
        } else if child.is(DS, "X509IssuerSerial") {
            // The issuer's name is written in many ways. The number is enough: the key has to fit as well.
            let serial = child.child("X509SerialNumber").map(Element::text).unwrap_or_default();
            let Some(serial) = big_endian(serial.trim()) else {
                return Err(XmlError::Signature { what: "a serial number that is none" });
            };
            let is = |certificate: &&Certificate| significant(certificate.serial()) == serial;
            found.extend(known.iter().filter(is).cloned());
        }
        if found.len() > MOST_CERTIFICATES {
            break;
        }
    }
    Ok(())
}

/// Base64 of DER, base64 of PEM, or PEM.
fn certificate(element: Element<'_>) -> Result<Certificate, XmlError> {
    let text = element.text();
    let read = if text.contains("-----BEGIN") {
        Certificate::from_pem(&text)
    } else {
        let bytes = Bytes::from_base64(&text).map_err(|error| XmlError::Certificate(error.to_string()))?;
        Certificate::from_pem_or_der(&bytes.0)
    };
    read.map_err(|error| XmlError::Certificate(error.to_string()))
}

/// The bytes of a decimal number without leading zeros.
fn big_endian(decimal: &str) -> Option<Vec<u8>> {
    if decimal.is_empty() || decimal.len() > MOST_DIGITS {
        return None;
    }
    let mut number: Vec<u8> = Vec::new();
    for c in decimal.chars() {
        let mut carry = c.to_digit(10)?;
        for byte in number.iter_mut().rev() {
            let [.., high, low] = (u32::from(*byte) * 10 + carry).to_be_bytes();
            (*byte, carry) = (low, high.into());
        }
        if carry > 0 {
            number.insert(0, u8::try_from(carry).ok()?);
        }
    }
    Some(number)
}

fn significant(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_become_bytes() {
        for number in [0_u64, 1, 9, 10, 255, 256, 65_535, 65_536, 1_234_567_890_123, u64::MAX] {
            let bytes = big_endian(&format!("00{number}")).unwrap();
            assert_eq!(bytes, significant(&number.to_be_bytes()), "{number}");
        }
        for wrong in ["", "-1", "1 2", "0x10", "١", &"9".repeat(65)] {
            assert_eq!(big_endian(wrong), None, "{wrong}");
        }
    }
}
