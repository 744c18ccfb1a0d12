//! Paths as people read them and tools open them.

use std::path::Path;

use footgun_analysis::project::slashed;

/// A path with `/`, relative to the current folder where it lies in it.
pub fn shown(path: &Path) -> String {
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
}
