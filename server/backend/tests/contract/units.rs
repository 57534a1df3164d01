//! Units and their origins.

use crate::world::World;
use backend::units::NewUnit;
use backend::{Error, Viewer, consultations, units};
use domain::staff::Role;
use testing::on_both_databases;

on_both_databases! {
    a_unit_is_added_once_with_all_faults_named,
    origins_are_replaced_by_the_units_own_administrator,
    a_unit_says_in_which_language_it_writes,
    an_administrator_administers_the_units_below_but_does_not_edit_there,
}

async fn a_unit_is_added_once_with_all_faults_named(world: &World) {
    world.desk("transport").await;
    let wrong = NewUnit {
        slug: "transport".into(),
        name: " ".into(),
        parent: Some("nobody".into()),
        zone: "Mars/Olympus".into(),
        lang: "Chinese!".into(),
        origins: vec![
            "https://ok.example".into(),
            String::new(),
            "ok.example/path".into(),
        ],
    };
    let Err(Error::Invalid(wrong)) = units::add(&world.backend, &mut world.moment(), wrong).await
    else {
        panic!("taken")
    };
    let fields: Vec<_> = wrong.0.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, ["name", "zone", "lang", "origins.2", "parent"]);
    let again = NewUnit {
        slug: "transport".into(),
        name: "x".into(),
        zone: "UTC".into(),
        ..NewUnit::default()
    };
    let Err(Error::Invalid(wrong)) = units::add(&world.backend, &mut world.moment(), again).await
    else {
        panic!("taken")
    };
    assert_eq!(
        (wrong.0[0].field.as_str(), wrong.0[0].fault.code()),
        ("slug", "taken")
    );
}

async fn origins_are_replaced_by_the_units_own_administrator(world: &World) {
    let desk = world.desk("transport").await;
    assert_eq!(
        units::origins(&world.backend, "transport").await.unwrap(),
        ["https://transport.example"]
    );
    let before = world.backend.local_revision(backend::Scope::Everything);
    let new = vec![
        "https://B.example/".into(),
        "http://a.example:80".into(),
        "https://b.example".into(),
    ];
    units::set_origins(&world.backend, &mut world.moment(), &desk.administer(), new)
        .await
        .unwrap();
    assert_eq!(
        units::origins(&world.backend, "transport").await.unwrap(),
        ["http://a.example", "https://b.example"]
    );
    if let Some(before) = before {
        assert!(
            world
                .backend
                .local_revision(backend::Scope::Everything)
                .unwrap()
                > before
        );
    }
    let all = units::all_origins(&world.backend).await.unwrap();
    assert_eq!(all.len(), 1);
}

async fn a_unit_says_in_which_language_it_writes(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let lang = async || {
        let (_, unit) = units::find(&world.backend, "transport")
            .await
            .unwrap()
            .unwrap();
        let found = consultations::find(&world.backend, world.now(), number, Viewer::Public).await;
        assert_eq!(found.unwrap().unwrap().unit, unit);
        unit.lang
    };
    assert_eq!(lang().await, "zh-Hans", "where none is named");
    let set = async |tag: &str| {
        let moment = &mut world.moment();
        units::set_lang(&world.backend, moment, &desk.administer(), tag).await
    };
    let Err(Error::Invalid(wrong)) = set("Chinese, simplified").await else {
        panic!("taken")
    };
    assert_eq!(wrong.0[0].field, "lang");
    set("BO-cn").await.unwrap();
    assert_eq!(lang().await, "bo-CN");
    let record = backend::audit::list(&world.backend, &desk.oversee(), None).await;
    let last = &record.unwrap().items[0];
    assert_eq!(
        (last.act.as_str(), last.detail.as_str()),
        ("unit.lang_set", "bo-CN")
    );
}

async fn an_administrator_administers_the_units_below_but_does_not_edit_there(world: &World) {
    let district = world.desk("district").await;
    let transport = world.desk_below("transport", Some("district")).await;
    let street = world.desk_below("street", Some("transport")).await;
    let fresh =
        backend::staff::add_token(&world.backend, &mut world.moment(), "all@district.example")
            .await
            .unwrap();
    let who = backend::staff::identify_bearer(&world.backend, world.now(), &fresh)
        .await
        .unwrap()
        .unwrap();
    assert!(who.administer(street.unit).is_ok() && who.administer(transport.unit).is_ok());
    assert!(who.edit(transport.unit).is_err() && who.edit(district.unit).is_ok());
    assert!(who.see(transport.unit).is_err() && who.see(district.unit).is_ok());
    let number = world.consultation(&transport, "尚未公布").await;
    let listed = backend::consultations::list_for_staff(&world.backend, world.now(), &who, None)
        .await
        .unwrap();
    assert!(listed.items.is_empty(), "{listed:?}");
    let own =
        backend::consultations::list_for_staff(&world.backend, world.now(), &transport.who, None)
            .await
            .unwrap();
    assert_eq!(own.items[0].number, number);
    let fresh =
        backend::staff::add_token(&world.backend, &mut world.moment(), "all@transport.example")
            .await
            .unwrap();
    let who = backend::staff::identify_bearer(&world.backend, world.now(), &fresh)
        .await
        .unwrap()
        .unwrap();
    assert!(who.administer(district.unit).is_err());
    assert!(who.grants.contains(&(street.unit, Role::Administrator)));
}
