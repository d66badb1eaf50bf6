//! Business calendars: which days are worked, and when a time limit ends.
//!
//! A calendar is data (`gateway/calendars`). A year that it does not have is an error, never a guess.

mod deadline;
mod limit;

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

pub use deadline::{MonthDay, NotAfter};
pub use limit::{BadLimit, Limit};

/// The calendar that the program carries.
const KAZAKHSTAN: &str = include_str!("../../calendars/kazakhstan.toml");

/// Which days are worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Year {
    provisional: bool,
    off: BTreeSet<Date>,
    works: BTreeSet<Date>,
}

/// The calendar ends before the day that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the business calendar has no year {year}")]
pub struct NoYear {
    /// The year that is missing.
    pub year: i16,
}

/// Why a calendar could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// Not TOML of the known keys.
    #[error(transparent)]
    Malformed(#[from] toml::de::Error),
    /// A year stands there twice.
    #[error("the year {0} stands there twice")]
    Twice(i16),
    /// A day that cannot be an exception of its year.
    #[error("{day} under the year {year}: {why}")]
    Odd {
        /// The year it stands under.
        year: i16,
        /// The day.
        day: String,
        /// What is odd about it.
        why: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    year: i16,
    #[serde(default)]
    provisional: bool,
    off: Vec<toml::value::Datetime>,
    #[serde(default)]
    works: Vec<toml::value::Datetime>,
}

impl Calendar {
    /// That of Kazakhstan, 2015 to 2027.
    ///
    /// # Errors
    /// Never for the file that is built in; a test reads it.
    pub fn kazakhstan() -> Result<Self, CalendarError> {
        Self::read(KAZAKHSTAN)
    }

    /// From the text of a calendar file: per year the weekdays that are `off` and the weekend days that are worked.
    ///
    /// # Errors
    /// [`CalendarError`] for anything that is not such a file, or says the same day in two ways.
    pub fn read(text: &str) -> Result<Self, CalendarError> {
        let file: File = toml::from_str(text)?;
        let mut years = BTreeMap::new();
        for said in file.year {
            let weekend = |date: Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            let off = dates(said.year, &said.off, |date| !weekend(date), "no weekday to be taken off")?;
            let works = dates(said.year, &said.works, weekend, "no weekend day to be worked")?;
            let year = Year { provisional: said.provisional, off, works };
            if years.insert(said.year, year).is_some() {
                return Err(CalendarError::Twice(said.year));
            }
        }
        Ok(Self { years })
    }

    fn year(&self, date: Date) -> Result<&Year, NoYear> {
        self.years.get(&date.year()).ok_or(NoYear { year: date.year() })
    }

    /// Whether a day is worked.
    pub fn is_worked(&self, date: Date) -> Result<bool, NoYear> {
        let year = self.year(date)?;
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(if weekend { year.works.contains(&date) } else { !year.off.contains(&date) })
    }

    /// Whether days of the year may still be moved.
    pub fn is_provisional(&self, date: Date) -> Result<bool, NoYear> {
        Ok(self.year(date)?.provisional)
    }

    /// The first worked day from this one on.
    pub fn next_worked(&self, mut date: Date) -> Result<Date, NoYear> {
        while !self.is_worked(date)? {
            date = date.saturating_add(1.day());
        }
        Ok(date)
    }

    /// The last day of a number of working days, counted from the day after `start`; `start` itself for none.
    pub fn after_working_days(&self, start: Date, days: u32) -> Result<Date, NoYear> {
        let mut date = start;
        for _ in 0..days {
            date = self.next_worked(date.saturating_add(1.day()))?;
        }
        Ok(date)
    }
}

fn dates(
    year: i16,
    said: &[toml::value::Datetime],
    fits: impl Fn(Date) -> bool,
    why: &'static str,
) -> Result<BTreeSet<Date>, CalendarError> {
    said.iter()
        .map(|said| {
            let day = said.to_string();
            let date = day.parse::<Date>().ok().filter(|date| date.year() == year && fits(*date));
            date.ok_or(CalendarError::Odd { year, day, why })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn working_days_go_past_weekends_holidays_and_transfers() {
        let calendar = Calendar::kazakhstan().unwrap();
        // Fifteen working days from Monday 3 October 2016: weekends only.
        assert_eq!(calendar.after_working_days(date(2016, 10, 3), 15), Ok(date(2016, 10, 24)));
        // New Year's days on a weekend move on.
        assert_eq!(calendar.after_working_days(date(2016, 12, 30), 1), Ok(date(2017, 1, 4)));
        // A Saturday worked for a Friday.
        assert_eq!(calendar.is_worked(date(2017, 7, 1)), Ok(true));
        assert_eq!(calendar.is_worked(date(2017, 7, 7)), Ok(false));
        assert_eq!(calendar.next_worked(date(2018, 12, 30)), Ok(date(2019, 1, 3)));
        assert_eq!(calendar.after_working_days(date(2016, 10, 8), 0), Ok(date(2016, 10, 8)));
        // A public holiday until 2021.
        assert_eq!(calendar.is_worked(date(2016, 12, 1)), Ok(false));
        assert_eq!(calendar.is_worked(date(2022, 12, 1)), Ok(true));
        assert_eq!(calendar.is_provisional(date(2026, 5, 1)), Ok(true));
    }

    #[test]
    fn a_missing_year_is_no_guess() {
        let calendar = Calendar::kazakhstan().unwrap();
        assert_eq!(calendar.is_worked(date(2014, 12, 31)), Err(NoYear { year: 2014 }));
        assert_eq!(calendar.after_working_days(date(2027, 12, 30), 3), Err(NoYear { year: 2028 }));
    }

    #[test]
    fn an_odd_calendar_is_refused() {
        let wrong = |text: &str| Calendar::read(text).unwrap_err().to_string();
        let twice = "[[year]]\nyear = 2016\noff = []\n[[year]]\nyear = 2016\noff = []\n";
        assert!(wrong(twice).contains("twice"));
        assert!(wrong("[[year]]\nyear = 2016\noff = [2016-03-05]\n").contains("2016-03-05"));
        assert!(wrong("[[year]]\nyear = 2016\noff = [2017-03-06]\n").contains("2017-03-06"));
        assert!(wrong("[[year]]\nyear = 2016\noff = []\nworks = [2016-03-07]\n").contains("2016-03-07"));
        assert!(wrong("[[year]]\nyear = 2016\noff = []\nwork = []\n").contains("unknown field"));
    }
}
