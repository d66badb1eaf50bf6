//! A placed picture as SVG.

use std::fmt::Write as _;

use super::measure::Weight;
use super::model::{Diagram, Mark, Shape, State};
use super::scene::{Anchor, Entry, Glyph, Legend, Placed, Point, Rect, Scene, Stroke, Symbol, Text, Tone};
use super::signs::{bracket, classes, cylinder, glyph, mark, n, rectangle, shape, stroke};
use super::words;

/// Size of the legend's heading.
const HEADING: f64 = 11.5;

/// Widths and dashes carry what colours say as well.
const STYLE: &str = "\
text{font-family:'Noto Sans','DejaVu Sans','Liberation Sans',Arial,Helvetica,sans-serif;fill:#14202e}\
.b{font-weight:bold}.q{fill:#55606e}.a{fill:#a3160f}.pale{fill:#737a84}\
.halo{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}\
.lane{fill:#fff;stroke:#c3c9d1}.lane.odd{fill:#f6f7f9}.head{fill:#e6eaf0;stroke:#c3c9d1}\
.s{fill:#fff;stroke:#14202e;stroke-width:1.4}.s.condition{fill:#fdf6df}\
.s.inferred{fill:#fafbfc;stroke:#55606e;stroke-dasharray:5 3}\
.s.gone{stroke-width:2.8}.s.not{fill:#fff;stroke:#b4bac2;stroke-width:1}\
.e{fill:none;stroke:#14202e;stroke-width:1.2}.e.message{stroke:#0b3d78;stroke-width:1.9}\
.e.inferred{stroke:#5b6673;stroke-dasharray:6 4}.e.message.inferred{stroke:#55759c}\
.e.gone{stroke:#14202e;stroke-width:2.8}.e.message.gone{stroke:#0b3d78;stroke-width:3}\
.e.not,.e.message.not{stroke:#bcc2ca;stroke-width:1}.e.refused{stroke:#a3160f;stroke-width:3}\
.h{fill:#14202e;stroke:#14202e;stroke-width:1.2;stroke-linejoin:round}.h.open{fill:none;stroke-width:1.4}\
.h.message{fill:#0b3d78;stroke:#0b3d78}.h.inferred{stroke:#5b6673}.h.message.inferred{fill:#55759c;stroke:#55759c}\
.h.gone{stroke:#14202e;stroke-width:2}.h.message.gone{fill:#0b3d78;stroke:#0b3d78}\
.h.not{stroke:#bcc2ca;stroke-width:1.2}.h.message.not{fill:#bcc2ca;stroke:#bcc2ca}\
.g{fill:#fff;stroke:#14202e;stroke-width:1.4}.g.end{stroke-width:4}.g.refusal{fill:#fbe9e7}.g.result{fill:#e7f4ea}\
.g.inferred{stroke-dasharray:4 2.5}.g.not{fill:#fff;stroke:#b4bac2}.g.gone{stroke-width:2.4}.g.end.gone{stroke-width:5}\
.s.aside{stroke-width:1.2}.g.register{fill:#eef2f7}\
.m{fill:none;stroke:#14202e;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}.m.not{stroke:#b4bac2}\
.m.yes{stroke:#0d6b2f}.m.no{stroke:#a3160f}\
.note{fill:#fff;stroke:#7b8592;stroke-width:1}.note.difference{fill:#fff4f2;stroke:#a3160f;stroke-width:2.4}\
.leader{stroke:#7b8592;stroke-width:1;stroke-dasharray:1.5 3}\
.frame{fill:none;stroke:#14202e;stroke-width:1.6}.frame.alarm{stroke:#a3160f}.rule{stroke:#c3c9d1}";

/// The style of clocks, where there are any.
const CLOCKS: &str = ".clock{fill:none;stroke:#5a4300;stroke-width:1.6}.clock.inferred{stroke-dasharray:5 3}";

