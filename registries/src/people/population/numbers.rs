//! Numbers of papers, each given once. All begin in a way that no real ones do.

/// Numbers below a power of ten, in an order that looks like none.
struct Sequence {
    base: u64,
    next: u64,
    size: u64,
}

impl Sequence {
    /// Prime to every power of ten.
    const STRIDE: u64 = 7_654_321;

    fn next(&mut self) -> u64 {
        let number = (self.base + self.next * Self::STRIDE) % self.size;
        self.next += 1;
        number
    }
}

/// The numbers of one population.
pub(super) struct Numbers {
    cards: Sequence,
    passports: Sequence,
    certificates: Sequence,
    others: Sequence,
}

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        let sequence = |digits| {
            let size = 10_u64.pow(digits);
            Sequence { base: seed % size, next: 0, size }
        };
        Self { cards: sequence(8), passports: sequence(7), certificates: sequence(7), others: sequence(6) }
    }

    /// Nine digits, the first a 9.
    pub(super) fn identity_card(&mut self) -> String {
        format!("9{:08}", self.cards.next())
    }

    /// Of a national passport: `N9…`.
    pub(super) fn passport(&mut self) -> String {
        format!("N9{:07}", self.passports.next())
    }

    /// Of another country's passport.
    pub(super) fn foreign_passport(&mut self) -> String {
        format!("TEST{:07}", self.passports.next())
    }

    /// Of the civil registry.
    pub(super) fn civil(&mut self, year: i16) -> String {
        format!("99-999-{:02}-{:07}", year % 100, self.certificates.next())
    }

    /// Of a paper of another kind.
    pub(super) fn paper(&mut self, kind: &str, year: i16) -> String {
        format!("{kind}-{year}-{:06}", self.others.next())
    }
}
