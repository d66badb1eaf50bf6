//! What must hold of every picture, whatever the regulation.

use gateway::diagram::{Anchor, Diagram, Line, Point, Rect, Scene, Shape, Text, Weight, width};

/// Text widths as the table has them, with the slightest rounding.
const SLACK: f64 = 0.6;

fn extent(text: &Text) -> Rect {
    let Line { text: words, size, weight, .. } = &text.line;
    let w = width(words, *size, *weight);
    let x = match text.anchor {
        Anchor::Start => text.at.x,
        Anchor::Middle => text.at.x - w / 2.0,
        Anchor::End => text.at.x - w,
    };
    Rect { x, y: text.at.y - size * 0.8, w, h: size * 1.0 }
}

fn inside(inner: &Rect, outer: &Rect) -> bool {
    inner.x >= outer.x - SLACK
        && inner.x + inner.w <= outer.x + outer.w + SLACK
        && inner.y >= outer.y - SLACK
        && inner.y + inner.h <= outer.y + outer.h + SLACK
}

/// Whether a point lies on the outline of a step's symbol.
fn touches(scene: &Scene, node: usize, point: Point) -> bool {
    let symbol = &scene.symbols[node];
    let (rect, centre) = (symbol.rect, symbol.rect.centre());
    match symbol.shape {
        Shape::Condition => {
            let off =
                (point.x - centre.x).abs() / (rect.w / 2.0) + (point.y - centre.y).abs() / (rect.h / 2.0);
            (off - 1.0).abs() < 0.02
        }
        Shape::Process | Shape::Aside => {
            let on = |a: f64, b: f64| (a - b).abs() < 0.1;
            let within_y = point.y >= rect.y - 0.1 && point.y <= rect.y + rect.h + 0.1;
            let within_x = point.x >= rect.x - 0.1 && point.x <= rect.x + rect.w + 0.1;
            (within_y && (on(point.x, rect.x) || on(point.x, rect.x + rect.w)))
                || (within_x && (on(point.y, rect.y) || on(point.y, rect.y + rect.h)))
        }
    }
}

/// All of it.
pub(crate) fn hold(name: &str, diagram: &Diagram, scene: &Scene) {
    steps_once_and_apart(name, diagram, scene);
    edges_drawn_and_joined(name, diagram, scene);
    texts_fit(name, scene);
    nothing_in_the_way(name, scene);
    pages_are_apart(name, scene);
    clocks_stand_aside(name, diagram, scene);
    let (w, h) = scene.size;
    let ratio = if scene.portrait { h / w } else { w / h };
    assert!((ratio - std::f64::consts::SQRT_2).abs() < 0.01, "{name}: not of A4 proportions: {w} × {h}");
}

fn steps_once_and_apart(name: &str, diagram: &Diagram, scene: &Scene) {
    let drawn: Vec<usize> = scene.symbols.iter().map(|symbol| symbol.node).collect();
    assert_eq!(
        drawn,
        (0..diagram.nodes.len()).collect::<Vec<_>>(),
        "{name}: each step once, in printed order"
    );
    for pair in scene.symbols.windows(2) {
        assert!(pair[0].rect.y + pair[0].rect.h < pair[1].rect.y, "{name}: steps from top to bottom");
    }
    let boxes = || {
        let glyphs = scene.glyphs.iter().map(|placed| {
            let (w, h) = placed.glyph.reach();
            Rect { x: placed.at.x - w, y: placed.at.y - h, w: 2.0 * w, h: 2.0 * h }
        });
        let notes = scene.notes.iter().map(|note| note.rect);
        let legend = scene.legend.iter().map(|entry| entry.sample);
        scene
            .symbols
            .iter()
            .map(|symbol| symbol.rect)
            .chain(glyphs)
            .chain(notes)
            .chain(legend)
            .collect::<Vec<_>>()
    };
    let boxes = boxes();
    for (index, one) in boxes.iter().enumerate() {
        for other in &boxes[index + 1..] {
            assert!(!one.overlaps(other), "{name}: {one:?} overlaps {other:?}");
        }
        assert!(on_a_page(scene, one), "{name}: {one:?} is off the page");
    }
    let shown = diagram.nodes.iter().filter(|node| node.delivery.is_some()).count();
    let ends = diagram.nodes.iter().filter(|node| node.ends.is_some()).count();
    let relays: usize = diagram.edges.iter().map(|edge| edge.through.len()).sum();
    let (asked, registers) = asked(diagram);
    assert_eq!(
        scene.glyphs.len(),
        1 + shown + ends + relays + asked + registers,
        "{name}: every small symbol"
    );
}

