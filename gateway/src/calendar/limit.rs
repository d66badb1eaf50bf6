//! Time limits as acts say them.

use std::fmt;
use std::str::FromStr;

use certs::Text;
use jiff::civil::{Date, DateTime, Time, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::{Calendar, NoYear};

/// How long a step may take: `15 min`, `1 working hour`, `13 working days`, `3 calendar days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Limit {
    /// Minutes that pass, whatever the hour.
    Minutes(u32),
    /// Hours between the opening and the closing of the offices, without the lunch break.
    WorkingHours(u32),
    /// Working days, counted from the next day; the limit ends when the offices close.
    WorkingDays(u32),
    /// Days of any kind, counted from the next day; the limit ends with the day.
    CalendarDays(u32),
}

/// Not a time limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no time limit; write it as `15 min`, `1 working hour`, `13 working days` or `3 calendar days`"
)]
pub struct BadLimit(pub String);

/// The parts of a working day: the usual hours of offices, which the acts leave to the standard.
const WORKED: [(Time, Time); 2] =
    [(time(9, 0, 0, 0), time(13, 0, 0, 0)), (time(14, 0, 0, 0), time(18, 0, 0, 0))];

impl FromStr for Limit {
    type Err = BadLimit;

    fn from_str(text: &str) -> Result<Self, BadLimit> {
        let bad = || BadLimit(text.chars().take(60).collect());
        let (number, unit) = text.split_once(' ').ok_or_else(bad)?;
        let number: u32 =
            number.parse().ok().filter(|number| (1..=10_000).contains(number)).ok_or_else(bad)?;
        match unit {
            "min" => Ok(Self::Minutes(number)),
            "working hour" | "working hours" => Ok(Self::WorkingHours(number)),
            "working day" | "working days" => Ok(Self::WorkingDays(number)),
            "calendar day" | "calendar days" => Ok(Self::CalendarDays(number)),
            _ => Err(bad()),
        }
    }
}

impl TryFrom<String> for Limit {
    type Error = BadLimit;

    fn try_from(text: String) -> Result<Self, BadLimit> {
        text.parse()
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |number: u32| if number == 1 { "" } else { "s" };
        match self {
            Self::Minutes(number) => write!(f, "{number} min"),
            Self::WorkingHours(number) => write!(f, "{number} working hour{}", plural(*number)),
            Self::WorkingDays(number) => write!(f, "{number} working day{}", plural(*number)),
            Self::CalendarDays(number) => write!(f, "{number} calendar day{}", plural(*number)),
        }
    }
}

impl Limit {
    /// The limit as people say it.
    pub fn text(self) -> Text {
        let (number, kk, ru) = match self {
            Self::Minutes(number) => (number, "минут", ["минута", "минуты", "минут"]),
            Self::WorkingHours(number) => {
                (number, "жұмыс сағаты", ["рабочий час", "рабочих часа", "рабочих часов"])
            }
            Self::WorkingDays(number) => {
                (number, "жұмыс күні", ["рабочий день", "рабочих дня", "рабочих дней"])
            }
            Self::CalendarDays(number) => {
                (number, "күнтізбелік күн", ["календарный день", "календарных дня", "календарных дней"])
            }
        };
        let form = match (number % 10, number % 100) {
            (_, 11..=14) => 2,
            (1, _) => 0,
            (2..=4, _) => 1,
            _ => 2,
        };
        Text::new(format!("{number} {kk}"), format!("{number} {}", ru[form]), self.to_string())
    }

