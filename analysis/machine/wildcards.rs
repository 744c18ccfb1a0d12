//! `from module import *` and `use module::*`: names that come without being named.

use std::collections::HashSet;

use super::{Machine, Object};
use crate::code::Name;
use crate::value::{DocumentId, Ref, Value};

/// A search through what wildcard imports bring into a scope and the scopes around it.
struct Search {
    /// The scope whose wildcard imports come next.
    scope: Option<Ref>,
    /// Those of the scope before that are still to be looked into.
    modules: std::vec::IntoIter<Value>,
    /// Whether one of the modules may bring in anything.
    unknown: bool,
}

impl Search {
    fn from(scope: Ref) -> Search {
        Search {
            scope: Some(scope),
            modules: Vec::new().into_iter(),
            unknown: false,
        }
    }
}

impl Machine<'_> {
    /// Brings in every name of a module.
    pub(crate) fn add_wildcard(&mut self, module: Value) {
        let scope = self.frame().scope;
        if let Some(Object::Scope(scope)) = self.object_mut(scope) {
            scope.wildcards.push(module);
        }
    }

    /// A name that a wildcard import brings into a scope or the scopes around it. Each scope is
    /// searched once, by whichever way it is reached first: wildcard imports may lead to each other in
    /// circles, and to one scope on many ways.
    pub(super) fn wildcard(&mut self, scope: Ref, name: &Name) -> Option<Value> {
        let mut searched = HashSet::from([scope]);
        let mut open = vec![Search::from(scope)];
        while let Some(search) = open.last_mut() {
            let Some(module) = search.modules.next() else {
                match search.scope.and_then(|scope| self.object(scope)) {
                    Some(Object::Scope(scope)) => {
                        search.modules = scope.wildcards.clone().into_iter();
                        search.scope = scope.parent;
                    }
                    _ if search.unknown => return Some(Value::UNKNOWN),
                    _ => {
                        open.pop();
                    }
                }
                continue;
            };
            let namespace = match self.force(module) {
                Value::Module(file) => self.module_scope(file).filter(|scope| {
                    let dialect = self.dialect_of(DocumentId(file.0));
                    dialect.exports(self, *scope, name)
                }),
                Value::Object(reference) => match self.object(reference) {
                    Some(Object::Class(class)) => Some(class.scope),
                    _ => Some(reference),
                },
                Value::Native(path) => match self.dialect().wildcard(self, &path, name) {
                    Some(value) => return Some(value),
                    None => None,
                },
                _ => {
                    if let Some(search) = open.last_mut() {
                        search.unknown = true;
                    }
                    None
                }
            };
            let Some(namespace) = namespace.filter(|scope| searched.insert(*scope)) else {
                continue;
            };
            if let Some(Object::Scope(own)) = self.object(namespace) {
                if let Some(value) = own.variables.get(name) {
                    return Some(value.clone());
                }
                if own.parent.is_none() {
                    open.push(Search::from(namespace));
                }
            }
        }
        None
    }
}
