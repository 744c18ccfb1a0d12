//! Traits: which functions a call may mean of whose receiver only the trait is known.

use crate::code::Name;
use crate::machine::{Machine, Object};
use crate::source::FileId;
use crate::value::{Ref, Value};

impl Machine<'_> {
    /// The methods of this name that types of the project implement for a trait, each with an instance
    /// of its type.
    pub(super) fn implementations(&mut self, of_trait: &Value, name: &Name) -> Option<Value> {
        let (of_trait, object) = self.class(of_trait)?;
        if !object.class.is_trait {
            return None;
        }
        let (document, trait_name) = (object.document, object.class.name.clone());
        let location = object.location();
        let home = FileId(document.0);
        let mut scopes: Vec<Ref> = self.variables_around(of_trait).into_iter().collect();
        for &file in self.implementing(location, &trait_name).iter() {
            if file != home {
                scopes.extend(self.module_scope(file));
            }
        }
        let mut methods = Vec::new();
        for scope in scopes {
            for class in self.implementors(scope, of_trait) {
                let Some(Value::Function(closure)) = self.member(&class, name) else {
                    return None;
                };
                let receiver = match self.class(&class)? {
                    (_, object) if object.class.is_unit => class,
                    (reference, _) => self.unseen_instance(reference),
                };
                methods.push(self.bind_first(closure, receiver));
            }
        }
        match Value::one_of(methods) {
            Value::Unknown(_) => None,
            methods => Some(methods),
        }
    }

    /// The scope that a type is defined in.
    fn variables_around(&self, class: Ref) -> Option<Ref> {
        let (_, object) = self.class(&Value::Object(class))?;
        match self.object(object.scope)? {
            Object::Scope(members) => members.parent,
            _ => None,
        }
    }

    /// The types that a scope defines and that implement a trait.
    fn implementors(&self, scope: Ref, of_trait: Ref) -> Vec<Value> {
        let Some(Object::Scope(scope)) = self.object(scope) else {
            return Vec::new();
        };
        let classes = scope.variables.values().filter(|value| {
            self.class(value)
                .is_some_and(|(_, class)| class.bases.contains(&Value::Object(of_trait)))
        });
        classes.cloned().collect()
    }
}
