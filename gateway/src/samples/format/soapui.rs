//! A project of SoapUI: an interface for each channel, a request for each sample over SOAP.

use super::super::{Request, Sample};
use super::sent;

/// A channel, as its WSDL has it.
struct Port {
    binding: &'static str,
    namespace: &'static str,
    /// What follows the address of the WSDL.
    query: &'static str,
}

const SYNC: Port = Port {
    binding: "SyncChannelHttpBinding",
    namespace: "http://bip.bee.kz/SyncChannel/v10/Interfaces",
    query: "wsdl",
};
const ASYNC: Port = Port {
    binding: "AsyncChannelHttpBinding",
    namespace: "http://bip.bee.kz/AsyncChannel/v10/Interfaces",
    query: "wsdl",
};
const CLIENT: Port = Port {
    binding: "AsyncChannelClientHttpBinding",
    namespace: "http://bip.bee.kz/AsyncChannel/v10/Interfaces/Client",
    query: "wsdl=client",
};

pub(super) fn write(name: &str, samples: &[Sample]) -> String {
    let interfaces = [SYNC, ASYNC, CLIENT].map(|port| {
        let of_port: Vec<&Sample> = samples
            .iter()
            .filter(|sample| sample.is_soap() && place(sample).0.binding == port.binding)
            .collect();
        interface(&port, &of_port)
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<con:soapui-project name=\"{}\" \
         xmlns:con=\"http://eviware.com/soapui/config\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n  \
         <con:settings/>\n{}</con:soapui-project>\n",
        escaped(&format!("Qaqpa TEST: {name}")),
        interfaces.concat(),
    )
}

/// The channel and the operation of a sample.
fn place(sample: &Sample) -> (Port, &str) {
    let mut parts = sample.of.rsplit('/');
    let operation = parts.next().unwrap_or_default();
    match (sample.of.split('/').next(), parts.next()) {
        (Some("AsyncChannel"), Some("client")) => (CLIENT, operation),
        (Some("AsyncChannel"), _) => (ASYNC, operation),
        _ if sample.url.ends_with("/bip-async-wss-gost/") => (ASYNC, "sendMessage"),
        _ => (SYNC, "SendMessage"),
    }
}

fn interface(port: &Port, samples: &[&Sample]) -> String {
    let Some(first) = samples.first() else { return String::new() };
    let Port { binding, namespace, query } = port;
    let mut operations: Vec<&str> = samples.iter().map(|sample| place(sample).1).collect();
    operations.dedup();
    let operations = operations.iter().map(|name| {
        let own = samples.iter().filter(|sample| place(sample).1 == *name);
        format!(
            "    <con:operation name=\"{name}\" bindingOperationName=\"{name}\" type=\"Request-Response\" \
             isOneWay=\"false\" action=\"{name}\">\n      <con:settings/>\n{}    </con:operation>\n",
            own.map(|sample| calls(sample)).collect::<String>(),
        )
    });
    format!(
        "  <con:interface xsi:type=\"con:WsdlInterface\" name=\"{binding}\" type=\"wsdl\" \
         bindingName=\"{{{namespace}}}{binding}\" soapVersion=\"1_1\" anonymous=\"optional\" \
         definition=\"{}\">\n    <con:settings/>\n{}  </con:interface>\n",
        escaped(&format!("{}?{query}", first.url)),
        operations.collect::<String>(),
    )
}

/// The request of a sample; what has to be sent before it comes first.
fn calls(sample: &Sample) -> String {
    let Sample { of, name, title, .. } = sample;
    let before = sample.before.as_ref().map_or_else(String::new, |before| {
        call(&format!("{of} {name} (before): to be sent before the next"), "Whatever comes back.", before)
    });
    let must = format!("Must come back: {}", sample.expectation());
    before + &call(&format!("{of} {name}: {title}"), &must, &sent(sample))
}

fn call(name: &str, description: &str, request: &Request) -> String {
    format!(
        "      <con:call name=\"{}\"><con:description>{}</con:description><con:settings/>\
         <con:encoding>UTF-8</con:encoding><con:endpoint>{}</con:endpoint><con:request>{}</con:request></con:call>\n",
        escaped(name),
        escaped(description),
        escaped(&request.url),
        escaped(&request.body),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
