//! Last days: a day of a year that need not begin in January.

use jiff::civil::Date;
use serde::Deserialize;

/// The last day to apply: a day of the year that begins on another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NotAfter {
    /// `MM-DD`, the last day, itself included.
    pub day: MonthDay,
    /// `MM-DD`, the first day of the year that is meant.
    pub year_begins: MonthDay,
}

impl NotAfter {
    /// The last day of the year that a day belongs to; `None` at the end of time.
    pub fn last_day(&self, day: Date) -> Option<Date> {
        let of = |year: i16, at: MonthDay| Date::new(year, at.month, at.day).ok();
        let begins = of(day.year(), self.year_begins)?;
        let begins = if day < begins { of(day.year() - 1, self.year_begins)? } else { begins };
        let last = of(begins.year(), self.day)?;
        if last < begins { of(begins.year() + 1, self.day) } else { Some(last) }
    }
}

/// A day of any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct MonthDay {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

impl TryFrom<String> for MonthDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // A year without a 29 February, so that the day is one of every year.
        let date: Option<Date> = format!("2015-{text}").parse().ok();
        let date = date.filter(|_| text.len() == 5);
        date.map(|date| Self { month: date.month(), day: date.day() })
            .ok_or_else(|| format!("{text:?} is no day of the year; write it as `12-01`"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rule(last: &str) -> NotAfter {
        let day = |text: &str| MonthDay::try_from(text.to_owned()).unwrap();
        NotAfter { day: day(last), year_begins: day("09-01") }
    }

    #[test]
    fn the_last_day_is_that_of_the_school_year() {
        let in_time = |last: &str, filed: Date| filed <= rule(last).last_day(filed).unwrap();
        for filed in [date(2016, 9, 1), date(2016, 12, 1), date(2017, 9, 1)] {
            assert!(in_time("12-01", filed), "{filed}");
        }
        for filed in [date(2016, 12, 2), date(2017, 1, 10), date(2017, 8, 31)] {
            assert!(!in_time("12-01", filed), "{filed}");
        }
        // A last day after the turn of the year.
        assert!(in_time("02-28", date(2017, 2, 28)) && in_time("02-28", date(2016, 12, 31)));
        assert!(!in_time("02-28", date(2017, 3, 1)));
    }

    #[test]
    fn a_day_of_no_year_is_none() {
        for odd in ["", "1-1", "13-01", "02-29", "2016-12-01"] {
            assert!(MonthDay::try_from(odd.to_owned()).is_err(), "{odd}");
        }
    }
}
