//! Fixes: from what the rules propose to files that hold it.

pub mod runtime;
