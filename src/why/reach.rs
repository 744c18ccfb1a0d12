//! Whether the line is reachable on Windows, through which callers, and what makes it unreachable.

use footgun_analysis::explain::{Run, Standing, Visit};
use footgun_analysis::platform::{Platform, Truth};
use footgun_analysis::source::Place;

use super::{Why, some};

impl Why<'_> {
    /// On which platforms the statements of the line are reachable.
    pub(super) fn reach(&self) -> String {
        let statements = self.statements();
        if statements.is_empty() {
            return format!("\n{}", self.never());
        }
        let several = statements.len() > 1;
        statements
            .into_iter()
            .map(|statement| {
                let about = if several {
                    format!("{}:\n", self.quoted(statement))
                } else {
                    String::new()
                };
                format!("\n{about}{}", self.reach_of(statement))
            })
            .collect()
    }

    /// The statements of the line that are evaluated on some platform: of nested ones the innermost.
    fn statements(&self) -> Vec<Place> {
        let visits = self.explanation.runs.iter().flat_map(|run| &run.visits);
        let mut places: Vec<Place> = visits.map(|visit| visit.statement).collect();
        places.sort();
        places.dedup();
        let all = places.clone();
        places.retain(|place| {
            let inside = |other: &Place| other != place && place.span.contains(other.span);
            !all.iter().any(inside)
        });
        self.innermost(&places)
    }

    fn never(&self) -> String {
        let windows = &self.explanation.runs[0];
        let mut page =
            "No statement that is reachable on any platform begins on this line.\n".to_owned();
        if !windows.compiled {
            page += "  the file is not compiled for Windows\n";
        }
        for problem in &self.explanation.problems {
            let span = problem.span;
            let at = self.texts.at(Place { span, ..self.place });
            page += &format!(
                "  part of the file does not parse: {at}: {}\n",
                problem.message
            );
        }
        page + &self.obstacles(windows)
    }

    fn reach_of(&self, statement: Place) -> String {
        let [windows, posix @ ..] = &self.explanation.runs;
        let ways = |run: &Run| -> Vec<Visit> {
            let visits = run.visits.iter();
            visits
                .filter(|visit| visit.statement == statement)
                .cloned()
                .collect()
        };
        let counts = |visit: &Visit| visit.standing == Standing::Counts;
        let here = ways(windows);
        let mut page = String::new();
        if here.iter().any(counts) {
            page += "Reachable on Windows:\n";
            page += &self.listed(&here);
            page += &self.conditions(windows);
            return page;
        }
        let others: Vec<&Run> = posix
            .iter()
            .filter(|run| ways(run).iter().any(counts))
            .collect();
        let names: Vec<&str> = others.iter().map(|run| name(run.platform)).collect();
        page += &match names.as_slice() {
            [] => "Unreachable on Windows.\n".to_owned(),
            names => format!(
                "Unreachable on Windows; reachable on {}.\n",
                names.join(" and ")
            ),
        };
        if !windows.compiled {
            page += "  the file is not compiled for Windows\n";
        }
        page += &self.listed(&here);
        if here.is_empty() {
            page += &self.obstacles(windows);
        }
        if let Some(run) = others.first() {
            page += &format!("Reachable on {}:\n", name(run.platform));
            let ways: Vec<Visit> = ways(run).into_iter().filter(counts).collect();
            page += &self.listed(&ways);
        }
        page
    }

    /// The ways to a statement, those that count first; the skipped ones with the reason.
    fn listed(&self, visits: &[Visit]) -> String {
        let mut ways: Vec<String> = Vec::new();
        let mut others: Vec<String> = Vec::new();
        for visit in visits {
            let entry = self.definition(visit.entry);
            let (lines, line) = match visit.standing {
                Standing::Counts => {
                    let calls = visit.through.iter().rev();
                    let calls: Vec<String> = calls.map(|call| self.quoted(*call)).collect();
                    let way = match calls.as_slice() {
                        [] => format!("from {entry}"),
                        calls => format!("from {entry}\n    through {}", calls.join(", ")),
                    };
                    (&mut ways, way)
                }
                Standing::CallersKnown => {
                    let line = format!(
                        "skipped from {entry}: its callers are known and evaluated instead"
                    );
                    (&mut others, line)
                }
                Standing::Elsewhere(place) => {
                    let definition = self.definition(place);
                    (
                        &mut others,
                        format!("{definition} is only reachable on other platforms"),
                    )
                }
            };
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let lines = some(&ways).into_iter().chain(some(&others));
        lines.map(|line| format!("  {line}\n")).collect()
    }

    /// A definition, or a module, in words.
    fn definition(&self, place: Place) -> String {
        let whole = place.span.end as usize == self.texts.text(place.file).len();
        if place.span.start == 0 && (whole || place.span.end == 0) {
            format!("the module {}", self.texts.name(place.file))
        } else {
            self.quoted(place)
        }
    }

    /// The conditions around the line, with what they evaluate to.
    fn conditions(&self, run: &Run) -> String {
        let turns = run.turns.iter().map(|turn| {
            let what = match turn.holds {
                Truth::Yes => "is true",
                Truth::No => "is false",
                Truth::Unknown => "is unknown: both branches are evaluated",
            };
            format!("  the condition {} {what}\n", self.quoted(turn.condition))
        });
        turns.collect()
    }

    /// What makes the line unreachable on a platform.
    fn obstacles(&self, run: &Run) -> String {
        let mut page = self.conditions(run);
        for end in &run.ends {
            page += &format!("  control flow ends at {}\n", self.quoted(*end));
        }
        page
    }

    /// Calls on the line that are reachable on other platforms only.
    pub(super) fn elsewhere(&self, calls: Vec<(Place, &str, Platform)>) -> String {
        let mut page = String::new();
        let mut seen: Vec<Place> = Vec::new();
        for (place, api, _) in &calls {
            if seen.contains(place) {
                continue;
            }
            seen.push(*place);
            let mut names: Vec<&str> = Vec::new();
            for (other, _, platform) in &calls {
                if other == place && !names.contains(&name(*platform)) {
                    names.push(name(*platform));
                }
            }
            page += &format!(
                "\n{api} at {}: only reachable on {}\n",
                self.texts.at(*place),
                names.join(" and ")
            );
        }
        page
    }
}

fn name(platform: Platform) -> &'static str {
    platform
        .choose("Windows", "Linux", "macOS")
        .unwrap_or("another POSIX system")
}
