//! `posix-only-api`: using a function or constant of the standard library that Windows does not have.

use footgun_analysis::facts::{Facts, Use};

use crate::missing::{self, Raised, Speaker};
use crate::options::Options;
use crate::report::Report;
use crate::{Judge, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "posix-only-api",
    group: "names",
    title: "A function or constant that Windows does not have",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("posix_only_api.md"),
    asks: |_| missing::asks().collect(),
    judge: Judge::Facts(judge),
};

/// What to use in place of a name.
const INSTEAD: [(&str, &str); 22] = [
    (
        "os.chown",
        "do without it on Windows: its files have access control lists in place of owners and groups",
    ),
    ("os.fork", "use `multiprocessing` or `subprocess`"),
    (
        "os.forkpty",
        "use a package that speaks to ConPTY (pywinpty)",
    ),
    (
        "os.getegid",
        "do without it on Windows: its groups have no numbers",
    ),
    (
        "os.geteuid",
        "on Windows ask `ctypes.windll.shell32.IsUserAnAdmin()`",
    ),
    (
        "os.getgid",
        "do without it on Windows: its groups have no numbers",
    ),
    ("os.getloadavg", "use `psutil.getloadavg()`"),
    (
        "os.getpgid",
        "on Windows use the process itself: there are no process groups to ask for",
    ),
    (
        "os.getuid",
        "use `getpass.getuser()`, which knows the user on every platform",
    ),
    (
        "os.killpg",
        "on Windows stop the whole tree in another way: a job object, or `taskkill /T /F /PID`",
    ),
    ("os.mkfifo", "use a socket, or a pipe of `multiprocessing`"),
    (
        "os.openpty",
        "use a package that speaks to ConPTY (pywinpty)",
    ),
    (
        "os.sched_getaffinity",
        "use `os.cpu_count()`, or `os.process_cpu_count()` from Python 3.13",
    ),
    ("os.statvfs", "use `shutil.disk_usage()`"),
    ("os.uname", "use `platform.uname()`"),
    ("pexpect.run", "use `pexpect.popen_spawn.PopenSpawn`"),
    ("pexpect.spawn", "use `pexpect.popen_spawn.PopenSpawn`"),
    ("select.epoll", "use `selectors.DefaultSelector`"),
    ("select.kqueue", "use `selectors.DefaultSelector`"),
    ("select.poll", "use `selectors.DefaultSelector`"),
    ("socket.SO_REUSEPORT", "leave the option away on Windows"),
    (
        "time.tzset",
        "compute with `zoneinfo` in place of the process's time zone",
    ),
];

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let report = |used: &Use, speaker: Speaker, raised: Raised| {
        let report = || Report::new(used.site.call, raised.message(used), help(used));
        (speaker == Speaker::Names).then(report)
    };
    missing::check(&RULE, facts, report, verdicts);
}

fn help(used: &Use) -> String {
    let api = used.site.api.as_str();
    let instead = INSTEAD.iter().find(|(name, _)| *name == api);
    match instead {
        Some((_, instead)) => format!("{instead}, or use it only where it exists"),
        None => format!(
            "use it only where it exists, behind `if sys.platform != \"win32\"` or \
             `hasattr({})`",
            api.rsplit_once('.')
                .map_or(api.to_owned(), |(around, name)| {
                    format!("{around}, \"{name}\"")
                })
        ),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::INSTEAD.is_sorted());
    }
}
