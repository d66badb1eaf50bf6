//! The notary registry over the store.

use std::collections::{HashMap, HashSet};

use certs::Iin;

use super::power::{Certified, PowerOfAttorney, PowerStatus};
use crate::people::transfer::{self, Cell, Faults, Format, Line, Row};
use crate::people::{ImportRules, Imported, Origin, Population, PopulationPlan, RegisterError, text_fault};
use crate::store::{Batch, Expect, Page, StoreError, WorldStore};

/// The record kind of powers of attorney; keys are their numbers.
const POWER: &str = "power";
/// The record kind by which they are found by people; keys are `principal/representative/number`.
const BETWEEN: &str = "power-between";
/// The record kind of where the powers come from; its one key is `origin`.
const ORIGIN: &str = "notary-origin";

/// The longest number, in characters.
const LONGEST_NUMBER: usize = 64;

/// ЕНИС: the powers of attorney of one world. Cloning is cheap and shares the store.
#[derive(Debug, Clone)]
pub struct Notary {
    store: WorldStore,
}

impl Notary {
    /// Of the world that the store is a view of.
    pub fn new(store: WorldStore) -> Self {
        Self { store }
    }

    /// A power of attorney by number; `None` when the registry does not have it, which is an answer and no failure.
    pub async fn find(&self, number: &str) -> Result<Option<PowerOfAttorney>, StoreError> {
        // What cannot be a number is in no registry.
        if number_fault(number).is_some() {
            return Ok(None);
        }
        Ok(self.store.get_as(POWER, number).await?.map(|found| found.value))
    }

    /// What one person has given to another, whatever its state, by ascending number.
    pub async fn find_between(
        &self,
        principal: Iin,
        representative: Iin,
    ) -> Result<Vec<PowerOfAttorney>, StoreError> {
        let page = Page::all().prefix(format!("{principal}/{representative}/"));
        let mut powers = Vec::new();
        for found in self.store.list_as::<String>(BETWEEN, page).await? {
            powers.extend(self.find(&found.value).await?);
        }
        Ok(powers)
    }

    /// Up to `limit` powers by ascending number, after one.
    pub async fn list(
        &self,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<PowerOfAttorney>, StoreError> {
        let page = Page { after, ..Page::first(limit) };
        Ok(self.store.list_as(POWER, page).await?.into_iter().map(|found| found.value).collect())
    }

    /// Where the powers come from.
    pub async fn origin(&self) -> Result<Origin, StoreError> {
        Ok(self.store.get_as(ORIGIN, "origin").await?.map(|found| found.value).unwrap_or_default())
    }

    /// Enters the powers of a population unless something was entered already; for the start of a world.
    pub async fn prepare(&self, plan: PopulationPlan) -> Result<(), StoreError> {
        if self.origin().await? != Origin::default() {
            return Ok(());
        }
        let powers = Population::generate(plan).powers;
        match self.enter(&powers, plan, self.store.batch(), Expect::Absent).await {
            // Somebody else was first; theirs counts.
            Err(error) if error.is_conflict() => Ok(()),
            entered => entered,
        }
    }

    /// Enters the powers of a population in the place of everything in the registry.
    ///
    /// # Errors
    /// [`RegisterError::Imported`] when imported powers would be lost and `replace` does not say that they may.
    pub async fn generate(&self, plan: PopulationPlan, replace: bool) -> Result<(), RegisterError> {
        let (imported, expect) = self.origin_version().await?;
        if imported > 0 && !replace {
            return Err(RegisterError::Imported { imported });
        }
        let mut batch = self.store.batch();
        for kind in [POWER, BETWEEN] {
            for record in self.store.list(kind, Page::all()).await? {
                batch = batch.delete(kind, &record.key, Expect::Anything);
            }
        }
        Ok(self.enter(&Population::generate(plan).powers, plan, batch, expect).await?)
    }

    async fn origin_version(&self) -> Result<(usize, Expect), StoreError> {
        let kept = self.store.get_as::<Origin>(ORIGIN, "origin").await?;
        Ok(kept.map_or((0, Expect::Absent), |kept| (kept.value.imported, Expect::Version(kept.version))))
    }

    async fn enter(
        &self,
        powers: &[PowerOfAttorney],
        plan: PopulationPlan,
        mut batch: Batch,
        expect: Expect,
    ) -> Result<(), StoreError> {
        for power in powers {
            batch = put(batch, power)?;
        }
        let origin = Origin { made: Some(plan.into()), imported: 0 };
        self.store.commit(batch.put(ORIGIN, "origin", &origin, expect)?).await?;
        Ok(())
    }

    /// Takes powers from a file, all or none. One of a number that is in the registry takes its place.
    pub async fn import(
        &self,
        format: Format,
        file: &[u8],
        rules: ImportRules,
    ) -> Result<Imported, RegisterError> {
        let lines = transfer::read::<PowerOfAttorney>(format, file)?;
        check(&lines, rules)?;
        let (imported, expect) = self.origin_version().await?;
        let before = self.store.list_as::<PowerOfAttorney>(POWER, Page::all()).await?;
        let before: HashMap<String, PowerOfAttorney> =
            before.into_iter().map(|found| (found.key, found.value)).collect();
        let mut batch = self.store.batch();
        let mut did = Imported { added: 0, replaced: 0 };
        for Line { row, .. } in &lines {
            match before.get(&row.number) {
                Some(old) => {
                    did.replaced += 1;
                    batch = batch.delete(BETWEEN, &between(old), Expect::Anything);
                }
                None => did.added += 1,
            }
            batch = put(batch, row)?;
        }
        // Whoever changes the registry changes its origin: one of two at the same time fails and tries again.
        let origin = Origin { imported: imported + lines.len(), ..self.origin().await? };
        self.store.commit(batch.put(ORIGIN, "origin", &origin, expect)?).await?;
        Ok(did)
    }

    /// Everything, as a file that [`import`](Self::import) takes.
    pub async fn export(&self, format: Format) -> Result<String, RegisterError> {
        Ok(transfer::write(format, &self.list(None, usize::MAX).await?)?)
    }
}

fn put(batch: Batch, power: &PowerOfAttorney) -> Result<Batch, StoreError> {
    batch.put(POWER, &power.number, power, Expect::Anything)?.put(
        BETWEEN,
        &between(power),
        &power.number,
        Expect::Anything,
    )
}

fn between(power: &PowerOfAttorney) -> String {
    format!("{}/{}/{}", power.principal, power.representative, power.number)
}

impl Row for PowerOfAttorney {
    const COLUMNS: &'static [(&'static str, Cell)] = &[
        ("number", Cell::Text),
        ("date", Cell::Text),
        ("until", Cell::Text),
        ("principal", Cell::Text),
        ("representative", Cell::Text),
        ("subject", Cell::Text),
        ("certified", Cell::Json),
        ("status", Cell::Json),
    ];
}

