//! The values of configuration keys, checked as they are read, so that a mistake has its line.

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

use footgun_rules::{RULES, Severity};
use ignore::gitignore::GitignoreBuilder;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::selection::{similar, words};

/// What a key or an option may not be.
#[derive(Debug, Error)]
pub enum ValueError {
    /// No rule, and none is similar.
    #[error("no rule is called `{0}`; `footgun-check --rules` lists the rules")]
    Rule(String),
    /// No rule, but a similar one is known.
    #[error("no rule is called `{name}`; did you mean `{similar}`?")]
    SimilarRule {
        /// What was given.
        name: String,
        /// The rule.
        similar: &'static str,
    },
    /// No pattern.
    #[error(transparent)]
    Pattern(#[from] ignore::Error),
    /// No version of Python.
    #[error("`{0}` is no version of Python such as \"3.11\"")]
    Python(String),
    /// No command file.
    #[error("`{0}` is no name of a command file such as \"tool.cmd\" or \"tool.bat\"")]
    Shim(String),
    /// No name in a module.
    #[error("`{0}` is no name in a module such as \"company.shell.run\"")]
    Dotted(String),
    /// No function with its module.
    #[error("`{0}` is no function and its module, such as \"company.status:ask\"")]
    Function(String),
}

/// A text that is checked as it is read. The reader itself asks the visitor, so that a mistake has the
/// place of the text and not that of the list it is in.
struct Checked<T>(PhantomData<T>);

impl<T> Visitor<'_> for Checked<T>
where
    T: TryFrom<String, Error = ValueError>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        T::try_from(text.to_owned()).map_err(E::custom)
    }
}

/// Reads values by way of [`Checked`].
macro_rules! checked {
    ($($type:ident),*) => {
        $(impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<$type, D::Error> {
                reader.deserialize_str(Checked(PhantomData))
            }
        })*
    };
}

checked!(
    RuleName,
    Pattern,
    PythonVersion,
    ShimFile,
    DottedName,
    FunctionName
);

/// The schema of a text that has to match a pattern.
macro_rules! of_pattern {
    ($type:ident, $about:literal, $pattern:literal) => {
        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "description": $about,
                    "type": "string",
                    "pattern": $pattern,
                })
            }
        }
    };
}

/// A rule's id, a group of rules, or ALL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RuleName(pub String);

impl TryFrom<String> for RuleName {
    type Error = ValueError;

    fn try_from(name: String) -> Result<RuleName, ValueError> {
        if words(RULES).contains(&name.as_str()) {
            return Ok(RuleName(name));
        }
        Err(match similar(RULES, &name) {
            Some(similar) => ValueError::SimilarRule { name, similar },
            None => ValueError::Rule(name),
        })
    }
}

impl JsonSchema for RuleName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RuleName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A rule's id, a group of rules, or ALL.",
            "type": "string",
            "enum": words(RULES),
        })
    }
}

/// How bad a finding is.
#[derive(
    Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Goes wrong in some situations.
    Warning,
    /// Goes wrong.
    Error,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Severity {
        match level {
            Level::Note => Severity::Note,
            Level::Warning => Severity::Warning,
            Level::Error => Severity::Error,
        }
    }
}

/// A pattern as in .gitignore.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Pattern(pub String);

impl TryFrom<String> for Pattern {
    type Error = ValueError;

    fn try_from(pattern: String) -> Result<Pattern, ValueError> {
        let mut builder = GitignoreBuilder::new("");
        match builder.add_line(None, &pattern) {
            Ok(_) => Ok(Pattern(pattern)),
            Err(error) => Err(ValueError::Pattern(error)),
        }
    }
}

/// A version of Python: major and minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct PythonVersion {
    /// The number before the dot.
    pub major: u8,
    /// The number after it.
    pub minor: u8,
}

impl TryFrom<String> for PythonVersion {
    type Error = ValueError;

    fn try_from(version: String) -> Result<PythonVersion, ValueError> {
        version.parse().map_err(|()| ValueError::Python(version))
    }
}

impl std::str::FromStr for PythonVersion {
    type Err = ();

    fn from_str(version: &str) -> Result<PythonVersion, ()> {
        let (major, minor) = version.split_once('.').ok_or(())?;
        let number = |digits: &str| {
            let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| is_plain).ok_or(())
        };
        Ok(PythonVersion {
            major: number(major)?,
            minor: number(minor)?,
        })
    }
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl From<PythonVersion> for String {
    fn from(version: PythonVersion) -> String {
        version.to_string()
    }
}

of_pattern!(
    PythonVersion,
    "A version of Python: major and minor.",
    r"^[0-9]+\.[0-9]+$"
);

/// A version of Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RustVersion(pub [u32; 3]);

impl std::str::FromStr for RustVersion {
    type Err = ();

