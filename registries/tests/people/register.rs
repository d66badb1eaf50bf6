use std::sync::Arc;

use certs::Iin;
use registries::people::transfer::{Format, ImportError};
use registries::people::{Family, People, Persona, RegisterError};
use registries::store::{SqliteStore, Store, WorldStore};

use super::{people, plan, rules};

#[tokio::test]
async fn people_and_their_families_are_found() {
    let people = people();
    people.generate(plan(1, 50), false).await.unwrap();
    let twins = people.persona(Persona::Twins).await.unwrap().unwrap();
    let mother = people.family(twins.iin).await.unwrap();
    let mut children = twins.children.clone();
    children.sort();
    assert_eq!(mother.children, children);
    let one = people.family(twins.children[0]).await.unwrap();
    assert_eq!(one.twins, [twins.children[1]]);
    assert_eq!(one.parents[0], twins.iin);

    let guardian = people.persona(Persona::Guardian).await.unwrap().unwrap();
    assert_eq!(people.family(guardian.iin).await.unwrap().wards, guardian.children);
    assert_eq!(people.family(guardian.children[0]).await.unwrap().guardians, [guardian.iin]);

    let mother = people.persona(Persona::NewbornChildNotRegistered).await.unwrap().unwrap();
    assert_eq!(people.newborns(mother.iin).await.unwrap(), [mother.newborn.unwrap()]);
}

#[tokio::test]
async fn who_is_not_there_is_an_answer() {
    let people = people();
    people.prepare(plan(1, 0)).await.unwrap();
    let nobody = people.persona(Persona::NotInRegister).await.unwrap().unwrap().iin;
    assert_eq!(people.find(nobody).await.unwrap(), None);
    assert_eq!(people.family(nobody).await.unwrap(), Family::default());
}

#[tokio::test]
async fn two_worlds_do_not_meet() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::ephemeral().unwrap());
    let [a, b] = ["a", "b"].map(|id| People::new(WorldStore::shared(store.clone(), id.parse().unwrap())));
    a.generate(plan(1, 20), false).await.unwrap();
    assert_eq!(b.list(None, 10).await.unwrap(), []);
    b.generate(plan(2, 0), false).await.unwrap();
    let [in_a, in_b] =
        [a.persona(Persona::Dead).await, b.persona(Persona::Dead).await].map(|c| c.unwrap().unwrap());
    assert_ne!(in_a.iin, in_b.iin);
    assert_eq!(a.find(in_b.iin).await.unwrap(), None);
    assert!(b.find(in_b.iin).await.unwrap().is_some());
}

#[tokio::test]
async fn lists_are_paged_by_number() {
    let people = people();
    people.generate(plan(1, 30), false).await.unwrap();
    let all = people.list(None, usize::MAX).await.unwrap();
    assert!(all.is_sorted_by_key(|person| person.iin));
    let (first, mut rest) = (people.list(None, 40).await.unwrap(), Vec::new());
    rest.extend(people.list(Some(first[39].iin), usize::MAX).await.unwrap());
    assert_eq!([first, rest].concat(), all);
}

#[tokio::test]
async fn a_world_is_prepared_once() {
    let people = people();
    people.prepare(plan(1, 0)).await.unwrap();
    let before = people.list(None, usize::MAX).await.unwrap();
    people.prepare(plan(2, 10)).await.unwrap();
    assert_eq!(people.list(None, usize::MAX).await.unwrap(), before);
    assert_eq!(people.origin().await.unwrap().made.unwrap().seed, 1);
}

#[tokio::test]
async fn generating_does_not_lose_what_was_imported() {
    let people = people();
    people.generate(plan(1, 0), false).await.unwrap();
    people.generate(plan(1, 10), false).await.unwrap();
    let iin = Iin::never_issued(5);
    let file = format!("iin,surname,name,birth_date,gender\n{iin},ҮЛГІБАЕВ,СЫНАҚ,1990-01-01,1\n");
    people.import(Format::Csv, file.as_bytes(), rules()).await.unwrap();
    let refused = people.generate(plan(1, 20), false).await.unwrap_err();
    assert!(matches!(refused, RegisterError::Imported { imported: 1 }), "{refused}");
    assert!(people.find(iin).await.unwrap().is_some());
    people.generate(plan(1, 20), true).await.unwrap();
    assert_eq!(people.find(iin).await.unwrap(), None);
}

#[tokio::test]
async fn who_is_imported_again_takes_the_old_ones_place() {
    let people = people();
    let [child, mother, other] = [1, 2, 3].map(Iin::never_issued);
    let header = "iin,surname,name,birth_date,gender,parents\n";
    let row = |iin, born: &str, parents: &str| format!("{iin},ҮЛГІ,ҮЛГІ,{born},2,{parents}\n");
    let family = [
        header.to_owned(),
        row(child, "2020-01-01", &format!("\"[\"\"{mother}\"\"]\"")),
        row(mother, "1990-01-01", ""),
        row(other, "1991-01-01", ""),
    ];
    people.import(Format::Csv, family.concat().as_bytes(), rules()).await.unwrap();
    assert_eq!(people.family(mother).await.unwrap().children, [child]);

    let again = header.to_owned() + &row(child, "2020-01-01", &format!("\"[\"\"{other}\"\"]\""));
    let did = people.import(Format::Csv, again.as_bytes(), rules()).await.unwrap();
    assert_eq!((did.added, did.replaced), (0, 1));
    assert_eq!(people.family(mother).await.unwrap().children, []);
    assert_eq!(people.family(other).await.unwrap().children, [child]);
}

#[tokio::test]
async fn nothing_of_a_bad_file_is_taken() {
    let people = people();
    let (good, bad) = (Iin::never_issued(1), Iin::never_issued(2));
    let file = format!(
        "iin,surname,name,birth_date,gender\n{good},ҮЛГІ,ҮЛГІ,1990-01-01,1\n\n{bad},,ҮЛГІ,1990-02-30,1\n{good},A,B,2090-01-01,3\n"
    );
    let Err(RegisterError::Import(ImportError::Faults(faults))) =
        people.import(Format::Csv, file.as_bytes(), rules()).await
    else {
        panic!("taken")
    };
    let lines: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 5], "{faults:?}");
    assert_eq!(people.list(None, 10).await.unwrap(), []);
}
