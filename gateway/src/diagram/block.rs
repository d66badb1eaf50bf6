//! Text in symbols: which lines it makes, and how high the symbol has to be.

use super::measure::{Weight, width, wrap, wrap_in};
use super::model::{Mark, Node, Note, Shape};
use super::scene::{Anchor, Line, Point, Rect, Text, Tone};

/// The size of headings in symbols, and of what is said there.
pub(super) const HEAD: f64 = 11.5;
/// The size of usual text.
pub(super) const BODY: f64 = 11.5;
/// The size of small print.
pub(super) const SMALL: f64 = 10.0;
/// How much a mark before a line takes.
pub(super) const MARK: f64 = 14.0;
/// Space between a box and its text.
const PADDING: f64 = 7.0;
/// A diamond that grows beyond this is given what it has.
const TALLEST: f64 = 6000.0;

/// Lines with the height they take.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) lines: Vec<Line>,
    /// The height of the symbol around them.
    pub(super) height: f64,
}

/// The height of a line.
pub(super) fn leading(size: f64) -> f64 {
    size * 1.3
}

pub(super) fn line(text: impl Into<String>, size: f64, weight: Weight, tone: Tone) -> Line {
    Line { text: text.into(), size, weight, tone, mark: Mark::None }
}

/// Lines of one kind, wrapped.
pub(super) fn lines(text: &str, size: f64, weight: Weight, tone: Tone, limit: f64) -> Vec<Line> {
    wrap(text, size, weight, limit).into_iter().map(|text| line(text, size, weight, tone)).collect()
}

pub(super) fn height(lines: &[Line]) -> f64 {
    lines.iter().map(|line| leading(line.size)).sum()
}

pub(super) fn widest(lines: &[Line]) -> f64 {
    lines.iter().map(|line| width(&line.text, line.size, line.weight)).fold(0.0, f64::max)
}

/// Sets lines below each other, beginning at `top`.
pub(super) fn set(lines: &[Line], x: f64, top: f64, anchor: Anchor, pale: bool) -> Vec<Text> {
    let mut y = top;
    let mut texts = Vec::with_capacity(lines.len());
    for line in lines {
        let at = Point { x, y: y + line.size };
        texts.push(Text { line: line.clone(), at, anchor, pale });
        y += leading(line.size);
    }
    texts
}

/// A step's text in a column of this width.
pub(super) fn of_node(node: &Node, room: f64) -> Block {
    match node.shape {
        Shape::Process | Shape::Aside => of_box(node, room),
        Shape::Condition => of_diamond(node, room),
    }
}

fn of_box(node: &Node, room: f64) -> Block {
    let limit = room - 2.0 * PADDING;
    let mut all = Vec::new();
    let mut say = |text: &str, size, weight, tone| all.extend(lines(text, size, weight, tone, limit));
    say(&node.head(), HEAD, Weight::Bold, Tone::Plain);
    node.guard.iter().for_each(|guard| say(guard, SMALL, Weight::Regular, Tone::Plain));
    say(&node.what, BODY, Weight::Regular, Tone::Plain);
    node.within.iter().for_each(|within| say(within, SMALL, Weight::Regular, Tone::Plain));
    node.documents.iter().for_each(|document| say(document, SMALL, Weight::Regular, Tone::Plain));
    node.signed.iter().for_each(|signed| say(signed, SMALL, Weight::Regular, Tone::Plain));
    node.unsaid.iter().for_each(|unsaid| say(unsaid, SMALL, Weight::Regular, Tone::Quiet));
    let height = height(&all) + 2.0 * PADDING;
    Block { lines: all, height }
}

/// The flattest diamond of the column's width that holds the text; what of it the text does not say stands below.
fn of_diamond(node: &Node, room: f64) -> Block {
    let head = match &node.label {
        Some(label) => vec![format!("§{}", node.paragraph), label.clone()],
        None => vec![format!("§{}", node.paragraph)],
    };
    let small: Vec<&String> = node.guard.iter().chain(&node.within).chain(&node.signed).collect();
    // A diamond holds text of at most half its area, and never fills that; below there is nothing to try.
    let long = |text: &String| width(text, SMALL, Weight::Regular);
    let length: f64 = head.iter().chain([&node.what]).chain(small.iter().copied()).map(long).sum();
    let mut height = (2.2 * length * leading(BODY) / room.max(1.0)).max(60.0);
    while height < TALLEST {
        let fewest = head.len() + 1;
        let most = (fewest..1000).take_while(|count| leading(BODY) * super::count(*count) < height).count();
        // Half as many lines as there is height for is what a diamond fills best.
        let middle = usize::midpoint(fewest, most);
        let mut counts: Vec<usize> = (fewest..fewest + most).collect();
        counts.sort_by_key(|count| count.abs_diff(middle));
        // Long texts fill a diamond well as they come.
        let shares: &[f64] = if most < 12 { &[1.0, 0.85, 0.7, 0.6] } else { &[1.0] };
        let found = counts
            .into_iter()
            .take(14)
            .flat_map(|count| shares.iter().map(move |share| (count, *share)))
            .find_map(|(count, share)| fill(&head, &node.what, &small, (room, height), count, share));
        if let Some(lines) = found {
            return Block { lines, height };
        }
        height += (height * 0.03).max(4.0);
    }
    let mut all = lines(&node.head(), HEAD, Weight::Bold, Tone::Plain, room / 2.0 - PADDING);
    all.extend(lines(&node.what, BODY, Weight::Regular, Tone::Plain, room / 2.0 - PADDING));
    Block { height: 2.1 * leading(BODY) * super::count(all.len()), lines: all }
}

