//! What both databases are told in the same way.

/// A count for a database, whose integers are signed; what is too great means "all" there.
pub(super) fn sql_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A number for a database, whose integers are signed; none of ours gets that great.
pub(super) fn sql_number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number from a database. We never write negative ones.
pub(super) fn from_sql_number(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// The least text that is greater than everything starting with `prefix`; `None` when there is none.
pub(super) fn after_prefix(prefix: &str) -> Option<String> {
    let mut end = prefix.to_owned();
    while let Some(last) = end.pop() {
        // `char` knows to step over the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_the_next_text() {
        let end = |prefix| after_prefix(prefix);
        assert_eq!(end("case/"), Some("case0".to_owned()));
        assert_eq!(end("қ"), Some("Ҝ".to_owned()));
        assert_eq!(end("a\u{d7ff}"), Some("a\u{e000}".to_owned()));
        assert_eq!(end("a\u{10ffff}"), Some("b".to_owned()));
        assert_eq!(end("\u{10ffff}"), None);
        assert_eq!(end(""), None);
    }
}
