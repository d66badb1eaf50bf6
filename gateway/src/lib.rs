//! Portal, gateway, regional workstation and provider; regulations and the walker over them; worlds; `play`.

pub mod calendar;
pub mod cli;
pub mod contracts;
pub mod coverage;
pub mod diagram;
pub mod exchange;
pub mod faults;
pub mod journal;
pub mod paper;
pub mod play;
pub mod regulation;
pub mod samples;
pub mod sandbox;
mod site;
pub mod systems;
pub mod tls;
pub mod walk;
pub mod world;

pub use site::Site;
