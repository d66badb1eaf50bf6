//! Twelve checked digits, the common ground of IIN and BIN.

use super::{CheckDigit, IdentityError};

/// Twelve values 0..=9.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Digits([u8; 12]);

impl Digits {
    pub(super) fn parse(s: &str, check: CheckDigit) -> Result<Self, IdentityError> {
        let found = s.chars().count();
        if found != 12 {
            return Err(IdentityError::Length { found });
        }
        let mut digits = [0; 12];
        for (index, (slot, c)) in digits.iter_mut().zip(s.chars()).enumerate() {
            let digit = c.to_digit(10).and_then(|d| u8::try_from(d).ok());
            *slot = digit.ok_or(IdentityError::NotDigit { position: index + 1 })?;
        }
        let [head @ .., found] = digits;
        let expected = check_digit(&head);
        if check == CheckDigit::Strict && expected != Some(found) {
            return Err(IdentityError::CheckDigit { expected, found });
        }
        Ok(Self(digits))
    }

    /// The number with these first eleven digits, if one can exist.
    pub(super) fn with_check_digit(head: [u8; 11]) -> Option<Self> {
        let check = check_digit(&head)?;
        let mut digits = [check; 12];
        for (slot, digit) in digits.iter_mut().zip(head) {
            *slot = digit;
        }
        Some(Self(digits))
    }

    /// The digit at `place`, counted from 1 as the rules count them.
    pub(super) fn at(self, place: usize) -> u8 {
        self.0.get(place.wrapping_sub(1)).copied().unwrap_or(0)
    }

    /// The two digits from `place` on, as a number.
    pub(super) fn pair(self, place: usize) -> u8 {
        self.at(place) * 10 + self.at(place + 1)
    }
}

impl std::fmt::Display for Digits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text: String = self.0.iter().map(|d| char::from(b'0' + d)).collect();
        f.pad(&text)
    }
}

/// The eleven decimal digits of `value`, which is below 10^11.
pub(super) fn eleven_digits(mut value: u64) -> [u8; 11] {
    let mut digits = [0; 11];
    for slot in digits.iter_mut().rev() {
        *slot = u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
    digits
}

/// Weighted sum modulo 11 with weights 1..11; if that gives 10, with weights shifted by two; `None` if 10 again.
fn check_digit(head: &[u8; 11]) -> Option<u8> {
    let remainder = |shift: usize| {
        let sum: usize = head.iter().enumerate().map(|(i, &d)| usize::from(d) * ((i + shift) % 11 + 1)).sum();
        sum % 11
    };
    [0, 2].into_iter().map(remainder).find(|&r| r < 10).and_then(|r| u8::try_from(r).ok())
}
