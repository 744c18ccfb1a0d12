//! The command: files and people. What breaks on Windows is decided elsewhere.

pub mod decode;
pub mod read;
pub mod trouble;
pub mod walk;