/// Writes the page.
pub(super) fn write(diagram: &Diagram, scene: &Scene) -> String {
    let (w, page) = scene.size;
    let (short, long) = if scene.large { (297.0, 420.0) } else { (210.0, 297.0) };
    let (width, tall) = if scene.portrait { (short, long) } else { (long, short) };
    let (h, height) = (page * super::count(scene.pages), tall * super::count(scene.pages));
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {} {}\" role=\"img\" lang=\"{}\" aria-labelledby=\"title desc\">",
        n(width),
        n(height),
        n(w),
        n(h),
        diagram.lang
    );
    let _ = writeln!(
        out,
        "<title id=\"title\">{}</title>",
        escape(&format!("{} · {}", diagram.title, diagram.subtitle))
    );
    let _ = writeln!(out, "<desc id=\"desc\">{}</desc>", escape(&described(diagram)));
    let clocks = if scene.clocks.is_empty() { "" } else { CLOCKS };
    // A browser prints a page of the picture on a sheet of paper each.
    let _ =
        writeln!(out, "<style>{STYLE}{clocks}@page{{size:{}mm {}mm;margin:0}}</style>", n(width), n(tall));
    let _ = writeln!(out, "<rect width=\"{}\" height=\"{}\" fill=\"#fff\"/>", n(w), n(h));
    for (rect, alarm) in &scene.frames {
        rectangle(&mut out, rect, if *alarm { "frame alarm" } else { "frame" }, 3.0);
    }
    scene.texts.iter().for_each(|text| letters(&mut out, text, false));
    let lanes = diagram.lanes.len().max(1);
    for (index, column) in scene.columns.iter().enumerate() {
        rectangle(&mut out, &column.rect, if index % lanes % 2 == 1 { "lane odd" } else { "lane" }, 0.0);
        rectangle(&mut out, &Rect { h: column.head, ..column.rect }, "head", 0.0);
        column.texts.iter().for_each(|text| letters(&mut out, text, false));
    }
    // What was gone through lies above what was not.
    let strong = |state: State| matches!(state, State::Gone | State::Refused);
    for pass in [false, true] {
        scene.strokes.iter().filter(|s| strong(s.state) == pass).for_each(|s| stroke(&mut out, s));
    }
    scene.glyphs.iter().for_each(|placed| glyph(&mut out, placed));
    scene.captions.iter().for_each(|text| letters(&mut out, text, true));
    scene.symbols.iter().for_each(|symbol| step(&mut out, diagram, symbol));
    for clock in &scene.clocks {
        clock.pieces.iter().for_each(|points| bracket(&mut out, points, clock.inferred));
        clock.texts.iter().for_each(|text| letters(&mut out, text, false));
    }
    for note in &scene.notes {
        if let Some((a, b)) = note.leader {
            let _ = writeln!(
                out,
                "<line class=\"leader\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
                n(a.x),
                n(a.y),
                n(b.x),
                n(b.y)
            );
        }
        rectangle(&mut out, &note.rect, if note.difference { "note difference" } else { "note" }, 2.0);
        note.texts.iter().for_each(|text| letters(&mut out, text, false));
    }
    legend(&mut out, diagram, scene);
    out.push_str("</svg>\n");
    out
}

/// The picture in words: who takes part, and each step with where it leads.
fn described(diagram: &Diagram) -> String {
    let lanes: Vec<&str> = diagram.lanes.iter().map(|lane| lane.title.as_str()).collect();
    let mut said = format!(
        "{}. {}; {}. {}.",
        words::SPECIMEN,
        words::not_official(diagram.lang),
        diagram.standing(),
        lanes.join(" | ")
    );
    if let Some(traced) = &diagram.traced {
        let _ = write!(said, " {} {}.", words::case(diagram.lang), traced.case);
        if let Some(found) = &traced.difference {
            let _ = write!(said, " {}: {found}.", words::first_difference(diagram.lang));
        }
    }
    for node in &diagram.nodes {
        let _ = write!(said, " {}: {}", node.head(), node.what);
        for edge in diagram.edges.iter().filter(|edge| diagram.nodes[edge.from].at == node.at) {
            let to = &diagram.nodes[edge.to];
            let caption = edge.caption.as_ref().map(|words| format!("{words} ")).unwrap_or_default();
            let _ = write!(said, "; {caption}→ {}", to.head());
        }
        said.push('.');
    }
    for clock in &diagram.clocks {
        let (from, to) = (&diagram.nodes[clock.from], &diagram.nodes[clock.to]);
        let _ = write!(said, " {} (§{} – §{}).", clock.said(), from.paragraph, to.paragraph);
    }
    said
}

