//! `qaqpa people`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use registries::notary::{Certified, PowerOfAttorney, PowerStatus};
use registries::people::transfer::Format;
use registries::people::{Entry, Found, Generate, IdentityDocument, Imported, NamedPersona, Origin, Played};
use serde_json::Value;
use signer::Problem;

use super::target::{Against, Reached, Target};
use super::{Done, Failure, Talk, say, say_json};
use crate::systems::token;

#[derive(Subcommand)]
pub(super) enum People {
    /// Make people up, in the place of those made before: the personas with their families, and as many as asked for.
    Generate(Make),
    /// Somebody by IIN or by persona; without either, every persona.
    Find(Find),
    /// Issue a person's access token for tests: what the people database's service with consent wants.
    Token(Token),
    /// Take people, or powers of attorney, from a CSV or JSON file: all or nobody.
    Import(Import),
}

#[derive(Args)]
pub(super) struct Make {
    /// How many ordinary people beside the personas.
    #[arg(long, default_value_t = 0)]
    size: usize,
    /// What chance follows from; the same seed, size and day make the same people. Default: the world's seed.
    #[arg(long)]
    seed: Option<u64>,
    /// The day that ages and terms are as of; the day of the world's clock without it.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// Let imported people and powers of attorney go.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Find {
    /// Twelve digits.
    #[arg(conflicts_with = "persona")]
    iin: Option<String>,
    /// Name of a persona: `qaqpa people find` lists them.
    #[arg(long, value_name = "PERSONA")]
    persona: Option<String>,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Token {
    /// Whom it is about: twelve digits.
    iin: String,
    /// How many minutes of the world's clock it is good: 15 when nothing is said, at most 1440.
    #[arg(long)]
    minutes: Option<u32>,
    /// The running sandbox that issues it.
    #[command(flatten)]
    against: Against,
}

#[derive(Args)]
pub(super) struct Import {
    /// The file.
    file: PathBuf,
    /// json or csv; without it, what the file's name ends in.
    #[arg(long, value_parser = format)]
    format: Option<Format>,
    /// The file holds powers of attorney for the notary registry.
    #[arg(long)]
    powers: bool,
    /// Take numbers that the state may have issued to somebody. Never give it real people's data.
    #[arg(long)]
    issued_forms: bool,
    #[command(flatten)]
    target: Target,
}

fn format(word: &str) -> Result<Format, String> {
    word.parse().map_err(|error: registries::people::transfer::UnknownFormat| error.to_string())
}

impl People {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        match self {
            Self::Generate(make) => make.run(talk).await,
            Self::Find(find) => find.run(talk).await,
            Self::Token(token) => token.run(talk).await,
            Self::Import(import) => import.run(talk).await,
        }
    }
}

impl Make {
    async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let Self { size, seed, today, replace, target } = self;
        let wanted = Generate { seed, size, today, replace };
        let reached = target.reach().await?;
        let client = &reached.client;
        let origin: Origin = client.post("/people/population", None, &wanted).await?;
        // The notary registry makes the same population for itself: the systems share no data.
        let same = Generate { today: origin.made.as_ref().map(|made| made.today), ..wanted };
        client.post::<Origin>("/notary/population", None, &same).await?;
        if talk.json {
            say_json(&origin)?;
        } else if let Some(made) = &origin.made {
            say(format!("seed   {}", made.seed))?;
            say(format!("day    {}", made.today))?;
            say(format!("made   {} ordinary people, beside the personas and their families", made.size))?;
            eprintln!("hint: `qaqpa people find` lists the personas");
        }
        Ok(Done::Fine)
    }
}

impl Token {
    async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let client = self.against.client()?;
        let wanted = token::Wanted { iin: self.iin, minutes: self.minutes };
        let token: token::Token = client.post("/people/tokens", None, &wanted).await?;
        if talk.json {
            say_json(&token)?;
        } else {
            say(format!("kdpToken    {}", token.kdp_token))?;
            say(format!("publicKey   {}", token.public_key))?;
            say(format!("validUntil  {}", token.valid_until))?;
            eprintln!("hint: {}: good in this world alone", token.specimen);
        }
        Ok(Done::Fine)
    }
}

