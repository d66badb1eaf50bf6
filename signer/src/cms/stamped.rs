//! Signatures with a time stamp (CAdES-T): an unsigned attribute of the signer (RFC 3161, appendix A).

use certs::der::{self, Reader, SEQUENCE, SET};
use certs::oid;

use super::write::{attribute, with_tag};
use super::{CmsError, SignedData};

/// [1], in place of the identifier octet of the SET of unsigned attributes.
const CONTEXT_1: u8 = 0xa1;
/// More time stamps than this are refused: each is a signature to verify.
const MOST_STAMPS: usize = 4;

/// The signature of one signer with a time stamp over it: `token` is what an authority gave for
/// [`SignedData::sole_signature`]. Everything else stays byte for byte, in DER.
///
/// # Errors
/// [`CmsError::Signers`] when there are none or several.
pub fn with_timestamp(cms: &[u8], token: &[u8]) -> Result<Vec<u8>, CmsError> {
    let cms = der::from_ber(cms)?;
    SignedData::from_ber(&cms)?.sole_signature()?;
    let outer = Reader::only(&cms, SEQUENCE)?.reader();
    let wrapper = last(outer)?.1;
    let (before, infos) = last(Reader::only(wrapper, SEQUENCE)?.reader())?;
    let (fields, mut unsigned) = parts(Reader::only(infos, SEQUENCE)?.reader())?;
    unsigned.push(attribute(oid::SIGNATURE_TIMESTAMP, token));
    let unsigned = with_tag(CONTEXT_1, der::set_of(unsigned));
    let signer = der::sequence(&[&fields, &unsigned]);
    let body = der::sequence(&[&before, &der::set_of(vec![signer])]);
    Ok(der::sequence(&[&der::oid(oid::SIGNED_DATA), &der::element(0xa0, &[&body])]))
}

/// The elements before the last one, and the content of that.
fn last(mut elements: Reader<'_>) -> Result<(Vec<u8>, &[u8]), CmsError> {
    let (mut before, mut last) = (Vec::new(), elements.element()?);
    while !elements.is_empty() {
        before.extend_from_slice(last.whole);
        last = elements.element()?;
    }
    Ok((before, last.value))
}

/// The fields of a SignerInfo without its unsigned attributes, and those.
fn parts(mut elements: Reader<'_>) -> Result<(Vec<u8>, Vec<Vec<u8>>), CmsError> {
    let (mut fields, mut unsigned) = (Vec::new(), Vec::new());
    while !elements.is_empty() {
        let element = elements.element()?;
        // Only what follows the signature can be they: the same tag stands nowhere before it.
        if element.tag == CONTEXT_1 {
            let mut attributes = element.reader();
            while !attributes.is_empty() {
                unsigned.push(attributes.element()?.whole.to_vec());
            }
        } else {
            fields.extend_from_slice(element.whole);
        }
    }
    Ok((fields, unsigned))
}

/// The time stamps among the unsigned attributes.
pub(super) fn timestamps(mut attributes: Reader<'_>) -> Result<Vec<Vec<u8>>, CmsError> {
    let mut tokens = Vec::new();
    while !attributes.is_empty() {
        let mut fields = attributes.sequence()?;
        let kind = fields.oid()?;
        let mut values = fields.expect(SET)?.reader();
        fields.end()?;
        while kind == oid::SIGNATURE_TIMESTAMP && !values.is_empty() {
            if tokens.len() == MOST_STAMPS {
                return Err(CmsError::Malformed { what: "more than 4 time stamps" });
            }
            tokens.push(values.element()?.whole.to_vec());
        }
    }
    Ok(tokens)
}
