//! The Rust front end: from a text to the typed tree in [`crate::code`], with what the platform's
//! `cfg` cuts away left out.

mod cfg;
mod comments;
mod lexer;
mod lower;
mod macros;
mod mod_lines;
mod modules;
mod parse;

pub use comments::comments;
pub use lower::{Lowered, file};
pub use modules::Modules;
