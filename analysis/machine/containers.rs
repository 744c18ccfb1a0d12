//! Lists and dicts: how they are written, read and built in steps.

use super::{Dict, Entry, Key, Machine, Object, Sequence};
use crate::code::{Clause, Comprehension, ComprehensionKind, Expr, ExprKind};
use crate::platform::Truth;
use crate::value::{Location, Value};

/// A list with more possibilities than this is not known.
const MOST_DISPLAYS: usize = 6;

impl Machine<'_> {
    /// `object[index]`
    pub(crate) fn item(&mut self, object: &Value, index: &Value) -> Value {
        if let Some(sequence) = self.items(object) {
            let Value::Int(int) = index else {
                return Value::UNKNOWN.following(index);
            };
            let Some(at) = int.value() else {
                return Value::UNKNOWN;
            };
            let known = sequence.items.iter().position(Option::is_none);
            let length = sequence.items.len();
            let found = if at >= 0 {
                ((at as usize) < known.unwrap_or(length)).then_some(at as usize)
            } else {
                let behind = sequence.items.iter().rev().position(Option::is_none);
                let from_end = at.unsigned_abs() as usize;
                (from_end <= behind.unwrap_or(length)).then(|| length - from_end)
            };
            let value = found.and_then(|at| sequence.items[at].clone());
            return self.force(value.unwrap_or(Value::UNKNOWN));
        }
        if let Value::Missing(_) = object {
            return object.clone();
        }
        if let Some(item) = self.dialect().index(self, object, index) {
            return item;
        }
        if let Some(dict) = self.dict(object) {
            let value = Key::of(index)
                .and_then(|key| dict.entries.get(&key))
                .map(|entry| entry.value.clone());
            let all = match (Key::of(index), dict.open) {
                // Any entry may be meant.
                (None, false) => Some(Value::one_of(
                    dict.entries.values().map(|entry| entry.value.clone()),
                )),
                _ => None,
            };
            return self.force(value.or(all).unwrap_or(Value::UNKNOWN));
        }
        Value::UNKNOWN.following(object)
    }

    pub(super) fn slice(
        &mut self,
        object: &Expr,
        lower: &Option<Box<Expr>>,
        upper: &Option<Box<Expr>>,
    ) -> Value {
        let object = self.eval(object);
        let bound = |m: &mut Self, bound: &Option<Box<Expr>>| match bound {
            None => Some(None),
            Some(bound) => match m.eval(bound) {
                Value::Int(int) => int.value().map(Some),
                Value::None => Some(None),
                _ => None,
            },
        };
        let lower = bound(self, lower);
        let upper = bound(self, upper);
        if let Value::Text(text) = &object {
            return match (text.known(), lower, upper) {
                (Some(text), Some(lower), Some(upper)) => {
                    Value::text(slice_text(&text, lower, upper))
                }
                _ => Value::UNKNOWN,
            };
        }
        let Some(sequence) = self.items(&object) else {
            return Value::UNKNOWN;
        };
        let (items, fixed) = (sequence.items.clone(), sequence.fixed);
        let taken = match (lower, upper) {
            (Some(lower), Some(None)) => {
                let start = lower.unwrap_or(0);
                let known = items
                    .iter()
                    .position(Option::is_none)
                    .unwrap_or(items.len());
                (start >= 0 && start as usize <= known).then(|| items[start as usize..].to_vec())
            }
            (Some(lower), Some(Some(end))) if items.iter().all(Option::is_some) => {
                let length = items.len() as i64;
                let clamp =
                    |at: i64| (if at < 0 { at + length } else { at }).clamp(0, length) as usize;
                let (start, end) = (clamp(lower.unwrap_or(0)), clamp(end));
                Some(items[start..end.max(start)].to_vec())
            }
            _ => None,
        };
        self.sequence(taken.unwrap_or_else(|| vec![None]), fixed)
    }

    pub(super) fn display(&mut self, items: &[Expr], fixed: bool) -> Value {
        // One for each possibility of what is starred.
        let mut displays = vec![Vec::new()];
        for item in items {
            let added: Vec<Vec<Option<Value>>> = match &item.kind {
                ExprKind::Starred(inner) => {
                    let inner = self.eval(inner);
                    let items = |value| match self.items(value) {
                        Some(sequence) => sequence.items.clone(),
                        None => vec![None],
                    };
                    inner.alternatives().iter().map(items).collect()
                }
                _ => {
                    let value = self.eval(item);
                    self.keep_value(&value);
                    vec![vec![Some(value)]]
                }
            };
            match &added[..] {
                [only] => {
                    for display in &mut displays {
                        display.extend_from_slice(only);
                    }
                }
                _ if displays.len() * added.len() > MOST_DISPLAYS => displays = vec![vec![None]],
                _ => {
                    let longer = |more: &Vec<_>| -> Vec<Vec<_>> {
                        let joined = displays.iter().map(|display| [&display[..], more].concat());
                        joined.collect()
                    };
                    displays = added.iter().flat_map(longer).collect();
                }
            }
        }
        let displays = displays
            .into_iter()
            .map(|items| self.sequence(items, fixed));
        let displays: Vec<Value> = displays.collect();
        Value::one_of(displays)
    }

    pub(super) fn dict_display(&mut self, entries: &[(Option<Expr>, Expr)]) -> Value {
        let dict = Value::Object(self.allocate(Object::Dict(Dict::default())));
        for (key, value) in entries {
            let location = match key {
                Some(key) => self.here(key.span.cover(value.span)),
                None => self.here(value.span),
            };
            match key {
                Some(key) => {
                    let key = self.eval(key);
                    let value = self.eval(value);
                    self.keep_value(&value);
                    self.set_item(&dict, &key, value, location);
                }
                None => {
                    let other = self.eval(value);
                    self.merge_dict(&dict, &other, location);
                }
            }
        }
        dict
    }

    /// Puts the entries of one dict into another (`{**other}`, `update`, `|=`).
    pub(crate) fn merge_dict(&mut self, dict: &Value, other: &Value, location: Location) {
        let Value::Object(reference) = dict else {
            return;
        };
        let sources: Vec<Dict> = match other {
            Value::OneOf(values) => values
                .iter()
                .map(|value| self.dict(value).cloned())
                .collect::<Option<_>>()
                .unwrap_or_default(),
            other => self.dict(other).cloned().into_iter().collect(),
        };
        let Some(Object::Dict(target)) = self.object_mut(*reference) else {
            return;
        };
        let Some((first, rest)) = sources.split_first() else {
            target.open = true;
            return;
        };
        for (key, entry) in &first.entries {
            let everywhere = rest.iter().all(|other| other.entries.contains_key(key));
            let mut entry = Entry {
                location: entry.location.or(Some(location)),
                ..entry.clone()
            };
            for other in rest {
                if let Some(theirs) = other.entries.get(key) {
                    entry.value = entry.value.join(&theirs.value);
                    entry.present = entry.present.join(theirs.present);
                }
            }
            if !everywhere {
                entry.present = Truth::Unknown;
            }
            if entry.present != Truth::Yes
                && let Some(old) = target.entries.get(key)
            {
                entry.value = entry.value.join(&old.value);
                entry.present = old.present;
            }
            target.entries.insert(key.clone(), entry);
        }
        for other in rest {
            for (key, entry) in &other.entries {
                if !first.entries.contains_key(key) {
                    let entry = Entry {
                        present: Truth::Unknown,
                        ..entry.clone()
                    };
                    target.entries.insert(key.clone(), entry);
                }
            }
        }
        target.open |= sources.iter().any(|source| source.open);
    }

    /// Puts the items of one sequence at the end of another.
    pub(crate) fn extend(&mut self, list: &Value, other: &Value) {
        let added = match self.items(other) {
            Some(sequence) => sequence.items.clone(),
            None => vec![None],
        };
        if let Value::Object(reference) = list
            && let Some(Object::Sequence(sequence)) = self.object_mut(*reference)
        {
            sequence.items.extend(added);
            super::state::shorten(&mut sequence.items);
        }
    }

    pub(super) fn comprehension(&mut self, parts: &Comprehension) -> Value {
        let Comprehension {
            kind,
            key,
            element,
            clauses,
        } = parts;
        let mut items = Vec::new();
        let before = self.frame().scope;
        self.walk_clauses(clauses, &mut |m, certain| {
            let value = m.eval(element);
            let key = key.as_ref().map(|key| m.eval(key));
            if certain {
                items.push(Some((key, value)));
            } else {
                items.push(None);
            }
        });
        self.frame().scope = before;
        match kind {
            ComprehensionKind::Dict => {
                let location = self.here(element.span);
                let dict = Value::Object(self.allocate(Object::Dict(Dict::default())));
                for item in items {
                    match item {
                        Some((Some(key), value)) => self.set_item(&dict, &key, value, location),
                        _ => self.merge_dict(&dict, &Value::UNKNOWN, location),
                    }
                }
                dict
            }
            _ => {
                let items = items
                    .into_iter()
                    .map(|item| item.map(|(_, value)| value))
                    .collect();
                self.sequence(items, false)
            }
        }
    }

    /// Runs `visit` for each element; `certain` says that it is exactly one element.
    fn walk_clauses(&mut self, clauses: &[Clause], visit: &mut dyn FnMut(&mut Self, bool)) {
        let Some((clause, rest)) = clauses.split_first() else {
            visit(self, true);
            return;
        };
        let walked = self.eval(&clause.iterable);
        let (items, certain) = match self.each_item(&walked) {
            Some(items) => (items, true),
            None => {
                self.may_raise();
                (vec![self.some_item(&walked)], false)
            }
        };
        let repeats = self.run.repeats;
        for item in items.iter().cloned() {
            if !self.alive() {
                break;
            }
            self.run.repeats = repeats * items.len();
            self.bind(&clause.target, item);
            let holds = clause
                .conditions
                .iter()
                .fold(Truth::Yes, |holds, condition| {
                    holds.and(self.condition(condition))
                });
            if holds == Truth::No {
                continue;
            }
            let before = self.run.state.clone();
            for condition in &clause.conditions {
                self.assume(condition, true);
            }
            let sure = certain && holds == Truth::Yes;
            self.walk_clauses(rest, &mut |m, inner| visit(m, inner && sure));
            if !sure {
                let after = self.run.state.take();
                self.run.state = self.merge(before, after);
            }
        }
        self.run.repeats = repeats;
    }

    /// The items of a sequence, or what those of several have in common.
    pub(super) fn items_of_any(&self, value: &Value) -> Vec<Option<Value>> {
        let sequences: Option<Vec<&Sequence>> = value
            .alternatives()
            .iter()
            .map(|value| self.items(value))
            .collect();
        let joined = sequences.unwrap_or_default().into_iter().cloned();
        let joined = joined.reduce(|a, b| a.join(&b));
        joined.map_or_else(|| vec![None], |sequence| sequence.items)
    }

    /// The items of a sequence value, if it is one.
    pub(crate) fn sequence_of(&self, value: &Value) -> Option<Sequence> {
        self.items(value).cloned()
    }
}

/// `text[lower:upper]`, where the bounds count from the end if they are negative.
fn slice_text(text: &str, lower: Option<i64>, upper: Option<i64>) -> &str {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let length = ends.len() as i64 - 1;
    let clamp = |at: i64| (if at < 0 { at + length } else { at }).clamp(0, length) as usize;
    let (start, end) = (clamp(lower.unwrap_or(0)), clamp(upper.unwrap_or(length)));
    &text[ends[start]..ends[end.max(start)]]
}
