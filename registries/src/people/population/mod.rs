//! A synthetic population: the same plan makes the same people, byte for byte.
//!
//! First come the personas with their families, then ordinary households until there are as many people as asked
//! for. A larger population of the same seed and day begins with the smaller one.

mod cast;
mod household;
mod maker;
mod numbers;
mod place;

use jiff::civil::{Date, date};

use super::persona::Cast;
use super::record::{Newborn, PersonRecord};
use crate::notary::PowerOfAttorney;

/// The most people that can be made beside the personas and their families.
pub const MOST_GENERATED: usize = 50_000;

/// What a population follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PopulationPlan {
    seed: u64,
    size: usize,
    today: Date,
}

/// Why there is no such population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Too many.
    #[error("{asked} people are asked for; at most {MOST_GENERATED} can be made")]
    Size {
        /// How many were asked for.
        asked: usize,
    },
    /// Cards of before 2008 and people born from 2000 on are in the registers: on other days their ages do not fit.
    #[error("a population can be made for a day from 2015 to 2045, not for {today}")]
    Day {
        /// The day that was asked for.
        today: Date,
    },
}

impl PopulationPlan {
    /// `size` ordinary people beside the personas, with ages and terms as of `today`.
    pub fn new(seed: u64, size: usize, today: Date) -> Result<Self, PlanError> {
        if size > MOST_GENERATED {
            return Err(PlanError::Size { asked: size });
        }
        if !(date(2015, 1, 1)..=date(2045, 12, 31)).contains(&today) {
            return Err(PlanError::Day { today });
        }
        Ok(Self { seed, size, today })
    }

    /// What chance follows from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How many ordinary people there are.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The day that ages and terms are as of.
    pub fn today(&self) -> Date {
        self.today
    }
}

/// People who never were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// Everybody in the register.
    pub people: Vec<PersonRecord>,
    /// Children who are in no register yet.
    pub newborns: Vec<Newborn>,
    /// Who plays which persona.
    pub cast: Vec<Cast>,
    /// The powers of attorney of the notary registry.
    pub powers: Vec<PowerOfAttorney>,
}

impl Population {
    /// Makes the people of a plan.
    pub fn generate(plan: PopulationPlan) -> Self {
        let mut maker = maker::Maker::new(plan);
        cast::play(&mut maker);
        let all = maker.made.people.len() + plan.size;
        let mut household = 0_u64;
        while maker.made.people.len() < all {
            let left = all - maker.made.people.len();
            household::settle(&mut maker, household, left);
            household += 1;
        }
        maker.made
    }
}
