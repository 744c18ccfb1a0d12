//! The picture of the README: what the command prints, drawn as a terminal shows it.
//!
//! `UPDATE=1 cargo test --test picture` draws it anew.

// A part of it is enough here.
#[allow(dead_code)]
#[path = "common/command.rs"]
mod command;

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use command::command;

/// What is run, in `fixtures/demo`.
const COMMAND: [&str; 3] = ["--select", "bare-shim,mp-fork", "agent"];

/// The picture, from the root of the repository.
const PICTURE: &str = "docs/src/picture.svg";

/// How many characters a line of the terminal has, and the size of each in pixels.
const COLUMNS: usize = 100;
const WIDTH: f64 = 7.8;
const HEIGHT: usize = 18;

/// What is around the text, in pixels.
const MARGIN: usize = 16;

/// How a character is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Style {
    is_bold: bool,
    colour: Option<&'static str>,
}

impl Style {
    /// What follows an escape sequence with these numbers.
    fn after(self, numbers: &str) -> Style {
        match numbers {
            "" | "0" => Style::default(),
            "1" => Style {
                is_bold: true,
                ..self
            },
            numbers => Style {
                colour: Some(match numbers {
                    "31" | "38;5;9" => "#ff7b72",
                    "32" | "38;5;10" => "#7ee787",
                    "33" | "38;5;11" => "#d29922",
                    "34" | "38;5;12" => "#79c0ff",
                    "35" | "38;5;13" => "#d2a8ff",
                    "36" | "38;5;14" => "#56d4dd",
                    other => panic!("the picture knows no colour {other}"),
                }),
                ..self
            },
        }
    }
}

/// The characters on the terminal, line by line.
fn screen(text: &str) -> Vec<Vec<(char, Style)>> {
    let mut style = Style::default();
    let mut lines = vec![Vec::new()];
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\u{1b}' => {
                let sequence: String = rest.by_ref().take_while(|c| *c != 'm').collect();
                style = style.after(sequence.trim_start_matches('['));
            }
            '\n' => lines.push(Vec::new()),
            character => {
                let line = lines.last_mut().expect("a line");
                line.push((character, style));
                if line.len() > COLUMNS {
                    // At a space, for easy reading.
                    let space = line.iter().rposition(|(character, _)| *character == ' ');
                    let next = line.split_off(space.map_or(COLUMNS, |space| space + 1));
                    lines.push(next);
                }
            }
        }
    }
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines
}

fn drawn(lines: &[Vec<(char, Style)>]) -> String {
    let width = COLUMNS as f64 * WIDTH + 2.0 * MARGIN as f64;
    let height = lines.len() * HEIGHT + 2 * MARGIN;
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>What footgun-check prints</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" \
         font-size=\"13\" fill=\"#e6edf3\" xml:space=\"preserve\" style=\"white-space: pre\">\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let y = MARGIN + row * HEIGHT + HEIGHT * 3 / 4;
        let mut column = 0;
        for run in line.chunk_by(|(_, one), (_, next)| one == next) {
            let text: String = run.iter().map(|(character, _)| character).collect();
            let before = text
                .chars()
                .take_while(|character| *character == ' ')
                .count();
            let text = text.trim();
            let x = MARGIN as f64 + (column + before) as f64 * WIDTH;
            let length = text.chars().count() as f64 * WIDTH;
            column += run.len();
            if text.is_empty() {
                continue;
            }
            let Style { is_bold, colour } = run[0].1;
            let bold = if is_bold { " font-weight=\"bold\"" } else { "" };
            let fill = colour.map_or(String::new(), |colour| format!(" fill=\"{colour}\""));
            let text = text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            let _ = writeln!(
                picture,
                "<text x=\"{x:.1}\" y=\"{y}\" textLength=\"{length:.1}\"{bold}{fill}>{text}</text>"
            );
        }
    }
    picture + "</g>\n</svg>\n"
}

#[test]
fn the_picture_is_what_the_command_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let args = [&["--color", "always"], &COMMAND[..]].concat();
    let output = command(&root.join("fixtures/demo"), &args)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let line = format!("\u{1b}[32m$\u{1b}[0m footgun-check {}\n", COMMAND.join(" "));
    let picture = drawn(&screen(&(line + &text.concat())));
    let path = root.join(PICTURE);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &picture).unwrap();
    }
    let shown = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(picture == shown, "UPDATE=1 cargo test --test picture");
}
