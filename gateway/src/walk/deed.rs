//! What a person does at a system's desk.

use std::future::Future;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use signer::Problem;

use super::{Case, Turn, Worker, walk};
use crate::journal::Crossing;
use crate::regulation::{Channel, Person, Step};

/// A deed of a person: the same shape at every desk.
pub trait Deed<W: Worker>: Send + Sync {
    /// What the journal calls it.
    const NAME: &'static str;
    /// What the person gets beside the case's new state.
    type Output: Send;

    /// Takes the deed into the case: that it is awaited, and that what came with it is acceptable.
    fn act(
        &self,
        worker: &W,
        turn: &mut Turn<'_, W::Own>,
    ) -> impl Future<Output = Result<Self::Output, Problem>> + Send;
}

/// A case after a deed.
pub struct Done<Own, Output> {
    /// The case.
    pub case: Case<Own>,
    /// Its new version.
    pub version: u64,
    /// Its channel.
    pub channel: Arc<Channel>,
    /// What the deed gave.
    pub output: Output,
}

/// Carries a deed out, goes on from there, and commits.
///
/// # Errors
/// The problem that the deed, or a step behind it, met: nothing is kept then but a note in the journal that it
/// was tried. It names the step the case stands at.
pub async fn carry_out<W, D>(
    worker: &W,
    mut turn: Turn<'_, W::Own>,
    person: Person,
    deed: &D,
) -> Result<Done<W::Own, D::Output>, Problem>
where
    W: Worker,
    W::Own: Serialize + DeserializeOwned,
    D: Deed<W>,
{
    let (site, id) = (turn.site, turn.case.id);
    let mut crossing = Crossing::deed(person.word(), site.system(), D::NAME);
    let problem = match deed.act(worker, &mut turn).await {
        Ok(output) => {
            turn.crossing(&crossing);
            match walk(worker, &mut turn).await {
                Ok(()) => {
                    let channel = turn.channel.clone();
                    let (version, case) = turn.commit().await?;
                    return Ok(Done { case, version, channel, output });
                }
                Err(problem) => problem,
            }
        }
        Err(problem) => problem,
    };
    // The deed may have passed an offered step by: what counts is where it met the problem.
    let problem = match (&problem.step, turn.step().map(Step::at)) {
        (None, Some(step)) => problem.at(step),
        _ => problem,
    };
    let problem = problem.by(site.system());
    crossing.accepted = false;
    crossing.problem = Some(problem.clone());
    let entry = crossing.entry(site.world.clock.now(), site.system()).case(id.to_string());
    site.world.store.commit(site.world.store.batch().entry(entry)).await?;
    Err(problem.noted())
}
