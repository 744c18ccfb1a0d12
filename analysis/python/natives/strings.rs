//! Strings: what their methods and the functions on text make of them, with every piece's place.

use crate::machine::{Arguments, Machine};
use crate::value::{Int, MOST_PIECES, Piece, Text, Value};

/// Calls a method of a string; the string is the first argument.
pub(super) fn call(machine: &mut Machine, method: &str, arguments: &Arguments) -> Value {
    let Some(Value::Text(text)) = arguments.positional.first().map(|argument| &argument.value)
    else {
        return Value::UNKNOWN;
    };
    let text = text.clone();
    let given = |position: usize| {
        arguments
            .positional
            .get(position)
            .map(|argument| &argument.value)
    };
    match method {
        "strip" | "lstrip" | "rstrip" if given(1).is_none() => {
            Value::Text(strip(&text, method != "rstrip", method != "lstrip"))
        }
        "lower" | "casefold" => mapped(&text, str::to_lowercase),
        "upper" => mapped(&text, str::to_uppercase),
        "find" => match (text.known(), given(1).and_then(Value::as_text)) {
            (Some(text), Some(part)) => {
                let at = text.find(&part).map_or(-1, |at| at as i64);
                Value::Int(Int::known(at))
            }
            _ => Value::UNKNOWN,
        },
        "startswith" | "endswith" => affix(machine, &text, given(1), method == "startswith"),
        "format" => Value::Text(format(machine, &text, arguments)),
        "encode" | "decode" => Value::Text(text),
        "join" => join(machine, &text, given(1)),
        "split" if given(1).is_none() && arguments.keywords.is_empty() => words(machine, &text),
        "split" if given(2).is_none() && arguments.keywords.is_empty() => {
            match given(1).and_then(Value::as_text) {
                Some(separator) if !separator.is_empty() => parts(machine, &text, &separator),
                _ => Value::UNKNOWN,
            }
        }
        "splitlines" | "split" | "rsplit" | "partition" | "rpartition" => Value::UNKNOWN,
        "replace" => match (given(1).and_then(Value::as_text), given(2), given(3)) {
            (Some(from), Some(to), None) => Value::Text(replaced(&text, &from, to)),
            _ => Value::Text(Text::new(vec![Piece::UNKNOWN])),
        },
        _ => Value::UNKNOWN,
    }
}

/// Calls a function on text; `None` if the path is none.
pub(super) fn function(machine: &mut Machine, path: &str, arguments: &Arguments) -> Option<Value> {
    let first = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone());
    Some(match (path, first) {
        ("textwrap.dedent" | "inspect.cleandoc", Some(Value::Text(text))) => {
            Value::Text(dedent(&text))
        }
        ("builtins.str" | "os.fspath" | "os.fsdecode", Some(value)) => match value {
            Value::Text(_) | Value::ResolvedProgram | Value::Default(_) => value,
            value => Value::Text(Text::new(machine.spelled(&value))),
        },
        ("shlex.split", Some(Value::Text(text))) => words(machine, &text),
        ("os.path.join" | "ntpath.join", Some(_)) => super::paths::joined(machine, arguments),
        _ => return None,
    })
}

/// Removes white space at the ends.
fn strip(text: &Text, start: bool, end: bool) -> Text {
    let mut pieces = text.pieces.to_vec();
    if start {
        while let Some(Piece::Known { text, .. }) = pieces.first() {
            let kept = text.trim_start().len();
            if kept == text.len() {
                break;
            }
            if kept == 0 {
                pieces.remove(0);
            } else {
                pieces[0] = pieces[0].slice(text.len() - kept, text.len());
                break;
            }
        }
    }
    if end {
        while let Some(Piece::Known { text, .. }) = pieces.last() {
            let kept = text.trim_end().len();
            if kept == text.len() {
                break;
            }
            let last = pieces.len() - 1;
            if kept == 0 {
                pieces.pop();
            } else {
                pieces[last] = pieces[last].slice(0, kept);
                break;
            }
        }
    }
    Text::new(pieces)
}

/// Removes the indentation that all lines share (`textwrap.dedent`).
fn dedent(text: &Text) -> Text {
    let lines = text.lines();
    let blank = |line: &[Piece]| {
        line.iter()
            .all(|piece| matches!(piece, Piece::Known { text, .. } if text.trim().is_empty()))
    };
    let mut margin: Option<String> = None;
    for line in lines.iter().filter(|line| !blank(line)) {
        let own = indentation(line);
        margin = Some(match margin {
            None => own,
            Some(shared) => shared
                .chars()
                .zip(own.chars())
                .take_while(|(a, b)| a == b)
                .map(|(a, _)| a)
                .collect(),
        });
    }
    let margin = margin.unwrap_or_default().len();
    let mut pieces = Vec::new();
    for line in lines {
        let mut left = if blank(&line) { usize::MAX } else { margin };
        for piece in line {
            let Piece::Known { text, .. } = &piece else {
                left = 0;
                pieces.push(piece);
                continue;
            };
            // Of a blank line only its end is kept.
            let cut = if left == usize::MAX {
                text.len() - text.trim_start_matches([' ', '\t']).len()
            } else {
                left.min(text.len())
            };
            if left != usize::MAX {
                left -= cut;
            }
            if cut < text.len() {
                pieces.push(piece.slice(cut, text.len()));
            }
        }
    }
    Text::new(pieces)
}

