//! The programs that every POSIX system has, or nearly every one, and Windows has not.
//!
//! The names are those of the utilities of POSIX (IEEE Std 1003.1, Shell & Utilities) and of what Linux
//! and macOS have beside them in GNU coreutils, procps and their like, without those that Windows has
//! too (`find`, `sort`, `more`, `where`, `whoami`, `hostname`, `tree`, `curl`, `tar`, `ssh`), and without
//! those that developers on Windows install for themselves (`git`, `make`, `patch`, `diff`, `unzip`,
//! `wget`, `less`, `vi`, `perl`). What only one distribution or desktop has is left out: who starts
//! `systemctl` or `pbcopy` knows where it runs.

use footgun_analysis::source::Language;

/// Programs that are replaced in the same way.
struct Row {
    names: &'static [&'static str],
    /// What does the same in Python; empty where nothing short does.
    python: &'static str,
    /// What does the same in Rust.
    rust: &'static str,
    /// Whether the command interpreter has a command of the name.
    in_shell: bool,
}

const fn row(names: &'static [&'static str], python: &'static str, rust: &'static str) -> Row {
    Row {
        names,
        python,
        rust,
        in_shell: false,
    }
}

/// Programs whose name is a command of `cmd.exe`, and no file.
const fn builtin(names: &'static [&'static str], python: &'static str, rust: &'static str) -> Row {
    Row {
        in_shell: true,
        ..row(names, python, rust)
    }
}

const ROWS: &[Row] = &[
    builtin(&["date"], "`datetime`", "a crate such as `chrono`"),
    builtin(&["echo"], "`print`", "`println!`"),
    builtin(&["mkdir"], "`os.makedirs`", "`std::fs::create_dir_all`"),
    builtin(&["rmdir"], "`os.rmdir`", "`std::fs::remove_dir`"),
    row(
        &[
            "awk", "gawk", "cut", "egrep", "fgrep", "grep", "head", "paste", "sed", "tail", "tr",
            "uniq", "wc",
        ],
        "read the lines in Python",
        "read the lines in Rust",
    ),
    row(&["basename", "dirname"], "`os.path`", "`std::path::Path`"),
    row(&["cat", "tee"], "`open`", "`std::fs`"),
    row(&["chgrp", "chown"], "", ""),
    row(
        &["chmod"],
        "`os.chmod`, which on Windows makes files read-only and no more",
        "`std::fs::set_permissions`",
    ),
    row(
        &["clear"],
        "`os.system(\"cls\")` on Windows",
        "escape sequences",
    ),
    row(
        &["cp"],
        "`shutil.copy` or `shutil.copytree`",
        "`std::fs::copy`",
    ),
    row(&["df"], "`shutil.disk_usage`", "a crate such as `sysinfo`"),
    row(
        &["du"],
        "add up the sizes that `os.walk` comes by",
        "add up the sizes of the files",
    ),
    row(&["env", "printenv"], "`os.environ`", "`std::env`"),
    row(
        &["false", "true"],
        "`sys.executable` with `-c`",
        "a program that is there",
    ),
    row(
        &["free", "vmstat"],
        "`psutil.virtual_memory`",
        "a crate such as `sysinfo`",
    ),
    row(&["groups"], "", ""),
    row(
        &["id", "logname"],
        "`getpass.getuser`, which tells the name of the user",
        "a crate such as `whoami`, which tells the name of the user",
    ),
    row(
        &["kill", "killall", "pkill"],
        "`taskkill` on Windows, or `psutil`",
        "`taskkill` on Windows, or a crate such as `sysinfo`",
    ),
    row(&["ln"], "`os.symlink` or `os.link`", "`std::fs::hard_link`"),
    row(
        &["ls"],
        "`os.listdir` or `os.scandir`",
        "`std::fs::read_dir`",
    ),
    row(&["lsof"], "`psutil`", ""),
    row(
        &["md5sum", "sha1sum", "sha256sum"],
        "`hashlib`",
        "a crate that computes it, such as `sha2`",
    ),
    row(&["mkfifo", "mknod"], "", ""),
    row(&["mktemp"], "`tempfile`", "a crate such as `tempfile`"),
    row(&["mv"], "`shutil.move`", "`std::fs::rename`"),
    row(
        &["nice", "nohup", "setsid"],
        "`creationflags`",
        "`creation_flags`",
    ),
    row(
        &["nproc"],
        "`os.cpu_count`",
        "`std::thread::available_parallelism`",
    ),
    row(
        &["pgrep", "pidof", "ps", "pstree", "top"],
        "`psutil`",
        "a crate such as `sysinfo`",
    ),
    row(&["pwd"], "`os.getcwd`", "`std::env::current_dir`"),
    row(
        &["readlink", "realpath"],
        "`os.path.realpath`",
        "`std::fs::canonicalize`",
    ),
    row(&["renice"], "`psutil.Process.nice`", ""),
    row(
        &["rm", "unlink"],
        "`os.remove` or `shutil.rmtree`",
        "`std::fs::remove_file` or `std::fs::remove_dir_all`",
    ),
    row(&["seq", "yes", "printf"], "Python itself", "Rust itself"),
    row(&["shred"], "", ""),
    row(&["sleep"], "`time.sleep`", "`std::thread::sleep`"),
    row(
        &["stty"],
        "`shutil.get_terminal_size` or `getpass`",
        "a crate such as `crossterm`",
    ),
    row(
        &["touch"],
        "`pathlib.Path.touch`",
        "`std::fs::OpenOptions` with `create` and `append`, and `File::set_modified`",
    ),
    row(
        &["tput"],
        "`shutil.get_terminal_size`, and escape sequences",
        "a crate such as `crossterm`",
    ),
    row(&["tty"], "`sys.stdin.isatty`", "`std::io::IsTerminal`"),
    row(&["uname"], "`platform.uname`", "`std::env::consts`"),
    row(
        &["uptime"],
        "`psutil.boot_time`",
        "a crate such as `sysinfo`",
    ),
    row(&["which", "whereis"], "`shutil.which`", "the `which` crate"),
    row(&["xargs"], "a loop", "a loop"),
];

/// Whether Windows lacks a program: as a file, or also as a command of its command interpreter.
pub(crate) fn lacks(name: &str, in_shell: bool) -> bool {
    row_of(name).is_some_and(|row| !(in_shell && row.in_shell))
}

/// What does the same everywhere.
pub(crate) fn instead(name: &str, language: Language) -> Option<&'static str> {
    let row = row_of(name)?;
    let instead = match language {
        Language::Python => row.python,
        Language::Rust => row.rust,
    };
    (!instead.is_empty()).then_some(instead)
}

fn row_of(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.names.contains(&name))
}
