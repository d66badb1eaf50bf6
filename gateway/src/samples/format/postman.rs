//! A collection of Postman, v2.1: a folder for each message, with the good ones and the bad ones.

use serde_json::{Value, json};

use super::super::Sample;
use super::{CACERT, sent};

/// The variable of the collection for the token of a sandbox that asks for one.
const TOKEN: &str = "controlToken";

pub(super) fn write(name: &str, samples: &[Sample], cacert: bool) -> String {
    let mut root = Folder::default();
    for sample in samples {
        let kind = if sample.is_good() { "good" } else { "bad" };
        sample.of.split('/').chain([kind]).fold(&mut root, Folder::inside).requests.push(item(sample));
    }
    let roots = format!(" The server's certificate leads to {CACERT}: Settings, Certificates, CA.");
    let description = format!(
        "Good ones are signed by the sandbox and can be sent again; bad ones are signed as they are. A sandbox with a \
         control token wants it in the variable {TOKEN}.{}",
        if cacert { &roots } else { "" },
    );
    let collection = json!({
        "info": {
            "name": format!("Qaqpa TEST: {name}"),
            "description": description,
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "variable": [{ "key": TOKEN, "value": "" }],
        "item": root.items(),
    });
    serde_json::to_string_pretty(&collection).unwrap_or_default() + "\n"
}

/// A folder of the collection.
#[derive(Default)]
struct Folder {
    name: String,
    folders: Vec<Folder>,
    requests: Vec<Value>,
}

impl Folder {
    /// The folder of this name in it, which is made when it is not there.
    fn inside(&mut self, name: &str) -> &mut Self {
        let found = self.folders.iter().position(|folder| folder.name == name);
        let at = found.unwrap_or(self.folders.len());
        if found.is_none() {
            self.folders.push(Self { name: name.to_owned(), ..Self::default() });
        }
        &mut self.folders[at]
    }

    fn items(self) -> Vec<Value> {
        let folder = |folder: Self| json!({ "name": folder.name.clone(), "item": folder.items() });
        self.folders.into_iter().map(folder).chain(self.requests).collect()
    }
}

fn item(sample: &Sample) -> Value {
    let request = sent(sample);
    let (status, says) = (sample.expects.status, &sample.expects.says);
    let test = [
        format!("pm.test({}, () => {{", json!(format!("comes back: {}", sample.expectation()))),
        format!("  pm.expect(pm.response.code).to.equal({status});"),
        format!("  pm.expect(pm.response.text()).to.include({});", json!(says)),
        "});".to_owned(),
    ];
    let script = |listen: &str, lines: &[String]| json!({ "listen": listen, "script": { "type": "text/javascript", "exec": lines } });
    let mut events = vec![script("test", &test)];
    if let Some(before) = &sample.before {
        let first = json!({
            "url": before.url, "method": "POST", "header": { "Content-Type": sample.media_type },
            "body": { "mode": "raw", "raw": before.body },
        });
        events.insert(0, script("prerequest", &[format!("pm.sendRequest({first}, () => {{}});")]));
    }
    let mut item = json!({
        "name": format!("{}: {}", sample.name, sample.title),
        "event": events,
        "request": {
            "method": "POST", "url": request.url,
            "description": format!("Must come back: {}", sample.expectation()),
            "header": [{ "key": "Content-Type", "value": sample.media_type }],
            "body": { "mode": "raw", "raw": request.body },
        },
    });
    if sample.forwarded.is_some() {
        let token = json!([{ "key": "token", "value": format!("{{{{{TOKEN}}}}}"), "type": "string" }]);
        item["request"]["auth"] = json!({ "type": "bearer", "bearer": token });
    }
    item
}
