//! The systems of the interaction diagrams, by their canonical short names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A box of the diagram. The short name is the same in code, files, the command line, URLs and JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// ПЭП: the e-government portal with the personal cabinet.
    Portal,
    /// АРМ ИС ГК: the State Corporation's workstation.
    Workstation,
    /// ШЭП: the e-government gateway.
    Gateway,
    /// ГБД ФЛ: the people database.
    People,
    /// ЕНИС: the notary registry.
    Notary,
    /// АРМ РШЭП: the regional gateway's workstation.
    RegionalWorkstation,
    /// РШЭП: the regional gateway.
    RegionalGateway,
    /// The provider's information system with its staff desks.
    Provider,
    /// The state's other information systems: identity documents, birth records, first priority.
    Registers,
    /// The special system that manages queues.
    Queue,
    /// The electronic Registry of queueing.
    QueueRegistry,
    /// An education organisation.
    School,
    /// The body that controls the quality of state services.
    QualityControl,
    /// ЕКЦ: the unified contact centre, 1414.
    ContactCentre,
    /// НУЦ: the certification centre.
    Ca,
    /// The signing and verifying service.
    Signer,
}

impl System {
    /// Every system, in the order of a diagram's lanes.
    pub const ALL: &'static [Self] = &[
        Self::Portal,
        Self::Workstation,
        Self::Gateway,
        Self::People,
        Self::Notary,
        Self::Registers,
        Self::RegionalGateway,
        Self::RegionalWorkstation,
        Self::Queue,
        Self::QueueRegistry,
        Self::Provider,
        Self::School,
        Self::QualityControl,
        Self::ContactCentre,
        Self::Ca,
        Self::Signer,
    ];

    /// Whether it passes messages on that are for others.
    pub fn is_gateway(self) -> bool {
        matches!(self, Self::Gateway | Self::RegionalGateway)
    }

    /// The canonical short name, which is the URL prefix as well.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Workstation => "workstation",
            Self::Gateway => "gateway",
            Self::People => "people",
            Self::Notary => "notary",
            Self::RegionalWorkstation => "regional-workstation",
            Self::RegionalGateway => "regional-gateway",
            Self::Provider => "provider",
            Self::Registers => "registers",
            Self::Queue => "queue",
            Self::QueueRegistry => "queue-registry",
            Self::School => "school",
            Self::QualityControl => "quality-control",
            Self::ContactCentre => "contact-centre",
            Self::Ca => "ca",
            Self::Signer => "signer",
        }
    }
}

/// Not the name of a system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no system is called `{0}`; there are {known}", known = System::ALL.iter().map(|system| system.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownSystem(pub String);

impl FromStr for System {
    type Err = UnknownSystem;

    fn from_str(name: &str) -> Result<Self, UnknownSystem> {
        Self::ALL.iter().copied().find(|s| s.name() == name).ok_or_else(|| UnknownSystem(name.to_owned()))
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