impl Find {
    async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let reached = self.target.reach().await?;
        let client = &reached.client;
        match (self.iin, self.persona) {
            (Some(iin), _) => {
                let found: Found = client.get(&format!("/people/persons/{}", segment(&iin)), None).await?;
                if talk.json { say_json(&found)? } else { show(&found)? }
            }
            (None, Some(persona)) => {
                let path = format!("/people/personas/{}", segment(&persona));
                let played: Played = client.get(&path, None).await?;
                if talk.json { say_json(&played)? } else { show_played(talk, &played)? }
            }
            (None, None) => {
                let all: Vec<NamedPersona> = client.get("/people/personas", None).await?;
                if talk.json {
                    say_json(&all)?;
                } else {
                    for named in all {
                        let iin = named.iin.map_or_else(|| "-".repeat(12), |iin| iin.to_string());
                        let what = named.description.get(talk.lang);
                        say(format!("{:<31}{iin}  {what}", named.persona))?;
                    }
                }
            }
        }
        Ok(Done::Fine)
    }
}

/// A word as one part of an address, whatever it holds.
fn segment(word: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    let text: String = word.bytes().take(200).map(escaped).collect();
    if text.is_empty() { "-".to_owned() } else { text }
}

fn show_played(talk: Talk, played: &Played) -> Result<(), Failure> {
    let cast = &played.cast;
    say(format!("{}: {}", cast.persona, played.description.get(talk.lang)))?;
    line("comes", format!("{}  {}", cast.iin, cast.name))?;
    if let Some(recipient) = &cast.recipient {
        line("for", recipient)?;
    }
    for child in &cast.children {
        line("child", child)?;
    }
    if let Some(newborn) = &cast.newborn {
        let paper = &newborn.medical_certificate;
        line(
            "newborn",
            format!("without IIN, born {}, maternity ward's certificate {paper}", newborn.birth_date),
        )?;
    }
    if let Some(power) = &cast.power {
        line("power", describe(power))?;
    }
    if let Some(paper) = &cast.priority {
        line("priority", format!("{} of {}: {}", paper.number, paper.date, paper.ground.get(talk.lang)))?;
    }
    say("")?;
    match &played.found {
        Some(found) => show(found),
        None => say("The people database does not have them."),
    }
}

fn describe(power: &PowerOfAttorney) -> String {
    let by = match &power.certified {
        Certified::Notary { .. } => "notarised".to_owned(),
        Certified::Otherwise { official } => format!("certified otherwise ({official})"),
        Certified::Foreign { country, apostille, .. } => {
            format!("foreign ({}), apostille {apostille}", names(country.entry()))
        }
    };
    let status = match power.status {
        PowerStatus::Valid => String::new(),
        PowerStatus::Revoked { since } => format!(", revoked {since}"),
    };
    let PowerOfAttorney { number, date, until, principal, .. } = power;
    format!("{number} of {date} until {until}, {by}, given by {principal}{status}")
}

fn line(name: &str, value: impl std::fmt::Display) -> Result<(), Failure> {
    say(format!("{name:<13}{value}"))
}

fn names(entry: Entry) -> String {
    format!("{} / {}", entry.kk, entry.ru)
}

