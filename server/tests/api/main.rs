//! The API and the pages as people meet them: over HTTP, on both databases.

mod deciding;
mod rights;
mod sending;
mod steps;
mod world;
