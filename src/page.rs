//! The page of a rule for readers in a terminal: without the marks that are for tests and for Markdown.

use std::io;

use codespan_reporting::term::termcolor::{Color, ColorSpec, WriteColor};

/// How wide a line of text is at most.
const WIDEST: usize = 100;

/// What stands before each line of an example.
const INDENT: &str = "    ";

/// Writes a page for lines of so many characters.
///
/// # Errors
///
/// The writer fails.
pub fn write(page: &str, width: usize, out: &mut dyn WriteColor) -> io::Result<()> {
    let mut writer = Writer {
        width: width.min(WIDEST),
        has_colours: out.supports_color(),
        heading: String::new(),
        out,
    };
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            writeln!(writer.out)?;
        } else if let Some(info) = line.strip_prefix("```") {
            let code = lines.by_ref().take_while(|line| *line != "```");
            writer.example(info, code)?;
        } else if let Some(heading) = line.strip_prefix('#') {
            writer.heading(heading.trim_start_matches('#').trim())?;
        } else {
            let mut text = line.to_owned();
            let goes_on = |line: &&str| {
                let is_other = ["- ", "#", "```"].iter().any(|it| line.starts_with(it));
                !line.is_empty() && !is_other
            };
            while let Some(line) = lines.next_if(goes_on) {
                text.push(' ');
                text.push_str(line.trim_start());
            }
            writer.paragraph(&text)?;
        }
    }
    Ok(())
}

struct Writer<'w> {
    width: usize,
    has_colours: bool,
    /// The heading, where nothing has followed it yet.
    heading: String,
    out: &'w mut dyn WriteColor,
}

impl Writer<'_> {
    fn heading(&mut self, heading: &str) -> io::Result<()> {
        self.out.set_color(ColorSpec::new().set_bold(true))?;
        write!(self.out, "{heading}")?;
        self.out.reset()?;
        self.heading = heading.to_owned();
        writeln!(self.out)
    }

    /// An example, after what the page says of it.
    fn example<'l>(&mut self, info: &str, code: impl Iterator<Item = &'l str>) -> io::Result<()> {
        if let Some((label, colour)) = label(info, &std::mem::take(&mut self.heading)) {
            self.out.set_color(ColorSpec::new().set_fg(Some(colour)))?;
            write!(self.out, "{label}")?;
            self.out.reset()?;
            write!(self.out, "\n\n")?;
        }
        for line in code {
            match without_marks(line) {
                "" => writeln!(self.out)?,
                line => writeln!(self.out, "{INDENT}{line}")?,
            }
        }
        Ok(())
    }

    /// A paragraph or an item of a list, broken into lines.
    fn paragraph(&mut self, text: &str) -> io::Result<()> {
        self.heading.clear();
        let text = without_links(text);
        let hanging = if text.starts_with("- ") { "  " } else { "" };
        let mut is_code = false;
        let mut column = 0;
        for (index, word) in text.split_whitespace().enumerate() {
            let length = word.chars().count();
            if column + 1 + length > self.width {
                write!(self.out, "\n{hanging}")?;
                column = hanging.len();
            } else if index > 0 {
                write!(self.out, " ")?;
                column += 1;
            }
            self.word(word, &mut is_code)?;
            column += length;
        }
        self.out.reset()?;
        writeln!(self.out)
    }

    /// A word, in which each backtick begins or ends code.
    fn word(&mut self, word: &str, is_code: &mut bool) -> io::Result<()> {
        if !self.has_colours {
            return write!(self.out, "{word}");
        }
        for (index, part) in word.split('`').enumerate() {
            if index > 0 {
                *is_code = !*is_code;
                match is_code {
                    true => self
                        .out
                        .set_color(ColorSpec::new().set_fg(Some(Color::Cyan)))?,
                    false => self.out.reset()?,
                }
            }
            write!(self.out, "{part}")?;
        }
        Ok(())
    }
}

/// What is said of an example by the info string of its block: `py fixed unsafe file=a.py`; not again
/// what the heading above it says.
fn label(info: &str, heading: &str) -> Option<(String, Color)> {
    let words: Vec<&str> = info.split_whitespace().collect();
    let file = words.iter().find_map(|word| word.strip_prefix("file="));
    let (said, colour) = match *words.get(1)? {
        "wrong" => ("Wrong", Color::Red),
        "right" => ("Right", Color::Green),
        "fixed" if words.contains(&"unsafe") => ("After --fix --unsafe-fixes", Color::Green),
        "fixed" => ("After --fix", Color::Green),
        _ => return None,
    };
    let label = match (said == heading, file) {
        (true, None) => return None,
        (true, Some(file)) => format!("{file}:"),
        (false, Some(file)) => format!("{said}, {file}:"),
        (false, None) => format!("{said}:"),
    };
    Some((label, colour))
}

/// A line of code without the comment that tells a test what is found there.
fn without_marks(line: &str) -> &str {
    let marks = ["# expect: ", "// expect: "].into_iter();
    let code = marks.filter_map(|mark| line.split_once(mark)).next();
    code.map_or(line, |(code, _)| code.trim_end())
}

/// A text in which links are their words, with the address behind it where it leads out of the guide.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let parts = link.split_once("](").and_then(|(words, link)| {
            let (address, after) = link.split_once(')')?;
            (!words.contains('[')).then_some((words, address, after))
        });
        plain.push_str(before);
        let Some((words, address, after)) = parts else {
            plain.push('[');
            rest = link;
            continue;
        };
        plain.push_str(words);
        if address.starts_with("http") {
            plain.push_str(&format!(" <{address}>"));
        }
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use codespan_reporting::term::termcolor::{Ansi, NoColor};

    use super::*;

    const PAGE: &str = "# a-rule\n\nWhat `a b` does, as [the guide](../x.md) and [others](https://x.y/z_w)\n\
        say.\n\n- an item that\n  goes on\n- `[x]`\n\n## Wrong\n\n```py wrong file=a/b.py\nimport os\n\n\
        os.kill(1, 0)  # expect: a-rule\n```\n\n```py fixed unsafe\npass\n```\n\n```text\nplain\n```\n";

    #[test]
    fn a_page_without_marks() {
        let mut text = NoColor::new(Vec::new());
        write(PAGE, 40, &mut text).unwrap();
        assert_eq!(
            String::from_utf8(text.into_inner()).unwrap(),
            "a-rule\n\nWhat `a b` does, as the guide and others\n<https://x.y/z_w> say.\n\n\
             - an item that goes on\n- `[x]`\n\nWrong\n\na/b.py:\n\n    import os\n\n    \
             os.kill(1, 0)\n\nAfter --fix --unsafe-fixes:\n\n    pass\n\n    plain\n"
        );
    }

    #[test]
    fn code_is_coloured_in_place_of_its_marks() {
        let mut text = Ansi::new(Vec::new());
        write("Run `a b`.\n", 80, &mut text).unwrap();
        let text = String::from_utf8(text.into_inner()).unwrap();
        assert!(!text.contains('`'), "{text:?}");
        assert!(text.starts_with("Run \u{1b}["), "{text:?}");
    }

    #[test]
    fn every_page_loses_its_marks() {
        for rule in footgun_rules::RULES {
            let mut text = NoColor::new(Vec::new());
            write(rule.page, 80, &mut text).unwrap();
            let text = String::from_utf8(text.into_inner()).unwrap();
            for mark in ["```", "expect: ", "\n#", "](http"] {
                assert!(!text.contains(mark), "{}: {mark}", rule.id);
            }
        }
    }
}
