//! What is printed in place of a report: the rules, the configuration, and how to use the command.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use console::Term;
use footgun_rules::Rule;

use crate::args::Args;
use crate::config::{ConfigError, Configs, schema as config_schema};
use crate::page;
use crate::shown::shown;
use crate::terminal::output::Output;
use crate::terminal::pager::paged;

/// Writes a table of rules.
pub fn table(rules: &[Rule], out: &mut dyn Write) -> io::Result<()> {
    let width = |cell: fn(&Rule) -> &str| rules.iter().map(cell).map(str::len).max().unwrap_or(0);
    let (id, severity, group) = (
        width(|rule| rule.id),
        width(|rule| rule.severity.word()),
        width(|rule| rule.group),
    );
    for rule in rules {
        let level = rule.severity.word();
        let off = match rule.by_default {
            true => "",
            false => " (off by default)",
        };
        writeln!(
            out,
            "{:id$}  {level:severity$}  {:group$}  {}{off}",
            rule.id, rule.group, rule.title
        )?;
    }
    Ok(())
}

/// Writes the page of a rule, through a pager on a terminal.
pub fn page(rule: &Rule, out: &mut Output) -> io::Result<()> {
    let width = match out.is_seen() {
        true => Term::stdout().size().1.into(),
        false => usize::MAX,
    };
    paged(out, |out| page::write(rule.page, width, out))
}

/// What is configured for a file or folder, as a configuration file would say it.
///
/// # Errors
///
/// A configuration file is wrong.
pub fn settings(path: &Path, configs: &Configs) -> Result<String, ConfigError> {
    let folder = match path.is_dir() {
        true => path,
        false => path.parent().unwrap_or(Path::new("")),
    };
    let settings = configs.of(folder)?;
    let mut config = settings.config.clone();
    config.target_python = configs.python(folder)?;
    config.supports_windows = Some(configs.posix_only(folder)?.is_none());
    let mut page = match &settings.file {
        Some(file) => format!("# configured in {}\n", shown(file)),
        None => "# no configuration file\n".to_owned(),
    };
    for file in &configs.declared(folder).files {
        let _ = writeln!(page, "# declared in {}", shown(file));
    }
    if let Some(version) = configs.rust(folder) {
        let _ = writeln!(page, "# declared for Rust: rust-version {version}");
    }
    page.push_str(
        &toml::to_string(&config).expect("what was read from TOML can be written as such"),
    );
    Ok(page)
}

/// Writes the JSON schema of the configuration file.
pub fn schema(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &config_schema())?;
    writeln!(out)
}

/// Writes what makes a shell complete the arguments of the command.
pub fn completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    let mut script = Vec::new();
    generate(shell, &mut Args::command(), "footgun-check", &mut script);
    out.write_all(&script)
}

/// Writes the page for man(1).
pub fn man(out: &mut dyn Write) -> io::Result<()> {
    Man::new(Args::command()).render(out)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    /// The options of the command, without the dashes.
    fn options() -> Vec<String> {
        let mut command = Args::command();
        command.build();
        let names = command.get_arguments().filter_map(|arg| arg.get_long());
        names.map(str::to_owned).collect()
    }

    #[test]
    fn every_shell_completes_every_option() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            completions(*shell, &mut script).unwrap();
            let script = String::from_utf8(script).unwrap();
            for option in options() {
                let is_there = match shell {
                    Shell::Fish => script.contains(&format!(" -l {option}")),
                    _ => script.contains(&format!("--{option}")),
                };
                assert!(is_there, "{shell}: --{option}");
            }
        }
    }

    #[test]
    fn the_manual_has_every_option() {
        let mut page = Vec::new();
        man(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap().replace("\\-", "-");
        for option in options() {
            assert!(page.contains(&format!("\\fB--{option}\\fR")), "--{option}");
        }
    }
}
