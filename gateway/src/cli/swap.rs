//! `--swap` and `--only`: which systems a process serves, and where the others are.

use std::collections::BTreeMap;
use std::path::Path;

use certs::Certificate;
use registries::ca::test_centres;
use signer::System;

use super::Failure;
use crate::world::{Outside, Plan, Swap};

const SHAPE: &str = "SYSTEM=URL[,cert=FILE,password=P][,sender-id=ID][,timeout=SECONDS][,wire=WIRE][,service=ID] or ca=URL,anchor=FILE";

/// What stands elsewhere.
#[derive(Debug, Default)]
pub(super) struct Swapped {
    /// Systems in the place of built-in ones.
    pub(super) systems: BTreeMap<System, Swap>,
    /// A centre of somebody else's beside the built-in one.
    pub(super) outside: Option<Outside>,
}

/// Reads `SYSTEM=URL[,…]`, also several in one argument: what follows a comma and names a system begins anew.
pub(super) fn swapped(arguments: &[String]) -> Result<Swapped, Failure> {
    let mut swapped: BTreeMap<System, Swap> = BTreeMap::new();
    let mut anchors: Option<Vec<Certificate>> = None;
    for argument in arguments {
        let mut current = None;
        for part in argument.split(',') {
            let (name, value) = part.split_once('=').ok_or_else(|| wrong(part, "there is no `=` in it"))?;
            if let Ok(system) = name.parse::<System>() {
                if swapped.insert(system, Swap::at(value)).is_some() {
                    return Err(wrong(part, "the system is named twice"));
                }
                current = Some(system);
                continue;
            }
            if name == "anchor" {
                if current != Some(System::Ca) {
                    return Err(wrong(part, "an anchor is the certification centre's, `ca`"));
                }
                anchors = Some(centres(Path::new(value))?);
                continue;
            }
            let swap = current.and_then(|system| swapped.get_mut(&system));
            let swap = swap.ok_or_else(|| wrong(part, "it does not begin with the name of a system"))?;
            set(swap, name, value)?;
        }
    }
    let mut outside = None;
    if let Some(certificates) = anchors
        && let Some(swap) = swapped.remove(&System::Ca)
    {
        // Not Qaqpa's: its address is whatever it is.
        swap.check(System::Signer).map_err(|problem| wrong("ca", &problem.to_string()))?;
        outside = Some(Outside { address: swap.address().to_owned(), certificates });
    }
    for (system, swap) in &swapped {
        swap.check(*system).map_err(|problem| wrong(system.name(), &problem.to_string()))?;
    }
    Ok(Swapped { systems: swapped, outside })
}

/// The certificates of a centre of somebody else's.
fn centres(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    Ok(test_centres(&text)?)
}

fn set(swap: &mut Swap, name: &str, value: &str) -> Result<(), Failure> {
    match name {
        "cert" => {
            let path = Path::new(value);
            let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
            swap.certificate = Some(text);
        }
        "password" => swap.password = Some(value.to_owned()),
        "sender-id" => swap.sender_id = Some(value.to_owned()),
        "timeout" => {
            let seconds = value.parse().map_err(|_| wrong(value, "the timeout is a number of seconds"))?;
            swap.timeout = Some(seconds);
        }
        "wire" => swap.wire = value.parse().map_err(|error| wrong(value, &format!("{error}")))?,
        "service" => {
            swap.service = Some(value.parse().map_err(|error| wrong(value, &format!("{error}")))?);
        }
        other => {
            let why = "neither a system nor cert, password, sender-id, timeout, wire, service, anchor";
            return Err(wrong(other, why));
        }
    }
    Ok(())
}

fn wrong(part: &str, why: &str) -> Failure {
    Failure::usage(format!("--swap {part}: {why}"), format!("write {SHAPE}"))
}

/// That every system is served or stands elsewhere. The signing service need not: systems judge by themselves.
pub(super) fn check_whole(plan: &Plan) -> Result<(), Failure> {
    let both: Vec<&str> =
        plan.only.iter().filter(|system| plan.swapped.contains_key(system)).map(|s| s.name()).collect();
    if !both.is_empty() {
        let what = format!("--only and --swap both name {}", both.join(", "));
        return Err(Failure::usage(what, "a system is served here or stands elsewhere"));
    }
    let missing: Vec<&str> = System::ALL
        .iter()
        .filter(|system| **system != System::Signer)
        .filter(|system| !plan.serves(**system) && !plan.swapped.contains_key(system))
        .map(|system| system.name())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = format!("nobody knows where these systems are: {}", missing.join(", "));
    let wanted: Vec<String> = missing.iter().map(|name| format!("--swap {name}=URL")).collect();
    Err(Failure::usage(what, format!("add {}", wanted.join(" "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(argument: &str) -> Result<BTreeMap<System, Swap>, String> {
        let read = swapped(&[argument.to_owned()]).map(|swapped| swapped.systems);
        read.map_err(|failure| failure.to_string())
    }

    #[test]
    fn several_systems_stand_in_one_argument() {
        let read =
            read("ca=http://h:1/ca,provider=https://h:2/x,timeout=5,wire=json,people=http://h:3").unwrap();
        let systems: Vec<&str> = read.keys().map(|system| system.name()).collect();
        assert_eq!(systems, ["people", "provider", "ca"]);
        assert_eq!(read[&System::Provider].address(), "https://h:2/x");
        assert_eq!((read[&System::Provider].timeout, read[&System::People].timeout), (Some(5), None));
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_name() {
        for (argument, word) in [
            ("provider", "`=`"),
            ("nobody=http://h", "name of a system"),
            ("provider=ftp://h", "http://"),
            ("provider=http://", "http://"),
            ("provider=http://h,colour=red", "colour"),
            ("provider=http://h,timeout=soon", "seconds"),
            ("provider=http://h,timeout=0", "timeout"),
            ("provider=http://h,wire=smoke", "soap-text"),
            ("provider=http://h,provider=http://g", "twice"),
            ("provider=http://h,password=12345678", "certificate"),
            ("provider=http://h,sender-id=x", "certificate"),
            ("provider=http://h,cert=/nowhere/at-all", "/nowhere/at-all"),
            ("ca=http://h", "/ca"),
            ("provider=http://h,anchor=/nowhere/at-all", "`ca`"),
            ("ca=http://h,anchor=/nowhere/at-all", "/nowhere/at-all"),
        ] {
            let error = read(argument).unwrap_err();
            assert!(error.contains(word), "{argument}: {error}");
        }
    }
}
