//! The API and the pages as people meet them: over HTTP, on both databases.

mod attacks;
mod bad_addresses;
mod bad_forms;
mod bad_input;
mod bad_staff_input;
mod caching;
mod deciding;
mod desk;
mod desk_input;
mod drafting;
mod guessing;
mod hostile;
mod openapi;
mod refusals;
mod rights;
mod sending;
mod standstill;
mod steps;
mod wire;
mod world;
