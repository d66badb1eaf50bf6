//! `qaqpa journal`

use clap::Args;
use registries::store::{Entry, EntryKind};

use super::target::Against;
use super::{Done, Failure, Talk, say, say_json};

#[derive(Args)]
pub(super) struct Journal {
    #[command(flatten)]
    against: Against,
    /// Only of this case.
    #[arg(long)]
    case: Option<String>,
    /// Only of this system.
    #[arg(long)]
    system: Option<String>,
    /// Only entries behind this number.
    #[arg(long)]
    after: Option<u64>,
}

impl Journal {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let client = self.against.client()?;
        let mut after = self.after.unwrap_or(0);
        let mut all = Vec::new();
        loop {
            let mut query = format!("/control/journal?limit=1000&after={after}");
            for (name, value) in [("case", &self.case), ("system", &self.system)] {
                if let Some(value) = value {
                    query = format!("{query}&{name}={value}");
                }
            }
            let page: Vec<Entry> = client.get(&query, None).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            if talk.json {
                all.extend(page);
            } else {
                page.iter().try_for_each(|entry| say(line(entry)))?;
            }
        }
        if talk.json {
            say_json(&all)?;
        }
        Ok(Done::Fine)
    }
}

fn line(entry: &Entry) -> String {
    // What others sent is shown without the characters that move a terminal's cursor.
    let shown = |text: &str| text.chars().filter(|c| !c.is_control()).take(120).collect::<String>();
    let text = |name: &str| shown(entry.body[name].as_str().unwrap_or_default());
    let told = match entry.kind {
        EntryKind::Crossing => {
            let refused = entry.body["problem"]["code"].as_str().map(|code| format!("  refused: {code}"));
            format!("{} → {}  {}{}", text("from"), text("to"), text("message"), refused.unwrap_or_default())
        }
        EntryKind::Step => format!("§{}  {}", text("paragraph"), text("result")),
        EntryKind::Fault => format!("fault {}  {}{}", text("fault"), text("message"), text("address")),
    };
    let case = entry.case.as_deref().unwrap_or("-");
    format!("{:>6}  {}  {:<8}  {:<21}  {case:<36}  {told}", entry.seq, entry.at, entry.kind, entry.system)
}
