//! Operators: arithmetic on bits and texts, and conditions that give a value.

use super::{Machine, Object};
use crate::code::{BinaryOp, Expr, UnaryOp};
use crate::platform::Truth;
use crate::value::{Int, Piece, Text, Value};

impl Machine<'_> {
    pub(crate) fn binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> Value {
        if let (Value::OneOf(_), _) | (_, Value::OneOf(_)) = (a, b) {
            let mut results = Vec::new();
            for a in a.alternatives() {
                for b in b.alternatives() {
                    results.push(self.binary(op, a, b));
                }
            }
            return Value::one_of(results);
        }
        match (op, a, b) {
            (BinaryOp::Add, Value::Text(a), Value::Text(b)) => Value::Text(a.concat(b)),
            (BinaryOp::Add, Value::Text(a), Value::Unknown(cause)) => {
                Value::Text(a.concat(&Text::new(vec![Piece::Unknown(*cause)])))
            }
            (BinaryOp::Add, Value::Unknown(cause), Value::Text(b)) => {
                Value::Text(Text::new(vec![Piece::Unknown(*cause)]).concat(b))
            }
            (BinaryOp::Add, Value::Object(_), _) | (BinaryOp::Add, _, Value::Object(_)) => {
                let items = |value: &Value| match self.items(value) {
                    Some(sequence) => sequence.items.clone(),
                    None => vec![None],
                };
                let (left, right) = (items(a), items(b));
                let joined: Vec<_> = left.into_iter().chain(right).collect();
                self.sequence(joined, false)
            }
            (BinaryOp::Or, Value::Object(_), Value::Object(_)) if self.dict(a).is_some() => {
                let copy = self.dict(a).cloned().unwrap_or_default();
                let result = Value::Object(self.allocate(Object::Dict(copy)));
                let location = self.here(self.run.frames.last().expect("runs").statement);
                self.merge_dict(&result, b, location);
                result
            }
            (BinaryOp::Modulo, Value::Text(text), value) => {
                let filled = self.dialect().remainder(self, text, value);
                filled.map_or(Value::UNKNOWN, Value::Text)
            }
            _ => {
                let (Some(a), Some(b)) = (Self::bits(a), Self::bits(b)) else {
                    return Value::UNKNOWN.following(a).following(b);
                };
                Value::Int(match op {
                    BinaryOp::Or => a.or(&b),
                    BinaryOp::And => a.and(&b),
                    BinaryOp::Xor => a.xor(&b),
                    BinaryOp::Add => a.arithmetic(&b, i64::checked_add),
                    BinaryOp::Subtract => a.arithmetic(&b, i64::checked_sub),
                    BinaryOp::Multiply => a.arithmetic(&b, i64::checked_mul),
                    BinaryOp::ShiftLeft => a.arithmetic(&b, |a, b| {
                        let shift = u32::try_from(b).ok()?;
                        a.checked_mul(1_i64.checked_shl(shift).filter(|_| shift < 63)?)
                    }),
                    BinaryOp::ShiftRight => {
                        // Else how wide a negative one is depends on its type.
                        let unbounded = self.dialect().features().unbounded_integers;
                        a.arithmetic(&b, |a, b| {
                            let shift = u32::try_from(b).ok()?;
                            a.checked_shr(shift).filter(|_| unbounded || a >= 0)
                        })
                    }
                    BinaryOp::Divide | BinaryOp::Modulo | BinaryOp::Other => {
                        a.arithmetic(&b, |_, _| None)
                    }
                })
            }
        }
    }

    /// A value as an operand of integer arithmetic. An unknown one may be an integer.
    fn bits(value: &Value) -> Option<Int> {
        match value {
            Value::Int(int) => Some(int.clone()),
            Value::Bool(value) => Some(Int::known((*value).into())),
            Value::Unknown(cause) => Some(Int::unknown(*cause)),
            _ => None,
        }
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Value {
        let value = self.eval(operand);
        let value = self.brought(value, operand);
        match (op, &value) {
            (UnaryOp::Bang, Value::Bool(value)) => Value::Bool(!value),
            (UnaryOp::Invert | UnaryOp::Bang, Value::Int(int)) => Value::Int(int.invert()),
            (UnaryOp::Negate, Value::Int(int)) => {
                Value::Int(Int::known(0).arithmetic(int, i64::checked_sub))
            }
            _ => Value::UNKNOWN,
        }
    }

    /// `a and b and c`, or the same with `or`: the first operand that decides, or else the last.
    pub(super) fn connected(&mut self, operands: &[Expr], is_and: bool) -> Value {
        let Some((last, others)) = operands.split_last() else {
            return Value::Bool(is_and);
        };
        let deciding = Truth::from(!is_and);
        let mut decided = Vec::new();
        let mut end = None;
        for operand in others {
            let value = self.eval(operand);
            if !self.alive() {
                end = Some(value);
                break;
            }
            self.note_truth(&value, operand.span);
            let truth = match self.run.undecided {
                true => Truth::Unknown,
                false => self.truth(&value),
            };
            if truth == Truth::Unknown {
                let before = self.run.state.clone();
                self.assume(operand, !is_and);
                let state = std::mem::replace(&mut self.run.state, before);
                decided.push((self.filtered(&value, deciding), state));
            } else if truth == deciding {
                end = Some(self.filtered(&value, deciding));
                self.assume(operand, !is_and);
                break;
            }
            self.assume(operand, is_and);
        }
        let mut value = match end {
            Some(value) => value,
            None => self.eval(last),
        };
        for (by_operand, state) in decided.into_iter().rev() {
            let later = value.clone();
            // `name or default`
            let by_operand = match is_and {
                true => by_operand,
                false => by_operand.unless_told(&later),
            };
            value = if is_and {
                let after = std::mem::replace(&mut self.run.state, state);
                self.join_ways((value, after), by_operand)
            } else {
                self.join_ways((by_operand, state), value)
            };
            value = Self::as_truth(value, later, !is_and);
        }
        value
    }

    /// The value of an `and` (or an `or`) whose first operands are not known: what stands beside
    /// `False` (or `True`) is a truth value too, and does not change it.
    fn as_truth(value: Value, last: Value, deciding: bool) -> Value {
        if value.is_unknown() && last == Value::Bool(deciding) {
            last
        } else {
            value
        }
    }

    /// The possibilities of a value that can have the given truth.
    fn filtered(&self, value: &Value, truth: Truth) -> Value {
        if value.is_unknown() {
            return value.clone();
        }
        let fitting: Vec<Value> = value
            .alternatives()
            .iter()
            .filter(|value| self.truth(value) != !truth)
            .cloned()
            .collect();
        Value::one_of(fitting)
    }
}
