//! Systems that write to each other by SOAP.

mod asynchronous;
mod attacks;
mod in_the_way;
mod sync;

use gateway::exchange::Wire;
use gateway::sandbox::Options;
use gateway::world::Plan;
use tests::Town;

/// A town whose systems write SOAP, and whose applications go through the gateway asynchronously.
async fn town() -> Town {
    let regulations = Town::changed(|text| {
        let way = r#"message = "application", to = "regional-workstation", through = ["gateway"]"#;
        assert!(text.contains(way), "the file has changed");
        text.replace(way, &format!(r#"{way}, mode = "async""#))
    });
    let plan = Plan { wire: Wire::Soap, ..Plan::following(regulations) };
    Town::with(Options::ephemeral(plan)).await
}
