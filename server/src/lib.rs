//! The server: routes, sessions, JSON API, page cache, command line and embedded assets.
//!
//! `front` answers what is in the page cache, `router` everything else; handlers take their inputs
//! as types, ask one use case of `backend` and reply.

pub mod api;
pub mod assets;
mod body;
pub mod cli;
pub mod config;
mod cors;
pub mod demo;
mod desk;
mod drain;
pub mod edge;
mod feeds;
mod freshness;
mod front;
mod headers;
mod health;
mod hostsite;
mod limits;
pub mod notify;
mod pages;
pub mod problem;
mod refuse;
mod rights;
pub mod router;
pub mod serve;
mod site;
pub mod state;
