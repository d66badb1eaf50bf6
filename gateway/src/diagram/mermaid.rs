//! A picture as a Mermaid flowchart.

use std::fmt::Write as _;

use super::model::{Diagram, Role, Shape, State};
use super::words;

/// Writes the flowchart: a subgraph for each lane, a node for each step.
pub(super) fn write(diagram: &Diagram) -> String {
    let mut out = String::from("flowchart TB\n");
    let _ = writeln!(out, "  %% {} – {}", words::SPECIMEN, words::not_official(diagram.lang));
    let _ = writeln!(out, "  %% {}", comment(&diagram.title));
    let _ = writeln!(out, "  %% {}", comment(&diagram.standing()));
    if let Some(traced) = &diagram.traced {
        let found = traced.difference.as_deref().unwrap_or(words::no_difference(diagram.lang));
        let _ =
            writeln!(out, "  %% {} {}: {}", words::case(diagram.lang), comment(&traced.case), comment(found));
    }
    for lane in 0..diagram.lanes.len() {
        self::lane(&mut out, diagram, lane);
    }
    clocks(&mut out, diagram);
    let mut styles: Vec<(usize, State)> = Vec::new();
    let mut link =
        |out: &mut String, from: &str, to: &str, caption: Option<&str>, heavy: bool, dashed: bool, state| {
            let arrow = match (dashed, heavy) {
                (true, _) => "-.->",
                (false, true) => "==>",
                (false, false) => "-->",
            };
            let caption = caption.map(|words| format!("|{}|", quoted(words))).unwrap_or_default();
            let _ = writeln!(out, "  {from} {arrow}{caption} {to}");
            styles.push((styles.len(), state));
        };
    if let Some(first) = diagram.nodes.first() {
        link(&mut out, "begin", &id(&first.at), None, false, false, first.state);
    }
    if let Some(past) = &diagram.past {
        let to = id(&diagram.nodes[past.to].at);
        link(&mut out, "begin", &to, Some(&past.caption), false, past.inferred, past.state);
    }
    for (index, node) in diagram.nodes.iter().enumerate() {
        if node.delivery.as_ref().is_some_and(|d| d.lane.is_some()) {
            let dashed = node.delivery.as_ref().is_some_and(|delivery| delivery.inferred);
            link(&mut out, &id(&node.at), &format!("shown{index}"), None, true, dashed, node.state);
            if node.ends.is_some() {
                link(
                    &mut out,
                    &format!("shown{index}"),
                    &format!("stop{index}"),
                    None,
                    false,
                    false,
                    node.state,
                );
            }
        } else if node.ends.is_some() {
            link(&mut out, &id(&node.at), &format!("stop{index}"), None, false, false, node.state);
        }
    }
    for (index, node) in diagram.nodes.iter().enumerate() {
        let Some(exchange) = &node.exchange else { continue };
        let relays =
            |way: &str| (0..exchange.through.len()).map(|hop| format!("{way}{index}_{hop}")).collect();
        let mut there: Vec<String> = relays("asks");
        let mut back: Vec<String> = relays("answers");
        there.insert(0, id(&node.at));
        there.push(format!("register{index}"));
        back.reverse();
        back.insert(0, format!("register{index}"));
        back.push(id(&node.at));
        let captions = [words::asks(diagram.lang), words::answers(diagram.lang)];
        let mut states = exchange.hops.iter();
        for (way, words) in [there, back].iter().zip(captions) {
            for (hop, pair) in way.windows(2).enumerate() {
                let state = states.next().copied().unwrap_or(node.state);
                let caption = match (hop, state) {
                    (_, State::Refused) => Some(format!("✗ {}", words::l_refused(diagram.lang))),
                    (0, _) => Some(words.to_owned()),
                    _ => None,
                };
                link(&mut out, &pair[0], &pair[1], caption.as_deref(), true, exchange.inferred, state);
            }
        }
    }
    for (index, edge) in diagram.edges.iter().enumerate() {
        let mut from = id(&diagram.nodes[edge.from].at);
        for (hop, state) in edge.hops.iter().enumerate() {
            let last = hop + 1 == edge.hops.len();
            let to = if last { id(&diagram.nodes[edge.to].at) } else { format!("relay{index}_{hop}") };
            let caption = edge.caption.as_deref().filter(|_| hop == 0);
            let caption = match (caption, *state) {
                (_, State::Refused) => Some(format!("✗ {}", words::l_refused(diagram.lang))),
                (caption, _) => caption.map(str::to_owned),
            };
            link(&mut out, &from, &to, caption.as_deref(), edge.role == Role::Message, edge.inferred, *state);
            from = to;
        }
    }
    for (index, clock) in diagram.clocks.iter().enumerate() {
        let (from, to) = (id(&diagram.nodes[clock.from].at), id(&diagram.nodes[clock.to].at));
        let _ = writeln!(out, "  {from} -.- clock{index}");
        if from != to {
            let _ = writeln!(out, "  clock{index} -.- {to}");
        }
    }
    let _ = writeln!(out, "  classDef inferred stroke-dasharray:5 3,color:#55606e");
    for node in diagram.nodes.iter().filter(|node| node.inferred) {
        let _ = writeln!(out, "  class {} inferred", id(&node.at));
    }
    if diagram.traced.is_some() {
        trace(&mut out, diagram, &styles);
    }
    out
}

