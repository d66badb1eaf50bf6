//! What each bundle must do to a verifier, for people.

use std::fmt::Write as _;

use certs::Must;
use jiff::Timestamp;

use super::super::PASSWORD;
use super::Said;

/// The README of all bundles.
pub(super) fn text(said: &[Said], issued_at: Timestamp, judged_at: Timestamp) -> String {
    let seconds = judged_at.as_second();
    let mut text = format!(
        "# Certificates with named flaws

TEST. Made by Qaqpa for tests of software that verifies signatures by the national PKI of Kazakhstan. Nothing here proves \
anything about anybody; trust `roots.pem` in tests only.

Each folder has one thing wrong, and `flawless` nothing. Feed them to your verifier and compare: **{judged_at}** is the \
moment to judge for, and everything needed is here, so nobody has to be asked (the addresses in the certificates lead \
nowhere). Certificates were issued and documents signed at {issued_at}.

| file | what |
|---|---|
| `roots.pem` | what to trust |
| `authorities.pem` | the centres below, odd ones too, and no more than is to be had |
| `*/certificate.pem`, `*/key.pem` | the certificate and its key (PKCS#8) |
| `*/key.p12`, `*/key.modern.p12` | both as PKCS#12: as the national tools have it, and with AES; password `{PASSWORD}` |
| `*/chain.pem` | the certificates up to the root, as they came along |
| `*/*.crl`, `*/lists.pem` | revocation lists under the names that certificates give them; whole ones as PEM once more |
| `*/ocsp.der` | the answer of the OCSP responder, where the certificate names one |
| `*/document.txt`, `*/document.txt.cms` | a document, and its detached signature |
| `*/document.txt.stamped.cms` | the same with a time stamp of {issued_at}: good, for the certificate was good then |
| `*/verdict.json` | what Qaqpa says, with every question asked and every source |
| `flaws.json` | the table below, for programs |

What a verifier must answer is a code of Qaqpa's verdict. *Could not be checked* is neither yes nor no: whoever takes it \
for yes lets revoked certificates through, whoever takes it for no refuses for want of an answer. What is to be accepted \
is a matter of taste: a verifier may warn.

```sh
openssl verify -attime {seconds} -auth_level 2 -policy_check -crl_check_all -CAfile roots.pem \\
  -untrusted FLAW/chain.pem -CRLfile FLAW/lists.pem FLAW/certificate.pem
```

| folder | what is wrong | a verifier says | OpenSSL says |
|---|---|---|---|
"
    );
    for one in said {
        let wrong = one.description.as_ref().map_or("nothing", |text| text.en.as_str());
        let answer = match one.must {
            Must::Accept => "yes".to_owned(),
            Must::Unknown(code) => format!("could not be checked: `{code}`"),
            Must::Refuse(code) | Must::RefuseLater(code) if one.accepted_at_first => {
                format!("no: `{code}`; yes as of {issued_at}")
            }
            Must::Refuse(code) | Must::RefuseLater(code) => format!("no: `{code}`"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{}` | {wrong} | {answer} | {} |", one.folder, one.openssl);
    }
    text.push_str(
        "\nVerdicts are on certificates of individuals whose declared IIN, and of people who sign for an organisation \
         whose declared BIN, is in `flaws.json`, with the role that is asked for. OpenSSL knows nothing of national \
         numbers, roles and policies, and is not shown OCSP answers here; GOST needs an engine that it does not bring.\n",
    );
    text
}
