//! Where things touch a step's sides.

use super::count;
use super::model::{Diagram, Edge, Shape};
use super::route::{Arrival, Routes, Side};
use super::scene::facing;

/// Half of the way between a question's arrow and its answer's.
pub(super) const APART: f64 = 13.0;
/// The least space between two things that touch a side.
const SPACE: f64 = 4.0;

/// Something that touches a step's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Port {
    /// A person's deed.
    Deed,
    /// All edges that come in by the gutter.
    In,
    /// A question to a register and its answer.
    Exchange,
    /// An edge that leaves.
    Out(usize),
    /// A message to the recipient.
    Delivery,
}

/// What touches a step, and how far below its middle.
#[derive(Debug, Clone, Default)]
pub(super) struct Ports {
    /// From top to bottom on each side.
    all: Vec<(Side, Port, f64)>,
    /// The least height of the symbol.
    pub(super) least: f64,
}

impl Ports {
    /// Finds them for a symbol of at least `height` beside a deed's lines of height `deed`.
    pub(super) fn of(diagram: &Diagram, routes: &Routes, node: usize, height: f64, deed: f64) -> Self {
        // A diamond is touched in the middle half of its slopes.
        let part = if diagram.nodes[node].shape == Shape::Condition { 0.5 } else { 1.0 };
        let sides = [Side::Left, Side::Right].map(|side| (side, touching(diagram, routes, node, side)));
        let reach = |port: Port, alone: bool| match port {
            Port::Deed if !alone => deed / 2.0 + 2.0,
            Port::Exchange => APART + 8.0,
            Port::Delivery if !alone => 9.0,
            // Two ways of one message each have their words and their small symbols.
            Port::Out(edge) if !alone && has_another_way(diagram, edge) => 15.0,
            _ => 6.0,
        };
        let needs = |ports: &[Port]| {
            let reaches: f64 = ports.iter().map(|port| 2.0 * reach(*port, ports.len() == 1)).sum();
            if ports.is_empty() { 0.0 } else { reaches + SPACE * count(ports.len() + 1) }
        };
        let least = sides.iter().map(|(_, ports)| needs(ports) / part).fold(height, f64::max);
        let mut all = Vec::new();
        for (side, ports) in sides {
            let spare = (least * part - needs(&ports)) / count(ports.len() + 1) + SPACE;
            let mut y = -least * part / 2.0;
            for port in &ports {
                let reach = reach(*port, ports.len() == 1);
                y += spare + reach;
                all.push((side, *port, y));
                y += reach;
            }
        }
        Self { all, least }
    }

    /// How far below the middle of its step something touches it.
    pub(super) fn offset(&self, port: Port) -> f64 {
        self.all.iter().find(|(_, known, _)| *known == port).map_or(0.0, |(.., y)| *y)
    }
}

/// Whether a message may go by another way as well.
fn has_another_way(diagram: &Diagram, edge: usize) -> bool {
    let from = diagram.edges.get(edge).map(|edge| edge.from);
    diagram.edges.iter().any(|other| other.other && Some(other.from) == from)
}

/// What touches a side of a step, from top to bottom.
fn touching(diagram: &Diagram, routes: &Routes, node: usize, side: Side) -> Vec<Port> {
    let step = &diagram.nodes[node];
    let mut ports = Vec::new();
    if step.deed.as_ref().is_some_and(|deed| facing(step.lane, deed.lane) == side) {
        ports.push(Port::Deed);
    }
    let both = || diagram.edges.iter().zip(&routes.ways).enumerate();
    let enters =
        |edge: &Edge, arrival| edge.to == node && matches!(arrival, Arrival::Gutter(s, _) if s == side);
    // A diamond is entered by its upper corner.
    if step.shape != Shape::Condition && both().any(|(_, (edge, route))| enters(edge, route.arrival)) {
        ports.push(Port::In);
    }
    if step.exchange.as_ref().is_some_and(|exchange| facing(step.lane, exchange.lane) == side) {
        ports.push(Port::Exchange);
    }
    ports.extend(
        both()
            .filter(|(_, (edge, route))| edge.from == node && route.exit == side)
            .map(|(index, _)| Port::Out(index)),
    );
    let delivery = step.delivery.as_ref().and_then(|delivery| delivery.lane);
    if delivery.is_some_and(|lane| facing(step.lane, lane) == side) {
        ports.push(Port::Delivery);
    }
    ports
}
