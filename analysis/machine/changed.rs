//! Changed objects: runs that have changed an object of others to the same share it, so that it is seen
//! at a glance that the world is the same for them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::spelling::Spelling;
use super::{Dict, Instance, Object, Scope, Shared};
use crate::value::Ref;

/// Objects by what is changed in them, letter by letter.
#[derive(Clone, Debug, Default)]
pub(super) struct Changed {
    objects: Arc<RwLock<HashMap<Box<[u8]>, Shared>>>,
}

impl Changed {
    /// The object that everybody shares who has changed one to this; `None` where that cannot be told.
    pub(super) fn same(&self, reference: Ref, base: &Shared, now: &Shared) -> Option<Shared> {
        let mut spelling = Spelling::default();
        spelling.reference(reference)?;
        let object = upon(base.get(), now.get(), &mut spelling)?;
        let letters = spelling.letters()?;
        let objects = self.objects.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = objects.get(&letters) {
            return Some(known.clone());
        }
        drop(objects);
        let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
        let known = objects.entry(letters);
        Some(known.or_insert_with(|| Shared::new(object)).clone())
    }
}

/// The object as it was, with what is other now. Spells that.
fn upon(base: &Object, now: &Object, spelling: &mut Spelling) -> Option<Object> {
    match (base, now) {
        (Object::Scope(base), Object::Scope(now))
            if base.parent == now.parent
                && base.outer == now.outer
                && base.wildcards == now.wildcards =>
        {
            let (base_variables, variables) = (&base.variables, &now.variables);
            let (name, value) = (Spelling::name, Spelling::value);
            Some(Object::Scope(Scope {
                variables: entries(base_variables, variables, spelling, name, value)?,
                ..base.clone()
            }))
        }
        (Object::Dict(base), Object::Dict(now)) => {
            spelling.truth(now.open.into());
            let (key, entry) = (Spelling::key, Spelling::entry);
            Some(Object::Dict(Dict {
                entries: entries(&base.entries, &now.entries, spelling, key, entry)?,
                open: now.open,
            }))
        }
        (Object::Instance(base), Object::Instance(now))
            if base.class == now.class && base.spawn == now.spawn =>
        {
            spelling.truth(now.open.into());
            let (base_attributes, attributes) = (&base.attributes, &now.attributes);
            let (name, value) = (Spelling::name, Spelling::value);
            Some(Object::Instance(Instance {
                attributes: entries(base_attributes, attributes, spelling, name, value)?,
                open: now.open,
                ..base.clone()
            }))
        }
        (Object::Sequence(_), Object::Sequence(now)) => {
            spelling.truth(now.fixed.into());
            for item in &now.items {
                spelling.truth(item.is_some().into());
                item.as_ref()
                    .map_or(Some(()), |item| spelling.value(item))?;
            }
            Some(Object::Sequence(now.clone()))
        }
        _ => None,
    }
}

/// The entries of a map as they were, with those that are other now. Spells these.
fn entries<K: Clone + Ord, V: Clone + PartialEq>(
    base: &OrdMap<K, V>,
    now: &OrdMap<K, V>,
    spelling: &mut Spelling,
    spell_key: impl Fn(&mut Spelling, &K),
    spell_value: impl Fn(&mut Spelling, &V) -> Option<()>,
) -> Option<OrdMap<K, V>> {
    let mut entries = base.clone();
    for difference in base.diff(now) {
        match difference {
            DiffItem::Add(key, value)
            | DiffItem::Update {
                new: (key, value), ..
            } => {
                spelling.truth(true.into());
                spell_key(spelling, key);
                spell_value(spelling, value)?;
                entries.insert(key.clone(), value.clone());
            }
            DiffItem::Remove(key, _) => {
                spelling.truth(false.into());
                spell_key(spelling, key);
                entries.remove(key);
            }
        }
    }
    Some(entries)
}
