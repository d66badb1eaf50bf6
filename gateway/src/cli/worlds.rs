//! `qaqpa worlds`

use certs::Algorithm;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use registries::store::WorldId;
use serde_json::{Value, json};

use super::target::Against;
use super::{Done, Failure, Talk, say, say_json};
use crate::play::Client;
use crate::sandbox::ShownWorld;

#[derive(Subcommand)]
pub(super) enum Worlds {
    /// The worlds of the running sandbox.
    List(Against),
    /// One world.
    Show(Named),
    /// Create a world with its own address, certification centre, clock, people and journal.
    Add(Add),
    /// Drop a world with everything in it.
    Drop(Named),
}

#[derive(Args)]
pub(super) struct Named {
    /// The world's name.
    #[arg(value_name = "ID")]
    id: WorldId,
    #[command(flatten)]
    against: Against,
}

#[derive(Args)]
pub(super) struct Add {
    /// Its name: a–z, 0–9 and `-`.
    #[arg(value_name = "ID")]
    id: WorldId,
    /// What its clock begins with, as 2016-10-03T09:00:00+05:00; the machine's time without it.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// Seed of generated numbers; that of the sandbox without it.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Algorithm of keys: p256, rsa, gost512, gost256 or gost2004; that of the sandbox without it.
    #[arg(long, value_name = "ALG")]
    alg: Option<Algorithm>,
    #[command(flatten)]
    against: Against,
}

impl Worlds {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        match self {
            Self::List(against) => list(talk, &against.client()?.root()).await,
            Self::Show(Named { id, against }) => {
                let client = against.client()?.root();
                show(talk, &client.get(&format!("/control/worlds/{id}"), None).await?)
            }
            Self::Add(Add { id, now, seed, alg, against }) => {
                let algorithm = alg.map(Algorithm::name);
                let body = json!({ "id": id, "now": now, "seed": seed, "algorithm": algorithm });
                let world: ShownWorld = against.client()?.root().post("/control/worlds", None, &body).await?;
                show(talk, &world)?;
                eprintln!("hint: `--against {}` makes other commands work in it", world.base_url);
                Ok(Done::Fine)
            }
            Self::Drop(Named { id, against }) => {
                let path = format!("/control/worlds/{id}");
                let dropped: Value = against.client()?.root().delete(&path).await?;
                if talk.json {
                    say_json(&dropped)?;
                } else {
                    say(format!("{id} is dropped"))?;
                }
                Ok(Done::Fine)
            }
        }
    }
}

async fn list(talk: Talk, client: &Client) -> Result<Done, Failure> {
    let all: Vec<ShownWorld> = client.get("/control/worlds", None).await?;
    if talk.json {
        say_json(&all)?;
        return Ok(Done::Fine);
    }
    let width = all.iter().map(|world| world.id.as_str().len()).max().unwrap_or(0);
    for ShownWorld { id, base_url, now, open, .. } in &all {
        let sleeps = if *open { "" } else { "  (sleeps)" };
        say(format!("{id:<width$}  {now:.0}  {base_url}{sleeps}"))?;
    }
    Ok(Done::Fine)
}

fn show(talk: Talk, world: &ShownWorld) -> Result<Done, Failure> {
    if talk.json {
        say_json(world)?;
        return Ok(Done::Fine);
    }
    say(format!("world      {}", world.id))?;
    say(format!("address    {}", world.base_url))?;
    say(format!("clock      {}", world.now))?;
    say(format!("seed       {}", world.seed))?;
    say(format!("algorithm  {}", world.algorithm))?;
    say(format!("open       {}", if world.open { "yes" } else { "no: it opens with the first request" }))?;
    Ok(Done::Fine)
}