    /// Reads two or three numbers: `1.70` is the first release of that name.
    fn from_str(version: &str) -> Result<RustVersion, ()> {
        let mut numbers = [0; 3];
        let parts: Vec<&str> = version.split('.').collect();
        if !(2..=3).contains(&parts.len()) {
            return Err(());
        }
        for (number, part) in numbers.iter_mut().zip(parts) {
            *number = part.parse().map_err(|_| ())?;
        }
        Ok(RustVersion(numbers))
    }
}

impl fmt::Display for RustVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// The name of a command file, with its extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShimFile(pub String);

of_pattern!(
    ShimFile,
    "The name of a command file, with its extension.",
    r"^[^/\\]+\.([cC][mM][dD]|[bB][aA][tT])$"
);

impl TryFrom<String> for ShimFile {
    type Error = ValueError;

    fn try_from(file: String) -> Result<ShimFile, ValueError> {
        let is_command_file = file.rsplit_once('.').is_some_and(|(stem, extension)| {
            let has_extension = ["cmd", "bat"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known));
            has_extension && !stem.is_empty() && !stem.contains(['/', '\\'])
        });
        match is_command_file {
            true => Ok(ShimFile(file)),
            false => Err(ValueError::Shim(file)),
        }
    }
}

/// A name in a Python module: `company.shell.run`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DottedName(pub String);

of_pattern!(
    DottedName,
    "A name in a Python module: company.shell.run.",
    r"^[^.\s]+(\.[^.\s]+)+$"
);

impl TryFrom<String> for DottedName {
    type Error = ValueError;

    fn try_from(name: String) -> Result<DottedName, ValueError> {
        match name.contains('.') && is_dotted(&name) {
            true => Ok(DottedName(name)),
            false => Err(ValueError::Dotted(name)),
        }
    }
}

/// A function and its module: `company.status:ask`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FunctionName(pub String);

of_pattern!(
    FunctionName,
    "A function and its module: company.status:ask.",
    r"^[^.:\s]+(\.[^.:\s]+)*:[^.:\s]+$"
);

impl FunctionName {
    /// The module and the function.
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or_default()
    }
}

impl TryFrom<String> for FunctionName {
    type Error = ValueError;

    fn try_from(name: String) -> Result<FunctionName, ValueError> {
        let is_function = |(module, function): (&str, &str)| {
            is_dotted(module) && is_dotted(function) && !function.contains('.')
        };
        match name.split_once(':').is_some_and(is_function) {
            true => Ok(FunctionName(name)),
            false => Err(ValueError::Function(name)),
        }
    }
}

/// Whether a text is identifiers with dots between them.
fn is_dotted(name: &str) -> bool {
    name.split('.').all(|part| {
        let mut letters = part.chars();
        letters
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_')
            && letters.all(|c| c.is_alphanumeric() || c == '_')
    })
}

/// What a name stands for.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(untagged, expecting = "expected a boolean, an integer or a string")]
pub enum Constant {
    /// A truth.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

/// Whether and where the project has its own copy of the runtime.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(
    untagged,
    expecting = "expected a boolean or the path of a Python file"
)]
pub enum Vendor {
    /// Whether what the repairs call may be written where the project does not have it.
    Whether(bool),
    /// The copy.
    At(PathBuf),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts<T: TryFrom<String>>(values: &[&str]) -> Vec<bool> {
        let value = |value: &&str| T::try_from(value.to_string()).is_ok();
        values.iter().map(value).collect()
    }

    #[test]
    fn what_is_accepted() {
        assert_eq!(
            accepts::<RuleName>(&["pid-probe", "processes", "ALL", "pid-prob", ""]),
            [true, true, true, false, false]
        );
        assert_eq!(
            accepts::<PythonVersion>(&["3.9", "3.14", "3", "3.x", "3.9.1", "+3.9", ""]),
            [true, true, false, false, false, false, false]
        );
        assert_eq!(
            accepts::<ShimFile>(&[
                "tool.cmd",
                "a.b.BAT",
                "tool",
                "tool.exe",
                ".cmd",
                "x/tool.cmd"
            ]),
            [true, true, false, false, false, false]
        );
        assert_eq!(
            accepts::<DottedName>(&["a.b", "a._b.c1", "a", "a..b", ".a", "a.1b", "a b.c"]),
            [true, true, false, false, false, false, false]
        );
        assert_eq!(
            accepts::<FunctionName>(&["a:b", "a.b:c", "a.b", "a:b.c", ":b", "a:", "a:b:c"]),
            [true, true, false, false, false, false, false]
        );
        assert_eq!(
            accepts::<Pattern>(&["tests/**", "*.py", "!keep.py", "{a,b", "{a,b}.py"]),
            [true, true, true, false, true]
        );
    }

    #[test]
    fn a_version_is_ordered_by_number() {
        let version = |text: &str| text.parse::<PythonVersion>().unwrap();
        assert!(version("3.9") < version("3.10"));
        assert_eq!(version("3.10").to_string(), "3.10");
    }
}
