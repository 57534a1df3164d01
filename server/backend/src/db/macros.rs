//! The macros that declare, run and read statements.
//!
//! ```ignore
//! sql! {
//!     FIND = "select slug, name from unit where id = $1";
//!     CLAIM = { sqlite: "…", postgres: "…" };
//! }
//! row! { struct UnitRow { slug: String, name: String } }
//! let found: Option<UnitRow> = fetch_optional!(conn, FIND, UnitRow, id.0)?;
//! ```

/// Declares statements as constants and registers them.
macro_rules! sql {
    () => {};
    ($(#[$meta:meta])* $name:ident = { sqlite: $sqlite:expr, postgres: $postgres:expr $(,)? }; $($rest:tt)*) => {
        $(#[$meta])*
        const $name: $crate::db::Statement =
            $crate::db::Statement { sqlite: $sqlite, postgres: $postgres };
        inventory::submit! {
            $crate::db::Registered { module: module_path!(), name: stringify!($name), statement: $name }
        }
        sql! { $($rest)* }
    };
    ($(#[$meta:meta])* $name:ident = $text:expr; $($rest:tt)*) => {
        $(#[$meta])*
        const $name: $crate::db::Statement = $crate::db::Statement::same($text);
        inventory::submit! {
            $crate::db::Registered { module: module_path!(), name: stringify!($name), statement: $name }
        }
        sql! { $($rest)* }
    };
}

/// Declares a private row struct that reads its columns by name, on either database.
macro_rules! row {
    ($(#[$meta:meta])* struct $name:ident { $($field:ident : $kind:ty),+ $(,)? }) => {
        $(#[$meta])*
        struct $name { $($field: $kind),+ }

        impl<'r, R> sqlx::FromRow<'r, R> for $name
        where
            R: sqlx::Row,
            &'static str: sqlx::ColumnIndex<R>,
            $($kind: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>),+
        {
            fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: row.try_get(stringify!($field))?),+ })
            }
        }
    };
}

/// Counts expressions, at compile time.
macro_rules! count {
    () => { 0usize };
    ($head:expr $(, $tail:expr)*) => { 1usize + count!($($tail),*) };
}

/// Runs a statement; gives the number of rows it touched.
macro_rules! execute {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {{
        const { assert!($statement.takes(count!($($value),*)), "values do not match the $N") };
        match $conn.driver() {
            $crate::db::Driver::Sqlite(conn) => sqlx::query($statement.sqlite)
                $(.bind($value))*.execute(conn).await.map(|done| done.rows_affected()),
            $crate::db::Driver::Postgres(conn) => sqlx::query($statement.postgres)
                $(.bind($value))*.execute(conn).await.map(|done| done.rows_affected()),
        }
    }};
}

macro_rules! fetch {
    ($method:ident, $conn:expr, $statement:expr, $row:ty $(, $value:expr)* $(,)?) => {{
        const { assert!($statement.takes(count!($($value),*)), "values do not match the $N") };
        match $conn.driver() {
            $crate::db::Driver::Sqlite(conn) => sqlx::query_as::<_, $row>($statement.sqlite)
                $(.bind($value))*.$method(conn).await,
            $crate::db::Driver::Postgres(conn) => sqlx::query_as::<_, $row>($statement.postgres)
                $(.bind($value))*.$method(conn).await,
        }
    }};
}

/// The one row; an error if there is none. A row type may be a tuple: `fetch_one!(c, S, (i64,))`.
macro_rules! fetch_one {
    ($($arguments:tt)*) => { fetch!(fetch_one, $($arguments)*) };
}

/// The row, if there is one.
macro_rules! fetch_optional {
    ($($arguments:tt)*) => { fetch!(fetch_optional, $($arguments)*) };
}

/// All rows.
macro_rules! fetch_all {
    ($($arguments:tt)*) => { fetch!(fetch_all, $($arguments)*) };
}
