//! A file of requests, as editors send them.

use super::super::{Request, Sample};
use super::CACERT;

pub(super) fn write(samples: &[Sample], cacert: bool) -> String {
    let roots = format!("# The server's certificate leads to {CACERT}, which stands beside this file.\n\n");
    let head = if cacert { roots } else { String::new() };
    head + &samples.iter().map(block).collect::<String>()
}

fn block(sample: &Sample) -> String {
    let Sample { of, name, title, .. } = sample;
    let own = Request { url: sample.url.clone(), body: sample.body.clone() };
    let before = sample.before.as_ref().map_or_else(String::new, |before| {
        request(before, sample, &format!("{of} {name}: to be sent before the next"), "anything")
    });
    before + &request(&own, sample, &format!("{of} {name}: {title}"), &sample.expectation())
}

fn request(sent: &Request, sample: &Sample, title: &str, comes_back: &str) -> String {
    let (url, media_type, body) = (&sent.url, &sample.media_type, &sent.body);
    format!(
        "### {title}\n# must come back: {comes_back}\nPOST {url}\nContent-Type: {media_type}\n\n{body}\n\n"
    )
}
