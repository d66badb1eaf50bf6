//! Moments as people order them: by the world's clock, or so long before and after what it shows.

use jiff::{Span, SpanRelativeTo, Timestamp};
use signer::{Code, Problem};

/// Reads `2026-12-01T09:00:00+05:00`, or a span from `now` on: `+1d`, `-2 hours`. A day is 24 hours.
///
/// # Errors
/// [`Code::InvalidValue`], with the name of the field.
pub(super) fn read(field: &str, text: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let span = text.parse::<Span>().and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()));
    span.and_then(|by| now.checked_add(by)).map_err(|_| {
        let detail =
            format!("`{field}`: {text:?} is neither a moment as 2026-12-01T09:00:00Z nor a span as +1d");
        Problem::new(Code::InvalidValue).detail(detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_spans_are_read() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("+1d", "2026-11-21T10:00:00Z"),
            ("-1d", "2026-11-19T10:00:00Z"),
            ("2 hours", "2026-11-20T12:00:00Z"),
            ("1 week ago", "2026-11-13T10:00:00Z"),
            ("-PT30M", "2026-11-20T09:30:00Z"),
            ("2027-01-01T00:00:00+05:00", "2026-12-31T19:00:00Z"),
        ] {
            assert_eq!(read("not_after", text, now).unwrap(), expected.parse().unwrap(), "{text}");
        }
        for wrong in ["", "tomorrow", "+1 month", "99999999999d", "+-1d"] {
            let problem = read("not_after", wrong, now).unwrap_err();
            assert_eq!(problem.code, Code::InvalidValue, "{wrong}");
            assert!(problem.detail.as_ref().is_some_and(|detail| detail.contains("not_after")));
        }
    }
}
