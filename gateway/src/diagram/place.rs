//! Giving everything its place on pages of A4.
//!
//! Letters have one size in units of a page; a page is as wide as its content needs, upright or across, whichever
//! leaves the letters larger in print. Where they would become too small to read, there are more pages, of A3 where
//! the columns alone need more room than A4 has: pages stand below each other, each with the columns' headings and
//! with what goes on from the one before.

use super::clocks;
use super::count;
use super::header;
use super::lanes::{self, least_width};
use super::legend;
use super::model::{Diagram, State};
use super::pages::{self, Sheet};
use super::plan::Plan;
use super::route::Routes;
use super::scene::{Anchor, Column, Rect, Scene, Symbol};
use super::{block, notes, strokes};

/// Space around a page's content.
pub(super) const MARGIN: f64 = 30.0;
/// The longer side of A4 by the shorter one.
const A4: f64 = std::f64::consts::SQRT_2;
/// The shorter side of A4 in printer's points.
const POINTS: f64 = 595.3;
/// The smallest print in points that is still read with ease.
const READABLE: f64 = 5.9;
/// At most this many pages are tried.
const MOST: usize = 40;

/// A page of A4 as wide as this, upright or across.
fn sheet(diagram: &Diagram, wide: f64, upright: bool) -> Sheet {
    let high = if upright { wide * A4 } else { wide / A4 };
    Sheet { wide, high, legend: legend::height(diagram, wide) }
}

/// Points of print for a unit of the page.
fn scale(wide: f64, upright: bool) -> f64 {
    (if upright { POINTS } else { POINTS * A4 }) / wide
}

/// Places a picture.
pub fn place(diagram: &Diagram) -> Scene {
    let routes = Routes::of(diagram);
    let least = least_width(diagram, &routes);
    let starts = |wide: f64, upright: bool, most: usize| {
        pages::split(&Plan::of(diagram, &routes, wide), &sheet(diagram, wide, upright), most)
    };
    // The widest page that can be read; where columns need more than that, the narrowest they can do with.
    let limit = |upright: bool| (scale(1.0, upright) * block::SMALL / READABLE).floor();
    let widest = |upright: bool| limit(upright).max(least.ceil());
    let ways: Vec<bool> = [true, false].into_iter().filter(|way| least <= limit(*way)).collect();
    let ways = if ways.is_empty() { vec![false] } else { ways };
    let fewest = |upright: bool| Some((starts(widest(upright), upright, MOST)?.len(), upright));
    let few = ways.iter().copied().filter_map(fewest).min_by_key(|(pages, _)| *pages);
    let found = few.and_then(|(few, _)| {
        let narrowest = |upright: bool| {
            let fits = |wide: f64| starts(wide, upright, few).is_some();
            let (mut narrow, mut wide) = (least.ceil().max(600.0), widest(upright));
            if !fits(wide) {
                return None;
            }
            while wide - narrow > 12.0 {
                let between = f64::midpoint(narrow, wide).round();
                if fits(between) { wide = between } else { narrow = between }
            }
            Some((wide, upright))
        };
        let found = ways.iter().copied().filter_map(narrowest);
        found.max_by(|a, b| scale(a.0, a.1).total_cmp(&scale(b.0, b.1)))
    });
    // A step that is higher than a page makes pages larger, whatever letters come to.
    let larger = || {
        let mut wide = widest(true);
        while starts(wide, true, MOST).is_none() && wide < 12_000.0 {
            wide = (wide * 1.16).round();
        }
        (wide, true)
    };
    let (wide, upright) = found.unwrap_or_else(larger);
    let sheet = sheet(diagram, wide, upright);
    let mut plan = Plan::of(diagram, &routes, wide);
    let starts = pages::split(&plan, &sheet, MOST).unwrap_or_else(|| (0..plan.rows.len().max(1)).collect());
    pages::set(&mut plan, &sheet, &starts);
    scene(&plan, &sheet, upright)
}

fn scene(plan: &Plan<'_>, sheet: &Sheet, portrait: bool) -> Scene {
    let diagram = plan.diagram;
    let pages = plan.frames.len();
    let columns = plan.frames.iter().flat_map(|frame| {
        diagram.lanes.iter().zip(&plan.lanes).map(|(lane, place)| {
            let lines = lanes::heading(lane, diagram.lang, place.w);
            let top = frame.top + (plan.head - block::height(&lines)) / 2.0;
            Column {
                rect: Rect { x: place.x, y: frame.top, w: place.w, h: frame.bottom - frame.top },
                head: plan.head,
                texts: block::set(&lines, place.x + place.w / 2.0, top, Anchor::Middle, false),
            }
        })
    });
    let symbols = diagram.nodes.iter().enumerate().map(|(index, node)| Symbol {
        node: index,
        shape: node.shape,
        rect: plan.rects[index],
        texts: block::set_in(&plan.blocks[index], node.shape, plan.rects[index], node.state == State::Not),
        inferred: node.inferred,
        state: node.state,
    });
    let unsaid = diagram.nodes.iter().zip(&plan.rects).flat_map(|(node, rect)| {
        let lines = block::below_diamond(node, rect.w);
        let top = rect.y + rect.h - 2.0;
        block::set(&lines, rect.x, top, Anchor::Start, node.state == State::Not)
    });
    let unsaid: Vec<_> = unsaid.collect();
    let drawn = strokes::draw(plan);
    let (strokes, said) = pages::cut(plan, drawn.strokes);
    let mut texts = plan.header.texts.clone();
    let mut frames = plan.header.frames.clone();
    for page in 0..pages {
        if page > 0 {
            let again = header::again(diagram, sheet.wide, sheet.high * count(page));
            texts.extend(again.texts);
            frames.extend(again.frames);
        }
        if pages > 1 {
            texts.extend(header::foot(diagram, sheet.wide, sheet.high * count(page + 1), page + 1, pages));
        }
    }
    let rule = plan.frames.last().map_or(0.0, |frame| frame.bottom) + 12.0;
    let captions = drawn.captions.into_iter().chain(said).chain(unsaid);
    Scene {
        size: (sheet.wide, sheet.high),
        pages,
        large: scale(sheet.wide, portrait) * block::SMALL < READABLE - 0.06,
        portrait,
        texts,
        frames,
        columns: columns.collect(),
        symbols: symbols.collect(),
        glyphs: drawn.glyphs,
        strokes,
        captions: captions.collect(),
        clocks: clocks::set(plan),
        notes: notes::set(plan),
        legend: legend::set(diagram, sheet.wide, rule + 8.0),
        rule,
    }
}