/// Relays there and back on the ways to registers, where they stand between; and the registers.
fn asked(diagram: &Diagram) -> (usize, usize) {
    let (mut relays, mut registers) = (0, 0);
    for node in &diagram.nodes {
        let Some(exchange) = &node.exchange else { continue };
        registers += 1;
        let mut at = node.lane;
        for lane in &exchange.through {
            let onward = |from: usize, to: usize| (to > from) == (exchange.lane > node.lane) && to != from;
            if onward(at, *lane) && onward(*lane, exchange.lane) {
                relays += 2;
                at = *lane;
            }
        }
    }
    (relays, registers)
}

/// Whether something stands on one page.
fn on_a_page(scene: &Scene, rect: &Rect) -> bool {
    let (w, h) = scene.size;
    (0..scene.pages).any(|page| {
        let y = h * f64::from(u32::try_from(page).unwrap());
        inside(rect, &Rect { x: 0.0, y, w, h })
    })
}

/// Every clock is drawn once, beside the columns, and nothing of it lies on another.
fn clocks_stand_aside(name: &str, diagram: &Diagram, scene: &Scene) {
    let drawn: Vec<usize> = scene.clocks.iter().map(|clock| clock.clock).collect();
    assert_eq!(drawn, (0..diagram.clocks.len()).collect::<Vec<_>>(), "{name}: each clock once");
    let edge = scene.columns.iter().map(|column| column.rect.x + column.rect.w).fold(0.0, f64::max);
    let mut said: Vec<Rect> = Vec::new();
    for clock in &scene.clocks {
        assert!(!clock.pieces.is_empty(), "{name}: a clock without a bracket");
        for point in clock.pieces.iter().flatten() {
            let rect = Rect { x: point.x, y: point.y, w: 0.0, h: 0.0 };
            assert!(point.x > edge && on_a_page(scene, &rect), "{name}: {point:?} of a clock");
        }
        for text in &clock.texts {
            let rect = extent(text);
            assert!(on_a_page(scene, &rect), "{name}: `{}` is off the page", text.line.text);
            assert!(rect.x > edge, "{name}: `{}` in the columns", text.line.text);
            assert!(!said.iter().any(|other| other.overlaps(&rect)), "{name}: `{}`", text.line.text);
            said.push(rect);
        }
    }
}

/// Below the headings and above the feet of pages stand steps, small symbols and strokes, and nothing else does there.
fn pages_are_apart(name: &str, scene: &Scene) {
    let lanes = scene.columns.len() / scene.pages;
    let bodies: Vec<Rect> = scene
        .columns
        .chunks(lanes)
        .map(|page| {
            let (first, last) = (&page[0], &page[lanes - 1]);
            Rect {
                x: first.rect.x,
                y: first.rect.y + first.head,
                w: last.rect.x + last.rect.w - first.rect.x,
                h: first.rect.h - first.head,
            }
        })
        .collect();
    assert_eq!(bodies.len(), scene.pages, "{name}");
    let held = |rect: &Rect| bodies.iter().any(|body| inside(rect, body));
    scene
        .columns
        .iter()
        .for_each(|column| assert!(on_a_page(scene, &column.rect), "{name}: a column is cut"));
    scene.symbols.iter().for_each(|symbol| assert!(held(&symbol.rect), "{name}: {:?}", symbol.rect));
    scene.notes.iter().for_each(|note| assert!(held(&note.rect), "{name}: note {:?}", note.rect));
    scene.captions.iter().for_each(|text| {
        assert!(held(&extent(text)), "{name}: `{}` outside of the columns", text.line.text);
    });
    for stroke in &scene.strokes {
        for pair in stroke.points.windows(2) {
            let (x, y) = (pair[0].x.min(pair[1].x), pair[0].y.min(pair[1].y));
            let rect = Rect { x, y, w: (pair[0].x - pair[1].x).abs(), h: (pair[0].y - pair[1].y).abs() };
            assert!(held(&rect), "{name}: {rect:?} goes over the end of a page");
        }
    }
    let above = |rect: &Rect| !bodies.iter().any(|body| body.overlaps(rect));
    let legend = scene.legend.iter().flat_map(|entry| &entry.texts);
    scene.texts.iter().chain(legend).for_each(|text| {
        assert!(above(&extent(text)), "{name}: `{}` in the columns", text.line.text);
    });
}

