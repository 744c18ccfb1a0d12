use proptest::prelude::*;

use super::{Attributes, Predicate, truth};
use crate::platform::{Platform, Truth};

fn on(platform: Platform, predicate: &str) -> Truth {
    truth(&predicate.parse().expect("tokens"), platform)
}

#[test]
fn what_the_platform_decides_is_known() {
    use Truth::{No, Unknown, Yes};
    let table = [
        ("windows", Yes, No),
        ("unix", No, Yes),
        ("true", Yes, Yes),
        ("false", No, No),
        ("target_os = \"windows\"", Yes, No),
        ("target_os = \"linux\"", No, Yes),
        ("target_os = \"macos\"", No, No),
        ("target_family = \"windows\"", Yes, No),
        ("target_family = \"unix\"", No, Yes),
        ("target_family = \"wasm\"", No, No),
        ("target_env = \"msvc\"", Unknown, No),
        ("target_env = \"gnu\"", Unknown, Unknown),
        ("target_env = \"musl\"", No, Unknown),
        ("target_vendor = \"apple\"", No, No),
        ("target_vendor = \"pc\"", Unknown, Unknown),
        ("target_arch = \"x86_64\"", Unknown, Unknown),
        ("target_pointer_width = \"64\"", Unknown, Unknown),
        ("target_endian = \"big\"", Unknown, Unknown),
        ("feature = \"unix\"", Unknown, Unknown),
        ("panic = \"unwind\"", Unknown, Unknown),
        ("test", Unknown, Unknown),
        ("debug_assertions", Unknown, Unknown),
        ("doc", No, No),
        ("miri", No, No),
        ("my_own", Unknown, Unknown),
        ("version(\"1.80\")", Unknown, Unknown),
        ("not(unix,)", Yes, No),
        ("not()", Unknown, Unknown),
        ("all()", Yes, Yes),
        ("any()", No, No),
        ("all(unix, feature = \"x\")", No, Unknown),
        ("any(windows, feature = \"x\",)", Yes, Unknown),
        ("unix windows", Unknown, Unknown),
        ("", Unknown, Unknown),
    ];
    for (predicate, windows, linux) in table {
        let found = (
            on(Platform::Windows, predicate),
            on(Platform::Linux, predicate),
        );
        assert_eq!(found, (windows, linux), "{predicate}");
    }
}

#[test]
fn attributes_inside_cfg_attr_apply_with_its_predicate() {
    let item: syn::ItemFn = syn::parse_str(
        "/// doc
        #[cfg_attr(windows, a, path = \"w\", cfg_attr(feature = \"x\", path = \"x\"))]
        #[cfg_attr(unix, cfg(false), path = \"u\")]
        #[inline] fn f() {}",
    )
    .expect("a function");
    let attributes = Attributes::of(&item.attrs, Platform::Windows);
    assert_eq!(attributes.compiled, Truth::Yes);
    assert_eq!(attributes.others.len(), 5);
    assert_eq!(
        attributes.paths().collect::<Vec<_>>(),
        [
            (Truth::Yes, "w".to_owned()),
            (Truth::Unknown, "x".to_owned()),
            (Truth::No, "u".to_owned()),
        ]
    );
    let compiled = |platform| Attributes::compiled(&item.attrs, platform);
    assert_eq!(compiled(Platform::Windows), Truth::Yes);
    assert_eq!(compiled(Platform::Linux), Truth::No);
}

/// The flags that a generated predicate can hold and that no platform decides.
const UNKNOWN: [&str; 3] = ["alpha", "beta", "gamma"];

fn any_predicate() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "windows",
        "unix",
        "target_os = \"windows\"",
        "true",
        "false",
        "alpha",
        "beta",
        "gamma",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(4, 24, 3, |inner| {
            let parts = prop::collection::vec(inner.clone(), 0..4).prop_map(|it| it.join(", "));
            prop_oneof![
                inner.prop_map(|it| format!("not({it})")),
                parts.clone().prop_map(|it| format!("all({it})")),
                parts.prop_map(|it| format!("any({it})")),
            ]
        })
}

/// Evaluates a predicate on Windows where every flag is known.
fn holds(predicate: &Predicate, set: &[&str]) -> bool {
    match predicate {
        Predicate::Constant(value) => *value,
        Predicate::Flag(name) => name == "windows" || set.contains(&name.as_str()),
        Predicate::Is(key, value) => key == "target_os" && value == "windows",
        Predicate::Not(inner) => !holds(inner, set),
        Predicate::All(parts) => parts.iter().all(|part| holds(part, set)),
        Predicate::Any(parts) => parts.iter().any(|part| holds(part, set)),
        Predicate::Other => panic!("not generated"),
    }
}

proptest! {
    /// Over every choice of the unknown flags: what is said to be known is so in all of them, and
    /// where each flag stands once at most, what is said to be unknown depends on them.
    #[test]
    fn a_known_predicate_holds_whatever_the_unknown_flags(text in any_predicate()) {
        let predicate = Predicate::parse(text.parse().expect("tokens"));
        let outcomes: Vec<bool> = (0..1 << UNKNOWN.len())
            .map(|chosen| {
                let set: Vec<&str> = UNKNOWN
                    .into_iter()
                    .enumerate()
                    .filter_map(|(bit, flag)| (chosen >> bit & 1 == 1).then_some(flag))
                    .collect();
                holds(&predicate, &set)
            })
            .collect();
        let exact = if outcomes.iter().all(|&it| it) {
            Truth::Yes
        } else if outcomes.iter().any(|&it| it) {
            Truth::Unknown
        } else {
            Truth::No
        };
        let found = predicate.truth(Platform::Windows);
        prop_assert!(found == exact || found == Truth::Unknown);
        if UNKNOWN.iter().all(|flag| text.matches(flag).count() <= 1) {
            prop_assert_eq!(found, exact);
        }
    }
}
