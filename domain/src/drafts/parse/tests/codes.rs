//! Codes and laws of many parts, and how their articles are headed.

use super::*;

#[test]
fn a_code_has_parts_over_chapters_and_its_last_provisions_beside_its_parts() {
    assert_shown(
        "民法典（草案）

        目　　录
        第一编　总　　则
        　第一章　基本规定
        第二编　物　　权
        　第一分编　通　　则
        　　第一章　一般规定
        附　　则

        第一编　总　　则
        第一章　基本规定
        　　第一条　为了保护权益，制定本法。
        第二编　物　　权
        第一分编　通　　则
        第一章　一般规定
        第一千二百五十九条　本编调整物权。
        附　　则
        第一千二百六十条　本法自2021年1月1日起施行。",
        "||民法典（草案）
        ||目　　录 ⏎ 第一编　总　　则 ⏎ 第一章　基本规定 ⏎ 第二编　物　　权 ⏎ 第一分编　通　　则 ⏎ 第一章　一般规定 ⏎ 附　　则
        |第一编|总则
        第一编 总则|第一章|基本规定
        第一编 总则 / 第一章 基本规定|第一条|为了保护权益，制定本法。
        |第二编|物权
        第二编 物权|第一分编|通则
        第二编 物权 / 第一分编 通则|第一章|一般规定
        第二编 物权 / 第一分编 通则 / 第一章 一般规定|第一千二百五十九条|本编调整物权。
        |附则|
        附则|第一千二百六十条|本法自2021年1月1日起施行。",
    );
}

#[test]
fn a_title_below_the_number_of_its_chapter_is_no_chapter_of_its_own() {
    assert_shown(
        "第一章
        总　则
        第一条 甲。
        第二章
        附　则
        第二条 乙。",
        "|第一章|总则
        第一章 总则|第一条|甲。
        |第二章|附则
        第二章 附则|第二条|乙。",
    );
}

#[test]
fn the_title_of_an_article_stands_in_brackets() {
    assert_shown(
        "### 第一条【立法目的】

        为了规范养犬，制定本条例。

        ### 第二条（适用范围）

        本市养犬，适用本条例。

        下列犬只除外：
        （一）警犬；
        （二）导盲犬。

        第二条之一 （例外） 军犬另行规定。
        第三条、本条例由市公安局解释。
        第二条、第三条规定的事项除外。
        第四条本条例自公布之日起施行。",
        "|第一条|【立法目的】 ⏎ 为了规范养犬，制定本条例。
        |第二条|（适用范围） ⏎ 本市养犬，适用本条例。 ⏎ 下列犬只除外： ⏎ （一）警犬； ⏎ （二）导盲犬。
          ||（适用范围）
          |第二条第一款|本市养犬，适用本条例。
          |第二条第二款|下列犬只除外：
            |第二条第二款第（一）项|（一）警犬；
            |第二条第二款第（二）项|（二）导盲犬。
        |第二条之一|（例外） 军犬另行规定。
        |第三条|本条例由市公安局解释。 ⏎ 第二条、第三条规定的事项除外。
          |第三条第一款|本条例由市公安局解释。
          |第三条第二款|第二条、第三条规定的事项除外。
        |第四条|本条例自公布之日起施行。",
    );
}

#[test]
fn chapters_that_are_left_out_or_stand_twice_are_pointed_out() {
    let law = parse(
        "第一章 甲\n第一节 子\n第一条 天。\n第三节 丑\n第二条 地。\n第二章 乙\n第一节 寅\n第三条 人。\n第四章 丙\n第四条 和。\n第四章 丁\n第五条 合。",
    );
    assert_eq!(
        warned(&law),
        [
            (WarningKind::MissingNumber, "第二节", 4),
            (WarningKind::MissingNumber, "第三章", 9),
            (WarningKind::RepeatedNumber, "第四章", 11),
        ]
    );
    // Chapters are counted anew in each part, or through all of them.
    for second in ["第一章", "第二章"] {
        let code =
            format!("第一编 甲\n第一章 子\n第一条 天。\n第二编 乙\n{second} 丑\n第二条 地。");
        assert_eq!(warned(&parse(&code)), [], "{second}");
    }
    let act = parse("TITLE I\nArticle 1\nYes.\nTITLE III\nArticle 2\nNo.");
    assert_eq!(warned(&act), [(WarningKind::MissingNumber, "TITLE II", 4)]);
}

#[test]
fn a_dash_in_place_of_one_is_read_as_one() {
    let law = parse("第三十条 甲。\n第三十－条 乙。\n第三十二条 丙。");
    assert_eq!(articles(&law).len(), 3);
}

#[test]
fn a_list_of_contents_needs_no_title_and_an_annex_is_no_such_list() {
    assert_shown(
        "# 公园条例
        - [第一章 总则](#a)
        - [附则](#b)

        <a id=\"a\"></a>
        ## 第一章 总则
        第一条 甲。
        <br>
        ## 附则
        第二条 乙。",
        "||公园条例
        ||- 第一章 总则 ⏎ - 附则
        |第一章|总则
        第一章 总则|第一条|甲。
        |附则|
        附则|第二条|乙。",
    );
    let annexed = parse("第一章 总则\n第一节 一般\n第一条 甲。\n附件\n第一章 总则\n第一条 乙。");
    let headings = annexed.clauses.iter().filter(|c| c.kind.is_heading());
    assert_eq!(headings.count(), 3);
}
