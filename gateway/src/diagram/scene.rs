//! A picture with everything in its place, in units of the page; what the SVG writes down and tests look at.

use super::measure::Weight;
use super::model::{Mark, Role, Shape, State};
use super::route::Side;
use crate::regulation::End;

/// A point; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// Whether two have more than an edge in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }

    /// The middle.
    pub fn centre(&self) -> Point {
        Point { x: self.x + self.w / 2.0, y: self.y + self.h / 2.0 }
    }

    /// Whether a straight stretch between two points goes through the inside.
    pub fn is_crossed(&self, a: Point, b: Point) -> bool {
        let (x0, x1) = (a.x.min(b.x), a.x.max(b.x));
        let (y0, y1) = (a.y.min(b.y), a.y.max(b.y));
        x0 < self.x + self.w - 0.5 && x1 > self.x + 0.5 && y0 < self.y + self.h - 0.5 && y1 > self.y + 0.5
    }
}

/// How prominent a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As usual.
    Plain,
    /// Less.
    Quiet,
    /// A warning.
    Alarm,
}

/// One line of text.
#[derive(Debug, Clone)]
pub struct Line {
    /// The words.
    pub text: String,
    /// The font's size.
    pub size: f64,
    /// Regular or bold.
    pub weight: Weight,
    /// How prominent.
    pub tone: Tone,
    /// A mark before it.
    pub mark: Mark,
}

/// A line of text in its place.
#[derive(Debug, Clone)]
pub struct Text {
    /// The line.
    pub line: Line,
    /// Where its baseline begins, is centred, or ends.
    pub at: Point,
    /// Which of these.
    pub anchor: Anchor,
    /// Whether it belongs to something not gone through.
    pub pale: bool,
}

/// What a text's point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// A step's symbol.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// The step by index.
    pub node: usize,
    /// Box or diamond.
    pub shape: Shape,
    /// Where.
    pub rect: Rect,
    /// What is written in it.
    pub texts: Vec<Text>,
    /// Whether the text does not have it.
    pub inferred: bool,
    /// Whether the case went through it.
    pub state: State,
}

/// A small symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Glyph {
    /// The beginning of the interaction.
    Begin,
    /// Its end.
    End,
    /// A message to the recipient.
    Message(Option<End>),
    /// The same handed over by a person.
    Sheet(Option<End>),
    /// A system that passes a message on.
    Relay,
    /// A register that answers.
    Register,
}

/// A small symbol in its place.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Which.
    pub glyph: Glyph,
    /// Its middle.
    pub at: Point,
    /// Whether the text does not have it.
    pub inferred: bool,
    /// Whether the case went through it.
    pub state: State,
}

impl Glyph {
    /// Half of its width and height.
    pub fn reach(self) -> (f64, f64) {
        match self {
            Self::Begin | Self::End => (11.0, 11.0),
            Self::Message(_) => (20.0, 13.0),
            Self::Sheet(_) => (12.0, 15.0),
            Self::Relay => (11.0, 8.0),
            Self::Register => (15.0, 23.0),
        }
    }
}

/// A stroke with arrow heads.
#[derive(Debug, Clone)]
pub struct Stroke {
    /// The edge by index and its hop; nothing for what leads to and from people.
    pub edge: Option<(usize, usize)>,
    /// What it is.
    pub role: Role,
    /// The corners.
    pub points: Vec<Point>,
    /// An arrow head at the end, and at the beginning.
    pub heads: (bool, bool),
    /// Whether the text does not say it.
    pub inferred: bool,
    /// Whether the case went along.
    pub state: State,
}

/// A note beside a step.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The step by index.
    pub node: usize,
    /// Whether it marks the first difference.
    pub difference: bool,
    /// Where.
    pub rect: Rect,
    /// Its lines.
    pub texts: Vec<Text>,
    /// From the note to the step.
    pub leader: Option<(Point, Point)>,
}

/// A clock's bracket beside the columns.
#[derive(Debug, Clone)]
pub struct Clocked {
    /// The clock by index.
    pub clock: usize,
    /// Its corners, for each page that it goes over.
    pub pieces: Vec<Vec<Point>>,
    /// What it says.
    pub texts: Vec<Text>,
    /// Whether the text does not say where it begins and ends.
    pub inferred: bool,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// From the heading to the last row.
    pub rect: Rect,
    /// The height of the heading.
    pub head: f64,
    /// The heading.
    pub texts: Vec<Text>,
}

/// An entry of the legend.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is explained.
    pub what: Legend,
    /// Where its sample stands.
    pub sample: Rect,
    /// The explanation.
    pub texts: Vec<Text>,
}

/// What a legend explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Legend {
    /// A small symbol.
    Glyph(Glyph),
    /// Box or diamond.
    Shape(Shape),
    /// A stroke.
    Stroke(Role, bool, State),
    /// A clock.
    Clock,
    /// A guard in a box.
    Guard,
    /// The first difference.
    Difference,
}

/// The whole picture: pages below each other.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Width and height of a page in units; of A4 proportions.
    pub size: (f64, f64),
    /// How many pages there are.
    pub pages: usize,
    /// Whether pages are of A3: on A4 the print would be too small to read.
    pub large: bool,
    /// Whether a page is higher than wide.
    pub portrait: bool,
    /// What stands above the columns and beside the legend.
    pub texts: Vec<Text>,
    /// Frames around specimen and repeal marks: the rectangle, and whether it is a warning.
    pub frames: Vec<(Rect, bool)>,
    /// The columns, page after page.
    pub columns: Vec<Column>,
    /// The steps.
    pub symbols: Vec<Symbol>,
    /// Beginning, ends, messages, relays.
    pub glyphs: Vec<Placed>,
    /// Edges, and what leads to and from people; in pieces where they go from page to page.
    pub strokes: Vec<Stroke>,
    /// What is written beside edges and small symbols.
    pub captions: Vec<Text>,
    /// Clocks.
    pub clocks: Vec<Clocked>,
    /// Notes.
    pub notes: Vec<Noted>,
    /// The legend.
    pub legend: Vec<Entry>,
    /// Where the rule above the legend stands.
    pub rule: f64,
}

/// The side of a rectangle that looks at another place.
pub(super) fn facing(from: usize, to: usize) -> Side {
    if to > from { Side::Right } else { Side::Left }
}
