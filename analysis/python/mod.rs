//! Python: from text to the typed tree of [`crate::code`], and what the names of its standard
//! library mean on a platform.
//!
//! [`Outline::of`] finds the definitions without a parse; [`module`] lowers everything but the
//! functions it names, and [`function`] lowers one of those when it is needed.

mod dialect;
pub(crate) mod exceptions;
mod failing;
mod filling;
pub(crate) mod heads;
mod importing;
pub(crate) mod imports;
pub(crate) mod lexer;
mod lower;
mod natives;
pub mod outline;
mod search;
mod shells;
pub(crate) mod syntax;
mod world;

pub(crate) use dialect::Python;
pub(crate) use failing::failing_modules;
pub(crate) use filling::set_attributes;
pub(crate) use lexer::silent;
pub use lower::{Module, function, module, program};
pub(crate) use natives::{hands_on, is_spawner_of_os, spawn_words};
pub use outline::Outline;
pub(crate) use search::Search;
pub(crate) use shells::add_posix_shells;
pub(crate) use world::{is_standard, lacking_members, lacks_member, missing_modules};

use crate::Comment;

/// Whether a handler for a class catches an exception. Both are qualified names.
pub(crate) fn catches(class: &str, exception: &str) -> crate::platform::Truth {
    exceptions::covers(class, exception)
}

/// The comments of a text.
pub fn comments(text: &str) -> Vec<Comment> {
    Outline::of(text).comments
}