fn show(found: &Found) -> Result<(), Failure> {
    let person = &found.person;
    line("iin", person.iin)?;
    line("name", person.full_name())?;
    if let Some(latin) = &person.latin {
        line("latin", format!("{} {}", latin.surname, latin.name))?;
    }
    for former in &person.former_names {
        line("formerly", format!("{} {} until {}", former.surname, former.name, former.until))?;
    }
    line("born", person.birth_date)?;
    if let Some(died) = &person.death_date {
        line("died", died)?;
    }
    line("gender", names(person.gender.entry()))?;
    line("nationality", names(person.nationality.entry()))?;
    line("citizenship", names(person.citizenship.entry()))?;
    line("status", names(person.life_status.entry()))?;
    line("capability", names(person.capability.status.entry()))?;
    let declared =
        [("missing", &person.missing), ("disappeared", &person.disappeared), ("excluded", &person.excluded)];
    for (what, declared) in declared {
        if let Some(declared) = declared {
            line(what, format!("since {}: {}", declared.since, declared.by))?;
        }
    }
    if let Some(certificate) = &person.birth_certificate {
        line("birth record", format!("{} of {}", certificate.number, certificate.begin_date))?;
    }
    if let Some(address) = &person.registered_address {
        let parts = [Some(&address.region), address.district.as_ref(), address.city.as_ref()];
        let mut parts: Vec<&str> = parts.into_iter().flatten().map(|name| name.kk.as_str()).collect();
        parts.extend(
            [&address.street, &address.building, &address.flat].into_iter().flatten().map(String::as_str),
        );
        line("address", parts.join(", "))?;
    }
    for document in &person.documents {
        line("document", document_line(document))?;
    }
    let family = &found.family;
    let relations = [
        ("parent", &family.parents),
        ("child", &family.children),
        ("guardian", &family.guardians),
        ("ward", &family.wards),
        ("twin", &family.twins),
    ];
    for (relation, iins) in relations {
        iins.iter().try_for_each(|iin| line(relation, iin))?;
    }
    Ok(())
}

fn document_line(document: &IdentityDocument) -> String {
    let until = document.end_date.map_or_else(|| "without term".to_owned(), |end| format!("until {end}"));
    let kind = document.kind.entry().ru;
    let status = document.status.entry().ru;
    format!("{} {kind}, of {} {until}: {status}", document.number, document.begin_date)
}

impl Import {
    async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let ending = self.file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let format = match self.format {
            Some(format) => format,
            None => ending.to_ascii_lowercase().parse().map_err(|_| {
                let what = format!("{}: neither .json nor .csv", self.file.display());
                Failure::usage(what, "say which it is: --format json or --format csv")
            })?,
        };
        let file = std::fs::read(&self.file).map_err(|error| Failure::file(&self.file, error))?;
        let reached = self.target.reach().await?;
        let system = if self.powers { "notary" } else { "people" };
        let path = format!("/{system}/import?issued_forms={}", self.issued_forms);
        let done = send(&reached, &path, format, file).await.map_err(|problem| self.faults(problem))?;
        if talk.json {
            say_json(&done)?;
        } else {
            say(format!("added {}, replaced {}", done.added, done.replaced))?;
        }
        Ok(Done::Fine)
    }

    /// Faults of a file are told a line each, as compilers do.
    fn faults(&self, problem: Problem) -> Failure {
        let Some(faults) = problem.facts.get("faults").and_then(Value::as_array) else {
            return problem.into();
        };
        let told = faults.iter().map(|fault| {
            let what = fault["what"].as_str().unwrap_or_default();
            format!("{}:{}: {what}", self.file.display(), fault["line"])
        });
        let told: Vec<String> = told.collect();
        let what = format!("nothing was imported\n{}", told.join("\n"));
        Failure::usage(what, "docs/people.md says what the fields are")
    }
}

async fn send(reached: &Reached, path: &str, format: Format, file: Vec<u8>) -> Result<Imported, Problem> {
    let kind = match format {
        Format::Json => "application/json",
        Format::Csv => "text/csv",
    };
    let url = format!("{}{path}", reached.client.base());
    let request = reached.client.http().post(url).header("content-type", kind).body(file);
    let response =
        request.send().await.map_err(|e| Problem::new(signer::Code::Unreachable).detail(e.to_string()))?;
    let (status, body) = (response.status(), response.bytes().await.map_err(Problem::technical)?);
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(Problem::technical);
    }
    Err(serde_json::from_slice(&body).unwrap_or_else(|_| {
        Problem::technical(format!("{path} answered {status} without a problem document"))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_for_is_one_part_of_an_address() {
        assert_eq!(segment("attorney-revoked"), "attorney-revoked");
        assert_eq!(segment("../x?y=ү"), "%2E%2E%2Fx%3Fy%3D%D2%AF");
        assert_eq!(segment(""), "-");
    }
}
