//! Comments stay attached to what they were written on and are shown where it stands now.

use crate::feedback::{publish, published, respond};
use crate::offices::{AFTER, BEFORE, CLOSES, OPENS, Office, SECOND, at, clause, offices};
use crate::world::World;
use backend::{comments, drafts};
use domain::comments::{Moderation, QueueFilter};
use domain::consultations::Number;
use domain::drafts::Draft;
use domain::feedback::Disposition;
use domain::id::ClauseId;
use testing::on_both_databases;

on_both_databases! {
    comments_are_found_and_counted_where_a_merge_a_split_or_a_move_took_them,
    a_clause_that_is_gone_still_leads_to_what_was_written_on_it,
    each_stage_has_its_own_comments_and_numbers,
    a_published_answer_stands_when_a_match_of_a_later_version_is_corrected,
}

const NEXT_OPENS: &str = "2026-05-01T00:00:00Z";
const NEXT_CLOSES: &str = "2026-06-10T00:00:00Z";

const AIM: &str = "为了规范机动车停车管理，改善交通环境，制定本规定。";
const LOTS: &str = "停车场经营者应当在入口处的显著位置公布收费标准、服务时间和监督电话，并按照公布的标准收取费用。";
const GUARDS: &str =
    "停车场经营者应当安排人员值守，维护场内秩序，定期检查消防和照明设备，发现隐患及时消除。";
const CHARGING: &str = "新建居民小区应当按照不低于车位总数百分之三十的比例建设电动汽车充电设施，供电企业应当予以配合。";
const SUBSIDY: &str = "市财政部门对提前完成充电设施改造的老旧小区给予补助，补助的标准由市财政部门会同市住房部门制定。";
const ROADS: &str =
    "道路停车泊位由公安机关交通管理部门会同城市管理部门划设，任何单位和个人不得擅自设置或者占用。";
const FINES: &str =
    "违反本规定擅自占用道路停车泊位的，由城市管理部门责令改正，处五百元以上一千元以下罚款。";

fn law(articles: &[&str]) -> String {
    let numbers = ["一", "二", "三", "四", "五", "六", "七", "八"];
    let lines = articles.iter().zip(numbers);
    lines
        .map(|(text, n)| format!("第{n}条 {text}\n\n"))
        .collect()
}

/// 第二条 is to be split, 第三条 and 第四条 to be merged, 第六条 to be moved to the second place.
fn before() -> String {
    law(&[
        AIM,
        &[LOTS, GUARDS].concat(),
        CHARGING,
        SUBSIDY,
        ROADS,
        FINES,
    ])
}

fn after() -> String {
    law(&[
        AIM,
        FINES,
        LOTS,
        GUARDS,
        &[CHARGING, SUBSIDY].concat(),
        ROADS,
    ])
}

/// One published comment on each article of [`before`], and the second round on [`after`].
async fn moved_on(office: &Office) -> (Number, Draft, Draft) {
    let number = office.prepare(BEFORE, "停车管理规定").await;
    let first = office.draft(BEFORE, number, &before()).await;
    office
        .publish(BEFORE, number, 1, OPENS, CLOSES)
        .await
        .expect("published");
    for article in &first.clauses {
        let said = [(Some(article.id), article.label.as_str())];
        office.hear(number, &said, Some(Moderation::Publish)).await;
    }
    let second = office.draft(AFTER, number, &after()).await;
    office
        .publish(AFTER, number, 2, NEXT_OPENS, NEXT_CLOSES)
        .await
        .expect("published");
    (number, first, second)
}

async fn comments_are_found_and_counted_where_a_merge_a_split_or_a_move_took_them(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, _, second) = moved_on(&transport).await;
    world.travel(NEXT_OPENS);
    let counts = world.clause_counts(number).await;
    for (label, expected) in [
        ("第一条", &["第一条"][..]),
        ("第二条", &["第六条"]),
        ("第三条", &["第二条"]),
        ("第四条", &["第二条"]),
        ("第五条", &["第三条", "第四条"]),
        ("第六条", &["第五条"]),
    ] {
        let id = clause(&second, label).id;
        let listed = world.published(number, Some(id)).await;
        let mut said: Vec<&str> = listed
            .iter()
            .flat_map(|comment| &comment.points)
            .map(|point| point.text.as_str())
            .collect();
        said.reverse();
        assert_eq!(said, expected, "{label}");
        assert_eq!(counts[&id], expected.len() as i64, "{label}");
        let filter = QueueFilter {
            clause: Some(id),
            ..QueueFilter::default()
        };
        let queue = comments::queue(&world.backend, &transport.see(), number, filter).await;
        assert_eq!(queue.expect("it reads").items.len(), expected.len());
    }
    let all = world.published(number, None).await;
    let mut places: Vec<(String, Vec<String>)> = all
        .into_iter()
        .flat_map(|comment| comment.points)
        .map(|point| {
            let now = point.clause_now.into_iter().map(|place| place.name);
            (point.clause_label.unwrap_or_default(), now.collect())
        })
        .collect();
    places.reverse();
    let places: Vec<String> = places
        .into_iter()
        .map(|(label, now)| format!("{label} {}", now.join("+")))
        .collect();
    assert_eq!(
        places,
        [
            "第一条 第一条",
            "第二条 第三条+第四条",
            "第三条 第五条",
            "第四条 第五条",
            "第五条 第六条",
            "第六条 第二条",
        ]
    );
}

