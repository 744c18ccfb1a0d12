//! From bytes to text and back: UTF-8, a byte order mark, the encoding that a Python file declares, and
//! notebooks.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::Encoding;
use footgun_analysis::source::{Language, Lines, Position};
use thiserror::Error;

use super::notebook::{self, NotebookError};

/// How the bytes of a file hold its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// They are the text, in some encoding.
    Text(Language),
    /// They are the JSON of a notebook.
    Notebook,
}

impl Form {
    /// The form of a file in `language`.
    pub fn of(path: &Path, language: Language) -> Form {
        match notebook::is_notebook(path) {
            true => Form::Notebook,
            false => Form::Text(language),
        }
    }
}

/// Why bytes are not decoded; the end of a sentence about the file.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// A byte that UTF-8 does not have there.
    #[error("not UTF-8 (byte {byte:#04x} at {row}:{column})")]
    Utf8 {
        /// The byte.
        byte: u8,
        /// Its row, from 1.
        row: usize,
        /// Its column, from 1.
        column: usize,
    },
    /// Neither UTF-8 nor an encoding that is known.
    #[error("{error}, and it declares the unknown encoding {name}")]
    Encoding {
        /// What keeps it from being UTF-8.
        error: Box<DecodeError>,
        /// The name of the encoding.
        name: String,
    },
    /// The bytes are not in the encoding that the file names.
    #[error("not {0}, the encoding that it declares")]
    Declared(String),
    /// It is no notebook.
    #[error(transparent)]
    Notebook(#[from] NotebookError),
}

/// Why a text is not encoded; the end of a sentence about the file.
#[derive(Debug, Error)]
pub enum EncodeError {
    /// The notebook cannot be read, or cannot hold the text.
    #[error(transparent)]
    Notebook(#[from] NotebookError),
    /// The old bytes cannot be decoded.
    #[error(transparent)]
    Old(#[from] DecodeError),
    /// The encoding has no bytes for the text.
    #[error("its encoding cannot hold the text")]
    Lossy,
}

/// Decodes a file; `None` where it turns out to be in another language.
///
/// # Errors
///
/// The bytes are not text, or no notebook.
pub fn decode(bytes: Vec<u8>, form: Form) -> Result<Option<String>, DecodeError> {
    let text = match other_encoding(&bytes, form) {
        Some(name) => decode_as(&name, bytes),
        None => decode_utf8(bytes),
    }?;
    match form {
        Form::Text(_) => Ok(Some(text)),
        Form::Notebook => Ok(notebook::decode(&text)?),
    }
}

/// Encodes a text as the file with the bytes `like` is encoded.
///
/// # Errors
///
/// The encoding has no bytes for the text, or bytes that are decoded to another text.
pub fn encode(text: &str, like: &[u8], form: Form) -> Result<Vec<u8>, EncodeError> {
    let whole = match form {
        Form::Text(_) => Cow::Borrowed(text),
        Form::Notebook => Cow::Owned(notebook::encode(text, &decode_utf8(like.to_vec())?)?),
    };
    let encoding = other_encoding(like, form).and_then(|name| encoding(&name));
    let bytes = match encoding {
        Some(encoding) => encoding.encode(&whole).0.into_owned(),
        None if like.starts_with(BOM) => [BOM, whole.as_bytes()].concat(),
        None => whole.into_owned().into_bytes(),
    };
    match decode(bytes.clone(), form) {
        Ok(Some(decoded)) if decoded == text => Ok(bytes),
        _ => Err(EncodeError::Lossy),
    }
}

/// The encoding of a file where it is not UTF-8.
fn other_encoding(bytes: &[u8], form: Form) -> Option<String> {
    let declared = match form {
        Form::Text(Language::Python) => declared_encoding(bytes),
        Form::Text(Language::Rust) | Form::Notebook => None,
    };
    declared
        .as_deref()
        .map(normalised)
        // A byte order mark says UTF-8 louder than a comment.
        .filter(|name| name != "utf-8" && !bytes.starts_with(BOM))
}

const BOM: &[u8] = "\u{feff}".as_bytes();

fn decode_utf8(mut bytes: Vec<u8>) -> Result<String, DecodeError> {
    if bytes.starts_with(BOM) {
        bytes.drain(..BOM.len());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let valid = std::str::from_utf8(&error.as_bytes()[..at]).expect("the valid part");
        let Position { row, column } = Lines::of(valid).position(valid, at as u32);
        let byte = error.as_bytes()[at];
        DecodeError::Utf8 { byte, row, column }
    })
}

/// Decodes what declares an encoding other than UTF-8.
fn decode_as(name: &str, bytes: Vec<u8>) -> Result<String, DecodeError> {
    match encoding(name) {
        Some(encoding) => encoding
            .decode_without_bom_handling_and_without_replacement(&bytes)
            .map(|text| text.into_owned())
            .ok_or_else(|| DecodeError::Declared(name.to_owned())),
        None => decode_utf8(bytes).map_err(|error| DecodeError::Encoding {
            error: Box::new(error),
            name: name.to_owned(),
        }),
    }
}

fn encoding(name: &str) -> Option<&'static Encoding> {
    // Python knows no encodings here that are not supersets of ASCII; encoding_rs knows two.
    Encoding::for_label_no_replacement(name.as_bytes())
        .filter(|encoding| encoding.is_ascii_compatible())
}