fn number_fault(number: &str) -> Option<String> {
    let long = number.chars().count() > LONGEST_NUMBER;
    long.then(|| format!("is longer than {LONGEST_NUMBER} characters")).or_else(|| text_fault(number))
}

/// Everything that is wrong with a file beyond its form.
fn check(lines: &[Line<PowerOfAttorney>], rules: ImportRules) -> Result<(), RegisterError> {
    let (mut wrong, mut seen) = (Faults::default(), HashSet::new());
    for Line { line, row } in lines {
        let mut add = |what: String| wrong.add(*line, what);
        if !seen.insert(&row.number) {
            add(format!("number: {} stands in the file twice", row.number));
        }
        if let Some(fault) = number_fault(&row.number) {
            add(format!("number: {fault}"));
        }
        for (field, text) in texts(row) {
            if let Some(fault) = text_fault(text) {
                add(format!("{field}: {fault}"));
            }
        }
        if !row.certified.is_registered() {
            add("certified: what is certified otherwise than by a notary is in no registry".to_owned());
        }
        if row.until < row.date {
            add("until: is before the date".to_owned());
        }
        if matches!(row.status, PowerStatus::Revoked { since } if since < row.date) {
            add("status: taken back before it was given".to_owned());
        }
        if row.principal == row.representative {
            add("representative: nobody represents themselves".to_owned());
        }
        let issued = [row.principal, row.representative].into_iter().find(|iin| !iin.is_never_issued_form());
        if let (Some(iin), false) = (issued, rules.issued_forms) {
            add(format!("{iin} may be somebody's number; the seventh digit of test numbers is 7, 8 or 9"));
        }
    }
    Ok(wrong.none_or_refuse()?)
}

fn texts(power: &PowerOfAttorney) -> Vec<(&'static str, &str)> {
    let mut texts = vec![("subject", power.subject.as_str())];
    match &power.certified {
        Certified::Notary { name, licence } => {
            texts.extend([("certified", name.as_str()), ("certified", licence)]);
        }
        Certified::Otherwise { official } => texts.push(("certified", official)),
        Certified::Foreign { apostille, translation_by, .. } => {
            texts.extend([("certified", apostille.as_str()), ("certified", translation_by)]);
        }
    }
    texts
}
