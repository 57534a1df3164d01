//! What replaces compile-time checks of SQL: every statement prepares on both databases, and the
//! two schemas agree.

use crate::world::World;
use backend::db::every_statement;
use sqlx::{Connection, Executor, PgConnection, Row, SqlSafeStr, SqliteConnection};
use std::collections::BTreeSet;
use testing::{Database, in_time, on_both_databases};

on_both_databases! {
    every_statement_prepares,
}

async fn every_statement_prepares(world: &World) {
    let (statements, on) = (every_statement(), world.backend.db_kind());
    let all: Vec<_> = statements
        .map(|r| (format!("{}::{}", r.module, r.name), r.statement))
        .collect();
    assert!(
        all.len() > 60,
        "only {} statements are registered",
        all.len()
    );
    for (name, statement) in all {
        let outcome = if on == "sqlite" {
            let mut conn = SqliteConnection::connect(&world.url).await.unwrap();
            conn.prepare(statement.sqlite.into_sql_str())
                .await
                .map(drop)
        } else {
            let mut conn = PgConnection::connect(&world.url).await.unwrap();
            conn.prepare(statement.postgres.into_sql_str())
                .await
                .map(drop)
        };
        if let Err(error) = outcome {
            panic!("{name} on {on}: {error}");
        }
    }
}

#[test]
fn few_statements_need_a_twin() {
    let all: Vec<_> = every_statement().collect();
    let twins: Vec<_> = all
        .iter()
        .filter(|r| r.statement.is_twin())
        .map(|r| format!("{}::{}", r.module, r.name))
        .collect();
    println!("{} twins of {}: {twins:#?}", twins.len(), all.len());
    assert!(
        twins.len() * 10 <= all.len(),
        "{} twins of {}: {twins:#?}",
        twins.len(),
        all.len()
    );
}

/// `table.column nullable` for every column, and `unique name` for every named rule.
type Shape = BTreeSet<String>;

async fn sqlite_shape(url: &str) -> Shape {
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    let mut shape = Shape::new();
    let rows = conn
        .fetch_all(
            "select m.name as t, c.name as c, c.\"notnull\" as n from sqlite_master m
             join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite%' and m.name not like '%sqlx%'",
        )
        .await
        .unwrap();
    for row in rows {
        let (table, column, not_null): (String, String, i64) =
            (row.get("t"), row.get("c"), row.get("n"));
        shape.insert(format!(
            "{table}.{column} {}",
            if not_null == 1 { "not null" } else { "null" }
        ));
    }
    let named = conn
        .fetch_all("select name from sqlite_master where type = 'index' and sql is not null")
        .await
        .unwrap();
    shape.extend(
        named
            .iter()
            .map(|row| format!("index {}", row.get::<String, _>("name"))),
    );
    conn.close().await.unwrap();
    shape
}

async fn postgres_shape(url: &str) -> Shape {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let mut shape = Shape::new();
    let rows = conn
        .fetch_all(
            "select table_name::text as t, column_name::text as c, is_nullable::text as n
             from information_schema.columns
             where table_schema = 'public' and table_name not like '%sqlx%'",
        )
        .await
        .unwrap();
    for row in rows {
        let (table, column, nullable): (String, String, String) =
            (row.get("t"), row.get("c"), row.get("n"));
        shape.insert(format!(
            "{table}.{column} {}",
            if nullable == "NO" { "not null" } else { "null" }
        ));
    }
    // Indexes that stand for a constraint carry its name and have none in SQLite.
    let named = conn
        .fetch_all(
            "select i.relname::text as name from pg_index x
             join pg_class i on i.oid = x.indexrelid
             join pg_namespace n on n.oid = i.relnamespace
             where n.nspname = 'public' and not x.indisunique",
        )
        .await
        .unwrap();
    shape.extend(
        named
            .iter()
            .map(|row| format!("index {}", row.get::<String, _>("name"))),
    );
    conn.close().await.unwrap();
    shape
}

#[tokio::test]
async fn the_two_schemas_agree() {
    let Some(postgres) = Database::postgres().await else {
        return;
    };
    let sqlite = Database::sqlite();
    World::on(&sqlite).await.end().await;
    World::on(&postgres).await.end().await;
    let (ours, theirs) = in_time(async {
        (
            sqlite_shape(&sqlite.url).await,
            postgres_shape(&postgres.url).await,
        )
    })
    .await;
    assert!(ours.len() > 100, "the SQLite schema was not read: {ours:?}");
    let only = |a: &Shape, b: &Shape| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(only(&ours, &theirs), Vec::<String>::new(), "only in SQLite");
    assert_eq!(
        only(&theirs, &ours),
        Vec::<String>::new(),
        "only in PostgreSQL"
    );
    sqlite.remove().await;
    postgres.remove().await;
}

/// Names of constraints that the code looks for must be in both texts of the schema.
#[test]
fn migrations_pair_by_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let names = |kind: &str| -> BTreeSet<String> {
        std::fs::read_dir(format!("{folder}/{kind}"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, postgres);
    for name in sqlite {
        let read = |kind: &str| std::fs::read_to_string(format!("{folder}/{kind}/{name}")).unwrap();
        let constraints = |text: &str| -> BTreeSet<String> {
            let mut words = text.split_whitespace();
            let mut found = BTreeSet::new();
            while let Some(word) = words.next() {
                if word == "constraint" {
                    found.extend(
                        words
                            .next()
                            .filter(|name| !name.ends_with("_fkey"))
                            .map(str::to_owned),
                    );
                }
            }
            found
        };
        assert_eq!(
            constraints(&read("sqlite")),
            constraints(&read("postgres")),
            "{name}"
        );
    }
}
