//! What a project tells the rules about itself.

use std::collections::BTreeSet;

use crate::shims::{SHIMS, Shim};

/// What a project tells the rules about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Command files besides those of [`SHIMS`].
    pub more_shims: Vec<Shim>,
    /// The oldest Python that runs it, where that is known: major and minor version.
    pub python: Option<(u8, u8)>,
    /// The oldest Rust that compiles it, where that is known.
    pub rust: Option<[u32; 3]>,
    /// The distributions that its files require, directly or by a lock file, by their names as PyPI
    /// compares them; `None` where no file says what is required, or nothing [names a time
    /// zone](crate::may_name_time_zones).
    pub requires: Option<BTreeSet<String>>,
}

impl Options {
    /// Every command file, the project's own first.
    pub fn shims(&self) -> impl Iterator<Item = &Shim> {
        self.more_shims.iter().chain(SHIMS)
    }

    /// The shim that a bare name stands for, if it is known to be one.
    pub fn shim(&self, name: &str) -> Option<&Shim> {
        self.shims()
            .find(|shim| shim.name().eq_ignore_ascii_case(name))
    }
}
