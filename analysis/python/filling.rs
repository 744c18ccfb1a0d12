//! Filling: where code puts something into what others have made, as far as a look at the text tells.

/// The methods that do.
const METHODS: [&str; 7] = [
    "add",
    "append",
    "appendleft",
    "extend",
    "insert",
    "setdefault",
    "update",
];

/// Whether the code behind the name of a container puts something into it: `.append(…)`,
/// `[key] = …`, `+= …`.
pub(crate) fn puts_into(after: &str) -> bool {
    if let Some(method) = after.strip_prefix('.') {
        let (name, _) = method.split_once('(').unwrap_or_default();
        return METHODS.contains(&name);
    }
    let line = after.lines().next().unwrap_or_default();
    let Some(index) = line.strip_prefix('[') else {
        let operator = line.trim_start();
        return operator.starts_with("+=") || operator.starts_with("|=");
    };
    let mut depth = 1;
    let end = index.find(|c| {
        depth += match c {
            '[' => 1,
            ']' => -1,
            _ => 0,
        };
        depth == 0
    });
    let rest = end.map(|end| index[end + 1..].trim_start());
    rest.is_some_and(|rest| rest.starts_with('=') && !rest.starts_with("=="))
}

/// The lines of a text that set an attribute of something with a name (`name.attribute = …`).
pub(crate) fn set_attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| {
        let (object, rest) = identifier(line.trim_start())?;
        let (attribute, rest) = identifier(rest.strip_prefix('.')?)?;
        let value = rest.trim_start().strip_prefix('=')?;
        (!value.starts_with('=')).then_some((object, attribute))
    })
}

/// The identifier that a text begins with, and what follows.
fn identifier(text: &str) -> Option<(&str, &str)> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let end = text.find(|c| !word(c)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_are_set_are_found_by_their_lines() {
        let text = "a.b = 1\n  c.d=2\n# e.f = 3\ng.h == 4\ni.j += 5\nk.l.m = 6\nn = 7\nö.ü =8";
        let found: Vec<_> = set_attributes(text).collect();
        assert_eq!(found, [("a", "b"), ("c", "d"), ("ö", "ü")]);
    }

    #[test]
    fn what_fills_a_container_is_known_by_the_code_behind_its_name() {
        let cases = [
            (".append(pid)", true),
            (".append", false),
            (".pop(0)", false),
            ("[name] = pid", true),
            ("[a[0]]=1", true),
            ("[name] == pid", false),
            ("[name]", false),
            ("[name", false),
            (" += more", true),
            (" |= more", true),
            (" = []", false),
            ("", false),
        ];
        for (after, expected) in cases {
            assert_eq!(puts_into(after), expected, "{after}");
        }
    }
}
