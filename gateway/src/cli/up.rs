//! `qaqpa up`

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use certs::{Algorithm, CheckDigit, Clock};
use clap::Args;
use jiff::Timestamp;
use registries::store::{Durability, WorldId};
use serde_json::json;
use signer::{Problem, System};

use super::faults::{rules, rules_of_file};
use super::swap::{check_whole, swapped};
use super::tls::TlsArguments;
use super::{Done, Failure, Talk, say};
use crate::exchange::Wire;
use crate::regulation::Regulations;
use crate::sandbox::{Options, SLEEP_AFTER, Sandbox};
use crate::world::Plan;

#[derive(Args)]
pub(super) struct Up {
    /// Where to listen. SYSTEM=ADDR gives a system a port of its own as well; may be given several times.
    #[arg(long, value_name = "[SYSTEM=]ADDR", value_parser = listens)]
    listen: Vec<Listens>,
    /// Where it is reached from outside; written into certificates.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Folder to keep everything in.
    #[arg(long, value_name = "DIR", default_value = ".qaqpa", conflicts_with = "ephemeral")]
    data: PathBuf,
    /// Keep everything in this PostgreSQL database instead of a folder: postgres://USER:PASSWORD@HOST:PORT/NAME.
    #[arg(long, value_name = "URL", env = "QAQPA_DATABASE", hide_env_values = true)]
    #[arg(conflicts_with_all = ["ephemeral", "data"])]
    database: Option<String>,
    /// Keep nothing: everything is gone with the process.
    #[arg(long)]
    ephemeral: bool,
    /// What an acknowledgement survives: `process` (SIGKILL) or `power` (loss of power).
    #[arg(long, value_name = "WHAT", default_value = "process", value_parser = durability)]
    survives: Durability,
    /// Folder of regulation files to follow instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
    /// Algorithm of keys: p256, rsa, gost512, gost256 or gost2004.
    #[arg(long, value_name = "ALG", default_value = "p256")]
    alg: Algorithm,
    /// How the systems write to each other: json, soap, or soap-text with the messages as strings.
    #[arg(long, value_name = "WIRE", default_value = "json")]
    wire: Wire,
    /// What the clock of a new world begins with, as 2016-10-03T09:00:00+05:00; the machine's time without it.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// Seed of generated numbers.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// How many journal entries are kept; those of open cases are kept beyond it.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    keep_journal: usize,
    /// Take IINs and BINs with a wrong check digit, as in the test material of the national SDK.
    #[arg(long)]
    any_check_digit: bool,
    /// Another system in the place of a built-in one:
    /// SYSTEM=URL[,cert=FILE,password=P][,sender-id=ID][,timeout=SECONDS][,wire=WIRE]. May be given several times.
    /// ca=URL,anchor=FILE trusts a centre of somebody else's, which is asked for revocation and time stamps.
    #[arg(long, value_name = "SYSTEM=URL")]
    swap: Vec<String>,
    /// Serve this system alone, with a database of its own; the others are named by --swap. May be given several
    /// times.
    #[arg(long, value_name = "SYSTEM")]
    only: Vec<System>,
    /// How many seconds nobody has to need a world before it sleeps; the first request to it wakes it.
    #[arg(long, value_name = "SECONDS", default_value_t = SLEEP_AFTER.as_secs())]
    sleep_after: u64,
    /// Something that goes wrong from the start: FAULT[,system=S][,service=ID][,route=R][,case=ID][,side=S][,often=O],
    /// as delay:2s,system=provider,often=once. May be given several times; `qaqpa faults names` lists the faults.
    #[arg(long, value_name = "FAULT")]
    fault: Vec<String>,
    /// File of such faults, one in a line.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Listen on an address that others can reach; needs a control token.
    #[arg(long)]
    allow_remote: bool,
    #[command(flatten)]
    tls: TlsArguments,
    /// What /control asks for.
    #[arg(long, value_name = "TOKEN", env = "QAQPA_CONTROL_TOKEN", hide_env_values = true)]
    control_token: Option<String>,
}

/// An address to listen on: of the process, or of one system.
#[derive(Clone)]
struct Listens {
    system: Option<System>,
    address: SocketAddr,
}

fn listens(word: &str) -> Result<Listens, String> {
    let (system, address) = match word.split_once('=') {
        Some((system, address)) => {
            (Some(system.parse().map_err(|error: signer::UnknownSystem| error.to_string())?), address)
        }
        None => (None, word),
    };
    let address = address.parse().map_err(|error: std::net::AddrParseError| error.to_string())?;
    Ok(Listens { system, address })
}

