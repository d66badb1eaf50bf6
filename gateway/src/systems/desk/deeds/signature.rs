//! Signatures over what a desk gave out.

use certs::{Bin, CheckDigit, Identifier};
use signer::{Code, Document, Problem};

use crate::exchange::record;
use crate::regulation::{Person, Verb};
use crate::systems::cases::Sign;
use crate::systems::desk::Desk;
use crate::systems::desk::own::Own;
use crate::walk::{Deed, Turn};

impl Deed<Desk> for Sign {
    const NAME: &'static str = "signature";
    type Output = ();

    async fn act(&self, desk: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let signs = turn.step().and_then(|step| step.said.signed_by).unwrap_or(Person::Recipient);
        let carrier = self.carrier(turn.step())?;
        turn.accept(&[Verb::Sign])?;
        let draft = turn.case.own.draft.take().ok_or_else(|| Problem::new(Code::StepOutOfOrder))?;
        let document = self.over(draft);
        match signs {
            Person::Recipient => of_recipient(turn, &document)?,
            person => of_staff(desk, turn, person, &document).await?,
        }
        turn.case.own.document = Some(document);
        turn.case.own.carrier = carrier;
        Ok(())
    }
}

/// With the certificate that was chosen; where none was chosen before, signing chooses it. Whether it is good, the
/// act's own conditions say, and the next system.
fn of_recipient(turn: &mut Turn<'_, Own>, document: &Document) -> Result<(), Problem> {
    let verified = document.verify()?;
    let signer = verified.sole_signer()?;
    let chosen = turn.case.own.certificate.get_or_insert_with(|| signer.certificate.pem());
    if *chosen == signer.certificate.pem() {
        return Ok(());
    }
    Err(Problem::new(Code::SignedByAnother).detail(signer.certificate.subject()))
}

/// By the person whom the regulation names, in the name of their organisation, with a role that may sign; where an
/// employee signed in, by them.
async fn of_staff(
    desk: &Desk,
    turn: &Turn<'_, Own>,
    person: Person,
    document: &Document,
) -> Result<(), Problem> {
    let organisation = person.works_for().ok_or_else(|| Problem::technical("nobody's staff"))?;
    let bin = record(&desk.site.world, organisation).await?.bin;
    let bin = Bin::parse(&bin, CheckDigit::AnyDigit).map_err(Problem::technical)?;
    let employee = turn.case.own.employee.filter(|_| person == Person::CorporationEmployee);
    let mut declared: Vec<Identifier> = employee.map(Identifier::Iin).into_iter().collect();
    declared.push(Identifier::Bin(bin));
    desk.site.check_signer(&document.verify()?, Some(person), &declared).await
}
