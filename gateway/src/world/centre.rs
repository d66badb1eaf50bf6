//! The certification centre of a world: one of this process, or one that is reached over HTTP.

use std::sync::Arc;
use std::time::Duration;

use certs::{Certificate, Order, Subject};
use registries::ca::{CertificationCentre, KeptCertificate, OrderRequest};
use signer::{Beside, Code, HttpTrust, Problem, RevocationPolicy, System, Trust, Validator};

use super::World;

/// The pause between two tries to reach the centre at the start, in real time.
const PAUSE: Duration = Duration::from_millis(250);
/// How long one order may take, in real time.
const ONE_ORDER: Duration = Duration::from_secs(10);

/// The world's centre.
#[derive(Clone)]
pub enum Centre {
    /// Opened by this process.
    Here(Arc<CertificationCentre>),
    /// At an address that ends in `/ca`; certificates name what is below the rest of it.
    At(String),
}

/// A centre of somebody else's, which need not be Qaqpa's: its certificates are trusted beside those of the world's
/// own, and it is asked for revocation and time stamps. It takes no orders: systems have theirs from the world's own.
#[derive(Debug, Clone)]
pub struct Outside {
    /// What its certificates name is followed below this address; time stamps are at `{address}/tsp`.
    pub address: String,
    /// Its root, and the authorities below.
    pub certificates: Vec<Certificate>,
}

impl Centre {
    /// As validators see it, with an outside centre beside it if there is one.
    pub(super) fn trust(&self, http: &reqwest::Client, outside: Option<&Outside>) -> Arc<dyn Trust> {
        let own = self.own(http);
        match outside {
            Some(Outside { address, certificates }) => {
                Arc::new(Beside::new(own, http.clone(), address, certificates.clone()))
            }
            None => own,
        }
    }

    fn own(&self, http: &reqwest::Client) -> Arc<dyn Trust> {
        match self {
            Self::Here(centre) => centre.clone(),
            Self::At(address) => {
                let base = address.strip_suffix("/ca").unwrap_or(address);
                Arc::new(HttpTrust::at(http.clone(), base, base))
            }
        }
    }
}

impl World {
    /// A judgement of certificates by a policy; the signing service's that was named instead of the built-in one.
    pub(super) fn validator(&self, policy: RevocationPolicy) -> Validator {
        let validator = Validator::new(self.trust.clone(), policy, self.clock.clone());
        match self.settings.plan.swapped.get(&System::Signer) {
            Some(swap) => validator.asking(self.http.clone(), swap.address()),
            None => validator,
        }
    }

    /// A certificate for an order that brings its public key. A centre that does not answer yet is asked again
    /// for as long as `patience`, in real time.
    pub(super) async fn certified(&self, order: Order, patience: Duration) -> Result<Certificate, Problem> {
        let address = match &self.centre {
            Centre::Here(centre) => return Ok(centre.order(order).await?.certificate),
            Centre::At(address) => address,
        };
        let request = order_request(&order)?;
        let deadline = tokio::time::Instant::now() + patience;
        let mut said = false;
        loop {
            match self.ask_centre(address, &request).await {
                Err(problem) if problem.status >= 500 && tokio::time::Instant::now() < deadline => {
                    if !said {
                        tracing::warn!(%problem, "waiting for the certification centre at {address}");
                        said = true;
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                settled => return settled,
            }
        }
    }

    async fn ask_centre(&self, address: &str, request: &OrderRequest) -> Result<Certificate, Problem> {
        let url = format!("{address}/certificates");
        let unreachable =
            |error: reqwest::Error| Problem::new(Code::CentreUnreachable).detail(format!("{url}: {error}"));
        let asked = self.http.post(&url).timeout(ONE_ORDER).json(request).send().await;
        let answer = asked.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unreachable)?;
        if !status.is_success() {
            let other = || Problem::new(Code::CentreUnreachable).detail(format!("{url} answered {status}"));
            return Err(serde_json::from_slice(&body).unwrap_or_else(|_| other()));
        }
        let kept: KeptCertificate = serde_json::from_slice(&body)
            .map_err(|error| Problem::technical(format!("{url} answered something unexpected: {error}")))?;
        Certificate::from_pem(&kept.certificate).map_err(Problem::technical)
    }
}

/// The order as a centre elsewhere takes it.
fn order_request(order: &Order) -> Result<OrderRequest, Problem> {
    let common = OrderRequest {
        algorithm: Some(order.algorithm.name().to_owned()),
        public_key: order.public_key.as_ref().map(|key| key.spki_der().to_vec().into()),
        flaws: order.flaws.iter().map(|flaw| flaw.name().to_owned()).collect(),
        hosts: order.hosts.clone(),
        purpose: order.purpose,
        ..OrderRequest::of(order.profile)
    };
    let name = match &order.subject {
        Subject::System(name) => name,
        Subject::Service { common_name, organisation } => {
            let (name, organisation) = (Some(common_name.clone()), Some(organisation.clone()));
            return Ok(OrderRequest { name, organisation, ..common });
        }
        _ => return Err(Problem::technical(format!("`{}` is ordered for systems only", System::Ca))),
    };
    Ok(OrderRequest {
        bin: Some(name.organisation.bin.to_string()),
        name: Some(name.common_name.clone()),
        organisation: Some(name.organisation.name.clone()),
        oid: Some(name.oid.clone()),
        ..common
    })
}