    /// When a limit that begins now ends, in the time zone of the act.
    ///
    /// # Errors
    /// [`NoYear`] when the calendar ends before it.
    pub fn ends(self, begins: Timestamp, zone: &TimeZone, calendar: &Calendar) -> Result<Timestamp, NoYear> {
        let local = begins.to_zoned(zone.clone()).datetime();
        let end = match self {
            Self::Minutes(number) => {
                return Ok(begins
                    .saturating_add(SignedDuration::from_mins(number.into()))
                    .unwrap_or(Timestamp::MAX));
            }
            Self::WorkingHours(number) => after_hours(local, number, calendar)?,
            Self::WorkingDays(number) => {
                calendar.after_working_days(local.date(), number)?.to_datetime(WORKED[1].1)
            }
            Self::CalendarDays(number) => {
                midnight(local.date().saturating_add((i64::from(number) + 1).days()))
            }
        };
        Ok(end.to_zoned(zone.clone()).map_or(Timestamp::MAX, |end| end.timestamp()))
    }
}

fn midnight(date: Date) -> DateTime {
    date.to_datetime(Time::midnight())
}

/// Goes through the worked parts of days until the hours are used up.
fn after_hours(from: DateTime, hours: u32, calendar: &Calendar) -> Result<DateTime, NoYear> {
    let mut left = SignedDuration::from_hours(hours.into());
    let mut date = from.date();
    loop {
        date = calendar.next_worked(date)?;
        for (opens, closes) in WORKED {
            let begins = date.to_datetime(opens).max(from);
            let closes = date.to_datetime(closes);
            let open = begins.duration_until(closes);
            if open >= left {
                return Ok(begins.saturating_add(left));
            }
            left -= open.max(SignedDuration::ZERO);
        }
        date = date.saturating_add(1.day());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(limit: &str, begins: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let begins: Timestamp = begins.parse().unwrap();
        let limit: Limit = limit.parse().unwrap();
        let end = limit.ends(begins, &zone, &Calendar::kazakhstan().unwrap()).unwrap();
        end.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
    }

    #[test]
    fn limits_read_back_as_they_are_written() {
        for text in ["15 min", "1 working hour", "13 working days", "1 calendar day"] {
            assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
        }
        for text in ["", "15", "0 min", "-1 min", "15 minutes", "1 day", "99999999999 min"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }

    #[test]
    fn limits_are_told_in_each_language() {
        let told = |text: &str| text.parse::<Limit>().unwrap().text();
        assert_eq!(told("15 min").ru, "15 минут");
        assert_eq!(told("1 working day").ru, "1 рабочий день");
        assert_eq!(told("3 working hours").ru, "3 рабочих часа");
        assert_eq!(told("13 working days").ru, "13 рабочих дней");
        assert_eq!(told("13 working days").kk, "13 жұмыс күні");
        assert_eq!(told("3 calendar days").en, "3 calendar days");
    }

    #[test]
    fn limits_end_by_the_clock_of_the_act() {
        let aqtau = "Asia/Aqtau";
        assert_eq!(ends("15 min", "2016-10-01T18:50:00Z", aqtau), "2016-10-02 00:05");
        assert_eq!(ends("15 working days", "2016-10-03T06:00:00Z", aqtau), "2016-10-24 18:00");
        assert_eq!(ends("3 calendar days", "2016-10-03T06:00:00Z", aqtau), "2016-10-07 00:00");
        // Half past twelve: half an hour is left before lunch.
        assert_eq!(ends("1 working hour", "2016-10-03T07:30:00Z", aqtau), "2016-10-03 14:30");
        // On Friday evening it begins on Monday.
        assert_eq!(ends("1 working hour", "2016-10-07T15:00:00Z", aqtau), "2016-10-10 10:00");
        assert_eq!(ends("9 working hours", "2016-10-07T04:00:00Z", aqtau), "2016-10-10 10:00");
    }

    #[test]
    fn a_day_is_the_day_where_the_act_is_in_force() {
        // Kyzylorda was six hours ahead until December 2018, and five since.
        let kyzylorda = "Asia/Qyzylorda";
        assert_eq!(ends("1 working day", "2018-03-12T18:30:00Z", kyzylorda), "2018-03-14 18:00");
        assert_eq!(ends("1 working day", "2019-03-12T18:30:00Z", kyzylorda), "2019-03-13 18:00");
    }
}
