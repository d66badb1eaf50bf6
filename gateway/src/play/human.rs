//! The human lane: sits at every desk of the channel, and does what is asked for as the path's data has it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use registries::store::{Entry, EntryKind};
use serde_json::{Value, json};
use signer::cms::{self, Mode};
use signer::{Bytes, Code, Problem, System};
use tokio::task::JoinSet;

use super::persona::{Cast, faults};
use super::{Play, Selected};
use crate::regulation::{Actor, CheckWord, Choice, Fact, Flow, Person, Step, Verb};
use crate::systems::desk::{Decision, DeskCase, Work};
use crate::walk::{Awaits, CaseView, Position, Shown};

/// The most deeds at one desk without another one in between: a regulation that asks for more goes in circles.
const MOST_DEEDS: usize = 64;
/// How long a desk that does not answer is left alone, in real time.
const ASKED_AGAIN: Duration = Duration::from_millis(100);

/// What became of the attempt to live through a path.
pub(super) enum Lived {
    /// It was lived through.
    Through(Box<Seen>),
    /// It begins at somebody else's system, where a human of ours has no way in.
    NoWayIn(Problem),
}

/// What the human saw.
pub(super) struct Seen {
    /// The case where it began, as it was last seen.
    pub(super) view: CaseView,
    /// What was shown at all desks, oldest first.
    pub(super) shown: Vec<Shown>,
    /// A problem that ended the human's efforts.
    pub(super) problem: Option<Problem>,
    /// The journal of the case.
    pub(super) journal: Vec<Entry>,
    /// The systems whose inner steps could not be observed.
    pub(super) foreign: BTreeSet<System>,
}

/// What a deed answers; signing in gives a token.
#[derive(serde::Deserialize)]
struct Answered {
    #[serde(flatten)]
    case: DeskCase,
    token: Option<String>,
}

struct Human<'a> {
    play: &'a Play,
    selected: &'a Selected<'a>,
    cast: Cast,
    /// The sessions that were opened.
    tokens: BTreeMap<System, String>,
    /// The case as it was last seen at each desk.
    seen: BTreeMap<System, CaseView>,
    /// What kept a desk from answering, until it did.
    silent: BTreeMap<System, Problem>,
    /// The desks to sit at.
    desks: BTreeSet<System>,
    /// The step to leave the case at, if it is not to be gone along to its end.
    until: Option<&'a str>,
    /// Where it was left.
    left: Option<System>,
}

impl<'a> Human<'a> {
    /// Everybody on the path, with what has to be so before the case begins.
    async fn ready(
        play: &'a Play,
        selected: &'a Selected<'a>,
        foreign: &BTreeSet<System>,
        until: Option<&'a str>,
    ) -> Result<Self, Problem> {
        let human = Self {
            play,
            selected,
            cast: Cast::prepare(play, selected).await?,
            tokens: BTreeMap::new(),
            seen: BTreeMap::new(),
            silent: BTreeMap::new(),
            desks: desks(selected, foreign),
            until,
            left: None,
        };
        human.prepare().await?;
        Ok(human)
    }
}

/// Goes along a path until the case waits at a step, and leaves it there: the system, and the case as it stands.
pub(super) async fn leave_at(
    play: &Play,
    selected: &Selected<'_>,
    step: &str,
) -> Result<(System, CaseView), Problem> {
    let mut human = Human::ready(play, selected, &play.client.foreign().await, Some(step)).await?;
    let begun = human.open().await?;
    human.go_along(begun).await?;
    let left = human.left.and_then(|system| Some((system, human.seen.remove(&system)?)));
    let missed = || Problem::technical(format!("the case never waited for anybody at §{step}"));
    left.ok_or_else(missed)
}

