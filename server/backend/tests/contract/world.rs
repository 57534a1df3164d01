//! A fresh database with units and people in it, and a clock that stands where the test puts it.

use backend::units::NewUnit;
use backend::{Backend, Keys, Moment, consultations, drafts, staff, units};
use domain::Timestamp;
use domain::comments::{AuthorKind, Display, RawAuthor, RawComment, RawPoint, Receipt};
use domain::consultations::{NewConsultation, Number, Publish};
use domain::drafts::Draft;
use domain::id::{ClauseId, UnitId};
use domain::staff::{Identity, Permit, Role, right};
use sqlx::{Connection, Executor, PgConnection};
use std::cell::Cell;
use uuid::Uuid;

/// Makes one test for each database.
macro_rules! db_test {
    ($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block) => {
        mod $name {
            #[expect(unused_imports, reason = "not every test needs what its module imports")]
            use super::*;
            use $crate::world::World;

            async fn body($world: &World) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let world = World::on_sqlite().await;
                body(&world).await;
                world.end().await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some(world) = World::on_postgres().await else { return };
                body(&world).await;
                world.end().await;
            }
        }
    };
}

pub const SECRET: [u8; 32] = [7; 32];
pub const PASSWORD: &str = "correct horse battery";

/// A database of its own, and what stands in it.
pub struct World {
    pub backend: Backend,
    pub url: String,
    /// Unix milliseconds.
    now: Cell<i64>,
    seed: Cell<u64>,
    place: Place,
}

enum Place {
    Folder(#[expect(dead_code, reason = "removed when dropped")] tempfile::TempDir),
    Database { admin: String, name: String },
}

/// The people of one unit, with every right in it.
pub struct Desk {
    pub unit: UnitId,
    pub slug: String,
    pub who: Identity,
}

impl Desk {
    pub fn see(&self) -> Permit<right::See> {
        self.who.see(self.unit).expect("the desk has every role")
    }
    pub fn edit(&self) -> Permit<right::Edit> {
        self.who.edit(self.unit).expect("the desk has every role")
    }
    pub fn moderate(&self) -> Permit<right::Moderate> {
        self.who
            .moderate(self.unit)
            .expect("the desk has every role")
    }
    pub fn approve(&self) -> Permit<right::Approve> {
        self.who
            .approve(self.unit)
            .expect("the desk has every role")
    }
    pub fn administer(&self) -> Permit<right::Administer> {
        self.who
            .administer(self.unit)
            .expect("the desk has every role")
    }
}

pub fn at(text: &str) -> Timestamp {
    text.parse()
        .expect("an instant such as 2026-03-01T00:00:00Z")
}

impl World {
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("yanlu.db").display());
        Self::open(url, Place::Folder(folder)).await
    }

    /// `None` only where the PostgreSQL half is left out on purpose.
    pub async fn on_postgres() -> Option<Self> {
        let Ok(admin) = std::env::var("YANLU_TEST_POSTGRES_URL") else {
            assert!(
                std::env::var("YANLU_TEST_ONLY").is_ok_and(|only| only == "sqlite"),
                "set YANLU_TEST_POSTGRES_URL (cargo xtask test does), or YANLU_TEST_ONLY=sqlite"
            );
            return None;
        };
        let name = format!("yanlu_test_{}", Uuid::now_v7().simple());
        admin_runs(&admin, format!("create database {name}")).await;
        let (server, _) = admin.rsplit_once('/').expect("an address with a database");
        let url = format!("{server}/{name}");
        Some(Self::open(url, Place::Database { admin, name }).await)
    }

    async fn open(url: String, place: Place) -> Self {
        let backend = Backend::open(&url, Keys::from_secret(&SECRET))
            .await
            .expect("it opens");
        let now = Cell::new(at("2026-03-01T00:00:00Z").as_millisecond());
        Self {
            backend,
            url,
            now,
            seed: Cell::new(1),
            place,
        }
    }

    /// Closes everything and removes the database.
    pub async fn end(self) {
        self.backend.close().await;
        if let Place::Database { admin, name } = &self.place {
            admin_runs(admin, format!("drop database {name} with (force)")).await;
        }
    }

    /// Puts the clock there.
    pub fn travel(&self, to: &str) {
        self.now.set(at(to).as_millisecond());
    }

    /// Lets time pass.
    pub fn pass_seconds(&self, seconds: i64) {
        self.now.set(self.now.get() + seconds * 1_000);
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now.get()).expect("the clock is in range")
    }

    /// A moment at the clock, with randomness that differs each time.
    pub fn moment(&self) -> Moment {
        self.seed.set(self.seed.get() + 1);
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.get().to_be_bytes());
        Moment::new(self.now(), seed)
    }

    /// A unit with one person who holds every role.
    pub async fn desk(&self, slug: &str) -> Desk {
        self.desk_below(slug, None).await
    }

    pub async fn desk_below(&self, slug: &str, parent: Option<&str>) -> Desk {
        let new = NewUnit {
            slug: slug.into(),
            name: format!("{slug} 局"),
            parent: parent.map(Into::into),
            zone: "Asia/Shanghai".into(),
            origins: vec![format!("https://{slug}.example")],
        };
        units::add(&self.backend, &mut self.moment(), new)
            .await
            .expect("the unit is added");
        let email = format!("all@{slug}.example");
        let who = self.person(slug, &email, Role::ALL).await;
        let (unit, _) = units::find(&self.backend, slug)
            .await
            .expect("it reads")
            .expect("it is there");
        Desk {
            unit,
            slug: slug.into(),
            who,
        }
    }

    /// An account in a unit, known by a token.
    pub async fn person(&self, slug: &str, email: &str, roles: &[Role]) -> Identity {
        staff::add_account(
            &self.backend,
            &mut self.moment(),
            slug,
            email,
            roles,
            PASSWORD,
        )
        .await
        .expect("the account is added");
        let token = staff::add_token(&self.backend, &mut self.moment(), email)
            .await
            .expect("the token is made");
        staff::identify_bearer(&self.backend, self.now(), &token)
            .await
            .expect("it reads")
            .expect("the token is known")
    }

    /// A consultation in preparation.
    pub async fn consultation(&self, desk: &Desk, title: &str) -> Number {
        let facts = NewConsultation {
            unit: desk.slug.clone(),
            title: title.into(),
            summary: "规范停车秩序。".into(),
            explanation: "为什么要改：\n\n- 一\n- 二".into(),
            contact: Some("025-1234".into()),
            other_ways: None,
        }
        .facts()
        .expect("the facts are good");
        consultations::create(&self.backend, &mut self.moment(), &desk.edit(), facts)
            .await
            .expect("it is created")
    }

    pub async fn draft(&self, desk: &Desk, number: Number, text: &str) -> Draft {
        let new = drafts::NewDraft {
            bytes: text.into(),
            filename: None,
        };
        drafts::add(&self.backend, &mut self.moment(), &desk.edit(), number, new)
            .await
            .expect("the draft is taken")
    }

    /// Opens a round of 31 days from now.
    pub async fn publish(&self, desk: &Desk, number: Number, version: i64) {
        let publish = Publish {
            version,
            opens_at: self.now(),
            closes_at: Timestamp::from_millisecond(self.now.get() + 31 * 86_400_000)
                .expect("the clock is in range"),
            reason_for_short_period: None,
        };
        consultations::publish(
            &self.backend,
            &mut self.moment(),
            &desk.approve(),
            number,
            publish,
        )
        .await
        .expect("it is published");
    }

    /// An open consultation on a small draft of three articles, one with items.
    pub async fn open_consultation(&self, desk: &Desk) -> (Number, Draft) {
        let number = self.consultation(desk, "停车条例（草案）").await;
        let draft = self.draft(desk, number, DRAFT).await;
        self.publish(desk, number, draft.version).await;
        (number, draft)
    }

    /// Sends a comment and expects it to be taken in.
    pub async fn send(&self, number: Number, comment: RawComment, key: &str) -> Receipt {
        backend::comments::submit(&self.backend, self.moment(), number, comment, key.into())
            .await
            .expect("the comment is taken in")
    }
}

