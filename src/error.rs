//! Why a run ends without a result: the errors of its parts.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::baseline::BaselineError;
use crate::config::ConfigError;
use crate::files::FilesError;
use crate::report::merge::MergeError;
use crate::shown::shown;
use crate::trouble::reason;
use crate::vendor::VendorError;
use crate::why::WhyError;

/// Why a run ends without a result.
#[derive(Debug, Error)]
pub enum RunError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The files to check cannot be determined.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A baseline cannot be used.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// The runtime cannot be copied.
    #[error(transparent)]
    Vendor(#[from] VendorError),
    /// Reports cannot be merged.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// A line cannot be explained.
    #[error(transparent)]
    Why(#[from] WhyError),
    /// There is no current folder.
    #[error("{0}")]
    NoFolder(io::Error),
    /// The threads cannot be started.
    #[error(transparent)]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The report cannot be written.
    #[error("{}: {}", shown(.path), reason(.error))]
    Output {
        /// Where it was to be written.
        path: PathBuf,
        /// What the file system says.
        error: io::Error,
    },
    /// What is read once does not change.
    #[error("standard input cannot be watched")]
    StdinWatched,
    /// The file system cannot be watched.
    #[error("what changes cannot be watched: {0}")]
    Watch(#[from] notify::Error),
}
