//! Opinions, plans and notices, which have no articles.

use super::*;

#[test]
fn the_measures_of_a_plan_are_its_articles() {
    assert_shown(
        "关于印发《若干措施》的通知

        各区人民政府：
        现印发给你们，请执行。

        一、提升准入便利
        （一）推进“一照多址”。允许企业在住所以外地点经营。
        （二）简化登记材料。
        1.取消重复提交的证明。
        2.推行电子营业执照：
        （1）个体工商户；
        （2）企业。
        二、加强要素保障。
        （三）保障用地。新增用地优先供给。
        三、保障措施。各单位要高度重视，加强领导。
        四、附则
        附件：1.分工表
        2.联系方式",
        "||关于印发《若干措施》的通知
        ||各区人民政府：
        ||现印发给你们，请执行。
        |一、|提升准入便利
        一、提升准入便利|（一）|推进“一照多址”。允许企业在住所以外地点经营。
        一、提升准入便利|（二）|简化登记材料。 ⏎ 1.取消重复提交的证明。 ⏎ 2.推行电子营业执照： ⏎ （1）个体工商户； ⏎ （2）企业。
          |（二）第一款|简化登记材料。
            |（二）第1项|1.取消重复提交的证明。
            |（二）第2项|2.推行电子营业执照：
              |（二）第2项第（1）目|（1）个体工商户；
              |（二）第2项第（2）目|（2）企业。
        |二、|加强要素保障。
        二、加强要素保障。|（三）|保障用地。新增用地优先供给。
        |三、|保障措施。各单位要高度重视，加强领导。
        |四、|附则
        ||附件：1.分工表
        ||2.联系方式",
    );
}

#[test]
fn a_notice_counted_in_decimals_has_articles_too() {
    assert_shown(
        "停车收费方案
        1．收费范围：全区道路。
        2．收费标准：每小时2.5元，其中：
        （1）小型车5元；
        （2）大型车10元。
        3．本方案自发布之日起施行。",
        "||停车收费方案
        |1．|收费范围：全区道路。
        |2．|收费标准：每小时2.5元，其中： ⏎ （1）小型车5元； ⏎ （2）大型车10元。
          |2．第一款|收费标准：每小时2.5元，其中：
            |2．第（1）项|（1）小型车5元；
            |2．第（2）项|（2）大型车10元。
        |3．|本方案自发布之日起施行。",
    );
}

#[test]
fn measures_that_are_left_out_are_pointed_out_and_those_counted_anew_are_not() {
    let plan = parse(
        "一、总体要求\n（一）甲。\n（二）乙。\n二、任务\n（一）丙。\n（三）丁。\n四、保障。各地要重视，加强领导。",
    );
    assert_eq!(
        warned(&plan),
        [
            (WarningKind::MissingNumber, "（二）", 6),
            (WarningKind::MissingNumber, "三、", 7),
        ]
    );
    let through = parse("一、要求\n（一）甲。\n（二）乙。\n二、任务\n（三）丙。\n（四）丁。");
    assert_eq!(warned(&through), []);
    let enclosed = parse("一、甲，乙。\n二、丙，丁。\n某方案\n一、戊，己。\n二、庚，辛。");
    assert_eq!(warned(&enclosed), []);
}

#[test]
fn headings_over_plain_text_have_no_articles_and_say_so() {
    let draft =
        parse("关于停车的意见\n\n一、总体要求\n\n以人为本。\n\n二、主要任务\n\n建设停车场。");
    assert_eq!(draft.clauses[2].path, ["一、总体要求"]);
    assert_eq!(draft.clauses[4].path, ["二、主要任务"]);
    assert_eq!(warned(&draft), [(WarningKind::NoArticles, "", 1)]);
}

#[test]
fn measures_are_known_by_their_number() {
    for (label, number) in [("（三）", 3), ("十二、", 12), ("4．", 4), ("5.", 5)] {
        assert_eq!(ordinal(label), Some((number, 0)), "{label}");
    }
}
