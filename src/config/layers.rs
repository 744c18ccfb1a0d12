//! Configuration in layers: a file, the files that it extends, and the command line above them.

use thiserror::Error;
use toml::{Table, Value};

use super::Config;
use crate::selection::closest;

/// What is wrong with keys and their values.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// An unknown key, but a similar one is known.
    #[error("unknown key `{key}`; did you mean `{similar}`?")]
    Similar {
        /// What was given.
        key: String,
        /// The key.
        similar: String,
    },
    /// Keys that are each right, and not together.
    #[error("{0}")]
    Together(&'static str),
    /// What the reader of TOML says.
    #[error("{0}")]
    Toml(String),
}

impl From<toml::de::Error> for KeyError {
    /// Tells which key was probably meant, in place of the list of all keys.
    fn from(error: toml::de::Error) -> KeyError {
        let message = error.message();
        let similar = || {
            let named = message.strip_prefix("unknown field `")?;
            let mut names = named.split('`').step_by(2);
            let key = names.next()?;
            let similar = closest(key, names)?;
            Some(KeyError::Similar {
                key: key.to_owned(),
                similar: similar.to_owned(),
            })
        };
        similar().unwrap_or_else(|| KeyError::Toml(message.to_owned()))
    }
}

/// What keys begin with whose lists are joined.
const JOINED: &str = "extend-";

/// What two layers say together: the upper one comes first, but lists that extend something are joined,
/// and so are tables.
pub(super) fn over(upper: Table, mut lower: Table) -> Table {
    for (key, value) in upper {
        let value = match (value, lower.remove(&key)) {
            (Value::Table(upper), Some(Value::Table(lower))) => Value::Table(over(upper, lower)),
            (Value::Array(upper), Some(Value::Array(mut lower))) if key.starts_with(JOINED) => {
                lower.extend(upper);
                Value::Array(lower)
            }
            (value, _) => value,
        };
        lower.insert(key, value);
    }
    lower
}

/// What layers say that are each right.
///
/// # Errors
///
/// They are not right together.
pub(super) fn config_of(layers: Table) -> Result<Config, KeyError> {
    let config: Config = layers.try_into()?;
    match config.mistake() {
        Some(mistake) => Err(KeyError::Together(mistake)),
        None => Ok(config),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn the_upper_layer_comes_first() {
        let lower = "select = ['ALL']\nextend-shims = ['a.cmd']\ntarget-python = '3.9'\n\
                     [fix]\nstyle = 'inline'\nruntime = 'a.b'\n";
        let upper = "select = ['pid-probe']\nextend-shims = ['b.cmd']\n[fix]\nruntime = 'c.d'\n";
        assert_eq!(
            over(table(upper), table(lower)),
            table(
                "select = ['pid-probe']\nextend-shims = ['a.cmd', 'b.cmd']\ntarget-python = '3.9'\n\
                 [fix]\nstyle = 'inline'\nruntime = 'c.d'\n"
            )
        );
    }

    #[test]
    fn layers_that_are_not_right_together() {
        let both = over(
            table("[fix]\nruntime = 'a.b'"),
            table("[fix]\nvendor = 'c.py'"),
        );
        assert_eq!(
            config_of(both).unwrap_err().to_string(),
            "`fix.runtime` and `fix.vendor` are two answers to one question"
        );
    }

    #[test]
    fn a_key_that_was_meant() {
        let said = |text: &str| config_of(table(text)).unwrap_err().to_string();
        assert_eq!(
            said("selct = []"),
            "unknown key `selct`; did you mean `select`?"
        );
        assert_eq!(
            said("target_python = '3.9'"),
            "unknown key `target_python`; did you mean `target-python`?"
        );
        assert_eq!(
            said("[fix]\nvender = false"),
            "unknown key `vender`; did you mean `vendor`?"
        );
        assert!(said("quux = 1").starts_with("unknown field `quux`, expected one of"));
    }
}
