//! The analysis from outside: what it records of small projects, by topic, and what holds of all of
//! them.

mod cases;
mod common;
mod guards;
mod hostile;
