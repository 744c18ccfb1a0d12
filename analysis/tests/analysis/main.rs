//! The analysis from outside: what it records of small projects, by topic, and what holds of all of
//! them.

mod arithmetic;
mod assumptions;
mod callers;
mod cases;
mod common;
mod embedded;
mod explaining;
mod fates;
mod flags;
mod guards;
mod hooks;
mod hostile;
mod inline_modules;
mod missing;
mod order;
mod programs;
mod retries;
mod rust_collections;
mod rust_starters;
mod rust_types;
mod rust_values;
mod syntax;