fn edges_drawn_and_joined(name: &str, diagram: &Diagram, scene: &Scene) {
    for (index, edge) in diagram.edges.iter().enumerate() {
        let hops: Vec<_> = scene
            .strokes
            .iter()
            .filter(|stroke| stroke.edge.is_some_and(|(edge, _)| edge == index))
            .collect();
        let mut numbers: Vec<usize> =
            hops.iter().filter_map(|stroke| stroke.edge.map(|(_, hop)| hop)).collect();
        numbers.dedup();
        let all: Vec<usize> = (0..=edge.through.len()).collect();
        assert_eq!(numbers, all, "{name}: every hop of edge {index}");
        let (first, last) = (hops[0].points[0], hops[hops.len() - 1].points.last().copied().unwrap());
        let at = &diagram.nodes[edge.from].at;
        assert!(touches(scene, edge.from, first), "{name}: §{at} {:?}: {first:?} leaves its step", edge.role);
        assert!(touches(scene, edge.to, last), "{name}: §{at} {:?}: {last:?} comes to its step", edge.role);
        for pair in hops.windows(2) {
            let (end, begin) = (pair[0].points.last().unwrap(), pair[1].points[0]);
            let apart = (end.x - begin.x).hypot(end.y - begin.y);
            // A piece goes on at the same place of another page.
            let goes_on = pair[0].edge == pair[1].edge && (end.x - begin.x).abs() < 0.01;
            assert!(apart < 40.0 || goes_on, "{name}: hops of §{at} meet at a system");
        }
    }
    for stroke in &scene.strokes {
        for pair in stroke.points.windows(2) {
            let straight = (pair[0].x - pair[1].x).abs() < 0.01 || (pair[0].y - pair[1].y).abs() < 0.01;
            assert!(straight, "{name}: slanting {pair:?}");
            for symbol in &scene.symbols {
                let mut rect = symbol.rect;
                if symbol.shape == Shape::Condition {
                    // An edge may end on a slope, inside of the rectangle around the diamond.
                    rect = Rect { x: rect.x + rect.w * 0.3, w: rect.w * 0.4, ..rect };
                }
                assert!(
                    !rect.is_crossed(pair[0], pair[1]),
                    "{name}: {pair:?} goes through §{}",
                    diagram.nodes[symbol.node].at
                );
            }
        }
    }
    // Parallel stretches of different edges never lie on each other, unless they end at the same step.
    let strokes: Vec<_> = scene.strokes.iter().filter(|stroke| stroke.edge.is_some()).collect();
    for (index, one) in strokes.iter().enumerate() {
        for other in &strokes[index + 1..] {
            let (Some((a, _)), Some((b, _))) = (one.edge, other.edge) else { continue };
            if a == b || diagram.edges[a].to == diagram.edges[b].to {
                continue;
            }
            for p in one.points.windows(2) {
                for q in other.points.windows(2) {
                    assert!(!share(p, q), "{name}: {p:?} of edge {a} lies on {q:?} of edge {b}");
                }
            }
        }
    }
}

/// Whether two straight stretches have more than a point in common.
fn share(p: &[Point], q: &[Point]) -> bool {
    let span = |a: f64, b: f64| (a.min(b), a.max(b));
    let common = |(a, b): (f64, f64), (c, d): (f64, f64)| b.min(d) - a.max(c) > 0.5;
    let upright = |s: &[Point]| (s[0].x - s[1].x).abs() < 0.01;
    let level = |s: &[Point]| (s[0].y - s[1].y).abs() < 0.01;
    (upright(p)
        && upright(q)
        && (p[0].x - q[0].x).abs() < 0.5
        && common(span(p[0].y, p[1].y), span(q[0].y, q[1].y)))
        || (level(p)
            && level(q)
            && (p[0].y - q[0].y).abs() < 0.5
            && common(span(p[0].x, p[1].x), span(q[0].x, q[1].x)))
}

