//! The names themselves.

use super::super::dictionary::{Country, Nationality};
use super::Style;

/// A man's given name, and what his children are called after it where no rule says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given {
    /// The name.
    pub(crate) name: &'static str,
    /// Patronymic of a son and of a daughter.
    pub(crate) patronymics: Option<(&'static str, &'static str)>,
}

/// Names that go together.
#[derive(Debug)]
pub(crate) struct Culture {
    /// What the record says of nationality.
    pub(crate) nationality: Nationality,
    /// The country whose citizens they mostly are.
    pub(crate) country: Country,
    /// Given names of men.
    pub(crate) male: &'static [Given],
    /// Given names of women.
    pub(crate) female: &'static [&'static str],
    /// Surnames in the masculine form.
    pub(crate) surnames: &'static [&'static str],
    /// How patronymics are formed; the more frequent, the more often.
    pub(crate) styles: &'static [Style],
}

const fn plain(name: &'static str) -> Given {
    Given { name, patronymics: None }
}

const fn given(name: &'static str, son: &'static str, daughter: &'static str) -> Given {
    Given { name, patronymics: Some((son, daughter)) }
}

/// Kazakh names.
pub(crate) const KAZAKH: Culture = Culture {
    nationality: Nationality::Kazakh,
    country: Country::Kazakhstan,
    male: &[
        plain("Абай"),
        plain("Әлихан"),
        plain("Әсет"),
        plain("Әділ"),
        plain("Бауыржан"),
        plain("Бекзат"),
        plain("Ғалым"),
        plain("Ғани"),
        plain("Дәулет"),
        plain("Дәурен"),
        plain("Ерболат"),
        plain("Ерлан"),
        plain("Жандос"),
        plain("Жәңгір"),
        plain("Ілияс"),
        plain("Қайрат"),
        plain("Қуаныш"),
        plain("Мұрат"),
        plain("Мұса"),
        plain("Нұржан"),
        plain("Нұрлан"),
        plain("Олжас"),
        plain("Өмірбек"),
        plain("Рүстем"),
        plain("Самат"),
        plain("Серік"),
        plain("Сәкен"),
        plain("Тоқтар"),
        plain("Ұлан"),
        plain("Үсен"),
        plain("Шыңғыс"),
        plain("Ықылас"),
    ],
    female: &[
        "Айгүл",
        "Аружан",
        "Әйгерім",
        "Әсел",
        "Әсия",
        "Бибігүл",
        "Гауһар",
        "Гүлнәр",
        "Ғазиза",
        "Дана",
        "Жанар",
        "Зере",
        "Інжу",
        "Іңкәр",
        "Қарлығаш",
        "Құралай",
        "Ләззат",
        "Мәдина",
        "Меруерт",
        "Назым",
        "Нұргүл",
        "Салтанат",
        "Сәуле",
        "Томирис",
        "Ұлжан",
        "Үміт",
        "Шолпан",
    ],
    surnames: &[
        "Әбенов",
        "Әлімов",
        "Ахметов",
        "Байжанов",
        "Бекенов",
        "Ғабдуллин",
        "Дүйсенов",
        "Есімов",
        "Жақсыбеков",
        "Жұмабаев",
        "Ізбасаров",
        "Қасымов",
        "Қожахметов",
        "Құдайбергенов",
        "Мұқанов",
        "Нұрпейісов",
        "Оразбаев",
        "Өтегенов",
        "Сәрсенбаев",
        "Сейітқалиев",
        "Смағұлов",
        "Тілеубаев",
        "Тоқтаров",
        "Үмбетов",
        "Шәкенов",
        "Ысқақов",
        "Байтұрсын",
        "Сүлеймен",
        "Төлеген",
        "Мыңбай",
        "Әлімжан",
    ],
    styles: &[Style::Kazakh, Style::Kazakh, Style::Kazakh, Style::Slavic, Style::Slavic],
};

const RUSSIAN_MEN: &[Given] = &[
    given("Александр", "Александрович", "Александровна"),
    given("Алексей", "Алексеевич", "Алексеевна"),
    given("Андрей", "Андреевич", "Андреевна"),
    given("Василий", "Васильевич", "Васильевна"),
    given("Виктор", "Викторович", "Викторовна"),
    given("Дмитрий", "Дмитриевич", "Дмитриевна"),
    given("Евгений", "Евгеньевич", "Евгеньевна"),
    given("Иван", "Иванович", "Ивановна"),
    given("Игорь", "Игоревич", "Игоревна"),
    given("Илья", "Ильич", "Ильинична"),
    given("Лев", "Львович", "Львовна"),
    given("Михаил", "Михайлович", "Михайловна"),
    given("Никита", "Никитич", "Никитична"),
    given("Николай", "Николаевич", "Николаевна"),
    given("Олег", "Олегович", "Олеговна"),
    given("Павел", "Павлович", "Павловна"),
    given("Пётр", "Петрович", "Петровна"),
    given("Сергей", "Сергеевич", "Сергеевна"),
    given("Фёдор", "Фёдорович", "Фёдоровна"),
    given("Юрий", "Юрьевич", "Юрьевна"),
];

