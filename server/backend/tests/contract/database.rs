//! What replaces compile-time checks of SQL: every statement prepares on both databases, and the
//! two schemas agree.

use crate::world::World;
use backend::db::every_statement;
use sqlx::{Connection, Executor, PgConnection, Row, SqlSafeStr, SqliteConnection};
use std::collections::BTreeSet;

#[tokio::test]
async fn every_statement_prepares_on_sqlite() {
    let world = World::on_sqlite().await;
    let mut conn = SqliteConnection::connect(&world.url).await.unwrap();
    let mut count = 0;
    for registered in every_statement() {
        let sql = registered.statement.sqlite;
        if let Err(error) = conn.prepare(sql.into_sql_str()).await {
            panic!("{}::{}: {error}", registered.module, registered.name);
        }
        count += 1;
    }
    assert!(count > 60, "only {count} statements are registered");
    conn.close().await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn every_statement_prepares_on_postgres() {
    let Some(world) = World::on_postgres().await else {
        return;
    };
    let mut conn = PgConnection::connect(&world.url).await.unwrap();
    for registered in every_statement() {
        let sql = registered.statement.postgres;
        if let Err(error) = conn.prepare(sql.into_sql_str()).await {
            panic!("{}::{}: {error}", registered.module, registered.name);
        }
    }
    conn.close().await.unwrap();
    world.end().await;
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
    let Some(postgres) = World::on_postgres().await else {
        return;
    };
    let sqlite = World::on_sqlite().await;
    let (ours, theirs) = (
        sqlite_shape(&sqlite.url).await,
        postgres_shape(&postgres.url).await,
    );
    assert!(ours.len() > 100, "the SQLite schema was not read: {ours:?}");
    let only = |a: &Shape, b: &Shape| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(only(&ours, &theirs), Vec::<String>::new(), "only in SQLite");
    assert_eq!(
        only(&theirs, &ours),
        Vec::<String>::new(),
        "only in PostgreSQL"
    );
    sqlite.end().await;
    postgres.end().await;
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
