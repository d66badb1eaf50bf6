//! What processes on one database tell each other: whose commits changed which worlds.

use uuid::Uuid;

use crate::store::WorldId;
use crate::store::changes::{Changes, Queues};

/// Where it is told.
pub(super) const CHANNEL: &str = "qaqpa";

/// The longest that PostgreSQL lets pass, with some room.
const LONGEST: usize = 7_900;

/// Stands before the name of a world of which there is more to tell than that it changed.
const TELLS: char = '!';

/// Stands for every world.
const EVERY: &str = "*";

/// Names of worlds that changed.
#[derive(Debug)]
pub(super) struct News(String);

impl News {
    /// Of worlds, each with whether it was begun, deleted or told of.
    pub(super) fn of<'a>(worlds: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let mut names = String::new();
        for (name, tells) in worlds {
            names.push(' ');
            names.extend(tells.then_some(TELLS));
            names.push_str(name);
        }
        Self(if names.len() > LONGEST { format!(" {EVERY}") } else { names })
    }

    /// As it is sent, with the name of the process, so that nobody hears itself.
    pub(super) fn written(&self, sender: &Uuid) -> String {
        format!("{sender}{}", self.0)
    }
}

/// Passes on what another process than `own` has sent. What cannot be read is taken for anything.
pub(super) fn hear(payload: &str, own: &Uuid, changes: &Changes) {
    let (sender, names) = payload.split_once(' ').unwrap_or((payload, EVERY));
    if sender.parse() == Ok(*own) {
        return;
    }
    for name in names.split(' ') {
        let bare = name.strip_prefix(TELLS);
        match bare.unwrap_or(name).parse::<WorldId>() {
            Ok(world) => changes.changed(&world, &Queues::All),
            Err(_) => return changes.look_again(),
        }
        if bare.is_some() {
            changes.told();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is heard of the worlds `a` and `b`, and of news, when another process sends this.
    fn heard(news: &News) -> [bool; 3] {
        let changes = Changes::new();
        let told = ["a", "b"].map(|name| changes.subscribe(&name.parse().unwrap()));
        let general = changes.news();
        hear(&news.written(&Uuid::from_u128(1)), &Uuid::from_u128(2), &changes);
        [told[0].has_changed().unwrap(), told[1].has_changed().unwrap(), general.has_changed().unwrap()]
    }

    #[test]
    fn each_world_hears_its_own() {
        assert_eq!(heard(&News::of([("a", false)].into_iter())), [true, false, false]);
        assert_eq!(heard(&News::of([("c", true), ("b", false)].into_iter())), [false, true, true]);
        let many: Vec<String> = (0..1_000).map(|n| format!("world-{n}")).collect();
        assert_eq!(heard(&News::of(many.iter().map(|name| (name.as_str(), false)))), [true, true, true]);
    }

    #[test]
    fn nobody_hears_itself() {
        let (changes, own) = (Changes::new(), Uuid::from_u128(1));
        let told = changes.subscribe(&WorldId::default());
        hear(&News::of([("default", true)].into_iter()).written(&own), &own, &changes);
        assert!(!told.has_changed().unwrap());
        hear("", &own, &changes);
        assert!(told.has_changed().unwrap(), "what cannot be read is taken for anything");
    }
}
