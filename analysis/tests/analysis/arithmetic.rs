//! Creation flags: what is said of their bits is true, and all is said where everything is known.

use proptest::prelude::*;

use footgun_analysis::facts::CreationFlags;

use crate::common::{python, rust};

/// An expression of flags.
#[derive(Clone, Debug)]
enum Flags {
    /// As it is written in Python, in Rust, and its value.
    Constant(&'static str, &'static str, u32),
    Literal(u32),
    /// A parameter, by its index.
    Given(usize),
    Inverse(Box<Flags>),
    Binary(Op, Box<Flags>, Box<Flags>),
    /// Whether to the left, and by how much.
    Shift(bool, Box<Flags>, u32),
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Or,
    And,
    Xor,
    Add,
    Subtract,
}

impl Op {
    const BITWISE: [Op; 3] = [Op::Or, Op::And, Op::Xor];
    const ALL: [Op; 5] = [Op::Or, Op::And, Op::Xor, Op::Add, Op::Subtract];

    fn sign(self) -> &'static str {
        match self {
            Op::Or => "|",
            Op::And => "&",
            Op::Xor => "^",
            Op::Add => "+",
            Op::Subtract => "-",
        }
    }

    fn apply(self, a: i128, b: i128) -> i128 {
        match self {
            Op::Or => a | b,
            Op::And => a & b,
            Op::Xor => a ^ b,
            Op::Add => a + b,
            Op::Subtract => a - b,
        }
    }
}

/// The names of the parameters.
const GIVEN: [&str; 2] = ["first", "second"];

impl Flags {
    /// Python's value, whose integers have no bounds.
    fn value(&self, given: [u32; 2]) -> i128 {
        match self {
            Flags::Constant(_, _, value) | Flags::Literal(value) => (*value).into(),
            Flags::Given(index) => given[*index].into(),
            Flags::Inverse(a) => !a.value(given),
            Flags::Binary(op, a, b) => op.apply(a.value(given), b.value(given)),
            Flags::Shift(true, a, by) => a.value(given) << by,
            Flags::Shift(false, a, by) => a.value(given) >> by,
        }
    }

    /// Rust's value. Only what cannot overflow is written for it.
    fn rust_value(&self, given: [u32; 2]) -> u32 {
        match self {
            Flags::Inverse(a) => !a.rust_value(given),
            Flags::Binary(op, a, b) => {
                let (a, b) = (a.rust_value(given), b.rust_value(given));
                op.apply(a.into(), b.into()) as u32
            }
            Flags::Shift(true, a, by) => a.rust_value(given) << by,
            Flags::Shift(false, a, by) => a.rust_value(given) >> by,
            _ => self.value(given) as u32,
        }
    }

    fn is_known(&self) -> bool {
        match self {
            Flags::Constant(..) | Flags::Literal(_) => true,
            Flags::Given(_) => false,
            Flags::Inverse(a) | Flags::Shift(_, a, _) => a.is_known(),
            Flags::Binary(_, a, b) => a.is_known() && b.is_known(),
        }
    }

    fn python(&self) -> String {
        match self {
            Flags::Constant(python, _, _) => (*python).to_owned(),
            Flags::Literal(value) => format!("{value:#x}"),
            Flags::Given(index) => GIVEN[*index].to_owned(),
            Flags::Inverse(a) => format!("~({})", a.python()),
            Flags::Binary(op, a, b) => format!("({}) {} ({})", a.python(), op.sign(), b.python()),
            Flags::Shift(true, a, by) => format!("({}) << {by}", a.python()),
            Flags::Shift(false, a, by) => format!("({}) >> {by}", a.python()),
        }
    }

    fn rust(&self) -> String {
        match self {
            Flags::Constant(_, rust, _) => (*rust).to_owned(),
            Flags::Literal(value) => format!("{value:#x}"),
            Flags::Given(index) => GIVEN[*index].to_owned(),
            Flags::Inverse(a) => format!("!({})", a.rust()),
            Flags::Binary(op, a, b) => format!("({}) {} ({})", a.rust(), op.sign(), b.rust()),
            Flags::Shift(true, a, by) => format!("({}) << {by}", a.rust()),
            Flags::Shift(false, a, by) => format!("({}) >> {by}", a.rust()),
        }
    }
}

const CONSTANTS: [(&str, &str, u32); 4] = [
    ("subprocess.DETACHED_PROCESS", "DETACHED_PROCESS", 0x8),
    (
        "subprocess.CREATE_NEW_PROCESS_GROUP",
        "windows_sys::Win32::System::Threading::CREATE_NEW_PROCESS_GROUP",
        0x200,
    ),
    (
        "getattr(subprocess, 'CREATE_BREAKAWAY_FROM_JOB', 0)",
        "winapi::um::winbase::CREATE_BREAKAWAY_FROM_JOB",
        0x0100_0000,
    ),
    ("NO_WINDOW", "NO_WINDOW", 0x0800_0000),
];

