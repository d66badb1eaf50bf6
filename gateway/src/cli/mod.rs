//! The `qaqpa` command line: one file per command.

mod cert;
mod clock;
mod contracts;
mod coverage;
mod credentials;
mod diagram;
mod explain;
mod faults;
mod journal;
mod people;
mod play;
mod regulations;
mod samples;
mod show;
mod sign;
mod status;
mod swap;
mod systems;
mod target;
mod tls;
mod trust;
mod up;
mod verify;
mod worlds;

use std::process::ExitCode;

use certs::Lang;
use clap::{Parser, Subcommand};
use signer::Problem;

/// Kazakhstan's e-government on a developer's desk: gateway simulator and signing service. Test data only.
#[derive(Parser)]
#[command(name = "qaqpa", version, propagate_version = true, max_term_width = 110)]
struct Arguments {
    /// Language of reports: kk, ru or en.
    #[arg(long, global = true, env = "QAQPA_LANG", default_value = "en")]
    lang: Lang,
    /// Print data as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the sandbox until it is stopped.
    Up(up::Up),
    /// Go along the paths of regulations as a human, and judge what happens.
    Play(play::Play),
    /// List, show and check regulations.
    #[command(subcommand)]
    Regulations(regulations::Regulations),
    /// Order, revoke and look at test certificates.
    #[command(subcommand)]
    Cert(cert::Cert),
    /// Make people up, find them, take them from files.
    #[command(subcommand)]
    People(people::People),
    /// See who the systems are, and put your own in the place of one.
    #[command(subcommand)]
    Systems(systems::Systems),
    /// See, create and drop the worlds of a running sandbox.
    #[command(subcommand)]
    Worlds(worlds::Worlds),
    /// Sign a file with a key file.
    Sign(sign::Sign),
    /// Verify a signature, or judge a certificate.
    Verify(verify::Verify),
    /// Read or turn the clock of a running sandbox.
    Clock(clock::Clock),
    /// Let things go wrong in a running sandbox, by name.
    #[command(subcommand)]
    Faults(faults::Faults),
    /// Read the journal of a running sandbox.
    Journal(journal::Journal),
    /// Ask the contact centre how a case stands, and until when.
    Status(status::Status),
    /// Print WSDL, XML Schema and JSON Schema of the messages and forms.
    Contracts(contracts::Contracts),
    /// Write samples of messages, good and bad, signed by a running sandbox.
    Samples(samples::Samples),
    /// Say more about the code of a problem.
    Explain(explain::Explain),
}

/// What commands have in common.
#[derive(Clone, Copy)]
struct Talk {
    lang: Lang,
    json: bool,
}

/// What a command that went through has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// Fine.
    Fine,
    /// A verdict is negative.
    Negative,
}

/// Why a command did not go through.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Problem(#[from] Problem),
    #[error("{what}")]
    Usage { what: String, hint: String },
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Failure {
    fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { what: what.into(), hint: hint.into() }
    }

    /// A failure about a file, with its name.
    fn file(path: &std::path::Path, error: impl std::fmt::Display) -> Self {
        Self::usage(format!("{}: {error}", path.display()), "look at the path and its permissions")
    }

    fn hint(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.hint),
            Self::Usage { hint, .. } => Some(hint),
            Self::Io(_) => None,
        }
    }
}

/// Runs the command line. Exit codes: 0 fine, 1 a verdict is negative, 2 usage or environment.
pub async fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let talk = Talk { lang: arguments.lang, json: arguments.json };
    match arguments.command.run(talk).await {
        Ok(Done::Fine) => ExitCode::SUCCESS,
        Ok(Done::Negative) => ExitCode::from(1),
        // A reader that has seen enough closes the pipe; that is no failure.
        Err(Failure::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            if let Some(hint) = failure.hint() {
                eprintln!("hint: {hint}");
            }
            ExitCode::from(2)
        }
    }
}

impl Command {
    async fn run(self, talk: Talk) -> Result<Done, Failure> {
        match self {
            Self::Up(up) => up.run(talk).await,
            Self::Play(play) => play.run(talk).await,
            Self::Regulations(regulations) => regulations.run(talk).await,
            Self::Cert(cert) => cert.run(talk).await,
            Self::People(people) => people.run(talk).await,
            Self::Systems(systems) => systems.run(talk).await,
            Self::Worlds(worlds) => worlds.run(talk).await,
            Self::Sign(sign) => sign.run(talk).await,
            Self::Verify(verify) => verify.run(talk).await,
            Self::Clock(clock) => clock.run(talk).await,
            Self::Faults(faults) => faults.run(talk).await,
            Self::Journal(journal) => journal.run(talk).await,
            Self::Status(status) => status.run(talk).await,
            Self::Contracts(contracts) => contracts.run(talk),
            Self::Samples(samples) => samples.run().await,
            Self::Explain(explain) => explain.run(talk),
        }
    }
}

/// Writes a line of data.
fn say(line: impl std::fmt::Display) -> Result<(), Failure> {
    use std::io::Write as _;
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}

/// Writes data as JSON.
fn say_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| {
        Failure::usage(error.to_string(), "report this: the data should always be writable")
    })?;
    say(text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn no_command_has_two_arguments_of_one_name() {
        Arguments::command().debug_assert();
    }
}
