//! Where the entry of a serial is.

use std::hash::{DefaultHasher, Hasher as _};

/// A bucket has some sixteen entries, which lie side by side.
const BUCKET: usize = 16;

/// Eight bytes for each entry: a fingerprint of the serial above, where the entry starts below; sorted. Fingerprints
/// are spread evenly, so their first bits lead to a few of them.
#[derive(Clone, Default)]
pub(super) struct Index {
    places: Vec<u64>,
    /// Where each bucket starts, and the last one ends.
    buckets: Vec<u32>,
    /// How many bits of a fingerprint tell the bucket.
    bits: u32,
}

impl Index {
    pub(super) fn add(&mut self, serial: &[u8], start: u32) {
        self.places.push(u64::from(fingerprint(serial)) << 32 | u64::from(start));
    }

    /// To be called when all are added, before any is looked for.
    pub(super) fn finish(&mut self) {
        self.places.sort_unstable();
        self.places.shrink_to_fit();
        self.bits = (self.places.len() / BUCKET).checked_ilog2().unwrap_or_default();
        self.buckets = Vec::with_capacity((1 << self.bits) + 1);
        for bucket in 0..1_u64 << self.bits {
            let before = |&place: &u64| bucket_of(fingerprint_in(place), self.bits) < bucket;
            let from = self.buckets.last().map_or(0, |&last| last as usize);
            let rest = self.places.get(from..).unwrap_or_default();
            self.buckets.push(narrow((from + rest.iter().take_while(|place| before(place)).count()) as u64));
        }
        self.buckets.push(narrow(self.places.len() as u64));
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Where the entries start that may have this serial, in their order; others can have its fingerprint.
    pub(super) fn of(&self, serial: &[u8]) -> impl Iterator<Item = u32> {
        let wanted = fingerprint(serial);
        let bucket = usize::try_from(bucket_of(wanted, self.bits)).unwrap_or(usize::MAX);
        let (from, to) = match self.buckets.get(bucket..).unwrap_or_default() {
            [from, to, ..] => (*from as usize, *to as usize),
            _ => (0, 0),
        };
        let places = self.places.get(from..to).unwrap_or_default().iter();
        places.filter(move |&&place| fingerprint_in(place) == wanted).map(|&place| narrow(place & LOW))
    }
}

/// The lower half of a place.
const LOW: u64 = u32::MAX as u64;

fn bucket_of(fingerprint: u32, bits: u32) -> u64 {
    u64::from(fingerprint) >> (u32::BITS - bits)
}

fn fingerprint_in(place: u64) -> u32 {
    narrow(place >> 32)
}

pub(super) fn fingerprint(serial: &[u8]) -> u32 {
    let mut hasher = DefaultHasher::new();
    hasher.write(serial);
    narrow(hasher.finish() >> 32)
}

/// A number that is known to be below 2^32: a list has no more bytes.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
