//! Members that one file gives to a type of another.

use std::sync::Arc;

use super::{Machine, Object};
use crate::code::{Block, Name, StmtKind};
use crate::source::FileId;
use crate::value::{DocumentId, Location, Ref, Value};

/// A member that a type has from another file.
#[derive(Clone, Debug)]
pub(super) struct DistantMember {
    /// The definition of the type.
    class: Location,
    name: Name,
    value: Value,
}

impl Machine<'_> {
    /// Takes in the members that an `impl` has given to a type, if another file defines it.
    pub(super) fn add_distant_members(&mut self, class: Ref, body: &Block) {
        let Some((_, object)) = self.class(&Value::Object(class)) else {
            return;
        };
        if object.document == self.document() {
            return;
        }
        let definition = object.location();
        let Some(Object::Scope(members)) = self.object(object.scope) else {
            return;
        };
        let names = body.iter().filter_map(|stmt| match &stmt.kind {
            StmtKind::Function(function) => function.name.clone(),
            StmtKind::Constant(constant) => Some(constant.name.clone()),
            _ => None,
        });
        let added: Vec<DistantMember> = names
            .filter_map(|name| {
                Some(DistantMember {
                    class: definition,
                    value: members.variables.get(&name)?.clone(),
                    name,
                })
            })
            .collect();
        self.run.distant_members.extend(added);
    }

    /// A member that another file gives to a type, if exactly one does.
    pub(super) fn distant_member(&mut self, class: Ref, name: &Name) -> Option<Value> {
        let (_, object) = self.class(&Value::Object(class))?;
        let class = object.location();
        let type_name = object.class.name.clone();
        let mut found = None;
        for &file in self.implementing(class, &type_name).iter() {
            let Some(module) = self.module(file) else {
                continue;
            };
            let mut members = module.distant_members.iter();
            let member = members.find(|member| member.class == class && member.name == *name);
            if let Some(member) = member {
                if found.is_some() {
                    return None;
                }
                found = Some(member.value.clone());
            }
        }
        found
    }

    /// The other files that may give members to a type.
    pub(crate) fn implementing(&self, class: Location, name: &str) -> Arc<Vec<FileId>> {
        let project = self.project;
        let DocumentId(home) = class.document;
        let home = FileId(home);
        if home.0 as usize >= project.files.len() {
            return Arc::default();
        }
        self.world.implementing.answer(class, || {
            let dialect = self.dialect_of(class.document);
            Arc::new(dialect.extending(project, self.platform, home, name))
        })
    }
}
