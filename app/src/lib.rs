//! What people see: pages and widgets rendered on the server, with islands where a script helps.

pub mod i18n;
