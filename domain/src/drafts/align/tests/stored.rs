//! What is kept of an alignment and told to readers: identities, links, changes.

use super::*;
use crate::drafts::{Change, InlineOp};

#[test]
fn identities_live_on_and_are_never_given_twice() {
    let old = first(&data("sme-payment-v1"));
    let (new, links) = next(&old, &data("sme-payment-v2"));
    let of = |version: &Version, label: &str| -> ClauseId {
        let all = version.0.iter().flat_map(Clause::walk).collect::<Vec<_>>();
        all.iter()
            .find(|c| c.label == label)
            .unwrap_or_else(|| panic!("{label}"))
            .id
    };
    for (before, after) in [
        ("第一条", "第一条"),
        ("第六条", "第七条"),
        ("第六条第二款", "第七条第二款"),
        ("第十八条", "第二十条"),
        ("第二十五条第（五）项", "第三十一条第（五）项"),
        ("第二十六条", "第三十二条"),
        // The likest part of a split article; a paragraph goes where its words went.
        ("第十七条第一款", "第二十四条第一款"),
        ("第十七条第二款", "第二十五条第一款"),
    ] {
        assert_eq!(
            of(&old, before),
            of(&new, after),
            "{before} lives on in {after}"
        );
    }
    for (before, after) in [("第四条", "第四条"), ("第八条", "第八条")] {
        assert_ne!(of(&old, before), of(&new, after));
    }
    let split = of(&old, "第十七条");
    let heirs: Vec<_> = links.iter().filter(|l| l.old == split).collect();
    assert_eq!(heirs.len(), 3);
    assert_eq!(heirs.iter().filter(|l| l.new == split).count(), 1);
    let ids: Vec<_> = new.0.iter().flat_map(Clause::walk).map(|c| c.id).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    assert!(ids.len() > 80);
}

fn told(change: &Change) -> String {
    let label = |label: &Option<String>| label.clone().unwrap_or_else(|| "-".into());
    format!(
        "{} {} {}",
        label(&change.from_label),
        change.kind,
        label(&change.to_label)
    )
}

#[test]
fn changes_are_told_in_the_order_of_the_new_version_with_removed_clauses_where_they_stood() {
    let all = law(8);
    let old = first(&numbered(&all));
    let mut shorter = all.clone();
    shorter.remove(7);
    shorter.remove(3);
    shorter[1] = format!("{}另有约定的除外。", shorter[1]);
    let (new, links) = next(&old, &numbered(&shorter));
    let changes = changes(&old.0, &new.0, &links, &plain_words);
    let lines: Vec<_> = changes.iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "第1条 same 第1条",
            "第2条 reworded 第2条",
            "第3条 same 第3条",
            "第4条 removed -",
            "第5条 same 第4条",
            "第6条 same 第5条",
            "第7条 same 第6条",
            "第8条 removed -",
        ]
    );
    let inserted: Vec<_> = changes[1]
        .inline
        .iter()
        .filter(|r| r.op == InlineOp::Insert)
        .collect();
    assert_eq!(inserted.len(), 1);
    assert_eq!(inserted[0].text, "另有约定的除外。");
    assert!(
        changes[3]
            .inline
            .iter()
            .all(|run| run.op == InlineOp::Delete)
    );
    assert_eq!(changes[3].label, "第4条");
}

#[test]
fn each_part_of_a_split_clause_is_compared_with_what_became_of_it() {
    let old = first(&numbered(&[law(3), vec![LONG.concat()]].concat()));
    let parts = [law(3), LONG.map(str::to_owned).to_vec()].concat();
    let (new, links) = next(&old, &numbered(&parts));
    let changes = changes(&old.0, &new.0, &links, &plain_words);
    let split: Vec<_> = changes
        .iter()
        .filter(|c| c.kind == ClauseChange::Split)
        .collect();
    assert_eq!(split.len(), 3);
    for (change, sentence) in split.iter().zip(LONG) {
        assert_eq!(change.from, Some(old.0[3].id));
        assert_eq!(change.inline.len(), 1, "{:?}", change.inline);
        assert_eq!(
            (change.inline[0].op, change.inline[0].text.as_str()),
            (InlineOp::Equal, sentence)
        );
    }
}

#[test]
fn staff_can_say_what_a_clause_is() {
    let all = law(6);
    let old = first(&numbered(&all));
    let mut changed = all.clone();
    changed[2] = "本市鼓励志愿者参与维护停车秩序。".into();
    let (new, links) = next(&old, &numbered(&changed));
    assert!(
        links.iter().all(|l| l.new != new.0[2].id),
        "at first it counts as added"
    );
    let joined = correct(links, &old.0, &new.0, new.0[2].id, Some(old.0[2].id));
    let link = joined
        .iter()
        .find(|l| l.new == new.0[2].id)
        .expect("staff made a link");
    assert_eq!((link.kind, link.confidence), (ClauseChange::Reworded, 100));
    let (carried, joined) = carry_links(&old.0, &new.0, &joined, &mut counter(1 << 40));
    assert_eq!(carried[2].id, old.0[2].id);
    assert_eq!(joined.len(), 6);
    // And that it is new after all.
    let parted = correct(joined, &old.0, &carried, carried[2].id, None);
    let (carried, parted) = carry_links(&old.0, &carried, &parted, &mut counter(1 << 41));
    assert_eq!(parted.len(), 5);
    assert!(old.0.iter().all(|c| c.id != carried[2].id));
    let told: Vec<_> = changes(&old.0, &carried, &parted, &plain_words)
        .iter()
        .map(told)
        .collect();
    assert_eq!(told[2..4], ["第3条 removed -", "- added 第3条"]);
}

#[test]
fn links_of_two_steps_make_the_links_of_both() {
    let all = law(10);
    let a = first(&numbered(&all));
    let mut second = all.clone();
    second.remove(0);
    second[4].push_str("本款自公布之日起施行。");
    let (b, a_to_b) = next(&a, &numbered(&second));
    let mut third = second.clone();
    let lifted = third.remove(1);
    third.push(lifted);
    let (c, b_to_c) = next(&b, &numbered(&third));
    let told: Vec<_> = changes(&a.0, &c.0, &compose(&a_to_b, &b_to_c), &plain_words)
        .iter()
        .map(told)
        .filter(|line| !line.contains("same"))
        .collect();
    assert_eq!(
        told,
        [
            "第1条 removed -",
            "第6条 reworded 第4条",
            "第3条 moved 第9条"
        ]
    );
}
