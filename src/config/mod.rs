//! Configuration: what a project says about itself in TOML, and what of it holds for a file.

pub mod declared;
mod files;
mod given;
mod layers;
mod misspelt;
pub mod named;
mod nearest;
mod position;
pub mod settings;
pub mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use files::{ConfigError, Configs, PosixOnly};
pub use given::Given;
use values::{
    Constant, DottedName, FunctionName, Level, Pattern, PythonVersion, RuleName, ShimFile, Vendor,
};

/// What a project tells footgun-check about itself.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// Another configuration file, relative to the folder of this one: what it says holds as if it stood
    /// here, unless this file says otherwise. Lists that extend something are joined.
    pub extend: Option<PathBuf>,
    /// The rules that run: ids, groups or ALL. Without it, all that are not off by default.
    pub select: Option<Vec<RuleName>>,
    /// Rules that run besides those selected, or besides those that run by default.
    pub extend_select: Vec<RuleName>,
    /// Rules that do not run.
    pub ignore: Vec<RuleName>,
    /// Rules that do not run in some files, by patterns as in .gitignore, relative to the folder of the
    /// configuration file.
    pub per_file_ignores: BTreeMap<Pattern, Vec<RuleName>>,
    /// How bad the findings of rules are, by id, group or ALL, in place of what the rules say. Where several
    /// names stand for a rule, an id counts before a group, and that before ALL.
    #[schemars(extend("propertyNames" = {"$ref": "#/$defs/RuleName"}))]
    pub severity: BTreeMap<RuleName, Level>,
    /// The least severity that is reported: rules below it do not run. Without it, all of them.
    pub min_severity: Option<Level>,
    /// Files and folders that are not checked, as patterns like those of .gitignore, relative to the
    /// folder of the configuration file. They take the place of the built-in ones: hidden folders,
    /// node_modules, __pycache__, site-packages, virtual environments, target beside a Cargo.toml, build
    /// and dist beside a pyproject.toml or setup.py.
    pub exclude: Option<Vec<Pattern>>,
    /// Files and folders that are not checked, besides those of `exclude`.
    pub extend_exclude: Vec<Pattern>,
    /// The oldest Python that runs the project, as "3.11". Without it, the least version that
    /// `requires-python` in pyproject.toml allows.
    pub target_python: Option<PythonVersion>,
    /// Whether the Python files are meant to run on Windows. Without it, they are, unless the classifiers
    /// of the project name operating systems and none of them is Windows.
    pub supports_windows: Option<bool>,
    /// More programs that are command files on Windows, as "tool.cmd" or "tool.bat".
    pub extend_shims: Vec<ShimFile>,
    /// Functions outside of the project that start processes, each with the function of the standard
    /// library whose arguments it takes: "company.shell.run" = "subprocess.run".
    pub extend_spawn_wrappers: BTreeMap<DottedName, DottedName>,
    /// Names outside of the project with their values on Windows: "company.host.IS_WINDOWS" = true.
    pub extend_windows_constants: BTreeMap<DottedName, Constant>,
    /// A file of findings that are known and not reported again, relative to the folder of the
    /// configuration file.
    pub baseline: Option<PathBuf>,
    /// How findings are repaired.
    pub fix: FixConfig,
}

/// Where repairs come from.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct FixConfig {
    /// The Python module that has the functions of the runtime: `footgun_runtime`, or a copy of it
    /// in the project.
    pub runtime: Option<String>,
    /// The Python file that is the project's copy of the runtime, relative to the folder of the
    /// configuration file. Where it is missing, it is written with the first fix that imports it. `false`
    /// for no copy, and no dependency in Cargo.toml either; without it, and with `true`, what the fixes
    /// call is written where the project does not have it.
    pub vendor: Option<Vendor>,
    /// The project's own function in place of the runtime's `probe_pid`, as "company.status:probe".
    pub probe_pid: Option<FunctionName>,
    /// The project's own function in place of the runtime's `win_argv`.
    pub win_argv: Option<FunctionName>,
    /// The project's own function in place of the runtime's `popen_detached`.
    pub popen_detached: Option<FunctionName>,
    /// The project's own function in place of the runtime's `new_group_kwargs`.
    pub new_group_kwargs: Option<FunctionName>,
    /// The project's own function that says as a bool whether a process exists, where `probe-pid` is not
    /// set: `if not pid_exists(pid): raise ProcessLookupError` takes the place of `os.kill(pid, 0)`.
    pub pid_exists: Option<FunctionName>,
    /// How a bare program name is repaired.
    pub style: FixStyle,
}

impl Config {
    /// What is wrong with keys that are each right.
    fn mistake(&self) -> Option<&'static str> {
        let Some(Vendor::At(vendor)) = &self.fix.vendor else {
            return None;
        };
        if self.fix.runtime.is_some() {
            return Some("`fix.runtime` and `fix.vendor` are two answers to one question");
        }
        let is_python = vendor
            .extension()
            .is_some_and(|extension| extension == "py");
        (!is_python).then_some("`fix.vendor` is not the path of a Python file")
    }
}

/// How a bare program name is repaired.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FixStyle {
    /// By the runtime's `win_argv`.
    #[default]
    Runtime,
    /// By `shutil.which("npm") or "npm"` in its place, unless `win-argv` is set.
    Inline,
}

/// The JSON schema of a `footgun-check.toml`, for editors.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Config)
}
