//! Python's world: which names exist on the platform, and which of them are constant there.
//!
//! Nothing else in the evaluation of Python mentions a platform.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::exceptions;
use crate::assumptions::Assumptions;
use crate::facts::flag;
use crate::machine::Lack;
use crate::platform::{Platform, Truth};
use crate::value::{Int, Value};

#[derive(Deserialize)]
struct Table {
    api: Vec<Api>,
}

#[derive(Deserialize)]
struct Api {
    path: String,
    kind: String,
    windows_since: Option<String>,
    error: String,
    supplied_by: Option<String>,
}

/// Names that Windows lacks in every version of Python.
struct Lacking {
    modules: HashMap<String, MissingModule>,
    attributes: HashSet<String>,
    /// The names of attributes by the last name of the module or class that they are missing in.
    members: HashMap<String, HashSet<String>>,
}

/// A module whose import fails on Windows.
#[derive(Debug)]
struct MissingModule {
    /// The exception it raises.
    raises: String,
    /// A package that gives Windows the module.
    supplied_by: Option<String>,
}

fn lacking() -> &'static Lacking {
    static LACKING: OnceLock<Lacking> = OnceLock::new();
    LACKING.get_or_init(|| {
        let table: Table = toml::from_str(include_str!("posix_only.toml"))
            .expect("the table is part of the program and tested");
        let mut lacking = Lacking {
            modules: HashMap::new(),
            attributes: HashSet::new(),
            members: HashMap::new(),
        };
        for api in table.api {
            match (api.kind.as_str(), api.windows_since) {
                ("module", None) => {
                    let module = MissingModule {
                        raises: api.error,
                        supplied_by: api.supplied_by,
                    };
                    lacking.modules.insert(api.path, module);
                }
                ("attribute", None) => {
                    lacking.attributes.insert(api.path);
                }
                // A method exists and raises when called; a name that newer versions have may
                // exist.
                _ => {}
            }
        }
        let others = POSIX_ONLY.iter().copied();
        for path in lacking.attributes.iter().map(String::as_str).chain(others) {
            if let Some((around, name)) = path.rsplit_once('.') {
                let around = around.rsplit('.').next().unwrap_or(around);
                let names = lacking.members.entry(around.to_owned()).or_default();
                names.insert(name.to_owned());
            }
        }
        lacking
    })
}

/// Names that only Windows has, where code asks for them.
const WINDOWS_ONLY: [&str; 16] = [
    "asyncio.ProactorEventLoop",
    "asyncio.WindowsProactorEventLoopPolicy",
    "asyncio.WindowsSelectorEventLoopPolicy",
    "ctypes.WinDLL",
    "ctypes.WinError",
    "ctypes.windll",
    "os.add_dll_directory",
    "os.startfile",
    "signal.CTRL_BREAK_EVENT",
    "signal.CTRL_C_EVENT",
    "signal.SIGBREAK",
    "subprocess.STARTF_USESHOWWINDOW",
    "subprocess.STARTUPINFO",
    "subprocess.SW_HIDE",
    "sys.getwindowsversion",
    "sys.winver",
];

/// Whether a name of the standard library is known to exist (`Some(true)`), known not to
/// (`Some(false)`), or neither.
pub(crate) fn exists(path: &str, platform: Platform) -> Option<bool> {
    let windows_only = WINDOWS_ONLY.binary_search(&path).is_ok() || creation_flag(path).is_some();
    match platform {
        Platform::Windows if windows_only => Some(true),
        Platform::Windows if lacking().attributes.contains(path) => Some(false),
        Platform::Windows if POSIX_ONLY.binary_search(&path).is_ok() => Some(false),
        Platform::Windows if module_missing(path) => Some(false),
        Platform::Linux | Platform::Macos | Platform::OtherPosix if windows_only => Some(false),
        _ => None,
    }
}

/// Names that other libraries have on POSIX only, as their sources say: pexpect leaves out what
/// needs a terminal of its own.
const POSIX_ONLY: [&str; 4] = [
    "pexpect.run",
    "pexpect.runu",
    "pexpect.spawn",
    "pexpect.spawnu",
];

/// Modules of other libraries that cannot be imported on Windows, as their sources say, with what that
/// raises: `sh` refuses, some import what is missing there, and others cannot be installed.
const MODULES_POSIX_ONLY: [(&str, &str); 10] = [
    ("daemon", NOT_FOUND),
    ("evdev", NOT_FOUND),
    ("gnureadline", NOT_FOUND),
    ("pexpect.pty_spawn", NOT_FOUND),
    ("pexpect.pxssh", "ImportError"),
    ("prctl", NOT_FOUND),
    ("ptyprocess", NOT_FOUND),
    ("pyinotify", NOT_FOUND),
    ("sh", "ImportError"),
    ("uvloop", NOT_FOUND),
];