/// Clocks stand in a group of their own, tied to the steps where they begin and stop.
fn clocks(out: &mut String, diagram: &Diagram) {
    if diagram.clocks.is_empty() {
        return;
    }
    let _ = writeln!(out, "  subgraph clocks[{}]", quoted(words::l_clock(diagram.lang)));
    for (index, clock) in diagram.clocks.iter().enumerate() {
        let _ = writeln!(out, "    clock{index}[[{}]]", quoted(&clock.said()));
    }
    out.push_str("  end\n");
}

fn lane(out: &mut String, diagram: &Diagram, lane: usize) {
    let _ = writeln!(out, "  subgraph lane{lane}[{}]", quoted(&diagram.lanes[lane].title));
    if diagram.begins() == Some(lane) {
        let _ = writeln!(out, "    begin(({}))", quoted(words::begin(diagram.lang)));
    }
    for (index, node) in diagram.nodes.iter().enumerate() {
        let shown = node.delivery.as_ref().and_then(|delivery| delivery.lane);
        if node.lane == lane {
            let mut said = vec![node.head()];
            said.extend(node.guard.clone());
            said.push(node.what.clone());
            said.extend(node.within.clone());
            said.extend(node.documents.iter().map(|document| document.replace("• ", "")));
            said.extend(node.signed.clone());
            said.extend(node.unsaid.clone());
            let said: Vec<String> = said.iter().map(|line| escaped(line)).collect();
            let (open, close) = match node.shape {
                Shape::Process => ("[", "]"),
                Shape::Condition => ("{", "}"),
                Shape::Aside => ("[/", "/]"),
            };
            let _ = writeln!(out, "    {}{open}\"{}\"{close}", id(&node.at), said.join("<br/>"));
        }
        if shown == Some(lane)
            && let Some(delivery) = &node.delivery
        {
            let _ = writeln!(out, "    shown{index}>{}]", quoted(&delivery.caption));
        }
        if node.ends.is_some() && shown.unwrap_or(node.lane) == lane {
            let _ = writeln!(out, "    stop{index}((({})))", quoted(words::end(diagram.lang)));
        }
    }
    for (index, node) in diagram.nodes.iter().enumerate() {
        let Some(exchange) = &node.exchange else { continue };
        for hop in (0..exchange.through.len()).filter(|hop| exchange.through[*hop] == lane) {
            let _ = writeln!(out, "    asks{index}_{hop}([{}])", quoted("✉"));
            let _ = writeln!(out, "    answers{index}_{hop}([{}])", quoted("✉"));
        }
        if exchange.lane == lane {
            let name = diagram.lanes[lane].short.replace('\u{ad}', "");
            let _ = writeln!(out, "    register{index}[({})]", quoted(&name));
        }
    }
    for (index, edge) in diagram.edges.iter().enumerate() {
        for hop in
            edge.through.iter().enumerate().filter(|(_, through)| **through == lane).map(|(hop, _)| hop)
        {
            let _ = writeln!(out, "    relay{index}_{hop}([{}])", quoted("✉"));
        }
    }
    out.push_str("  end\n");
}

fn trace(out: &mut String, diagram: &Diagram, styles: &[(usize, State)]) {
    let _ = writeln!(out, "  classDef gone stroke-width:3px");
    let _ = writeln!(out, "  classDef pale stroke:#b4bac2,color:#8a929c");
    for node in &diagram.nodes {
        let class = if node.state == State::Gone { "gone" } else { "pale" };
        let _ = writeln!(out, "  class {} {class}", id(&node.at));
    }
    for (link, state) in styles {
        let style = match state {
            State::Gone => "stroke-width:3px",
            State::Refused => "stroke:#a3160f,stroke-width:3px",
            State::Not | State::Plain => "stroke:#bcc2ca",
        };
        let _ = writeln!(out, "  linkStyle {link} {style}");
    }
}

/// A name that Mermaid takes for a step.
fn id(at: &str) -> String {
    let mut id = String::from("s");
    for letter in at.chars() {
        if letter.is_ascii_alphanumeric() {
            id.push(letter);
        } else {
            let _ = write!(id, "_{:x}_", u32::from(letter));
        }
    }
    id.replace("_2e_", "_")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '`' => out.push_str("#96;"),
            '&' => out.push_str("#amp;"),
            '\u{0}'..='\u{1f}' => out.push(' '),
            // Where a line may be divided is of no use here.
            '\u{ad}' => {}
            other => out.push(other),
        }
    }
    out
}

fn comment(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect::<String>()
        .replace("%%", "%")
}
