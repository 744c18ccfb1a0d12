//! Rust: from a text to the typed tree in [`crate::code`], with what the platform's `cfg` cuts away
//! left out, and what the names of libraries mean.

mod cfg;
mod comments;
mod dialect;
mod display;
mod holders;
mod importing;
mod items;
pub(crate) mod lexer;
mod lower;
mod macros;
mod manifest;
mod mod_lines;
mod modules;
mod natives;
pub(crate) mod parse;
mod sessions;
mod stubs;
mod traits;
mod world;

pub use comments::comments;
pub(crate) use comments::silent;
pub(crate) use dialect::Rust;
pub use lower::file;
pub(crate) use manifest::library;
pub use modules::Modules;
pub(crate) use natives::spawn_words;
pub(crate) use sessions::{add_posix_sessions, any_gives_session};
pub(crate) use stubs::add_stubs;
