//! Imports: one statement per bound name.

use tree_sitter::Node;

use super::Lowering;
use super::tree::{child_of_kind, field, fields, parts, span};
use crate::code::{Block, Import, Imported, Name, Stmt, StmtKind};

impl Lowering<'_> {
    /// Lowers an import; false if the statement is none.
    pub(super) fn imports(&mut self, node: Node, block: &mut Block) -> bool {
        let imports = match node.kind() {
            "import_statement" => self.modules(node),
            "import_from_statement" => match field(node, "module_name") {
                Some(module) => self.items(node, self.level(module), &self.module_path(module)),
                None => Vec::new(),
            },
            "future_import_statement" => self.items(node, 0, &["__future__".into()]),
            _ => return false,
        };
        let span = span(node);
        block.extend(imports.into_iter().map(|import| Stmt {
            kind: StmtKind::Import(import),
            span,
        }));
        true
    }

    /// `import a.b, c as d`
    fn modules(&self, node: Node) -> Vec<Import> {
        let names = fields(node, "name").into_iter();
        let imports = names.map(|name| Import {
            level: 0,
            path: self.path(field(name, "name").unwrap_or(name)),
            what: Imported::Module {
                alias: field(name, "alias").map(|alias| self.name(alias)),
            },
        });
        imports.collect()
    }

    /// `from module import a, b as c` and `from module import *`
    fn items(&self, node: Node, level: u32, path: &[Name]) -> Vec<Import> {
        let import = |what| Import {
            level,
            path: path.to_vec(),
            what,
        };
        if child_of_kind(node, "wildcard_import").is_some() {
            return vec![import(Imported::All)];
        }
        let names = fields(node, "name").into_iter();
        let items = names.map(|item| {
            let name = self.name(field(item, "name").unwrap_or(item));
            let alias = field(item, "alias").map(|alias| self.name(alias));
            import(Imported::Item {
                bind: alias.unwrap_or_else(|| name.clone()),
                name,
            })
        });
        items.collect()
    }

    /// How many dots a module name starts with.
    fn level(&self, module: Node) -> u32 {
        child_of_kind(module, "import_prefix").map_or(0, |prefix| {
            let dots = self.source(prefix).bytes().filter(|&byte| byte == b'.');
            dots.count() as u32
        })
    }

    fn module_path(&self, module: Node) -> Vec<Name> {
        match module.kind() {
            "relative_import" => child_of_kind(module, "dotted_name")
                .map_or_else(Vec::new, |dotted| self.path(dotted)),
            _ => self.path(module),
        }
    }

    fn path(&self, dotted: Node) -> Vec<Name> {
        let names = parts(dotted).into_iter();
        names.map(|name| self.name(name)).collect()
    }
}
