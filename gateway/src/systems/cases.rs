//! What the desks of all systems have in common: cases are opened, waited for and signed in one way.

use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use signer::{Bytes, Code, Document, Problem};
use uuid::Uuid;

use crate::regulation::{Carrier, Step};
use crate::site::Site;
use crate::walk::{Case, CaseView, ToSign, Turn, Worker, walk};

/// Which service a case is opened for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Open {
    regulation: String,
    /// The first channel that begins at the system, without it.
    #[serde(default)]
    channel: Option<String>,
}

impl Open {
    /// Opens a case and goes as far as it goes by itself.
    ///
    /// # Errors
    /// [`signer::Code::UnknownService`] when no such channel begins at the system.
    pub(super) async fn case<W>(
        &self,
        worker: &W,
        site: &Site,
    ) -> Result<(StatusCode, Case<W::Own>, CaseView), Problem>
    where
        W: Worker,
        W::Own: Default + Serialize + DeserializeOwned,
    {
        let opened = site.opens(&self.regulation, self.channel.as_deref());
        let (regulation, channel) = opened.map_err(|problem| problem.by(site.system()))?;
        let first = channel.steps.first().map(|step| step.at().to_owned()).unwrap_or_default();
        let mut turn = Turn::open(site, Uuid::new_v4(), &regulation, &channel, &first, W::Own::default());
        walk(worker, &mut turn).await?;
        let (version, case) = turn.commit().await?;
        let view = CaseView::of(site, &case, version, &channel, None);
        Ok((StatusCode::CREATED, case, view))
    }
}

/// `?after=VERSION`: wait for something newer.
#[derive(Deserialize)]
pub(super) struct After {
    pub(super) after: Option<u64>,
}

impl After {
    /// Whether a version is newer than what the caller has seen.
    pub(super) fn is_before(&self, version: u64) -> bool {
        self.after.is_none_or(|after| version > after)
    }
}

/// The signature over the bytes that were given out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    /// Detached CMS.
    signature: Bytes,
    /// What holds the key, as whoever signs says; no certificate tells it.
    #[serde(default)]
    carrier: Option<Carrier>,
}

impl Sign {
    /// What holds the key; where the step names something, it is that.
    ///
    /// # Errors
    /// [`Code::InvalidValue`] when something else is said, or nothing.
    pub(super) fn carrier(&self, step: Option<&Step>) -> Result<Option<Carrier>, Problem> {
        match step.and_then(|step| step.said.carrier) {
            Some(wanted) if self.carrier != Some(wanted) => {
                let why = format!("the key that signs here is on `{wanted}`, and whoever signs says so");
                Err(Problem::new(Code::InvalidValue)
                    .detail(format!("carrier: {why}"))
                    .fact("fields", serde_json::json!({ "carrier": why })))
            }
            _ => Ok(self.carrier),
        }
    }

    /// The document that it makes of them.
    pub(super) fn over(&self, draft: ToSign) -> Document {
        Document::detached(draft.content.0, &draft.media_type, self.signature.0.clone())
    }
}