fn indentation(line: &[Piece]) -> String {
    let mut own = String::new();
    for piece in line {
        let Piece::Known { text, .. } = piece else {
            break;
        };
        let rest = text.trim_start_matches([' ', '\t']);
        own.push_str(&text[..text.len() - rest.len()]);
        if !rest.is_empty() {
            break;
        }
    }
    own
}

fn mapped(text: &Text, map: impl Fn(&str) -> String) -> Value {
    let pieces = text
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Known { text, location, .. } => Piece::Known {
                text: map(text).into(),
                location: *location,
                verbatim: false,
            },
            Piece::Unknown(_) => piece.clone(),
        })
        .collect();
    Value::Text(Text::new(pieces))
}

fn affix(machine: &Machine, text: &Text, affix: Option<&Value>, start: bool) -> Value {
    let Some(affix) = affix else {
        return Value::UNKNOWN;
    };
    let candidates = match machine.items(affix) {
        Some(items) => items.closed(),
        None => Some(vec![affix.clone()]),
    };
    let Some(candidates) = candidates.and_then(|candidates| {
        candidates
            .iter()
            .map(Value::as_text)
            .collect::<Option<Vec<String>>>()
    }) else {
        return Value::UNKNOWN;
    };
    // A text that is known only at one end can still be told apart there.
    let end = match (text.pieces.first(), text.pieces.last()) {
        (Some(Piece::Known { text, .. }), _) if start => &**text,
        (_, Some(Piece::Known { text, .. })) if !start => &**text,
        _ => "",
    };
    let whole = text.known();
    let known = whole.as_deref().unwrap_or(end);
    let has = |affix: &String| {
        if start {
            known.starts_with(affix.as_str())
        } else {
            known.ends_with(affix.as_str())
        }
    };
    if candidates.iter().any(has) {
        return Value::Bool(true);
    }
    // What is not known may complete it.
    let may_have = |affix: &String| {
        if start {
            affix.starts_with(known)
        } else {
            affix.ends_with(known)
        }
    };
    if whole.is_none() && candidates.iter().any(may_have) {
        Value::UNKNOWN
    } else {
        Value::Bool(false)
    }
}

/// `text.format(…)`: plain fields are filled in, doubled braces become single ones.
fn format(machine: &Machine, text: &Text, arguments: &Arguments) -> Text {
    let mut pieces = Vec::new();
    let mut automatic = 0;
    for piece in text.pieces.iter() {
        let Piece::Known { text, .. } = piece else {
            pieces.push(Piece::UNKNOWN);
            continue;
        };
        let mut start = 0;
        let bytes = text.as_bytes();
        while let Some(at) = memchr::memchr2(b'{', b'}', &bytes[start..]).map(|at| start + at) {
            if at > start {
                pieces.push(piece.slice(start, at));
            }
            if bytes.get(at + 1) == Some(&bytes[at]) {
                pieces.push(piece.slice(at, at + 1));
                start = at + 2;
                continue;
            }
            let Some(end) = field_end(bytes, at) else {
                // The field goes on behind an escape or an unknown part, or the text is malformed.
                pieces.push(Piece::UNKNOWN);
                start = text.len();
                break;
            };
            let field = &text[at + 1..end];
            let plain = field.split([':', '!']).next().unwrap_or(field);
            let argument = if plain.is_empty() {
                automatic += 1;
                arguments.positional.get(automatic)
            } else if let Ok(index) = plain.parse::<usize>() {
                arguments.positional.get(index + 1)
            } else {
                arguments.keyword(plain)
            };
            match argument {
                Some(argument) if plain == field => pieces.extend(machine.spelled(&argument.value)),
                _ => pieces.push(Piece::UNKNOWN),
            }
            start = end + 1;
        }
        if start < text.len() {
            pieces.push(piece.slice(start, text.len()));
        }
    }
    Text::new(pieces)
}

