//! Cuts text into words, Chinese by dictionary, so that a redline shows words and not characters.

use jieba_rs::Jieba;
use std::sync::LazyLock;

/// Loaded when the first redline is drawn.
static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// The words of a text; together they are the text. What the dictionary does not know stays in
/// single characters: guessing would glue particles to names.
pub(super) fn words(text: &str) -> Vec<&str> {
    DICTIONARY
        .cut(text, false)
        .into_iter()
        .map(|token| token.word)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_together_are_the_text() {
        let text = "停车场应当自办理备案之日起30日内，\n公布 parking fees（一）。";
        assert_eq!(words(text).concat(), text);
        assert!(words(text).contains(&"停车场"), "{:?}", words(text));
    }
}