/// Where a process listens when nothing is said.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8710);

fn durability(word: &str) -> Result<Durability, String> {
    match word {
        "process" => Ok(Durability::Process),
        "power" => Ok(Durability::Power),
        other => Err(format!("`{other}`: there are `process` and `power`")),
    }
}

/// The regulations of a folder, or the built-in ones.
pub(super) fn regulations(folder: Option<&PathBuf>) -> Result<Regulations, Failure> {
    let loaded = match folder {
        Some(folder) => Regulations::from_folder(folder),
        None => Regulations::built_in(),
    };
    loaded.map_err(|error| Failure::usage(error.to_string(), "`qaqpa regulations check FILE` says more"))
}

impl Up {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let guarded = self.allow_remote && self.control_token.is_some();
        let open = self.listen.iter().find(|listens| !listens.address.ip().is_loopback());
        if let Some(open) = open.filter(|_| !guarded) {
            let what = format!("{} can be reached by others", open.address);
            return Err(Failure::usage(
                what,
                "add --allow-remote and --control-token, or listen on 127.0.0.1",
            ));
        }
        let tls = self.tls.read()?;
        let mut main = self.listen.iter().filter(|listens| listens.system.is_none());
        let (listen, more) = (main.next().map_or(LISTEN, |listens| listens.address), main.next());
        if let Some(more) = more {
            let what = format!("--listen {}: the process listens on {listen} already", more.address);
            return Err(Failure::usage(what, "give one address, and SYSTEM=ADDR for systems"));
        }
        let ports = self.listen.iter().filter_map(|one| one.system.map(|system| (system, one.address)));
        let regulations = regulations(self.regulations.as_ref())?;
        let mut faults = rules(&self.fault, &regulations)?;
        if let Some(file) = &self.faults {
            faults.extend(rules_of_file(file, &regulations)?);
        }
        let swapped = swapped(&self.swap)?;
        let plan = Plan {
            faults,
            tls,
            algorithm: self.alg,
            wire: self.wire,
            check_digit: if self.any_check_digit { CheckDigit::AnyDigit } else { CheckDigit::Strict },
            seed: self.seed,
            keep_entries: self.keep_journal,
            swapped: swapped.systems,
            outside: swapped.outside,
            only: self.only.iter().copied().collect(),
            clock: self.now.map(Clock::running_from),
            ..Plan::following(regulations)
        };
        check_whole(&plan)?;
        let options = Options {
            listen,
            ports: ports.collect(),
            base_url: self.base_url,
            data: (!self.ephemeral).then_some(self.data),
            database: self.database,
            durability: self.survives,
            control_token: self.control_token,
            sleep_after: Duration::from_secs(self.sleep_after),
            ..Options::ephemeral(plan)
        };
        let bound = Sandbox::bind(options).await?;
        let base = bound.sandbox.base_url().to_owned();
        let world = bound.sandbox.world(&WorldId::default());
        let world = world.ok_or_else(|| Problem::technical("the default world is gone"))?.world.clone();
        let reached: BTreeMap<&str, String> = System::ALL
            .iter()
            .filter(|system| world.serves(**system) || world.stands_elsewhere(**system))
            .map(|system| (system.name(), world.address(*system)))
            .collect();
        if let Some(file) = &self.tls.write_root {
            let roots: String = world.believed.iter().map(certs::Certificate::pem).collect();
            std::fs::write(file, roots).map_err(|error| Failure::file(file, error))?;
        }
        if talk.json {
            let control = format!("{base}/control");
            let serves = world.served();
            say(json!({
                "ready": true, "base_url": base, "systems": reached, "serves": serves, "control": control,
            }))?;
        } else {
            say(format!(
                "Qaqpa is up at {base}: a simulator for tests, not affiliated with any government."
            ))?;
            for system in System::ALL {
                let Some(address) = reached.get(system.name()) else { continue };
                let elsewhere = if world.serves(*system) { "" } else { "  (elsewhere)" };
                say(format!("  {:<22}{address}{elsewhere}", system.name()))?;
            }
            say(format!("  {:<22}{base}/control/health", "control"))?;
            eprintln!("hint: `qaqpa play --all --against {base}` goes along every path; Ctrl-C stops");
        }
        bound.serve(stopped()).await?;
        Ok(Done::Fine)
    }
}

/// Ctrl-C or SIGTERM.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            return interrupted.await.unwrap_or_default();
        };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await.unwrap_or_default();
}
