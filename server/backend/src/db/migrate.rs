//! The schema, in two folders with the same numbers. Forward only; a shipped file never changes.

use super::Db;
use crate::error::Error;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::borrow::Cow;

/// Number, name, SQLite text, PostgreSQL text.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "the whole house",
        include_str!("../../migrations/sqlite/0001_the_whole_house.sql"),
        include_str!("../../migrations/postgres/0001_the_whole_house.sql"),
    ),
    (
        2,
        "hearings and polls",
        include_str!("../../migrations/sqlite/0002_hearings_and_polls.sql"),
        include_str!("../../migrations/postgres/0002_hearings_and_polls.sql"),
    ),
    (
        3,
        "after a session",
        include_str!("../../migrations/sqlite/0003_after_a_session.sql"),
        include_str!("../../migrations/postgres/0003_after_a_session.sql"),
    ),
    (
        4,
        "what was said before",
        include_str!("../../migrations/sqlite/0004_what_was_said_before.sql"),
        include_str!("../../migrations/postgres/0004_what_was_said_before.sql"),
    ),
    (
        5,
        "codes of polls",
        include_str!("../../migrations/sqlite/0005_codes_of_polls.sql"),
        include_str!("../../migrations/postgres/0005_codes_of_polls.sql"),
    ),
    (
        6,
        "files of papers",
        include_str!("../../migrations/sqlite/0006_files_of_papers.sql"),
        include_str!("../../migrations/postgres/0006_files_of_papers.sql"),
    ),
];

/// Applies what is missing. Several processes may start at once: PostgreSQL takes an advisory
/// lock, SQLite its write lock.
pub async fn run(db: &Db) -> Result<(), Error> {
    let migrator = |pick: fn(&(i64, &str, &'static str, &'static str)) -> &'static str| {
        Migrator::with_migrations(
            MIGRATIONS
                .iter()
                .map(|entry| {
                    let sql = pick(entry).into_sql_str();
                    Migration::new(
                        entry.0,
                        Cow::Borrowed(entry.1),
                        MigrationType::Simple,
                        sql,
                        false,
                    )
                })
                .collect(),
        )
    };
    let done = match db {
        Db::Sqlite { write, .. } => migrator(|entry| entry.2).run(write).await,
        Db::Postgres(pool) => migrator(|entry| entry.3).run(pool).await,
    };
    done.map_err(|error| {
        Error::Internal(format!(
            "the schema could not be brought up to date: {error}"
        ))
    })
}
