//! A script that sends samples in order, with a folder of bodies for each message.

use super::super::Sample;
use super::{CACERT, Written};

const HEAD: &str = r#"#!/bin/sh
# NAME: samples of messages. Each says what must come back; they are sent in order, once.
# Whatever is given to this script is given to curl, as --cert and --key where systems show a certificate.
here=$(dirname "$0")
answer=$(mktemp)
failed=0
# post URL TYPE FILE OPTION…: the status of what comes back
post() {
  url=$1 type=$2 file=$3
  shift 3
  curl -s -o "$answer" -w '%{http_code}'CACERT "$@" -H "content-type: $type" --data-binary "@$here/$file" "$url"
}
# send TITLE STATUS WORD URL TYPE FILE OPTION…
send() {
  title=$1 wanted=$2 word=$3
  shift 3
  status=$(post "$@")
  if [ "$status" = "$wanted" ] && grep -q "$word" "$answer"; then
    echo "ok      $title: $wanted $word"
  else
    echo "FAILED  $title: $status in the place of $wanted $word"
    cat "$answer"
    echo
    failed=1
  fi
}
"#;

/// The script comes last; it fails when anything else comes back than must.
pub(super) fn write(name: &str, samples: &[Sample], cacert: bool) -> Vec<Written> {
    let believes = if cacert { format!(" --cacert \"$here/{CACERT}\"") } else { String::new() };
    let mut script = HEAD.replace("NAME", name).replace("CACERT", &believes);
    let mut files = Vec::new();
    for sample in samples {
        let Sample { of, name, title, media_type, body, .. } = sample;
        let ending = if sample.is_soap() { "xml" } else { "json" };
        let file = format!("{of}/{name}.{ending}");
        let heading = format!("\n# {title}\n");
        script.push_str(&heading);
        if let Some(before) = &sample.before {
            let (url, mut first) = (&before.url, file.clone());
            if before.body != *body {
                first = format!("{of}/{name}.before.{ending}");
                files.push(Written { name: first.clone(), text: before.body.clone() });
            }
            let posts = format!("post '{url}' '{media_type}' '{first}' \"$@\" >/dev/null\n");
            script.push_str(&posts);
        }
        let (status, says, url) = (sample.expects.status, &sample.expects.says, &sample.url);
        let sends = format!("send '{of} {name}' {status} '{says}' '{url}' '{media_type}' '{file}' \"$@\"\n");
        script.push_str(&sends);
        files.push(Written { name: file, text: body.clone() });
    }
    script += "\nrm -f \"$answer\"\nexit \"$failed\"\n";
    files.push(Written { name: format!("{name}.sh"), text: script });
    files
}
