//! `git-symlink`: symbolic links that git keeps.

use crate::names::{Kind, NameReport, Tracked};
use crate::{Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "git-symlink",
    group: "repository",
    title: "A symbolic link in the repository",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("git_symlink.md"),
    asks: |_| Vec::new(),
    judge: Judge::Names(judge),
};

fn judge(tracked: &[Tracked]) -> Vec<NameReport> {
    let files = tracked.iter().enumerate();
    let links = files.filter(|(_, tracked)| tracked.kind == Kind::Link);
    links
        .map(|(file, _)| NameReport {
            file,
            message:
                "Git for Windows makes no link of it unless it is told to and the user may: it is \
                 checked out as a text file that holds the path of its target"
                    .to_owned(),
            help: "keep a copy of the file, or make it when the project is built or installed"
                .to_owned(),
        })
        .collect()
}
