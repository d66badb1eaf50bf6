//! The human lane: does what the systems ask for, as the path's data has it.

use std::collections::BTreeMap;

use certs::{Algorithm, Bin, CheckDigit, Profile};
use registries::ca::OrderRequest;
use registries::store::{Entry, EntryKind};
use serde::Deserialize;
use serde_json::{Value, json};
use signer::cms::{self, Mode};
use signer::{Bytes, Code, Problem, System};
use uuid::Uuid;

use super::persona::{Key, Recipient, order_key, papers_in_order};
use super::{Play, Selected};
use crate::regulation::{Actor, Choice, Fact, Person, Verb};
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
}

#[derive(Deserialize)]
struct SignedIn {
    #[serde(flatten)]
    view: CaseView,
    token: Option<String>,
}

struct Human<'a> {
    play: &'a Play,
    selected: &'a Selected<'a>,
    recipient: Recipient,
    token: Option<String>,
    staff: BTreeMap<Person, Key>,
}

/// Lives through a path.
pub(super) async fn live(play: &Play, selected: &Selected<'_>) -> Result<Lived, Problem> {
    let algorithm = play.algorithm.map(Algorithm::name);
    let recipient = Recipient::new(&play.client, &selected.path, algorithm).await?;
    let mut human = Human { play, selected, recipient, token: None, staff: BTreeMap::new() };
    human.prepare().await?;
    let mut view = human.open().await?;
    let problem = human.act(&mut view).await.err();
    let query = format!("/control/journal?case={}&limit=1000&settled=true", view.case);
    let journal = play.client.get(&query, None).await?;
    Ok(Lived { view, problem, journal })
}

