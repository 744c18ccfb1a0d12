//! Unified diffs of files, byte for byte, so that `patch` can apply them; on a terminal as text.

use std::io::{self, Write};

use similar::TextDiff;

use crate::printable::printable;

/// Writes how a file at the path `name` changes from `old` to `new`; without `old` it is a new one.
/// Where `is_seen`, somebody looks at it on a terminal.
pub fn diff(
    name: &str,
    old: Option<&[u8]>,
    new: &[u8],
    is_seen: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let before = match old {
        Some(_) => name,
        None => "/dev/null",
    };
    let old = old.unwrap_or_default();
    let diff = TextDiff::from_lines(old, new);
    let mut bytes = Vec::new();
    for (index, hunk) in diff.unified_diff().iter_hunks().enumerate() {
        if index == 0 {
            writeln!(bytes, "--- {before}\n+++ {name}")?;
        }
        // The writer of the whole replaces what is not UTF-8.
        hunk.to_writer(&mut bytes)?;
    }
    if is_seen {
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        bytes = printable(&text).as_bytes().to_vec();
    }
    out.write_all(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_kept() {
        let mut out = Vec::new();
        let old = b"# coding: latin-1\r\n'\xe9'\r\nkill()";
        let new = b"# coding: latin-1\r\n'\xe9'\r\nprobe()";
        diff("pkg/a.py", Some(old), new, false, &mut out).unwrap();
        let expected: &[u8] = b"--- pkg/a.py\n+++ pkg/a.py\n@@ -1,3 +1,3 @@\n \
            # coding: latin-1\r\n '\xe9'\r\n-kill()\n\\ No newline at end of file\n\
            +probe()\n\\ No newline at end of file\n";
        assert_eq!(out, expected);
    }

    #[test]
    fn a_terminal_is_sent_nothing_but_text() {
        let mut out = Vec::new();
        diff(
            "a.py",
            Some(b"'\x1b[2J'\r\n"),
            b"'\xff'\r\n",
            true,
            &mut out,
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-'\u{fffd}[2J'\n+'\u{fffd}'\n"
        );
    }

    #[test]
    fn no_change_is_no_diff() {
        let mut out = Vec::new();
        diff("a.py", Some(b"same\n"), b"same\n", false, &mut out).unwrap();
        assert_eq!(out, b"");
    }

    #[test]
    fn a_new_file_comes_from_nowhere() {
        let mut out = Vec::new();
        diff("a.py", None, b"new\n", false, &mut out).unwrap();
        assert_eq!(out, b"--- /dev/null\n+++ a.py\n@@ -0,0 +1 @@\n+new\n");
    }
}
