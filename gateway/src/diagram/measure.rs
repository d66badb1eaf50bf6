//! How wide text is, and where it breaks.
//!
//! A picture is looked at with whatever font a machine has. The table therefore holds for each letter the widest
//! advance of Noto Sans, DejaVu Sans and Liberation Sans (which is as wide as Arial and Helvetica): what fits by
//! the table fits with any of them.

/// Regular or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Regular.
    Regular,
    /// Bold.
    Bold,
}

/// The width of a text in the units of `size`.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    text.chars().map(|letter| f64::from(advance(letter, weight))).sum::<f64>() * size / 1000.0
}

/// Breaks a text into lines no wider than `limit(line)`. A word that is too long for a line by itself is divided at
/// its soft hyphens, or cut where it has none.
pub(super) fn wrap_in(text: &str, size: f64, weight: Weight, limit: impl Fn(usize) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let spaces = |letter: char| letter.is_whitespace() && letter != '\u{a0}';
    for word in text.split(spaces).filter(|word| !word.is_empty()) {
        let whole = word.replace('\u{ad}', "");
        let space = if line.is_empty() { "" } else { " " };
        if [&line, space, &whole].map(|part| width(part, size, weight)).iter().sum::<f64>()
            <= limit(lines.len())
        {
            line.push_str(space);
            line.push_str(&whole);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let fits = |part: &str, at: usize| width(part, size, weight) <= limit(at);
        if fits(&whole, lines.len()) {
            line = whole;
            continue;
        }
        let mut parts = word.split('\u{ad}').peekable();
        while let Some(part) = parts.next() {
            let hyphen = if parts.peek().is_some() { "-" } else { "" };
            if !line.is_empty() && !fits(&format!("{line}{part}{hyphen}"), lines.len()) {
                lines.push(std::mem::take(&mut line) + "-");
            }
            for letter in part.chars() {
                line.push(letter);
                if !fits(&line, lines.len()) && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Breaks a text into lines no wider than `limit`.
pub(super) fn wrap(text: &str, size: f64, weight: Weight, limit: f64) -> Vec<String> {
    wrap_in(text, size, weight, |_| limit)
}

/// The advance of a letter, in thousandths of the font's size.
fn advance(letter: char, weight: Weight) -> u16 {
    let code = u32::from(letter);
    let (latin, cyrillic) = match weight {
        Weight::Regular => (&LATIN, &CYRILLIC),
        Weight::Bold => (&LATIN_BOLD, &CYRILLIC_BOLD),
    };
    let found = |table: &[u16], first: u32| {
        usize::try_from(code - first).ok().and_then(|index| table.get(index)).copied().unwrap_or(1000)
    };
    match code {
        0x20..0x7f => found(latin, 0x20),
        0x400..0x500 => found(cyrillic, 0x400),
        0xa0 => latin[0],
        // A soft hyphen is seen where a line ends only.
        0xad => 0,
        // Guillemets, dashes and what else is printed in acts; anything unknown counts as a full square.
        0x2116 => 1210,
        0xab | 0xbb | 0x201c | 0x201d => 660,
        0x2018 | 0x2019 | 0xb7 => 390,
        0x2013 | 0xa7 => 580,
        _ => 1060,
    }
}

/// U+0020 to U+007E, regular.
#[rustfmt::skip]
const LATIN: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 551, 838, 318, 361, 318, 372, 637, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 557, 1016, 685, 687, 723, 771, 667, 611, 778,
    752, 339, 500, 667, 558, 907, 760, 788, 667, 788, 723, 667, 611, 732, 685, 989, 686, 667, 686, 391,
    372, 391, 838, 557, 500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,
    635, 635, 413, 521, 393, 634, 592, 818, 592, 592, 525, 637, 551, 637, 838,
];

/// U+0020 to U+007E, bold.
#[rustfmt::skip]
const LATIN_BOLD: [u16; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 545, 838, 380, 416, 380, 413, 696, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611, 1000, 774, 763, 734, 831, 684, 684, 821,
    837, 389, 557, 775, 638, 996, 837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458,
    413, 458, 838, 557, 500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688,
    716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 551, 712, 838,
];

/// U+0400 to U+04FF, regular.
#[rustfmt::skip]
const CYRILLIC: [u16; 256] = [
    667, 668, 865, 610, 719, 667, 339, 339, 500, 1094, 1045, 855, 710, 768, 636, 752, 685, 687, 687, 610,
    782, 667, 1078, 642, 768, 768, 710, 752, 907, 752, 788, 752, 667, 723, 611, 636, 861, 686, 777, 698,
    1070, 1094, 833, 886, 687, 719, 1080, 723, 613, 617, 590, 526, 692, 616, 901, 532, 650, 650, 605, 640,
    755, 654, 612, 654, 635, 550, 583, 592, 855, 592, 681, 613, 916, 942, 707, 790, 594, 549, 842, 602,
    616, 616, 625, 526, 549, 521, 278, 278, 278, 907, 899, 652, 605, 650, 592, 654, 934, 838, 771, 672,
    943, 750, 880, 784, 1160, 1002, 788, 640, 1027, 849, 637, 541, 857, 877, 788, 612, 782, 666, 782, 666,
    1220, 1095, 954, 759, 1180, 1028, 934, 838, 699, 550, 609, 0, 0, 0, 0, 0, 418, 418, 785, 677,
    687, 594, 613, 635, 610, 526, 675, 591, 651, 533, 1078, 901, 642, 532, 710, 605, 710, 605, 710, 605,
    857, 832, 755, 661, 1015, 877, 1082, 916, 878, 693, 699, 550, 611, 583, 611, 592, 611, 592, 686, 592,
    935, 807, 703, 621, 698, 606, 698, 634, 941, 729, 941, 729, 339, 1078, 901, 696, 605, 776, 671, 752,
    661, 777, 681, 698, 613, 917, 775, 339, 685, 613, 685, 613, 975, 982, 632, 616, 788, 616, 788, 616,
    1078, 901, 642, 532, 667, 578, 768, 650, 768, 650, 788, 612, 788, 612, 788, 612, 699, 549, 624, 592,
    624, 592, 624, 592, 698, 613, 610, 526, 883, 790, 675, 591, 686, 592, 686, 592,
];

/// U+0400 to U+04FF, bold.
#[rustfmt::skip]
const CYRILLIC_BOLD: [u16; 256] = [
    684, 684, 886, 638, 734, 721, 389, 389, 557, 1155, 1130, 879, 818, 837, 771, 837, 774, 763, 763, 638,
    891, 684, 1225, 711, 837, 837, 818, 831, 996, 837, 851, 837, 733, 734, 683, 771, 992, 771, 928, 809,
    1236, 1326, 940, 1037, 763, 734, 1174, 771, 675, 699, 633, 523, 808, 679, 996, 582, 720, 720, 679, 733,
    844, 691, 688, 691, 716, 593, 580, 652, 993, 646, 742, 687, 1063, 1106, 752, 905, 633, 593, 973, 643,
    679, 679, 714, 523, 593, 596, 343, 343, 343, 992, 957, 735, 679, 720, 652, 691, 1093, 885, 841, 736,
    1013, 840, 993, 833, 1359, 1122, 851, 688, 1236, 1008, 696, 557, 1075, 1062, 851, 688, 851, 696, 851, 696,
    1319, 1168, 1075, 863, 1406, 1173, 1093, 885, 734, 593, 653, 0, 0, 0, 0, 0, 418, 418, 958, 807,
    763, 614, 733, 716, 638, 523, 666, 543, 809, 669, 1225, 996, 711, 582, 775, 679, 818, 679, 818, 679,
    1016, 827, 957, 808, 1103, 875, 1274, 1018, 952, 858, 734, 593, 683, 580, 725, 652, 725, 652, 771, 646,
    1113, 1001, 809, 726, 809, 687, 809, 712, 1027, 810, 1027, 810, 389, 1225, 996, 775, 653, 951, 806, 837,
    691, 958, 807, 809, 687, 1115, 933, 389, 774, 675, 774, 675, 1085, 1048, 684, 679, 850, 679, 850, 679,
    1225, 996, 711, 582, 773, 641, 837, 720, 837, 720, 851, 688, 851, 688, 851, 688, 734, 593, 771, 652,
    771, 652, 771, 652, 809, 687, 638, 523, 1037, 905, 666, 543, 771, 646, 771, 646,
];
