//! Paths as URIs.

use std::fmt::Write as _;

/// The URI of an absolute path with `/`, which on Windows begins with a drive, on the machine `host`;
/// without a name it is this one.
pub fn file_uri(host: &str, path: &str) -> String {
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{host}{slash}{}", encoded(path))
}

/// A path as the path of a URI: all but RFC 3986's unreserved characters and `/` are encoded, so that
/// no part of it is taken for a scheme, a query or a fragment.
pub fn encoded(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into());
            }
            _ => write!(uri, "%{byte:02X}").expect("a string takes all"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(encoded("a b/é%:?#.py"), "a%20b/%C3%A9%25%3A%3F%23.py");
        assert_eq!(encoded("-x/new\nline.py"), "-x/new%0Aline.py");
        assert_eq!(file_uri("", "/tmp/a.py"), "file:///tmp/a.py");
        assert_eq!(file_uri("", "C:/a.py"), "file:///C%3A/a.py");
        assert_eq!(file_uri("box", "/a.py"), "file://box/a.py");
    }
}
