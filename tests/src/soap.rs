//! SOAP messages made by hand, as a system of somebody else's would make them.

use signer::soap::asynchronous::{self, Answer, Call};
use signer::soap::{DataType, Fault, Form, MESSAGES, sync};
use signer::{Envelope, Problem, System, SystemIdentity};

use crate::Town;

/// The type of a message of the regulations.
pub const MESSAGE: DataType = DataType { namespace: MESSAGES, name: "Message" };

/// An envelope as a signed message of SyncChannel.
pub fn sync_message(envelope: &Envelope, identity: &SystemIdentity) -> String {
    sync::seal(envelope, MESSAGE, Form::Typed, identity).expect("it is written")
}

impl Town {
    /// Posts a message to a channel of a system: the answer, or the fault as a problem.
    pub async fn send_soap(&self, path: &str, message: impl Into<Vec<u8>>) -> Result<Vec<u8>, Problem> {
        let answer = self.send("POST", path, "text/xml; charset=utf-8", message).await;
        if let Some(fault) = Fault::read(&answer.body).expect("a SOAP message") {
            assert_eq!(answer.status, 500, "a fault is a 500");
            return Err(fault.problem());
        }
        assert_eq!(answer.status, 200);
        Ok(answer.body)
    }

    /// Posts a message to a system over SyncChannel: the answer with its signature verified.
    pub async fn send_sync(
        &self,
        to: System,
        message: impl Into<Vec<u8>>,
    ) -> Result<signer::soap::Answer, Problem> {
        let answer = self.send_soap(&format!("/{to}/sync"), message).await?;
        Ok(sync::open_answer(&answer, &[]).expect("a signed answer"))
    }

    /// Calls an operation of AsyncChannel as a system: the answer with its signature verified.
    pub async fn call(
        &self,
        to: System,
        call: &Call<'_>,
        identity: &SystemIdentity,
    ) -> Result<Answer, Problem> {
        let message = asynchronous::seal(call, identity).expect("it is written");
        let answer = self.send_soap(&format!("/{to}/async"), message).await?;
        Ok(asynchronous::open_answer(&answer, call.operation(), &[]).expect("a signed answer"))
    }

    /// Waits until nothing is on its way any more in a case, and gives out its journal.
    pub async fn settled(&self, case: &str) -> Vec<serde_json::Value> {
        let path = format!("/control/journal?case={case}&settled=true");
        self.client.get(&path, None).await.expect("the journal")
    }
}
