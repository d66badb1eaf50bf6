use certs::Iin;
use registries::notary::{Notary, PowerOfAttorney, PowerState, PowerStatus};
use registries::people::transfer::{Format, ImportError};
use registries::people::{People, Persona, RegisterError};

use super::{TODAY, plan, rules, store};

#[tokio::test]
async fn powers_are_found_by_number_and_by_people() {
    let store = store();
    let (people, notary) = (People::new(store.clone()), Notary::new(store));
    people.generate(plan(4, 200), false).await.unwrap();
    notary.generate(plan(4, 200), false).await.unwrap();
    for persona in Persona::ALL.iter().filter(|persona| persona.is_attorney()) {
        let cast = people.persona(*persona).await.unwrap().unwrap();
        let power = cast.power.unwrap();
        let found = notary.find(&power.number).await.unwrap();
        let between = notary.find_between(power.principal, power.representative).await.unwrap();
        match persona {
            Persona::AttorneyNotFound | Persona::AttorneyOtherwiseCertified => {
                assert_eq!((found, between), (None, vec![]));
            }
            _ => assert_eq!((found, between), (Some(power.clone()), vec![power])),
        }
    }
    for odd in ["", " ", "\0", &"9".repeat(1_000)] {
        assert_eq!(notary.find(odd).await.unwrap(), None);
    }
}

fn power() -> PowerOfAttorney {
    let made = super::population(1, 0).powers;
    made.into_iter().next().unwrap()
}

async fn refusal(powers: &[PowerOfAttorney]) -> String {
    let file = serde_json::to_string(powers).unwrap();
    match Notary::new(store()).import(Format::Json, file.as_bytes(), rules()).await {
        Err(RegisterError::Import(error @ ImportError::Faults(_))) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

type Spoil = fn(&mut PowerOfAttorney);

#[tokio::test]
async fn bad_powers_are_refused() {
    let good = power();
    let twice = refusal(&[good.clone(), good.clone()]).await;
    assert!(twice.contains("stands in the file twice"), "{twice}");
    let cases: [(Spoil, &str); 4] = [
        (|power| power.until = power.date.yesterday().unwrap(), "until: is before the date"),
        (|power| power.representative = power.principal, "nobody represents themselves"),
        (|power| power.number = String::new(), "number: is empty"),
        (
            |power| power.status = PowerStatus::Revoked { since: jiff::civil::date(1999, 1, 1) },
            "taken back before",
        ),
    ];
    for (spoil, told) in cases {
        let mut bad = good.clone();
        spoil(&mut bad);
        let refused = refusal(&[bad]).await;
        assert!(refused.contains(told), "{refused}");
    }
    let population = super::population(1, 0);
    let otherwise = population.cast.iter().find(|cast| cast.persona == Persona::AttorneyOtherwiseCertified);
    let refused = refusal(&[otherwise.unwrap().power.clone().unwrap()]).await;
    assert!(refused.contains("is in no registry"), "{refused}");
}

#[tokio::test]
async fn a_power_that_is_imported_again_changes_hands() {
    let notary = Notary::new(store());
    let (before, mut after) = (power(), power());
    after.representative = Iin::never_issued(99);
    for (power, did) in [(&before, (1, 0)), (&after, (0, 1))] {
        let file = serde_json::to_string(&[power]).unwrap();
        let imported = notary.import(Format::Json, file.as_bytes(), rules()).await.unwrap();
        assert_eq!((imported.added, imported.replaced), did);
    }
    assert_eq!(notary.find_between(before.principal, before.representative).await.unwrap(), []);
    assert_eq!(notary.find_between(after.principal, after.representative).await.unwrap(), [after]);
}

#[test]
fn a_power_has_a_state_on_every_day() {
    let mut power = power();
    power.status = PowerStatus::Valid;
    let state = |power: &PowerOfAttorney, day| power.state_on(day);
    assert_eq!(state(&power, power.date), PowerState::Valid);
    assert_eq!(state(&power, power.until), PowerState::Valid);
    assert_eq!(state(&power, power.date.yesterday().unwrap()), PowerState::NotYet);
    assert_eq!(state(&power, power.until.tomorrow().unwrap()), PowerState::Expired);
    power.status = PowerStatus::Revoked { since: TODAY };
    assert_eq!(state(&power, TODAY), PowerState::Revoked);
    assert_eq!(state(&power, TODAY.yesterday().unwrap()), PowerState::Valid);
}
