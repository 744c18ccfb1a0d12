//! What `--rules`, `--explain`, `--show-settings` and `--config-schema` print.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use footgun_rules::Rule;

use crate::config::{ConfigError, Configs, schema as config_schema};
use crate::shown::shown;

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
        writeln!(
            out,
            "{:id$}  {level:severity$}  {:group$}  {}",
            rule.id, rule.group, rule.title
        )?;
    }
    Ok(())
}

/// Writes the page of a rule.
pub fn page(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", rule.page.trim_end())
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
    config.supports_windows = Some(configs.supports_windows(folder)?);
    let mut page = match &settings.file {
        Some(file) => format!("# configured in {}\n", shown(file)),
        None => "# no configuration file\n".to_owned(),
    };
    for file in &configs.declared(folder).files {
        let _ = writeln!(page, "# declared in {}", shown(file));
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