const RUSSIAN_WOMEN: &[&str] = &[
    "Анна",
    "Дарья",
    "Екатерина",
    "Елена",
    "Ирина",
    "Ксения",
    "Любовь",
    "Мария",
    "Наталья",
    "Ольга",
    "Полина",
    "Светлана",
    "София",
    "Татьяна",
    "Юлия",
];

const RUSSIAN: Culture = Culture {
    nationality: Nationality::Russian,
    country: Country::Russia,
    male: RUSSIAN_MEN,
    female: RUSSIAN_WOMEN,
    surnames: &[
        "Васильев",
        "Вишневский",
        "Воробьёв",
        "Голубев",
        "Зайцев",
        "Иванов",
        "Ильин",
        "Козлов",
        "Кузнецов",
        "Лебедев",
        "Морозов",
        "Никитин",
        "Новиков",
        "Попов",
        "Птицын",
        "Соколов",
        "Соловьёв",
        "Троицкий",
    ],
    styles: &[Style::Slavic],
};

const UKRAINIAN: Culture = Culture {
    nationality: Nationality::Ukrainian,
    country: Country::Kazakhstan,
    male: RUSSIAN_MEN,
    female: RUSSIAN_WOMEN,
    surnames: &["Шевченко", "Бондаренко", "Кравченко", "Мельник", "Яременко"],
    styles: &[Style::Slavic],
};

const KOREAN: Culture = Culture {
    nationality: Nationality::Korean,
    country: Country::Korea,
    male: RUSSIAN_MEN,
    female: RUSSIAN_WOMEN,
    surnames: &["Ким", "Пак", "Цой", "Ли", "Тен", "Хегай"],
    styles: &[Style::Slavic, Style::Without],
};

const GERMAN: Culture = Culture {
    nationality: Nationality::German,
    country: Country::Germany,
    male: &[
        given("Артур", "Артурович", "Артуровна"),
        given("Вальдемар", "Вальдемарович", "Вальдемаровна"),
        given("Эдуард", "Эдуардович", "Эдуардовна"),
        given("Роберт", "Робертович", "Робертовна"),
    ],
    female: &["Анна", "Эмилия", "Эрика", "Лидия"],
    surnames: &["Вебер", "Шмидт", "Миллер", "Гартунг"],
    styles: &[Style::Slavic, Style::Without, Style::Without],
};

const UYGHUR: Culture = Culture {
    nationality: Nationality::Uyghur,
    country: Country::Kazakhstan,
    male: &[plain("Азат"), plain("Ришат"), plain("Турсун"), plain("Шавкат")],
    female: &["Гульнара", "Зульфия", "Патигуль", "Рошангуль"],
    surnames: &["Розиев", "Исмаилов", "Турдиев", "Саттаров"],
    styles: &[Style::Slavic],
};

const TATAR: Culture = Culture {
    nationality: Nationality::Tatar,
    country: Country::Russia,
    male: &[plain("Ильдар"), plain("Марат"), plain("Ренат"), plain("Фарид")],
    female: &["Алсу", "Гузель", "Лейсан", "Рамиля"],
    surnames: &["Сафин", "Хабибуллин", "Галиев", "Юсупов"],
    styles: &[Style::Slavic],
};

const UZBEK: Culture = Culture {
    nationality: Nationality::Uzbek,
    country: Country::Uzbekistan,
    male: &[plain("Алишер"), plain("Бахтияр"), plain("Жасур"), plain("Шухрат")],
    female: &["Дилноза", "Нигора", "Феруза", "Шахноза"],
    surnames: &["Каримов", "Рашидов", "Мирзаев", "Холматов"],
    styles: &[Style::Slavic, Style::Without],
};

const KYRGYZ: Culture = Culture {
    nationality: Nationality::Kyrgyz,
    country: Country::Kyrgyzstan,
    male: &[plain("Азамат"), plain("Бакыт"), plain("Нурбек"), plain("Темирлан")],
    female: &["Айпери", "Бегимай", "Жылдыз", "Нургуль"],
    surnames: &["Абдыкадыров", "Жээнбеков", "Осмонов", "Токтогулов"],
    styles: &[Style::Slavic, Style::Without],
};

const TURKISH: Culture = Culture {
    nationality: Nationality::Turkish,
    country: Country::Turkiye,
    male: &[plain("Ахмет"), plain("Мехмет"), plain("Эмре"), plain("Мурат")],
    female: &["Айше", "Элиф", "Зейнеп", "Фатма"],
    surnames: &["Йылмаз", "Демир", "Кая", "Озтюрк"],
    styles: &[Style::Without],
};

/// Citizens of Kazakhstan; who stands there more often is met more often.
pub(crate) const LOCAL: &[Culture] = &[
    KAZAKH, KAZAKH, KAZAKH, KAZAKH, KAZAKH, KAZAKH, KAZAKH, RUSSIAN, RUSSIAN, UKRAINIAN, KOREAN, GERMAN,
    UYGHUR, TATAR, UZBEK,
];

/// Citizens of other countries that live here.
pub(crate) const FOREIGN: &[Culture] = &[RUSSIAN, UZBEK, KYRGYZ, TURKISH, GERMAN, TATAR];
