//! Registering and signing in: recipients with IIN or BIN, employees with a login.

use certs::{Bin, Identifier, Iin};
use registries::store::Batch;
use serde::Deserialize;
use signer::{Code, Problem};

use super::invalid;
use crate::exchange::identifier_text;
use crate::regulation::{CheckWord, FieldType, Person, Step, Verb};
use crate::systems::accounts::{EMPLOYEES, RECIPIENTS, is_login};
use crate::systems::desk::Desk;
use crate::systems::desk::own::{Login, Own};
use crate::walk::{Deed, Turn};

/// IIN or BIN of a recipient, or the login of an employee; and the password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::systems::desk) struct Credentials {
    iin: Option<String>,
    bin: Option<String>,
    login: Option<String>,
    password: String,
}

fn wrong() -> Problem {
    // Deliberately without saying which half was wrong. The acts know no refusal of an employee.
    Problem::new(Code::NotSignedIn).detail("login or password is wrong")
}

impl Credentials {
    fn who(&self, desk: &Desk) -> Result<Identifier, Problem> {
        let digit = desk.site.world.settings.plan.check_digit;
        match (&self.iin, &self.bin) {
            (Some(iin), None) => {
                Iin::parse(iin, digit).map(Identifier::Iin).map_err(|error| invalid("iin", error.to_string()))
            }
            (None, Some(bin)) => {
                Bin::parse(bin, digit).map(Identifier::Bin).map_err(|error| invalid("bin", error.to_string()))
            }
            (None, None) => Err(invalid("iin", "is missing")),
            (Some(_), Some(_)) => Err(invalid("bin", "stands beside `iin`: it is one of them")),
        }
    }

    /// Whose account it is to be, of those that the case's act knows recipients by.
    fn of_case(&self, desk: &Desk, turn: &Turn<'_, Own>) -> Result<Identifier, Problem> {
        let who = self.who(desk)?;
        let (kind, field) = match who {
            Identifier::Iin(_) => (FieldType::Iin, "iin"),
            Identifier::Bin(_) => (FieldType::Bin, "bin"),
        };
        if turn.channel.knows_recipients_by(kind) {
            return Ok(who);
        }
        Err(invalid(field, "this service does not know its recipients by such a number"))
    }

    /// Registers an account without a case, as somebody does who was never there.
    pub(in crate::systems::desk) async fn register(&self, desk: &Desk) -> Result<Batch, Problem> {
        let who = self.who(desk)?;
        let store = &desk.site.world.store;
        RECIPIENTS.register(store, &identifier_text(who), who, self.password.clone(), store.batch()).await
    }

    /// Opens the session of an employee; whose it is and its token come back, with the changes to commit.
    ///
    /// # Errors
    /// [`Code::NotSignedIn`].
    pub(in crate::systems::desk) async fn employee(
        &self,
        desk: &Desk,
    ) -> Result<(Iin, String, Batch), Problem> {
        let world = &desk.site.world;
        let login = self.login.as_deref().filter(|login| is_login(login)).ok_or_else(wrong)?;
        let (now, batch) = (world.clock.now(), world.store.batch());
        let password = self.password.clone();
        let (employee, change) = EMPLOYEES.authenticate(&world.store, login, password, now, batch).await?;
        let Some(Identifier::Iin(employee)) = employee else { return Err(wrong()) };
        let (token, change) = EMPLOYEES.open_session(employee.into(), now, change)?;
        Ok((employee, token, change))
    }

    /// Whether they are those of an employee.
    pub(in crate::systems::desk) fn is_employee(&self) -> bool {
        self.login.is_some()
    }

    /// Tries the password; with the right one a session is opened, and its token comes back. The changes are to
    /// be committed either way: wrong passwords are counted.
    pub(in crate::systems::desk) async fn sign_in(
        &self,
        desk: &Desk,
    ) -> Result<(Identifier, Option<String>, Batch), Problem> {
        let who = self.who(desk)?;
        let world = &desk.site.world;
        let now = world.clock.now();
        let batch = world.store.batch();
        let password = self.password.clone();
        let (authentic, change) =
            RECIPIENTS.authenticate(&world.store, &identifier_text(who), password, now, batch).await?;
        if authentic.is_none() {
            return Ok((who, None, change));
        }
        let (token, change) = RECIPIENTS.open_session(who, now, change)?;
        Ok((who, Some(token), change))
    }
}

/// Registration: an account is opened.
pub(in crate::systems::desk) struct Register(pub(in crate::systems::desk) Credentials);

impl Deed<Desk> for Register {
    const NAME: &'static str = "account";
    type Output = ();

    async fn act(&self, desk: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let for_everybody = turn.step().is_some_and(|step| step.guard().is_empty());
        turn.accept(&[Verb::Register])?;
        let who = self.0.of_case(desk, turn)?;
        let store = &desk.site.world.store;
        let (login, password) = (identifier_text(who), self.0.password.clone());
        let change = match RECIPIENTS.register(store, &login, who, password, store.batch()).await {
            // Where everybody registers, so does who has an account: with its password.
            Err(problem) if problem.code == Code::AlreadyRegistered && for_everybody => {
                let password = self.0.password.clone();
                let (authentic, change) =
                    RECIPIENTS.authenticate(store, &login, password, turn.now, store.batch()).await?;
                authentic.map(|_| change).ok_or(problem)
            }
            registered => registered,
        }?;
        turn.merge(change);
        Ok(())
    }
}

/// Signing in; the session's token comes back if the password was right.
pub(in crate::systems::desk) struct SignIn(pub(in crate::systems::desk) Credentials);

impl Deed<Desk> for SignIn {
    const NAME: &'static str = "session";
    type Output = Option<String>;

    async fn act(&self, desk: &Desk, turn: &mut Turn<'_, Own>) -> Result<Option<String>, Problem> {
        turn.accept(&[Verb::SignIn])?;
        if turn.step().and_then(Step::person) != Some(Person::Recipient) {
            let (employee, token, change) = self.0.employee(desk).await?;
            turn.merge(change);
            turn.case.own.employee = Some(employee);
            return Ok(Some(token));
        }
        self.0.of_case(desk, turn)?;
        let (who, token, change) = self.0.sign_in(desk).await?;
        if token.is_none() && !turn.channel.checks(CheckWord::LoginAuthentic) {
            // No condition of the act refuses a wrong password: nobody gets past it all the same.
            return Err(wrong());
        }
        turn.merge(change);
        turn.case.own.login = Some(Login { who, authentic: token.is_some() });
        Ok(token)
    }
}
