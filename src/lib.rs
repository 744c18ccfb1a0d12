//! The command: files and people. What breaks on Windows is decided elsewhere.

pub mod check;
pub mod decode;
pub mod directive;
pub mod ignores;
pub mod read;
pub mod selection;
#[cfg(test)]
mod testing;
pub mod texts;
pub mod trouble;
pub mod walk;
