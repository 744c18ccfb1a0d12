//! Rewriting Python: calls, their arguments, and the imports that new names need.

use super::{Change, Edit, Function, Refusal};
use crate::project::Project;
use crate::source::FileId;

pub(super) fn edits(_: &Project, _: FileId, _: &Change<Function>) -> Result<Vec<Edit>, Refusal> {
    Err("it is written in Python")
}
