//! What every database must do: each test runs on SQLite and on PostgreSQL.
//!
//! `YANLU_TEST_POSTGRES_URL` names a PostgreSQL on which databases may be made and dropped;
//! `cargo xtask test` starts one and sets it. Without it the PostgreSQL half fails, unless
//! `YANLU_TEST_ONLY=sqlite` says that this is meant.

mod accounts;
mod attacks;
mod ballots;
mod bursts;
mod codes;
mod comments;
mod consultations;
mod corrections;
mod counting;
mod database;
mod doors;
mod drafts;
mod draws;
mod earlier;
mod feedback;
mod given_up;
mod hearings;
mod intake;
mod letters;
mod minutes;
mod notices;
mod offices;
mod opinions;
mod order;
mod places;
mod polls;
mod receipts;
mod seats;
mod sessions;
mod staff;
mod units;
mod world;
