//! What is given of a project besides the texts of its files, and stays as it is while they are repaired.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use footgun_analysis::assumptions::{Assumptions, Constant};
use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::project::Project;
use footgun_analysis::source::{Language, Source};
use footgun_rules::shims::Shim;
use footgun_rules::{Options, RULES, Rule, Verdicts, may_name_time_zones};

use crate::config::values::{self, DottedName};
use crate::config::{Config, ConfigError, Configs, PosixOnly};
use crate::files::{Scope, read};
use crate::selection::{Selection, Selections};
use crate::shard::Shard;

/// What is given of a project.
#[derive(Debug)]
pub struct Premises {
    /// The manifests of its Rust libraries: path and text.
    pub manifests: Vec<(PathBuf, String)>,
    /// The rules that run in its files.
    pub selections: Selections,
    /// What it tells the rules.
    pub options: Options,
    /// What it tells the analysis.
    pub assumptions: Assumptions,
    /// What of its files is checked.
    pub scope: Scope,
    /// The files that would be checked and are not meant for Windows, by what says so.
    pub posix_only: BTreeMap<PosixOnly, Vec<PathBuf>>,
    /// The files whose findings are wanted; all where it is `None`.
    pub shard: Option<Shard>,
    /// Whether ignore comments have no say.
    pub is_audit: bool,
}

/// What judging a file depends on besides texts: where it is the same, an earlier check of the same
/// texts is still true.
#[derive(Debug, PartialEq)]
pub struct Given {
    manifests: Vec<(PathBuf, String)>,
    rules: Vec<&'static str>,
    options: Options,
    assumptions: Assumptions,
}

impl Premises {
    /// Nothing but these rules, in all files.
    pub fn plain(rules: &'static [Rule]) -> Premises {
        Premises {
            manifests: Vec::new(),
            selections: Selections::one(Selection::all(rules)),
            options: Options::default(),
            assumptions: Assumptions::default(),
            scope: Scope::default(),
            posix_only: BTreeMap::new(),
            shard: None,
            is_audit: false,
        }
    }

    /// What is configured and declared around the files of a project. What is said of one file's
    /// folder counts for the project where values flow between files; of several Pythons or Rusts the
    /// oldest.
    ///
    /// # Errors
    ///
    /// A configuration file is wrong.
    pub fn of(
        sources: &[Source],
        scope: Scope,
        configs: &Configs,
    ) -> Result<Premises, ConfigError> {
        let here = Path::new("");
        let mut selections = Selections::one(configs.of(here)?.selection(here));
        let mut premises = Premises {
            manifests: read::manifests(sources),
            scope,
            ..Premises::plain(RULES)
        };
        let (mut pythons, mut rusts) = (Vec::new(), Vec::new());
        let (mut folders, mut has_zones) = (HashSet::new(), false);
        for source in sources {
            let folder = source.path.parent().unwrap_or(here);
            let settings = configs.of(folder)?;
            premises.add(&settings.config);
            let mut selection = settings.selection(&source.path);
            match source.language {
                Language::Rust => rusts.extend(configs.rust(folder)),
                Language::Python => {
                    pythons.push(configs.python(folder)?);
                    folders.insert(folder);
                    has_zones = has_zones || may_name_time_zones(&source.text);
                    if let Some(by) = configs.posix_only(folder)? {
                        if premises.scope.has(&source.path) {
                            let files = premises.posix_only.entry(by).or_default();
                            files.push(source.path.clone());
                        }
                        selection = Selection::none(RULES);
                    }
                }
            }
            selections.add(&source.path, selection);
        }
        premises.selections = selections;
        // Lock files are long, and nobody else asks for what they say.
        if has_zones {
            for required in folders.into_iter().filter_map(|it| configs.required(it)) {
                let known = premises.options.requires.get_or_insert_default();
                known.extend(required.iter().cloned());
            }
        }
        let oldest = pythons.into_iter().min().flatten();
        premises.assumptions.python = oldest.map(|version| (version.major, version.minor));
        premises.options.python = premises.assumptions.python;
        premises.options.rust = rusts.into_iter().min().map(|version| version.0);
        Ok(premises)
    }

    /// Adds the options of a configuration for rules and analysis that are not set yet.
    fn add(&mut self, config: &Config) {
        for file in &config.extend_shims {
            let shim = Shim::configured(file.0.clone());
            if !self.options.more_shims.contains(&shim) {
                self.options.more_shims.push(shim);
            }
        }
        for (DottedName(wrapper), DottedName(function)) in &config.extend_spawn_wrappers {
            let wrappers = &mut self.assumptions.spawn_wrappers;
            wrappers
                .entry(wrapper.clone())
                .or_insert_with(|| function.clone());
        }
        for (DottedName(name), constant) in &config.extend_windows_constants {
            let constants = &mut self.assumptions.windows_constants;
            constants
                .entry(name.clone())
                .or_insert_with(|| match constant {
                    values::Constant::Bool(truth) => Constant::Bool(*truth),
                    values::Constant::Int(number) => Constant::Int(*number),
                    values::Constant::Text(text) => Constant::Text(text.clone()),
                });
        }
    }

    /// Whether the findings of a file are wanted.
    pub fn wants(&self, path: &Path) -> bool {
        self.scope.has(path) && self.shard.as_ref().is_none_or(|shard| shard.has(path))
    }

    /// The project of these files.
    pub fn project(&self, sources: Vec<Source>) -> Project {
        Project::new(sources)
            .with_manifests(&self.manifests)
            .with_assumptions(self.assumptions.clone())
    }

    /// What judging a file depends on besides texts.
    pub fn given(&self) -> Given {
        Given {
            manifests: self.manifests.clone(),
            rules: self.selections.judging().map(|rule| rule.id).collect(),
            options: self.options.clone(),
            assumptions: self.assumptions.clone(),
        }
    }

    /// What the rules ask for: all that run by default, whichever are selected, so that what one finds does
    /// not depend on the others; and those that are off by default only where they judge a file, since many
    /// files are evaluated for them alone.
    pub fn demand(&self) -> Demand<'_> {
        let known = self.selections.known().iter();
        let judging: HashSet<&str> = self.selections.judging().map(|rule| rule.id).collect();
        let asking = |rule: &&Rule| rule.by_default || judging.contains(rule.id);
        let rules: Vec<&Rule> = known.filter(asking).collect();
        let asks = rules.iter().flat_map(|rule| (rule.asks)(&self.options));
        let wrappers = self.assumptions.spawn_wrappers.keys();
        let names = wrappers.filter_map(|name| name.rsplit('.').next());
        let wrapped = names.map(|name| Ask::Word(name.to_owned()));
        let asks: Vec<Ask> = asks.chain(wrapped).collect();
        let is_in_place = |rule: &&Rule| (rule.asks)(&self.options).iter().all(Ask::is_in_place);
        let mut following = rules;
        following.retain(|rule| !is_in_place(rule));
        Demand::new(asks, move |facts| {
            let mut verdicts = Verdicts::default();
            following.iter().any(|rule| {
                rule.check(facts, &self.options, &mut verdicts);
                !verdicts.findings.is_empty()
            })
        })
    }
}
