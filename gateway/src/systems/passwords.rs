//! Hashing passwords, beside the tasks that serve requests.
//!
//! Argon2 works in some twenty megabytes. A few threads do it, and each keeps its own for good: an allocator that sees
//! so much come and go may take it for usual and hold as much back in every heap (glibc does: mallopt(3),
//! `M_MMAP_THRESHOLD`), which came to half a gigabyte.

use std::num::NonZero;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};
use std::thread;

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::password_hash::{self, Error, try_generate_salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use signer::Problem;
use tokio::sync::oneshot;

/// How many passwords are hashed at once, where there are as many processors.
const AT_ONCE: usize = 4;

/// The PHC string of a password: Argon2id with its default parameters and a random salt.
///
/// # Errors
/// When it cannot be hashed.
pub(super) async fn hashed(password: String) -> Result<String, Problem> {
    compute(move |memory| memory.hashed(&password)).await
}

/// Whether it is the password of a PHC string.
///
/// # Errors
/// When that cannot be said: the string is none of Argon2.
pub(super) async fn matches(password: String, hash: String) -> Result<bool, Problem> {
    compute(move |memory| memory.matches(&password, &hash)).await
}

/// What Argon2 works in, empty before the first password.
struct Memory(Vec<Block>);

impl Memory {
    fn hashed(&mut self, password: &str) -> password_hash::Result<String> {
        let (argon2, salt) = (Argon2::default(), Salt::new(&try_generate_salt()?)?);
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: argon2.params().try_into()?,
            salt: Some(salt),
            hash: Some(self.output(&argon2, password, &salt)?),
        };
        Ok(hash.to_string())
    }

    fn matches(&mut self, password: &str, hash: &str) -> password_hash::Result<bool> {
        let hash = PasswordHash::new(hash)?;
        let (Some(salt), Some(output)) = (&hash.salt, &hash.hash) else { return Err(Error::EncodingInvalid) };
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from)?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
        let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash)?);
        // `Output` compares in constant time.
        Ok(self.output(&argon2, password, salt)? == *output)
    }

    fn output(&mut self, argon2: &Argon2<'_>, password: &str, salt: &Salt) -> password_hash::Result<Output> {
        let (params, mut out) = (argon2.params(), [0; Output::MAX_LENGTH]);
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let out = out.get_mut(..length).ok_or(Error::OutputSize)?;
        if self.0.len() < params.block_count() {
            self.0.resize(params.block_count(), Block::new());
        }
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut self.0)?;
        Ok(Output::new(out)?)
    }
}

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

static HASHERS: LazyLock<mpsc::Sender<Work>> = LazyLock::new(|| {
    let (sender, receiver) = mpsc::channel::<Work>();
    let receiver = Arc::new(Mutex::new(receiver));
    for _ in 0..thread::available_parallelism().map_or(AT_ONCE, NonZero::get).min(AT_ONCE) {
        let receiver = receiver.clone();
        thread::spawn(move || {
            let mut memory = Memory(Vec::new());
            loop {
                let work = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
                match work {
                    Ok(work) => work(&mut memory),
                    Err(_) => return,
                }
            }
        });
    }
    sender
});

async fn compute<T: Send + 'static>(
    work: impl FnOnce(&mut Memory) -> password_hash::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let (done, result) = oneshot::channel();
    let work: Work = Box::new(move |memory| {
        // Who asked may be gone.
        let _ = done.send(work(memory));
    });
    HASHERS.send(work).map_err(Problem::technical)?;
    result.await.map_err(Problem::technical)?.map_err(Problem::technical)
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    #[tokio::test]
    async fn a_password_is_told_from_others() {
        let hash = hashed("қазақша құпиясөз".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hashed("қазақша құпиясөз".to_owned()).await.unwrap());
        for (password, right) in [("қазақша құпиясөз", true), ("қазақша құпиясөс", false), ("", false)]
        {
            assert_eq!(matches(password.to_owned(), hash.clone()).await.unwrap(), right);
        }
    }

    #[tokio::test]
    async fn strings_are_those_of_everybody() {
        let ours = hashed("password".to_owned()).await.unwrap();
        Argon2::default().verify_password(b"password", ours.as_str()).unwrap();
        let params = Params::new(64, 1, 2, Some(20)).unwrap();
        for argon2 in [Argon2::default(), Argon2::new(Algorithm::Argon2i, Version::V0x10, params)] {
            let theirs = argon2.hash_password(b"password").unwrap().to_string();
            assert!(matches("password".to_owned(), theirs.clone()).await.unwrap());
            assert!(!matches("passwort".to_owned(), theirs).await.unwrap());
        }
    }

    #[tokio::test]
    async fn what_is_no_hash_is_no_wrong_password() {
        for hash in [
            "",
            "password",
            "$argon2id$v=19$m=19456,t=2,p=1",
            "$scrypt$ln=16,r=8,p=1$aaaaaaaaaaa$aaaaaaaaaaaaaaaa",
        ] {
            assert!(matches("password".to_owned(), hash.to_owned()).await.is_err(), "{hash}");
        }
    }
}