fn texts_fit(name: &str, scene: &Scene) {
    for symbol in &scene.symbols {
        for text in &symbol.texts {
            let extent = extent(text);
            assert!(inside(&extent, &symbol.rect), "{name}: `{}` does not fit its step", text.line.text);
            if symbol.shape == Shape::Condition {
                let (rect, c) = (symbol.rect, symbol.rect.centre());
                let y = (extent.y - c.y).abs().max((extent.y + extent.h - c.y).abs());
                let room = rect.w * (1.0 - 2.0 * y / rect.h);
                assert!(extent.w <= room + SLACK, "{name}: `{}` does not fit its diamond", text.line.text);
            }
        }
    }
    for note in &scene.notes {
        note.texts
            .iter()
            .for_each(|text| assert!(inside(&extent(text), &note.rect), "{name}: {}", text.line.text));
    }
    for column in &scene.columns {
        let head = Rect { h: column.head, ..column.rect };
        column
            .texts
            .iter()
            .for_each(|text| assert!(inside(&extent(text), &head), "{name}: {}", text.line.text));
    }
    let legend = scene.legend.iter().flat_map(|entry| &entry.texts);
    for text in scene.texts.iter().chain(&scene.captions).chain(legend) {
        assert!(on_a_page(scene, &extent(text)), "{name}: `{}` is off the page", text.line.text);
    }
    assert!(scene.texts.iter().any(|text| text.line.weight == Weight::Bold));
}

/// Captions stand apart from steps, notes and each other.
fn nothing_in_the_way(name: &str, scene: &Scene) {
    let captions: Vec<(&str, Rect)> =
        scene.captions.iter().map(|text| (text.line.text.as_str(), extent(text))).collect();
    for (index, (words, one)) in captions.iter().enumerate() {
        for symbol in scene.symbols.iter().filter(|symbol| symbol.shape != Shape::Condition) {
            assert!(!one.overlaps(&symbol.rect), "{name}: `{words}` lies on a step");
        }
        for note in &scene.notes {
            assert!(!one.overlaps(&note.rect), "{name}: `{words}` lies on a note");
        }
        for placed in &scene.glyphs {
            let ((w, h), at) = (placed.glyph.reach(), placed.at);
            let rect = Rect { x: at.x - w, y: at.y - h, w: 2.0 * w, h: 2.0 * h };
            assert!(!one.overlaps(&rect), "{name}: `{words}` lies on {:?}", placed.glyph);
        }
        for (others, other) in &captions[index + 1..] {
            assert!(!one.overlaps(other), "{name}: `{words}` lies on `{others}`");
        }
    }
}

/// Every element is closed by its own name, and no text is markup.
pub(crate) fn well_formed(name: &str, svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("{name}: unclosed {part}"));
        for (at, _) in text.match_indices('&').chain(tag.match_indices('&')) {
            let known = ["&amp;", "&lt;", "&gt;", "&quot;"];
            let rest = if text[at.min(text.len())..].starts_with('&') { &text[at..] } else { &tag[at..] };
            assert!(known.iter().any(|entity| rest.starts_with(entity)), "{name}: {rest}");
        }
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}");
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap());
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{name}: {tag}");
    }
    assert!(open.is_empty(), "{name}: left open: {open:?}");
}

/// Every step is defined once, and every link is between what is defined.
pub(crate) fn mermaid(name: &str, drawn: &str, steps: usize) {
    let mut known: Vec<&str> = Vec::new();
    let mut opened = 0;
    for line in drawn.lines().map(str::trim) {
        if line.starts_with("subgraph") {
            opened += 1;
        } else if line == "end" {
            opened -= 1;
        } else if opened > 0 {
            let id: &str = line.split(['[', '{', '(', '>']).next().unwrap();
            assert!(!known.contains(&id), "{name}: {id} twice");
            assert_eq!(line.matches('"').count(), 2, "{name}: {line}");
            known.push(id);
        } else if line.contains("->") && !line.starts_with("%%") || line.contains("==>") {
            let ends: Vec<&str> = line.split_whitespace().collect();
            for end in [ends[0], ends[ends.len() - 1]] {
                assert!(known.contains(&end), "{name}: {end} in {line}");
            }
        }
    }
    assert_eq!(opened, 0, "{name}");
    assert_eq!(
        known
            .iter()
            .filter(|id| id.starts_with('s') && !id.starts_with("sh") && !id.starts_with("st"))
            .count(),
        steps
    );
}
