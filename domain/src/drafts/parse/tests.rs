mod codes;
mod english;
mod policies;
mod prints;
mod robustness;

use super::*;
use crate::drafts::WarningKind;

/// Real law texts, which the demonstration shares; a missing file is a failure.
fn data(name: &str) -> ParsedDraft {
    let path = format!("{}/../server/demo/{name}.md", env!("CARGO_MANIFEST_DIR"));
    parse(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
}

/// One line for each clause: its heading path, label and text, parts indented.
fn shown(draft: &ParsedDraft) -> String {
    fn show(clause: &ParsedClause, depth: usize, out: &mut String) {
        let path = if depth == 0 {
            clause.path.join(" / ")
        } else {
            String::new()
        };
        let text = clause.text.replace('\n', " ⏎ ");
        let line = [path.as_str(), clause.label.as_str(), &text].join("|");
        out.push_str(&format!("{}{line}\n", "  ".repeat(depth)));
        for child in &clause.children {
            show(child, depth + 1, out);
        }
    }
    let mut out = String::new();
    for clause in &draft.clauses {
        show(clause, 0, &mut out);
    }
    out
}

fn assert_shown(text: &str, expected: &str) {
    let unindented = |text: &str| -> String {
        text.lines()
            .map(|l| l.strip_prefix("        ").unwrap_or(l))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(
        shown(&parse(&unindented(text))).trim(),
        unindented(expected).trim()
    );
}

fn articles(draft: &ParsedDraft) -> Vec<&ParsedClause> {
    draft
        .clauses
        .iter()
        .filter(|c| c.kind == ClauseKind::Article)
        .collect()
}

fn warned(draft: &ParsedDraft) -> Vec<(WarningKind, &str, usize)> {
    draft
        .warnings
        .iter()
        .map(|w| (w.kind, w.label.as_str(), w.line))
        .collect()
}

#[test]
fn every_article_of_the_real_laws_is_found_under_its_headings() {
    for (name, count, headings) in [
        ("decree-713", 44, 12),
        ("parking-v1", 43, 5),
        ("parking-v2", 43, 5),
        ("sme-payment-v1", 29, 0),
        ("sme-payment-v2", 37, 5),
    ] {
        let draft = data(name);
        let labels: Vec<_> = articles(&draft).iter().map(|a| a.label.clone()).collect();
        let expected: Vec<_> = (1..=count)
            .map(|n| format!("第{}条", numerals::chinese(n)))
            .collect();
        assert_eq!(labels, expected, "{name}");
        assert_eq!(
            draft.clauses.iter().filter(|c| c.kind.is_heading()).count(),
            headings,
            "{name}"
        );
        assert_eq!(draft.warnings, [], "{name}");
        assert!(
            articles(&draft)
                .iter()
                .all(|a| a.path.is_empty() == (headings == 0)),
            "{name}"
        );
    }
}

#[test]
fn the_decree_has_its_articles_where_a_reader_finds_them() {
    let draft = data("decree-713");
    let articles = articles(&draft);
    let nineteen = articles[18];
    assert_eq!(nineteen.path, ["第二章 决策草案的形成", "第三节 专家论证"]);
    assert!(
        nineteen
            .text
            .starts_with("对专业性、技术性较强的决策事项，决策承办单位应当组织")
    );
    assert!(
        nineteen
            .text
            .ends_with("提供书面论证意见的，应当署名、盖章。")
    );
    assert_eq!(nineteen.children.len(), 2);
    assert_eq!(nineteen.children[1].label, "第十九条第二款");
    let three = articles[2];
    let labels: Vec<_> = three.children.iter().map(|c| c.label.as_str()).collect();
    assert_eq!(labels, ["第三条第一款", "第三条第二款", "第三条第三款"]);
    let second = &three.children[0].children[1];
    assert_eq!(second.kind, ClauseKind::Item);
    assert_eq!(second.label, "第三条第一款第（二）项");
    assert_eq!(second.text, "(二)制定经济和社会发展等方面的重要规划；");
    let ten = articles[9];
    assert_eq!(ten.path, ["第二章 决策草案的形成", "第一节 决策启动"]);
    assert_eq!(ten.children[0].children[2].label, "第十条第（三）项");
    let last = articles[43];
    assert_eq!(
        (last.label.as_str(), last.text.as_str()),
        ("第四十四条", "本条例自2019年9月1日起施行。")
    );
    assert_eq!(last.path, ["第六章 附则"]);
    assert!(last.children.is_empty());
    let front: Vec<_> = draft.clauses[..3]
        .iter()
        .map(|c| (c.kind, c.text.as_str()))
        .collect();
    assert_eq!(front[0], (ClauseKind::Text, "重大行政决策程序暂行条例"));
    assert_eq!(front[2].1, "2019年9月1日 施行");
}

#[test]
fn zero_width_lines_and_spaced_titles_do_not_disturb() {
    let draft = data("parking-v2");
    let chapters: Vec<_> = draft
        .clauses
        .iter()
        .filter(|c| c.kind == ClauseKind::Chapter)
        .map(|c| format!("{} {}", c.label, c.text))
        .collect();
    assert_eq!(
        chapters,
        [
            "第一章 总则",
            "第二章 停车泊位供给",
            "第三章 治理与服务",
            "第四章 道路停车",
            "第五章 附则"
        ]
    );
    assert!(draft.clauses.iter().all(|c| !c.text.contains('\u{200B}')));
    assert_eq!(articles(&draft)[31].children[0].children.len(), 3);
}

#[test]
fn articles_are_recognised_however_they_are_typed() {
    assert_shown(
        "某市停车条例（草案）

        目　录
        第一章　总则
        第二章　停车管理
        　第一节　一般规定
        第三章　附则

        第一章　总　　则

        **第一条**【立法目的】为了加强管理，制定本条例。
        第 二 条　本市行政区域内的停车，适用本条例。
        第三条第一款规定的事项除外。
        第２条之一 临时规定。
        第二章
        停车管理
        第一节 一般规定
        ### 第三条 停车位
        停车位由区政府设置。
        | 区 | 费 |
        | A | 1 |
        费用见上表。
        附　则
        第四条
        本条例自公布之日起施行。
        附件：收费标准
        第一条 标准如下。",
        "||某市停车条例（草案）
        ||目　录 ⏎ 第一章　总则 ⏎ 第二章　停车管理 ⏎ 第一节　一般规定 ⏎ 第三章　附则
        |第一章|总则
        第一章 总则|第一条|【立法目的】为了加强管理，制定本条例。
        第一章 总则|第二条|本市行政区域内的停车，适用本条例。 ⏎ 第三条第一款规定的事项除外。
          |第二条第一款|本市行政区域内的停车，适用本条例。
          |第二条第二款|第三条第一款规定的事项除外。
        第一章 总则|第２条之一|临时规定。
        |第二章|停车管理
        第二章 停车管理|第一节|一般规定
        第二章 停车管理 / 第一节 一般规定|第三条|停车位 ⏎ 停车位由区政府设置。 ⏎ | 区 | 费 | ⏎ | A | 1 | ⏎ 费用见上表。
          ||停车位
          |第三条第一款|停车位由区政府设置。
          ||| 区 | 费 | ⏎ | A | 1 |
          |第三条第二款|费用见上表。
        |附则|
        附则|第四条|本条例自公布之日起施行。
        ||附件：收费标准
        |第一条|标准如下。",
    );
}

#[test]
fn an_article_that_opens_with_a_reference_is_still_an_article() {
    assert_shown(
        "第一条 甲。
        第二条 第一条所称甲，是指乙。
        第一条规定的甲，包括丙。
        第三条　丁。",
        "|第一条|甲。
        |第二条|第一条所称甲，是指乙。 ⏎ 第一条规定的甲，包括丙。
          |第二条第一款|第一条所称甲，是指乙。
          |第二条第二款|第一条规定的甲，包括丙。
        |第三条|丁。",
    );
}

#[test]
fn a_draft_without_blanks_behind_its_numbers_is_read() {
    assert_shown(
        "第一章总则
        第一条为了规范停车，制定本办法。
        第二条本办法适用于全市。
        第一条规定的范围由市政府公布。
        第三条停车人应当缴费。",
        "|第一章|总则
        第一章 总则|第一条|为了规范停车，制定本办法。
        第一章 总则|第二条|本办法适用于全市。 ⏎ 第一条规定的范围由市政府公布。
          |第二条第一款|本办法适用于全市。
          |第二条第二款|第一条规定的范围由市政府公布。
        第一章 总则|第三条|停车人应当缴费。",
    );
}

#[test]
fn bold_type_and_traditional_characters_are_read() {
    assert_shown(
        "**第一章** 總則
        **第一条**对停车收费，适用本办法。
        **第二条**以盈利为目的的停车场，应当备案。
        第 三 條
        停車場應收費。",
        "|第一章|總則
        第一章 總則|第一条|对停车收费，适用本办法。
        第一章 總則|第二条|以盈利为目的的停车场，应当备案。
        第一章 總則|第三條|停車場應收費。",
    );
}

#[test]
fn articles_that_lost_their_line_ends_are_told_apart() {
    assert_shown(
        "第一条 甲。 第二条 乙： （一）丙； （二）丁。 戊。 第三条 己。
        第四条 见 第五条 的规定。",
        "|第一条|甲。
        |第二条|乙： ⏎ （一）丙； ⏎ （二）丁。 ⏎ 戊。
          |第二条第一款|乙：
            |第二条第一款第（一）项|（一）丙；
            |第二条第一款第（二）项|（二）丁。
          |第二条第二款|戊。
        |第三条|己。
        |第四条|见 第五条 的规定。",
    );
}

#[test]
fn items_nest_by_the_way_they_are_numbered() {
    assert_shown(
        "第五条 有下列情形之一的：
        （一）甲：
        1.甲一；
        2．甲二，包括：
        ① 细一；
        （二）乙。
        前款所称乙，是指丙。
        第六条 丁：
        一、戊；
        二、己。",
        "|第五条|有下列情形之一的： ⏎ （一）甲： ⏎ 1.甲一； ⏎ 2．甲二，包括： ⏎ ① 细一； ⏎ （二）乙。 ⏎ 前款所称乙，是指丙。
          |第五条第一款|有下列情形之一的：
            |第五条第一款第（一）项|（一）甲：
              |第五条第一款第（一）项第1目|1.甲一；
              |第五条第一款第（一）项第2目|2．甲二，包括：
                |第五条第一款第（一）项第2目第①目|① 细一；
            |第五条第一款第（二）项|（二）乙。
          |第五条第二款|前款所称乙，是指丙。
        |第六条|丁： ⏎ 一、戊； ⏎ 二、己。
          |第六条第一款|丁：
            |第六条第一项|一、戊；
            |第六条第二项|二、己。",
    );
}

#[test]
fn missing_repeated_and_misplaced_numbers_are_pointed_out_with_their_line() {
    let draft = parse(
        "第一条 甲。\n第二条 乙。\n\n第二条 丙。\n第五条 丁。\n第四条 戊。\n第六条之二 己。\n第七条 庚。",
    );
    assert_eq!(
        warned(&draft),
        [
            (WarningKind::RepeatedNumber, "第二条", 4),
            (WarningKind::MissingNumber, "第三条", 5),
            (WarningKind::OutOfOrder, "第四条", 6),
            (WarningKind::MissingNumber, "第六条", 7),
            (WarningKind::MissingNumber, "第六条之一", 7),
        ]
    );
    let draft = parse("Section 1. One.\n\nSection 3. Three.\n\nSection 3. Again.");
    assert_eq!(
        warned(&draft),
        [
            (WarningKind::MissingNumber, "Section 2", 3),
            (WarningKind::RepeatedNumber, "Section 3", 5)
        ]
    );
    assert_eq!(warned(&parse("")), [(WarningKind::NoArticles, "", 1)]);
}

#[test]
fn the_number_of_an_article_is_read_from_its_label() {
    for (label, number) in [
        ("第十二条", Some((12, 0))),
        ("第十二条之一", Some((12, 1))),
        ("第１２条", Some((12, 0))),
        ("Article 12", Some((12, 0))),
        ("Article 12a", Some((12, 1))),
        ("Section 3.1", Some((3, 1))),
        ("§ 3", Some((3, 0))),
        ("3.1", Some((3, 1))),
        ("附则", None),
        ("", None),
    ] {
        assert_eq!(ordinal(label), number, "{label}");
    }
}