fn step(out: &mut String, diagram: &Diagram, symbol: &Symbol) {
    let node = &diagram.nodes[symbol.node];
    let _ = writeln!(out, "<g id=\"step-{}\">", escape(&node.at));
    if let Some(quote) = &node.quote {
        let _ = writeln!(out, "<title>{}</title>", escape(quote));
    }
    shape(out, symbol.shape, &symbol.rect, &classes("s", symbol.inferred, symbol.state));
    symbol.texts.iter().for_each(|text| letters(out, text, false));
    if symbol.state == State::Gone && symbol.shape != Shape::Condition {
        // A tick in the upper corner says the same as the heavy outline; a condition's answer is on its edges.
        mark(
            out,
            Mark::Yes,
            Point {
                x: symbol.rect.x + symbol.rect.w - if symbol.shape == Shape::Aside { 17.0 } else { 12.0 },
                y: symbol.rect.y + 11.0,
            },
        );
    }
    out.push_str("</g>\n");
}

fn letters(out: &mut String, text: &Text, halo: bool) {
    let line = &text.line;
    let mut class = String::new();
    let tone = match line.tone {
        Tone::Plain => "",
        Tone::Quiet => " q",
        Tone::Alarm => " a",
    };
    for (wanted, name) in
        [(line.weight == Weight::Bold, " b"), (true, tone), (text.pale, " pale"), (halo, " halo")]
    {
        if wanted {
            class.push_str(name);
        }
    }
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let class = if class.is_empty() { class } else { format!(" class=\"{}\"", class.trim_start()) };
    mark(out, line.mark, Point { x: text.at.x - 9.0, y: text.at.y - 3.5 });
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{anchor}{class}>{}</text>",
        n(text.at.x),
        n(text.at.y),
        n(line.size),
        escape(&line.text)
    );
}

fn legend(out: &mut String, diagram: &Diagram, scene: &Scene) {
    let left = super::place::MARGIN;
    let (x, y) = (n(left), n(scene.rule));
    let right = n(scene.size.0 - left);
    let _ = writeln!(out, "<line class=\"rule\" x1=\"{x}\" y1=\"{y}\" x2=\"{right}\" y2=\"{y}\"/>");
    let _ = writeln!(
        out,
        "<text class=\"b\" x=\"{x}\" y=\"{}\" font-size=\"{HEADING}\">{}</text>",
        n(scene.rule + 19.0),
        escape(words::legend(diagram.lang))
    );
    scene.legend.iter().for_each(|entry| sample(out, entry));
}

fn sample(out: &mut String, entry: &Entry) {
    let rect = entry.sample;
    let at = rect.centre();
    let small = Rect { x: at.x - 20.0, y: at.y - 10.0, w: 40.0, h: 20.0 };
    match entry.what {
        Legend::Glyph(Glyph::Register) => cylinder(out, at, (11.0, 12.5), "g register"),
        Legend::Glyph(kind) => glyph(out, &Placed { glyph: kind, at, inferred: false, state: State::Plain }),
        Legend::Shape(kind) => shape(out, kind, &small, "s"),
        Legend::Stroke(role, inferred, state) => stroke(
            out,
            &Stroke {
                edge: None,
                role,
                points: vec![Point { x: rect.x + 2.0, y: at.y }, Point { x: rect.x + rect.w - 2.0, y: at.y }],
                heads: (true, false),
                inferred,
                state,
            },
        ),
        Legend::Clock => {
            let (x, top, low) = (at.x + 3.0, at.y - 10.0, at.y + 10.0);
            let corner = |x: f64, y: f64| Point { x, y };
            let points = [corner(x - 6.0, top), corner(x, top), corner(x, low), corner(x - 6.0, low)];
            bracket(out, &points, false);
        }
        Legend::Guard => {
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" font-size=\"11\" text-anchor=\"middle\">[…]</text>",
                n(at.x),
                n(at.y + 4.0)
            );
        }
        Legend::Difference => {
            rectangle(out, &small, "note difference", 2.0);
            mark(out, Mark::Differs, at);
        }
    }
    entry.texts.iter().for_each(|text| letters(out, text, false));
}

/// Text inside of an element or attribute; what XML cannot hold is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            // Where a line may be divided is of no use any more, either.
            '\u{ad}' | '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => out.push(other),
        }
    }
    out
}
