//! Definitions: functions, classes and Rust's `impl` blocks come into being.

use std::sync::Arc;

use super::conditions::last_segment;
use super::state::ClassObject;
use super::uncalled::Uncalled;
use super::{Arguments, Machine, Object, Scope};
use crate::code::{Block, Class, Expr, Function, Name};
use crate::value::{Binding, Closure, Ref, Value};

impl Machine<'_> {
    pub(super) fn define_function(&mut self, function: &Arc<Function>) {
        let document = self.document();
        let scope = self.frame().scope;
        let mut binding = Binding::Instance;
        let mut skipped = false;
        let mut decorators = Vec::new();
        for decorator in &function.decorators {
            let value = self.eval(decorator);
            match value.as_native() {
                Some("builtins.staticmethod") => binding = Binding::Static,
                Some("builtins.classmethod") => binding = Binding::Class,
                Some("builtins.property" | "functools.cached_property") => {
                    binding = Binding::Property;
                }
                _ => {}
            }
            skipped |= value == Value::Skip;
            decorators.push(value);
        }
        let closure = Arc::new(Closure {
            function: Arc::clone(function),
            document,
            scope,
            class: None,
            binding,
        });
        let Some(name) = function.name.clone() else {
            return;
        };
        if skipped {
            // The test runner does not run it, and nobody else calls a test.
            self.bind_name(&name, Value::UNKNOWN);
            return;
        }
        if decorators
            .iter()
            .any(|decorator| self.gives_nothing(decorator, &closure))
        {
            self.bind_name(&name, Value::None);
            return;
        }
        self.register(&closure);
        self.bind_name(&name, Value::Function(closure));
    }

    /// Whether a decorator gives `None` in place of the function: it is not there on this platform.
    fn gives_nothing(&mut self, decorator: &Value, closure: &Arc<Closure>) -> bool {
        let Value::Function(decorate) = decorator else {
            return false;
        };
        if !self.speaks_of_platforms(decorate) {
            return false;
        }
        let before = self.run.state.clone();
        let location = self.here(closure.function.span);
        let mut arguments = Arguments::default();
        arguments.push(Value::Function(Arc::clone(closure)), location);
        let given = self.unnoticed(|m| m.call(decorator, arguments, location));
        // What it does besides is seen where it is entered itself.
        self.run.state = before;
        given == Value::None
    }

    /// Remembers a function that may be entered without a call being seen.
    pub(super) fn register(&mut self, closure: &Arc<Closure>) {
        if self.run.frames.iter().any(|frame| frame.closure.is_some()) {
            self.frame().uncalled.push(Uncalled::of(closure));
        } else {
            self.run.definitions.push(Arc::clone(closure));
        }
    }

    pub(super) fn define_class(&mut self, class: &Arc<Class>) {
        let mut skipped = false;
        for decorator in &class.decorators {
            skipped |= self.eval(decorator) == Value::Skip;
        }
        // To be derived from is not yet to be used.
        let bases = self.unnoticed(|m| class.bases.iter().map(|base| m.eval(base)).collect());
        let document = self.document();
        let scope = self.allocate(Object::Scope(Scope {
            parent: Some(self.run.frames.last().expect("code runs in a frame").scope),
            ..Scope::default()
        }));
        let object = ClassObject {
            class: Arc::clone(class),
            document,
            scope,
            bases,
        };
        let reference = self.allocate(Object::Class(object));
        if skipped {
            self.bind_name(&class.name, Value::UNKNOWN);
            return;
        }
        self.bind_name(&class.name, Value::Object(reference));
        self.run_members(Some(reference), scope, &class.body);
    }

    /// Runs a class body; its functions become methods of the class.
    fn run_members(&mut self, class: Option<Ref>, scope: Ref, body: &Block) {
        let outer_scope = std::mem::replace(&mut self.frame().scope, scope);
        let defined = self.run.definitions.len();
        let uncalled = self.frame().uncalled.len();
        let outer_names = self.run.names.take();
        if let Some(own_type) = self.dialect().features().own_type {
            self.run.names = Some(self.names_of_constants(own_type, class, outer_scope));
        }
        self.run_block(body);
        self.run.names = outer_names;
        self.frame().scope = outer_scope;
        // A method's free names are those of the scope around the class.
        let adopt = |closure: &Arc<Closure>| {
            if closure.scope != scope {
                return Arc::clone(closure);
            }
            Arc::new(Closure {
                class,
                scope: outer_scope,
                ..(**closure).clone()
            })
        };
        for closure in &mut self.run.definitions[defined..] {
            *closure = adopt(closure);
        }
        for uncalled in &mut self.frame().uncalled[uncalled..] {
            uncalled.closure = adopt(&uncalled.closure);
        }
        if let Some(Object::Scope(members)) = self.object_mut(scope) {
            let methods: Vec<(Name, Arc<Closure>)> = members
                .variables
                .iter()
                .filter_map(|(name, value)| match value {
                    Value::Function(closure) => Some((name.clone(), adopt(closure))),
                    _ => None,
                })
                .collect();
            for (name, method) in methods {
                members.variables.insert(name, Value::Function(method));
            }
        }
    }

    /// Where the constants of a type read their names: those of the type need its own name before
    /// them.
    fn names_of_constants(&mut self, own_type: &str, class: Option<Ref>, around: Ref) -> Ref {
        let own = class.map(|class| (Name::from(own_type), Value::Object(class)));
        self.allocate(Object::Scope(Scope {
            variables: own.into_iter().collect(),
            parent: Some(around),
            ..Scope::default()
        }))
    }

    /// A Rust `impl`: its functions become members of the type.
    pub(super) fn extend_class(&mut self, target: &Expr, of_trait: Option<&Expr>, body: &Block) {
        let target = self.eval(target);
        let (class, scope) = match self.class(&target) {
            Some((reference, class)) => (Some(reference), class.scope),
            // Methods of a foreign type, or of one that is not known, can still be entered.
            None => {
                let parent = Some(self.frame().scope);
                (
                    None,
                    self.allocate(Object::Scope(Scope {
                        parent,
                        ..Scope::default()
                    })),
                )
            }
        };
        let trait_name = of_trait.and_then(last_segment);
        let of_trait = of_trait.map(|of_trait| self.eval(of_trait));
        self.run_members(class, scope, body);
        if let Some(name) = trait_name {
            self.dialect().implemented(self, name, scope);
        }
        if let Some(reference) = class {
            self.add_distant_members(reference, body);
        }
        // What it does not write itself it has from the trait.
        if let (Some(reference), Some(of_trait)) = (class, &of_trait)
            && self.class(of_trait).is_some()
            && let Some(Object::Class(class)) = self.object_mut(reference)
        {
            class.bases.push(of_trait.clone());
        }
        if let (None, Some(of_trait)) = (class, of_trait) {
            self.add_foreign_methods(&target, &of_trait, scope);
        }
    }
}
