//! The table of shims.

use footgun_rules::shims::{SHIMS, Shim, shim};

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
    assert_eq!(shim("NPM").map(|shim| shim.file), Some("npm.cmd"));
    assert_eq!(shim("npm.cmd"), None);
    assert_eq!(shim("bin/npm"), None);
    assert_eq!(shim("node"), None);
}
