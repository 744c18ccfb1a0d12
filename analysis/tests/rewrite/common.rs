//! What the tests share: texts with a marked place, changes to it, and applying edits.

use std::path::PathBuf;

use footgun_analysis::project::Project;
use footgun_analysis::rewrite::{
    Change, CommandArgument, Edit, Function, OsError, Positional, in_file,
};
use footgun_analysis::source::{FileId, Language, Place, Source, Span};

/// A function of the runtime.
pub fn function(name: &str) -> Function {
    Function {
        module: "footgun_runtime".to_owned(),
        name: name.to_owned(),
    }
}

/// The text without its marks `«` and `»`, and what is between them.
pub fn marked(text: &str) -> (String, Span) {
    let start = text.find('«').expect("a start");
    let end = text.find('»').expect("an end") - '«'.len_utf8();
    let text = text.replace(['«', '»'], "");
    (text, Span::new(start, end))
}

/// The edits that a change makes in a text.
pub fn edits_in(
    path: &str,
    text: &str,
    span: Span,
    change: impl Fn(Place) -> Change<Function>,
) -> Result<Vec<Edit>, &'static str> {
    let path = PathBuf::from(path);
    let source = Source {
        language: Language::of(&path).expect("a known language"),
        path,
        text: text.to_owned(),
    };
    let file = FileId(0);
    let change = change(Place { file, span });
    in_file(&Project::new(vec![source]), file, |rewriter| {
        rewriter.edits(&change)
    })?
}

/// The text after edits, which must be in order and apart.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut result = String::new();
    let mut at = 0;
    for edit in edits {
        let range = edit.place.span.range();
        assert!(at <= range.start, "{edits:?} overlap");
        result.push_str(&text[at..range.start]);
        result.push_str(&edit.content);
        at = range.end;
    }
    result + &text[at..]
}

/// What becomes of the text in a file at a path, or why not.
pub fn rewritten_at(
    path: &str,
    text: &str,
    change: impl Fn(Place) -> Change<Function>,
) -> Result<String, &'static str> {
    let (text, span) = marked(text);
    edits_in(path, &text, span, change).map(|edits| apply(&text, &edits))
}

/// What becomes of a Python text, or why not.
pub fn python(
    text: &str,
    change: impl Fn(Place) -> Change<Function>,
) -> Result<String, &'static str> {
    rewritten_at("pkg/app.py", text, change)
}

/// What becomes of a Rust text, or why not.
pub fn rust(
    text: &str,
    change: impl Fn(Place) -> Change<Function>,
) -> Result<String, &'static str> {
    rewritten_at("src/main.rs", text, change)
}

/// `os.kill(pid, 0)` as `probe_pid(pid)`
pub fn probe(call: Place) -> Change<Function> {
    Change::Call {
        call,
        function: function("probe_pid"),
        positional: Positional::First(1),
        without: Vec::new(),
    }
}

/// `subprocess.Popen(…)` as `popen_detached(…)`
pub fn detach(call: Place) -> Change<Function> {
    Change::Call {
        call,
        function: function("popen_detached"),
        positional: Positional::All,
        without: vec!["start_new_session", "creationflags"],
    }
}

/// `run(["npm"])` as `run(win_argv(["npm"]))`
pub fn argv(call: Place) -> Change<Function> {
    Change::Command {
        call,
        argument: CommandArgument::One {
            position: 0,
            keyword: "args",
            is_text: false,
            is_list: true,
        },
        function: function("win_argv"),
    }
}

/// `create_subprocess_exec("npm")` as `create_subprocess_exec(*win_argv(["npm"]))`
pub fn rest(call: Place) -> Change<Function> {
    Change::Command {
        call,
        argument: CommandArgument::Rest(0),
        function: function("win_argv"),
    }
}

/// `Popen(a, start_new_session=True)` as `Popen(a, **new_group_kwargs())`
pub fn group(call: Place) -> Change<Function> {
    Change::Keywords {
        call,
        without: vec!["start_new_session"],
        function: function("new_group_kwargs"),
    }
}

/// `Popen(a, preexec_fn=f)` as `Popen(a, preexec_fn=None if … else f, creationflags=…)`
pub fn off_windows(call: Place) -> Change<Function> {
    Change::OffWindows {
        call,
        keyword: "preexec_fn",
        flag: Some("CREATE_NEW_PROCESS_GROUP"),
    }
}

/// `"npm"` as `resolve("npm")`
pub fn resolve(value: Place) -> Change<Function> {
    Change::Value {
        value,
        function: function("resolve"),
    }
}

/// `command.spawn()` as `spawn_detached(&mut command)`
pub fn spawn(call: Place) -> Change<Function> {
    Change::Call {
        call,
        function: function("spawn_detached"),
        positional: Positional::All,
        without: Vec::new(),
    }
}

/// `os.kill(pid, 0)` as `if not pid_exists(pid):` and a `raise`
pub fn ask(call: Place) -> Change<Function> {
    Change::Asked {
        call,
        function: function("pid_exists"),
        raised: OsError {
            class: "ProcessLookupError",
            number: "ESRCH",
            text: "No such process",
        },
    }
}

/// `run(["npm"])` as `run([shutil.which("npm") or "npm"])`
pub fn find(call: Place) -> Change<Function> {
    Change::Found {
        call,
        argument: CommandArgument::One {
            position: 0,
            keyword: "args",
            is_text: false,
            is_list: true,
        },
        function: which(),
    }
}

/// The same where the command is spread over the arguments.
pub fn find_rest(call: Place) -> Change<Function> {
    Change::Found {
        call,
        argument: CommandArgument::Rest(0),
        function: which(),
    }
}

fn which() -> Function {
    Function {
        module: "shutil".to_owned(),
        name: "which".to_owned(),
    }
}
