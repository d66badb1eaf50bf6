//! Organisations: their free places and queues, and by which gateway they are reached. Each desk has its own of them.

use std::collections::BTreeSet;

use registries::store::{Batch, Expect, StoreError};
use signer::{Code, Problem, System};

use super::form;
use crate::regulation::{Fact, Step};
use crate::site::Site;

const PLACES: &str = "places";
const QUEUE: &str = "queue";
const ROUTE: &str = "regional-route";

fn key(site: &Site, organisation: &str) -> String {
    format!("{}/{organisation}", site.system())
}

/// That an organisation can be asked for: that a form would take its code.
///
/// # Errors
/// [`Code::InvalidValue`].
pub(super) fn can_be_asked_for(site: &Site, organisation: &str) -> Result<(), Problem> {
    let wrong = |why| {
        let said: String = organisation.chars().take(60).collect();
        Problem::new(Code::InvalidValue).detail(format!("{said:?} {why}")).by(site.system())
    };
    form::organisation(organisation).map_err(wrong)
}

/// That free places are looked at here in some step: elsewhere, nobody would ever hear of them.
///
/// # Errors
/// [`Code::NotFound`], naming the desks where they are.
pub(super) fn are_looked_at(site: &Site) -> Result<(), Problem> {
    let by_places = |step: &&Step| {
        let mut guards = step.said.documents.iter().filter_map(|document| document.when.as_ref());
        guards.any(|when| when.all.contains(&Fact::PlaceAvailable))
    };
    let channels = site.regulations().iter().flat_map(|regulation| &regulation.channels);
    let looked_at: BTreeSet<System> =
        channels.flat_map(|channel| channel.steps.iter().filter(by_places)).map(|step| step.system).collect();
    if looked_at.contains(&site.system()) {
        return Ok(());
    }
    let known: Vec<&str> = looked_at.iter().map(|system| system.name()).collect();
    let problem = Problem::new(Code::NotFound).detail("no act looks at free places at this desk");
    let hint = format!("there are places at: {}", known.join(", "));
    Err(problem.hint(hint).fact("known", known).by(site.system()))
}

/// How many places an organisation has free.
pub(super) async fn free(site: &Site, organisation: &str) -> Result<u64, Problem> {
    let record = site.world.store.get_as::<u64>(PLACES, &key(site, organisation)).await?;
    Ok(record.map_or(0, |record| record.value))
}

/// Says how many places an organisation has free.
pub(super) async fn publish(site: &Site, organisation: &str, free: u64) -> Result<(), Problem> {
    let store = &site.world.store;
    store.commit(store.batch().put(PLACES, &key(site, organisation), &free, Expect::Anything)?).await?;
    Ok(())
}

/// The change that takes one place.
///
/// # Errors
/// [`Code::Busy`] when somebody else took the last one meanwhile: the deed begins again and finds none free.
pub(super) async fn take(site: &Site, organisation: &str) -> Result<Batch, Problem> {
    let (store, key) = (&site.world.store, key(site, organisation));
    let record = store.get_as::<u64>(PLACES, &key).await?;
    let record = record.filter(|record| record.value > 0).ok_or_else(|| Problem::new(Code::Busy))?;
    Ok(store.batch().put(PLACES, &key, &(record.value - 1), Expect::Version(record.version))?)
}

/// The next number in an organisation's queue, and the change that gives it out.
pub(super) async fn next_number(site: &Site, organisation: &str) -> Result<(u64, Batch), Problem> {
    count_on(site, QUEUE, &key(site, organisation)).await.map_err(Problem::from)
}

/// One more than the last number under a key, and the change that keeps it.
pub(super) async fn count_on(site: &Site, kind: &str, key: &str) -> Result<(u64, Batch), StoreError> {
    let store = &site.world.store;
    let last = store.get_as::<u64>(kind, key).await?;
    let (number, expect) =
        last.map_or((1, Expect::Absent), |record| (record.value + 1, Expect::Version(record.version)));
    Ok((number, store.batch().put(kind, key, &number, expect)?))
}

/// Whether an organisation is reached by the regional gateway.
pub(super) async fn goes_by_region(site: &Site, organisation: &str) -> Result<bool, Problem> {
    let record = site.world.store.get_as::<bool>(ROUTE, &key(site, organisation)).await?;
    Ok(record.is_some_and(|record| record.value))
}

/// Says by which gateway an organisation is reached.
pub(super) async fn route(site: &Site, organisation: &str, by_region: bool) -> Result<(), Problem> {
    let store = &site.world.store;
    store.commit(store.batch().put(ROUTE, &key(site, organisation), &by_region, Expect::Anything)?).await?;
    Ok(())
}
