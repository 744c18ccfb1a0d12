//! The table of shims.

use footgun_rules::Options;
use footgun_rules::shims::{SHIMS, Shim};

#[test]
fn names_are_sorted_and_unique() {
    let names: Vec<&str> = SHIMS.iter().map(Shim::name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
}

#[test]
fn every_file_is_a_command_file_in_lower_case() {
    for shim in SHIMS {
        let extension = shim.file.rsplit_once('.').map(|(_, extension)| extension);
        assert!(matches!(extension, Some("cmd" | "bat")), "{}", shim.file);
        assert_eq!(shim.name(), shim.name().to_ascii_lowercase());
        assert!(!shim.name().contains('.'), "{}", shim.file);
    }
}

#[test]
fn a_name_is_found_in_any_case_and_only_bare() {
    let options = Options {
        more_shims: vec![Shim::configured("Tool.bat".to_owned())],
        ..Options::default()
    };
    let file = |name| options.shim(name).map(|shim| &*shim.file);
    assert_eq!(file("NPM"), Some("npm.cmd"));
    assert_eq!(file("npm.cmd"), None);
    assert_eq!(file("bin/npm"), None);
    assert_eq!(file("node"), None);
    assert_eq!(file("tool"), Some("Tool.bat"));
    assert_eq!(Options::default().shim("tool"), None);
}
