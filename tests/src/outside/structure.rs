//! Changes to the structure of DER: lengths alone, and whole elements with the lengths around them put right.

use certs::der::{self, BIT_STRING, INTEGER, OCTET_STRING, Reader};

/// Where an element stands, and where its content begins and ends.
#[derive(Clone, Copy)]
struct Place {
    tag: u8,
    start: usize,
    content: usize,
    end: usize,
}

/// Every change to one element; none at all if this is not DER.
pub(super) fn mutations(sample: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut places = Vec::new();
    find(sample, 0, &mut places);
    places.into_iter().flat_map(move |place| {
        let lengths = lengths(sample, place);
        lengths
            .into_iter()
            .chain(contents(sample, place).into_iter().map(move |with| replaced(sample, place, &with)))
    })
}

/// An element inside so many SEQUENCEs.
pub(super) fn nested(innermost: &[u8], levels: usize) -> Vec<u8> {
    let (mut headers, mut length) = (Vec::new(), innermost.len());
    for _ in 0..levels {
        let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|&octet| octet == 0).collect();
        let mut header = vec![0x30];
        if length >= 0x80 {
            header.push(0x80 | u8::try_from(octets.len()).unwrap_or_default());
        }
        header.extend(octets);
        length += header.len();
        headers.push(header);
    }
    headers.reverse();
    [headers.concat().as_slice(), innermost].concat()
}

/// The elements of `bytes`, which begin at `offset` of the whole, and those inside of them and of their strings.
fn find(bytes: &[u8], offset: usize, found: &mut Vec<Place>) -> bool {
    let mut reader = Reader::new(bytes);
    let mut start = offset;
    let before = found.len();
    while !reader.is_empty() {
        let Ok(element) = reader.element() else {
            found.truncate(before);
            return false;
        };
        let end = start + element.whole.len();
        let content = end - element.value.len();
        found.push(Place { tag: element.tag, start, content, end });
        match element.tag {
            BIT_STRING if element.value.first() == Some(&0) => {
                find(&element.value[1..], content + 1, found);
            }
            OCTET_STRING => {
                find(element.value, content, found);
            }
            tag if tag & 0x20 != 0 => {
                find(element.value, content, found);
            }
            _ => {}
        }
        start = end;
    }
    true
}

/// The length octets replaced by others, and nothing else put right.
fn lengths(sample: &[u8], place: Place) -> Vec<Vec<u8>> {
    let length = place.end - place.content;
    let short = |length: usize| u8::try_from(length).ok().filter(|length| *length < 0x80).into_iter();
    let mut octets: Vec<Vec<u8>> = Vec::new();
    octets.extend(short(length + 1).map(|length| vec![length]));
    octets.extend(length.checked_sub(1).into_iter().flat_map(short).map(|length| vec![length]));
    octets.extend(short(length).map(|length| vec![0x81, length]));
    let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    octets.extend([
        vec![0],
        vec![0x80],
        vec![0xff],
        vec![0x82, high, low],
        vec![0x82, high, low.wrapping_add(1)],
        vec![0x82, high, low.wrapping_sub(1)],
        vec![0x84, 0x7f, 0xff, 0xff, 0xff],
        vec![0x84, 0xff, 0xff, 0xff, 0xff],
        vec![0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ]);
    let with = |octets: &Vec<u8>| [&sample[..=place.start], octets, &sample[place.content..]].concat();
    octets.iter().map(with).collect()
}

/// What stands in an element's place.
fn contents(sample: &[u8], place: Place) -> Vec<Vec<u8>> {
    let whole = &sample[place.start..place.end];
    let content = &sample[place.content..place.end];
    let mut all = vec![
        Vec::new(),
        [whole, whole].concat(),
        vec![5, 0],
        vec![place.tag, 0],
        [&[place.tag, 0x80], content, &[0, 0]].concat(),
        der::element(place.tag, &[content, &[0]]),
        der::element(place.tag, &[&[0], content]),
        der::element(place.tag, &[content, content]),
        der::element(place.tag ^ 0x20, &[content]),
        der::element(place.tag, &[whole]),
        nested(whole, 300),
        der::element(place.tag, &[&[0xff; 300]]),
    ];
    if place.tag == INTEGER {
        for value in
            [&[0][..], &[1], &[0xff], &[0x80], &[0, 0], &[0x7f, 0xff, 0xff, 0xff], &[0xff; 20], &[0x7f; 20]]
        {
            all.push(der::integer_content(value));
        }
        all.push(der::integer_content(&[0x7f; 5_000]));
    }
    if matches!(place.tag, 0x17 | 0x18) {
        for time in [
            "",
            "Z",
            "00000000000000Z",
            "99991231235959Z",
            "19691231235959Z",
            "20500101000000Z",
            "20260230000000Z",
            "20261231235960Z",
            "20261120090000+0600",
            "700101000000Z",
            "500101000000Z",
            "-10101000000Z",
            "２６1120090000Z",
        ] {
            all.push(der::element(0x17, &[time.as_bytes()]));
            all.push(der::element(0x18, &[time.as_bytes()]));
        }
    }
    all
}

/// The whole with another element in the place of one, and the lengths around it put right.
fn replaced(sample: &[u8], place: Place, with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(sample.len() + with.len());
    let mut reader = Reader::new(sample);
    let mut start = 0;
    while let Ok(element) = reader.element() {
        let end = start + element.whole.len();
        let content = end - element.value.len();
        if start == place.start {
            out.extend_from_slice(with);
        } else if (content..end).contains(&place.start) {
            let skipped = usize::from(element.tag == BIT_STRING);
            let (before, inside) = element.value.split_at(skipped);
            let moved = |at: usize| at - content - skipped;
            let inner = Place {
                start: moved(place.start),
                content: moved(place.content),
                end: moved(place.end),
                ..place
            };
            out.extend(der::element(element.tag, &[before, &replaced(inside, inner, with)]));
        } else {
            out.extend_from_slice(element.whole);
        }
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_replaced_with_the_lengths_around_it() {
        let inner = der::sequence(&[&der::integer(1), &der::integer(2)]);
        let sample = der::sequence(&[&der::bits(&der::octets(&inner)), &der::octets(b"x")]);
        let mut places = Vec::new();
        assert!(find(&sample, 0, &mut places));
        let place = *places.iter().find(|place| sample[place.content..place.end] == [2]).unwrap();
        let inner = der::sequence(&[&der::integer(1), &der::integer(7_000)]);
        let expected = der::sequence(&[&der::bits(&der::octets(&inner)), &der::octets(b"x")]);
        assert_eq!(replaced(&sample, place, &der::integer(7_000)), expected);
    }

    #[test]
    fn nesting_is_well_formed() {
        let mut bytes = nested(&[5, 0], 1_000);
        for _ in 0..1_000 {
            bytes = Reader::only(&bytes, 0x30).unwrap().value.to_vec();
        }
        assert_eq!(bytes, [5, 0]);
    }
}
