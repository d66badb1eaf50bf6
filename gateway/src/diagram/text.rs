//! A picture for terminals: lanes as lines to the left, the words beside them, at most 110 columns.

use std::fmt::Write as _;

use super::canvas::{Canvas, Pen, key, wrap};
use super::model::{Diagram, Edge, Mark, Node, Role, Shape, State};
use super::words;
use crate::regulation::End;

/// The most columns of a terminal that are used.
const COLUMNS: usize = 110;
/// The most columns that lanes take.
const LANES: usize = 60;
/// The fewest columns in which a lane's short name can be read.
const NAMED: usize = 9;

/// Writes the picture.
pub(super) fn write(diagram: &Diagram) -> String {
    let lang = diagram.lang;
    let mut out = String::new();
    let mut say = |text: &str| out.push_str(&told(text));
    say(&format!("{} – {}", words::SPECIMEN, words::not_official(lang)));
    say(&diagram.title);
    say(&diagram.subtitle);
    say(&diagram.standing());
    if let Some(traced) = &diagram.traced {
        say(&format!("{} {}: {}", words::case(lang), traced.case, words::traced(lang)));
        match &traced.difference {
            Some(found) => say(&format!("≠ {} {found}", words::first_difference(lang))),
            None => say(&format!("= {}", words::no_difference(lang))),
        }
    }
    out.push('\n');
    let page = Page::of(diagram);
    page.heads(&mut out);
    for index in 0..diagram.nodes.len() {
        page.step(index, &mut out);
    }
    page.legend(&mut out);
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}

/// A text in lines of the terminal's width.
fn told(text: &str) -> String {
    wrap(text, COLUMNS).into_iter().map(|line| line + "\n").collect()
}

struct Page<'a> {
    diagram: &'a Diagram,
    /// Columns from one lane to the next.
    pitch: usize,
}

impl<'a> Page<'a> {
    fn of(diagram: &'a Diagram) -> Self {
        Self { diagram, pitch: (LANES / diagram.lanes.len().max(1)).clamp(2, 12) }
    }

    fn width(&self) -> usize {
        self.pitch * self.diagram.lanes.len()
    }

    fn middle(&self, lane: usize) -> usize {
        lane * self.pitch + self.pitch / 2
    }

    /// An empty line with all lanes.
    fn line(&self) -> Canvas {
        let mut canvas = Canvas::new(self.width() + 1);
        (0..self.diagram.lanes.len()).for_each(|lane| canvas.put(self.middle(lane), '│'));
        canvas
    }

    /// The lanes' names; numbers where they are too narrow.
    fn heads(&self, out: &mut String) {
        let lanes = &self.diagram.lanes;
        let named: Vec<Vec<String>> = if self.pitch < NAMED {
            for (index, lane) in lanes.iter().enumerate() {
                out.push_str(&told(&format!("{:>2} {}", key(index), lane.title)));
            }
            out.push('\n');
            (0..lanes.len()).map(|index| vec![key(index)]).collect()
        } else {
            lanes.iter().map(|lane| wrap(&lane.short, self.pitch - 1)).collect()
        };
        for row in 0..named.iter().map(Vec::len).max().unwrap_or(0) {
            let mut canvas = Canvas::new(self.width() + self.pitch);
            for (lane, lines) in named.iter().enumerate() {
                if let Some(text) = lines.get(row) {
                    canvas.write(self.middle(lane).saturating_sub(text.chars().count() / 2), text);
                }
            }
            let _ = writeln!(out, "{canvas}");
        }
        let mut line = self.line();
        if let Some(begins) = self.diagram.begins() {
            line.write(self.middle(begins).saturating_sub(1), "(○)");
        }
        let _ = writeln!(out, "{line}  {}", words::begin(self.diagram.lang));
        let Some(past) = &self.diagram.past else { return };
        let mark = if past.inferred { " *" } else { "" };
        let gone = self.gone(past.state == State::Gone);
        let said = format!("{gone}{} → §{}{mark}", past.caption, self.diagram.nodes[past.to].at);
        for said in wrap(&said, self.room()) {
            let _ = writeln!(out, "{}  {said}", self.line());
        }
    }

