//! What the user sees of a run: the report on standard output, messages and progress
//! on standard error, and which of them may be coloured.

pub mod colour;
pub mod hint;
pub mod links;
pub mod messages;
pub mod output;
pub(crate) mod pager;
pub mod progress;
