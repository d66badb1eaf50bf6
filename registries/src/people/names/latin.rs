//! Latin forms, close to what passports carry.

/// A name in capital Cyrillic letters in capital Latin ones. Signs fall away; what is neither is kept.
pub(crate) fn latin(name: &str) -> String {
    name.chars().map(letter).collect()
}

fn letter(c: char) -> String {
    let latin = match c {
        'А' | 'Ә' => "A",
        'Б' => "B",
        'В' => "V",
        'Г' | 'Ғ' => "G",
        'Д' => "D",
        'Е' | 'Э' => "E",
        'Ё' => "YO",
        'Ж' => "ZH",
        'З' => "Z",
        'И' | 'І' | 'Й' => "I",
        'К' | 'Қ' => "K",
        'Л' => "L",
        'М' => "M",
        'Н' | 'Ң' => "N",
        'О' | 'Ө' => "O",
        'П' => "P",
        'Р' => "R",
        'С' => "S",
        'Т' => "T",
        'У' | 'Ұ' | 'Ү' => "U",
        'Ф' => "F",
        'Х' => "KH",
        'Һ' => "H",
        'Ц' => "TS",
        'Ч' => "CH",
        'Ш' => "SH",
        'Щ' => "SHCH",
        'Ы' => "Y",
        'Ъ' | 'Ь' => "",
        'Ю' => "YU",
        'Я' => "YA",
        other => return other.to_string(),
    };
    latin.to_owned()
}
