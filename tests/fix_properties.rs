//! What holds of all fixes: programs put together from the blocks of the rules' pages, in every layout,
//! are fixed as they should be.

use std::fs;

use footgun_analysis::rewrite::{Edit, Function};
use footgun_analysis::source::{FileId, Language, Place, Source, Span};
use footgun_check::fix::apply::apply;
use footgun_check::fix::repair::Repair;
use footgun_check::fix::repairs;
use footgun_check::fix::rounds::fix;
use footgun_check::fix::snapshot::Snapshot;
use footgun_check::fix::write::Rewrite;
use footgun_check::premises::Premises;
use footgun_check::terminal::progress::Progress;
use footgun_rules::{Applicability, Helper, RULES};
use proptest::prelude::*;
use proptest::sample::select;

/// The blocks of all pages in a language, as it is named behind the fence.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language} ");
    let pages = RULES.iter().map(|rule| rule.page);
    let rest = pages.flat_map(|page| page.split("\n```")).skip(1);
    // Between two fences stands either a block or the text behind one.
    let block = |piece: &'static str| {
        let head = fence.strip_prefix("```").unwrap_or_default();
        let (kind, text) = piece.strip_prefix(head)?.split_once('\n')?;
        matches!(kind, "wrong" | "right").then_some(text)
    };
    rest.filter_map(block).collect()
}

/// A block with what stands around it.
fn nested(block: &str, around: &[&str], step: &str) -> String {
    let mut text = String::new();
    for (depth, line) in around.iter().enumerate() {
        text += &format!("{}{line}\n", step.repeat(depth));
    }
    let indentation = step.repeat(around.len());
    for line in block.lines() {
        match line {
            "" => text.push('\n'),
            line => text += &format!("{indentation}{line}\n"),
        }
    }
    text
}

/// A text of some blocks.
fn python() -> impl Strategy<Value = String> {
    let around = select(vec![
        "def größe(pid, n=0):",
        "class Ä:",
        "async def warten():",
        "if größe:",
        "try:",
        "with offen() as 日本:",
        "while größe:",
    ]);
    let part = (
        select(blocks("py")),
        prop::collection::vec(around, 0..4),
        select(vec!["    ", "\t", "  ", "        "]),
    );
    let head = select(vec![
        "",
        "# größe 🗻\n",
        "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n\n",
        "\"\"\"Größe.\n\nMehr: 日本語\n\"\"\"\nfrom __future__ import annotations\n",
        "größe = '日本語'; import os\n",
    ]);
    let tail = select(vec!["", "# Ende: ü\n", "größe = 1  # 🗻\n"]);
    let parts = prop::collection::vec(part, 1..4);
    (head, parts, tail, select(vec!["\n", "\r\n", "\r"])).prop_map(
        |(head, parts, tail, line_break)| {
            let mut text = head.to_owned();
            for (block, around, step) in parts {
                text += &nested(block, &around, step);
                // What a `try` needs, from the inside out.
                for (depth, line) in around.iter().enumerate().rev() {
                    if *line == "try:" {
                        let indentation = step.repeat(depth);
                        text += &format!("{indentation}finally:\n{indentation}{step}pass\n");
                    }
                }
            }
            (text + tail).replace('\n', line_break)
        },
    )
}

/// A text of some blocks, each in a module of its own.
fn rust() -> impl Strategy<Value = String> {
    let part = (
        select(blocks("rust")),
        0..3_usize,
        select(vec!["    ", "\t"]),
    );
    let head = select(vec![
        "",
        "//! Größe 🗻\n",
        "#![allow(dead_code)]\n/* 日本語 */\n",
    ]);
    let parts = prop::collection::vec(part, 1..4);
    (head, parts, select(vec!["\n", "\r\n"])).prop_map(|(head, parts, line_break)| {
        let mut text = head.to_owned();
        for (index, (block, depth, step)) in parts.into_iter().enumerate() {
            let names: Vec<String> = (0..=depth)
                .map(|depth| format!("mod größe_{index}_{depth} {{"))
                .collect();
            let around: Vec<&str> = names.iter().map(String::as_str).collect();
            text += &nested(block, &around, step);
            for depth in (0..around.len()).rev() {
                text += &format!("{}}}  // Ende: ü\n", step.repeat(depth));
            }
        }
        text.replace('\n', line_break)
    })
}