const NOT_FOUND: &str = "ModuleNotFoundError";

/// What the import of a module of another library raises on Windows.
fn raised_by_other(path: &str) -> Option<&'static str> {
    let found = MODULES_POSIX_ONLY.binary_search_by_key(&path, |(module, _)| module);
    found.ok().map(|at| MODULES_POSIX_ONLY[at].1)
}

/// The modules whose import fails on Windows.
pub(crate) fn missing_modules() -> impl Iterator<Item = &'static str> {
    let standard = lacking().modules.keys().map(String::as_str);
    standard.chain(MODULES_POSIX_ONLY.map(|(module, _)| module))
}

/// The last names of the modules and classes that exist on Windows and lack members there.
pub(crate) fn lacking_members() -> impl Iterator<Item = &'static str> {
    lacking().members.keys().map(String::as_str)
}

/// Whether what has this last name lacks a member on Windows.
pub(crate) fn lacks_member(around: &str, name: &str) -> bool {
    let names = lacking().members.get(around);
    names.is_some_and(|names| names.contains(name))
}

/// Whether importing a module fails on Windows.
pub(crate) fn module_missing(path: &str) -> bool {
    lacking().modules.contains_key(path) || raised_by_other(path).is_some()
}

/// What importing a module raises on Windows, where that is missing, and a package that gives Windows the
/// module.
pub(crate) fn missing_module(path: &str) -> Option<Lack> {
    let standard = lacking().modules.get(path).map(|module| Lack {
        raises: &module.raises,
        supplied_by: module.supplied_by.as_deref(),
    });
    standard.or_else(|| {
        Some(Lack {
            raises: raised_by_other(path)?,
            supplied_by: None,
        })
    })
}

/// The value of a constant of the standard library.
pub(crate) fn constant(path: &str, platform: Platform) -> Option<Value> {
    let windows = platform == Platform::Windows;
    let text = |on_windows: &str, elsewhere: &str| {
        Some(Value::text(if windows { on_windows } else { elsewhere }))
    };
    match path {
        "sys.platform" => Some(named(platform.choose("win32", "linux", "darwin"))),
        "os.name" => text("nt", "posix"),
        "os.sep" | "os.path.sep" => text("\\", "/"),
        "os.altsep" if windows => Some(Value::text("/")),
        "os.altsep" => Some(Value::None),
        "os.pathsep" | "os.path.pathsep" => text(";", ":"),
        "os.linesep" => text("\r\n", "\n"),
        "os.devnull" | "os.path.devnull" => text("nul", "/dev/null"),
        "os.path.__name__" => text("ntpath", "posixpath"),
        "platform.uname_result.system" => Some(system(platform)),
        // Nothing older is evaluated.
        "sys.version_info.major" => Some(Value::Int(Int::known(3))),
        // What it makes of `os.name`.
        "twisted.python.runtime.platformType" => text("win32", "posix"),
        "six.PY2" => Some(Value::Bool(false)),
        "six.PY3" => Some(Value::Bool(true)),
        "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING" => Some(Value::Bool(false)),
        _ if path.starts_with("stat.") => permission(path).map(|bits| Value::Int(Int::known(bits))),
        _ if windows => creation_flag(path).map(|flag| Value::Int(Int::known(flag.into()))),
        _ => None,
    }
}

/// The bits of a mode that `stat` names.
fn permission(path: &str) -> Option<i64> {
    const BITS: [(&str, i64); 12] = [
        ("stat.S_IRWXU", 0o700),
        ("stat.S_IRUSR", 0o400),
        ("stat.S_IWUSR", 0o200),
        ("stat.S_IXUSR", 0o100),
        ("stat.S_IRWXG", 0o070),
        ("stat.S_IRGRP", 0o040),
        ("stat.S_IWGRP", 0o020),
        ("stat.S_IXGRP", 0o010),
        ("stat.S_IRWXO", 0o007),
        ("stat.S_IROTH", 0o004),
        ("stat.S_IWOTH", 0o002),
        ("stat.S_IXOTH", 0o001),
    ];
    let found = BITS.iter().find(|(name, _)| *name == path);
    found.map(|(_, bits)| *bits)
}

/// What `platform.system()` says.
pub(crate) fn system(platform: Platform) -> Value {
    named(platform.choose("Windows", "Linux", "Darwin"))
}

/// The name of a platform, if it has one.
fn named(name: Option<&str>) -> Value {
    name.map_or(Value::UNKNOWN, Value::text)
}

/// The value of a creation flag that `subprocess`, `_winapi`, `win32con` or `win32process` names.
fn creation_flag(path: &str) -> Option<u32> {
    let (module, name) = path.rsplit_once('.')?;
    if !matches!(
        module,
        "subprocess" | "_winapi" | "win32con" | "win32process" | "asyncio.subprocess"
    ) {
        return None;
    }
    flag::value(name)
}

