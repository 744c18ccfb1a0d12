//! SARIF 2.1.0, the format of code scanning: the findings with their evidence and fixes, and the pages
//! of the rules.

mod log;

use std::io::{self, Write};
use std::path::Path;

use footgun_analysis::project::slashed;
use footgun_rules::{Applicability, RULES, Rule};

use super::record::{self, Extent, Location, Record};
use crate::root::Root;
use crate::uri::{encoded, file_uri};
use log::{
    ArtifactChange, ArtifactLocation, Configuration, Described, Driver, Finding, Fingerprints, Fix,
    Log, Markdown, Message, PhysicalLocation, Properties, Region, Replacement, Run, Text, Tool,
    UriBases,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(records: &[Record], root: &Root, out: &mut dyn Write) -> io::Result<()> {
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    version: env!("CARGO_PKG_VERSION"),
                    short_description: Text {
                        text: env!("CARGO_PKG_DESCRIPTION").into(),
                    },
                    rules: RULES.iter().map(descriptor).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            newline_sequences: ["\r\n", "\n", "\r"],
            original_uri_base_ids: UriBases {
                source_root: Described {
                    description: Text {
                        text: "The root of the repository, or the folder the command was run in."
                            .into(),
                    },
                },
            },
            results: records.iter().map(|record| result(record, root)).collect(),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn descriptor(rule: &Rule) -> log::Rule {
    log::Rule {
        id: rule.id,
        name: pascal_case(rule.id),
        short_description: Text {
            text: rule.title.into(),
        },
        full_description: Message {
            text: what_breaks(rule),
        },
        help: Markdown {
            text: rule.page.trim_end(),
            markdown: rule.page.trim_end(),
        },
        default_configuration: Configuration {
            level: rule.severity.word(),
            enabled: (!rule.by_default).then_some(false),
        },
        properties: Properties {
            tags: ["windows", rule.group],
            precision: "high",
            // The words of GitHub for severities are those of SARIF but for the least.
            problem_severity: match rule.severity.word() {
                "note" => "recommendation",
                word => word,
            },
        },
    }
}

/// The standard wants names of rules to be in this form.
fn pascal_case(id: &str) -> String {
    let mut name = String::new();
    for word in id.split('-') {
        let (first, rest) = word.split_at(word.len().min(1));
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(rest);
    }
    name
}

/// The first paragraph of the section of a page that says what breaks, as one line.
fn what_breaks(rule: &Rule) -> String {
    let section = rule.page.split_once("## What breaks\n\n");
    let paragraph = section.and_then(|(_, section)| section.split("\n\n").next());
    let line = paragraph.unwrap_or(rule.title).replace('\n', " ");
    // It may introduce a list that is not shown with it.
    match line.strip_suffix(':') {
        Some(line) => format!("{line}."),
        None => line,
    }
}

fn result<'r>(record: &'r Record, root: &Root) -> Finding<'r> {
    let in_cell = |edit: &record::Replacement| edit.cell.is_some();
    let related = record.evidence.iter().enumerate();
    let related = related.map(|(index, reason)| log::Location {
        id: Some(index + 1),
        message: Some(Text {
            text: reason.extent.message_in_file(&reason.message),
        }),
        physical_location: physical(&reason.extent, root),
    });
    Finding {
        rule_id: &record.rule,
        rule_index: RULES.iter().position(|rule| rule.id == record.rule),
        level: record.severity.word(),
        message: Message {
            text: format!(
                "{}\nhelp: {}",
                record.extent.message_in_file(&record.message),
                record.help
            ),
        },
        locations: [log::Location {
            id: None,
            message: None,
            physical_location: physical(&record.extent, root),
        }],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints {
            own: &record.fingerprint,
        },
        fixes: record
            .fix
            .iter()
            .filter(|fix| !fix.edits.is_empty() && !fix.edits.iter().any(in_cell))
            .map(|fix| changes(record, fix, root))
            .collect(),
    }
}

fn changes<'r>(record: &'r Record, fix: &'r record::Fix, root: &Root) -> Fix<'r> {
    let by_file = fix
        .edits
        .chunk_by(|one, next| one.filename(record) == next.filename(record));
    let changes = by_file.map(|edits| ArtifactChange {
        artifact_location: artifact(edits[0].filename(record), root),
        replacements: edits
            .iter()
            .map(|edit| Replacement {
                deleted_region: region((edit.location, edit.end_location)),
                inserted_content: Text {
                    text: edit.content.as_str().into(),
                },
            })
            .collect(),
    });
    Fix {
        description: Message {
            text: match fix.applicability {
                Applicability::Unsafe => format!("{} (unsafe)", fix.message),
                _ => fix.message.clone(),
            },
        },
        artifact_changes: changes.collect(),
    }
}

fn physical(extent: &Extent, root: &Root) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: artifact(&extent.filename, root),
        region: region(extent.in_file()),
    }
}

fn region((start, end): (Location, Location)) -> Region {
    Region {
        start_line: start.row,
        start_column: start.column,
        end_line: end.row,
        end_column: end.column,
    }
}

fn artifact(filename: &str, root: &Root) -> ArtifactLocation {
    let path = Path::new(filename);
    match root.below(path) {
        Some(path) => ArtifactLocation {
            uri: encoded(&path),
            uri_base_id: Some("%SRCROOT%"),
        },
        None => ArtifactLocation {
            uri: file_uri("", &slashed(&root.absolute(path))),
            uri_base_id: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_names_and_descriptions() {
        for rule in RULES {
            let described = what_breaks(rule);
            assert_ne!(described, rule.title);
            assert!(
                described.ends_with('.') && !described.contains('\n'),
                "{described}"
            );
        }
        assert_eq!(pascal_case("pid-probe"), "PidProbe");
    }

    #[test]
    fn what_is_off_by_default_is_not_enabled() {
        let not_enabled = |rule: &&Rule| {
            let configuration = descriptor(rule).default_configuration;
            let json = serde_json::to_value(configuration).unwrap();
            json.get("enabled") == Some(&serde_json::Value::Bool(false))
        };
        let off: Vec<&str> = RULES.iter().filter(not_enabled).map(|it| it.id).collect();
        let wanted = RULES.iter().filter(|rule| !rule.by_default);
        assert_eq!(off, wanted.map(|rule| rule.id).collect::<Vec<_>>());
    }
}
