//! JUnit's XML: each file is a suite, each finding a test that fails.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::record::Record;
use crate::printable::printable;

pub(super) fn write(records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new_with_indent(&mut *out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let failures = records.len().to_string();
    let tests = records.len().max(1).to_string();
    writer
        .create_element("testsuites")
        .with_attributes([("name", "footgun-check"), ("tests", tests.as_str())])
        .with_attributes([("failures", failures.as_str()), ("errors", "0")])
        .write_inner_content(|writer| {
            if records.is_empty() {
                return nothing_found(writer);
            }
            super::by_file(records).try_for_each(|group| suite(group, writer))
        })?;
    writeln!(out)
}

/// A test that passes: servers take a report without tests for a failure to run any.
fn nothing_found<W: Write>(writer: &mut Writer<W>) -> io::Result<()> {
    let name = ("name", "footgun-check");
    writer
        .create_element("testsuite")
        .with_attributes([name, ("tests", "1"), ("failures", "0"), ("errors", "0")])
        .write_inner_content(|writer| {
            let test = writer.create_element("testcase");
            test.with_attributes([name, ("classname", "footgun-check")])
                .write_empty()?;
            Ok(())
        })?;
    Ok(())
}

fn suite<W: Write>(records: &[Record], writer: &mut Writer<W>) -> io::Result<()> {
    let name = characters(&records[0].extent.filename);
    let count = records.len().to_string();
    writer
        .create_element("testsuite")
        .with_attributes([("name", name.as_str()), ("tests", count.as_str())])
        .with_attributes([("failures", count.as_str()), ("errors", "0")])
        .write_inner_content(|writer| {
            records
                .iter()
                .try_for_each(|record| test(record, &name, writer))
        })?;
    Ok(())
}

fn test<W: Write>(record: &Record, file: &str, writer: &mut Writer<W>) -> io::Result<()> {
    let at = record.extent.spot();
    // A server tells tests apart by their names.
    let name = characters(&format!("{} at {at}", record.rule));
    let message = characters(&record.message);
    let text = characters(&format!("{file}:{at}: {message}\nhelp: {}", record.help));
    writer
        .create_element("testcase")
        .with_attributes([("name", name.as_str()), ("classname", file)])
        .write_inner_content(|writer| {
            writer
                .create_element("failure")
                .with_attributes([("type", record.severity.word()), ("message", &message)])
                .write_text_content(BytesText::new(&text))?;
            Ok(())
        })?;
    Ok(())
}

/// A text of the characters that XML can have: most control characters have no escape.
fn characters(text: &str) -> String {
    printable(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
