//! The API and the pages as people meet them: over HTTP, on both databases.

mod sending;
mod world;
