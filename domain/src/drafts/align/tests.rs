mod revisions;
mod stored;

use super::*;
use crate::drafts::parse::parse;
use crate::drafts::redline::plain_words;
use crate::id::ClauseId;
use proptest::prelude::*;
use std::collections::HashSet;

/// A version as it is stored.
struct Version(Vec<Clause>);

fn counter(from: u128) -> impl FnMut() -> ClauseId {
    let mut next = from;
    move || {
        next += 1;
        ClauseId(uuid::Uuid::from_u128(next))
    }
}

fn first(text: &str) -> Version {
    let parsed = parse(text).clauses;
    let nothing: &[Clause] = &[];
    Version(carry_ids(
        nothing,
        &parsed,
        &align(nothing, &parsed),
        &mut counter(0),
    ))
}

fn next(old: &Version, text: &str) -> (Version, Links) {
    let parsed = parse(text).clauses;
    let alignment = align(&old.0, &parsed);
    let new = carry_ids(&old.0, &parsed, &alignment, &mut counter(1 << 32));
    let links = links(&old.0, &new, &alignment);
    (Version(new), links)
}

fn name<C: Aligned>(clause: &C) -> String {
    match clause.label() {
        "" => format!("「{}」", clause.text().chars().take(9).collect::<String>()),
        label => label.to_owned(),
    }
}

/// One line for each match, as in the files of `tests/alignment`.
fn table(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (parse(old).clauses, parse(new).clauses);
    let alignment = align(&old, &new);
    let names = |clauses: &[ParsedClause], places: &[usize]| match places {
        [] => "-".to_owned(),
        _ => places
            .iter()
            .map(|at| name(&clauses[*at]))
            .collect::<Vec<_>>()
            .join("+"),
    };
    alignment
        .matches
        .iter()
        .map(|m| {
            let doubt = if m.confidence < DOUBTFUL { "?" } else { "" };
            format!(
                "{} {}{doubt} {}",
                names(&old, &m.old),
                m.kind,
                names(&new, &m.new)
            )
        })
        .collect()
}

/// The matches that are not `same`.
fn differing(old: &str, new: &str) -> Vec<String> {
    table(old, new)
        .into_iter()
        .filter(|line| !line.contains(" same "))
        .collect()
}

