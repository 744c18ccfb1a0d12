//! Functions that are handed to somebody who calls them later: threads, pools, event loops and signals.

use crate::machine::{Arguments, Key, Machine};
use crate::platform::Truth;
use crate::value::{Location, Value};

/// Calls something that calls another function; `None` if the path does not, or if nothing is known
/// of that function.
pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    match path {
        "threading.Thread" | "multiprocessing.Process" | "threading.Timer" => {
            let timer = path == "threading.Timer";
            let (target, args, kwargs) = if timer {
                ((1, "function"), (2, "args"), (3, "kwargs"))
            } else {
                ((1, "target"), (3, "args"), (4, "kwargs"))
            };
            let value = |(position, name): (usize, &str)| {
                arguments
                    .get(position, name)
                    .map(|argument| argument.value.clone())
            };
            let handed = spread(machine, value(args), value(kwargs), location);
            run(machine, &value(target)?, handed, location);
            Some(match path {
                "multiprocessing.Process" => super::instance(machine, path, None),
                _ => Value::UNKNOWN,
            })
        }
        "signal.signal" => {
            let number = arguments.get(0, "signalnum")?.value.clone();
            let handler = arguments.get(1, "handler")?.value.clone();
            if !matches!(handler, Value::Function(_) | Value::Bound(_)) {
                return None;
            }
            let mut handed = Arguments::default();
            handed.push(number, location);
            handed.push(Value::UNKNOWN, location);
            run(machine, &handler, handed, location);
            Some(Value::UNKNOWN)
        }
        "asyncio.to_thread" | "trio.to_thread.run_sync" | "anyio.to_thread.run_sync" => {
            behind(machine, arguments, 0, location)
        }
        "asyncio.get_event_loop" | "asyncio.get_running_loop" | "asyncio.new_event_loop" => {
            Some(super::instance(machine, LOOP, None))
        }
        _ if POOLS.contains(&path) => Some(super::instance(machine, path, None)),
        _ if is_submit(path) => behind(machine, arguments, 1, location),
        _ if path.strip_prefix(LOOP) == Some(".run_in_executor") => {
            behind(machine, arguments, 2, location)
        }
        _ => None,
    }
}

/// Whether a function of this name may call another one that it is handed.
pub(crate) fn hands_on(name: &str) -> bool {
    matches!(
        name,
        "Process" | "Thread" | "Timer" | "run_in_executor" | "run_sync" | "submit" | "to_thread"
    )
}

/// The class of event loops.
pub(super) const LOOP: &str = "asyncio.AbstractEventLoop";

/// The classes of pools.
const POOLS: [&str; 2] = [
    "concurrent.futures.ProcessPoolExecutor",
    "concurrent.futures.ThreadPoolExecutor",
];

/// Whether a path is that of the method by which a pool is given work.
fn is_submit(path: &str) -> bool {
    let class = path.strip_suffix(".submit");
    class.is_some_and(|class| POOLS.contains(&class))
}

/// Calls the positional argument at `index` with those behind it.
fn behind(
    machine: &mut Machine,
    arguments: &Arguments,
    index: usize,
    location: Location,
) -> Option<Value> {
    let callee = arguments.positional.get(index)?.value.clone();
    let handed = Arguments {
        positional: arguments.positional[index + 1..].to_vec(),
        ..arguments.clone()
    };
    run(machine, &callee, handed, location);
    Some(Value::UNKNOWN)
}

/// The arguments that a tuple and a dict stand for.
fn spread(
    machine: &Machine,
    args: Option<Value>,
    kwargs: Option<Value>,
    location: Location,
) -> Arguments {
    let mut spread = Arguments::default();
    match args.map(|args| machine.sequence_of(&args)) {
        Some(Some(sequence)) => {
            for item in sequence.items {
                match item {
                    Some(item) => spread.push(item, location),
                    None => spread.push_rest(),
                }
            }
        }
        Some(None) => spread.push_rest(),
        None => {}
    }
    match kwargs.map(|kwargs| machine.dict(&kwargs).cloned()) {
        Some(Some(dict)) => {
            spread.open = dict.open;
            for (key, entry) in dict.entries {
                if let Key::Text(name) = key {
                    spread.push_splatted(name.into(), entry, location);
                }
            }
        }
        Some(None) => spread.open = true,
        None => {}
    }
    spread
}

/// Calls a function that somebody may call, so that what it raises or ends is not ours.
fn run(machine: &mut Machine, callee: &Value, arguments: Arguments, location: Location) {
    machine.either(
        Truth::Unknown,
        |m| m.call(callee, arguments, location),
        |_| Value::None,
    );
}
