//! What stands above the columns: service, act, case; that it is a specimen; that the act is repealed.

use super::block;
use super::measure::{Weight, width, wrap};
use super::model::Diagram;
use super::place::MARGIN;
use super::scene::{Anchor, Line, Rect, Text, Tone};
use super::words;

/// The header in its place.
pub(super) struct Header {
    pub(super) texts: Vec<Text>,
    pub(super) frames: Vec<(Rect, bool)>,
    pub(super) bottom: f64,
}

/// The width of the frames to the right.
const FRAME: f64 = 236.0;

pub(super) fn set(diagram: &Diagram, wide: f64) -> Header {
    let lang = diagram.lang;
    let room = wide - 2.0 * MARGIN - FRAME - 24.0;
    let mut left: Vec<Line> = Vec::new();
    let mut say = |text: &str, size, weight, tone| left.extend(block::lines(text, size, weight, tone, room));
    say(&diagram.kind, 11.0, Weight::Regular, Tone::Quiet);
    say(&diagram.title, 17.0, Weight::Bold, Tone::Plain);
    say(&diagram.subtitle, 12.0, Weight::Regular, Tone::Plain);
    say(&diagram.act, 12.0, Weight::Regular, Tone::Plain);
    if let Some(traced) = &diagram.traced {
        say(
            &format!("{} {}: {}", words::case(lang), traced.case, words::traced(lang)),
            12.0,
            Weight::Bold,
            Tone::Plain,
        );
        match &traced.difference {
            Some(found) => {
                say(&format!("{} {found}", words::first_difference(lang)), 12.0, Weight::Bold, Tone::Alarm);
            }
            None => say(words::no_difference(lang), 12.0, Weight::Regular, Tone::Plain),
        }
    }
    let mut texts = block::set(&left, MARGIN, MARGIN, Anchor::Start, false);
    let mut frames = Vec::new();
    let mut y = MARGIN;
    let mut frame = |first: &str, second: &str, alarm: bool| {
        let tone = if alarm { Tone::Alarm } else { Tone::Plain };
        let mut lines = block::lines(first, 12.5, Weight::Bold, tone, FRAME - 16.0);
        lines.extend(block::lines(second, 10.5, Weight::Regular, Tone::Plain, FRAME - 16.0));
        let rect = Rect { x: wide - MARGIN - FRAME, y, w: FRAME, h: block::height(&lines) + 12.0 };
        texts.extend(block::set(&lines, rect.centre().x, y + 6.0, Anchor::Middle, false));
        frames.push((rect, alarm));
        y += rect.h + 8.0;
    };
    frame(words::SPECIMEN, words::not_official(lang), false);
    if diagram.repealed {
        frame(words::repealed(lang), &diagram.status, true);
    }
    Header { texts, frames, bottom: (MARGIN + block::height(&left)).max(y - 8.0) }
}

/// Where columns begin on the pages after the first.
pub(super) const AGAIN: f64 = MARGIN + 34.0;

/// What stands above the columns of a further page that begins at `top`.
pub(super) fn again(diagram: &Diagram, wide: f64, top: f64) -> Header {
    let lang = diagram.lang;
    let marks: Vec<(&str, bool)> = [(words::SPECIMEN, false), (words::repealed(lang), true)]
        .into_iter()
        .filter(|(_, alarm)| !alarm || diagram.repealed)
        .collect();
    let mut texts = Vec::new();
    let mut frames = Vec::new();
    let mut right = wide - MARGIN;
    for (mark, alarm) in marks.iter().rev() {
        let w = width(mark, 10.5, Weight::Bold) + 16.0;
        let rect = Rect { x: right - w, y: top + MARGIN - 4.0, w, h: 22.0 };
        let tone = if *alarm { Tone::Alarm } else { Tone::Plain };
        let line = block::line(*mark, 10.5, Weight::Bold, tone);
        texts.extend(block::set(&[line], rect.centre().x, rect.y + 4.5, Anchor::Middle, false));
        frames.push((rect, *alarm));
        right -= w + 8.0;
    }
    let room = right - MARGIN - 16.0;
    let one = |text: &str, size: f64, weight: Weight, tone: Tone| {
        let mut lines = wrap(text, size, weight, room - size);
        let more = if lines.len() > 1 { " …" } else { "" };
        block::line(lines.drain(..1.min(lines.len())).collect::<String>() + more, size, weight, tone)
    };
    let lines = [
        one(&diagram.title, 11.5, Weight::Bold, Tone::Plain),
        one(&diagram.subtitle, 10.0, Weight::Regular, Tone::Plain),
    ];
    texts.extend(block::set(&lines, MARGIN, top + MARGIN - 6.0, Anchor::Start, false));
    Header { texts, frames, bottom: top + AGAIN }
}

/// What stands below everything on a page that ends at `bottom`.
pub(super) fn foot(diagram: &Diagram, wide: f64, bottom: f64, page: usize, of: usize) -> Vec<Text> {
    let line = |text: String| [block::line(text, 10.0, Weight::Regular, Tone::Quiet)];
    let case = diagram.traced.as_ref().map(|traced| format!(" · {}", traced.case)).unwrap_or_default();
    let left = block::set(&line(diagram.id.clone() + &case), MARGIN, bottom - 20.0, Anchor::Start, false);
    let number = format!("{} {page} / {of}", words::page(diagram.lang));
    left.into_iter()
        .chain(block::set(&line(number), wide - MARGIN, bottom - 20.0, Anchor::End, false))
        .collect()
}
