//! Interaction diagrams: a channel of a regulation as a picture, and a case drawn over it.
//!
//! The acts refer to such diagrams in their appendices («ақпараттық жүйелердің функционалдық өзара іс-қимылының
//! диаграммасы»). Here one is made from the regulation file: [`Diagram::of`] says what it shows, [`place`] where
//! everything stands, and [`draw`] writes it down. With a [`Trace`] the way of a real case is drawn over it.

mod block;
mod canvas;
mod clocks;
mod difference;
mod facts;
mod flow;
mod header;
mod lanes;
mod legend;
mod limits;
mod measure;
mod mermaid;
mod model;
mod names;
mod notes;
mod pages;
mod people;
mod place;
mod plan;
mod ports;
mod reading;
mod route;
mod scene;
mod seats;
mod signs;
mod strokes;
mod svg;
pub(crate) mod terms;
mod text;
mod trace;
mod words;

use std::fmt;
use std::str::FromStr;

pub use measure::{Weight, width};
pub use model::{
    Clock, Deed, Delivery, Diagram, Edge, Exchange, Lane, Mark, Node, Note, Past, Role, Shape, State, Traced,
};
pub use place::place;
pub use scene::{
    Anchor, Clocked, Column, Entry, Glyph, Legend, Line, Noted, Placed, Point, Rect, Scene, Stroke, Symbol,
    Text, Tone,
};
pub use trace::Trace;

/// What a picture is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For terminals, at most 110 columns wide.
    Text,
    /// A Mermaid flowchart.
    Mermaid,
    /// A page to look at and to print.
    Svg,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Text, Self::Mermaid, Self::Svg];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Mermaid => "mermaid",
            Self::Svg => "svg",
        }
    }
}

/// Not a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}`: there are `text`, `mermaid` and `svg`")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Writes a picture down; it ends with a line break.
pub fn draw(diagram: &Diagram, format: Format) -> String {
    match format {
        Format::Text => text::write(diagram),
        Format::Mermaid => mermaid::write(diagram),
        Format::Svg => svg::write(diagram, &place(diagram)),
    }
}

/// A number of things as a factor.
fn count(things: usize) -> f64 {
    u32::try_from(things).map_or(f64::MAX, f64::from)
}
