//! The command: files and people. What breaks on Windows is decided elsewhere.
