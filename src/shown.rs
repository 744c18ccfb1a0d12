//! Paths as people read them and tools open them.

use std::path::Path;

use footgun_analysis::project::slashed;

use crate::printable::in_line;

/// A path as messages show it: what is [`named`], in one line.
pub fn shown(path: &Path) -> String {
    in_line(&named(path)).into_owned()
}

/// A path with `/`, relative to the current folder where it lies in it.
pub fn named(path: &Path) -> String {
    if path.is_relative() {
        return slashed(path);
    }
    let here = std::env::current_dir().unwrap_or_default();
    slashed(path.strip_prefix(&here).unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_the_current_folder_or_as_it_is() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(shown("./a/b.py".as_ref()), "a/b.py");
        assert_eq!(shown(&here.join("a/b.py")), "a/b.py");
        let beside = here.parent().unwrap().join("a.py");
        assert_eq!(shown(&beside), slashed(&beside));
    }

    #[test]
    fn only_tools_see_control_characters() {
        let path = Path::new("a\nb\u{1b}[2J.py");
        assert_eq!(named(path), "a\nb\u{1b}[2J.py");
        assert_eq!(shown(path), "a\u{fffd}b\u{fffd}[2J.py");
    }
}
