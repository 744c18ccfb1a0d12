//! What holds for a folder because it, or the nearest folder above it, says so.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::files::absolute;

/// What folders say, each asked once.
#[derive(Debug)]
pub(super) struct Nearest<T> {
    /// What holds for a folder.
    known: Mutex<HashMap<PathBuf, T>>,
}

impl<T> Default for Nearest<T> {
    fn default() -> Nearest<T> {
        Nearest {
            known: Mutex::default(),
        }
    }
}

impl<T: Clone> Nearest<T> {
    /// What the nearest folder says for which `says` has an answer; `otherwise` where there is none.
    pub(super) fn of(
        &self,
        folder: &Path,
        says: &dyn Fn(&Path) -> Option<T>,
        otherwise: &dyn Fn() -> T,
    ) -> T {
        self.of_absolute(&absolute(folder), says, otherwise)
    }

    fn of_absolute(
        &self,
        folder: &Path,
        says: &dyn Fn(&Path) -> Option<T>,
        otherwise: &dyn Fn() -> T,
    ) -> T {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(folder) {
            return known.clone();
        }
        let found = says(folder).unwrap_or_else(|| match folder.parent() {
            Some(parent) => self.of_absolute(parent, says, otherwise),
            None => otherwise(),
        });
        known().insert(folder.to_owned(), found.clone());
        found
    }
}
