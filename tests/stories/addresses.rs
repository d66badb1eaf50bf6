//! The addresses that stories of bad input are told about.

use certs::Profile;
use registries::ca::OrderRequest;
use tests::{Citizen, Key, Town};

/// Every address that takes a POST of JSON, for one case that nobody has seen yet and one certificate.
pub(crate) async fn posts(town: &Town) -> Vec<String> {
    let case = Citizen::arrives(town).await.case();
    let serial = Key::order(town, &OrderRequest::of(Profile::Individual)).await.serial;
    let mut all: Vec<String> = ["/portal/cases", "/portal/sessions", "/ca/certificates"]
        .iter()
        .chain(&[
            "/signer/cms/sign",
            "/signer/cms/verify",
            "/signer/xml/sign",
            "/signer/xml/verify",
            "/signer/wss/sign",
            "/signer/wss/verify",
            "/signer/x509/verify",
        ])
        .chain(&["/control/clock", "/control/worlds"])
        .map(|&address| address.to_owned())
        .collect();
    all.extend(["account", "session", "request", "signature"].map(|d| format!("/portal/cases/{case}/{d}")));
    all.extend(["decision", "signature"].map(|d| format!("/provider/cases/{case}/{d}")));
    all.extend(["portal", "gateway", "regional-workstation", "provider"].map(|s| format!("/{s}/messages")));
    all.push(format!("/ca/certificates/{serial}/revocation"));
    all
}
