//! What may become of good bytes on their way, and what was never good.

use super::structure;

/// How bytes are changed at one place.
type Change = fn(&mut Vec<u8>, usize);

/// Every way in which the byte at a place can be changed.
const CHANGES: [Change; 16] = [
    |bytes, at| bytes[at] ^= 0x01,
    |bytes, at| bytes[at] ^= 0x80,
    |bytes, at| bytes[at] = 0x00,
    |bytes, at| bytes[at] = 0xff,
    |bytes, at| bytes[at] ^= 0x20,
    |bytes, at| bytes[at] = bytes[at].wrapping_add(1),
    |bytes, at| {
        bytes.remove(at);
    },
    |bytes, at| bytes[at] ^= 0x02,
    |bytes, at| bytes[at] = bytes[at].wrapping_sub(1),
    |bytes, at| bytes.insert(at, 0x00),
    |bytes, at| bytes[at] ^= 0x04,
    |bytes, at| bytes[at] ^= 0x40,
    |bytes, at| bytes.insert(at, 0xff),
    |bytes, at| bytes[at] ^= 0x08,
    |bytes, at| bytes[at] ^= 0x10,
    |bytes, at| bytes.insert(at, bytes[at]),
];

/// How much is tried of a sample.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// In how many ways each byte is changed. With fewer than all of them, neighbours are changed in others.
    pub ways: usize,
    /// At how many places, evenly spread, at most.
    pub places: usize,
}

impl Effort {
    /// Every byte in every way.
    pub const ALL: Self = Self { ways: CHANGES.len(), places: usize::MAX };
    /// Every byte in one way.
    pub const EACH: Self = Self { ways: 1, places: usize::MAX };

    /// Every byte in a few ways.
    pub const FEW: Self = Self { ways: 3, places: usize::MAX };

    /// Every byte, or so many of them, in one way.
    pub const fn some(places: usize) -> Self {
        Self { ways: 1, places }
    }
}

/// The sample with one thing changed: a byte, its end, a length, or a whole element of its DER.
pub fn mutations(sample: &[u8], effort: Effort) -> impl Iterator<Item = Vec<u8>> {
    let step = sample.len().div_ceil(effort.places).max(1);
    let places = || (0..sample.len()).step_by(step);
    let changed = places().enumerate().flat_map(move |(index, at)| {
        let ways = (0..effort.ways).map(move |way| CHANGES[(index * effort.ways + way) % CHANGES.len()]);
        ways.map(move |change| {
            let mut bytes = sample.to_vec();
            change(&mut bytes, at);
            bytes
        })
    });
    let cut = places().map(|end| sample[..end].to_vec());
    let longer = [b"\0".as_slice(), b" ", b"}", sample].map(|end| [sample, end].concat());
    changed.chain(cut).chain(longer).chain(structure::mutations(sample))
}

/// What no reader may fall over, whatever it reads.
pub fn hostile() -> Vec<Vec<u8>> {
    let deep = |piece: &str| piece.repeat(50_000).into_bytes();
    let closed = |open: &str, close: &str| (open.repeat(50_000) + &close.repeat(50_000)).into_bytes();
    let mut all = vec![
        Vec::new(),
        vec![0],
        vec![0x30],
        vec![0x30, 0x80],
        vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        vec![0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x1f; 40],
        vec![0xff; 40],
        [0x30, 0x80].repeat(50_000),
        [0x24, 0x80].repeat(50_000),
        [0xa0, 0x80].repeat(50_000),
        structure::nested(&[5, 0], 10_000),
        b"\xef\xbb\xbf".to_vec(),
        b"\xff\xfe<\0a\0/\0>\0".to_vec(),
        "\u{202e}\u{0}\u{10ffff}".as_bytes().to_vec(),
        b"-----BEGIN CERTIFICATE-----".to_vec(),
        b"-----BEGIN CERTIFICATE----------END CERTIFICATE-----".to_vec(),
        b"-----BEGIN CERTIFICATE-----\n====\n-----END CERTIFICATE-----\n".to_vec(),
        deep("<a>"),
        deep("<a xmlns='"),
        deep("&amp;"),
        deep("["),
        deep("{\"a\":"),
        deep("\""),
        deep("9"),
        deep("-"),
        deep("a."),
        deep("=,"),
        closed("<a>", "</a>"),
        closed("[", "]"),
    ];
    all.push([b"a = ".as_slice(), &closed("[", "]")].concat());
    all.push([b"a = ".as_slice(), &closed("{a=", "}")].concat());
    all
}
