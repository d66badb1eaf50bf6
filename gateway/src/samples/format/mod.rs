//! Samples as files for the tools that send them.

mod curl;
mod http;
mod postman;
mod soapui;

use super::{Request, Sample};

/// The file with the roots that clients have to believe, beside the samples, where there is one.
pub const CACERT: &str = "cacert.pem";

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
    /// Its name, with the folders that it stands in.
    pub name: String,
    /// What it holds.
    pub text: String,
}

impl Format {
    /// Samples as files, the one to begin with last. `name` is what they are of in one word; with `cacert`, [`CACERT`]
    /// stands beside them.
    pub fn write(self, name: &str, samples: &[Sample], cacert: bool) -> Vec<Written> {
        let one = |ending: &str, text| vec![Written { name: format!("{name}.{ending}"), text }];
        match self {
            Self::Curl => curl::write(name, samples, cacert),
            Self::Http => one("http", http::write(samples, cacert)),
            Self::Postman => one("postman_collection.json", postman::write(name, samples, cacert)),
            Self::Soapui => one("soapui.xml", soapui::write(name, samples)),
        }
    }
}

/// What a tool sends that is used by hand: what is taken is signed by the sandbox each time anew, so that it can be
/// sent again; what is bad is sent as it is.
fn sent(sample: &Sample) -> Request {
    let as_it_is = || Request { url: sample.url.clone(), body: sample.body.clone() };
    sample.forwarded.clone().unwrap_or_else(as_it_is)
}
