//! The people database over the store.

use std::collections::{HashMap, HashSet};

use certs::Iin;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::check::{ImportRules, faults};
use super::error::RegisterError;
use super::persona::{Cast, Persona};
use super::population::{Population, PopulationPlan};
use super::record::{Family, Newborn, PersonRecord};
use super::transfer::{self, Faults, Format, Line};
use crate::store::{Batch, Expect, Page, StoreError, WorldStore};

/// The record kind of people; keys are IINs.
const PERSON: &str = "person";
/// The record kind of who belongs to whom; keys are `elder/child/younger` and `guardian/ward/younger`.
const KIN: &str = "person-kin";
/// The record kind of children without an IIN; keys are `mother/number`.
const NEWBORN: &str = "person-newborn";
/// The record kind of who plays a persona; keys are the personas' names.
const CAST: &str = "person-cast";
/// The record kind of where the people come from; its one key is `origin`.
const ORIGIN: &str = "people-origin";

/// Where the people of a register come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The population that was made, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// How many records were imported since.
    pub imported: usize,
}

/// What a population was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// What chance followed from.
    pub seed: u64,
    /// How many ordinary people there are beside the personas.
    pub size: usize,
    /// The day that ages and terms are as of.
    pub today: Date,
}

impl From<PopulationPlan> for Made {
    fn from(plan: PopulationPlan) -> Self {
        Self { seed: plan.seed(), size: plan.size(), today: plan.today() }
    }
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Records that were not there before.
    pub added: usize,
    /// Records that took the place of one of the same number.
    pub replaced: usize,
}

/// ГБД ФЛ: the people of one world. Cloning is cheap and shares the store.
#[derive(Debug, Clone)]
pub struct People {
    store: WorldStore,
}

impl People {
    /// Of the world that the store is a view of.
    pub fn new(store: WorldStore) -> Self {
        Self { store }
    }

    /// Somebody by number; `None` when the register does not have them, which is an answer and no failure.
    pub async fn find(&self, iin: Iin) -> Result<Option<PersonRecord>, StoreError> {
        let found = self.store.get_as(PERSON, &iin.to_string()).await?;
        Ok(found.map(|found| found.value))
    }

    /// Up to `limit` people by ascending number, after one.
    pub async fn list(&self, after: Option<Iin>, limit: usize) -> Result<Vec<PersonRecord>, StoreError> {
        let page = Page { after: after.map(|iin| iin.to_string()), ..Page::first(limit) };
        let found = self.store.list_as(PERSON, page).await?;
        Ok(found.into_iter().map(|found| found.value).collect())
    }

    /// Who belongs to somebody; nobody does to a number that is not in the register.
    pub async fn family(&self, iin: Iin) -> Result<Family, StoreError> {
        let mut family = Family {
            children: self.younger(iin, "child").await?,
            wards: self.younger(iin, "ward").await?,
            ..Family::default()
        };
        let Some(person) = self.find(iin).await? else { return Ok(family) };
        family.guardians = person.guardians.iter().map(|guardianship| guardianship.guardian).collect();
        for parent in &person.parents {
            for sibling in self.younger(*parent, "child").await? {
                let known = sibling == iin || family.twins.contains(&sibling);
                if !known && self.find(sibling).await?.is_some_and(|other| born_together(&person, &other)) {
                    family.twins.push(sibling);
                }
            }
        }
        family.parents = person.parents;
        Ok(family)
    }

    async fn younger(&self, iin: Iin, relation: &str) -> Result<Vec<Iin>, StoreError> {
        let page = Page::all().prefix(format!("{iin}/{relation}/"));
        Ok(self.store.list_as(KIN, page).await?.into_iter().map(|found| found.value).collect())
    }

    /// Children of a mother that are in no register yet.
    pub async fn newborns(&self, mother: Iin) -> Result<Vec<Newborn>, StoreError> {
        let page = Page::all().prefix(format!("{mother}/"));
        Ok(self.store.list_as(NEWBORN, page).await?.into_iter().map(|found| found.value).collect())
    }

    /// Who plays a persona; `None` while no population was made.
    pub async fn persona(&self, persona: Persona) -> Result<Option<Cast>, StoreError> {
        Ok(self.store.get_as(CAST, persona.name()).await?.map(|found| found.value))
    }

    /// Where the people come from.
    pub async fn origin(&self) -> Result<Origin, StoreError> {
        Ok(self.store.get_as(ORIGIN, "origin").await?.map(|found| found.value).unwrap_or_default())
    }

    /// Makes a population unless there is one already or somebody was imported; for the start of a world.
    pub async fn prepare(&self, plan: PopulationPlan) -> Result<(), StoreError> {
        if self.origin().await? != Origin::default() {
            return Ok(());
        }
        match self.settle(&Population::generate(plan), plan, self.store.batch(), Expect::Absent).await {
            // Somebody else was first; theirs counts.
            Err(error) if error.is_conflict() => Ok(()),
            settled => settled,
        }
    }

