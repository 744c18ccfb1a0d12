//! Uses, as the machine runs them: what the segments of their paths mean.

use std::sync::Arc;

use crate::code::{Import, Imported, Name};
use crate::machine::Machine;
use crate::value::{Namespace, Value};

impl Machine<'_> {
    /// Runs a `use`.
    pub(super) fn import_rust(&mut self, import: &Import) {
        let Some((first, rest)) = import.path.split_first() else {
            if let Imported::Item { name, bind } = &import.what {
                let value = self.rust_root(name);
                self.bind_name(bind, value);
            }
            return;
        };
        let mut value = self.rust_root(first);
        for segment in rest {
            value = self.below(&value, segment);
        }
        match &import.what {
            Imported::Item { name, bind } => {
                let value = self.below(&value, name);
                self.bind_name(bind, value);
            }
            Imported::Module { .. } => {}
            Imported::All => self.add_wildcard(value),
        }
    }

    /// What the first segment of a Rust path means.
    fn rust_root(&mut self, name: &Name) -> Value {
        if let Some(value) = self.variable(self.scope(), name) {
            return value;
        }
        let modules = self.project.rust_modules(self.platform);
        let library = self.project.rust_library(name);
        match library.or_else(|| modules.crate_root(name)) {
            Some(file) => Value::Module(file),
            None => Value::native(&**name),
        }
    }

    /// A path one segment longer, without evaluating a module of the project yet.
    fn below(&mut self, value: &Value, name: &Name) -> Value {
        let lazy = |namespace| Value::Lazy(namespace, Arc::new([name.clone()]));
        match value {
            Value::Module(file) => lazy(Namespace::File(*file)),
            Value::Object(reference) => lazy(Namespace::Object(*reference)),
            Value::Lazy(namespace, path) => {
                let path: Arc<[Name]> = path.iter().cloned().chain([name.clone()]).collect();
                Value::Lazy(*namespace, path)
            }
            value => self.attribute(value, name),
        }
    }
}
