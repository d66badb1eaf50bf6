//! NIST's Public Key Interoperability Test Suite as a judge of validation: its certificates and lists, from the Python
//! package cryptography-vectors, and what `expectations.txt` says must come of each.
//!
//! All certificates of centres and all lists are at hand for every test, as in a directory, so that the path has to be
//! found among them. Where the package is not installed the judgement is skipped loudly, and fails where `CI=true`.

#![expect(clippy::unwrap_used, reason = "a judgement that cannot be held is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use async_trait::async_trait;
use certs::verdict::{Check, Outcome};
use certs::{Certificate, Clock, ObjectIdentifier};
use signer::{NoAnswer, PathDemands, Question, RevocationPolicy, Trust, Validator};

/// What must come of the tests.
const EXPECTATIONS: &str = include_str!("expectations.txt");
/// The arm of NIST's test policies.
const NIST_POLICIES: &str = "2.16.840.1.101.3.2.1.48";

/// The suite as a directory.
struct Directory {
    root: Certificate,
    others: Vec<Certificate>,
    lists: Vec<Arc<[u8]>>,
}

impl Directory {
    fn read(folder: &Path) -> Self {
        let certs = files(&folder.join("certs"));
        let is_end_entity = |path: &&PathBuf| !path.to_string_lossy().ends_with("EE.crt");
        // One of them is damaged so that it is no certificate any more: it is as good as not there.
        let read = |path: &PathBuf| Certificate::from_der(&std::fs::read(path).unwrap()).ok();
        let lists = files(&folder.join("crls"));
        Self {
            root: read(&folder.join("certs/TrustAnchorRootCertificate.crt")).unwrap(),
            others: certs.iter().filter(is_end_entity).filter_map(read).collect(),
            lists: lists.iter().map(|path| Arc::from(std::fs::read(path).unwrap())).collect(),
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[async_trait]
impl Trust for Directory {
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer> {
        Ok(vec![self.root.clone()])
    }

    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer> {
        Ok(self.others.clone())
    }

    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer> {
        Err(NoAnswer::new(format!("{url} is not followed")))
    }

    async fn lists(&self) -> Result<Vec<Arc<[u8]>>, NoAnswer> {
        Ok(self.lists.clone())
    }

    async fn ocsp(&self, url: &str, _request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        Err(NoAnswer::new(format!("{url} is not followed")))
    }

    async fn timestamp(&self, _request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        Err(NoAnswer::new("no time stamps here"))
    }
}

/// Where the suite is, if it is installed.
fn suite() -> Option<PathBuf> {
    let script = "import cryptography_vectors, os; print(os.path.dirname(cryptography_vectors.__file__))";
    let found = Command::new("python3").args(["-c", script]).output().ok().filter(|run| run.status.success());
    let Some(found) = found else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "cryptography-vectors is not installed");
        eprintln!("SKIPPED: cryptography-vectors is not installed, so PKITS could not judge");
        return None;
    };
    Some(Path::new(String::from_utf8(found.stdout).unwrap().trim()).join("x509/PKITS_data"))
}

/// `explicit policies=1,2`, `no-mapping`, `no-any-policy`, `-`.
fn demands(words: &str) -> PathDemands {
    let mut demands = PathDemands::default();
    for word in words.split(' ') {
        match word {
            "-" => {}
            "explicit" => demands.explicit_policy = true,
            "no-mapping" => demands.no_mapping = true,
            "no-any-policy" => demands.no_any_policy = true,
            policies => {
                let numbers = policies.strip_prefix("policies=").unwrap().split(',');
                let policy = |number| ObjectIdentifier::new(&format!("{NIST_POLICIES}.{number}")).unwrap();
                demands.policies = Some(numbers.map(policy).collect());
            }
        }
    }
    demands
}

/// What comes of a certificate: `accepted`, the code of the first finding that is not, or why it is no certificate.
async fn judged(directory: &Arc<Directory>, end_entity: &Path, demands: PathDemands) -> String {
    let certificate = match Certificate::from_der(&std::fs::read(end_entity).unwrap()) {
        Ok(certificate) => certificate,
        Err(error) => return error.to_string(),
    };
    let clock = Clock::frozen_at("2020-01-01T00:00:00Z".parse().unwrap());
    let validator = Validator::new(directory.clone(), RevocationPolicy::default(), clock).demanding(demands);
    let checks = [Check::ValidityPeriod, Check::PathToRoot, Check::NotRevoked];
    let question = Question { checks: &checks, declared: None, roles: &[] };
    let verdict = validator.validate(&certificate, &question).await;
    let against = verdict.findings.iter().map(|finding| &finding.outcome);
    let mut against = against.filter(|outcome| **outcome != Outcome::Passed);
    against.next().map_or("accepted", Outcome::code).to_owned()
}

#[tokio::test]
async fn every_test_of_the_suite_comes_out_as_expected() {
    let Some(folder) = suite() else { return };
    let directory = Arc::new(Directory::read(&folder));
    let mut wrong = Vec::new();
    let mut end_entities = Vec::new();
    for line in EXPECTATIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let fields: Vec<&str> = line.split("  ").map(str::trim).filter(|field| !field.is_empty()).collect();
        let [number, name, words, nist, expected, ref reason @ ..] = fields[..] else { panic!("{line}") };
        let differs = (nist == "valid") != (expected == "accepted");
        assert_eq!(differs, !reason.is_empty(), "a reason stands where NIST expects something else: {line}");
        let file = format!("{name}EE.crt");
        let found = judged(&directory, &folder.join("certs").join(&file), demands(words)).await;
        if found != expected {
            wrong.push(format!("{number} {name} {words}: expected {expected}, found {found}"));
        }
        end_entities.push(file);
    }
    for path in files(&folder.join("certs")) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!file.ends_with("EE.crt") || end_entities.contains(&file), "{file} is in no expectation");
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
