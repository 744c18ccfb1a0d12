//! `match platform.system()`: a case is reached exactly where evaluation by hand does not rule it out.

use proptest::prelude::*;

use crate::common::{indented, probes, python};
use crate::guards::{Guard, Known, PYTHON, PYTHON_ATOMS, and, guard, not};

/// A case: which systems it names, any if none, and its guard.
#[derive(Clone, Debug)]
struct Case {
    systems: Vec<&'static str>,
    guard: Option<Guard>,
}

impl Case {
    fn known(&self) -> Known {
        let named = self.systems.is_empty() || self.systems.contains(&"Windows");
        and(
            Some(named),
            self.guard.as_ref().map_or(Some(true), Guard::known),
        )
    }

    fn head(&self) -> String {
        let names: Vec<String> = self
            .systems
            .iter()
            .map(|name| format!("{name:?}"))
            .collect();
        let pattern = match names.as_slice() {
            [] => "_".to_owned(),
            names => names.join(" | "),
        };
        match &self.guard {
            Some(guard) => format!("case {pattern} if {}:", guard.python()),
            None => format!("case {pattern}:"),
        }
    }
}

fn case() -> impl Strategy<Value = Case> {
    let systems = prop::sample::subsequence(vec!["Windows", "Linux", "Darwin"], 0..=3);
    let guard = prop::option::of(guard(&PYTHON_ATOMS));
    (systems, guard).prop_map(|(systems, guard)| Case { systems, guard })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn cases_are_met_where_windows_may_come(
        cases in prop::collection::vec(case(), 1..4),
        probed in any::<prop::sample::Index>(),
    ) {
        let probed = probed.index(cases.len());
        let mut code = "match platform.system():".to_owned();
        let mut open = Some(true);
        let mut reached = None;
        for (index, case) in cases.iter().enumerate() {
            let body = if index == probed { "os.kill(pid, 0)" } else { "pass" };
            code.push_str(&format!("\n    {}\n        {body}", case.head()));
            if index == probed {
                reached = and(open, case.known());
            }
            open = and(open, not(case.known()));
            // Python refuses a case after one that takes everything.
            if case.systems.is_empty() && case.guard.is_none() {
                prop_assume!(index + 1 == cases.len());
            }
        }
        let text = PYTHON.replace("{code}", &indented(&code, 8));
        prop_assert_eq!(probes(&python(&text)), reached != Some(false), "{}", text);
    }
}
