//! What `--config` gives: a file, or keys with values.

use std::path::PathBuf;
use std::str::FromStr;

use toml::Table;

use super::layers::{self, KeyError};

/// What the command line says to be the configuration, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// The configuration file, in place of those that would be found.
    File(PathBuf),
    /// Keys with values, which count before those of the file.
    Keys(Table),
}

impl FromStr for Given {
    type Err = KeyError;

    /// Reads `key = value`, and takes what has no `=` or is there for a file.
    fn from_str(text: &str) -> Result<Given, KeyError> {
        let path = PathBuf::from(text);
        if !text.contains('=') || path.is_file() {
            return Ok(Given::File(path));
        }
        let keys: Table = text.parse()?;
        layers::config_of(keys.clone())?;
        Ok(Given::Keys(keys))
    }
}
