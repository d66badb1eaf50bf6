//! Where contracts are served: at `/contracts` of a world, and at the channels of every system.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use signer::http::At;
use signer::{Code, Problem};

use super::{Contract, contract, contracts};
use crate::exchange::{ASYNC_PATHS, Node, SYNC_PATHS};
use crate::site::Site;
use crate::world::World;

/// A channel of the national platform.
#[derive(Debug, Clone, Copy)]
struct Channel {
    /// Its paths below a system; the first one is that of the national platform.
    paths: [&'static str; 3],
    /// The file of its WSDL.
    wsdl: &'static str,
    /// The file of the WSDL of what it calls at a consumer.
    client: Option<&'static str>,
}

const CHANNELS: [Channel; 2] = [
    Channel { paths: SYNC_PATHS, wsdl: "sync-channel.wsdl", client: None },
    Channel { paths: ASYNC_PATHS, wsdl: "async-channel.wsdl", client: Some("async-client.wsdl") },
];

/// `GET /` lists them, `GET /{name}` is one.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new().route("/", get(list)).route("/{name}", get(show)).with_state(world)
}

async fn list(State(world): State<Arc<World>>) -> Json<Value> {
    let base = &world.settings.base_url;
    let described = |contract: Contract| {
        let media_type = contract.media_type();
        json!({ "name": contract.name, "mediaType": media_type, "url": format!("{base}/contracts/{}", contract.name) })
    };
    Json(contracts(&world.settings.plan.regulations).into_iter().map(described).collect())
}

async fn show(State(world): State<Arc<World>>, At(name): At<String>) -> Result<Response, Problem> {
    contract(&world.settings.plan.regulations, &name).map(answer)
}

/// `GET` at a channel: `?wsdl`, `?wsdl=client` for what AsyncChannel calls at a consumer, `?xsd=NAME`.
pub(crate) fn channels<N: Node>(node: &Arc<N>) -> Router {
    let mut router = Router::new();
    for channel in CHANNELS {
        for path in channel.paths {
            let show = move |State(node): State<Arc<N>>, RawQuery(query): RawQuery| async move {
                let site = node.site();
                let address = format!("{}{}", site.world.address(site.system()), channel.paths[0]);
                asked(site, channel, query.as_deref().unwrap_or_default(), &address).map(answer)
            };
            router = router.route(path, get(show));
        }
    }
    router.with_state(node.clone())
}

fn asked(site: &Site, channel: Channel, query: &str, address: &str) -> Result<Contract, Problem> {
    let found = |name: &str| contract(&site.world.settings.plan.regulations, name);
    let (name, value) = query.split_once('=').unwrap_or((query, ""));
    let found = match (name.to_ascii_lowercase().as_str(), value, channel.client) {
        ("wsdl", "client", Some(client)) => found(client)?,
        ("wsdl", "", _) => placed(found(channel.wsdl)?, address),
        ("xsd", file, _) => found(file)?,
        _ => {
            let what = format!("{address} takes POST; GET {address}?wsdl describes it");
            return Err(Problem::new(Code::MethodNotAllowed).detail(what));
        }
    };
    Ok(linked(found, address))
}

fn answer(contract: Contract) -> Response {
    ([(CONTENT_TYPE, contract.media_type())], contract.text).into_response()
}

/// The WSDL with the address at which it was asked for.
fn placed(mut wsdl: Contract, address: &str) -> Contract {
    const BEFORE: &str = "<soap:address location=\"";
    if let Some(from) = wsdl.text.find(BEFORE).map(|at| at + BEFORE.len())
        && let Some(length) = wsdl.text[from..].find('"')
    {
        wsdl.text.replace_range(from..from + length, &escaped(address));
    }
    wsdl
}

/// With the other files where this one was asked for.
fn linked(mut contract: Contract, address: &str) -> Contract {
    let link = format!("schemaLocation=\"{}?xsd=", escaped(address));
    contract.text = contract.text.replace("schemaLocation=\"", &link);
    contract
}

fn escaped(address: &str) -> String {
    address.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
