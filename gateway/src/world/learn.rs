//! Reading the record of a system in another Qaqpa process.

use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use certs::verdict::Check;
use certs::{Certificate, Identifier, Role, oid};
use serde::{Deserialize, Serialize};
use signer::{Code, Problem, Question, RevocationPolicy, System};

use super::World;
use super::directory::organisation;
use super::identities::{common_name, system_oid};
use super::swap::{Swap, invalid};
use crate::exchange::{Origin, SystemRecord, body, kept};

/// How long the other process may take to show a record, in real time.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest record that is read.
const LARGEST: usize = 64 << 10;

/// What a process shows of a system of its own: `GET /{system}/record`.
///
/// Anybody may read it. The password is random and 128 bits long: its SHA-256 gives nothing away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PublicRecord {
    system: System,
    sender_id: String,
    password_sha256: String,
    organisation: String,
    bin: String,
    oid: Option<String>,
    certificate: String,
}

/// `GET /record` of a system of this process.
pub(super) fn router(world: std::sync::Arc<World>, system: System) -> Router {
    Router::new().route("/record", get(show)).with_state((world, system))
}

async fn show(
    State((world, system)): State<(std::sync::Arc<World>, System)>,
) -> Result<Json<PublicRecord>, Problem> {
    let record = world.own_record(system)?;
    Ok(Json(PublicRecord {
        system,
        oid: record.oid(),
        sender_id: record.sender_id,
        password_sha256: record.password_sha256,
        organisation: record.organisation,
        bin: record.bin,
        certificate: record.certificate,
    }))
}

impl World {
    /// Reads the record of a system at its address, and keeps it.
    ///
    /// # Errors
    /// [`Code::SystemUnreachable`] when nobody answers there; [`Code::AnswerRefused`] when what is shown there is not
    /// the record of that system with a good certificate of this world's centre.
    pub(crate) async fn learn(&self, system: System) -> Result<SystemRecord, Problem> {
        let swap = self.settings.plan.swapped.get(&system);
        let swap = swap.ok_or_else(|| Problem::new(Code::SenderUnknown).detail(system.name()))?;
        let url = format!("{}/record", swap.address());
        let unreachable = |error: reqwest::Error| {
            let detail = format!("the record of `{system}` cannot be read: {error}");
            Problem::new(Code::SystemUnreachable).detail(detail).fact("system", system)
        };
        let answer = self.http.get(&url).timeout(PATIENCE).send().await.map_err(unreachable)?;
        let answer = answer.error_for_status().map_err(unreachable)?;
        let unreadable = |what: String| {
            let detail = format!("the record of `{system}` cannot be read: {what}");
            Problem::new(Code::SystemUnreachable).detail(detail).fact("system", system)
        };
        let shown = body(answer, LARGEST).await.map_err(unreadable)?;
        let shown: PublicRecord =
            serde_json::from_slice(&shown).map_err(|error| unreadable(error.to_string()))?;
        let unusable = |problem: Problem| {
            if problem.status >= 500 {
                return problem;
            }
            let why = problem.detail.clone().unwrap_or_default();
            let detail = format!("the record of `{system}` at {url}: {}: {why}", problem.code);
            Problem::new(Code::AnswerRefused).detail(detail).fact("reason", problem.code)
        };
        let record = self.believed(system, swap, shown).await.map_err(unusable)?;
        self.keep_record(&record).await?;
        Ok(record)
    }

    /// The record, if it is what the centre's certificate in it says.
    async fn believed(
        &self,
        system: System,
        swap: &Swap,
        shown: PublicRecord,
    ) -> Result<SystemRecord, Problem> {
        let (_, number) =
            organisation(system).ok_or_else(|| invalid("system", "it exchanges no messages"))?;
        let certificate = Certificate::from_pem(&shown.certificate)
            .map_err(|error| Problem::new(Code::CertificateMalformed).detail(error.to_string()))?;
        let named = |wanted: &str, found: Option<&str>| match found {
            Some(found) if found == wanted => Ok(()),
            found => {
                let found = found.unwrap_or("nobody");
                Err(invalid("certificate", format!("it names {found}, not {wanted}")))
            }
        };
        named(&common_name(system), certificate.common_name())?;
        named(&system_oid(number), certificate.subject_attribute(oid::USER_ID))?;
        let checks = [
            Check::PathToRoot,
            Check::ValidityPeriod,
            Check::NotRevoked,
            Check::KeyUsage,
            Check::Role,
            Check::IdentityMatches,
        ];
        let bin = self.bin(number);
        let question = Question {
            checks: &checks,
            declared: Some(Identifier::Bin(bin)),
            roles: &[Role::InformationSystem],
        };
        let verdict = self.validator(RevocationPolicy::default()).validate(&certificate, &question).await;
        Problem::of_verdict(&verdict).map_or(Ok(()), Err)?;
        let own = shown.system == system && shown.sender_id == system.name() && shown.bin == bin.to_string();
        if !own {
            return Err(invalid("record", "its system, senderId or BIN is another's"));
        }
        Ok(SystemRecord {
            system,
            sender_id: shown.sender_id,
            password_sha256: shown.password_sha256,
            organisation: shown.organisation,
            bin: shown.bin,
            certificate: certificate.pem(),
            former: kept(self, system).await?.map(|known| known.certificate),
            address: Some(swap.address().to_owned()),
            wire: swap.wire,
            service: None,
            timeout: swap.timeout,
            subscriptions: swap.subscriptions.clone(),
            origin: Origin::Learned,
        })
    }
}