/// Environment variables that are the same on every Windows.
const ENVIRONMENT: [(&str, &str); 3] = [
    ("OS", "Windows_NT"),
    ("SYSTEMROOT", "C:\\Windows"),
    ("WINDIR", "C:\\Windows"),
];

/// Environment variables that a login on POSIX sets, and one on Windows does not.
const POSIX_ENVIRONMENT: [&str; 4] = ["HOME", "LOGNAME", "SHELL", "USER"];

/// The value of an environment variable that the platform sets, whose names have no case there.
pub(crate) fn environment(name: &str, platform: Platform) -> Option<Value> {
    let known = ENVIRONMENT
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    (platform == Platform::Windows).then(|| Value::text(known.1))
}

/// `path[index]` of something of the standard library.
pub(crate) fn element(path: &str, index: &Value, platform: Platform) -> Value {
    let found = match (path, index) {
        ("os.environ", Value::Text(name)) => {
            name.known().and_then(|name| environment(&name, platform))
        }
        ("sys.version_info", Value::Int(index)) if index.value() == Some(0) => {
            constant("sys.version_info.major", platform)
        }
        ("platform.uname_result", Value::Int(index)) => match index.value() {
            Some(0) => constant("platform.uname_result.system", platform),
            Some(2) => Some(Value::native(RELEASE)),
            Some(3) => Some(Value::native(VERSION)),
            _ => None,
        },
        _ => None,
    };
    found.unwrap_or(Value::UNKNOWN)
}

/// Whether `item in path` holds of something of the standard library.
pub(crate) fn has_element(path: &str, item: &Value, platform: Platform) -> Truth {
    let Some(item) = item.as_text() else {
        return Truth::Unknown;
    };
    let windows = platform == Platform::Windows;
    match path {
        "os.environ" if environment(&item, platform).is_some() => Truth::Yes,
        "os.environ" if windows && POSIX_ENVIRONMENT.contains(&item.as_str()) => Truth::No,
        "sys.builtin_module_names" => match item.as_str() {
            "nt" | "winreg" | "msvcrt" | "_winapi" => windows.into(),
            "posix" | "pwd" | "_posixsubprocess" => (!windows).into(),
            _ => Truth::Unknown,
        },
        RELEASE if windows && !may_be_in_release(&item) => Truth::No,
        VERSION if windows && item.contains(|c: char| c.is_alphabetic()) => Truth::No,
        _ => Truth::Unknown,
    }
}

/// What `platform.release()` and `platform.version()` say, in whatever case.
pub(crate) const RELEASE: &str = "platform.uname_result.release";
pub(crate) const VERSION: &str = "platform.uname_result.version";

/// What a method makes of the release or version that gives it back in another case.
pub(crate) fn in_another_case(method: &str) -> Option<&str> {
    let (text, method) = method.rsplit_once('.')?;
    let keeps = matches!(method, "casefold" | "lower" | "strip" | "upper");
    (keeps && matches!(text, RELEASE | VERSION)).then_some(text)
}

/// Whether a text may be a part of the release of a Windows: `10`, `8.1`, `2019Server`, `post11`.
fn may_be_in_release(item: &str) -> bool {
    let item = item.to_lowercase();
    let mut words = item.split(|c: char| !c.is_alphabetic());
    words.all(|word| {
        ["post", "server", "vista", "xp", "media"]
            .iter()
            .any(|known| known.contains(word))
    })
}

/// Whether two modules are one.
pub(crate) fn same_module(a: &str, b: &str, platform: Platform) -> Truth {
    let of_platform = |module: &str| match module {
        "ntpath" => Some(platform == Platform::Windows),
        "posixpath" => Some(platform != Platform::Windows),
        _ => None,
    };
    match (a, b) {
        ("os.path", other) | (other, "os.path") => {
            of_platform(other).map_or(Truth::Unknown, Truth::from)
        }
        _ => Truth::Unknown,
    }
}

/// What a constant of another library says of the platform by its name (`psutil.WINDOWS`,
/// `compat.IS_POSIX`); other libraries are not read.
fn told_by_name(path: &str, name: &str, platform: Platform) -> Option<Value> {
    let constant = name.contains(|c: char| c.is_ascii_uppercase())
        && !name.contains(|c: char| c.is_ascii_lowercase());
    if !constant || is_standard(path) {
        return None;
    }
    crate::platform::says_windows(name)
        .map(|windows| Value::Bool(windows == (platform == Platform::Windows)))
}

/// What a function of another library answers whose name asks for the platform.
pub(crate) fn platform_answer(path: &str, platform: Platform) -> Option<Value> {
    let (library, name) = path.rsplit_once('.')?;
    if is_standard(library) || library == "builtins" {
        return None;
    }
    crate::platform::answer(name, platform).map(Value::Bool)
}

