//! Windows: all that is asked of Win32, a file for each question.

mod handles;
mod liveness;
mod resolve;
mod spawn;
mod strays;
mod system;
mod tree;

pub(crate) use liveness::probe_pid;
pub(crate) use resolve::resolve;
pub(crate) use spawn::{abandon, hide_console, spawn_detached};
pub(crate) use tree::kill_tree;
