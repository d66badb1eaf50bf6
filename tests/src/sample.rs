//! Samples of messages, as a sandbox makes them.

use std::collections::BTreeSet;

use gateway::samples::{Request, Sample};
use serde_json::Value;

use crate::{Answer, Town};

impl Town {
    /// Fresh samples of something, or of all that begins so.
    pub async fn samples(&self, of: &str) -> Vec<Sample> {
        let samples = self.post(&format!("/control/samples/{of}"), &Value::Null).await.expect("samples");
        serde_json::from_value(samples).expect("samples")
    }

    /// What there are samples of.
    pub async fn sampled(&self) -> Vec<String> {
        serde_json::from_value(self.get("/control/samples").await.expect("a list")).expect("names")
    }

    /// Of these at least one of each channel and one of each message, and all that are no regulation's.
    pub async fn sampled_once(&self) -> Vec<String> {
        let (mut channels, mut messages) = (BTreeSet::new(), BTreeSet::new());
        let mut all = self.sampled().await;
        all.retain(|of| match of.rsplit_once('/') {
            Some((channel, message)) if !channel.starts_with("AsyncChannel") => {
                let new = [channels.insert(channel.to_owned()), messages.insert(message.to_owned())];
                new.contains(&true)
            }
            _ => true,
        });
        all
    }

    /// Sends a sample, after what has to be sent before it.
    pub async fn send_sample(&self, sample: &Sample) -> Answer {
        if let Some(before) = &sample.before {
            self.send_request(before, &sample.media_type).await;
        }
        let own = Request { url: sample.url.clone(), body: sample.body.clone() };
        self.send_request(&own, &sample.media_type).await
    }

    /// Sends what a sample says.
    pub async fn send_request(&self, request: &Request, media_type: &str) -> Answer {
        let path = request.url.strip_prefix(self.client.base()).expect("an address of the town");
        self.send("POST", path, media_type, request.body.clone()).await
    }
}
