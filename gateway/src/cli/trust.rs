//! `qaqpa cert trust`: other centres trusted here, and our roots trusted elsewhere.

use std::path::{Path, PathBuf};

use certs::Certificate;
use clap::{Args, Subcommand, ValueEnum};
use registries::ca::{Import, TrustedCentre};
use serde_json::json;

use super::cert::write;
use super::sign::read;
use super::target::Target;
use super::{Done, Failure, Talk, say, say_json};

#[derive(Subcommand)]
pub(super) enum Trust {
    /// Trust the certificates of another test environment, as the national one.
    Import(Imported),
    /// The other centres that are trusted.
    List(Target),
    /// Trust another centre no longer.
    Remove(Remove),
    /// Write our roots into a folder, and say how a program comes to trust them.
    Export(Export),
}

#[derive(Args)]
pub(super) struct Imported {
    /// Certificates of centres (PEM, several in a file, or DER).
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A revocation list by one of them; nothing outside of the sandbox is asked. May be given several times.
    #[arg(long = "crl", value_name = "FILE")]
    lists: Vec<PathBuf>,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Remove {
    /// The identifier of its key in hexadecimal, as `list` shows it.
    key_id: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Export {
    /// The program that is to trust them.
    #[arg(long = "for", value_name = "PROGRAM")]
    program: Program,
    /// Folder to write into.
    #[arg(value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    target: Target,
}

/// A program that trusts roots.
#[derive(Clone, Copy, ValueEnum)]
enum Program {
    Os,
    Chromium,
    Firefox,
    Java,
    Curl,
    Python,
    Node,
    Ncanode,
}

impl Trust {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        match self {
            Self::Import(import) => import.run(talk).await,
            Self::List(target) => {
                let reached = target.reach().await?;
                show(talk, &reached.client.get::<Vec<TrustedCentre>>("/ca/trusted", None).await?)
            }
            Self::Remove(Remove { key_id, target }) => {
                let reached = target.reach().await?;
                let gone = reached.client.delete::<TrustedCentre>(&format!("/ca/trusted/{key_id}")).await?;
                show(talk, &[gone])
            }
            Self::Export(export) => export.run(talk).await,
        }
    }
}

fn show(talk: Talk, centres: &[TrustedCentre]) -> Result<Done, Failure> {
    if talk.json {
        say_json(&centres)?;
    } else {
        for centre in centres {
            let list = if centre.list.is_some() { "with a list" } else { "without a list" };
            say(format!("{}  {list:<14}  {}", centre.key_id, centre.subject))?;
        }
    }
    Ok(Done::Fine)
}

impl Imported {
    async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let mut certificates = String::new();
        for file in &self.files {
            let bytes = read(file)?;
            match std::str::from_utf8(&bytes) {
                Ok(text) if text.contains("-----BEGIN") => certificates.push_str(text),
                _ => {
                    let certificate = Certificate::from_der(&bytes);
                    certificates.push_str(&certificate.map_err(|error| Failure::file(file, error))?.pem());
                }
            }
            certificates.push('\n');
        }
        let lists = self.lists.iter().map(|file| read(file).map(Into::into)).collect::<Result<_, _>>()?;
        let import = Import { certificates, lists };
        let reached = self.target.reach().await?;
        let centres: Vec<TrustedCentre> = reached.client.post("/ca/trusted", None, &import).await?;
        if centres.iter().any(|centre| centre.list.is_none()) && !talk.json {
            eprintln!("hint: without --crl nobody can say whether what they issued is revoked");
        }
        show(talk, &centres)
    }
}

