//! Imports: one statement per bound name.

use ruff_python_ast::{StmtImport, StmtImportFrom};

use super::Lowering;
use crate::code::{Block, Import, Imported, Name, Stmt, StmtKind};
use crate::source::Span;

impl Lowering<'_, '_> {
    /// `import a.b, c as d`
    pub(super) fn modules(&self, statement: &StmtImport, span: Span, block: &mut Block) {
        block.extend(statement.names.iter().map(|module| {
            let import = Import {
                level: 0,
                path: path(module.name.as_str()),
                what: Imported::Module {
                    alias: module.asname.as_ref().map(|alias| alias.as_str().into()),
                },
            };
            let kind = StmtKind::Import(import);
            Stmt { kind, span }
        }));
    }

    /// `from module import a, b as c` and `from module import *`
    pub(super) fn items(&self, statement: &StmtImportFrom, span: Span, block: &mut Block) {
        let module = statement.module.as_ref();
        let path = module.map_or_else(Vec::new, |module| path(module.as_str()));
        block.extend(statement.names.iter().map(|item| {
            let name: Name = item.name.as_str().into();
            let what = match &*name {
                "*" => Imported::All,
                _ => Imported::Item {
                    bind: match &item.asname {
                        Some(alias) => alias.as_str().into(),
                        None => name.clone(),
                    },
                    name,
                },
            };
            let import = Import {
                level: statement.level,
                path: path.clone(),
                what,
            };
            let kind = StmtKind::Import(import);
            Stmt { kind, span }
        }));
    }
}

fn path(dotted: &str) -> Vec<Name> {
    dotted.split('.').map(Name::from).collect()
}
