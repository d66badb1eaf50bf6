//! One line of characters to draw on, and the breaking of text by characters.

use std::fmt;

use super::model::State;

/// A line of characters.
#[derive(Debug, Clone)]
pub(super) struct Canvas(Vec<char>);

/// What a stroke is drawn with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    stroke: char,
    hollow: bool,
    refused: bool,
}

impl Pen {
    pub(super) fn of(inferred: bool, state: State) -> Self {
        let stroke = match (state, inferred) {
            (State::Plain, false) => '─',
            (State::Plain, true) => '╌',
            (State::Gone | State::Refused, false) => '━',
            (State::Gone | State::Refused, true) => '╍',
            (State::Not, _) => '·',
        };
        let hollow = inferred || state == State::Not;
        Self { stroke, hollow, refused: state == State::Refused }
    }

    /// The arrow's head.
    pub(super) fn head(self, right: bool) -> char {
        match (self.refused, right, self.hollow) {
            (true, ..) => '✗',
            (_, true, false) => '▶',
            (_, true, true) => '▷',
            (_, false, false) => '◀',
            (_, false, true) => '◁',
        }
    }
}

impl Canvas {
    pub(super) fn new(width: usize) -> Self {
        Self(vec![' '; width])
    }

    pub(super) fn put(&mut self, at: usize, letter: char) {
        if let Some(place) = self.0.get_mut(at) {
            *place = letter;
        }
    }

    pub(super) fn write(&mut self, at: usize, text: &str) {
        text.chars().enumerate().for_each(|(index, letter)| self.put(at + index, letter));
    }

    /// An arrow from one lane to another; its head stands before the symbol there.
    pub(super) fn arrow(&mut self, from: usize, to: usize, pen: Pen, both_ways: bool) {
        if from == to {
            return;
        }
        let right = to > from;
        let (first, last) = (from.min(to), from.max(to));
        (first + 1..last).for_each(|at| self.put(at, pen.stroke));
        self.put(from, if right { '├' } else { '┤' });
        self.put(
            if right { last.saturating_sub(2).max(first + 1) } else { (first + 2).min(last - 1) },
            pen.head(right),
        );
        if right {
            self.put(last - 1, if last - first > 2 { ' ' } else { pen.head(true) });
        } else {
            self.put(first + 1, if last - first > 2 { ' ' } else { pen.head(false) });
        }
        if both_ways && last - first > 4 {
            self.put(if right { first + 1 } else { last - 1 }, pen.head(!right));
        }
    }
}

impl fmt::Display for Canvas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{letter}"))
    }
}

/// A lane's number.
pub(super) fn key(lane: usize) -> String {
    (lane + 1).to_string()
}

/// Breaks a text into lines of at most `limit` characters, at spaces, at soft hyphens, or where it must.
pub(super) fn wrap(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let whole = word.replace('\u{ad}', "");
        let space = usize::from(!line.is_empty());
        if line.chars().count() + space + whole.chars().count() <= limit {
            line.push_str(if space == 1 { " " } else { "" });
            line.push_str(&whole);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if whole.chars().count() <= limit {
            line = whole;
            continue;
        }
        let mut parts = word.split('\u{ad}').peekable();
        while let Some(part) = parts.next() {
            line.push_str(part);
            if parts.peek().is_some() {
                lines.push(format!("{}-", std::mem::take(&mut line)));
            }
        }
        while line.chars().count() > limit {
            let cut: String = line.chars().take(limit).collect();
            line = line.chars().skip(limit).collect();
            lines.push(cut);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}
