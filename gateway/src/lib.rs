//! Portal, gateway, regional workstation and provider; regulations and the walker over them; worlds; `play`.

pub mod exchange;
pub mod journal;
pub mod regulation;
mod site;
pub mod systems;
pub mod walk;
pub mod world;

pub use site::Site;
