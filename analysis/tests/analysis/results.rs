//! What code does with the results of calls that are followed.

use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::facts::{Call, Known};
use footgun_analysis::{Session, analyse};

use crate::common::project;

/// The calls that are recorded in a file for what is asked.
fn recorded(path: &str, text: &str, asks: &[Ask]) -> Vec<Call> {
    let project = project(&[(path, text)]);
    let demand = Demand::new(asks.iter().cloned(), |_| true);
    let file = project.at(path).expect("a file of the project");
    analyse(&Session::new(&project, &demand), file).facts.calls
}

/// What is called in a file while what `lib.make` gives is followed, and with what.
fn calls(path: &str, text: &str) -> Vec<String> {
    let made = ["lib.make", "lib::make", "make"].map(Ask::Result);
    recorded(path, text, &made).iter().map(spelled).collect()
}

fn spelled(call: &Call) -> String {
    let value = |value: &Known| match value {
        Known::Name(name) => name.clone(),
        Known::Int(number) => number.to_string(),
        Known::Bool(truth) => truth.to_string(),
        Known::None => "None".to_owned(),
        _ => "?".to_owned(),
    };
    let values = call.positional.iter().flat_map(|given| &given.values);
    let values: Vec<String> = values.map(value).collect();
    format!("{}({})", call.site.api, values.join(", "))
}

#[test]
fn what_is_done_with_a_result() {
    for (body, expected) in [
        ("lib.make()", vec!["lib.make()"]),
        (
            "if lib.make(): print()",
            vec!["lib.make()", "operator.truth(lib.make())"],
        ),
        (
            "x = not lib.make()",
            vec!["lib.make()", "operator.truth(lib.make())"],
        ),
        (
            "x = lib.make() and other()",
            vec!["lib.make()", "operator.truth(lib.make())"],
        ),
        (
            "x = lib.make() != 5",
            vec!["lib.make()", "operator.ne(lib.make(), 5)"],
        ),
        (
            "x = lib.make().size in (1, 2)",
            vec!["lib.make()", "operator.contains(lib.make().size, ?)"],
        ),
        (
            "m = lib.make()\nm.close()\nlib.close(m)",
            vec!["lib.make()", "lib.make().close()", "lib.close(lib.make())"],
        ),
        (
            "held.m = lib.make()",
            vec!["lib.make()", "builtins.setattr(lib.make())"],
        ),
        (
            "unknown(lib.make())",
            vec!["lib.make()", "builtins.setattr(lib.make())"],
        ),
        // What is not known may give another one.
        (
            "if self.make(): print()",
            vec!["make()", "operator.truth(make())"],
        ),
        // Another function's is not followed.
        ("if lib.other(): print()", vec![]),
    ] {
        let body = body.replace('\n', "\n  ");
        let text = format!("import lib\ndef f(self, held):\n  {body}\n");
        assert_eq!(calls("tool.py", &text), expected, "{text}");
    }
}

#[test]
fn what_a_function_answers_that_touches_a_result() {
    let text = "import lib\n\
                def f(a):\n  if a: return 1\n  m = lib.make()\n  if not m: return False\n  return True\n\
                def g():\n  return lib.other()\n";
    assert_eq!(
        calls("tool.py", text),
        [
            "lib.make()",
            "operator.truth(lib.make())",
            "return(false)",
            "return(true)"
        ]
    );
    let text = "pub fn f() -> bool { let m = lib::make(); m.is_null() }";
    assert_eq!(
        calls("src/lib.rs", text),
        ["lib::make()", "lib::make()::is_null()", "return(?)"]
    );
}

#[test]
fn a_call_tells_the_conditions_that_hold_around_it() {
    let text = "import lib\n\
                def f(a):\n  m = lib.make()\n  if a:\n    if m: return 1\n  else: return 2\n  return 3\n";
    let calls = recorded("tool.py", text, &[Ask::Result("lib.make")]);
    let told = calls.iter().map(|call| {
        let around = call.holding.iter().map(|place| &text[place.span.range()]);
        (spelled(call), around.collect::<Vec<_>>().join(" and "))
    });
    let told: Vec<(String, String)> = told
        .filter(|(call, _)| call.starts_with("return"))
        .collect();
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|(call, around)| (&**call, &**around))
        .collect();
    assert_eq!(
        told,
        [
            ("return(1)", "a and m"),
            ("return(2)", ""),
            ("return(3)", "")
        ]
    );
}

#[test]
fn a_call_tells_what_its_with_statements_enter_and_which_variables_it_is_given() {
    let text = "import lib\n\
                def f(self, a):\n  with lib.lock(a) as b, lib.other():\n    lib.make(self.a, a, a + 1, x=b)\n  \
                with lib.lock(): pass\n  lib.make(a[0])\n";
    let calls = recorded("tool.py", text, &[Ask::Call("lib.make")]);
    let told = calls.iter().map(|call| {
        let entered = call.entered.iter().map(|place| &text[place.span.range()]);
        let given = call.positional.iter();
        let variables = given.map(|given| given.variable.as_deref().unwrap_or("?"));
        (entered.collect::<Vec<_>>(), variables.collect::<Vec<_>>())
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (vec!["lib.lock(a)", "lib.other()"], vec!["self.a", "a", "?"]),
            (vec![], vec!["?"])
        ]
    );
}

#[test]
fn an_argument_tells_which_statement_gave_its_variable_a_value() {
    let text = "import lib\n\
                def f(self, a):\n  lib.make(a, self.a)\n  b = a\n  for c in b:\n    self.a = c\n    a, d = c\n    \
                lib.make(a, self.a, c, d, self.b)\n";
    let calls = recorded("tool.py", text, &[Ask::Call("lib.make")]);
    let bound = |call: &Call| {
        let given = call.positional.iter();
        let bound = given.map(|given| given.bound.map_or("", |place| &text[place.span.range()]));
        bound
            .map(|it| it.lines().next().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    let told: Vec<Vec<String>> = calls.iter().map(bound).collect();
    assert_eq!(
        told,
        [
            vec!["", ""],
            vec!["a, d = c", "self.a = c", "for c in b:", "a, d = c", ""]
        ]
    );
}
