//! curl and OpenSSL connecting to a sandbox that listens with TLS.

use certs::Algorithm;
use gateway::regulation::Regulations;
use gateway::sandbox::{Options, Sandbox};
use gateway::tls::{Serves, Tls};
use gateway::world::Plan;
use signer::System;

use crate::fixtures::Folder;
use crate::tool::tool;

/// A sandbox that asks clients for certificates, for as long as the judges need it.
struct Served {
    sandbox: std::sync::Arc<Sandbox>,
    folder: Folder,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have stopped by itself.
            let _ = stop.send(());
        }
    }
}

async fn served(algorithm: Algorithm) -> Served {
    let mut plan = Plan::following(Regulations::built_in().expect("the regulations"));
    plan.algorithm = algorithm;
    plan.tls = Tls { serves: Serves::Own, mutual: true, ..Tls::default() };
    let bound = Sandbox::bind(Options::ephemeral(plan)).await.expect("a sandbox");
    let sandbox = bound.sandbox.clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(bound.serve(async move {
        let _ = stopped.await;
    }));
    let client = sandbox.client().expect("a client");
    let roots = client.get(format!("{}/ca/roots.pem", sandbox.base_url())).send().await.expect("an answer");
    let folder = Folder::new();
    folder.write("roots.pem", roots.bytes().await.expect("the roots"));
    let identity = sandbox
        .world(&registries::store::WorldId::default())
        .expect("the world")
        .world
        .identity(System::Provider)
        .expect("a key");
    folder.write("system.pem", identity.certificate.pem());
    folder.write("system.key", identity.key.to_pkcs8_pem().as_bytes());
    Served { sandbox, folder, stop: Some(stop) }
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_believes_the_root_and_shows_a_certificate() {
    let Some(curl) = tool("curl") else { return };
    for algorithm in [Algorithm::P256, Algorithm::Rsa] {
        let served = served(algorithm).await;
        let (folder, base) = (&served.folder, served.sandbox.base_url().to_owned());
        let (roots, certificate, key) =
            (folder.path("roots.pem"), folder.path("system.pem"), folder.path("system.key"));
        let curl = curl.clone();
        let said = tokio::task::spawn_blocking(move || {
            let health = curl.run(&format!("-sS --cacert {{}} {base}/control/health"), &[&roots]);
            let by_name = base.replace("127.0.0.1", "localhost");
            let named = curl.run(&format!("-sS --ipv4 --cacert {{}} {by_name}/control/health"), &[&roots]);
            let unknown = curl.run(&format!("-sS {base}/control/health"), &[]);
            let post =
                format!("-sS --cacert {{}} -H content-type:application/json -d {{}} {base}/gateway/messages");
            let data = std::ffi::OsString::from("{}");
            let without = curl.run(&post, &[&roots, &data]);
            let with =
                curl.run(&format!("{post} --cert {{}} --key {{}}"), &[&roots, &data, &certificate, &key]);
            [health, named, unknown, without, with]
        });
        let [health, named, unknown, without, with] = said.await.expect("curl ran");
        health.accepts(&["\"systems\""]);
        named.accepts(&["\"systems\""]);
        unknown.refuses(&["SSL certificate"]);
        without.accepts(&["client-certificate-missing"]);
        with.accepts(&["malformed-json"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openssl_verifies_the_server_by_its_name() {
    let Some(openssl) = tool("openssl") else { return };
    for algorithm in [Algorithm::P256, Algorithm::Gost512] {
        let served = served(algorithm).await;
        let roots = served.folder.path("roots.pem");
        let address = served.sandbox.base_url().trim_start_matches("https://").to_owned();
        let openssl = openssl.clone();
        let said = tokio::task::spawn_blocking(move || {
            let connect = |more: &str| {
                let arguments =
                    format!("s_client -connect {address} -CAfile {{}} -verify_return_error {more}");
                openssl.run(&arguments, &[&roots])
            };
            [
                connect("-verify_ip 127.0.0.1"),
                connect("-verify_hostname localhost -tls1_2"),
                connect("-verify_hostname other.example.test"),
            ]
        });
        let [by_address, by_name, by_another] = said.await.expect("OpenSSL ran");
        by_address.accepts(&["Verify return code: 0 (ok)"]);
        assert!(by_address.text.contains("TEST QAQPA"), "{}", by_address.text);
        by_name.accepts(&["Verify return code: 0 (ok)", "TLSv1.2"]);
        by_another.refuses(&["hostname mismatch"]);
    }
}
