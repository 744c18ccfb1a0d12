//! Instances that are not seen being made: what a method knows of `self`.

use std::collections::HashMap;
use std::sync::Arc;

use imbl::OrdMap;

use super::run::Run;
use super::{Arguments, Machine, Object, Scope};
use crate::code::{ExprKind, Name, StmtKind};
use crate::dependencies;
use crate::source::Span;
use crate::value::{Binding, Closure, DocumentId, Location, Ref, Value};

impl Machine<'_> {
    /// An attribute of an instance of which only the class is known: what the constructor sets, or
    /// anything where other code sets it too; `None` if nobody sets it on the instance.
    pub(super) fn settled_attribute(&mut self, class: &Value, name: &Name) -> Option<Value> {
        let (reference, object) = self.class(class)?;
        let (definition, definition_text) = (Arc::clone(&object.class), object.document);
        if let Some((_, annotation)) = definition.fields.iter().find(|(field, _)| field == name) {
            // A declared field: what it is made with, or else its type.
            // One type's makers are not looked at for those of another.
            let is_seen = self.loading.constructing.is_empty() && definition.private.contains(name);
            let made = match is_seen {
                true => self.constructed(reference).get(name).cloned(),
                false => None,
            };
            let made = made.unwrap_or_else(|| {
                self.around_class(reference, |m| m.typed(Value::UNKNOWN, Some(annotation)))
            });
            let default = definition.defaults.iter().find(|(field, _)| field == name);
            return Some(match (made, default) {
                (Value::Unknown(_), Some((_, default))) => {
                    match self.around_class(reference, |m| m.eval(default)) {
                        default @ Value::Text(_) => Value::Default(Arc::new(default)),
                        _ => Value::UNKNOWN,
                    }
                }
                (made, _) => made,
            });
        }
        // A type without a constructor has no other fields than those it declares: what is asked for is a
        // method that is not seen.
        self.constructor_in(definition_text)?;
        if self.assigned_on_instances(class, name) {
            return Some(Value::UNKNOWN);
        }
        let value = self.constructed(reference).get(name).cloned()?;
        Some(self.unless_left_open(value))
    }

    /// Evaluates something where the names around the definition of a class are in scope.
    fn around_class(&mut self, class: Ref, evaluate: impl FnOnce(&mut Self) -> Value) -> Value {
        let Some((_, object)) = self.class(&Value::Object(class)) else {
            return Value::UNKNOWN;
        };
        let (document, members) = (object.document, object.scope);
        let Some(Object::Scope(Scope {
            parent: Some(around),
            ..
        })) = self.object(members)
        else {
            return Value::UNKNOWN;
        };
        let around = *around;
        let frame = self.frame();
        let document = std::mem::replace(&mut frame.document, document);
        let scope = std::mem::replace(&mut frame.scope, around);
        let value = evaluate(self);
        let frame = self.frame();
        (frame.document, frame.scope) = (document, scope);
        value
    }

    /// What an attribute that only the class is seen to set is on an instance of which nothing else
    /// is known. Of a class that other code equips with a constructor (a dataclass, a model) what is
    /// written there is a default.
    pub(super) fn declared_attribute(
        &mut self,
        class: &Value,
        name: &Name,
        value: Value,
    ) -> Option<Value> {
        let value = self.unless_left_open(value);
        if !self.is_literal_of_equipped_class(class, name) {
            return Some(value);
        }
        match value {
            Value::Text(_) => Some(Value::Default(Arc::new(value))),
            _ => None,
        }
    }

    /// An attribute that is set to `None` is left to others to set.
    fn unless_left_open(&mut self, value: Value) -> Value {
        match self.force(value) {
            Value::None => Value::UNKNOWN,
            value => value,
        }
    }

    /// Whether a class, or the base that has the attribute, writes a literal for it, and the class is
    /// decorated or has a base outside the project.
    fn is_literal_of_equipped_class(&mut self, class: &Value, name: &Name) -> bool {
        let mut line = vec![class.clone()];
        let mut seen = Vec::new();
        let (mut written, mut equipped) = (None, false);
        while let Some(next) = line.pop() {
            let next = self.force(next);
            let Some((reference, class)) = self.class(&next) else {
                equipped |= next.as_native() != Some("builtins.object");
                continue;
            };
            if seen.contains(&reference) {
                continue;
            }
            seen.push(reference);
            equipped |= !class.class.decorators.is_empty();
            let mut assigned = class.class.body.iter().rev();
            written = written.or_else(|| {
                assigned.find_map(|stmt| match &stmt.kind {
                    StmtKind::Assign { targets, value } => match &targets.first()?.kind {
                        ExprKind::Name(target) if target == name => Some(value.is_scalar()),
                        _ => None,
                    },
                    _ => None,
                })
            });
            line.extend(class.bases.iter().rev().cloned());
        }
        equipped && written == Some(true)
    }

    /// The attributes that a class's constructor sets, found once for everybody.
    fn constructed(&mut self, class: Ref) -> OrdMap<Name, Value> {
        let is_running = self.loading.constructing.contains(&class);
        // A class that is not there for everybody has no constructor yet.
        if is_running || self.world.object(class).is_none() {
            return OrdMap::new();
        }
        if let Some(known) = self.world.constructed.get(&class) {
            return known;
        }
        self.loading.constructing.push(class);
        let (attributes, rests_on) =
            dependencies::noted(|| self.in_turn(|m| m.construct_anew(class)));
        self.loading.constructing.pop();
        // What rests on a module that is not finished, or on a constructor that is not, is another
        // later.
        match self.loading.is_open() || !self.loading.constructing.is_empty() {
            true => attributes,
            false => self.world.constructed.keep(class, (attributes, rests_on)),
        }
    }

    /// The attributes that a class's constructor sets: for any arguments, or else, as a default,
    /// for those of the shortest call.
    fn construct_anew(&mut self, class: Ref) -> OrdMap<Name, Value> {
        let Some((_, object)) = self.class(&Value::Object(class)) else {
            return OrdMap::new();
        };
        let Some(init) = self.constructor_in(object.document) else {
            return self.built(class);
        };
        let Some(Value::Function(closure)) = self.member(&Value::Object(class), &init.into())
        else {
            return OrdMap::new();
        };
        if closure.binding != Binding::Instance {
            return OrdMap::new();
        }
        let mut attributes = self.constructed_with(class, &closure, true);
        let unknown: Vec<Name> = attributes
            .iter()
            .filter(|(_, value)| value.is_unknown())
            .map(|(name, _)| name.clone())
            .collect();
        if !unknown.is_empty() {
            let shortest = self.constructed_with(class, &closure, false);
            for name in unknown {
                let default = match shortest.get(&name) {
                    Some(default @ Value::Text(_)) => Value::Default(Arc::new(default.clone())),
                    Some(default @ Value::Default(_)) => default.clone(),
                    _ => continue,
                };
                attributes.insert(name, default);
            }
        }
        attributes
    }

    /// What the constructors of a text's classes are called, if they have any.
    fn constructor_in(&self, document: DocumentId) -> Option<&'static str> {
        self.dialect_of(document).features().constructor
    }

    /// The fields that all instances of a type without a constructor have in common that its file
    /// makes, and that nothing changes afterwards.
    fn built(&mut self, class: Ref) -> OrdMap<Name, Value> {
        let Some((_, object)) = self.class(&Value::Object(class)) else {
            return OrdMap::new();
        };
        let (file, name) = (self.text(object.document).file, object.class.name.clone());
        let definition = object.location();
        let Some(module) = self.module(file) else {
            return OrdMap::new();
        };
        let dialect = self.dialect_of(definition.document);
        let makes_one = |closure: &&Arc<Closure>| {
            let code = self.source(closure.document, closure.function.span);
            dialect.makes(code, &name, closure.class.is_some())
        };
        let makers: Vec<_> = module.functions.iter().filter(makes_one).collect();
        let mut runs = vec![(Run::default(), None)];
        runs.extend(
            makers
                .into_iter()
                .map(|maker| (Run::upon(&module.changes), Some(maker))),
        );
        let mut built = Vec::new();
        for (mut run, maker) in runs {
            run.built = Some((definition, Vec::new()));
            let (_, run) = self.within(run, |m| match maker {
                Some(maker) => {
                    m.run_closure(maker, None, None);
                }
                None => {
                    m.run_module(file);
                }
            });
            if run.steps == 0 {
                return OrdMap::new();
            }
            built.extend(run.built.into_iter().flat_map(|(_, built)| built));
        }
        let common = built.into_iter().reduce(|common, fields| {
            let shared = common.into_iter().filter_map(|(name, value)| {
                let joined = value.join(fields.get(&name)?);
                Some((name, joined))
            });
            shared.collect()
        });
        let common = common.unwrap_or_default().into_iter();
        common
            .filter(|(name, value)| is_plain_data(value) && !self.sets_field(class, name))
            .collect()
    }

    /// An instance of a type without a constructor is made.
    pub(super) fn note_built(&mut self, class: &Value, fields: &OrdMap<Name, Value>) {
        let Some(wanted) = self.run.built.as_ref().map(|(wanted, _)| *wanted) else {
            return;
        };
        let is_wanted = self
            .class(class)
            .is_some_and(|(_, class)| class.location() == wanted);
        if let (true, Some((_, built))) = (is_wanted, &mut self.run.built) {
            built.push(fields.clone());
        }
    }

    /// Whether the file of a type may set a field of an instance that is made already.
    fn sets_field(&self, class: Ref, name: &Name) -> bool {
        let Some((_, class)) = self.class(&Value::Object(class)) else {
            return true;
        };
        let text = &self.text(class.document).text;
        self.dialect_of(class.document).sets_field(text, name)
    }

    fn constructed_with(
        &mut self,
        class: Ref,
        constructor: &Arc<Closure>,
        any_arguments: bool,
    ) -> OrdMap<Name, Value> {
        let mut attributes = OrdMap::new();
        let module = self.evaluated_aside(constructor.location(), |m| {
            let instance = m.unseen_instance(class);
            let span = constructor.function.span;
            let location = Location {
                document: constructor.document,
                span,
            };
            let mut arguments = Arguments {
                open: any_arguments,
                ..Arguments::default()
            };
            arguments.push(instance.clone(), location);
            if any_arguments {
                arguments.push_rest();
            }
            m.run_closure(constructor, Some(arguments), None);
            if let Some(instance) = m.instance(&instance) {
                attributes.clone_from(&instance.attributes);
            }
            match instance {
                Value::Object(reference) => reference,
                _ => class,
            }
        });
        if !module.given_up.is_empty() {
            // More would have been set, and to something else.
            attributes = attributes
                .into_iter()
                .map(|(name, _)| (name, Value::UNKNOWN))
                .collect();
        }
        attributes
    }

    /// Whether an attribute of a class's instances is assigned outside its constructor.
    fn assigned_on_instances(&mut self, class: &Value, name: &Name) -> bool {
        let Some((_, object)) = self.class(class) else {
            return true;
        };
        let location = Location {
            document: object.document,
            span: object.class.span,
        };
        let init = self.constructor_in(location.document);
        let init = init
            .and_then(|init| self.member_span(class, init))
            .unwrap_or(Span::new(0, 0));
        let outside = |at: &u32| !(init.start <= *at && *at < init.end);
        let assigned = self.assigned_in(location);
        let places = assigned.get(&**name);
        places.is_some_and(|places| places.iter().any(outside))
    }

    /// Where attributes are assigned in the text of a class.
    pub(super) fn assigned_in(&self, class: Location) -> Arc<AssignedAttributes> {
        self.world.assigned.answer(class, || {
            let text = self.source(class.document, class.span);
            Arc::new(assigned_attributes(text, class.span.start))
        })
    }

    fn member_span(&self, class: &Value, name: &str) -> Option<Span> {
        let (_, object) = self.class(class)?;
        let Some(Object::Scope(members)) = self.object(object.scope) else {
            return None;
        };
        match members.variables.get(name)? {
            Value::Function(closure) => Some(closure.function.span),
            _ => None,
        }
    }
}