    /// Makes a population in the place of everybody in the register.
    ///
    /// # Errors
    /// [`RegisterError::Imported`] when imported people would be lost and `replace` does not say that they may.
    pub async fn generate(&self, plan: PopulationPlan, replace: bool) -> Result<Population, RegisterError> {
        let (imported, expect) = self.origin_version().await?;
        if imported > 0 && !replace {
            return Err(RegisterError::Imported { imported });
        }
        let mut batch = self.store.batch();
        for kind in [PERSON, KIN, NEWBORN, CAST] {
            for record in self.store.list(kind, Page::all()).await? {
                batch = batch.delete(kind, &record.key, Expect::Anything);
            }
        }
        let population = Population::generate(plan);
        self.settle(&population, plan, batch, expect).await?;
        Ok(population)
    }

    async fn origin_version(&self) -> Result<(usize, Expect), StoreError> {
        let kept = self.store.get_as::<Origin>(ORIGIN, "origin").await?;
        Ok(kept.map_or((0, Expect::Absent), |kept| (kept.value.imported, Expect::Version(kept.version))))
    }

    async fn settle(
        &self,
        population: &Population,
        plan: PopulationPlan,
        mut batch: Batch,
        expect: Expect,
    ) -> Result<(), StoreError> {
        for person in &population.people {
            batch = put(batch, person)?;
        }
        for newborn in &population.newborns {
            let key = format!("{}/{}", newborn.mother, newborn.medical_certificate);
            batch = batch.put(NEWBORN, &key, newborn, Expect::Anything)?;
        }
        for cast in &population.cast {
            batch = batch.put(CAST, cast.persona.name(), cast, Expect::Anything)?;
        }
        let origin = Origin { made: Some(plan.into()), imported: 0 };
        self.store.commit(batch.put(ORIGIN, "origin", &origin, expect)?).await?;
        Ok(())
    }

    /// Takes people from a file, all or nobody. Who has a number that is in the register takes its place.
    pub async fn import(
        &self,
        format: Format,
        file: &[u8],
        rules: ImportRules,
    ) -> Result<Imported, RegisterError> {
        let lines = transfer::read::<PersonRecord>(format, file)?;
        let (imported, expect) = self.origin_version().await?;
        let before = self.store.list_as::<PersonRecord>(PERSON, Page::all()).await?;
        let before: HashMap<Iin, PersonRecord> =
            before.into_iter().map(|found| (found.value.iin, found.value)).collect();
        check(&lines, &before, rules)?;

        let mut batch = self.store.batch();
        let mut did = Imported { added: 0, replaced: 0 };
        for Line { row, .. } in &lines {
            match before.get(&row.iin) {
                Some(old) => {
                    did.replaced += 1;
                    for key in kin(old) {
                        batch = batch.delete(KIN, &key, Expect::Anything);
                    }
                }
                None => did.added += 1,
            }
            batch = put(batch, row)?;
        }
        // Whoever changes the register changes its origin: one of two at the same time fails and tries again.
        let origin = Origin { imported: imported + lines.len(), ..self.origin().await? };
        self.store.commit(batch.put(ORIGIN, "origin", &origin, expect)?).await?;
        Ok(did)
    }

    /// Everybody, as a file that [`import`](Self::import) takes.
    pub async fn export(&self, format: Format) -> Result<String, RegisterError> {
        let everybody = self.list(None, usize::MAX).await?;
        Ok(transfer::write(format, &everybody)?)
    }
}

/// Writes somebody down with the keys by which their elders find them.
fn put(mut batch: Batch, person: &PersonRecord) -> Result<Batch, StoreError> {
    batch = batch.put(PERSON, &person.iin.to_string(), person, Expect::Anything)?;
    for key in kin(person) {
        batch = batch.put(KIN, &key, &person.iin, Expect::Anything)?;
    }
    Ok(batch)
}

fn kin(person: &PersonRecord) -> Vec<String> {
    let parents = person.parents.iter().map(|parent| format!("{parent}/child/{}", person.iin));
    let guardians = person.guardians.iter().map(|by| format!("{}/ward/{}", by.guardian, person.iin));
    parents.chain(guardians).collect()
}

fn born_together(one: &PersonRecord, other: &PersonRecord) -> bool {
    one.birth_date.duration_since(other.birth_date).abs() <= jiff::SignedDuration::from_hours(24)
}

/// Everything that is wrong with a file beyond its form.
fn check(
    lines: &[Line<PersonRecord>],
    before: &HashMap<Iin, PersonRecord>,
    rules: ImportRules,
) -> Result<(), RegisterError> {
    let (mut wrong, mut seen) = (Faults::default(), HashSet::new());
    let in_file: HashMap<Iin, &PersonRecord> = lines.iter().map(|line| (line.row.iin, &line.row)).collect();
    for Line { line, row } in lines {
        if !seen.insert(row.iin) {
            wrong.add(*line, format!("iin: {} stands in the file twice", row.iin));
        }
        for what in faults(row, rules) {
            wrong.add(*line, what);
        }
        let known = |iin: &Iin| in_file.get(iin).copied().or_else(|| before.get(iin));
        for parent in &row.parents {
            match known(parent) {
                None => {
                    wrong.add(*line, format!("parents: {parent} is neither in the file nor in the register"));
                }
                Some(parent) if parent.birth_date >= row.birth_date => {
                    wrong.add(*line, format!("parents: {} is not older than the child", parent.iin));
                }
                Some(_) => {}
            }
        }
        for by in row.guardians.iter().map(|by| by.guardian).filter(|iin| known(iin).is_none()) {
            wrong.add(*line, format!("guardians: {by} is neither in the file nor in the register"));
        }
    }
    Ok(wrong.none_or_refuse()?)
}