/// Lives through a path.
pub(super) async fn live(play: &Play, selected: &Selected<'_>) -> Result<Lived, Problem> {
    let foreign = play.client.foreign().await;
    let mut human = Human::ready(play, selected, &foreign, None).await?;
    let begun = match human.open().await {
        Err(problem) if foreign.contains(&selected.begins_at()) => return Ok(Lived::NoWayIn(problem)),
        begun => begun?,
    };
    let id = begun.view.case;
    let mut problem = human.go_along(begun).await.err();
    // What kept a desk silent to the end is why nothing more happened.
    problem = problem.or_else(|| human.silent.values().next().cloned());
    // Where somebody does not answer, nothing settles.
    let journal = play.client.journal(id, problem.is_none()).await?;
    let shown = human.shown().await?;
    let begins_at = selected.begins_at();
    let view = human.seen.remove(&begins_at).ok_or_else(|| Problem::technical("the case was not seen"))?;
    Ok(Lived::Through(Box::new(Seen { view, shown, problem, journal, foreign })))
}

/// The systems at which somebody acts, and the one where the case begins; somebody else's have their own people.
fn desks(selected: &Selected<'_>, foreign: &BTreeSet<System>) -> BTreeSet<System> {
    let acts = |step: &&Step| step.person().is_some() || !step.decided().is_empty() || step.does(Verb::Sign);
    let staffed = selected.channel.steps.iter().filter(acts).map(|step| step.system);
    let mut desks: BTreeSet<System> = staffed.filter(|system| !foreign.contains(system)).collect();
    desks.insert(selected.begins_at());
    desks
}

