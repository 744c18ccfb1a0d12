//! `zoneinfo-tzdata`: time zones that nothing brings to Windows.

use footgun_analysis::facts::{Call, Facts};

use crate::report::{Report, is_dealt_with};
use crate::{Ask, Because, Judge, Options, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "zoneinfo-tzdata",
    group: "portability",
    title: "A time zone that nothing brings to Windows",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("zoneinfo_tzdata.md"),
    asks: |options| match lacks_time_zones(options) {
        true => ZONES.map(Ask::Call).to_vec(),
        false => Vec::new(),
    },
    judge: Judge::Call(judge),
};

const ZONES: [&str; 4] = [
    "backports.zoneinfo.ZoneInfo",
    "backports.zoneinfo.ZoneInfo.no_cache",
    "zoneinfo.ZoneInfo",
    "zoneinfo.ZoneInfo.no_cache",
];

/// What is, or itself requires, the time zones on Windows.
const CARRIERS: [&str; 24] = [
    "apache-airflow",
    "apscheduler",
    "arrow",
    "celery",
    "clickhouse-connect",
    "dagster",
    "dateparser",
    "django",
    "exchangelib",
    "faker",
    "geopandas",
    "gradio",
    "icalendar",
    "kombu",
    "pandas",
    "pendulum",
    "prefect",
    "psycopg",
    "seaborn",
    "streamlit",
    "tzdata",
    "tzlocal",
    "whenever",
    "xarray",
];

/// Whether a time zone may be named in a Python file, so that it matters what its project requires.
pub fn may_name_time_zones(text: &str) -> bool {
    text.contains("zoneinfo")
}

/// Whether the project says what it requires, and none of that brings time zones.
fn lacks_time_zones(options: &Options) -> bool {
    let carries = |name: &String| {
        CARRIERS.binary_search(&name.as_str()).is_ok() || name.starts_with("django-")
    };
    let requires = options.requires.as_ref();
    requires.is_some_and(|requires| !requires.iter().any(carries))
}

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    if call.argument(0, "key").is_none() {
        return Err("no time zone is named");
    }
    if is_dealt_with(&call.handlers, "zoneinfo.ZoneInfoNotFoundError") {
        return Err("a handler waits for the error that Windows raises");
    }
    Ok(Report::new(
        call.site.call,
        "Windows has no time zones that `zoneinfo` can read, and nothing that the project requires \
         brings them: ZoneInfoNotFoundError, \"No time zone found with key\", also for \"UTC\"",
        "require `tzdata; sys_platform == \"win32\"`; for UTC alone `datetime.timezone.utc` is enough",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_bring_no_time_zones_is_judged() {
        assert!(CARRIERS.is_sorted());
        let lacks = |names: Option<&[&str]>| {
            let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            lacks_time_zones(&Options {
                requires: names.map(set),
                ..Options::default()
            })
        };
        assert!(!lacks(None));
        assert!(lacks(Some(&[])));
        assert!(lacks(Some(&["requests", "pytz"])));
        assert!(!lacks(Some(&["requests", "tzdata"])));
        assert!(!lacks(Some(&["django-filter"])));
        assert!(!lacks(Some(&["pandas"])));
    }
}
