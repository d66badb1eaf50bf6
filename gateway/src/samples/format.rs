//! Samples as files for the tools that send them.

use serde_json::{Value, json};

use super::Sample;

/// For which tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A shell script that sends them with curl and compares what comes back, and a file for each body.
    Curl,
    /// A file of requests, as editors send them.
    Http,
    /// A collection of Postman, v2.1.
    Postman,
    /// A project of SoapUI; it holds those over SOAP.
    Soapui,
}

/// Not a known format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}`: there are the formats `curl`, `http`, `postman` and `soapui`")]
pub struct UnknownFormat(pub String);

impl std::str::FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        match word {
            "curl" => Ok(Self::Curl),
            "http" => Ok(Self::Http),
            "postman" => Ok(Self::Postman),
            "soapui" => Ok(Self::Soapui),
            _ => Err(UnknownFormat(word.to_owned())),
        }
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub text: String,
}

impl Format {
    /// The samples of `REGULATION/CHANNEL` as files.
    pub fn write(self, of: &str, samples: &[Sample]) -> Vec<Written> {
        let name = of.replace('/', ".");
        let one = |ending: &str, text| vec![Written { name: format!("{name}.{ending}"), text }];
        match self {
            Self::Curl => curl(&name, samples),
            Self::Http => one("http", samples.iter().map(http).collect()),
            Self::Postman => one("postman_collection.json", postman(of, samples)),
            Self::Soapui => one("soapui.xml", soapui(of, samples)),
        }
    }
}

const SCRIPT: &str = r#"#!/bin/sh
# NAME: samples of messages. Each says what must come back; they are sent in order, once.
cd "$(dirname "$0")" || exit 2
answer=$(mktemp)
failed=0
# send TITLE URL TYPE FILE STATUS WORD
send() {
  status=$(curl -s -o "$answer" -w '%{http_code}' "$2" -H "content-type: $3" --data-binary "@$4")
  if [ "$status" = "$5" ] && grep -q "$6" "$answer"; then
    echo "ok      $1: $5 $6"
  else
    echo "FAILED  $1: $status in the place of $5 $6"
    cat "$answer"
    echo
    failed=1
  fi
}
"#;

/// One script that sends all in order; it fails when anything else comes back than must.
fn curl(name: &str, samples: &[Sample]) -> Vec<Written> {
    let mut script = SCRIPT.replace("NAME", name);
    let mut files = Vec::new();
    for sample in samples {
        let ending = if sample.is_soap() { "xml" } else { "json" };
        let file = format!("{name}.{}.{ending}", sample.name);
        let sends = format!(
            "\n# {}\nsend '{}' '{}' '{}' '{file}' {} '{}'\n",
            sample.title,
            sample.name,
            sample.url,
            sample.media_type,
            sample.expects.status,
            sample.expects.says
        );
        script.push_str(&sends);
        files.push(Written { name: file, text: sample.body.clone() });
    }
    script += "\nrm -f \"$answer\"\nexit \"$failed\"\n";
    files.push(Written { name: format!("{name}.sh"), text: script });
    files
}

fn http(sample: &Sample) -> String {
    format!(
        "### {}: {}\n# must come back: {}\nPOST {}\nContent-Type: {}\n\n{}\n\n",
        sample.name,
        sample.title,
        sample.expectation(),
        sample.url,
        sample.media_type,
        sample.body
    )
}

/// What is taken is signed by the sandbox each time anew, so that it can be sent again; what is bad is sent as it is.
fn sent(sample: &Sample) -> (&str, &str) {
    sample
        .forwarded
        .as_ref()
        .map_or((&sample.url, &sample.body), |forwarded| (&forwarded.url, &forwarded.body))
}

fn postman(of: &str, samples: &[Sample]) -> String {
    let item = |sample: &Sample| {
        let (url, body) = sent(sample);
        let (status, says) = (sample.expects.status, &sample.expects.says);
        let test = [
            format!("pm.test({}, () => {{", json!(format!("comes back: {}", sample.expectation()))),
            format!("  pm.expect(pm.response.code).to.equal({status});"),
            format!("  pm.expect(pm.response.text()).to.include({});", json!(says)),
            "});".to_owned(),
        ];
        json!({
            "name": format!("{}: {}", sample.name, sample.title),
            "event": [{ "listen": "test", "script": { "type": "text/javascript", "exec": test } }],
            "request": {
                "method": "POST", "url": url, "description": format!("Must come back: {}", sample.expectation()),
                "header": [{ "key": "Content-Type", "value": sample.media_type }],
                "body": { "mode": "raw", "raw": body },
            },
        })
    };
    let (good, bad): (Vec<&Sample>, Vec<&Sample>) =
        samples.iter().partition(|sample| sample.expects.status == 200);
    let folder = |name: &str, samples: Vec<&Sample>| json!({ "name": name, "item": samples.into_iter().map(item).collect::<Vec<Value>>() });
    let collection = json!({
        "info": {
            "name": format!("Qaqpa TEST: {of}"),
            "description": "Good ones are signed by the sandbox and can be sent again; bad ones are signed as they are.",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": [folder("good", good), folder("bad", bad)],
    });
    serde_json::to_string_pretty(&collection).unwrap_or_default() + "\n"
}

fn soapui(of: &str, samples: &[Sample]) -> String {
    let escaped = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let soap: Vec<&Sample> = samples.iter().filter(|sample| sample.is_soap()).collect();
    let call = |sample: &&Sample| {
        let (url, body) = sent(sample);
        format!(
            "      <con:call name=\"{}\"><con:description>{}</con:description><con:settings/>\
             <con:encoding>UTF-8</con:encoding><con:endpoint>{}</con:endpoint><con:request>{}</con:request></con:call>\n",
            escaped(&format!("{}: {}", sample.name, sample.title)),
            escaped(&format!("Must come back: {}", sample.expectation())),
            escaped(url),
            escaped(body),
        )
    };
    let wsdl = soap.first().map(|sample| format!("{}?wsdl", sample.url)).unwrap_or_default();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<con:soapui-project name=\"{}\" \
         xmlns:con=\"http://eviware.com/soapui/config\">\n  <con:settings/>\n  <con:interface \
         xsi:type=\"con:WsdlInterface\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         name=\"SyncChannelHttpBinding\" type=\"wsdl\" \
         bindingName=\"{{http://bip.bee.kz/SyncChannel/v10/Interfaces}}SyncChannelHttpBinding\" soapVersion=\"1_1\" \
         anonymous=\"optional\" definition=\"{}\">\n    <con:settings/>\n    <con:operation name=\"SendMessage\" \
         bindingOperationName=\"SendMessage\" type=\"Request-Response\" isOneWay=\"false\" action=\"SendMessage\">\n      \
         <con:settings/>\n{}    </con:operation>\n  </con:interface>\n</con:soapui-project>\n",
        escaped(&format!("Qaqpa TEST: {of}")),
        escaped(&wsdl),
        soap.iter().map(call).collect::<String>(),
    )
}
