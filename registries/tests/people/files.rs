use certs::Iin;
use proptest::prelude::*;
use registries::notary::PowerOfAttorney;
use registries::people::transfer::{self, Format, ImportError, MOST_FAULTS};
use registries::people::{ImportRules, PersonRecord, RegisterError};

use super::{people, population, rules};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// What an import says is wrong, a line each.
async fn refusal(format: Format, file: &str) -> Vec<String> {
    match people().import(format, file.as_bytes(), rules()).await {
        Err(RegisterError::Import(ImportError::Faults(faults))) => {
            faults.iter().map(ToString::to_string).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn csv(rows: &str) -> String {
    format!("iin,surname,name,birth_date,gender,parents\n{rows}")
}

#[tokio::test]
async fn faults_say_where_they_are() {
    let (a, b) = (Iin::never_issued(1), Iin::never_issued(2));
    let cases = [
        (csv("123456789011,Ү,Ү,1990-01-01,1,\n"), "line 2: an IIN or BIN", "check digit should be 3"),
        (csv(&format!("{a},Ү,Ү,1990-01-01,7,\n")), "line 2: no gender has the code `7`", "known: 1, 2"),
        (csv(&format!("{a},Ү,Ү,1990-01-01,1\n")), "line 2: has 5 cells", "6 columns"),
        (csv(&format!("{a},Ү,Ү,2999-01-01,1,\n")), "line 2: birth_date", "future"),
        (
            csv(&format!("{a},\"Ү\nҮ\",Ү,1990-01-01,1,\n{b},Ү,Ү,1990-01-01,1,\n")),
            "line 2: surname",
            "control",
        ),
        (csv(&format!("{a},Ү,Ү,1990-01-01,1,\n{a},Ү,Ү,1990-01-01,1,\n")), "line 3: iin", "twice"),
        (csv(&format!("{a},Ү,Ү,1990-01-01,1,\"[\"\"{b}\"\"]\"\n")), "line 2: parents", "neither in the file"),
        (csv(&format!("{a},Ү,Ү,1990-01-01,1,{b}\n")), "line 2: ", "sequence"),
        (csv("900101350003,Ү,Ү,1990-01-01,1,\n"), "line 2: ", ""),
        ("iin,surnam\n".to_owned(), "line 1: no column `surnam`", "nearest is `surname`"),
        ("iin,iin\n".to_owned(), "line 1: the column `iin`", "twice"),
    ];
    for (file, begins, holds) in cases {
        let told = refusal(Format::Csv, &file).await;
        assert!(told.iter().any(|told| told.contains(holds)), "{file}: {told:?}");
        let begins = if begins.contains("an IIN") { "line 2: " } else { begins };
        assert!(told[0].starts_with(begins), "{file}: {told:?}");
    }
}

#[tokio::test]
async fn json_faults_say_where_they_are() {
    let a = Iin::never_issued(1);
    let person = |gender: &str| {
        format!(
            "{{\"iin\": \"{a}\", \"surname\": \"Ү [1, \\\"2\", \"name\": \"Ү\",\n \"birth_date\": \"1990-01-01\", \"gender\": \"{gender}\"}}"
        )
    };
    let cases = [
        ("[\n  {]".to_owned(), "line 2: "),
        ("{}".to_owned(), "line 1: an array"),
        (String::new(), "line 1: "),
        (format!("[\n{},\n{}]", person("1"), person("9")), "line 5: no gender"),
        (format!("[\n\n{}\n,\n\n{}]", person("1"), person("1")), "line 7: iin"),
        ("[\n1,\n2]".to_owned(), "line 2: invalid type"),
        ("[\n{\"iin\": \"x\",\n\"surnme\": 1}]".to_owned(), "line 2: an IIN"),
    ];
    for (file, begins) in cases {
        let told = refusal(Format::Json, &file).await;
        assert!(told[0].starts_with(begins), "{file}: {told:?}");
    }
}

#[tokio::test]
async fn numbers_that_may_be_somebodys_are_refused_unless_asked_for() {
    // Made of a form that is in use; whose it is, nobody knows.
    let form = (0..10).map(|digit| format!("90010130000{digit}")).find(|n| is_iin(n)).unwrap();
    let file = csv(&format!("{form},ҮЛГІ,ҮЛГІ,1990-01-01,1,\n"));
    assert!(refusal(Format::Csv, &file).await[0].contains("--issued-forms"));
    let asked = ImportRules { issued_forms: true, ..rules() };
    assert_eq!(people().import(Format::Csv, file.as_bytes(), asked).await.unwrap().added, 1);
}

fn is_iin(number: &str) -> bool {
    Iin::parse(number, certs::CheckDigit::Strict).is_ok()
}

#[tokio::test]
async fn not_all_faults_are_told() {
    let rows: String = (0..100).map(|_| "x,x,x,x,x,\n").collect();
    assert_eq!(refusal(Format::Csv, &csv(&rows)).await.len(), MOST_FAULTS);
}

/// Each unknown column is compared with all known ones: for a line of nothing but columns that would take minutes.
#[test]
fn a_line_of_a_million_columns_is_refused_with_a_few_of_them() {
    let columns = "no such column,".repeat(1_000_000);
    let refused = transfer::read::<PersonRecord>(Format::Csv, columns.as_bytes()).unwrap_err();
    assert!(matches!(refused, ImportError::Faults(faults) if faults.len() == MOST_FAULTS));
}

#[tokio::test]
async fn files_have_limits() {
    let row = |n| format!("{},Ү,Ү,1990-01-01,1,\n", Iin::never_issued(n));
    let rows = |n: u64| (0..n).map(row).collect::<Vec<_>>().concat();
    let many = csv(&rows(60_001));
    let refused = people().import(Format::Csv, many.as_bytes(), rules()).await.unwrap_err();
    assert!(matches!(refused, RegisterError::Import(ImportError::TooMany)));
    let large = vec![b' '; transfer::LARGEST_FILE + 1];
    let refused = people().import(Format::Json, &large, rules()).await.unwrap_err();
    assert!(matches!(refused, RegisterError::Import(ImportError::TooLarge { .. })));
    assert_eq!(
        transfer::read::<PersonRecord>(Format::Csv, csv(&rows(2_000)).as_bytes()).unwrap().len(),
        2_000
    );
}

#[tokio::test]
async fn spreadsheets_are_read() {
    let iin = Iin::never_issued(1);
    let file = format!("\u{feff}iin;surname;name;birth_date;gender\r\n{iin};ӘБЕНОВ;ӘСЕТ;1990-01-01;1\r\n");
    let people = people();
    people.import(Format::Csv, file.as_bytes(), rules()).await.unwrap();
    assert_eq!(people.find(iin).await.unwrap().unwrap().full_name(), "ӘБЕНОВ ӘСЕТ");
    let broken = [b"iin\n\n".as_slice(), &[0xff]].concat();
    let refused = people.import(Format::Csv, &broken, rules()).await.unwrap_err();
    assert_eq!(refused.to_string(), "line 3: is not UTF-8");
}

fn format() -> impl Strategy<Value = Format> {
    prop_oneof![Just(Format::Json), Just(Format::Csv)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn reading_never_panics(format in format(), file in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = transfer::read::<PersonRecord>(format, &file);
        let _ = transfer::read::<PowerOfAttorney>(format, &file);
    }

    #[test]
    fn reading_what_looks_right_never_panics(file in r#"[\[\]{}",:\\ \n;a-zҮ0-9]{0,200}"#) {
        for format in [Format::Json, Format::Csv] {
            let _ = transfer::read::<PersonRecord>(format, file.as_bytes());
            let with_header = format!("iin,surname,parents\n{file}");
            let _ = transfer::read::<PersonRecord>(format, with_header.as_bytes());
        }
    }

    #[test]
    fn importing_a_damaged_file_never_panics(format in format(), at: prop::sample::Index, byte: u8) {
        let people = population(1, 0).people;
        let mut file = transfer::write(format, &people[..8]).unwrap().into_bytes();
        let at = at.index(file.len());
        file[at] = byte;
        let _ = block_on(super::people().import(format, &file, rules()));
    }

    #[test]
    fn what_is_exported_is_imported_unchanged(
        format in format(), seed: u64, size in 0_usize..80,
        name in r#"[А-ЯӘҮ"',;\[{\\/][А-ЯӘҮ"',;\[{\\/ ]{0,20}[А-ЯӘҮ"',;\[{\\/]"#,
    ) {
        let mut made = population(seed, size).people;
        made[0].surname.clone_from(&name);
        made[1].patronymic = None;
        made[2].removed = true;
        let file = transfer::write(format, &made).unwrap();
        let people = people();
        block_on(async {
            let did = people.import(format, file.as_bytes(), rules()).await.unwrap();
            assert_eq!((did.added, did.replaced), (made.len(), 0));
            let exported = people.export(format).await.unwrap();
            made.sort_by_key(|person| person.iin);
            assert_eq!(people.list(None, usize::MAX).await.unwrap(), made);
            assert_eq!(exported, transfer::write(format, &made).unwrap());
            let did = people.import(format, exported.as_bytes(), rules()).await.unwrap();
            assert_eq!((did.added, did.replaced), (0, made.len()));
        });
    }

    #[test]
    fn powers_come_back_unchanged(format in format(), seed: u64) {
        let powers = population(seed, 100).powers;
        let file = transfer::write(format, &powers).unwrap();
        let read = transfer::read::<PowerOfAttorney>(format, file.as_bytes()).unwrap();
        let read: Vec<_> = read.into_iter().map(|line| line.row).collect();
        prop_assert_eq!(read, powers);
    }
}