/// The text in exactly so many lines of a diamond, if it fits. Lines are filled to this share of what they hold: a
/// shorter line in the middle often spares a longer one below.
fn fill(
    head: &[String],
    what: &str,
    small: &[&String],
    (room, tall): (f64, f64),
    count: usize,
    share: f64,
) -> Option<Vec<Line>> {
    let step = leading(BODY);
    let middle = super::count(count) / 2.0;
    let limit = |line: usize| {
        let upper = (super::count(line) - middle).abs();
        let lower = (super::count(line + 1) - middle).abs();
        (room * (1.0 - 2.0 * upper.max(lower) * step / (tall - 12.0)) - 10.0).max(0.0)
    };
    let mut all: Vec<Line> = Vec::new();
    for heading in head {
        if width(heading, HEAD, Weight::Bold) > limit(all.len()) {
            return None;
        }
        all.push(line(heading, HEAD, Weight::Bold, Tone::Plain));
    }
    let mut say = |text: &str, size: f64, tone: Tone| {
        let begun = all.len();
        let longest =
            text.split_whitespace().map(|word| width(word, size, Weight::Regular)).fold(0.0, f64::max);
        let wrapped = wrap_in(text, size, Weight::Regular, |line| share * limit(begun + line));
        // A word is cut only where not even the widest line has room for it.
        let cut = longest <= room * 0.7
            && wrapped.iter().flat_map(|line| line.split_whitespace()).count()
                != text.split_whitespace().count();
        all.extend(wrapped.into_iter().map(|text| Line { size, ..line(text, BODY, Weight::Regular, tone) }));
        !cut
    };
    let whole = say(what, BODY, Tone::Plain) && small.iter().all(|text| say(text, SMALL, Tone::Quiet));
    let fits = all.len() == count
        && all.iter().enumerate().all(|(at, line)| width(&line.text, line.size, line.weight) <= limit(at));
    (whole && fits).then_some(all)
}

/// Sets a step's lines in its symbol.
pub(super) fn set_in(block: &Block, shape: Shape, rect: Rect, pale: bool) -> Vec<Text> {
    let centre = rect.centre();
    // A diamond's lines are all as high as its widest ones, as `fill` counts them.
    let tall = match shape {
        Shape::Process | Shape::Aside => height(&block.lines),
        Shape::Condition => leading(BODY) * super::count(block.lines.len()),
    };
    let mut y = centre.y - tall / 2.0;
    let mut texts = Vec::with_capacity(block.lines.len());
    for line in &block.lines {
        texts.push(Text {
            line: line.clone(),
            at: Point { x: centre.x, y: y + line.size },
            anchor: Anchor::Middle,
            pale,
        });
        y += if shape == Shape::Condition { leading(BODY) } else { leading(line.size) };
    }
    texts
}

/// The lines of notes in this much room.
pub(super) fn of_note(note: &Note, room: f64) -> Block {
    let limit = room - 2.0 * PADDING - MARK;
    let mut all = Vec::new();
    for (mark, text) in &note.lines {
        let weight = if note.difference && *mark == Mark::Differs { Weight::Bold } else { Weight::Regular };
        let tone = if note.difference { Tone::Alarm } else { Tone::Plain };
        for (index, text) in wrap(text, SMALL, weight, limit).into_iter().enumerate() {
            let mark = if index == 0 { *mark } else { Mark::None };
            all.push(Line { mark, ..line(text, SMALL, weight, tone) });
        }
    }
    let height = height(&all) + 2.0 * PADDING - 2.0;
    Block { lines: all, height }
}

/// Sets a note's lines in its place.
pub(super) fn set_note(block: &Block, rect: Rect) -> Vec<Text> {
    set(&block.lines, rect.x + PADDING + MARK, rect.y + PADDING - 1.0, Anchor::Start, false)
}

/// What of a condition the text does not say, in the left half of the column below its diamond.
pub(super) fn below_diamond(node: &Node, room: f64) -> Vec<Line> {
    let said = node.unsaid.iter().filter(|_| node.shape == Shape::Condition);
    said.flat_map(|unsaid| lines(unsaid, SMALL, Weight::Regular, Tone::Quiet, room / 2.0 - 8.0)).collect()
}
