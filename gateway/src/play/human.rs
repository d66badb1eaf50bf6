//! The human lane: does what the systems ask for, as the path's data has it.

use std::collections::{BTreeMap, BTreeSet};

use certs::Profile;
use registries::store::{Entry, EntryKind};
use serde::Deserialize;
use serde_json::{Value, json};
use signer::cms::{self, Mode};
use signer::{Bytes, Code, Problem, System};

use super::persona::{Applicant, Key, Recipient, Visit, faults};
use super::{Play, Selected};
use crate::regulation::{Actor, CheckWord, Choice, Fact, Person, Verb};
use crate::systems::provider::{Decision, Task};
use crate::walk::{Awaits, CaseView, Position, ToSign};

/// The most deeds in one case: a regulation that asks for more goes in circles.
const MOST_DEEDS: usize = 64;

/// What the human saw.
pub(super) struct Lived {
    /// The case as it was last seen.
    pub(super) view: CaseView,
    /// A problem that ended the human's efforts.
    pub(super) problem: Option<Problem>,
    /// The journal of the case.
    pub(super) journal: Vec<Entry>,
    /// The systems whose inner steps could not be observed.
    pub(super) foreign: BTreeSet<System>,
}

/// What a deed answers; signing in gives a token.
#[derive(Deserialize)]
struct Answered {
    #[serde(flatten)]
    view: CaseView,
    token: Option<String>,
}

/// What somebody does when a case waits for them.
pub(super) enum Deed {
    /// This, at the address of that name.
    Does(&'static str, Value),
    /// They do not know how.
    CannotDo,
}

struct Human<'a> {
    play: &'a Play,
    selected: &'a Selected<'a>,
    lane: Lane,
    token: Option<String>,
    staff: BTreeMap<Person, Key>,
    /// Whether the provider has a desk to sit at.
    sits_at_desk: bool,
}

/// Where the recipient goes.
enum Lane {
    /// To the portal, alone.
    Portal(Recipient),
    /// To a counter, where an employee sits.
    Counter(Visit),
}

/// Lives through a path.
pub(super) async fn live(play: &Play, selected: &Selected<'_>) -> Result<Lived, Problem> {
    let lane = if selected.begins_at() == System::Workstation {
        Lane::Counter(Visit::prepare(play, selected).await?)
    } else {
        Lane::Portal(Recipient::new(play, selected).await?)
    };
    let mut human = Human { play, selected, lane, token: None, staff: BTreeMap::new(), sits_at_desk: true };
    human.prepare().await?;
    let mut view = human.open().await?;
    let problem = human.act(&mut view).await.err();
    let journal = play.client.journal(view.case).await?;
    Ok(Lived { view, problem, journal, foreign: play.client.foreign().await })
}

