//! What is known of a request or message when it is looked at whether a fault applies.

use serde_json::Value;
use signer::{Envelope, Sealed, System};
use uuid::Uuid;

use super::name::{Name, Place};
use super::rule::{Rule, Side, is_register};
use super::soap;
use crate::regulation::Message;

/// What one system tells another of a message that it delivered, or did not.
const NOTICE: &str = "delivery-notification";

/// What rules are compared with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The id of the message.
    pub(super) message_id: Option<String>,
    /// What it is.
    pub(super) message: Option<String>,
    /// Its service id.
    pub(super) service: Option<String>,
    /// Its routeId.
    pub(super) route: Option<String>,
    /// The case that it belongs to.
    pub(super) case: Option<Uuid>,
    /// Whether it is written in SOAP: only there is a signature that can be wrapped.
    pub(super) is_soap: bool,
    /// The address below the system's door.
    pub(super) path: Option<String>,
}

impl Facts {
    /// Of an envelope, as it says itself; nothing of it needs to be true.
    pub(crate) fn of(envelope: &Envelope) -> Self {
        Self {
            message_id: Some(envelope.message_id.to_string()),
            service: Some(envelope.service_id.clone()),
            route: envelope.route_id.clone(),
            message: text(&envelope.data, "message"),
            case: text(&envelope.data, "case").and_then(|case| case.parse().ok()),
            is_soap: false,
            path: None,
        }
    }

    /// Of a notice about a message.
    pub(super) fn of_notice(message_id: Uuid) -> Self {
        let message_id = Some(message_id.to_string());
        Self { message_id, message: Some(NOTICE.to_owned()), is_soap: true, ..Self::default() }
    }

    /// The same, written in SOAP or not.
    pub(super) fn in_soap(self, is_soap: bool) -> Self {
        Self { is_soap, ..self }
    }

    /// Of a request at a door: the address, and the envelope in it if it carries one.
    pub(super) fn at_door(path: &str, content: &[u8]) -> Self {
        let found = match serde_json::from_slice::<Sealed>(content) {
            Ok(sealed) => serde_json::from_slice(&sealed.envelope.0).ok().map(|envelope| Self::of(&envelope)),
            Err(_) => soap::said(content),
        };
        let found = found.unwrap_or_default();
        let case = found.case.or_else(|| path.split('/').find_map(|part| part.parse().ok()));
        Self { path: Some(path.to_owned()), case, ..found }
    }

    /// Whether a message is for information: its loss leaves the case where it is.
    fn is_for_information(&self) -> bool {
        let informs = [Message::Registration.word(), Message::ForwardedDocuments.word(), NOTICE];
        self.message.as_deref().is_some_and(|message| informs.contains(&message))
    }

    /// Whether a rule for this place and side applies at a system.
    pub(super) fn fit(&self, rule: &Rule, system: System, side: Side) -> bool {
        let place = rule.place();
        (place != Place::Envelope || rule.side == side)
            && rule.system.is_none_or(|named| named == system)
            && rule.case.is_none_or(|named| self.case == Some(named))
            && rule.service.as_deref().is_none_or(|named| is_below(self.service.as_deref(), named))
            && self.fit_route(rule, system)
            && match rule.fault.name {
                Name::RegistryDown => is_register(system),
                Name::NotificationLost => self.is_for_information(),
                Name::WrappedSignature => self.is_soap,
                _ => true,
            }
    }

    /// At doors a rule without an address is about messages alone: whoever plays people would meet it otherwise. The
    /// centre and the signing service, which take none, must be named.
    fn fit_route(&self, rule: &Rule, system: System) -> bool {
        match (rule.route.as_deref(), self.path.as_deref()) {
            (Some(named), Some(path)) if named.starts_with('/') => path.starts_with(named),
            (Some(named), _) => self.route.as_deref() == Some(named),
            (None, Some(_)) if rule.place() == Place::Door => {
                self.message_id.is_some()
                    || rule.system.is_some() && matches!(system, System::Ca | System::Signer)
            }
            (None, _) => true,
        }
    }
}

fn is_below(service: Option<&str>, named: &str) -> bool {
    let rest = service.and_then(|service| service.strip_prefix(named));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn text(data: &Value, name: &str) -> Option<String> {
    data.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(rule: &str, facts: &Facts, system: System) -> bool {
        facts.fit(&rule.parse().unwrap(), system, Side::Request)
    }

    fn message() -> Facts {
        Facts {
            message_id: Some("1".to_owned()),
            message: Some("application".to_owned()),
            service: Some("act/portal/application".to_owned()),
            route: Some("south".to_owned()),
            case: Some(Uuid::from_u128(7)),
            is_soap: false,
            path: Some("/messages".to_owned()),
        }
    }

    #[test]
    fn every_part_of_a_rule_must_fit() {
        let case = Uuid::from_u128(7);
        for (rule, fit) in [
            ("delay", true),
            ("delay,system=provider", true),
            ("delay,system=portal", false),
            ("delay,service=act", true),
            ("delay,service=act/portal", true),
            ("delay,service=act/port", false),
            ("delay,service=act/portal/application", true),
            ("delay,route=south", true),
            ("delay,route=north", false),
            ("delay,route=/messages", true),
            ("delay,route=/cases", false),
            ("registry-down", false),
            ("notification-lost", false),
            ("wrapped-signature", false),
            ("unsigned", true),
            ("unsigned,side=answer", false),
        ] {
            assert_eq!(fits(rule, &message(), System::Provider), fit, "{rule}");
        }
        assert!(fits(&format!("delay,case={case}"), &message(), System::Provider));
        assert!(!fits(&format!("delay,case={}", Uuid::nil()), &message(), System::Provider));
    }

    #[test]
    fn people_at_a_door_meet_only_what_names_their_address() {
        let case = Uuid::from_u128(7);
        let deed = Facts::at_door(&format!("/cases/{case}/request"), b"");
        assert_eq!(deed.case, Some(case));
        assert!(!fits("http-500", &deed, System::Portal));
        assert!(fits("http-500,route=/cases", &deed, System::Portal));
        assert!(fits("http-500,system=ca", &Facts::at_door("/roots.pem", b""), System::Ca));
        assert!(!fits("http-500", &Facts::at_door("/roots.pem", b""), System::Ca));
    }
}