/// Expressions of these operators; shifts to the right in Rust depend on types, which are not
/// known.
fn flags(ops: &'static [Op], right: bool) -> impl Strategy<Value = Flags> {
    let leaf = prop_oneof![
        3 => prop::sample::select(&CONSTANTS[..])
            .prop_map(|(python, rust, value)| Flags::Constant(python, rust, value)),
        2 => any::<u32>().prop_map(Flags::Literal),
        1 => (0..GIVEN.len()).prop_map(Flags::Given),
    ];
    leaf.prop_recursive(3, 10, 2, move |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let binary = (prop::sample::select(ops), boxed(), boxed());
        prop_oneof![
            3 => binary.prop_map(|(op, a, b)| Flags::Binary(op, a, b)),
            1 => boxed().prop_map(Flags::Inverse),
            1 => (any::<bool>(), boxed(), 0..8u32)
                .prop_map(move |(left, a, by)| Flags::Shift(left || !right, a, by)),
        ]
    })
}

/// What the bits are in every case that was tried, if all is as `flags` says.
fn check(flags: &CreationFlags, known: bool, values: Vec<u32>) -> Result<(), String> {
    if known && !flags.known() {
        return Err(format!("not all bits are known: {flags:?}"));
    }
    for value in values {
        if value & flags.ones != flags.ones || value & flags.zeros != 0 {
            return Err(format!("{value:#x} is not as {flags:?} says"));
        }
    }
    Ok(())
}

const PYTHON: &str = "import subprocess

NO_WINDOW = 0x08000000


def start(first: int, second: int):
    {code}
";

const RUST: &str = "use std::os::windows::process::CommandExt;
use std::process::Command;

const DETACHED_PROCESS: u32 = 0x8;
const NO_WINDOW: u32 = 1 << 27;

pub fn start(first: u32, second: u32) {
    Command::new(\"node\").creation_flags({code}).spawn().unwrap();
}
";

/// Values of the parameters that differ in every bit, and those of the case.
fn samples(given: [u32; 2]) -> [[u32; 2]; 5] {
    [
        given,
        [0, 0],
        [u32::MAX, 0],
        [0, u32::MAX],
        [!given[0], !given[1]],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn bits_are_as_python_computes_them(
        form in prop::sample::select(vec![
            "subprocess.Popen(['node'], creationflags={a})",
            "flags = {a}\n    subprocess.Popen(['node'], creationflags=flags)",
            "subprocess.Popen(['node'], **{'creationflags': {a}})",
            "options = {}\n    options['creationflags'] = {a}\n    subprocess.Popen(['node'], **options)",
        ]),
        a in flags(&Op::ALL, true),
        given in any::<[u32; 2]>(),
    ) {
        let text = PYTHON.replace("{code}", &form.replace("{a}", &a.python()));
        let facts = python(&text);
        prop_assert_eq!(facts.spawns.len(), 1, "{}", text);
        let values = samples(given).map(|given| a.value(given) as u32);
        let checked = check(&facts.spawns[0].flags, a.is_known(), values.to_vec());
        prop_assert_eq!(checked, Ok(()), "{}", text);
    }

    #[test]
    fn bits_are_as_python_updates_them(
        a in flags(&Op::ALL, true),
        (op, b) in (prop::sample::select(&Op::ALL[..]), flags(&Op::ALL, true)),
        conditional in any::<bool>(),
        given in any::<[u32; 2]>(),
    ) {
        let update = format!("flags {}= {}", op.sign(), b.python());
        let update = if conditional { format!("if first:\n        {update}") } else { update };
        let code = format!(
            "flags = {}\n    {update}\n    subprocess.Popen(['node'], creationflags=flags)",
            a.python(),
        );
        let text = PYTHON.replace("{code}", &code);
        let facts = python(&text);
        prop_assert_eq!(facts.spawns.len(), 1, "{}", text);
        let value = |given: [u32; 2]| {
            let value = a.value(given);
            if conditional && given[0] == 0 { value } else { op.apply(value, b.value(given)) }
        };
        let values = samples(given).map(|given| value(given) as u32);
        let known = a.is_known() && b.is_known() && !conditional;
        let checked = check(&facts.spawns[0].flags, known, values.to_vec());
        prop_assert_eq!(checked, Ok(()), "{}", text);
    }

    #[test]
    fn bits_are_as_rust_computes_them(a in flags(&Op::BITWISE, false), given in any::<[u32; 2]>()) {
        let text = RUST.replace("{code}", &a.rust());
        let facts = rust(&text);
        prop_assert_eq!(facts.spawns.len(), 1, "{}", text);
        let values = samples(given).map(|given| a.rust_value(given));
        let checked = check(&facts.spawns[0].flags, a.is_known(), values.to_vec());
        prop_assert_eq!(checked, Ok(()), "{}", text);
    }
}
