//! Which services there are: those of the regulations, by their messages, and those of registers.

use super::payload::service_id;
use super::service::Service;
use crate::regulation::{Channel, Message, Regulations};

/// An id, or the beginning of one, that no service has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said:?} is no service; there are {}", known.join(", "))]
pub struct NoSuchService {
    /// As it was said.
    pub said: String,
    /// What could have been said, as far as what was said is right.
    pub known: Vec<String>,
}

/// That a service has this id: `regulation/channel/message`, or that of a service of registers.
///
/// # Errors
/// [`NoSuchService`].
pub fn is_service(regulations: &Regulations, id: &str) -> Result<(), NoSuchService> {
    let known = beside(regulations, id);
    if known.iter().any(|known| known == id) { Ok(()) } else { Err(none(id, known)) }
}

/// That some service's id begins so: with a regulation, a channel of it, a message; or is this.
///
/// # Errors
/// [`NoSuchService`].
pub fn begins_service(regulations: &Regulations, beginning: &str) -> Result<(), NoSuchService> {
    let parts = beginning.split('/').count();
    let known = beside(regulations, beginning);
    let fits = |known: &String| known.split('/').take(parts).eq(beginning.split('/'));
    if known.iter().any(fits) { Ok(()) } else { Err(none(beginning, known)) }
}

fn none(said: &str, known: Vec<String>) -> NoSuchService {
    NoSuchService { said: said.chars().take(200).collect(), known }
}

/// What there is where an id leads: the messages of its channel, the channels of its regulation, or all regulations
/// and the services of registers. So what is found among them is a whole id.
fn beside(regulations: &Regulations, id: &str) -> Vec<String> {
    let mut parts = id.split('/');
    let regulation = parts.next().and_then(|id| regulations.regulation(id));
    let Some(regulation) = regulation else {
        let all = regulations.iter().map(|regulation| regulation.id.clone());
        return all.chain(Service::ALL.map(|service| service.id().to_owned())).collect();
    };
    match parts.next().and_then(|name| regulation.channel(name)) {
        None => regulation.channels.iter().map(|one| format!("{}/{}", regulation.id, one.name)).collect(),
        Some(channel) => {
            let id = |message| service_id(&regulation.id, &channel.name, message);
            messages(channel).into_iter().map(id).collect()
        }
    }
}

/// The messages that systems send each other in a channel.
fn messages(channel: &Channel) -> Vec<Message> {
    let mut messages = Vec::new();
    for (_, message, _) in channel.ways() {
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: &str = "mangystau-182-preschool-queue/portal";

    #[test]
    fn services_of_regulations_and_registers_are_known() {
        let all = Regulations::built_in().unwrap();
        for id in ["GBDFL_UniversalServiceSync", &format!("{CHANNEL}/application")] {
            is_service(&all, id).unwrap();
            begins_service(&all, id).unwrap();
        }
        for beginning in ["mangystau-182-preschool-queue", CHANNEL] {
            begins_service(&all, beginning).unwrap();
            assert!(is_service(&all, beginning).is_err(), "{beginning}");
        }
    }

    #[test]
    fn what_is_unknown_is_told_what_there_is() {
        let all = Regulations::built_in().unwrap();
        for (id, word) in [
            ("mangystau-128", "mangystau-182-preschool-queue, "),
            ("", "GBDFL_UniversalServiceSync"),
            ("GBDFL_UniversalServiceSync/portal", "GBDFLUniversal_token"),
            ("mangystau-182-preschool-queue/prtal", "mangystau-182-preschool-queue/portal, "),
            ("mangystau-182-preschool-queue/", "mangystau-182-preschool-queue/portal, "),
            (
                "mangystau-182-preschool-queue/portal/aplication",
                "mangystau-182-preschool-queue/portal/application",
            ),
            (
                "mangystau-182-preschool-queue/portal/application/",
                "mangystau-182-preschool-queue/portal/application",
            ),
        ] {
            let whole = is_service(&all, id).unwrap_err().to_string();
            let beginning = begins_service(&all, id).unwrap_err().to_string();
            assert!(whole.contains(word) && beginning.contains(word), "{id}: {whole}; {beginning}");
        }
    }
}
