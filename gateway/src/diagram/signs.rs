//! The signs of an SVG: boxes and diamonds, strokes with heads, envelopes, ticks.

use std::fmt::Write as _;

use super::model::{Mark, Role, Shape, State};
use super::scene::{Glyph, Placed, Point, Rect, Stroke};
use crate::regulation::End;

pub(super) fn shape(out: &mut String, shape: Shape, rect: &Rect, class: &str) {
    match shape {
        Shape::Process => rectangle(out, rect, class, 5.0),
        Shape::Aside => sheet(out, rect, &format!("{class} aside")),
        Shape::Condition => {
            let c = rect.centre();
            let _ = writeln!(
                out,
                "<polygon class=\"{class} condition\" points=\"{},{} {},{} {},{} {},{}\"/>",
                n(c.x),
                n(rect.y),
                n(rect.x + rect.w),
                n(c.y),
                n(c.x),
                n(rect.y + rect.h),
                n(rect.x),
                n(c.y)
            );
        }
    }
}

pub(super) fn stroke(out: &mut String, stroke: &Stroke) {
    let points: Vec<String> = stroke.points.iter().map(|p| format!("{},{}", n(p.x), n(p.y))).collect();
    let message = stroke.role == Role::Message;
    let class = classes(if message { "e message" } else { "e" }, stroke.inferred, stroke.state);
    let _ = writeln!(out, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "));
    let head = classes(if message { "h message" } else { "h open" }, stroke.inferred, stroke.state);
    let ends = [
        (stroke.heads.0, stroke.points.iter().rev().take(2).collect::<Vec<_>>()),
        (stroke.heads.1, stroke.points.iter().take(2).collect::<Vec<_>>()),
    ];
    for (wanted, end) in ends {
        let (true, [tip, tail]) = (wanted, end.as_slice()) else { continue };
        if stroke.state == State::Refused {
            mark(out, Mark::No, toward(**tip, **tail, 12.0));
        } else {
            arrow(out, **tip, **tail, &head, message);
        }
    }
}

/// A point some way back from the tip.
fn toward(tip: Point, tail: Point, by: f64) -> Point {
    let (dx, dy) = (tail.x - tip.x, tail.y - tip.y);
    let long = dx.hypot(dy).max(0.001);
    Point { x: tip.x + dx / long * by, y: tip.y + dy / long * by }
}

fn arrow(out: &mut String, tip: Point, tail: Point, class: &str, closed: bool) {
    let base = toward(tip, tail, 8.0);
    let (dx, dy) = ((tip.y - base.y) * 0.5, (base.x - tip.x) * 0.5);
    let element = if closed { "polygon" } else { "polyline" };
    let _ = writeln!(
        out,
        "<{element} class=\"{class}\" points=\"{},{} {},{} {},{}\"/>",
        n(base.x + dx),
        n(base.y + dy),
        n(tip.x),
        n(tip.y),
        n(base.x - dx),
        n(base.y - dy)
    );
}

pub(super) fn glyph(out: &mut String, placed: &Placed) {
    let Point { x, y } = placed.at;
    let (w, h) = placed.glyph.reach();
    match placed.glyph {
        Glyph::Begin | Glyph::End => {
            let base = if placed.glyph == Glyph::End { "g end" } else { "g" };
            let _ = writeln!(
                out,
                "<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
                classes(base, placed.inferred, placed.state),
                n(x),
                n(y),
                n(if placed.glyph == Glyph::End { w - 2.0 } else { w - 1.0 })
            );
        }
        Glyph::Message(end) => {
            let (base, sign) = match end {
                Some(End::Refusal) => ("g refusal", Mark::No),
                Some(End::Result) => ("g result", Mark::Yes),
                None => ("g", Mark::None),
            };
            envelope(out, placed.at, w, h, &classes(base, placed.inferred, placed.state));
            if sign != Mark::None {
                let at = Point { x, y: y + 5.5 };
                sign_of(out, sign, at, if placed.state == State::Not { "m not" } else { "m" });
            }
        }
        Glyph::Sheet(end) => {
            let (base, sign) = match end {
                Some(End::Refusal) => ("g refusal", Mark::No),
                Some(End::Result) => ("g result", Mark::Yes),
                None => ("g", Mark::None),
            };
            let rect = Rect { x: x - w, y: y - h, w: 2.0 * w, h: 2.0 * h };
            sheet(out, &rect, &classes(base, placed.inferred, placed.state));
            if sign != Mark::None {
                let at = Point { x, y: y + 3.0 };
                sign_of(out, sign, at, if placed.state == State::Not { "m not" } else { "m" });
            }
        }
        Glyph::Register => {
            cylinder(out, placed.at, (w, h), &classes("g register", placed.inferred, placed.state));
        }
        Glyph::Relay => {
            envelope(out, placed.at, w, h, &classes("g", placed.inferred, placed.state));
        }
    }
}

/// A sheet of paper with a folded corner.
fn sheet(out: &mut String, rect: &Rect, class: &str) {
    let Rect { x, y, w, h } = *rect;
    let fold = 9.0;
    let (right, low) = (x + w, y + h);
    let _ = writeln!(
        out,
        "<path class=\"{class}\" d=\"M{} {} H{} L{} {} V{} H{} Z M{} {} V{} H{}\"/>",
        n(x),
        n(y),
        n(right - fold),
        n(right),
        n(y + fold),
        n(low),
        n(x),
        n(right - fold),
        n(y),
        n(y + fold),
        n(right)
    );
}

/// A register: what is stored.
pub(super) fn cylinder(out: &mut String, at: Point, (w, h): (f64, f64), class: &str) {
    let (left, right, top, low) = (at.x - w, at.x + w, at.y - h + 5.0, at.y + h - 5.0);
    let arc = format!("A{} 5 0 0", n(w));
    let _ = writeln!(
        out,
        "<path class=\"{class}\" d=\"M{} {} {arc} 1 {} {} V{} {arc} 1 {} {} Z M{} {} {arc} 0 {} {}\"/>",
        n(left),
        n(top),
        n(right),
        n(top),
        n(low),
        n(left),
        n(low),
        n(left),
        n(top),
        n(right),
        n(top)
    );
}

fn envelope(out: &mut String, at: Point, w: f64, h: f64, class: &str) {
    let Point { x, y } = at;
    rectangle(out, &Rect { x: x - w, y: y - h, w: 2.0 * w, h: 2.0 * h }, class, 1.5);
    let _ = writeln!(
        out,
        "<polyline class=\"{class}\" style=\"fill:none\" points=\"{},{} {},{} {},{}\"/>",
        n(x - w),
        n(y - h),
        n(x),
        n(y - h * 0.05),
        n(x + w),
        n(y - h)
    );
}

/// A clock's bracket.
pub(super) fn bracket(out: &mut String, points: &[Point], inferred: bool) {
    let points: Vec<String> = points.iter().map(|p| format!("{},{}", n(p.x), n(p.y))).collect();
    let class = classes("clock", inferred, State::Plain);
    let _ = writeln!(out, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "));
}

/// A mark in its own colour.
pub(super) fn mark(out: &mut String, sign: Mark, at: Point) {
    let class = match sign {
        Mark::Yes => "m yes",
        Mark::No | Mark::Differs => "m no",
        Mark::None => return,
    };
    sign_of(out, sign, at, class);
}

fn sign_of(out: &mut String, sign: Mark, at: Point, class: &str) {
    let d = match sign {
        Mark::Yes => "m-4 0 l3 3.5 l5.5 -7",
        Mark::No => "m-3.5 -3.5 l7 7 m0 -7 l-7 7",
        Mark::Differs => "m-4.5 -2 h9 m0 4 h-9 m7 -6 l-5 8",
        Mark::None => return,
    };
    let _ = writeln!(out, "<path class=\"{class}\" d=\"M{} {} {d}\"/>", n(at.x), n(at.y));
}

pub(super) fn rectangle(out: &mut String, rect: &Rect, class: &str, round: f64) {
    let round = if round > 0.0 { format!(" rx=\"{}\"", n(round)) } else { String::new() };
    let _ = writeln!(
        out,
        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{round}/>",
        n(rect.x),
        n(rect.y),
        n(rect.w),
        n(rect.h)
    );
}

pub(super) fn classes(base: &str, inferred: bool, state: State) -> String {
    let state = match state {
        State::Plain => "",
        State::Gone => " gone",
        State::Not => " not",
        State::Refused => " refused",
    };
    format!("{base}{}{state}", if inferred { " inferred" } else { "" })
}

/// A number with at most one decimal.
pub(super) fn n(number: f64) -> String {
    let text = format!("{number:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