async fn admin_runs(admin: &str, sql: String) {
    let mut conn = PgConnection::connect(admin)
        .await
        .expect("PostgreSQL answers");
    conn.execute(sqlx::AssertSqlSafe(sql))
        .await
        .expect("the database is made or dropped");
    conn.close().await.expect("the connection closes");
}

pub const DRAFT: &str = "# 停车条例\n\n第一章 总则\n\n第一条 为了规范停车秩序，制定本条例。\n\n\
    第二条 本条例适用于下列停车设施：\n\n（一）公共停车场；\n\n（二）道路停车位。\n\n\
    第二章 附则\n\n第三条 本条例自2027年1月1日起施行。\n";

/// The id of the clause with this label.
pub fn clause(draft: &Draft, label: &str) -> ClauseId {
    let all: Vec<_> = draft.all_clauses().map(|c| c.label.clone()).collect();
    draft
        .all_clauses()
        .find(|c| c.label == label)
        .unwrap_or_else(|| panic!("no clause {label} among {all:?}"))
        .id
}

/// A comment by 朱小明, masked, with these points.
pub fn comment(points: &[(Option<ClauseId>, &str)]) -> RawComment {
    RawComment {
        author: RawAuthor {
            kind: AuthorKind::Individual,
            name: Some("朱小明".into()),
            display: Display::Masked,
        },
        contact: Some("13800000000".into()),
        points: points
            .iter()
            .map(|(clause, text)| RawPoint {
                clause: clause.map(|id| id.to_string()),
                text: (*text).into(),
                proposed: None,
            })
            .collect(),
    }
}
