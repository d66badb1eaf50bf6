//! Programs of others that trust our root as `qaqpa cert trust export` has them do.

use std::path::Path;
use std::process::Command;

use tests::{Process, free_ports, qaqpa};

use crate::tool::{Said, tool};

/// A sandbox that listens with TLS, and a folder to follow commands in.
struct Desk {
    process: Process,
    root: String,
    folder: tempfile::TempDir,
}

impl Desk {
    fn up() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listen = format!("127.0.0.1:{}", free_ports(1)[0]);
        let root = folder.path().join("first.pem").display().to_string();
        let tls = ["--tls", "--write-root", root.as_str()].map(str::to_owned);
        let process = Process::up_with(&folder.path().join("data"), &listen, &tls);
        Self { process, root, folder }
    }

    /// Where it is.
    fn base(&self) -> &str {
        self.process.client.base()
    }

    /// What `qaqpa cert trust export` says to do.
    fn commands(&self, program: &str) -> String {
        let export = ["cert", "trust", "export", "--for", program, "out", "--against", self.base()];
        let ran = qaqpa(self.folder.path(), &[&export[..], &["--cacert", &self.root]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    }

    /// Follows commands; the home of whoever does is the folder.
    fn follows(&self, commands: &str, then: &str) -> Said {
        let script = format!("set -e\n{commands}\n{then}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(self.folder.path()).env("HOME", self.folder.path());
        let output = shell.output().expect("sh runs");
        let text = [output.stdout, output.stderr].concat();
        Said { text: String::from_utf8_lossy(&text).into_owned(), success: output.status.success() }
    }
}

#[test]
fn curl_python_and_node_connect() {
    let desk = Desk::up();
    let health = format!("{}/control/health", desk.base());
    if tool("curl").is_some() {
        desk.follows(&desk.commands("curl"), "true").accepts(&["\"systems\""]);
    }
    if tool("python3").is_some() {
        let ask = format!("python3 -c \"import urllib.request as u; print(u.urlopen('{health}').status)\"");
        desk.follows(&desk.commands("python"), &ask).accepts(&["200"]);
    }
    if tool("node").is_some() {
        let ask = format!(
            "node -e \"require('https').get('{health}', r => (console.log(r.statusCode), process.exit(0)))\""
        );
        desk.follows(&desk.commands("node"), &ask).accepts(&["200"]);
    }
}

#[test]
fn java_connects_with_a_trust_store() {
    if tool("keytool").is_none() || tool("javac").is_none() {
        return;
    }
    let desk = Desk::up();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign/Connects.java");
    let ask = format!("{} {}/control/health", script.display(), desk.base());
    // The last command is Java's, with a place for what it is to run.
    let commands = desk.commands("java").replace('…', &ask);
    desk.follows(&commands, "true").accepts(&["200 ", "\"systems\""]);
    desk.follows("", &format!("java {ask}")).refuses(&["PKIX path building failed"]);
}

#[test]
fn browsers_find_the_root_and_the_server_good() {
    if tool("certutil").is_none() || tool("openssl").is_none() {
        return;
    }
    let desk = Desk::up();
    for (program, database) in [("chromium", "$HOME/.pki/nssdb"), ("firefox", "$HOME/profile")] {
        let commands = desk.commands(program).replace("PROFILE_FOLDER", "$HOME/profile");
        let address = desk.base().trim_start_matches("https://");
        let then = format!(
            "certutil -d sql:{database} -V -u L -n qaqpa-root-p256
             echo | openssl s_client -connect {address} -showcerts 2>/dev/null > shown
             for number in 1 2; do
               awk -v number=$number '/BEGIN/ {{ n++ }} n == number && /BEGIN/, /END/' shown > $number.pem
               certutil -d sql:{database} -A -t ,, -n shown-$number -a -i $number.pem
             done
             certutil -d sql:{database} -V -u V -n shown-1
             certutil -d sql:{database} -M -t ,, -n qaqpa-root-p256
             certutil -d sql:{database} -V -u V -n shown-1 || echo without it: no"
        );
        let said = desk.follows(&format!("mkdir -p $HOME/profile\n{commands}"), &then);
        said.accepts(&["certificate is valid", "without it: no"]);
        assert_eq!(said.text.matches("certificate is valid").count(), 2, "{}", said.text);
    }
}

/// A real NCANode is not here; whatever its settings name is what it would look for there.
#[test]
fn what_the_settings_of_ncanode_name_is_there() {
    if tool("curl").is_none() || tool("openssl").is_none() {
        return;
    }
    let desk = Desk::up();
    let then = r#"
        fetch() { curl -fsS --cacert first.pem -o fetched "$@"; }
        for url in $NCANODE_CA_URL; do fetch "$url"; openssl x509 -inform DER -in fetched -noout -subject; done
        for url in $NCANODE_CRL_URL $NCANODE_CRL_DELTA_URL; do
          fetch "$url"; openssl crl -inform DER -in fetched -noout -crlnumber
        done
        set -- $NCANODE_CA_URL
        fetch "$1"; openssl x509 -inform DER -in fetched -out root.pem
        fetch "$2"; openssl x509 -inform DER -in fetched -out centre.pem
        openssl ocsp -issuer centre.pem -serial 0x1234 -no_nonce -reqout question
        fetch -H content-type:application/ocsp-request --data-binary @question "$NCANODE_OCSP_URL"
        openssl ocsp -issuer centre.pem -serial 0x1234 -no_nonce -respin fetched -CAfile root.pem -verify_other centre.pem
        openssl ts -query -data root.pem -sha256 -cert -out question
        fetch -H content-type:application/timestamp-query --data-binary @question "$NCANODE_TSP_URL"
        openssl ts -verify -queryfile question -in fetched -CAfile root.pem -untrusted centre.pem
    "#;
    let said = desk.follows(&desk.commands("ncanode"), then);
    said.accepts(&["TEST QAQPA", "crlNumber", "Response verify OK", "0x1234: ", "Verification: OK"]);
}
