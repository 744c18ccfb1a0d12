//! The guide, run: what its chapters show on a terminal is what the commands print.
//!
//! A chapter with commands names a folder of the repository in a comment, `<!-- project: PATH -->`, and
//! runs in a copy of it, which is a git repository with one commit on the branch `main`. Its blocks run
//! from top to bottom:
//!
//! - In a `console` block a line after `$ ` is a command, lines after `>` go on with it, and what
//!   follows is what it prints on either stream. The commands of a block share a shell.
//! - A block with `file=PATH` after its language is written to PATH.
//!
//! `UPDATE=1 cargo test --test guide` writes what the commands print into the chapters.

// The guide speaks of a POSIX shell.
#![cfg(unix)]

mod common;
#[path = "common/markdown.rs"]
mod markdown;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use markdown::blocks;

/// What the shell prints after each command.
const END: char = '\u{1e}';

/// The chapters, those of the rules aside.
fn chapters() -> Vec<PathBuf> {
    let mut chapters = common::children(&common::root().join("docs/src"));
    chapters.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    chapters
}

/// The folder that a chapter runs in, from the root of the repository.
fn project(chapter: &str) -> Option<&str> {
    let (_, rest) = chapter.split_once("<!-- project: ")?;
    rest.split_once(" -->").map(|(path, _)| path)
}

/// A POSIX shell in `folder`, with the command on its path and a git that has no configuration.
fn shell(folder: &Path, script: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_footgun-check"));
    let folders = program.parent().into_iter().map(Path::to_owned);
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(folders.chain(env::split_paths(&path))).unwrap();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script])
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("PATH", path)
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for variable in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
        shell.env_remove(variable);
    }
    for who in ["AUTHOR", "COMMITTER"] {
        shell.env(format!("GIT_{who}_NAME"), "Reader");
        shell.env(format!("GIT_{who}_EMAIL"), "reader@example.com");
    }
    shell
}

/// A block of commands with what they print now.
fn session(block: &str, folder: &Path) -> String {
    let mut commands: Vec<String> = Vec::new();
    let mut is_typed = false;
    for line in block.lines() {
        let command = line.strip_prefix("$ ");
        let more = line.strip_prefix('>').filter(|_| is_typed);
        is_typed = command.is_some() || more.is_some();
        commands.extend(command.map(str::to_owned));
        if let (Some(command), Some(more)) = (commands.last_mut(), more) {
            command.extend(["\n", more.strip_prefix(' ').unwrap_or(more)]);
        }
    }
    // The end of a command leaves its status for the next one.
    let end = format!("status=$?; printf '{END}'; (exit $status)\n");
    let lines = commands.iter().map(|command| format!("{command}\n{end}"));
    let script = format!("exec 2>&1\n{}", lines.collect::<String>());
    let output = shell(folder, &script).output().expect("a shell");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let mut shown = String::new();
    for (command, printed) in commands.iter().zip(printed.split(END)) {
        let typed = command.replace('\n', "\n> ").replace("> \n", ">\n");
        shown.extend(["$ ", &typed, "\n", printed]);
        if !shown.ends_with('\n') {
            shown.push('\n');
        }
    }
    shown
}

/// A chapter with what its commands print now.
fn replay(chapter: &str, folder: &Path) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for block in blocks(chapter) {
        shown.push_str(&chapter[at..block.body.start]);
        let text = &chapter[block.body.clone()];
        if let Some(path) = block.file() {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        match block.language() {
            "console" => shown.push_str(&session(text, folder)),
            _ => shown.push_str(text),
        }
        at = block.body.end;
    }
    shown + &chapter[at..]
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for path in common::children(from) {
        let to = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(fs::copy(&path, to).expect("a copy")),
        }
    }
}

/// The chapter as it should be.
fn current(chapter: &str) -> String {
    let Some(project) = project(chapter) else {
        let is_run = |block: markdown::Block| block.language() == "console";
        assert!(!blocks(chapter).into_iter().any(is_run), "which project?");
        return chapter.to_owned();
    };
    let root = tempfile::tempdir().expect("a folder");
    // The folder's name stands in what git and others print.
    let folder = root.path().join("project");
    copy(&common::root().join(project), &folder);
    let first = "git init -q -b main && git add -A && git commit -q -m first";
    let status = shell(&folder, first).status().expect("a shell");
    assert!(status.success());
    replay(chapter, &folder)
}

#[test]
fn commands_print_what_the_guide_shows() {
    let mut stale = Vec::new();
    for path in chapters() {
        let chapter = fs::read_to_string(&path).expect("a chapter");
        let current = current(&chapter);
        if current == chapter {
            continue;
        }
        if env::var_os("UPDATE").is_some() {
            fs::write(&path, &current).expect("the chapter can be written");
            continue;
        }
        let diff = similar::TextDiff::from_lines(&chapter, &current);
        stale.push(format!("{}\n{}", path.display(), diff.unified_diff()));
    }
    common::assert_none(stale);
}

#[test]
fn a_session_shows_what_is_printed_and_keeps_the_state_of_its_shell() {
    let root = tempfile::tempdir().expect("a folder");
    let chapter = |printed: [&str; 3]| {
        let [first, second, third] = printed;
        format!(
            "```text file=a/b.txt\nfirst\nsecond\n```\nText.\n```console\n$ cd a\n$ cat b.txt |\n>   \
             head -n 1\n{first}$ (exit 3)\n$ echo $?; printf x >&2\n{second}```\n```console\n$ ls\n\
             {third}```\n"
        )
    };
    let shown = replay(&chapter(["stale\n", "", "a\nb\n"]), root.path());
    assert_eq!(shown, chapter(["first\n", "3\nx\n", "a\n"]));
}
