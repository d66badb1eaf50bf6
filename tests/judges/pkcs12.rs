//! OpenSSL and Java on key files.

use certs::pkcs12::{Encoding, read, write};
use certs::{Certificate, Issued, KeyPair};

use crate::fixtures::{CENTRES, Centre, Folder};
use crate::tool::tool;

const PASSWORD: &str = "Qwerty12";

fn key_file(centre: &Centre, folder: &Folder, encoding: Encoding) -> (std::ffi::OsString, Issued) {
    let issued = centre.head(&[]);
    let key = issued.key.as_ref().expect("a new key");
    let chain = [centre.authority.issuing().clone(), centre.authority.root().clone()];
    let bytes = write(encoding, PASSWORD, key, &issued.certificate, &chain).expect("a file");
    (folder.write("key.p12", bytes), issued)
}

#[test]
fn openssl_reads_our_files() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let folder = centre.folder();
        for (encoding, legacy, protections) in [
            (
                Encoding::National,
                "-legacy",
                [
                    "MAC: sha1, Iteration 1024",
                    "salt length: 20",
                    "pbeWithSHA1And3-KeyTripleDES-CBC",
                    "pbeWithSHA1And40BitRC2-CBC",
                ],
            ),
            (Encoding::Modern, "", ["MAC: sha256", "PBES2", "AES-256-CBC", "hmacWithSHA256"]),
        ] {
            let (file, issued) = key_file(centre, &folder, encoding);
            let arguments = format!("pkcs12 -in {{}} {legacy} -info -nodes -passin pass:{PASSWORD}");
            let said = openssl.run(&arguments, &[&file]);
            said.accepts(&protections);
            let id = hex(&issued.certificate.public_key().key_id());
            said.accepts(&["MAC length", &format!("friendlyName: {id}"), "localKeyID: "]);
            let key = KeyPair::from_pkcs8_der(&pem_block(&folder, &said.text)).expect("the key in PEM");
            assert_eq!(key.public_key(), issued.certificate.public_key());
            assert_eq!(
                Certificate::from_pem(&said.text).expect("the certificate in PEM"),
                issued.certificate
            );
            let wrong = format!("pkcs12 -in {{}} {legacy} -nodes -passin pass:wrong");
            openssl.run(&wrong, &[&file]).refuses(&["Mac verify error"]);
        }
    }
}

/// The first private key in a text, in DER, as OpenSSL converts it.
fn pem_block(folder: &Folder, text: &str) -> Vec<u8> {
    let pem = folder.write("key.pem", text);
    let openssl = tool("openssl").expect("it ran before");
    openssl
        .run("pkcs8 -topk8 -nocrypt -in {} -outform DER -out {}", &[&pem, &folder.path("key.der")])
        .accepts(&[]);
    folder.read("key.der")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[test]
fn keytool_reads_our_files() {
    let Some(keytool) = tool("keytool") else { return };
    for centre in CENTRES.iter() {
        let folder = centre.folder();
        for (encoding, length) in [(Encoding::National, 1), (Encoding::Modern, 3)] {
            let (file, issued) = key_file(centre, &folder, encoding);
            let arguments = format!(
                "-J-Duser.language=en -list -v -storetype PKCS12 -keystore {{}} -storepass {PASSWORD}"
            );
            keytool.run(&arguments, &[&file]).accepts(&[
                "Your keystore contains 1 entry",
                &format!("Alias name: {}", hex(&issued.certificate.public_key().key_id())),
                "Entry type: PrivateKeyEntry",
                &format!("Certificate chain length: {length}"),
            ]);
        }
    }
}

#[test]
fn we_read_the_files_of_openssl() {
    let Some(openssl) = tool("openssl") else { return };
    for centre in CENTRES.iter() {
        let folder = centre.folder();
        let issued = centre.head(&[]);
        let key = folder.write("key.pem", issued.key.as_ref().expect("a new key").to_pkcs8_pem().as_bytes());
        let leaf = folder.write("leaf.pem", issued.certificate.pem());
        for protection in ["", "-legacy", "-legacy -descert", "-keypbe NONE -certpbe NONE", "-nomac"] {
            let arguments = format!(
                "pkcs12 -export {protection} -inkey {{}} -in {{}} -certfile {{}} -name me -passout pass:{PASSWORD} -out {{}}"
            );
            let (issuing, theirs) = (folder.path("issuing.pem"), folder.path("theirs.p12"));
            openssl.run(&arguments, &[&key, &leaf, &issuing, &theirs]).accepts(&[]);
            let [entry] = &read(&folder.read("theirs.p12"), PASSWORD).expect(protection)[..] else {
                panic!("one key: {protection}")
            };
            assert_eq!(entry.certificate, issued.certificate);
            assert_eq!(entry.chain, [centre.authority.issuing().clone()]);
            assert_eq!(entry.alias.as_deref(), Some("me"));
            assert_eq!(entry.key.public_key(), issued.certificate.public_key());
        }
    }
}

#[test]
fn we_read_the_files_of_keytool() {
    let Some(keytool) = tool("keytool") else { return };
    let Some(centre) = CENTRES.first() else { return };
    for kind in ["EC -groupname secp256r1 -sigalg SHA256withECDSA", "RSA -keysize 2048"] {
        let folder = centre.folder();
        let arguments = format!(
            "-genkeypair -storetype PKCS12 -keyalg {kind} -alias me -dname CN=TEST -keystore {{}} -storepass {PASSWORD}"
        );
        keytool.run(&arguments, &[&folder.path("theirs.p12")]).accepts(&[]);
        let entries = read(&folder.read("theirs.p12"), PASSWORD).expect(kind);
        let [entry] = &entries[..] else { panic!("one key") };
        assert_eq!(entry.certificate.common_name(), Some("TEST"));
        assert_eq!(entry.alias.as_deref(), Some("me"));
        let signature = entry.key.sign(b"message").expect("a signature");
        let algorithm = certs::SignatureAlgorithm::of(entry.key.algorithm());
        assert_eq!(entry.certificate.public_key().verify(&algorithm, b"message", &signature), Ok(()));
        assert_eq!(entry.certificate.verify_signature(entry.certificate.public_key()), Ok(()));
    }
}