/// The attributes that a text assigns to, whatever object they are of, each with its places.
pub(super) type AssignedAttributes = HashMap<Box<str>, Vec<u32>>;

/// Looks for `.name = …`, `.name += …` and `.name: annotation` in the lines of a text that begins at
/// `start`.
fn assigned_attributes(text: &str, start: u32) -> AssignedAttributes {
    let mut assigned = AssignedAttributes::new();
    let mut start = start as usize;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        let alone = line.len() - code.len() + code.find(' ').unwrap_or(code.len());
        for at in memchr::memchr_iter(b'.', line.as_bytes()) {
            let after = &line[at + 1..];
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let rest = after.trim_start_matches(word);
            let name = &after[..after.len() - rest.len()];
            let rest = rest.trim_start_matches(' ');
            // The colon of an annotation, not that of `if self.name: …`.
            let is_assigned = rest.starts_with('=') && !rest.starts_with("==")
                || at <= alone && rest.starts_with(": ")
                || ["+=", "|=", "-=", "&="]
                    .iter()
                    .any(|op| rest.starts_with(op));
            if is_assigned && !name.is_empty() {
                let places = assigned.entry(name.into()).or_default();
                places.push((start + at) as u32);
            }
        }
        start += line.len();
    }
    assigned
}

/// Whether a value cannot be changed through another reference to it.
fn is_plain_data(value: &Value) -> bool {
    value
        .alternatives()
        .iter()
        .all(|value| matches!(value, Value::Bool(_) | Value::Int(_) | Value::Text(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigned_attributes_are_found_by_their_lines() {
        let text = "class A:\n  b.c = d.e == f.g\n  self.h: i.j = 1\n  if self.k: l.m |= 2\n\
                    \u{a0} é.ü  +=3; n.o.p=4; q.r >= s.t\n  u.c-=1";
        let mut assigned: Vec<(Box<str>, Vec<u32>)> =
            assigned_attributes(text, 7).into_iter().collect();
        assigned.sort_unstable();
        let places = |of: &[&str]| -> Vec<u32> {
            let place = |it: &&str| text.find(it).unwrap() as u32 + 7;
            of.iter().map(place).collect()
        };
        let expected = [
            ("c", places(&[".c =", ".c-="])),
            ("h", places(&[".h"])),
            ("j", places(&[".j"])),
            ("m", places(&[".m"])),
            ("p", places(&[".p"])),
            ("ü", places(&[".ü"])),
        ];
        assert_eq!(assigned, expected.map(|(name, at)| (name.into(), at)));
    }
}
