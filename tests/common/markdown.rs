//! Markdown, as far as tests read it: fenced blocks, headings and links.

// Each test crate uses its own part of this module.
#![allow(dead_code)]

use std::ops::Range;

/// A fenced block.
#[derive(Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// What follows the fence: a language and more words.
    pub info: &'a str,
    /// The bytes between the fences.
    pub body: Range<usize>,
}

impl Block<'_> {
    /// The first word after the fence.
    pub fn language(&self) -> &str {
        self.info.split_whitespace().next().unwrap_or("")
    }

    /// The file that a block with `file=PATH` is.
    pub fn file(&self) -> Option<&str> {
        let mut words = self.info.split_whitespace();
        words.find_map(|word| word.strip_prefix("file="))
    }
}

/// The fenced blocks of a text. An indented fence is none.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        match (open, line.trim_end().strip_prefix("```")) {
            (None, Some(info)) => open = Some((info, next)),
            (Some((info, start)), Some("")) => {
                let body = start..at;
                blocks.push(Block { info, body });
                open = None;
            }
            _ => {}
        }
        at = next;
    }
    assert!(open.is_none(), "a fence is not closed: {open:?}");
    blocks
}

/// The text outside of its fenced blocks.
pub fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut at = 0;
    for block in blocks(text) {
        prose.push_str(&text[at..block.body.start]);
        at = block.body.end;
    }
    prose.push_str(&text[at..]);
    prose
}

/// What a link to each heading is called, as mdBook and GitHub make it.
pub fn anchors(text: &str) -> Vec<String> {
    let prose = prose(text);
    let headings = prose.lines().filter_map(|line| {
        let title = line.trim_start_matches('#').strip_prefix(' ')?;
        line.starts_with('#').then_some(title)
    });
    headings.map(anchor).collect()
}

fn anchor(title: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || "-_ ".contains(*c);
    let slug = title.trim().chars().filter(kept);
    slug.map(|c| if c == ' ' { '-' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The targets of the links in a text, outside of code.
pub fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    // Every other piece between backticks is code.
    let plain: Vec<&str> = prose.split('`').step_by(2).collect();
    let plain = plain.join("code");
    let mut targets = Vec::new();
    for (at, _) in plain.match_indices("](") {
        let rest = &plain[at + 2..];
        targets.push(rest.split(')').next().unwrap_or("").to_owned());
    }
    targets
}
