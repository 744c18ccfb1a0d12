//! Lines of a cell that IPython understands and Python does not: magics, shell commands, questions.
//!
//! Python gets a `pass` in their place, behind which they stand as they are, so that they come back when
//! the notebook is written.

/// Stands before a line that only IPython understands.
const HIDDEN: &str = "pass  #ipython: ";

/// Whether a cell is written in another language, or is no program at all.
pub(super) fn is_foreign(cell: &str) -> bool {
    /// The magics behind which Python follows.
    const AROUND: [&str; 7] = [
        "%%capture",
        "%%prun",
        "%%py",
        "%%pypy",
        "%%python",
        "%%python3",
        "%%time",
    ];
    let first = cell.split_whitespace().next().unwrap_or_default();
    first.starts_with("%%") && !AROUND.contains(&first)
}

/// The cell as Python reads it.
pub(super) fn hide(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut open = Open::default();
    let mut is_continued = false;
    for line in cell.split_inclusive('\n') {
        if is_continued || (open.is_none() && is_for_ipython(line)) {
            let words = line.trim_start();
            text.push_str(&line[..line.len() - words.len()]);
            text.push_str(HIDDEN);
            text.push_str(words);
            is_continued = line.trim_end().ends_with('\\');
        } else {
            text.push_str(line);
            open.read(line);
        }
    }
    text
}

/// The cell as IPython reads it.
pub(super) fn show(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines
        .map(|line| {
            let words = line.trim_start();
            let indent = &line[..line.len() - words.len()];
            match words.strip_prefix(HIDDEN) {
                Some(hidden) => format!("{indent}{hidden}"),
                None => line.to_owned(),
            }
        })
        .collect()
}

/// Whether a line that begins a statement is one that only IPython understands.
fn is_for_ipython(line: &str) -> bool {
    let line = line.trim();
    let is_magic = |text: &str| text.starts_with(['!', '%', '?']);
    let is_assigned = line.split_once('=').is_some_and(|(targets, value)| {
        let is_target = |c: char| c.is_alphanumeric() || "_., ".contains(c);
        targets.chars().all(is_target) && value.trim_start().starts_with(['!', '%'])
    });
    let asks = line.ends_with('?') && !line.contains(['#', '\'', '"']);
    is_magic(line) || is_assigned || asks
}

/// What the next line goes on with.
#[derive(Default)]
struct Open {
    /// The quotes of a string of several lines.
    quotes: Option<&'static str>,
    /// How many brackets are open.
    brackets: usize,
    /// Whether the line ended in a backslash.
    is_continued: bool,
}

impl Open {
    fn is_none(&self) -> bool {
        self.quotes.is_none() && self.brackets == 0 && !self.is_continued
    }

    /// Reads on to the end of a line.
    fn read(&mut self, line: &str) {
        let mut rest = line.trim_end_matches(['\r', '\n']);
        self.is_continued = false;
        while let Some(first) = rest.chars().next() {
            let mut read = first.len_utf8();
            match (self.quotes, first) {
                (_, '\\') => {
                    let next = rest[1..].chars().next();
                    self.is_continued = next.is_none();
                    read += next.map_or(0, char::len_utf8);
                }
                (Some(quotes), _) if rest.starts_with(quotes) => {
                    self.quotes = None;
                    read = quotes.len();
                }
                (Some(_), _) => {}
                (None, '#') => break,
                (None, '\'' | '"') => {
                    const QUOTES: [&str; 4] = ["'''", "\"\"\"", "'", "\""];
                    let quotes = QUOTES.into_iter().find(|quotes| rest.starts_with(quotes));
                    read = quotes.map_or(read, str::len);
                    self.quotes = quotes;
                }
                (None, '(' | '[' | '{') => self.brackets += 1,
                (None, ')' | ']' | '}') => self.brackets = self.brackets.saturating_sub(1),
                (None, _) => {}
            }
            rest = &rest[read..];
        }
        // A string in single quotes ends with its line, unless a backslash continues it.
        if self.quotes.is_some_and(|quotes| quotes.len() == 1) && !self.is_continued {
            self.quotes = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_ipython_understands_does_nothing_and_comes_back() {
        for (cell, text) in [
            (
                "%matplotlib inline\nx = 1",
                "pass  #ipython: %matplotlib inline\nx = 1",
            ),
            (
                "if x:\n    !npm ci\r\n",
                "if x:\n    pass  #ipython: !npm ci\r\n",
            ),
            ("files = !ls", "pass  #ipython: files = !ls"),
            ("a, b.c = %env X", "pass  #ipython: a, b.c = %env X"),
            ("x?", "pass  #ipython: x?"),
            ("?x", "pass  #ipython: ?x"),
            ("%%time\nrun()", "pass  #ipython: %%time\nrun()"),
            (
                "!pip install \\\n  a\nb",
                "pass  #ipython: !pip install \\\n  pass  #ipython: a\nb",
            ),
        ] {
            assert_eq!(hide(cell), text);
            assert_eq!(show(text), cell);
        }
    }

    #[test]
    fn python_is_left_as_it_is() {
        for cell in [
            "x % 2 == 1\n",
            "y = x != 2",
            "y = 1 # why?",
            "print('why?')",
            "x = (a\n     % b)\n",
            "x = '''\n!no\n''' + \"\"\"'\n%s\n\"\"\"",
            "x = 'a\\\n%s'",
            "x = '(' # (\n",
            "x = a \\\n  % b",
            "",
        ] {
            assert_eq!(hide(cell), cell);
        }
        // The bracket in the string and the one in the comment open nothing.
        assert_eq!(hide("x = '(' # (\n!ls"), "x = '(' # (\npass  #ipython: !ls");
        assert_eq!(hide("x = '\n!ls"), "x = '\npass  #ipython: !ls");
    }

    #[test]
    fn cells_of_other_languages() {
        assert!(is_foreign("%%bash\nnpm ci\n"));
        assert!(is_foreign("\n%%writefile a.py\nx = 1"));
        assert!(!is_foreign("%%time\nx = 1"));
        assert!(!is_foreign("%matplotlib inline"));
        assert!(!is_foreign(""));
    }
}
