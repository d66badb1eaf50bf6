//! Who signed a list, and whether they may speak for the certificate's issuer (RFC 5280, 6.3.3, f and g).

use std::pin::Pin;
use std::slice::from_ref;

use certs::verdict::Asked;
use certs::{Certificate, PublicKey};

use super::cache::Read;
use super::decide::all_good;
use super::path::{self, Known};
use super::policy::Method;
use super::revocation::Inquiry;

/// How many lists in a row may each be signed by somebody whom another list must speak of.
const DEEPEST: usize = 4;

impl Inquiry<'_> {
    /// The key that signed the list: the issuer's, or that of somebody of the list's name with a path to the same root
    /// and who is not revoked.
    ///
    /// # Errors
    /// Why nobody is believed to have signed it, in English.
    pub(super) async fn signer(&self, issuer: &Certificate, read: &Read) -> Result<PublicKey, String> {
        let is_issuers = read.list.issuer_name() == issuer.subject_name();
        let mut why = format!("nobody here signs lists as {}", read.list.issuer());
        if is_issuers {
            match self.signed(read, issuer).await {
                Ok(()) => return Ok(issuer.public_key().clone()),
                Err(reason) => why = reason,
            }
        }
        let known = self.all.known.as_ref().map_err(ToString::to_string)?;
        let others = known.all().filter(|other| {
            let named = other.subject_name() == read.list.issuer_name();
            named && !(is_issuers && other.public_key() == issuer.public_key())
        });
        for other in others {
            let key_ids = other.skid().zip(read.list.akid());
            if key_ids.is_some_and(|(skid, akid)| skid != akid) || self.signed(read, other).await.is_err() {
                continue;
            }
            match self.may_speak(known, other).await {
                Ok(()) => return Ok(other.public_key().clone()),
                Err(reason) => why = reason,
            }
        }
        Err(why)
    }

    /// Whether the list is signed with a key that is for lists.
    async fn signed(&self, read: &Read, signer: &Certificate) -> Result<(), String> {
        if signer.key_usage().is_some_and(|usage| !usage.crl_sign()) {
            return Err(format!("the key of {} is not for signing lists", signer.subject()));
        }
        self.verified(read, signer.public_key()).await
    }

    /// Whether the list's signature holds.
    pub(super) async fn verified(&self, read: &Read, key: &PublicKey) -> Result<(), String> {
        let is_stale = self.stale(&read.list).is_some();
        self.all.lists.verify(read, key, self.all.demands.algorithms, is_stale).await
    }

    /// Whether somebody else than the issuer may sign the list: there is a path to the same root, and lists leave
    /// everybody on it standing.
    async fn may_speak(&self, known: &Known, signer: &Certificate) -> Result<(), String> {
        let is_asked_about = |certificate: &Certificate| {
            certificate == self.certificate || self.for_the_sake_of.contains(certificate)
        };
        // A list may speak of its own signer.
        if is_asked_about(signer) {
            return Ok(());
        }
        let who = signer.subject();
        if self.for_the_sake_of.len() == DEEPEST {
            return Err(format!("whether {who} may sign lists leads too far"));
        }
        let Ok(path) = path::to_root(known, self.all.demands, signer, self.all.at) else {
            return Err(format!("no path leads from {who}, who signed the list, to a root"));
        };
        if self.root.is_some_and(|root| path.last() != Some(root)) {
            return Err(format!("{who}, who signed the list, is below another root"));
        }
        for pair in path.windows(2) {
            let [certificate, issuer] = pair else { continue };
            if is_asked_about(certificate) {
                continue;
            }
            let for_the_sake_of = [self.for_the_sake_of.as_slice(), from_ref(self.certificate)].concat();
            let root = path.last();
            let inquiry = Inquiry { all: self.all, certificate, issuer: Ok(issuer), root, for_the_sake_of };
            if !all_good(&inquiry.ask_lists_only().await) {
                return Err(format!("whether {who}, who signed the list, is revoked is not certain"));
            }
        }
        Ok(())
    }

    /// [`Self::ask`] once more, for somebody else.
    fn ask_lists_only(&self) -> Pin<Box<dyn Future<Output = Vec<Asked>> + Send + '_>> {
        Box::pin(self.ask(&[Method::Crl]))
    }
}
