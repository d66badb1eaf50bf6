//! In which step of a file something stands that could not be read.

/// `channel §paragraph` of the step around a position of the text; the header alone where the step has no `at`, and
/// nothing outside of steps.
pub(super) fn of(text: &str, position: usize) -> Option<String> {
    let end = text.get(position..)?.find("\n[").map_or(text.len(), |next| position + next);
    // What is missing is reported at the header itself.
    let begin =
        text.get(..position + 2).unwrap_or(text).rmatch_indices("[[").map(|(at, _)| at).find(|at| {
            let header = text.get(*at..).unwrap_or_default();
            text.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with('\n'))
                && !header.lines().next().unwrap_or_default().ends_with(".step.documents]]")
        })?;
    let block = text.get(begin..end)?;
    let header = block.lines().next()?.trim().strip_prefix("[[")?.strip_suffix("]]")?;
    let owner = header.strip_suffix(".step")?.split_once('.')?.1;
    let mut lines = block.lines().map(str::trim);
    let paragraph = lines.find_map(|line| line.strip_prefix("at")?.trim_start().strip_prefix('='));
    Some(match paragraph {
        Some(paragraph) => format!("{owner} §{}", paragraph.trim().trim_matches('"')),
        None => owner.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_step_around_a_position_is_named() {
        let text = "id = \"x\"\n\n[[channel.portal.step]]\nat   = \"1.2\"\nkind = \"odd\"\n\
                    [[channel.portal.step.documents]]\nappendix = -1\n[[statement]]\nat = \"3\"\n";
        let of = |word: &str| super::of(text, text.find(word).unwrap());
        assert_eq!(of("odd").as_deref(), Some("portal §1.2"));
        assert_eq!(of("[[channel.portal.step]]").as_deref(), Some("portal §1.2"));
        assert_eq!(of("-1").as_deref(), Some("portal §1.2"));
        assert_eq!(of("\"x\""), None);
        assert_eq!(of("\"3\""), None);
    }
}
