//! Exit codes only; the program is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let status = footgun_check::run(std::env::args_os());
    ExitCode::from(status as u8)
}