async fn a_clause_that_is_gone_still_leads_to_what_was_written_on_it(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, first, second) = moved_on(&transport).await;
    let stands = |id: ClauseId| second.all_clauses().any(|one| one.id == id);
    let absorbed: Vec<_> = first.clauses.iter().filter(|one| !stands(one.id)).collect();
    assert_eq!(absorbed.len(), 1, "one of two merged clauses lends its id");
    let listed = world.published(number, Some(absorbed[0].id)).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].points[0].text, absorbed[0].label);
    let unknown = ClauseId(uuid::Uuid::from_u128(1));
    assert!(world.published(number, Some(unknown)).await.is_empty());
}

async fn each_stage_has_its_own_comments_and_numbers(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, first) = transport.consult().await;
    let fine = clause(&first, "第三条").id;
    let said = [(Some(fine), "太重"), (None, "支持")];
    let heard = transport
        .hear(number, &said, Some(Moderation::Publish))
        .await;
    for point in &heard.points {
        respond(&transport, *point, Disposition::Adopted, None)
            .await
            .unwrap();
    }
    transport.draft(AFTER, number, SECOND).await;
    publish(&transport, number, AFTER).await.unwrap();
    transport
        .publish(AFTER, number, 2, NEXT_OPENS, NEXT_CLOSES)
        .await
        .unwrap();
    world.travel(NEXT_OPENS);

    let now = world.dossier(number, None, None).await.unwrap();
    assert_eq!((now.consultation.stage, now.stage), (2, 2));
    assert_eq!(
        (now.counts.comments.received, now.counts.points.received),
        (0, 0)
    );
    assert_eq!(now.counts, now.consultation.counts);
    assert!(now.clause_counts.is_empty() && now.comments.unwrap().items.is_empty());

    let earlier = world.dossier(number, Some(1), None).await.unwrap();
    assert_eq!((earlier.consultation.stage, earlier.stage), (2, 1));
    let points = earlier.counts.points;
    assert_eq!((points.received, points.published), (2, 2));
    let listed = earlier.comments.unwrap().items;
    assert_eq!(listed.len() as i64, earlier.counts.comments.published);
    assert_eq!(
        earlier.clause_counts.into_iter().collect::<Vec<_>>(),
        [(fine, 1)]
    );
    assert_eq!(listed[0].points[0].clause_now[0].name, "第四条");
    let on = world.dossier(number, Some(1), Some(fine)).await.unwrap();
    assert_eq!(on.comments.unwrap().items[0].points.len(), 1);
    assert_eq!(
        world.published(number, None).await.len(),
        1,
        "of all stages"
    );
    for none in [0, 3] {
        assert!(world.dossier(number, Some(none), None).await.is_none());
    }
}

async fn a_published_answer_stands_when_a_match_of_a_later_version_is_corrected(world: &World) {
    let (transport, _) = offices(world).await;
    let (number, first) = transport.consult().await;
    let fine = clause(&first, "第三条").id;
    let heard = transport
        .hear(number, &[(Some(fine), "太重")], Some(Moderation::Publish))
        .await;
    let second = transport.draft(AFTER, number, SECOND).await;
    assert_eq!(clause(&second, "第四条").id, fine);
    respond(
        &transport,
        heard.points[0],
        Disposition::Adopted,
        Some(fine),
    )
    .await
    .unwrap();
    let account = publish(&transport, number, AFTER).await.unwrap();
    let third = transport.draft(AFTER, number, SECOND).await;
    assert_eq!(clause(&third, "第四条").id, fine);
    let edit = transport.edit();
    drafts::correct_match(&world.backend, &mut at(AFTER), &edit, number, 3, fine, None)
        .await
        .unwrap();
    assert_eq!(published(&world.backend, number).await, Some(account));
    let shown = world.published(number, None).await;
    let answer = shown[0].points[0].response.clone().unwrap();
    assert_eq!(answer.change, Some(fine));
    assert_eq!(answer.change_label.as_deref(), Some("第四条"));
}