impl Human<'_> {
    /// What has to be so before the case begins: free places, routes, accounts.
    async fn prepare(&self) -> Result<(), Problem> {
        let (client, channel) = (&self.play.client, self.selected.channel);
        let organisation = &self.cast.applicant.organisation;
        if self.selected.path.fact(channel, Fact::PlaceAvailable) {
            let guarded = |step: &&Step| step.said.documents.iter().any(|document| document.when.is_some());
            for system in
                channel.steps.iter().filter(guarded).map(|step| step.system).collect::<BTreeSet<_>>()
            {
                let _: Value =
                    client.put(&format!("/{system}/places/{organisation}"), &json!({ "free": 1 })).await?;
            }
        }
        if self.selected.path.fact(channel, Fact::RegionalRoute) {
            let path = format!("/portal/routes/{organisation}");
            let _: Value = client.put(&path, &json!({ "regional": true })).await?;
        }
        if self.goes_to_a_cabinet() {
            client.send("/portal/accounts", &self.cast.cabinet_credentials()).await?;
        } else if channel.steps.iter().any(|step| step.guard().contains(&Fact::NotRegistered))
            && !self.selected.path.fact(channel, Fact::NotRegistered)
        {
            client.send("/portal/accounts", &self.cast.credentials(Person::Recipient, true)).await?;
        }
        Ok(())
    }

    /// Whether the portal delivers something that staff have filed: into the cabinet of somebody who did not sign in.
    fn goes_to_a_cabinet(&self) -> bool {
        let steps = &self.selected.channel.steps;
        let delivers = |step: &Step| step.system == System::Portal && step.does(Verb::Deliver);
        let signs_in = |step: &Step| step.system == System::Portal && step.does(Verb::SignIn);
        steps.iter().any(delivers) && !steps.iter().any(signs_in)
    }

    async fn open(&self) -> Result<DeskCase, Problem> {
        let body =
            json!({ "regulation": self.selected.regulation.id, "channel": self.selected.channel.name });
        let path = format!("/{}/cases", self.selected.begins_at());
        self.play.client.post(&path, None, &body).await
    }

    /// Does what is asked for at any desk until the case is over, or nothing more comes.
    async fn go_along(&mut self, begun: DeskCase) -> Result<(), Problem> {
        let case = begun.view.case;
        self.work(self.selected.begins_at(), begun).await?;
        let mut polls: JoinSet<(System, Result<DeskCase, Problem>)> = JoinSet::new();
        let mut polled = BTreeSet::new();
        let mut deadline = tokio::time::Instant::now() + self.play.patience;
        while !self.is_over() {
            for system in self.desks.clone() {
                if polled.insert(system) {
                    let after = self.seen.get(&system).map_or(0, |view| view.version);
                    let path = format!("/{system}/cases/{case}?after={after}");
                    let (client, token) = (self.play.client.clone(), self.tokens.get(&system).cloned());
                    let was_silent = self.silent.contains_key(&system);
                    polls.spawn(async move {
                        if was_silent {
                            tokio::time::sleep(ASKED_AGAIN).await;
                        }
                        (system, client.get(&path, token.as_deref()).await)
                    });
                }
            }
            let joined = tokio::select! {
                joined = polls.join_next() => joined,
                () = tokio::time::sleep_until(deadline) => return Ok(()),
            };
            let Some(Ok((system, answer))) = joined else { return Ok(()) };
            polled.remove(&system);
            match answer {
                Ok(case) => {
                    self.silent.remove(&system);
                    if self.work(system, case).await? {
                        deadline = tokio::time::Instant::now() + self.play.patience;
                    }
                }
                // Nothing has arrived there yet.
                Err(problem) if problem.code == Code::NotFound => {}
                // Somebody else's has no desk of ours.
                Err(problem) if problem.code == Code::Technical && system != self.selected.begins_at() => {
                    self.desks.remove(&system);
                }
                Err(problem) if problem.status >= 500 => {
                    self.silent.insert(system, problem);
                }
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }

    /// Whether nothing more is to happen: the case is over where it ends, or stopped, or refused on the way.
    fn is_over(&self) -> bool {
        if self.left.is_some() {
            return true;
        }
        let last = self.selected.path.steps.last().and_then(|gone| self.selected.channel.step(&gone.at));
        let ends_at = last.map(|step| step.system);
        self.seen.iter().any(|(system, view)| match view.position {
            Position::Stopped { .. } => true,
            Position::Ended { .. } => Some(*system) == ends_at || *system == self.selected.begins_at(),
            _ => false,
        })
    }

    /// Does what the case waits for at a desk, as far as it goes there; whether anything was new.
    async fn work(&mut self, system: System, mut case: DeskCase) -> Result<bool, Problem> {
        let before = self.seen.get(&system).map_or(0, |view| view.version);
        for _ in 0..MOST_DEEDS {
            if self.seen.get(&system).is_some_and(|view| view.version >= case.view.version) {
                break;
            }
            self.seen.insert(system, case.view.clone());
            let Some(awaits) = case.view.awaits.clone() else { break };
            if awaits.does.is_empty() && awaits.decides.is_empty() {
                break;
            }
            if self.until == Some(awaits.step.as_str()) {
                self.left = Some(system);
                break;
            }
            case = self.deed(system, &case, &awaits).await?;
        }
        Ok(self.seen.get(&system).is_some_and(|view| view.version > before))
    }

    async fn deed(&mut self, system: System, case: &DeskCase, awaits: &Awaits) -> Result<DeskCase, Problem> {
        let (name, body) = if awaits.decides.is_empty() {
            self.done(case, awaits).await?
        } else {
            self.decided(case, awaits)
        };
        let path = format!("/{system}/cases/{}/{name}", case.view.case);
        let token = self.tokens.get(&system).map(String::as_str);
        let answer: Answered = self.play.client.post(&path, token, &body).await?;
        if let Some(token) = answer.token {
            self.tokens.insert(system, token);
        }
        Ok(answer.case)
    }

    /// The step that is done next: an offer that the path passes by is left to the step behind it.
    fn next_step(&self, awaits: &Awaits) -> Option<(&Step, Vec<Verb>)> {
        let mut step = self.selected.channel.step(&awaits.step)?;
        let mut does = awaits.does.clone();
        while !step.guard().is_empty() && self.selected.path.passes_by(step.at()) {
            let Flow::Then(next) = &step.flow else { break };
            step = self.selected.channel.step(next)?;
            does.clone_from(&step.said.does);
        }
        Some((step, does))
    }

    /// A deed, and the address that it has.
    async fn done(&mut self, case: &DeskCase, awaits: &Awaits) -> Result<(&'static str, Value), Problem> {
        let unknown = || Problem::technical(format!("§{} is no step of the channel", awaits.step));
        let (step, does) = self.next_step(awaits).ok_or_else(unknown)?;
        let person = step.person().unwrap_or(Person::Recipient);
        let fails = |check| self.selected.path.failing().any(|failing| failing == check);
        let form = &self.selected.channel.form;
        Ok(match does.first() {
            Some(Verb::Sign) => {
                let mut body = json!({});
                if let Some(carrier) = step.said.carrier {
                    body["carrier"] = json!(carrier);
                }
                body["signature"] = json!(self.signature(case, awaits).await?);
                ("signature", body)
            }
            Some(Verb::Register) => ("account", self.cast.credentials(person, true)),
            Some(Verb::SignIn) => {
                let right = person != Person::Recipient || !fails(CheckWord::LoginAuthentic);
                ("session", self.cast.credentials(person, right))
            }
            Some(Verb::Consent) if fails(CheckWord::ConsentGiven) => {
                ("consent", json!({ "consent": "refused" }))
            }
            Some(Verb::Consent) if self.selected.path.goes_without(Fact::ConsentRequired) => {
                let ground = "ҮЛГІ заң / закон-ОБРАЗЕЦ TEST";
                ("consent", json!({ "consent": "not-required", "ground": ground }))
            }
            Some(Verb::Consent) => ("consent", json!({ "consent": "given" })),
            Some(Verb::Present) => {
                let originals = self.selected.path.fact(self.selected.channel, Fact::RuralAkimat)
                    && step.guard().contains(&Fact::RuralAkimat);
                ("presentation", json!({ "documents": self.presented(), "originals": originals }))
            }
            Some(
                Verb::ChooseService
                | Verb::FillForm
                | Verb::EnterRepresentative
                | Verb::AttachCopies
                | Verb::ChooseCertificate,
            ) => ("request", self.request(&does)),
            Some(Verb::MarkPapers | Verb::Scan) => {
                let copies = self.cast.applicant.copies(form);
                ("papers", json!({ "papers": self.presented(), "copies": copies }))
            }
            Some(Verb::HandOver) => ("handover", json!({ "to": self.cast.visitor })),
            Some(verb) if verb.is_work() => {
                let does: Vec<Verb> = does.iter().copied().take_while(|verb| verb.is_work()).collect();
                let executor = does.contains(&Verb::Assign).then(|| "ОРЫНДАУШЫ СЫНАҚ TEST".to_owned());
                ("work", json!(Work { by: person, does, executor, note: None }))
            }
            _ => {
                let words: Vec<&str> = does.iter().map(|verb| verb.word()).collect();
                let what = format!("nobody here does {} at §{}", words.join(", "), awaits.paragraph);
                return Err(Problem::technical(what));
            }
        })
    }

    /// What the step asks for of the form.
    fn request(&self, does: &[Verb]) -> Value {
        let form = &self.selected.channel.form;
        let mut request = json!({});
        if does.contains(&Verb::FillForm) || does.contains(&Verb::ChooseService) {
            request["service"] = json!(self.selected.regulation.id);
            request["fields"] = json!(self.cast.applicant.fields(form));
        }
        if does.contains(&Verb::AttachCopies) {
            request["copies"] = self.cast.applicant.copies(form).into();
        }
        if does.contains(&Verb::ChooseCertificate)
            && let Some(key) = self.cast.known_key(Person::Recipient)
        {
            request["certificate"] = key.certificate.pem().into();
        }
        if does.contains(&Verb::EnterRepresentative) {
            request["representative"] = json!(self.cast.representative);
        }
        request
    }

    /// The required documents; all but one when the package is to be incomplete.
    fn presented(&self) -> Vec<String> {
        let incomplete = self.selected.path.failing().any(|check| check == CheckWord::PackageComplete);
        let copies = self.selected.channel.form.copies.iter().filter(|copy| !copy.optional);
        copies.skip(usize::from(incomplete)).map(|copy| copy.name.clone()).collect()
    }

    /// What people decide: staff by what they see in the papers and the form; what nobody can see, as the path has it.
    fn decided(&self, case: &DeskCase, awaits: &Awaits) -> (&'static str, Value) {
        if awaits.decides.contains(&CheckWord::PackageComplete) {
            return ("package", json!({ "presented": self.presented() }));
        }
        let papers: Vec<String> = case
            .attachments
            .iter()
            .map(|paper| String::from_utf8_lossy(&paper.content.0).into_owned())
            .collect();
        let mut failing = faults(&self.selected.channel.form, &awaits.decides, &case.fields, &papers);
        if let Some(Choice::Failing(checks)) = self.selected.path.choice(&awaits.step) {
            let felt = [CheckWord::AnswerAccepted, CheckWord::HomeVisitEligible];
            failing.extend(checks.iter().copied().filter(|check| felt.contains(check)));
        }
        let grounds = match failing.first() {
            None => None,
            Some(CheckWord::NoGroundsToRefuse) => Some("Алушы өзі үшін сұрайды / получатель просит за себя"),
            Some(CheckWord::AnswerAccepted) => Some("Жауаппен келіспеймін / с ответом не согласен"),
            Some(CheckWord::HomeVisitEligible) => Some("Негіз жоқ / оснований нет"),
            Some(_) => Some("Қағаздарда басқа адам көрсетілген / в документах указано другое лицо"),
        };
        ("decision", json!(Decision { failing, grounds: grounds.map(str::to_owned) }))
    }

    /// The signature of whoever signs: made at home, by the clock of the world.
    async fn signature(&mut self, case: &DeskCase, awaits: &Awaits) -> Result<Bytes, Problem> {
        let person = match awaits.by {
            Actor::Person(person) => person,
            Actor::System(_) => Person::Recipient,
        };
        let key = self.cast.key(self.play, person).await?;
        if self.selected.path.choice(&awaits.step) == Some(&Choice::RevokedLate) {
            let path = format!("/ca/certificates/{}/revocation", key.serial);
            let _: Value = self.play.client.post(&path, None, &json!({ "reason": "keyCompromise" })).await?;
        }
        let missing = || Problem::technical("a signature is awaited, but there is nothing to sign");
        let content = &case.view.to_sign.as_ref().ok_or_else(missing)?.content.0;
        let at = self.play.now().await?;
        cms::sign(content, Mode::Detached, &key.pair, &key.certificate, at)
            .map(Bytes)
            .map_err(Problem::technical)
    }

    /// What was shown at the desks, oldest first; what the portal delivers, as it stands in the cabinet.
    async fn shown(&mut self) -> Result<Vec<Shown>, Problem> {
        if self.goes_to_a_cabinet()
            && let Some(case) = self.seen.get(&System::Portal).map(|view| view.case)
        {
            let session: Value =
                self.play.client.post("/portal/sessions", None, &self.cast.cabinet_credentials()).await?;
            let cabinet: Vec<CaseView> =
                self.play.client.get("/portal/cabinet", session["token"].as_str()).await?;
            let there = cabinet.into_iter().find(|view| view.case == case);
            // A case that was refused before it was anybody's is shown to whoever stands at the desk.
            if let Some(view) = there {
                self.seen.insert(System::Portal, view);
            }
        }
        let mut shown: Vec<Shown> = self.seen.values().flat_map(|view| view.shown.clone()).collect();
        shown.sort_by_key(|shown| shown.shown_at);
        Ok(shown)
    }
}

/// The crossings of a case as the journal has them.
pub(super) fn crossings(journal: &[Entry]) -> Vec<crate::journal::Crossing> {
    let crossings = journal.iter().filter(|entry| entry.kind == EntryKind::Crossing);
    crossings.filter_map(|entry| serde_json::from_value(entry.body.clone()).ok()).collect()
}
