//! `qaqpa systems`

use std::path::{Path, PathBuf};

use certs::Certificate;
use clap::{Args, Subcommand};
use signer::System;
use uuid::Uuid;

use super::credentials::{Credentials, DESCRIPTION};
use super::target::Against;
use super::{Done, Failure, Talk, say, say_json};
use crate::exchange::{Service, Wire, every_service};
use crate::play::Client;
use crate::world::{ShownSystem, Swap};

#[derive(Subcommand)]
pub(super) enum Systems {
    /// The systems that exchange messages.
    List(Against),
    /// One system, with its certificate.
    Show(Named),
    /// Put your own system in the place of a built-in one, in the running sandbox.
    Add(Box<Add>),
    /// Take your own system out again: the built-in one comes back.
    Remove(Named),
}

#[derive(Args)]
pub(super) struct Named {
    /// The system, by its name in `qaqpa systems list`.
    system: System,
    #[command(flatten)]
    against: Against,
}

#[derive(Args)]
pub(super) struct Add {
    /// The system whose place it takes.
    system: System,
    /// Where yours is reached: messages are posted to URL/messages.
    #[arg(long)]
    url: String,
    /// The certificate that it signs envelopes with; without it, one is ordered with a key and written into --out.
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// What its envelopes name it by; the system's name if nothing is said.
    #[arg(long, value_name = "ID")]
    sender_id: Option<String>,
    /// Its password; one is made up if nothing is said.
    #[arg(long, value_name = "P", env = "QAQPA_SYSTEM_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// The organisation that runs it; that of the built-in system if nothing is said.
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// The organisation's BIN; that of the built-in system if nothing is said.
    #[arg(long)]
    bin: Option<String>,
    /// A service that it may send to, as REGULATION/CHANNEL/MESSAGE, or one of registers by its id; every service if
    /// nothing is said. May be given several times.
    #[arg(long = "subscribe", value_name = "SERVICE")]
    subscriptions: Vec<String>,
    /// How messages to it are written: json, soap, or soap-text with the messages as strings. Over SOAP, the URL is the
    /// endpoint itself.
    #[arg(long, value_name = "WIRE", default_value = "json")]
    wire: Wire,
    /// The service by which it is asked in the place of the regulations' own questions: for a people database that
    /// knows no regulation, GBDFL_UniversalServiceSync.
    #[arg(long, value_name = "ID")]
    service: Option<Service>,
    /// How many seconds one request to it may take.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// Folder for its credentials and system.json.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    against: Against,
}

impl Systems {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        match self {
            Self::List(against) => list(talk, &against.client()?).await,
            Self::Show(Named { system, against }) => {
                show(talk, &against.client()?.get(&format!("/control/systems/{system}"), None).await?)
            }
            Self::Add(add) => add.run(talk).await,
            Self::Remove(Named { system, against }) => {
                show(talk, &against.client()?.delete(&format!("/control/systems/{system}")).await?)
            }
        }
    }
}

async fn list(talk: Talk, client: &Client) -> Result<Done, Failure> {
    let all: Vec<ShownSystem> = client.get("/control/systems", None).await?;
    if talk.json {
        say_json(&all)?;
        return Ok(Done::Fine);
    }
    let rows = all.iter().map(|one| {
        let subscriptions = one.subscriptions.join(" ");
        [
            one.system.name().to_owned(),
            one.sender_id.clone(),
            one.organisation.clone(),
            one.bin.clone(),
            one.address.clone(),
            one.wire.word().to_owned(),
            subscriptions,
        ]
    });
    let head = ["system", "senderId", "organisation", "BIN", "address", "wire", "subscriptions"];
    let rows: Vec<[String; 7]> = std::iter::once(head.map(str::to_owned)).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        say(cells.join("  ").trim_end())?;
    }
    Ok(Done::Fine)
}

fn show(talk: Talk, one: &ShownSystem) -> Result<Done, Failure> {
    if talk.json {
        say_json(one)?;
        return Ok(Done::Fine);
    }
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let served = if one.served { "" } else { "  (not served by this process)" };
    say(format!("system         {}", one.system))?;
    say(format!("senderId       {}", one.sender_id))?;
    say(format!("organisation   {}", one.organisation))?;
    say(format!("BIN            {}", one.bin))?;
    say(format!("OID            {}", one.oid.as_deref().unwrap_or("none")))?;
    say(format!("role           {}", one.role.map_or("none", |role| role.name())))?;
    say(format!("address        {}{served}", one.address))?;
    say(format!("wire           {}", one.wire.word()))?;
    if let Some(service) = one.service {
        say(format!("service        {}", service.id()))?;
    }
    say(format!("timeout        {} s", one.timeout))?;
    say(format!("subscriptions  {}", one.subscriptions.join(" ")))?;
    say(format!("subject        {}", one.subject.as_deref().unwrap_or("none")))?;
    say(format!("validity       {} – {}", moment(one.not_before), moment(one.not_after)))?;
    say(one.certificate.trim_end())?;
    Ok(Done::Fine)
}

impl Add {
    async fn run(mut self, talk: Talk) -> Result<Done, Failure> {
        let client = self.against.client()?;
        let before: ShownSystem = client.get(&format!("/control/systems/{}", self.system), None).await?;
        let given = self.password.take();
        let password = given.clone().unwrap_or_else(|| Uuid::new_v4().simple().to_string());
        let mut swap = Swap {
            sender_id: self.sender_id.clone(),
            password: Some(password.clone()),
            organisation: Some(self.organisation.clone().unwrap_or(before.organisation)),
            bin: Some(self.bin.clone().unwrap_or(before.bin)),
            timeout: self.timeout,
            wire: self.wire,
            service: self.service,
            subscriptions: match self.subscriptions.as_slice() {
                [] => every_service(),
                some => some.to_vec(),
            },
            ..Swap::at(&self.url)
        };
        // No certificate is ordered for what can be refused here already.
        Swap { certificate: Some(String::new()), ..swap.clone() }.check(self.system)?;
        let own = self.cert.as_deref().map(read_certificate).transpose()?;
        let credentials = Credentials { client: &client, system: self.system, out: &self.out };
        credentials.folder()?;
        let mut key_file_password = None;
        swap.certificate = if own.is_some() {
            own
        } else {
            let issued = credentials.own_key(&swap).await?;
            key_file_password = Some(issued.password);
            Some(issued.kept.certificate)
        };
        let put: ShownSystem = client.put(&format!("/control/systems/{}", self.system), &swap).await?;
        credentials.staff_key(&put).await?;
        let description = credentials.describe(&put, &password, key_file_password).await?;
        if talk.json {
            say_json(&description)?;
        } else {
            say(format!("{} is now at {}", put.system, put.address))?;
            say(format!("senderId     {}", put.sender_id))?;
            if given.is_none() {
                say(format!("password     {password}"))?;
            }
            say(format!("subject      {}", put.subject.as_deref().unwrap_or_default()))?;
            say(format!("description  {}", self.out.join(DESCRIPTION).display()))?;
            let base = client.base();
            eprintln!(
                "hint: `qaqpa systems remove {} --against {base}` brings the built-in one back",
                put.system
            );
        }
        Ok(Done::Fine)
    }
}

fn read_certificate(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, error))?;
    let certificate = Certificate::from_pem_or_der(&bytes).map_err(|error| Failure::file(path, error))?;
    Ok(certificate.pem())
}
