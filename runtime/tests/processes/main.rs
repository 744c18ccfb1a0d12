//! The promises of the runtime, kept by real processes on the platform that the tests run on.

mod common;
#[cfg(windows)]
mod forbidden;
#[cfg(windows)]
mod jobs;
mod liveness;
mod resolution;
#[cfg(unix)]
mod sessions;
mod spawns;
mod trees;
