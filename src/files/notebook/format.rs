//! What is read of a notebook's JSON, as nbformat 4 describes it.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A notebook.
#[derive(Deserialize)]
pub(super) struct Notebook<'a> {
    #[serde(borrow)]
    pub(super) cells: Vec<Cell<'a>>,
    #[serde(default)]
    pub(super) metadata: Metadata,
}

/// A cell of a notebook.
#[derive(Deserialize)]
pub(super) struct Cell<'a> {
    /// `code`, `markdown` or `raw`.
    #[serde(rename = "cell_type")]
    pub(super) kind: String,
    /// The JSON of a [`Text`].
    #[serde(borrow)]
    pub(super) source: &'a RawValue,
    #[serde(default)]
    pub(super) metadata: CellMetadata,
}

/// A text as one string, or as those of its lines.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    Whole(String),
    Lines(Vec<String>),
}

/// What a notebook says of itself.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    language_info: LanguageInfo,
    kernelspec: KernelSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LanguageInfo {
    name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KernelSpec {
    language: Option<String>,
}

/// What a cell says of itself.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CellMetadata {
    pub(super) vscode: VsCode,
}

/// What Visual Studio Code says of a cell in a notebook of several languages.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct VsCode {
    #[serde(rename = "languageId")]
    pub(super) language: Option<String>,
}

impl Text {
    pub(super) fn whole(self) -> String {
        match self {
            Text::Whole(text) => text,
            Text::Lines(lines) => lines.concat(),
        }
    }
}

impl Metadata {
    /// The language of the code, if it is told.
    pub(super) fn language(&self) -> Option<&str> {
        let told = self.language_info.name.as_deref();
        told.or(self.kernelspec.language.as_deref())
    }
}
