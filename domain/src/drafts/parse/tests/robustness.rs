//! Whatever comes in: nothing is lost, nothing fails, nothing takes long.

use super::*;
use proptest::prelude::*;

/// The letters and digits of a text, which must all come out again. What Markdown hides (links'
/// targets) is not generated.
fn said(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn said_by(draft: &ParsedDraft) -> String {
    draft
        .clauses
        .iter()
        .map(|c| said(&c.label) + &said(&c.text))
        .collect()
}

fn line_of_a_draft() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (1u32..1300).prop_map(numerals::chinese),
        (1u32..40).prop_map(|n| n.to_string()),
    ];
    let unit = prop::sample::select(vec!["条", "章", "节", "编", "部分", "条之一", "款"]);
    let blank = prop::sample::select(vec!["", " ", "　", "\t"]);
    let words = prop_oneof![
        "[甲乙丙丁第条一，。；、（）：的规定]{0,12}",
        "[ -~]{0,20}",
        Just("总　　则".to_owned())
    ];
    let hashes = prop::sample::select(vec!["", "", "# ", "### ", "**", "- ", "> ", "| "]);
    prop_oneof![
        4 => (hashes, number, blank, unit, words.clone()).prop_map(|(h, n, b, u, w)| format!("{h}第{n}{u}{b}{w}")),
        2 => words,
        1 => prop::sample::select(vec!["目录", "附则", "Contents", "Article 3", "Section 2.1 Scope", "（一）甲；", "(a) x", "1. y", "---", "\u{200B}", "", "附件1"]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_that_is_said_is_lost_or_moved(lines in prop::collection::vec(line_of_a_draft(), 0..40)) {
        let text = lines.join("\n").replace("<!--", "").replace("](", "] (");
        let draft = parse(&text);
        prop_assert_eq!(said_by(&draft), said(&text));
        for article in articles(&draft).into_iter().filter(|a| !a.children.is_empty()) {
            fn lines<'a>(clause: &'a ParsedClause, out: &mut Vec<&'a str>) {
                out.push(&clause.text);
                clause.children.iter().for_each(|c| lines(c, out));
            }
            let mut parts = Vec::new();
            article.children.iter().for_each(|c| lines(c, &mut parts));
            prop_assert_eq!(parts.join("\n"), article.text.as_str());
        }
    }

    #[test]
    fn any_text_at_all_can_be_read(text in any::<String>()) {
        parse(&text);
    }
}

#[test]
fn two_megabytes_of_anything_are_read_at_once() {
    let megabytes = |piece: &str| piece.repeat(2 * 1024 * 1024 / piece.len());
    for piece in [
        "第",
        "第一",
        "[",
        "](",
        "*",
        "**a",
        "_",
        "<!--",
        "-->",
        "目录\n",
        "第一章 甲\n",
        "第一条 甲。\n",
        "第一条\n",
        "（",
        "(a) x\n",
        "1.",
        "一、甲\n",
        "#",
        "> x\n",
        "| x\n",
        "a ",
        "Section 1.1.1.1\n",
        "\n",
        "\u{200B}\n",
        "- ",
        "一",
        "第九千条 甲\n第一条 乙\n",
    ] {
        let text = megabytes(piece);
        // What is quadratic takes minutes here, and the tests have a limit.
        let draft = parse(&text);
        assert!(
            !draft.warnings.is_empty() || !draft.clauses.is_empty(),
            "{piece:?}"
        );
    }
}