/// A function of the runtime.
fn with_runtime(_: FileId, helper: Helper) -> Option<Function> {
    match helper {
        Helper::PidExists | Helper::Which => None,
        Helper::Replace => Some(function("os", "replace")),
        helper => Some(function("footgun_runtime", helper.name())),
    }
}

/// Where the project asks a function of its own, and programs are found in place.
fn without_runtime(file: FileId, helper: Helper) -> Option<Function> {
    match helper {
        Helper::ProbePid | Helper::WinArgv => None,
        Helper::PidExists => Some(function("gateway.status", "_pid_exists")),
        Helper::Which => Some(function("shutil", "which")),
        helper => with_runtime(file, helper),
    }
}

fn function(module: &str, name: &str) -> Function {
    Function {
        module: module.to_owned(),
        name: name.to_owned(),
    }
}

/// The text after edits, and the edits that take them back.
fn made(text: &str, edits: &[Edit]) -> (String, Vec<Edit>) {
    let mut shift = 0_i64;
    let inverse = |edit: &Edit| {
        let range = edit.place.span.range();
        let start = (range.start as i64 + shift) as usize;
        shift += edit.content.len() as i64 - range.len() as i64;
        Edit {
            place: Place {
                span: Span::new(start, start + edit.content.len()),
                ..edit.place
            },
            content: text[range].to_owned(),
        }
    };
    let back = edits.iter().map(inverse).collect();
    (apply(text, edits), back)
}

/// Fixes a program in memory and looks at what comes of it.
fn check(
    name: &str,
    text: &str,
    bom: bool,
    runtime: fn(FileId, Helper) -> Option<Function>,
) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(name);
    let bytes = [if bom { "\u{feff}" } else { "" }, text].concat();
    fs::write(&path, &bytes)?;
    let source = Source {
        language: Language::of(&path).expect("a known language"),
        path,
        text: text.to_owned(),
    };
    let premises = Premises::plain(RULES);
    let start = Snapshot::new(vec![source], &premises, &Progress::default());
    let problems = |snapshot: &Snapshot| snapshot.project.problems(FileId(0)).len();
    prop_assert_eq!(problems(&start), 0);

    let repairs = |snapshot: &Snapshot| -> Vec<Option<Repair>> { repairs(snapshot, &runtime) };
    for repair in repairs(&start).into_iter().flatten() {
        let (new, back) = made(text, &repair.edits);
        prop_assert_eq!(apply(&new, &back), text);
    }
    let outcome = fix(&start, &repairs, Applicability::Unsafe);
    prop_assert_eq!(&outcome.given_up, &[]);
    let Some(end) = outcome.snapshot else {
        return Ok(());
    };
    prop_assert_eq!(problems(&end), 0);
    let fixed = &end.project.file(FileId(0)).text;
    prop_assert!(
        fix(&end, &repairs, Applicability::Unsafe)
            .snapshot
            .is_none()
    );

    let rewrite = Rewrite::new(start.project.file(FileId(0)), fixed);
    let rewrite = rewrite.map_err(|error| TestCaseError::fail(error.to_string()))?;
    let (old, new) = rewrite.bytes();
    prop_assert_eq!(old, bytes.as_bytes());
    prop_assert_eq!(new.starts_with(b"\xef\xbb\xbf"), bom);
    prop_assert!(new.ends_with(fixed.as_bytes()));
    // A file ends its lines in one way.
    let plain = |text: &str| text.replace("\r\n", "").contains('\n');
    prop_assert_eq!(plain(text), plain(fixed));
    let old_macintosh = |text: &str| text.replace("\r\n", "").contains('\r');
    prop_assert_eq!(old_macintosh(text), old_macintosh(fixed));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn python_programs_are_fixed(text in python(), bom: bool, inline: bool) {
        let runtime = if inline { without_runtime } else { with_runtime };
        check("app.py", &text, bom, runtime)?;
    }

    #[test]
    fn rust_programs_are_fixed(text in rust(), bom: bool) {
        check("main.rs", &text, bom, with_runtime)?;
    }
}

#[test]
fn there_are_blocks_of_both_languages() {
    for language in ["py", "rust"] {
        let blocks = blocks(language);
        assert!(blocks.len() >= 10, "{language}: {}", blocks.len());
    }
}
