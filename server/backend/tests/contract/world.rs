//! A fresh database with units and people in it, and a clock that stands where the test puts it.

use backend::comments::Wanted;
use backend::hearings::Amending;
use backend::units::NewUnit;
use backend::{Backend, Keys, Moment, consultations, drafts, staff, units};
use domain::Timestamp;
use domain::comments::{
    AuthorKind, Display, PublicComment, RawAuthor, RawComment, RawPoint, Receipt,
};
use domain::consultations::{NewConsultation, Number, Publish};
use domain::drafts::Draft;
use domain::id::{ClauseId, UnitId};
use domain::limits;
use domain::staff::{Identity, Permit, Role, right};
use std::cell::Cell;
use std::collections::HashMap;
use testing::Database;

pub const SECRET: [u8; 32] = [7; 32];
pub const PASSWORD: &str = "correct horse battery";

/// A database of its own, and what stands in it.
pub struct World {
    pub backend: Backend,
    pub url: String,
    /// Unix milliseconds.
    now: Cell<i64>,
    seed: Cell<u64>,
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
    pub fn oversee(&self) -> Permit<right::Oversee> {
        self.who
            .oversee(self.unit)
            .expect("the desk has every role")
    }
    pub fn edit(&self) -> Permit<right::Edit> {
        self.who.edit(self.unit).expect("the desk has every role")
    }
    /// The right to change notices and papers, of somebody with every role.
    pub fn amend(&self) -> Amending {
        Amending::new(Ok(self.edit()), Ok(self.approve())).expect("both rights")
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
    pub async fn on(database: &Database) -> Self {
        let backend = Backend::open(&database.url, Keys::from_secret(&SECRET))
            .await
            .expect("it opens");
        Self {
            backend,
            url: database.url.clone(),
            now: Cell::new(at("2026-03-01T00:00:00Z").as_millisecond()),
            seed: Cell::new(1),
        }
    }

    /// Closes every connection.
    pub async fn end(self) {
        self.backend.close().await;
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
            lang: String::new(),
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

    /// A public consultation as its page shows it, with the comments of a stage (else of the
    /// current one) on a clause.
    pub async fn dossier(
        &self,
        number: Number,
        stage: Option<i64>,
        clause: Option<ClauseId>,
    ) -> Option<consultations::Dossier> {
        consultations::dossier(&self.backend, self.now(), number, None, |one| {
            Some(Wanted {
                clause,
                stage: stage.or(Some(one.stage)),
                after: None,
                limit: limits::PAGE,
            })
        })
        .await
        .expect("it reads")
    }

    /// Published comments, of all stages.
    pub async fn published(&self, number: Number, clause: Option<ClauseId>) -> Vec<PublicComment> {
        let wanted = Wanted {
            clause,
            stage: None,
            after: None,
            limit: limits::PAGE,
        };
        let page = backend::comments::published(&self.backend, number, &wanted).await;
        page.expect("it is public").items
    }

    /// Published points by clause, in the current stage.
    pub async fn clause_counts(&self, number: Number) -> HashMap<ClauseId, i64> {
        let dossier = self.dossier(number, None, None).await;
        dossier.expect("it is public").clause_counts
    }

    /// Sends a comment and expects it to be taken in.
    pub async fn send(&self, number: Number, comment: RawComment, key: &str) -> Receipt {
        backend::comments::submit(&self.backend, self.moment(), number, comment, key.into())
            .await
            .expect("the comment is taken in")
    }
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
