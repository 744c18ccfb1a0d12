//! What evaluation takes for granted because the project says so: its oldest Python, and names of
//! libraries that are not read.

use std::collections::HashMap;

use crate::platform::{Platform, Truth};
use crate::value::{Int, Value};

/// What is taken for granted of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assumptions {
    /// Major and minor version of the oldest Python that runs it.
    pub python: Option<(u8, u8)>,
    /// Functions of other libraries that start processes, each with the function of the standard
    /// library that takes the same arguments, by dotted names.
    pub spawn_wrappers: HashMap<String, String>,
    /// Names of other libraries with their values on Windows.
    pub windows_constants: HashMap<String, Constant>,
}

/// A value that a name has on Windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// A truth.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

impl Assumptions {
    /// What a dotted name stands for, if something is taken for granted of it.
    pub(crate) fn value(&self, path: &str, platform: Platform) -> Option<Value> {
        if let Some(function) = self.spawn_wrappers.get(path) {
            return Some(Value::native(function.clone()));
        }
        let constant = self.windows_constants.get(path)?;
        Some(match constant {
            // Nothing is said of other platforms.
            _ if platform != Platform::Windows => Value::UNKNOWN,
            Constant::Bool(truth) => Value::Bool(*truth),
            Constant::Int(number) => Value::Int(Int::known(*number)),
            Constant::Text(text) => Value::text(text),
        })
    }

    /// Whether `sys.version_info` is at least, or where `beyond` more than, these numbers. Nothing
    /// older than Python 3 is evaluated.
    pub(crate) fn python_is(&self, beyond: bool, numbers: &[i64]) -> Truth {
        let (major, minor) = self.python.unwrap_or((3, 0));
        let oldest = [i64::from(major), i64::from(minor), 0];
        let holds = match beyond {
            true => oldest.as_slice() > numbers,
            false => oldest.as_slice() >= numbers,
        };
        if holds {
            Truth::Yes
        } else if numbers.first().is_some_and(|&first| first > 3) {
            Truth::No
        } else {
            Truth::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_tuples_are() {
        let assumptions = Assumptions {
            python: Some((3, 9)),
            ..Assumptions::default()
        };
        for (beyond, numbers, expected) in [
            (false, &[3, 8][..], Truth::Yes),
            (false, &[3, 9], Truth::Yes),
            (true, &[3, 9], Truth::Yes),
            (false, &[3, 9, 0], Truth::Yes),
            (true, &[3, 9, 0], Truth::Unknown),
            (false, &[3, 9, 1], Truth::Unknown),
            (false, &[3, 10], Truth::Unknown),
            (false, &[4], Truth::No),
            (false, &[2, 7], Truth::Yes),
        ] {
            assert_eq!(
                assumptions.python_is(beyond, numbers),
                expected,
                "{numbers:?}"
            );
        }
        let none = Assumptions::default();
        assert_eq!(none.python_is(false, &[3]), Truth::Yes);
        assert_eq!(none.python_is(false, &[3, 1]), Truth::Unknown);
    }
}