/// The encoding that a comment in the first two lines declares, as PEP 263 says.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    for line in bytes.split(|&byte| byte == b'\n').take(2) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_matches([' ', '\t', '\x0c', '\r']);
        match line.strip_prefix('#') {
            Some(comment) => {
                if let Some(name) = cookie(comment) {
                    return Some(name.to_owned());
                }
            }
            // Only a blank line or a comment may come before it.
            None if !line.is_empty() => return None,
            None => {}
        }
    }
    None
}

/// The name in `coding: name` or `coding=name`.
fn cookie(comment: &str) -> Option<&str> {
    comment.match_indices("coding").find_map(|(at, word)| {
        let rest = comment[at + word.len()..].strip_prefix([':', '='])?;
        let rest = rest.trim_start_matches([' ', '\t']);
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
        (!name.is_empty()).then_some(name)
    })
}

/// A Python encoding name as encoding_rs spells it.
fn normalised(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace('_', "-");
    // Editors append their line ending: utf-8-unix.
    let is = |base: &str| name == base || name.starts_with(&format!("{base}-"));
    if is("utf-8") || name == "utf8" {
        "utf-8".to_owned()
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(bytes: &[u8]) -> Result<String, String> {
        let text = decode(bytes.to_vec(), Form::Text(Language::Python));
        let text = text.map_err(|error| error.to_string())?;
        Ok(text.expect("Python"))
    }

    #[test]
    fn utf_8_with_and_without_a_byte_order_mark() {
        assert_eq!(python("é\r\n".as_bytes()).unwrap(), "é\r\n");
        assert_eq!(python("\u{feff}é".as_bytes()).unwrap(), "é");
        assert_eq!(python(b"").unwrap(), "");
    }

    #[test]
    fn a_declared_encoding_is_honoured() {
        let e_acute = |cookie: &str| python(&[cookie.as_bytes(), b"\n'\xe9'"].concat());
        for cookie in [
            "# -*- coding: latin-1 -*-",
            "# vim: set fileencoding=ISO_8859_1 :",
            "#!/usr/bin/env python\n# coding=cp1252",
            "\n# coding: latin-1-unix",
        ] {
            assert_eq!(e_acute(cookie).unwrap(), format!("{cookie}\n'é'"));
        }
        assert_eq!(
            python(b"# coding: koi8-r\n\xc1").unwrap(),
            "# coding: koi8-r\nа"
        );
        assert_eq!(
            python("# coding: utf-8-sig\né".as_bytes()).unwrap(),
            "# coding: utf-8-sig\né"
        );
    }

    #[test]
    fn what_declares_nothing_there_is_utf_8() {
        for text in [
            "# encoding, see below\né",
            "import os\n# coding: latin-1\né",
            "\n\n# coding: latin-1\né",
            "\u{feff}# coding: latin-1\né",
        ] {
            assert_eq!(
                python(text.as_bytes()).unwrap(),
                text.trim_start_matches('\u{feff}')
            );
        }
        // Rust has no such comment.
        let bytes = b"# coding: latin-1\n\xe9".to_vec();
        assert!(decode(bytes, Form::Text(Language::Rust)).is_err());
    }

    #[test]
    fn texts_are_encoded_as_they_were() {
        for bytes in [
            &b"'\xc3\xa9'\r\n"[..],
            b"",
            b"\xef\xbb\xbf'\xc3\xa9'",
            b"\xef\xbb\xbf# coding: latin-1\n'\xc3\xa9'",
            b"# coding: latin-1\n'\xe9\x80\x81'",
            b"# coding: koi8-r\n'\xc1'",
            b"# coding: shift_jis\n'\x82\xa0'",
            b"# coding: klingon\n'\xc3\xa9'",
        ] {
            let text = python(bytes).unwrap();
            assert_eq!(
                encode(&text, bytes, Form::Text(Language::Python)).unwrap(),
                bytes
            );
        }
    }

    #[test]
    fn a_text_that_its_encoding_cannot_hold_is_refused() {
        let refused = |text, like: &[u8]| {
            let encoded = encode(text, like, Form::Text(Language::Python));
            encoded.unwrap_err().to_string()
        };
        let latin = b"# coding: latin-1\n";
        let reason = "its encoding cannot hold the text";
        assert_eq!(refused("# coding: latin-1\n'\u{430}'", latin), reason);
        // The declaration is lost.
        assert_eq!(
            refused("import a\n# -\n# coding: latin-1\n'é'", latin),
            reason
        );
    }

    #[test]
    fn what_cannot_be_decoded_says_why() {
        assert_eq!(
            python(b"a\nb\xe9\n").unwrap_err(),
            "not UTF-8 (byte 0xe9 at 2:2)"
        );
        assert_eq!(
            python(b"\xff\xfea\x00").unwrap_err(),
            "not UTF-8 (byte 0xff at 1:1)"
        );
        assert_eq!(
            python(b"# coding: klingon\n\xe9").unwrap_err(),
            "not UTF-8 (byte 0xe9 at 2:1), and it declares the unknown encoding klingon"
        );
        assert_eq!(
            python(b"# coding: shift_jis\n\xff").unwrap_err(),
            "not shift-jis, the encoding that it declares"
        );
        // Unknown, but plain UTF-8 all the same.
        assert!(python("# coding: klingon\né".as_bytes()).is_ok());
    }
}
