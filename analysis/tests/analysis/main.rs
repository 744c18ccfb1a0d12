//! The analysis from outside: what it records of small projects, by topic, and what holds of all of
//! them.

mod arithmetic;
mod assumptions;
mod callers;
mod cases;
mod common;
mod elsewhere;
mod embedded;
mod explaining;
mod fates;
mod flags;
mod groups;
mod guards;
mod hooks;
mod hostile;
mod inline_modules;
mod loops;
mod missing;
mod order;
mod programs;
mod raising;
mod retries;
mod rust_values;
mod several;
mod syntax;
mod uncalled;
