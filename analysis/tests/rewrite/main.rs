//! Rewriting from outside: which text a change makes of another, by language, and what holds of all
//! rewriting.

mod common;
mod imports;
mod many;
mod other_ways;
mod probes;
mod properties;
mod python;
mod rust;
