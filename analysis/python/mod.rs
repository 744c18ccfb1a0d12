//! The Python front end: from text to the typed tree of [`crate::code`].
//!
//! [`Outline::of`] finds the definitions without a parse; [`module`] lowers everything but the
//! functions it names, and [`function`] lowers one of those when it is needed.

mod lexer;
mod lower;
pub mod outline;
mod parse;

pub use lexer::comments;
pub use lower::{function, module, program};
pub use outline::Outline;
