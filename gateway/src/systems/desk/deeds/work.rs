//! Work that leaves nothing but that it was done, and the result that is handed over.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signer::{Code, Problem};

use super::{identifier, invalid};
use crate::exchange::identifier_text;
use crate::regulation::{Person, Step, Verb};
use crate::systems::desk::checks::may_take;
use crate::systems::desk::own::{Own, Worked};
use crate::systems::desk::{Desk, form, issue};
use crate::walk::{Deed, Turn};

/// What somebody did: documents taken, examined, prepared, signed by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Who.
    pub by: Person,
    /// Their surname and initials, as a stamp has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What, of that which is awaited.
    pub does: Vec<Verb>,
    /// Whom the head determines as executor: for `assign`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<String>,
    /// What they have to say of it; it goes into the document that is formed next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Deed<Desk> for Work {
    const NAME: &'static str = "work";
    type Output = ();

    async fn act(&self, _: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        if let Some(other) = self.does.iter().find(|verb| !verb.is_work()) {
            return Err(invalid("does", format!("`{other}` is no work; it has an address of its own")));
        }
        let done = turn.accept(&self.does)?;
        if let Some(left) = self.does.iter().find(|verb| !done.contains(verb)) {
            return Err(Problem::new(Code::StepOutOfOrder).detail(format!("`{left}` is not awaited here")));
        }
        let awaited = turn.step().and_then(Step::person);
        if awaited != Some(self.by) {
            let who = awaited.map_or("nobody", Person::word);
            return Err(invalid("by", format!("this is for `{who}` to do, not for `{}`", self.by)));
        }
        if let Some(name) = &self.name {
            form::text("name", name)?;
        }
        if let Some(note) = &self.note {
            form::text("note", note)?;
            turn.case.own.grounds = Some(note.clone());
        }
        match (done.contains(&Verb::Assign), &self.executor) {
            (true, Some(executor)) => {
                form::text("executor", executor)?;
                turn.case.own.executor = Some(executor.clone());
            }
            (true, None) => return Err(invalid("executor", "nobody is determined")),
            (false, Some(_)) => return Err(invalid("executor", "nobody is to be determined here")),
            (false, None) => {}
        }
        for verb in [Verb::SignByHand, Verb::Seal].iter().filter(|verb| done.contains(verb)) {
            issue::by_hand(turn, self.by, *verb == Verb::Seal)?;
        }
        let at = turn.step().map(|step| step.at().to_owned()).unwrap_or_default();
        let done_at: Timestamp = turn.now;
        turn.case.own.worked.push(Worked { at, by: self.by, name: self.name.clone(), does: done, done_at });
        Ok(())
    }
}

/// Who takes what the case came to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::systems::desk) struct HandOver {
    to: String,
}

impl Deed<Desk> for HandOver {
    const NAME: &'static str = "handover";
    type Output = ();

    async fn act(&self, desk: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::HandOver])?;
        let who = identifier(desk, "to", &self.to)?;
        if !may_take(turn, who) {
            let detail = "only the recipient, or who came for them, takes the result";
            return Err(Problem::new(Code::NotTheRecipient).detail(detail));
        }
        turn.case.own.handed_to = Some(identifier_text(who));
        Ok(())
    }
}