fn read(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn data(name: &str) -> String {
    read(&format!("../server/demo/{name}.md"))
}

#[test]
fn the_real_revisions_are_aligned_as_a_reader_would() {
    for (law, matches) in [("parking", 52), ("sme-payment", 43)] {
        let reviewed = read(&format!("tests/alignment/{law}.txt"));
        let reviewed: Vec<&str> = reviewed.lines().filter(|l| !l.starts_with('#')).collect();
        let found = table(&data(&format!("{law}-v1")), &data(&format!("{law}-v2")));
        assert_eq!(found, reviewed, "{law}");
        assert_eq!(found.len(), matches, "{law}");
    }
}

#[test]
fn two_laws_that_have_nothing_in_common_are_not_forced_together() {
    let found = table(&data("decree-713"), &data("parking-v2"));
    let matched: Vec<_> = found
        .iter()
        .filter(|l| !l.contains(" added") && !l.contains(" removed"))
        .collect();
    // Their first and last chapters have one title, and their last articles one sentence.
    assert_eq!(
        matched,
        [
            "第一章 same 第一章",
            "第六章 same 第五章",
            "第四十四条 reworded 第四十三条"
        ]
    );
    assert_eq!(found.len(), 59 + 52 - 3);
}

/// `count` articles in the language of laws: the same turns of phrase over and over.
fn law(count: usize) -> Vec<String> {
    let pick = |list: &[&str], n: usize| list[n % list.len()].to_owned();
    let who = [
        "市交通主管部门",
        "区人民政府",
        "公安机关交通管理部门",
        "停车设施经营单位",
        "街道办事处",
        "规划自然资源主管部门",
        "建设单位",
    ];
    let does = [
        "应当制定",
        "应当公布",
        "负责编制",
        "不得擅自变更",
        "应当定期检查",
        "应当备案",
        "可以委托他人管理",
        "应当按照规定报送",
        "应当会同有关部门评估",
        "应当停止使用",
        "依法拆除",
    ];
    let what = [
        "停车设施专项规划",
        "道路停车泊位",
        "收费标准",
        "居住停车区域",
        "电子收费设施",
        "临时停车场",
        "停车诱导系统",
        "充电设施",
        "机械式停车设备",
        "驻车换乘停车场",
        "非机动车停放区",
        "停车信用记录",
        "停车资源普查结果",
    ];
    let how = [
        "并向社会公开",
        "并及时调整",
        "具体办法由市人民政府规定",
        "逾期未改正的，处一万元罚款",
        "法律、法规另有规定的除外",
        "期限为三十日",
        "每两年一次",
        "情节严重的，处五万元罚款",
    ];
    (0..count)
        .map(|n| {
            let (a, b) = (n * 31 + n / 7, n * 17 + n / 11);
            format!(
                "{}{}{}，{}。有关{}的事项，由{}会同{}办理，{}。",
                pick(&who, n),
                pick(&does, a),
                pick(&what, b),
                pick(&how, n / 3),
                pick(&what, a + n / 13),
                pick(&who, b + 2),
                pick(&who, a + 3),
                pick(&how, n / 5 + b),
            )
        })
        .collect()
}

fn numbered(articles: &[String]) -> String {
    let line = |(at, text): (usize, &String)| format!("第{}条 {text}\n", at + 1);
    articles.iter().enumerate().map(line).collect()
}

#[test]
fn an_article_inserted_among_three_hundred_moves_none_of_them() {
    let old = law(300);
    let mut new = old.clone();
    new.insert(150, "本市鼓励志愿者参与维护停车秩序，宣传绿色出行。".into());
    assert_eq!(
        differing(&numbered(&old), &numbered(&new)),
        ["- added 第151条"]
    );
}

#[test]
fn an_article_inserted_behind_another_does_not_shift_the_rest() {
    let old = numbered(&law(20));
    let new = old.replacen(
        "第12条",
        "第11条之一 军队停车场的管理，另行规定。\n第12条",
        1,
    );
    assert_eq!(differing(&old, &new), ["- added 第11条之一"]);
}

#[test]
fn of_two_articles_that_changed_places_one_moved() {
    let old = law(30);
    let mut new = old.clone();
    let lifted = new.remove(4);
    new.insert(20, lifted);
    assert_eq!(
        differing(&numbered(&old), &numbered(&new)),
        ["第5条 moved 第21条"]
    );
}

fn chaptered(chapters: &[(&str, &[String])]) -> String {
    let mut text = String::new();
    let mut number = 0;
    for (at, (title, articles)) in chapters.iter().enumerate() {
        text.push_str(&format!("第{}章 {title}\n", at + 1));
        for article in *articles {
            number += 1;
            text.push_str(&format!("第{number}条 {article}\n"));
        }
    }
    text
}

#[test]
fn a_chapter_that_moved_takes_its_articles_along() {
    let all = law(30);
    let (a, b, c) = (&all[..12], &all[12..16], &all[16..]);
    let old = chaptered(&[("总则", a), ("收费", b), ("管理", c)]);
    let new = chaptered(&[("总则", a), ("管理", c), ("收费", b)]);
    assert_eq!(
        differing(&old, &new),
        [
            "第2章 moved 第3章",
            "第13条 moved 第27条",
            "第14条 moved 第28条",
            "第15条 moved 第29条",
            "第16条 moved 第30条",
        ]
    );
}

#[test]
fn an_article_that_went_under_another_heading_moved_though_the_order_stayed() {
    let all = law(20);
    let old = chaptered(&[("总则", &all[..10]), ("管理", &all[10..])]);
    let new = chaptered(&[("总则", &all[..9]), ("管理", &all[9..])]);
    assert_eq!(differing(&old, &new), ["第10条 moved 第10条"]);
}

#[test]
fn chapters_set_over_articles_that_stay_move_nothing() {
    let all = law(20);
    let new = chaptered(&[("总则", &all[..9]), ("管理", &all[9..])]);
    assert_eq!(
        differing(&numbered(&all), &new),
        ["- added 第1章", "- added 第2章"]
    );
    // Nor does cutting a chapter in two.
    let old = chaptered(&[("总则", &all)]);
    assert_eq!(differing(&old, &new), ["- added 第2章"]);
}

#[test]
fn a_heading_is_known_by_its_articles_when_its_title_changes() {
    let all = law(20);
    let old = chaptered(&[("总则", &all[..10]), ("停车管理", &all[10..])]);
    let new = chaptered(&[("总则", &all[..10]), ("秩序与服务", &all[10..])]);
    assert_eq!(differing(&old, &new), ["第2章 reworded 第2章"]);
}

const LONG: [&str; 3] = [
    "公众可以通过信函、电子邮件和网络平台提出意见，起草单位应当自收到之日起三日内登记。",
    "起草单位对专业性较强的问题应当组织专家论证，论证意见应当署名并归档保存十年。",
    "听证会应当提前七日公告时间和地点，旁听席位不少于二十个，听证笔录由参加人签字。",
];

#[test]
fn a_clause_split_into_two_and_two_merged_into_one_are_found() {
    let mut whole = law(12);
    whole.insert(6, LONG.concat());
    let mut parts = law(12);
    parts.splice(
        6..6,
        [LONG[0].to_owned(), format!("{}{}", LONG[1], LONG[2])],
    );
    let (whole, parts) = (numbered(&whole), numbered(&parts));
    assert_eq!(differing(&whole, &parts), ["第7条 split 第7条+第8条"]);
    assert_eq!(differing(&parts, &whole), ["第7条+第8条 merged 第7条"]);
}

#[test]
fn an_english_act_is_aligned_too() {
    let old = "PART I - GENERAL

Section 1. Short title. This Act may be cited as the Parking Act.

Section 2. Permits. The council may issue a permit to any resident who owns a vehicle and lives within the zone.

Section 3. Fees. The fee for a permit is ten pounds a year and is payable to the treasurer in advance.

PART II - ENFORCEMENT

Section 4. Wardens. A warden may remove a vehicle that obstructs a fire exit or an ambulance bay.

Section 5. Appeals. An appeal against a penalty lies to the adjudicator within twenty-eight days of its notice.";
    let new = "PART I - GENERAL

Section 1. Short title. This Act may be cited as the Parking Act.

Section 2. Purpose. Streets belong to those who walk, ride and play in them.

Section 3. Permits. The council shall issue a permit to any resident or carer who owns a vehicle and lives within the zone.

PART II - ENFORCEMENT

Section 4. Appeals. An appeal against a penalty lies to the adjudicator within twenty-eight days of its notice.

Section 5. Wardens. A warden may remove a vehicle that obstructs a fire exit or an ambulance bay.";
    assert_eq!(
        differing(old, new),
        [
            "- added Section 2",
            "Section 2 reworded Section 3",
            "Section 4 moved Section 5",
            "Section 3 removed -",
        ]
    );
}

#[test]
fn thirteen_hundred_articles_are_aligned_at_once() {
    let old = law(1300);
    let mut new = old.clone();
    new.splice(
        700..700,
        law(40)
            .into_iter()
            .map(|text| text.replace('市', "省") + "本条为新增。"),
    );
    new.drain(100..120);
    let (old, new) = (
        parse(&numbered(&old)).clauses,
        parse(&numbered(&new)).clauses,
    );
    // What is quadratic in the articles takes minutes here, and the tests have a limit.
    let alignment = align(&old, &new);
    assert!(
        alignment
            .matches
            .iter()
            .filter(|m| m.kind == ClauseChange::Same)
            .count()
            > 1200
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_clause_is_accounted_for(
        order in Just((0..14usize).collect::<Vec<_>>()).prop_shuffle(),
        kept in prop::collection::vec(any::<bool>(), 14),
        cut in 0..14usize,
    ) {
        let all = law(14);
        let mut changed: Vec<String> =
            order.iter().filter(|at| kept[**at]).map(|at| all[*at].clone()).collect();
        if let Some(text) = changed.get_mut(cut) {
            *text = text.chars().take(20).collect();
        }
        let old = first(&numbered(&all));
        let parsed = parse(&numbered(&changed)).clauses;
        let alignment = align(&old.0, &parsed);
        let seen_old: HashSet<_> = alignment.matches.iter().flat_map(|m| m.old.clone()).collect();
        let seen_new: HashSet<_> = alignment.matches.iter().flat_map(|m| m.new.clone()).collect();
        prop_assert_eq!(seen_old.len(), old.0.len());
        prop_assert_eq!(seen_new.len(), parsed.len());
        let new = carry_ids(&old.0, &parsed, &alignment, &mut counter(1 << 32));
        let ids: Vec<_> = new.iter().flat_map(Clause::walk).map(|c| c.id).collect();
        prop_assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        let links = links(&old.0, &new, &alignment);
        let changes = changes(&old.0, &new, &links, &plain_words);
        for clause in &new {
            prop_assert!(changes.iter().any(|c| c.to == Some(clause.id)));
        }
        for clause in &old.0 {
            prop_assert!(changes.iter().any(|c| c.from == Some(clause.id)));
        }
    }
}
