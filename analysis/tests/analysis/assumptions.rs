//! What a project says about itself is taken for granted: its oldest Python, and names of libraries
//! that are not read.

use std::collections::HashMap;

use footgun_analysis::assumptions::{Assumptions, Constant};
use footgun_analysis::facts::{Facts, Program};

use crate::common::{facts_of, probes, project};

fn facts(text: &str, assumptions: Assumptions) -> Facts {
    let project = project(&[("app.py", text)]).with_assumptions(assumptions);
    facts_of(&project, "app.py")
}

#[test]
fn a_version_that_is_not_run_is_not_reached() {
    let reached = |test: &str, python| {
        let text = format!("import os, sys\nif {test}:\n    os.kill(pid, 0)\n");
        let assumptions = Assumptions {
            python,
            ..Assumptions::default()
        };
        probes(&facts(&text, assumptions))
    };
    for (test, of_any, of_3_10) in [
        ("sys.version_info < (3, 0)", false, false),
        ("sys.version_info < (3, 9)", true, false),
        ("sys.version_info >= (3, 9)", true, true),
        ("not sys.version_info >= (3, 10)", true, false),
        ("sys.version_info < (3, 11)", true, true),
        ("sys.version_info.major == 2", false, false),
        ("sys.version_info[0] == 2", false, false),
    ] {
        assert_eq!(reached(test, None), of_any, "{test}");
        assert_eq!(reached(test, Some((3, 10))), of_3_10, "{test}");
    }
}

#[test]
fn names_of_libraries_have_the_values_that_are_given_for_them() {
    let text = "import os\nfrom company import host\nfrom company.host import name\n\
                if host.IS_SERVER:\n    os.kill(pid, 0)\nif name != 'windows':\n    os.kill(pid, 0)\n";
    let constants = |truth, name: &str| Assumptions {
        windows_constants: HashMap::from([
            ("company.host.IS_SERVER".to_owned(), Constant::Bool(truth)),
            (
                "company.host.name".to_owned(),
                Constant::Text(name.to_owned()),
            ),
        ]),
        ..Assumptions::default()
    };
    assert!(probes(&facts(text, Assumptions::default())));
    assert!(!probes(&facts(text, constants(false, "windows"))));
    assert!(probes(&facts(text, constants(true, "windows"))));
    assert!(probes(&facts(text, constants(false, "linux"))));
}

#[test]
fn a_wrapper_starts_what_it_is_given() {
    let wrapper = Assumptions {
        spawn_wrappers: HashMap::from([(
            "company.shell.run".to_owned(),
            "subprocess.run".to_owned(),
        )]),
        ..Assumptions::default()
    };
    for text in [
        "from company.shell import run  # subprocess\nrun(['npm'])\n",
        "import company.shell  # subprocess\ncompany.shell.run(['npm'])\n",
    ] {
        assert!(facts(text, Assumptions::default()).spawns.is_empty());
        let found = facts(text, wrapper.clone());
        let [spawn] = found.spawns.as_slice() else {
            panic!("{:?}", found.spawns)
        };
        let is_npm =
            |program: &Program| matches!(program, Program::Named { name, .. } if name == "npm");
        assert!(spawn.programs.iter().all(is_npm) && !spawn.programs.is_empty());
    }
}