impl Human<'_> {
    /// What has to be so before the case begins: free places, an account.
    async fn prepare(&self) -> Result<(), Problem> {
        let client = &self.play.client;
        if self.selected.path.fact(self.selected.channel, Fact::PlaceAvailable) {
            let places = format!("/provider/desk/places/{}", self.recipient.organisation);
            let _: Value = client.put(&places, &json!({ "free": 1 })).await?;
        }
        let registered = self.guarded(Fact::NotRegistered)
            && !self.selected.path.fact(self.selected.channel, Fact::NotRegistered);
        if registered {
            let case = self.open().await?.case;
            let path = format!("/portal/cases/{case}/account");
            let _: CaseView = client.post(&path, None, &self.credentials(true)).await?;
        }
        Ok(())
    }

    /// Whether a step of the channel is guarded by the fact.
    fn guarded(&self, fact: Fact) -> bool {
        self.selected.channel.steps.iter().any(|step| step.guard().contains(&fact))
    }

    fn credentials(&self, right: bool) -> Value {
        let password = if right { self.recipient.password.clone() } else { "not the password".to_owned() };
        json!({ "iin": self.recipient.iin, "password": password })
    }

    async fn open(&self) -> Result<CaseView, Problem> {
        let body =
            json!({ "regulation": self.selected.regulation.id, "channel": self.selected.channel.name });
        self.play.client.post("/portal/cases", None, &body).await
    }

    /// Does what is asked for until nothing is, and nothing more comes.
    async fn act(&mut self, view: &mut CaseView) -> Result<(), Problem> {
        for _ in 0..MOST_DEEDS {
            match &view.position {
                Position::Ended { .. } | Position::Stopped { .. } => return Ok(()),
                _ => {}
            }
            match view.awaits.clone() {
                Some(awaits) if !awaits.does.is_empty() => *view = self.deed(view, &awaits).await?,
                _ => match self.wait(view).await? {
                    Some(newer) => *view = newer,
                    None => return Ok(()),
                },
            }
        }
        Ok(())
    }

    async fn deed(&mut self, view: &CaseView, awaits: &Awaits) -> Result<CaseView, Problem> {
        let already =
            awaits.optional && self.selected.path.choice(&awaits.step) == Some(&Choice::Guard(false));
        match awaits.does.first() {
            Some(Verb::Register) if already => self.sign_in(view).await,
            Some(Verb::Register) => self.portal(view, "account", &self.credentials(true)).await,
            Some(Verb::SignIn) => self.sign_in(view).await,
            Some(Verb::Sign) => self.sign(view).await,
            _ => self.fill_in(view).await,
        }
    }

    async fn portal(&self, view: &CaseView, deed: &str, body: &Value) -> Result<CaseView, Problem> {
        let path = format!("/portal/cases/{}/{deed}", view.case);
        self.play.client.post(&path, self.token.as_deref(), body).await
    }

    async fn sign_in(&mut self, view: &CaseView) -> Result<CaseView, Problem> {
        let right =
            !self.selected.path.failing().any(|check| check == crate::regulation::CheckWord::LoginAuthentic);
        let path = format!("/portal/cases/{}/session", view.case);
        let signed_in: SignedIn = self.play.client.post(&path, None, &self.credentials(right)).await?;
        self.token = signed_in.token;
        Ok(signed_in.view)
    }

    async fn fill_in(&self, view: &CaseView) -> Result<CaseView, Problem> {
        let form = &self.selected.regulation.said.form;
        let body = json!({
            "service": self.selected.regulation.id,
            "fields": self.recipient.fields(form),
            "copies": self.recipient.copies(form),
            "certificate": self.recipient.signs_with.certificate.pem(),
        });
        self.portal(view, "request", &body).await
    }

    async fn sign(&self, view: &CaseView) -> Result<CaseView, Problem> {
        let late = self.selected.path.steps.iter().any(|step| step.choice == Some(Choice::RevokedLate));
        let key = &self.recipient.signs_with;
        if late {
            let path = format!("/ca/certificates/{}/revocation", key.serial);
            let _: Value = self.play.client.post(&path, None, &json!({ "reason": "keyCompromise" })).await?;
        }
        let signature = self.signature(view.to_sign.as_ref(), key).await?;
        self.portal(view, "signature", &json!({ "signature": signature })).await
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
            let portal = format!("/portal/cases/{}?after={}", view.case, view.version);
            let desk = format!("/provider/desk/tasks/{}?after={seen_by_staff}", view.case);
            tokio::select! {
                newer = client.get::<CaseView>(&portal, self.token.as_deref()) => {
                    let newer = newer?;
                    if newer.version > view.version {
                        return Ok(Some(newer));
                    }
                }
                task = client.get::<Task>(&desk, None) => match task {
                    Ok(task) if task.view.version > seen_by_staff => {
                        seen_by_staff = task.view.version;
                        self.work_at_desk(&task).await?;
                    }
                    Ok(_) => {}
                    // Nothing has arrived at the desk yet.
                    Err(problem) if problem.code == Code::NotFound => {}
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
            let papers: Vec<Vec<u8>> = task.attachments.iter().map(|paper| paper.content.0.clone()).collect();
            let conform = papers_in_order(&task.application.fields, &papers);
            let grounds =
                "Туу туралы куәлік басқа балаға берілген / свидетельство о рождении другого ребёнка";
            let decision = Decision { conform, grounds: (!conform).then(|| grounds.to_owned()) };
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
        let systems: Vec<Value> = self.play.client.get("/control/systems", None).await?;
        let provider = systems.iter().find(|record| record["system"] == System::Provider.name());
        let bin = provider.and_then(|record| record["bin"].as_str()).unwrap_or_default();
        let bin = Bin::parse(bin, CheckDigit::AnyDigit)
            .map_err(|error| Problem::technical(format!("the provider's BIN: {error}")))?;
        let profile = match person {
            Person::AuthorisedPerson => Profile::AuthorisedPerson,
            Person::Head => Profile::Head,
            Person::Recipient => Profile::Individual,
            Person::ResponsibleExecutor | Person::Clerk => Profile::Employee,
        };
        let order = OrderRequest {
            iin: Some(certs::Iin::never_issued(Uuid::new_v4().as_u64_pair().0 >> 32).to_string()),
            bin: Some(bin.to_string()),
            algorithm: self.play.algorithm.map(|algorithm| algorithm.name().to_owned()),
            ..OrderRequest::of(profile)
        };
        let key = order_key(&self.play.client, &order).await?;
        self.staff.insert(person, key.clone());
        Ok(key)
    }
}

/// The crossings of a case as the journal has them.
pub(super) fn crossings(journal: &[Entry]) -> Vec<crate::journal::Crossing> {
    let crossings = journal.iter().filter(|entry| entry.kind == EntryKind::Crossing);
    crossings.filter_map(|entry| serde_json::from_value(entry.body.clone()).ok()).collect()
}
