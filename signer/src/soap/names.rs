//! Namespaces of the national channels.

/// What both channels share: sender, property, status.
pub const COMMON: &str = "http://bip.bee.kz/common/v10/Types";
/// SyncChannel v10: the wrappers of its operation.
pub const SYNC: &str = "http://bip.bee.kz/SyncChannel/v10/Types";
/// AsyncChannel v10: the wrappers of its operations.
pub const ASYNC: &str = "http://bip.bee.kz/AsyncChannel/v10/Types";
/// AsyncChannel v10: the wrappers of what the gateway calls at a consumer.
pub const ASYNC_CLIENT: &str = "http://bip.bee.kz/AsyncChannel/v10/Types/Client";
/// The messages of the regulations; the shapes are Qaqpa's own.
pub const MESSAGES: &str = "urn:qaqpa:messages:v1";
/// XML Schema.
pub(super) const XS: &str = "http://www.w3.org/2001/XMLSchema";
/// XML Schema in instances: `xsi:type`, `xsi:nil`.
pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
