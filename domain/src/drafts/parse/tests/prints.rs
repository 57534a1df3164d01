//! Text taken from printed pages: broken lines, page numbers.

use super::*;

#[test]
fn page_numbers_are_no_paragraphs_and_sentences_go_on_behind_them() {
    assert_shown(
        "第一条　为了规范停车。
        — 1 —
        第二条　市政府负责，各部门按照各自职

        - 2 -

        责配合。
        第三条　停车应当：
        （一）付费；
        第 3 页 共 4 页
        （二）守法。
                                     4
        第四条　本办法自公布之日起施行。
        Page 5 of 5",
        "|第一条|为了规范停车。 ⏎ — 1 —
        |第二条|市政府负责，各部门按照各自职责配合。 ⏎ - 2 -
        |第三条|停车应当： ⏎ （一）付费； ⏎ 第 3 页 共 4 页 ⏎ （二）守法。 ⏎ 4
          |第三条第一款|停车应当：
            |第三条第（一）项|（一）付费；
          ||第 3 页 共 4 页
          |第三条第（二）项|（二）守法。
          ||4
        |第四条|本办法自公布之日起施行。 ⏎ Page 5 of 5",
    );
}

#[test]
fn chinese_lines_broken_at_a_width_are_joined() {
    assert_shown(
        "                第一章  总则

            第一条  为了加强城市绿化管理，保护和改善
        生态环境，建设宜居城市，根据有关法律、法规，
        结合本市实际，制定本条例。
            第二条  绿化主管部门履行下列职责：
            （一）编制绿地系统规划，并会同有关部门依
        照第十条规定组织实施；
            （二）法律、法规规定的其他职责。
            第三条  违反本条例第一条、第二条规定的，
        由绿化主管部门责令改正。",
        "|第一章|总则
        第一章 总则|第一条|为了加强城市绿化管理，保护和改善生态环境，建设宜居城市，根据有关法律、法规，结合本市实际，制定本条例。
        第一章 总则|第二条|绿化主管部门履行下列职责： ⏎ （一）编制绿地系统规划，并会同有关部门依照第十条规定组织实施； ⏎ （二）法律、法规规定的其他职责。
          |第二条第一款|绿化主管部门履行下列职责：
            |第二条第（一）项|（一）编制绿地系统规划，并会同有关部门依照第十条规定组织实施；
            |第二条第（二）项|（二）法律、法规规定的其他职责。
        第一章 总则|第三条|违反本条例第一条、第二条规定的，由绿化主管部门责令改正。",
    );
}

#[test]
fn a_line_that_stops_in_the_middle_goes_on_however_short_it_is() {
    assert_shown(
        "第一条 管行业必须管安全、
        管业务必须管安全。
        第二条 下列车辆，
        （一）警车；
        （二）消防车。",
        "|第一条|管行业必须管安全、管业务必须管安全。
        |第二条|下列车辆， ⏎ （一）警车； ⏎ （二）消防车。
          |第二条第一款|下列车辆，
            |第二条第（一）项|（一）警车；
            |第二条第（二）项|（二）消防车。",
    );
}

#[test]
fn an_english_ordinance_keeps_its_references_inside_its_sentences() {
    assert_shown(
        "§ 5.01 Purpose. This chapter protects
        housing, in accordance with
        § 5.03 and with state law.

        § 5.02 Definitions.
          A. \"Dwelling\" means a building used as a home.
          B. \"Host\" means a person who offers it:
             1. for rent; or
             2. in exchange.

        § 5.03 License. A license is renewed as provided in
        Section 5.04.

        § 5.04 Fees. The council sets the fee.",
        "|§ 5.01|Purpose. This chapter protects housing, in accordance with § 5.03 and with state law.
        |§ 5.02|Definitions. ⏎ A. \"Dwelling\" means a building used as a home. ⏎ B. \"Host\" means a person who offers it: ⏎ 1. for rent; or ⏎ 2. in exchange.
          ||Definitions.
          |§ 5.02(A)|A. \"Dwelling\" means a building used as a home.
          |§ 5.02(B)|B. \"Host\" means a person who offers it:
            |§ 5.02(B)(1)|1. for rent; or
            |§ 5.02(B)(2)|2. in exchange.
        |§ 5.03|License. A license is renewed as provided in Section 5.04.
        |§ 5.04|Fees. The council sets the fee.",
    );
}

#[test]
fn an_english_bill_in_numbered_paragraphs_and_a_point_after_points_are_read() {
    assert_shown(
        "**1. Short title.** This Act may be cited as the Cities Act.

        **2. Definitions.** In this Act:

        (a) \"city\" means a town; and
        (b) \"mayor\" means its head.",
        "|1|Short title. This Act may be cited as the Cities Act.
        |2|Definitions. In this Act: ⏎ (a) \"city\" means a town; and ⏎ (b) \"mayor\" means its head.
          |2, paragraph 1|Definitions. In this Act:
            |2(a)|(a) \"city\" means a town; and
            |2(b)|(b) \"mayor\" means its head.",
    );
    assert_shown(
        "Article 1

        1. Processing is lawful if:

        (a) the person agreed.

        Point (a) does not bind courts.

        2. States may say more.",
        "|Article 1|1. Processing is lawful if: ⏎ (a) the person agreed. ⏎ Point (a) does not bind courts. ⏎ 2. States may say more.
          |Article 1(1)|1. Processing is lawful if:
            |Article 1(1)(a)|(a) the person agreed.
            |Article 1(1), subparagraph 2|Point (a) does not bind courts.
          |Article 1(2)|2. States may say more.",
    );
}
