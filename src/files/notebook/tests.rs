use proptest::prelude::*;

use super::*;

/// A notebook as Jupyter writes it, with cells of these kinds.
fn notebook(cells: &[(&str, &[&str])]) -> String {
    let cells: Vec<_> = cells
        .iter()
        .map(|(kind, source)| {
            serde_json::json!({
                "cell_type": kind,
                "execution_count": 1,
                "metadata": {},
                "source": source,
            })
        })
        .collect();
    let notebook = serde_json::json!({"cells": cells, "nbformat": 4, "nbformat_minor": 5});
    serde_json::to_string_pretty(&notebook).unwrap() + "\n"
}

fn text(json: &str) -> String {
    decode(json).unwrap().unwrap()
}

#[test]
fn the_code_cells_are_one_text() {
    let json = notebook(&[
        ("markdown", &["# title"]),
        ("code", &["import os\n", "os.name"]),
        ("code", &[]),
        ("raw", &["x"]),
        ("code", &["%%bash\n", "npm ci"]),
        ("code", &["!npm ci\n", "print('é')\n"]),
    ]);
    let text = text(&json);
    assert_eq!(
        text,
        "#%% code of cell 2 of the notebook\nimport os\nos.name\n\
         #%% code of cell 3 of the notebook\n\n\
         #%% code of cell 6 of the notebook\npass  #ipython: !npm ci\nprint('é')\n\n"
    );
    assert_eq!(encode(&text, &json).unwrap(), json);
}

#[test]
fn what_changes_is_written_as_jupyter_writes_it() {
    let before: [(&str, &[&str]); 3] = [
        ("code", &["%pip install a\n", "x = 'a]'"]),
        ("code", &["y = \"1\""]),
        ("code", &[]),
    ];
    let after: [(&str, &[&str]); 3] = [
        (
            "code",
            &["import b\n", "%pip install a\n", "x = 'é'\n", "z"],
        ),
        before[1],
        ("code", &["w"]),
    ];
    let (before, after) = (notebook(&before), notebook(&after));
    let changed = format!("import b\n{}", text(&before))
        .replace("x = 'a]'", "x = 'é'\nz")
        .replace("cell 3 of the notebook\n", "cell 3 of the notebook\nw");
    let written = encode(&changed, &before).unwrap();
    // An empty list shows no indentation.
    assert_eq!(
        written.replace("[\"w\"]", "[\n        \"w\"\n      ]"),
        after
    );
}

#[test]
fn other_forms_of_the_same() {
    let json = r#" {"metadata":{},"cells":[{"source":"\u0061\nb","cell_type":"code"},{"cell_type":"code","metadata":{"vscode":{"languageId":"powershell"}},"source":["c"]}, {"cell_type":"code","source":["d\n","e"]}]}"#;
    let text = text(json);
    assert_eq!(
        text,
        "#%% code of cell 1 of the notebook\na\nb\n#%% code of cell 3 of the notebook\nd\ne\n"
    );
    assert_eq!(encode(&text, json).unwrap(), json);
    let changed = text.replace("b\n", "c\n").replace("d\n", "f\n");
    assert_eq!(
        encode(&changed, json).unwrap(),
        json.replace(r"\u0061\nb", r"a\nc").replace(r"d\n", r"f\n")
    );
}

#[test]
fn cells_that_are_not_those_of_the_notebook() {
    let json = notebook(&[("code", &["a"]), ("code", &["b"])]);
    let text = text(&json);
    for other in [
        "",
        &text.replace("cell 2", "cell 3"),
        &text.replace("#%% code of cell 1", ""),
    ] {
        assert_eq!(
            encode(other, &json).unwrap_err().to_string(),
            "its cells cannot be told apart"
        );
    }
}

#[test]
fn other_languages_and_other_files() {
    for julia in [
        r#"{"cells": [], "metadata": {"kernelspec": {"language": "julia"}}}"#,
        r#"{"cells": [], "metadata": {"language_info": {"name": "R"}}}"#,
    ] {
        assert_eq!(decode(julia).unwrap(), None);
    }
    for other in [
        "[]",
        "{}",
        "",
        r#"{"cells": [{"cell_type": "code", "source": 1}]}"#,
    ] {
        let error = decode(other).unwrap_err();
        assert!(
            error.to_string().starts_with("no notebook of format 4 ("),
            "{error}"
        );
    }
}

proptest! {
    /// Whatever stands in the cells: nothing is lost where nothing changes.
    #[test]
    fn every_byte_comes_back(
        cells in prop::collection::vec(
            prop::collection::vec(r#"[ ]{0,4}[%!?a('"\\\\#é=]{0,6}\r?\n?"#, 0..6),
            0..4,
        ),
    ) {
        let cells: Vec<Vec<&str>> = cells
            .iter()
            .map(|lines| lines.iter().map(String::as_str).collect())
            .collect();
        let cells: Vec<(&str, &[&str])> = cells
            .iter()
            .map(|lines| ("code", lines.as_slice()))
            .collect();
        let json = notebook(&cells);
        prop_assert_eq!(encode(&text(&json), &json).unwrap(), json);
    }
}