/// `name` of the module or class `path`.
pub(crate) fn member(
    path: &str,
    name: &str,
    platform: Platform,
    assumptions: &Assumptions,
) -> Value {
    let full = format!("{path}.{name}");
    if let Some(value) = assumptions.value(&full, platform) {
        return value;
    }
    if let Some(value) = told_by_name(path, name, platform) {
        return value;
    }
    if let Some(value) = constant(&full, platform) {
        return value;
    }
    if exists(&full, platform) == Some(false) {
        return Value::Missing(full.into());
    }
    Value::Native(full.into())
}

/// What `from path import *` means for `name`: only names of the standard library that are known
/// here are taken from it.
pub(crate) fn wildcard(
    path: &str,
    name: &str,
    platform: Platform,
    assumptions: &Assumptions,
) -> Option<Value> {
    let full = format!("{path}.{name}");
    if let Some(value) = assumptions.value(&full, platform) {
        return Some(value);
    }
    let known = match path {
        "subprocess" => {
            matches!(
                name,
                "Popen"
                    | "run"
                    | "call"
                    | "check_call"
                    | "check_output"
                    | "PIPE"
                    | "DEVNULL"
                    | "STDOUT"
            )
        }
        "os" => matches!(
            name,
            "kill" | "name" | "sep" | "environ" | "getenv" | "path"
        ),
        "signal" => name.starts_with("SIG") || name.starts_with("CTRL_"),
        _ => return (!is_standard(path)).then_some(Value::UNKNOWN),
    };
    let missing = exists(&full, platform) == Some(false);
    (known || missing || constant(&full, platform).is_some())
        .then(|| member(path, name, platform, assumptions))
}

/// What a name means that no scope binds.
pub(crate) fn builtin(name: &str, platform: Platform) -> Value {
    match name {
        "__debug__" => Value::Bool(true),
        "WindowsError" if platform != Platform::Windows => {
            Value::Missing("builtins.WindowsError".into())
        }
        _ if exceptions::is_exception(&format!("builtins.{name}")) => {
            Value::native(format!("builtins.{name}"))
        }
        _ if BUILTINS.binary_search(&name).is_ok() => Value::native(format!("builtins.{name}")),
        _ => Value::UNKNOWN,
    }
}

/// The built-in functions whose calls are evaluated, and those known to change nothing.
const BUILTINS: [&str; 47] = [
    "EnvironmentError",
    "IOError",
    "WindowsError",
    "__import__",
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "classmethod",
    "delattr",
    "dict",
    "enumerate",
    "exit",
    "filter",
    "float",
    "format",
    "getattr",
    "hasattr",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "print",
    "property",
    "quit",
    "repr",
    "set",
    "setattr",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "zip",
];

/// Whether a path is that of a module of the standard library that the platform has.
pub(crate) fn is_module(path: &str) -> bool {
    !path.contains('.') && is_standard(path)
}

/// Whether a module, by its first segment, belongs to the standard library.
pub(crate) fn is_standard(path: &str) -> bool {
    static STANDARD: OnceLock<HashMap<&'static str, ()>> = OnceLock::new();
    let standard = STANDARD.get_or_init(|| {
        include_str!("stdlib.txt")
            .lines()
            .map(|module| (module, ()))
            .collect()
    });
    standard.contains_key(path.split('.').next().unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(WINDOWS_ONLY.is_sorted());
        assert!(BUILTINS.is_sorted());
        assert!(POSIX_ONLY.is_sorted());
        assert!(MODULES_POSIX_ONLY.is_sorted());
    }

    #[test]
    fn names_windows_lacks_are_known() {
        for path in [
            "os.setsid",
            "os.killpg",
            "os.fork",
            "signal.SIGKILL",
            "signal.SIGHUP",
        ] {
            assert_eq!(exists(path, Platform::Windows), Some(false), "{path}");
        }
        assert!(module_missing("fcntl"));
        assert!(!module_missing("msvcrt"));
        assert_eq!(exists("os.kill", Platform::Windows), None);
        assert_eq!(exists("os.startfile", Platform::Windows), Some(true));
    }

    #[test]
    fn constants_follow_the_platform() {
        assert_eq!(
            constant("sys.platform", Platform::Windows),
            Some(Value::text("win32"))
        );
        assert_eq!(
            constant("sys.platform", Platform::Linux),
            Some(Value::text("linux"))
        );
        assert_eq!(
            constant("subprocess.CREATE_BREAKAWAY_FROM_JOB", Platform::Windows),
            Some(Value::Int(Int::known(0x0100_0000)))
        );
        assert_eq!(
            member(
                "subprocess",
                "CREATE_NO_WINDOW",
                Platform::Linux,
                &Assumptions::default()
            ),
            Value::Missing("subprocess.CREATE_NO_WINDOW".into())
        );
    }
}