/// The brace that closes the replacement field opened at `start`, which may hold others.
fn field_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            _ => continue,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn join(machine: &Machine, separator: &Text, items: Option<&Value>) -> Value {
    let Some(items) = items.and_then(|items| machine.items(items)) else {
        return Value::Text(Text::new(vec![Piece::UNKNOWN]));
    };
    let mut pieces = Vec::new();
    for (index, item) in items.items.iter().enumerate() {
        if index > 0 {
            pieces.extend(separator.pieces.iter().cloned());
        }
        match item {
            Some(value) => pieces.extend(machine.spelled(value)),
            None => pieces.push(Piece::UNKNOWN),
        }
    }
    Value::Text(Text::new(pieces))
}

/// `text % value`: plain `%s` and `%d` fields are filled in, doubled signs become single ones.
pub(crate) fn percent(machine: &Machine, text: &Text, value: &Value) -> Text {
    let given = match machine.items(value) {
        Some(sequence) if sequence.fixed => sequence.items.clone(),
        _ => vec![Some(value.clone())],
    };
    let mut given = given.into_iter();
    let mut pieces = Vec::new();
    for piece in text.pieces.iter() {
        let Piece::Known { text, .. } = piece else {
            pieces.push(Piece::UNKNOWN);
            continue;
        };
        let mut start = 0;
        for (at, _) in text.match_indices('%') {
            if at < start {
                continue;
            }
            pieces.push(piece.slice(start, at));
            match text.as_bytes().get(at + 1) {
                Some(b'%') => pieces.push(piece.slice(at, at + 1)),
                Some(b's' | b'd') => match given.next().flatten() {
                    Some(value) => pieces.extend(machine.spelled(&value)),
                    None => pieces.push(Piece::UNKNOWN),
                },
                // A field with a name, a width or a precision: what follows is not read.
                _ => {
                    pieces.push(Piece::UNKNOWN);
                    return Text::new(pieces);
                }
            }
            start = at + 2;
        }
        pieces.push(piece.slice(start, text.len()));
    }
    pieces.retain(|piece| !matches!(piece, Piece::Known { text, .. } if text.is_empty()));
    Text::new(pieces)
}

/// The parts of a text between separators. Behind an unknown piece none is known.
fn parts(machine: &mut Machine, text: &Text, separator: &str) -> Value {
    let Some(piece @ Piece::Known { text: first, .. }) = text.pieces.first() else {
        return machine.sequence(vec![None], false);
    };
    let mut items = Vec::new();
    let mut start = 0;
    for (at, _) in first.match_indices(separator) {
        items.push(Some(Value::Text(Text::new(vec![piece.slice(start, at)]))));
        start = at + separator.len();
    }
    if text.pieces.len() == 1 {
        let last = piece.slice(start, first.len());
        items.push(Some(Value::Text(Text::new(vec![last]))));
    } else {
        items.push(None);
    }
    machine.sequence(items, false)
}

/// A known text with `to` in place of every `from`; what stands around it keeps its place.
fn replaced(text: &Text, from: &str, to: &Value) -> Text {
    let to = match to {
        Value::Text(to) => to.clone(),
        _ => Text::new(vec![Piece::UNKNOWN]),
    };
    let mut pieces = Vec::new();
    let mut found = 0;
    for piece in text.pieces.iter() {
        let Piece::Known { text: known, .. } = piece else {
            return Text::new(vec![Piece::UNKNOWN]);
        };
        let mut start = 0;
        for (at, _) in known.match_indices(from) {
            pieces.push(piece.slice(start, at));
            pieces.extend(to.pieces.iter().cloned());
            start = at + from.len();
            found += 1;
            if pieces.len() > MOST_PIECES {
                return Text::new(pieces);
            }
        }
        pieces.push(piece.slice(start, known.len()));
    }
    let whole = text.known().unwrap_or_default();
    if whole.matches(from).count() == found {
        Text::new(pieces)
    } else {
        // One begins in one piece and ends in another.
        Text::new(vec![Piece::UNKNOWN])
    }
}

/// The words of a text, as `split()` and, without quotes, `shlex.split` give them.
fn words(machine: &mut Machine, text: &Text) -> Value {
    let quoted = |text: &str| text.contains(['"', '\'', '\\']);
    let items = match &*text.pieces {
        [piece @ Piece::Known { text, .. }] if !quoted(text) => {
            let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
            let word = |word: &str| {
                let piece = piece.slice(start(word), start(word) + word.len());
                Some(Value::Text(Text::new(vec![piece])))
            };
            text.split_whitespace().map(word).collect()
        }
        // The first word is known where something known and a space begin the text.
        [piece @ Piece::Known { text, .. }, ..] if !quoted(text) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            match words.first() {
                Some(first) if text.trim_start().len() > first.len() => {
                    let start = text.len() - text.trim_start().len();
                    let piece = piece.slice(start, start + first.len());
                    vec![Some(Value::Text(Text::new(vec![piece]))), None]
                }
                _ => vec![None],
            }
        }
        _ => vec![None],
    };
    machine.sequence(items, false)
}
