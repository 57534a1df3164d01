//! The numbers of clauses: 一百零三, １２, 12, XII, twelve.

/// A Chinese or decimal number from the start of `text`, with blanks allowed between its
/// characters (第 十 二 条), and what follows it.
pub fn leading(text: &str) -> Option<(String, u32, &str)> {
    let mut digits = String::new();
    let mut rest = text;
    for (at, c) in text.char_indices() {
        if numeral(c).is_some() {
            digits.push(c);
            rest = &text[at + c.len_utf8()..];
            if digits.len() > 48 {
                return None;
            }
        } else if !c.is_whitespace() {
            break;
        }
    }
    let value = number(&digits)?;
    Some((digits, value, rest))
}

/// What one character of a number stands for: a digit, or ten, hundred, thousand.
fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '0'..='9' => c as u32 - '0' as u32,
        '０'..='９' => c as u32 - '０' as u32,
        '〇' | '零' | '○' => 0,
        // 第三十－条: dashes that stand in for 一 in scanned texts.
        '一' | '壹' | '－' | '─' | '━' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

/// The value of a whole number in Chinese or decimal digits: 十二, 一百零三, 一〇三, 12.
pub fn number(text: &str) -> Option<u32> {
    let values = text.chars().map(numeral).collect::<Option<Vec<_>>>()?;
    let has = |test: fn(char) -> bool| text.chars().any(test);
    // 1－3 is a range.
    let is_range = has(|c| "－─━".contains(c))
        && has(|c| c.is_ascii_digit() || "０１２３４５６７８９".contains(c));
    if values.is_empty() || is_range {
        return None;
    }
    if values.iter().all(|v| *v < 10) {
        let mut value: u32 = 0;
        for digit in values {
            value = value.checked_mul(10)?.checked_add(digit)?;
        }
        return (value < 1_000_000).then_some(value);
    }
    let (mut total, mut digit, mut unit_before) = (0, None, u32::MAX);
    for value in values {
        if value < 10 {
            digit = Some(value);
        } else {
            // 一百二十: each unit is smaller than the one before it.
            if value >= unit_before {
                return None;
            }
            total += digit.take().unwrap_or(1) * value;
            unit_before = value;
        }
    }
    Some(total + digit.unwrap_or(0))
}

/// 103 as 一百零三.
pub fn chinese(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if number >= 10_000 {
        return number.to_string();
    }
    let mut text = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        if !(unit == 10 && digit == 1 && text.is_empty()) {
            text.push(DIGITS[digit as usize]);
        }
        text.push_str(name);
    }
    if text.is_empty() { "零".into() } else { text }
}

/// XII or xii as 12; `None` for anything that is not written as a Roman number would be.
pub fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    let value = |c: char| {
        Some(match c.to_ascii_uppercase() {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            'C' => 100,
            'D' => 500,
            'M' => 1000,
            _ => return None,
        })
    };
    let values = text.chars().map(value).collect::<Option<Vec<u32>>>()?;
    let mut total = 0;
    for (at, v) in values.iter().enumerate() {
        match values.get(at + 1) {
            Some(next) if next > v => total -= *v as i64,
            _ => total += *v as i64,
        }
    }
    let total = u32::try_from(total).ok()?;
    (to_roman(total).eq_ignore_ascii_case(text)).then_some(total)
}

/// 12 as XII.
pub fn to_roman(mut number: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    for (value, letters) in STEPS {
        while number >= value {
            text.push_str(letters);
            number -= value;
        }
    }
    text
}

/// "two" as 2, up to twenty, as in "Part Two".
pub fn word(text: &str) -> Option<u32> {
    const WORDS: [&str; 20] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let at = WORDS.iter().position(|w| text.eq_ignore_ascii_case(w))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_up_to_ten_thousand_is_read_as_it_is_written() {
        for n in 1..10_000 {
            assert_eq!(number(&chinese(n)), Some(n), "{}", chinese(n));
        }
        for n in 1..4_000 {
            assert_eq!(roman(&to_roman(n)), Some(n));
        }
    }

    #[test]
    fn other_ways_of_writing_are_read() {
        for (text, value) in [
            ("一〇三", 103),
            ("一千二百六十", 1260),
            ("两百", 200),
            ("１２", 12),
            ("一百一十", 110),
            ("一百十", 110),
            ("三十－", 31),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        assert_eq!(
            leading(" 十 二 条").map(|(d, n, _)| (d, n)),
            Some(("十二".into(), 12))
        );
        for text in ["", "十十", "百千", "abc", "1－3", "99999999999"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(roman("IIX"), None);
    }
}