impl Export {
    async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let reached = self.target.reach().await?;
        std::fs::create_dir_all(&self.out).map_err(|error| Failure::file(&self.out, error))?;
        let text = reached.client.bytes("/ca/roots.pem").await?;
        let pem = self.out.join("qaqpa-roots.pem");
        write(&pem, &text)?;
        let text = String::from_utf8_lossy(&text);
        let blocks = text.split_inclusive("-----END CERTIFICATE-----");
        let mut ders = Vec::new();
        for block in blocks.filter(|block| block.contains("-----BEGIN CERTIFICATE-----")) {
            let root = Certificate::from_pem(block).map_err(|error| Failure::file(&pem, error))?;
            let algorithm = root.public_key().algorithm().map_or("other", certs::Algorithm::name);
            let der = self.out.join(format!("qaqpa-root-{algorithm}.cer"));
            write(&der, root.der())?;
            ders.push(der);
        }
        let commands = self.program.commands(&pem, &ders, &reached.base_url);
        if talk.json {
            say_json(&json!({ "pem": pem, "der": ders, "commands": commands }))?;
        } else {
            commands.iter().try_for_each(say)?;
        }
        Ok(Done::Fine)
    }
}

impl Program {
    /// What to run or to set. GOST roots are left to programs that know GOST.
    fn commands(self, pem: &Path, ders: &[PathBuf], base_url: &str) -> Vec<String> {
        let file = pem.display();
        let each = |command: &dyn Fn(&str, &str) -> String| -> Vec<String> {
            let usable = ders.iter().filter(|der| !der.to_string_lossy().contains("-gost"));
            usable
                .map(|der| {
                    let name = der.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    command(&der.display().to_string(), &name)
                })
                .collect()
        };
        match self {
            Self::Os => each(&|der, name| {
                format!(
                    "sudo openssl x509 -inform DER -in {der} -out /usr/local/share/ca-certificates/{name}.crt"
                )
            })
            .into_iter()
            .chain(["sudo update-ca-certificates".to_owned()])
            .collect(),
            Self::Chromium => std::iter::once("mkdir -p $HOME/.pki/nssdb".to_owned())
                .chain(each(&|der, name| {
                    format!("certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n {name} -i {der}")
                }))
                .collect(),
            Self::Firefox => each(&|der, name| {
                format!(
                    "certutil -d sql:PROFILE_FOLDER -A -t C,, -n {name} -i {der}   # about:profiles names the folder"
                )
            }),
            Self::Java => {
                let store = pem.with_file_name("qaqpa-roots.p12");
                let store = store.display();
                each(&|der, name| {
                    format!("keytool -importcert -noprompt -alias {name} -file {der} -keystore {store} -storetype PKCS12 -storepass changeit")
                })
                .into_iter()
                .chain([format!("java -Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword=changeit …")])
                .collect()
            }
            Self::Curl => vec![format!("curl --cacert {file} {base_url}/control/health")],
            Self::Python => vec![format!("export SSL_CERT_FILE={file} REQUESTS_CA_BUNDLE={file}")],
            Self::Node => vec![format!("export NODE_EXTRA_CA_CERTS={file}")],
            Self::Ncanode => vec![
                format!(
                    "export NCANODE_CA_URL=\"{}\"",
                    ncanode_list(base_url, ders, |alg| format!(
                        "ca/certificates/{alg}-root.cer {base_url}/ca/certificates/{alg}.cer"
                    ))
                ),
                format!(
                    "export NCANODE_CRL_URL=\"{}\"",
                    ncanode_list(base_url, ders, |alg| format!("ca/crl/{alg}.crl"))
                ),
                format!(
                    "export NCANODE_CRL_DELTA_URL=\"{}\"",
                    ncanode_list(base_url, ders, |alg| format!("ca/crl/{alg}-delta.crl"))
                ),
                format!("export NCANODE_OCSP_URL={base_url}/ca/ocsp"),
                format!("export NCANODE_TSP_URL={base_url}/ca/tsp"),
            ],
        }
    }
}

/// Addresses of every hierarchy, separated by spaces.
fn ncanode_list(base_url: &str, ders: &[PathBuf], path: impl Fn(&str) -> String) -> String {
    let algorithm = |der: &PathBuf| {
        let name = der.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        name.trim_start_matches("qaqpa-root-").to_owned()
    };
    let urls: Vec<String> = ders.iter().map(|der| format!("{base_url}/{}", path(&algorithm(der)))).collect();
    urls.join(" ")
}
