//! The names that git tracks: what the rules about a repository judge.

/// A file that git tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// Its path in the repository, with `/`.
    pub path: String,
    /// What git keeps it as.
    pub kind: Kind,
    /// How its lines end in a working copy.
    pub line_ends: LineEnds,
}

/// What git keeps a file as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A script, by its name or by the line that names its interpreter.
    Script,
    /// A symbolic link.
    Link,
    /// A repository within the repository.
    Submodule,
}

/// How the lines of a file end in a working copy on Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// As the attributes of the repository say, or as they are.
    Told,
    /// As the configuration of whoever makes the copy says.
    Open,
}

impl Tracked {
    /// The names of the folders it is in and its own, each with where it ends in the path.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&str, usize)> {
        let mut end = 0;
        self.path.split('/').map(move |part| {
            let start = if end == 0 { 0 } else { end + 1 };
            end = start + part.len();
            (part, end)
        })
    }
}

/// How a rule judges what git tracks.
pub type Judge = fn(&[Tracked]) -> Vec<NameReport>;

/// What a rule finds in a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameReport {
    /// The number of the file.
    pub file: usize,
    /// What happens on Windows.
    pub message: String,
    /// What to do.
    pub help: String,
}
