//! Accounts at the portal and the workstation: login and password, tries, sessions.

use axum::http::{HeaderMap, header};
use certs::{Identifier, Text};
use jiff::{SignedDuration, Timestamp};
use registries::store::{Batch, Expect, StoreError, WorldStore};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use signer::{Code, Problem};

use super::passwords::{hashed, matches};
use crate::exchange::sha256_hex;
use crate::regulation::CheckWord;
use crate::walk::Reason;

/// Where a system keeps its accounts.
pub(super) struct Accounts {
    /// The record kind of accounts; keys are logins.
    account: &'static str,
    /// The record kind of sessions; keys are digests of tokens.
    session: &'static str,
}

/// The recipients at the portal: they log in with their IIN, or with a BIN where an act lets them.
pub(super) const RECIPIENTS: Accounts = Accounts { account: "account", session: "session" };
/// The employees at the workstation.
pub(super) const EMPLOYEES: Accounts = Accounts { account: "employee", session: "employee-session" };

/// Wrong passwords in a row that close an account …
const TRIES: u32 = 5;
/// … for this long on the world's clock.
const CLOSED_FOR: SignedDuration = SignedDuration::from_mins(15);
/// A session ends after this long on the world's clock.
const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(8);
/// The shortest password.
const SHORTEST: usize = 8;
/// The longest, so that hashing stays cheap.
const LONGEST: usize = 200;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Account {
    /// `iin` or `bin`.
    #[serde(flatten)]
    who: Identifier,
    /// PHC string of Argon2id with its default parameters.
    hash: String,
    failures: u32,
    closed_until: Option<Timestamp>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Session {
    #[serde(flatten)]
    who: Identifier,
    until: Timestamp,
}

/// Whether it can be a login: 1 to 64 letters, digits, dots, dashes and underscores.
pub(super) fn is_login(login: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=64).contains(&login.len()) && login.bytes().all(fits)
}

impl Accounts {
    /// Registers an account; the change to commit comes back.
    pub(super) async fn register(
        &self,
        store: &WorldStore,
        login: &str,
        who: Identifier,
        password: String,
        batch: Batch,
    ) -> Result<Batch, Problem> {
        if store.get(self.account, login).await?.is_some() {
            return Err(Problem::new(Code::AlreadyRegistered));
        }
        self.set(login, who, password, batch, Expect::Absent).await
    }

    /// Registers an account or gives it another password; the change to commit comes back.
    pub(super) async fn set(
        &self,
        login: &str,
        who: Identifier,
        password: String,
        batch: Batch,
        expect: Expect,
    ) -> Result<Batch, Problem> {
        let length = password.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            let detail = format!("a password has {SHORTEST} to {LONGEST} characters; this one has {length}");
            return Err(Problem::new(Code::InvalidValue)
                .detail(detail)
                .fact("fields", json!({ "password": "length" })));
        }
        let account = Account { who, hash: hashed(password).await?, failures: 0, closed_until: None };
        Ok(batch.put(self.account, login, &account, expect)?)
    }

    /// Whose account it is, if the password is that of the account; what a right one changes comes back, to be
    /// committed.
    ///
    /// The try is counted before the password is looked at, so that trying many at once gains nothing.
    ///
    /// # Errors
    /// [`Code::TooManyTries`] while the account is closed, whatever the password.
    pub(super) async fn authenticate(
        &self,
        store: &WorldStore,
        login: &str,
        password: String,
        now: Timestamp,
        batch: Batch,
    ) -> Result<(Option<Identifier>, Batch), Problem> {
        let Some(account) = self.count_try(store, login, now).await? else { return Ok((None, batch)) };
        let fits = password.chars().count() <= LONGEST;
        if !fits || !matches(password, account.hash.clone()).await? {
            return Ok((None, batch));
        }
        let account = Account { failures: 0, closed_until: None, ..account };
        Ok((Some(account.who), batch.put(self.account, login, &account, Expect::Anything)?))
    }

    /// Counts a try as a failure, and closes the account with the last one that is allowed. `None`: no such account.
    async fn count_try(
        &self,
        store: &WorldStore,
        login: &str,
        now: Timestamp,
    ) -> Result<Option<Account>, Problem> {
        loop {
            let Some(record) = store.get_as::<Account>(self.account, login).await? else { return Ok(None) };
            let mut account = record.value;
            if let Some(until) = account.closed_until.take() {
                if until > now {
                    let detail = format!("the account is closed until {until}");
                    return Err(Problem::new(Code::TooManyTries).detail(detail).fact("until", until));
                }
                account.failures = 0;
            }
            account.failures += 1;
            if account.failures >= TRIES {
                account.closed_until = now.checked_add(CLOSED_FOR).ok();
            }
            let batch = store.batch().put(self.account, login, &account, Expect::Version(record.version))?;
            match store.commit(batch).await {
                Ok(_) => return Ok(Some(account)),
                // Somebody else tried at the same moment: count again from what they left.
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A new session: its token, and the change to commit. Only the token's digest is kept.
    pub(super) fn open_session(
        &self,
        who: Identifier,
        now: Timestamp,
        batch: Batch,
    ) -> Result<(String, Batch), StoreError> {
        let token = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        let session = Session { who, until: now.saturating_add(SESSION_LASTS).unwrap_or(Timestamp::MAX) };
        let batch = batch.put(self.session, &sha256_hex(token.as_bytes()), &session, Expect::Absent)?;
        Ok((token, batch))
    }

    /// Whose session a request carries: `Authorization: Bearer` with the token.
    pub(super) async fn session(
        &self,
        store: &WorldStore,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Identifier, Problem> {
        let missing = || Problem::new(Code::NotSignedIn);
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(missing)?;
        let session = store.get_as::<Session>(self.session, &sha256_hex(token.as_bytes())).await?;
        let session = session.map(|record| record.value).filter(|session| session.until > now);
        session.map(|session| session.who).ok_or_else(missing)
    }
}

/// Why a login is not authentic: deliberately without saying which half was wrong.
pub(super) fn not_authentic(check: CheckWord) -> Reason {
    Reason {
        check,
        code: "login-not-authentic".to_owned(),
        text: Text::new(
            "жоқ: ЖСН немесе құпиясөз дұрыс емес",
            "нет: неверный ИИН или пароль",
            "no: IIN or password is wrong",
        ),
        facts: Value::Null,
    }
}