    /// A mark before what a case went along, or did not.
    fn gone(&self, gone: bool) -> &'static str {
        match (self.diagram.traced.is_some(), gone) {
            (false, _) => "",
            (true, true) => "✓ ",
            (true, false) => "– ",
        }
    }

    /// The columns for words.
    fn room(&self) -> usize {
        COLUMNS - self.width() - 3
    }

    fn step(&self, index: usize, out: &mut String) {
        let node = &self.diagram.nodes[index];
        let mut left = vec![self.line()];
        if let Some(deed) = &node.deed {
            let pen = Pen::of(deed.inferred || node.inferred, node.state);
            left[0].arrow(self.middle(deed.lane), self.middle(node.lane), pen, deed.both_ways);
        }
        self.symbol(&mut left[0], node);
        self.asked(node, &mut left);
        self.messages(index, &mut left);
        self.shown(node, &mut left);
        let said = self.said(index);
        let rows = left.len().max(said.len());
        for row in 0..rows {
            let canvas = left.get(row).cloned().unwrap_or_else(|| self.line());
            let _ = writeln!(out, "{canvas}  {}", said.get(row).map_or("", String::as_str));
        }
        let _ = writeln!(out, "{}", self.line());
    }

    fn symbol(&self, line: &mut Canvas, node: &Node) {
        let inside = match (node.shape, node.inferred || node.state == State::Not) {
            (Shape::Process, false) => "[■]",
            (Shape::Process, true) => "[□]",
            (Shape::Condition, false) => "<◆>",
            (Shape::Condition, true) => "<◇>",
            (Shape::Aside, _) => "[≡]",
        };
        line.write(self.middle(node.lane).saturating_sub(1), inside);
    }

    /// One line for each message that leaves; another one where its way turns back.
    fn messages(&self, index: usize, left: &mut Vec<Canvas>) {
        for edge in self.diagram.edges.iter().filter(|edge| edge.from == index && self.is_drawn(edge)) {
            let mut stops = vec![self.diagram.nodes[index].lane];
            stops.extend(&edge.through);
            stops.push(self.diagram.nodes[edge.to].lane);
            let mut line = self.line();
            for (hop, pair) in stops.windows(2).enumerate() {
                let turned = hop > 0 && pair[1].cmp(&pair[0]) != pair[0].cmp(&stops[hop - 1]);
                if turned {
                    left.push(std::mem::replace(&mut line, self.line()));
                }
                let pen = Pen::of(edge.inferred, edge.hops[hop]);
                line.arrow(self.middle(pair[0]), self.middle(pair[1]), pen, false);
                if hop > 0 {
                    line.write(self.middle(pair[0]).saturating_sub(1), "(»)");
                }
            }
            left.push(line);
        }
    }

    /// A line for a question to a register and one for its answer.
    fn asked(&self, node: &Node, left: &mut Vec<Canvas>) {
        let Some(exchange) = &node.exchange else { return };
        let mut stops = vec![node.lane];
        stops.extend(&exchange.through);
        stops.push(exchange.lane);
        let half = exchange.hops.len() / 2;
        let (there, back) = exchange.hops.split_at(half);
        let mut line = self.line();
        for (pair, state) in stops.windows(2).zip(there) {
            line.arrow(self.middle(pair[0]), self.middle(pair[1]), Pen::of(exchange.inferred, *state), false);
        }
        let mut answer = self.line();
        stops.reverse();
        for (pair, state) in stops.windows(2).zip(back) {
            answer.arrow(
                self.middle(pair[0]),
                self.middle(pair[1]),
                Pen::of(exchange.inferred, *state),
                false,
            );
        }
        for lane in &exchange.through {
            line.write(self.middle(*lane).saturating_sub(1), "(»)");
            answer.write(self.middle(*lane).saturating_sub(1), "(»)");
        }
        line.write(self.middle(exchange.lane).saturating_sub(1), "(≡)");
        left.extend([line, answer]);
    }

    /// Whether an edge is drawn between lanes; within one it is only told.
    fn is_drawn(&self, edge: &Edge) -> bool {
        !edge.through.is_empty() || self.diagram.nodes[edge.from].lane != self.diagram.nodes[edge.to].lane
    }

    fn shown(&self, node: &Node, left: &mut Vec<Canvas>) {
        let Some(delivery) = &node.delivery else { return };
        let Some(recipient) = delivery.lane else { return };
        let mut line = self.line();
        line.arrow(
            self.middle(node.lane),
            self.middle(recipient),
            Pen::of(delivery.inferred, node.state),
            false,
        );
        let sign = match delivery.kind {
            Some(End::Refusal) => "[✗]",
            Some(End::Result) => "[✓]",
            None => "[i]",
        };
        let start = self.middle(recipient).saturating_sub(1);
        let toward_right = node.lane > recipient;
        line.write(start, sign);
        if toward_right {
            line.put(start + 3, Pen::of(delivery.inferred, node.state).head(false));
        }
        left.push(line);
    }

    /// What is told beside the lanes.
    fn said(&self, index: usize) -> Vec<String> {
        let (diagram, node) = (self.diagram, &self.diagram.nodes[index]);
        let lang = diagram.lang;
        let room = self.room();
        let state = match node.state {
            State::Gone => "✓ ",
            State::Not => "– ",
            State::Plain | State::Refused => "",
        };
        let inferred = if node.inferred { " *" } else { "" };
        let mut lines = wrap(&format!("{state}{}{inferred}", node.head()), room);
        let mut say = |text: &str| {
            lines.extend(wrap(text, room - 2).into_iter().map(|line| format!("  {line}")));
        };
        node.guard.iter().for_each(|guard| say(guard));
        say(&node.what);
        node.within.iter().for_each(|within| say(within));
        for clock in diagram.clocks.iter().filter(|clock| clock.from == index) {
            let mark = if clock.inferred { " *" } else { "" };
            say(&format!("◷ {} → §{}{mark}", clock.said(), diagram.nodes[clock.to].at));
        }
        for clock in diagram.clocks.iter().filter(|clock| clock.to == index && clock.from != index) {
            say(&format!("◷ {} ({})", clock.limit, words::end(lang)));
        }
        if let Some(deed) = &node.deed {
            say(&format!("({})", deed.what.join("; ")));
        }
        node.documents.iter().chain(&node.signed).chain(&node.unsaid).for_each(|text| say(text));
        if let Some(exchange) = &node.exchange {
            let short = |lane: usize| diagram.lanes[lane].short.replace('\u{ad}', "");
            let through: Vec<String> = exchange.through.iter().copied().map(short).collect();
            let by = if through.is_empty() {
                String::new()
            } else {
                format!(" ({} {})", words::through(lang), through.join(", "))
            };
            let refused = exchange.hops.contains(&State::Refused);
            let gone = self.gone(exchange.hops.iter().all(|hop| *hop == State::Gone));
            let gone = if refused { "✗ " } else { gone };
            let (asks, answers) = (words::asks(lang), words::answers(lang));
            say(&format!("{gone}✉ {asks} → {}{by} → {answers}", short(exchange.lane)));
        }
        for edge in diagram.edges.iter().filter(|edge| edge.from == index) {
            let to = &diagram.nodes[edge.to];
            let mark = if edge.inferred { " *" } else { "" };
            let words = match (edge.role, &edge.caption) {
                (Role::Message, Some(words)) => format!("✉ {words} → §{}{mark}", to.at),
                (_, Some(words)) => format!("{words} → §{}{mark}", to.at),
                (_, None) => format!("→ §{}{mark}", to.at),
            };
            let gone = self.gone(edge.hops.last() == Some(&State::Gone));
            let gone = if edge.hops.contains(&State::Refused) { "✗ " } else { gone };
            say(&format!("{gone}{words}"));
        }
        if let Some(delivery) = &node.delivery {
            let mark = if delivery.inferred { " *" } else { "" };
            say(&format!("✉ {}: {}{mark}", recipient(diagram), delivery.caption.to_lowercase()));
        }
        if node.ends.is_some() {
            say(&format!("(●) {}", words::end(lang)));
        }
        for note in &node.notes {
            for (mark, text) in &note.lines {
                let sign = match mark {
                    Mark::Yes => "✓",
                    Mark::No => "✗",
                    Mark::Differs => "≠",
                    Mark::None => " ",
                };
                say(&format!("{sign} {text}"));
            }
        }
        lines
    }

    fn legend(&self, out: &mut String) {
        let (diagram, lang) = (self.diagram, self.diagram.lang);
        let traced = diagram.traced.is_some();
        let has = |shape| diagram.nodes.iter().any(|node| node.shape == shape);
        let all = [
            (true, "(○)", words::l_begin(lang)),
            (true, "(●)", words::l_end(lang)),
            (true, "[■]", words::l_process(lang)),
            (true, "<◆>", words::l_condition(lang)),
            (has(Shape::Aside), "[≡]", words::l_aside(lang)),
            (true, "[✗]", words::l_refusal(lang)),
            (true, "[✓]", words::l_result(lang)),
            (true, "──▶", words::l_message(lang)),
            (true, "(»)", words::l_relay(lang)),
            (diagram.nodes.iter().any(|node| node.exchange.is_some()), "(≡)", words::l_register(lang)),
            (diagram.infers(), "╌╌▷", words::l_inferred(lang)),
            (diagram.infers(), " * ", words::l_star(lang)),
            (!diagram.clocks.is_empty(), " ◷ ", words::l_clock(lang)),
            (true, "[…]", words::l_guard(lang)),
            (traced, "━━▶", words::l_gone(lang)),
            (traced, "··▷", words::l_pale(lang)),
            (traced, "━━✗", words::l_refused(lang)),
        ];
        let _ = writeln!(out, "{}:", words::legend(lang));
        for (_, sign, said) in all.iter().filter(|(shown, ..)| *shown) {
            let _ = writeln!(out, "  {sign}  {said}");
        }
    }
}

/// The recipient as the lane calls them.
fn recipient(diagram: &Diagram) -> String {
    let lane =
        diagram.nodes.iter().find_map(|node| node.delivery.as_ref().and_then(|delivery| delivery.lane));
    lane.map_or_else(String::new, |lane| diagram.lanes[lane].short.replace('\u{ad}', ""))
}