impl Human<'_> {
    /// What has to be so before the case begins: free places, an account.
    async fn prepare(&self) -> Result<(), Problem> {
        let client = &self.play.client;
        if self.selected.path.fact(self.selected.channel, Fact::PlaceAvailable) {
            let places = format!("/provider/desk/places/{}", self.applicant().organisation);
            let _: Value = client.put(&places, &json!({ "free": 1 })).await?;
        }
        if let Lane::Portal(recipient) = &self.lane
            && self.guarded(Fact::NotRegistered)
            && !self.selected.path.fact(self.selected.channel, Fact::NotRegistered)
        {
            let case = self.open().await?.case;
            let path = format!("/portal/cases/{case}/account");
            let _: CaseView = client.post(&path, None, &recipient.credentials(true)).await?;
        }
        Ok(())
    }

    fn applicant(&self) -> &Applicant {
        match &self.lane {
            Lane::Portal(recipient) => &recipient.applicant,
            Lane::Counter(visit) => &visit.applicant,
        }
    }

    /// Whether a step of the channel is guarded by the fact.
    fn guarded(&self, fact: Fact) -> bool {
        self.selected.channel.steps.iter().any(|step| step.guard().contains(&fact))
    }

    async fn open(&self) -> Result<CaseView, Problem> {
        let body =
            json!({ "regulation": self.selected.regulation.id, "channel": self.selected.channel.name });
        let path = format!("/{}/cases", self.selected.begins_at());
        self.play.client.post(&path, None, &body).await
    }

    /// Does what is asked for until nothing is, and nothing more comes.
    async fn act(&mut self, view: &mut CaseView) -> Result<(), Problem> {
        for _ in 0..MOST_DEEDS {
            match &view.position {
                Position::Ended { .. } | Position::Stopped { .. } => return Ok(()),
                _ => {}
            }
            match view.awaits.clone() {
                Some(awaits) if !awaits.does.is_empty() || !awaits.decides.is_empty() => {
                    *view = self.deed(view, &awaits).await?;
                }
                _ => match self.wait(view).await? {
                    Some(newer) => *view = newer,
                    None => return Ok(()),
                },
            }
        }
        Ok(())
    }

    async fn deed(&mut self, view: &CaseView, awaits: &Awaits) -> Result<CaseView, Problem> {
        let signing = awaits.does.first() == Some(&Verb::Sign);
        let signature = if signing { Some(self.sign(view).await?) } else { None };
        let done = match (&self.lane, signature) {
            (_, Some(signature)) => {
                let step = self.selected.channel.step(&awaits.step);
                let mut body = json!({ "signature": signature });
                if let Some(carrier) = step.and_then(|step| step.said.carrier) {
                    body["carrier"] = json!(carrier);
                }
                Deed::Does("signature", body)
            }
            (Lane::Portal(recipient), None) => recipient.deed(self.selected, awaits),
            (Lane::Counter(visit), None) => visit.deed(self.selected, awaits),
        };
        let (name, body) = match done {
            Deed::Does(name, body) => (name, body),
            Deed::CannotDo => {
                let words: Vec<&str> = awaits.does.iter().map(|verb| verb.word()).collect();
                let what = format!("nobody here does {} at §{}", words.join(", "), awaits.paragraph);
                return Err(Problem::technical(what));
            }
        };
        let path = format!("/{}/cases/{}/{name}", self.selected.begins_at(), view.case);
        let answer: Answered = self.play.client.post(&path, self.token.as_deref(), &body).await?;
        if answer.token.is_some() {
            self.token = answer.token;
        }
        Ok(answer.view)
    }

    /// The signature of whoever signs the application.
    async fn sign(&self, view: &CaseView) -> Result<Bytes, Problem> {
        let late = self.selected.path.steps.iter().any(|step| step.choice == Some(Choice::RevokedLate));
        let key = match &self.lane {
            Lane::Portal(recipient) => &recipient.signs_with,
            Lane::Counter(visit) => &visit.signs_with,
        };
        if late {
            let path = format!("/ca/certificates/{}/revocation", key.serial);
            let _: Value = self.play.client.post(&path, None, &json!({ "reason": "keyCompromise" })).await?;
        }
        self.signature(view.to_sign.as_ref(), key).await
    }

    /// Signs at home, by the clock of the world.
    async fn signature(&self, to_sign: Option<&ToSign>, key: &Key) -> Result<Bytes, Problem> {
        let missing = || Problem::technical("a signature is awaited, but there is nothing to sign");
        let content = &to_sign.ok_or_else(missing)?.content.0;
        let at = self.play.now().await?;
        cms::sign(content, Mode::Detached, &key.pair, &key.certificate, at)
            .map(Bytes)
            .map_err(Problem::technical)
    }

    /// Waits until the recipient sees something new or staff have something to do. `None`: patience is over.
    async fn wait(&mut self, view: &CaseView) -> Result<Option<CaseView>, Problem> {
        let client = self.play.client.clone();
        let deadline = tokio::time::Instant::now() + self.play.patience;
        let mut seen_by_staff = 0;
        loop {
            let own = format!("/{}/cases/{}?after={}", self.selected.begins_at(), view.case, view.version);
            let desk = format!("/provider/desk/tasks/{}?after={seen_by_staff}", view.case);
            tokio::select! {
                newer = client.get::<CaseView>(&own, self.token.as_deref()) => {
                    let newer = newer?;
                    if newer.version > view.version {
                        return Ok(Some(newer));
                    }
                }
                task = client.get::<Task>(&desk, None), if self.sits_at_desk => match task {
                    Ok(task) if task.view.version > seen_by_staff => {
                        seen_by_staff = task.view.version;
                        self.work_at_desk(&task).await?;
                    }
                    Ok(_) => {}
                    // Nothing has arrived at the desk yet.
                    Err(problem) if problem.code == Code::NotFound => {}
                    // Somebody else's provider has no desk of ours: its people decide by themselves.
                    Err(problem) if problem.code == Code::Technical => self.sits_at_desk = false,
                    Err(problem) => return Err(problem),
                },
                () = tokio::time::sleep_until(deadline) => return Ok(None),
            }
        }
    }

    /// Staff look at the papers and decide, or sign what they decided.
    async fn work_at_desk(&mut self, task: &Task) -> Result<(), Problem> {
        let Some(awaits) = &task.view.awaits else { return Ok(()) };
        let path = format!("/provider/desk/tasks/{}", task.view.case);
        if !awaits.decides.is_empty() {
            let papers: Vec<String> = task
                .attachments
                .iter()
                .map(|paper| String::from_utf8_lossy(&paper.content.0).into_owned())
                .collect();
            let failing =
                faults(self.selected.regulation, &awaits.decides, &task.application.fields, &papers);
            let grounds = if failing.contains(&CheckWord::NoGroundsToRefuse) {
                "Алушы өзі үшін сұрайды / получатель просит за себя"
            } else {
                "Қағаздарда басқа адам көрсетілген / в документах указано другое лицо"
            };
            let grounds = (!failing.is_empty()).then(|| grounds.to_owned());
            let decision = Decision { failing, grounds };
            let _: CaseView = self.play.client.post(&format!("{path}/decision"), None, &decision).await?;
        } else if awaits.does.first() == Some(&Verb::Sign)
            && let Actor::Person(person) = awaits.by
        {
            let key = self.staff_key(person).await?;
            let signature = self.signature(task.view.to_sign.as_ref(), &key).await?;
            let body = json!({ "signature": signature });
            let _: CaseView = self.play.client.post(&format!("{path}/signature"), None, &body).await?;
        }
        Ok(())
    }

    /// The key of one of the provider's staff, ordered when it is first needed.
    async fn staff_key(&mut self, person: Person) -> Result<Key, Problem> {
        if let Some(key) = self.staff.get(&person) {
            return Ok(key.clone());
        }
        let profile = match person {
            Person::AuthorisedPerson => Profile::AuthorisedPerson,
            Person::Head => Profile::Head,
            Person::Recipient => Profile::Individual,
            _ => Profile::Employee,
        };
        let key = self.play.staff_key(profile, System::Provider, None).await?;
        self.staff.insert(person, key.clone());
        Ok(key)
    }
}

/// The crossings of a case as the journal has them.
pub(super) fn crossings(journal: &[Entry]) -> Vec<crate::journal::Crossing> {
    let crossings = journal.iter().filter(|entry| entry.kind == EntryKind::Crossing);
    crossings.filter_map(|entry| serde_json::from_value(entry.body.clone()).ok()).collect()
}
