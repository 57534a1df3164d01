//! From the bytes of a file to its text.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use unicode_normalization::UnicodeNormalization;

/// The text in NFC with `\n` line ends, blank lines kept so that line numbers hold; and the name
/// of the encoding. UTF-8, or UTF-16 with a byte order mark, or GB18030 (with GBK and GB 2312 in
/// it); `None` if it is none of them.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, &'static str)> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ if is_broken_utf8(bytes) => return None,
        _ => GB18030,
    };
    let (text, _, had_errors) = encoding.decode(bytes);
    (!had_errors).then(|| (clean(&text), encoding.name()))
}

/// Whether most of what is not ASCII is sound UTF-8. Such a file would also read as GB18030, but
/// as nonsense.
fn is_broken_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    sound > broken
}

fn clean(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    unified
        .nfc()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAW: &str =
        "第一条 为了规范机动车停车管理，制定本条例。\n第二条 本条例适用于停车场的规划、建设。\n";

    #[test]
    fn utf8_is_read_with_and_without_its_mark() {
        assert_eq!(decode(LAW.as_bytes()), Some((LAW.into(), "UTF-8")));
        let marked = [b"\xEF\xBB\xBF", LAW.as_bytes()].concat();
        assert_eq!(decode(&marked), Some((LAW.into(), "UTF-8")));
    }

    #[test]
    fn gb18030_is_recognised() {
        let (bytes, _, _) = GB18030.encode(LAW);
        assert_eq!(decode(&bytes), Some((LAW.into(), "gb18030")));
    }

    #[test]
    fn broken_utf8_is_not_taken_for_gb18030() {
        let mut bytes = LAW.as_bytes().to_vec();
        bytes.remove(1);
        assert!(!GB18030.decode(&bytes).2 || GB18030.decode(LAW.as_bytes()).0 != LAW);
        assert_eq!(decode(&bytes), None);
    }

    #[test]
    fn a_picture_is_no_text() {
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xFF\xFF\x80"), None);
    }

    #[test]
    fn control_characters_go_and_line_numbers_stay() {
        assert_eq!(
            decode(b"\r\n\r\na\0b\x0c\tc\r").map(|d| d.0),
            Some("\n\nab\tc\n".into())
        );
    }
}
