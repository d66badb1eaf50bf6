//! Where people live and were born.

use jiff::civil::Date;

use super::super::dictionary::Country;
use super::super::random::Random;
use super::super::record::{Address, BirthPlace, PlaceName};

/// Region, district and city, each in Kazakh and Russian; a city of republican rank is its own region.
struct Town {
    region: (&'static str, &'static str),
    district: Option<(&'static str, &'static str)>,
    city: Option<(&'static str, &'static str)>,
}

const MANGYSTAU: (&str, &str) = ("Маңғыстау облысы", "Мангистауская область");
const KYZYLORDA: (&str, &str) = ("Қызылорда облысы", "Кызылординская область");
const AKMOLA: (&str, &str) = ("Ақмола облысы", "Акмолинская область");

const TOWNS: &[Town] = &[
    Town {
        region: MANGYSTAU, district: None, city: Some(("Ақтау қаласы", "город Актау"))
    },
    Town {
        region: MANGYSTAU, district: None, city: Some(("Жаңаөзен қаласы", "город Жанаозен"))
    },
    Town {
        region: MANGYSTAU,
        district: Some(("Мұнайлы ауданы", "Мунайлинский район")),
        city: Some(("Маңғыстау ауылы", "село Мангистау")),
    },
    Town {
        region: KYZYLORDA, district: None, city: Some(("Қызылорда қаласы", "город Кызылорда"))
    },
    Town {
        region: KYZYLORDA,
        district: Some(("Арал ауданы", "Аральский район")),
        city: Some(("Арал қаласы", "город Аральск")),
    },
    Town {
        region: AKMOLA, district: None, city: Some(("Көкшетау қаласы", "город Кокшетау"))
    },
    Town {
        region: AKMOLA,
        district: Some(("Бурабай ауданы", "Бурабайский район")),
        city: Some(("Щучинск қаласы", "город Щучинск")),
    },
    Town { region: ("Алматы қаласы", "город Алматы"), district: None, city: None },
    Town { region: ("Астана қаласы", "город Астана"), district: None, city: None },
];

const STREETS: &[&str] = &[
    "Абай көшесі",
    "Әл-Фараби даңғылы",
    "Бейбітшілік көшесі",
    "Достық көшесі",
    "Жеңіс даңғылы",
    "Наурыз көшесі",
    "Сарыарқа көшесі",
    "Тәуелсіздік көшесі",
    "Үлгі көшесі",
    "12-шағын аудан",
    "Шаңырақ шағын ауданы",
];

fn named((kk, ru): (&str, &str)) -> PlaceName {
    PlaceName { kk: kk.to_owned(), ru: ru.to_owned() }
}

/// An address since a day.
pub(super) fn address(random: &mut Random, since: Date) -> Address {
    let town = random.pick(TOWNS);
    Address {
        country: Country::Kazakhstan,
        region: named(town.region),
        district: town.district.map(named),
        city: town.city.map(named),
        street: Some((*random.pick(STREETS)).to_owned()),
        building: Some(random.between(1, 180).to_string()),
        corpus: random.chance(80).then(|| random.pick(&["А", "Б", "1", "2"]).to_string()),
        flat: random.chance(750).then(|| random.between(1, 120).to_string()),
        begin_date: since,
        end_date: None,
        ar_code: Some(format!("9{:015}", random.below(1_000_000_000_000_000))),
    }
}

/// A birth place: of people from abroad the country alone is known.
pub(super) fn birth_place(random: &mut Random, country: Country) -> BirthPlace {
    if country != Country::Kazakhstan {
        return BirthPlace { country, region: None, district: None, city: None };
    }
    let town = random.pick(TOWNS);
    BirthPlace {
        country,
        region: Some(named(town.region)),
        district: town.district.map(named),
        city: town.city.map(named),
    }
}
