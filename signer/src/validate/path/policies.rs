//! Which policies hold along a path (RFC 5280, 6.1, with the graph of RFC 9618 in place of the tree, which a few
//! certificates can make grow without bounds).

use std::collections::{BTreeMap, BTreeSet};

use certs::verdict::Failure;
use certs::{Certificate, ObjectIdentifier, oid};

use super::PathDemands;

/// A policy that holds for the certificates so far.
struct Node {
    /// By which policies of the next certificate it is led on.
    expected: BTreeSet<ObjectIdentifier>,
    /// The policies of the certificate above that lead to it.
    parents: BTreeSet<ObjectIdentifier>,
}

/// The policies of one certificate.
type Level = BTreeMap<ObjectIdentifier, Node>;

/// Where the algorithm stands.
struct State {
    levels: Vec<Level>,
    /// How many more certificates may come before a policy must hold, mapping ends and anyPolicy means nothing.
    explicit: usize,
    mapping: usize,
    any: usize,
}

/// Whether policies hold along a path as its centres and `demands` want it; the path ends with a root.
pub(super) fn hold(path: &[Certificate], demands: &PathDemands) -> Result<(), Failure> {
    let Some((_, below)) = path.split_last() else { return Ok(()) };
    let after = |at_once: bool| if at_once { 0 } else { path.len() };
    let root = Node { expected: BTreeSet::from([oid::ANY_POLICY]), parents: BTreeSet::new() };
    let mut state = State {
        levels: vec![Level::from([(oid::ANY_POLICY, root)])],
        explicit: after(demands.explicit_policy),
        mapping: after(demands.no_mapping),
        any: after(demands.no_any_policy),
    };
    for (left, certificate) in below.iter().enumerate().rev() {
        state.take(certificate, left == 0);
        let lost = || Failure::PolicyNotValid { subject: certificate.subject() };
        if state.explicit == 0 && state.top().is_empty() {
            return Err(lost());
        }
        if left > 0 {
            state.prepare(certificate).ok_or_else(lost)?;
        } else {
            state.explicit = state.explicit.saturating_sub(1);
            if certificate.policy_constraints().require_explicit == Some(0) {
                state.explicit = 0;
            }
            if state.explicit == 0 && !state.satisfies(demands.policies.as_deref()) {
                return Err(lost());
            }
        }
    }
    Ok(())
}

impl State {
    /// The policies of the last certificate.
    fn top(&self) -> &Level {
        // There is always the root's.
        static NOTHING: Level = Level::new();
        self.levels.last().unwrap_or(&NOTHING)
    }

    /// Leads the policies on by one certificate (RFC 5280, 6.1.3, d and e).
    fn take(&mut self, certificate: &Certificate, is_last: bool) {
        let above = self.top();
        let mut level = Level::new();
        let lead = |level: &mut Level, policy, parents| {
            level.insert(policy, Node { expected: BTreeSet::from([policy]), parents });
        };
        let expecting = |policy| -> BTreeSet<ObjectIdentifier> {
            let expects = above.iter().filter(|(_, node)| node.expected.contains(&policy));
            expects.map(|(parent, _)| *parent).collect()
        };
        let stated = certificate.policies();
        for &policy in stated.iter().filter(|policy| **policy != oid::ANY_POLICY) {
            let parents = expecting(policy);
            if !parents.is_empty() {
                lead(&mut level, policy, parents);
            } else if above.contains_key(&oid::ANY_POLICY) {
                lead(&mut level, policy, BTreeSet::from([oid::ANY_POLICY]));
            }
        }
        let any_counts = self.any > 0 || (!is_last && certificate.is_self_issued());
        if stated.contains(&oid::ANY_POLICY) && any_counts {
            let expected: BTreeSet<ObjectIdentifier> =
                above.values().flat_map(|node| node.expected.iter().copied()).collect();
            for policy in
                expected.into_iter().filter(|policy| !level.contains_key(policy)).collect::<Vec<_>>()
            {
                let parents = expecting(policy);
                lead(&mut level, policy, parents);
            }
        }
        self.levels.push(level);
    }

    /// Takes over what a centre maps and demands (RFC 5280, 6.1.4, a, b, h, i, j); none if it maps anyPolicy.
    fn prepare(&mut self, centre: &Certificate) -> Option<()> {
        let mut mapped: BTreeMap<ObjectIdentifier, BTreeSet<ObjectIdentifier>> = BTreeMap::new();
        for &(from, to) in centre.policy_mappings() {
            if from == oid::ANY_POLICY || to == oid::ANY_POLICY {
                return None;
            }
            mapped.entry(from).or_default().insert(to);
        }
        if let Some(level) = self.levels.last_mut() {
            for (from, to) in mapped {
                if self.mapping == 0 {
                    level.remove(&from);
                } else if let Some(node) = level.get_mut(&from) {
                    node.expected = to;
                } else if level.contains_key(&oid::ANY_POLICY) {
                    level.insert(from, Node { expected: to, parents: BTreeSet::from([oid::ANY_POLICY]) });
                }
            }
        }
        if !centre.is_self_issued() {
            for counter in [&mut self.explicit, &mut self.mapping, &mut self.any] {
                *counter = counter.saturating_sub(1);
            }
        }
        let demanded = centre.policy_constraints();
        for (counter, limit) in [
            (&mut self.explicit, demanded.require_explicit),
            (&mut self.mapping, demanded.inhibit_mapping),
            (&mut self.any, demanded.inhibit_any),
        ] {
            let limit = limit.and_then(|limit| usize::try_from(limit).ok());
            *counter = limit.map_or(*counter, |limit| limit.min(*counter));
        }
        Some(())
    }

    /// Whether one of the wanted policies holds, in the terms of the root (RFC 5280, 6.1.5, g).
    fn satisfies(&self, wanted: Option<&[ObjectIdentifier]>) -> bool {
        let top = self.top();
        let Some(wanted) = wanted.filter(|wanted| !wanted.contains(&oid::ANY_POLICY)) else {
            return !top.is_empty();
        };
        if top.contains_key(&oid::ANY_POLICY) {
            return !wanted.is_empty();
        }
        let mut reached: BTreeSet<ObjectIdentifier> = top.keys().copied().collect();
        for level in self.levels.iter().rev() {
            let nodes: Vec<(&ObjectIdentifier, &Node)> =
                reached.iter().filter_map(|policy| level.get_key_value(policy)).collect();
            // What comes out of anyPolicy is a policy of the root's.
            let of_root = |(policy, node): &(&ObjectIdentifier, &Node)| {
                node.parents.contains(&oid::ANY_POLICY) && wanted.contains(policy)
            };
            if nodes.iter().any(of_root) {
                return true;
            }
            let parents: Vec<ObjectIdentifier> =
                nodes.iter().flat_map(|(_, node)| node.parents.iter().copied()).collect();
            reached = parents.into_iter().collect();
        }
        false
    }
}
