mod render;
mod spans;

use super::file;
use crate::platform::Platform;

/// The lowered items of a text, rendered.
fn items(text: &str) -> String {
    match file(text, Platform::Windows) {
        Ok(items) => render::block(&items),
        Err(problem) => panic!("{}: {text}", problem.message),
    }
}

/// The lowered statements of a function body, rendered.
fn body(text: &str) -> String {
    let lowered = items(&format!("fn f() {{ {text} }}"));
    let body = lowered.strip_prefix("fn f() {").expect("a function");
    body.strip_suffix('}').expect("a function").to_owned()
}

/// Holds what a table of texts lowers to against what it should.
fn assert_each(lower: impl Fn(&str) -> String, table: &[(&str, &str)]) {
    let found: Vec<String> = table.iter().map(|(text, _)| lower(text)).collect();
    let expected: Vec<&str> = table.iter().map(|(_, expected)| *expected).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_file_that_its_own_attribute_cuts_is_empty() {
    let lowered = |text| render::block(&file(text, Platform::Windows).expect("it parses"));
    assert_eq!(lowered("#![cfg(unix)] fn f() {}"), "");
    let text = "#![allow(x)] #![cfg(windows)] fn f() {}";
    assert_eq!(lowered(text), "fn f() {}");
    let text = "#![cfg(feature = \"x\")] fn g() {} mod a { #![cfg(unix)] }";
    assert_eq!(lowered(text), "fn g() {}");
}

#[test]
fn paths_fields_and_calls() {
    assert_each(
        body,
        &[
            (
                "std::process::Command::new::<&str>(a)",
                "=> std.process.Command.new(a)",
            ),
            ("::std::env::args()", "=> std.env.args()"),
            ("<T as Trait>::f(x)", "=> ?()(x)"),
            ("Vec::<u8>::new()", "=> Vec.new()"),
            ("self.pair.0", "=> self.pair.0"),
            ("Self::NEW", "=> Self.NEW"),
            ("a.b::<T>(c, d)?.await", "=> a.b(c, d)?.await"),
            ("f(#[cfg(unix)] 1, #[cfg(windows)] 2)", "=> f(2)"),
            ("r#type.r#fn", "=> type.fn"),
        ],
    );
}

#[test]
fn what_only_changes_type_or_place_is_the_value() {
    assert_each(
        body,
        &[
            ("&mut *x", "=> x"),
            ("(x) as u32", "=> x"),
            ("&raw const x", "=> x"),
            ("unsafe { f() }", "=> {=> f()}"),
            ("const { 1 }", "=> {=> 1}"),
            ("!x", "=> Bang(x)"),
            ("-1", "=> Negate(1)"),
            ("-x + !1", "=> (Negate(x) Add Bang(1))"),
        ],
    );
}

#[test]
fn literals() {
    assert_each(
        body,
        &[
            ("1_000u32", "=> 1000"),
            ("0xFF_u8", "=> 255"),
            ("0b11", "=> 3"),
            ("0o17", "=> 15"),
            ("18446744073709551615", "=> ?()"),
            ("1.5", "=> ?()"),
            ("true", "=> true"),
            ("'x'", "=> \"x\""),
            ("b'x'", "=> \"x\""),
            ("\"a\\n\\u{e9}\\x41\\\"é\"", "=> \"a¦\\n¦¦é¦¦A¦¦\\\"¦é\""),
            ("\"a\\\n    b\"", "=> \"a¦¦b\""),
            ("\"a\r\nb\"", "=> \"a¦\\n¦b\""),
            ("r#\"a\\n\"b\"#", "=> \"a\\n\"b\""),
            ("b\"a\\xff\"", "=> \"a¦�¦\""),
            ("br\"\\\"", "=> \"\\\""),
            ("c\"z\"", "=> \"z\""),
            ("\"\"", "=> \"\""),
            ("\"{x} {{}}\"", "=> \"{x} {{}}\""),
        ],
    );
}

#[test]
fn operators() {
    assert_each(
        body,
        &[
            ("a + b * c", "=> (a Add (b Multiply c))"),
            ("a | b & c ^ d", "=> (a Or ((b And c) Xor d))"),
            (
                "a << 1 >> 2 % 3 / 4 - 5",
                "=> ((a ShiftLeft 1) ShiftRight (((2 Modulo 3) Divide 4) Subtract 5))",
            ),
            ("a == b", "=> (a Equal b)"),
            (
                "a < b && c >= d && !e",
                "=> ((a Less b) && (c GreaterEqual d) && Bang(e))",
            ),
            ("a || b || c && d", "=> (a || b || (c && d))"),
            ("x |= 1", "x Or= 1"),
            ("x = y = z", "x = {y = z}"),
            ("*x += 1;", "x Add= 1"),
            ("_ = f();", "f()"),
            ("(a, b) = c;", "(a, b,) = c"),
        ],
    );
}

#[test]
fn aggregates() {
    assert_each(
        body,
        &[
            ("[1, 2]", "=> [1, 2]"),
            ("[0; 4]", "=> ?(0, 4)"),
            ("(1, 2)", "=> (1, 2,)"),
            ("()", "=> ()"),
            ("(1,)", "=> (1,)"),
            ("a[0]", "=> a[0]"),
            ("a[1..2]", "=> ?(a, ?(1, 2))"),
            ("a[..]", "=> ?(a, ?())"),
            ("1..=n", "=> ?(1, n)"),
            (
                "S { a, b: 1, #[cfg(unix)] c: 2, ..d }",
                "=> S {a: a, b: 1, ..d}",
            ),
            ("m::S { 0: x }", "=> m.S {0: x}"),
        ],
    );
}

#[test]
fn flow() {
    assert_each(
        body,
        &[
            (
                "if a { 1 } else if b { 2 } else { 3 }",
                "=> if a {=> 1} else if b {=> 2} else {=> 3}",
            ),
            ("if a { b; }", "=> if a {b} else ()"),
            (
                "if let Some(x) = y && x > 1 { x } else { 0 }",
                "=> if (let Some(x) = y && (x Greater 1)) {=> x} else {=> 0}",
            ),
            ("if a {} b", "if a {} else (); => b"),
            (
                "while let Some(x) = i.next() { continue; }",
                "while let Some(x) = i.next() {continue}",
            ),
            ("loop { break; }", "=> {while true {break}; => ?()}"),
            (
                "'a: while x { for y in z { if y { continue 'a; } break 'a; } break; }",
                "while x {for y in z {if y {continue 1} else (); break 1}; break}",
            ),
            (
                "loop { 'a: { if x { break 'a; } break; }; }",
                "=> {while true {{while true {if x {break} else (); break 1; break}; => ?()}}; => ?()}",
            ),
            (
                "let x = loop { break 5; };",
                "let x = {while true {5; break}; => ?()}",
            ),
            (
                "for (i, x) in y.iter() { f(x) }",
                "for [i, x] in y.iter() {=> f(x)}",
            ),
            (
                "'a: { break 'a 1; 2 }",
                "=> {while true {1; break; 2; break}; => ?()}",
            ),
            ("let x = return 1;", "let x = {return 1}"),
            ("return;", "return"),
            (
                "let Some(x) = y else { return };",
                "let Some(x) = y else {return}",
            ),
            ("let x: &mut Vec<u8>;", "let x: Vec[u8]"),
            (
                "let x = if a { b } else { panic!() };",
                "let x = if a {=> b} else {raise ?()}",
            ),
            ("let v = x?; v", "let v = x?; => v"),
            ("match x { _ => return, }", "=> match x {_ => {return}}"),
            ("async { a.await }", "=> async {=> a.await}"),
            (
                "async move { if x { return 1; } 2 }",
                "=> async fn () {return {if x {return 1} else (); => 2}}()",
            ),
            (
                "async { bail!(x) }",
                "=> async fn () {return {return Err(?(x))}}()",
            ),
            (";;", ""),
            (
                "try_it(|| { return 1; })",
                "=> try_it(fn () {return {return 1}})",
            ),
        ],
    );
}

#[test]
fn closures() {
    assert_each(
        body,
        &[
            (
                "|a, &(b, _): &(u8, T)| -> PathBuf { a }",
                "=> fn (a, [b, _]) -> PathBuf {return {=> a}}",
            ),
            ("move || f()", "=> fn () {return f()}"),
            ("async move |x| x", "=> async fn (x) {return x}"),
        ],
    );
}

#[test]
fn matches() {
    assert_each(
        body,
        &[
            (
                "match x { Some(a) if a > 0 => a, None => 0, #[cfg(unix)] U => 1, io::ErrorKind::NotFound | K(_) => { 2 } _ => 3 }",
                "=> match x {Some(a) if (a Greater 0) => a, =None => 0, =io.ErrorKind.NotFound | K(_) => {=> 2}, _ => 3}",
            ),
            (
                "match x { ref y @ Foo { a, b: 1, .. } => y, &[first, .., last] => 1, [head, rest @ ..] => 2, (a, ..) => 3, 1..=5 => 4, -1 => 5, \"s\" => 6, P(a, .., b) => 7, <T as U>::C => 8, mut z => z }",
                "=> match x {y @ Foo(a: a, b: =1) => y, [first, _, last]*1 => 1, [head, rest]*1 => 2, [a, _]*1 => 3, ?() => 4, =-1 => 5, =\"s\" => 6, P(a, ?(b)) => 7, =?() => 8, z => z}",
            ),
        ],
    );
}

#[test]
fn cfg_on_statements() {
    assert_each(
        body,
        &[
            (
                "#[cfg(windows)] { a() } #[cfg(not(windows))] { b() }",
                "=> {=> a()}",
            ),
            (
                "#[cfg(unix)] let x = 1; #[cfg(not(unix))] let x = 2; x",
                "let x = 2; => x",
            ),
            (
                "#[cfg(unix)] x = 1; #[cfg(unix)] x |= 2; #[cfg(unix)] f(); #[cfg(unix)] return; y",
                "=> y",
            ),
            (
                "#[cfg(feature = \"a\")] return 1; 2",
                "if ?() {return 1} else {}; => 2",
            ),
            (
                "#[cfg(feature = \"a\")] { 1 } #[cfg(not(feature = \"a\"))] { 2 }",
                "=> if ?() {=> 1} else {=> 2}",
            ),
            ("#[cfg(feature = \"a\")] let x = 1; x", "let x = 1; => x"),
            (
                "#[cfg(feature = \"a\")] { f(); } 2",
                "if ?() {{f()}} else {}; => 2",
            ),
            (
                "#[cfg(unix)] fn g() {} #[cfg(unix)] println!(); #[cfg(unix)] use a; 1",
                "=> 1",
            ),
            (
                "if cfg!(windows) { 1 } else { 2 }",
                "=> if true {=> 1} else {=> 2}",
            ),
            ("cfg!(any(unix, target_os = \"linux\"))", "=> false"),
            ("cfg!(debug_assertions)", "=> ?()"),
        ],
    );
}

#[test]
fn cfg_macros() {
    assert_each(
        body,
        &[
            (
                "cfg_if::cfg_if! { if #[cfg(unix)] { a() } else if #[cfg(windows)] { b() } else { c() } }",
                "=> b()",
            ),
            (
                "cfg_if! { if #[cfg(feature = \"a\")] { a() } else { b() } }",
                "=> if ?() a() else b()",
            ),
            (
                "cfg_if! { if #[cfg(feature = \"a\")] { a(); } else { b(); } } 1",
                "if ?() {a()} else {}; if ?() {b()} else {}; => 1",
            ),
            (
                "cfg_if! { if #[cfg(unix)] { a(); } else { let x = 1; } } x",
                "let x = 1; => x",
            ),
            ("cfg_select! { unix => { 1 } windows => 2, _ => 3 }", "=> 2"),
            (
                "let x = cfg_select! { windows => { 1 } _ => { 2 } };",
                "let x = {=> 1}",
            ),
            (
                "match_cfg! { #[cfg(unix)] => { a() } _ => { b() } }",
                "=> b()",
            ),
        ],
    );
}

#[test]
fn formatting_macros() {
    assert_each(
        body,
        &[
            (
                "format!(\"a {} {x} {0} {n}{{}} {y:?} {:>4}\\n\", a, b, n = 1)",
                "=> \"a {a} {x} {a} {1}¦{¦¦}¦ {?(y)} {?(b)}¦\\n¦\"",
            ),
            ("format!(\"{}.cmd\", name)", "=> \"{name}.cmd\""),
            ("format!(fmt, a)", "=> ?(fmt, a)"),
            ("format_args!(\"{a}\")", "=> \"{a}\""),
            ("println!(\"{}\", f())", "=> ?(\"{f()}\")"),
            ("log::warn!(target: \"x\", \"y\")", "=> ?()"),
            ("concat!(\"a\", \"b\\n\", 1)", "=> \"ab¦\\n¦{1}\""),
            ("write!(w, \"{x}\")?", "=> w.write_fmt(\"{x}\")?"),
            ("format!(\"é{é}\")", "=> \"é{é}\""),
            ("format!(\"{:.*}{}\", 1, 2, 3)", "=> \"{?(2)}{3}\""),
        ],
    );
}

#[test]
fn other_macros() {
    assert_each(
        body,
        &[
            ("vec![1, 2]", "=> [1, 2]"),
            ("vec![0; n]", "=> ?(0, n)"),
            ("vec![]", "=> []"),
            (
                "matches!(x, Some(1) | None if y)",
                "=> match x {Some(=1) | =None if y => true, _ => false}",
            ),
            ("assert!(a > b, \"x {}\", c);", "assert (a Greater b)"),
            ("debug_assert!(a)", "assert a"),
            ("assert_eq!(a, b);", "?(a, b)"),
            ("panic!(\"x {}\", y)", "raise ?(\"x {}\", y)"),
            ("todo!()", "raise ?()"),
            ("let x = unreachable!();", "let x = {raise ?()}"),
            ("bail!(\"x\")", "return Err(?(\"x\"))"),
            (
                "anyhow::ensure!(a, \"x\")",
                "if Bang(a) {return Err(?(\"x\"))} else {}",
            ),
            ("dbg!(x)", "=> x"),
            (
                "duct::cmd!(\"prog\", a).run()",
                "=> duct.cmd!(\"prog\", a).run()",
            ),
            ("cmd!(sh, \"git {x}\")", "=> cmd!(sh, \"git {x}\")"),
            ("html! { let x = 1; f(x) }", "=> {let x = 1; => f(x)}"),
            ("json!({ \"a\": 1 })", "=> ?()"),
            ("foo!()", "=> foo!()"),
            ("m!(a, key = b)", "=> m!(a, key=b)"),
            ("tokio::join!(a(), b())", "=> ?(a().await, b().await)"),
            (
                "tokio::select! { biased; Some(x) = rx.recv(), if on => { f(x) } _ = t() => g(), else => break }",
                "=> match ?() {_ if ?(on) => {let Some(x) = rx.recv().await; => {=> f(x)}}, _ if ?() => {let _ = t().await; => g()}, _ if ?() => {=> {break}}}",
            ),
            ("thread_local! { static A: u8 = 1; }", "A = 1"),
            ("env!(\"X\")", "=> env!(\"X\")"),
        ],
    );
}

#[test]
fn functions() {
    assert_each(
        items,
        &[
            (
                "#[tokio::main] #[inline] pub async fn main() -> anyhow::Result<()> { Ok(()) }",
                "@tokio.main async fn main() {=> Ok(())}",
            ),
            (
                "fn f<'a, T: AsRef<Path>>(x: T, y: &'a mut std::process::Command, z: impl Fn(), mut w: Box<dyn A>, #[cfg(unix)] u: u8, (a, b): (A, B)) -> Option<T> {}",
                "fn f(x, y: std.process.Command, z, w: A, [a, b]) {}",
            ),
            (
                "unsafe extern \"C\" fn f(x: *mut u8, y: [u8; 2]) -> ! { loop {} }",
                "fn f(x, y: Vec[u8]) {=> {while true {}; => ?()}}",
            ),
            (
                "#[cfg_attr(windows, a::b)] #[cfg_attr(unix, c)] #[test] #[ignore] fn f() {}",
                "@a.b @test fn f() {}",
            ),
            (
                "/// doc\nconst fn f() -> &'static str { \"x\" }",
                "fn f() -> str {=> \"x\"}",
            ),
        ],
    );
}

#[test]
fn types() {
    assert_each(
        items,
        &[
            (
                "struct S<T> { a: Command, #[cfg(unix)] b: u8, c: T, d: Option<Child> }",
                "class S {a: Command, c: ?(), d: Option[Child]} {}",
            ),
            (
                "struct P(pub Command, #[cfg(unix)] u8, &'static str); struct U;",
                "class P {0: Command, 1: str} {}; class U {} {}",
            ),
            (
                "#[repr(u32)] enum E { A = 1, #[cfg(unix)] B = 2, C(u8), D { x: u8 } }",
                "class E {} {A = 1; class C {0: u8} {}; class D {x: u8} {}}",
            ),
            ("union N { a: u8 }", "class N {a: u8} {}"),
            (
                "trait T { const A: u8 = 1; type B; fn a(&self); fn b(&self) { 1 } }",
                "class T {} {A = 1; fn b(self) {=> 1}}",
            ),
            (
                "impl<T> m::T for &S<T> { type B = PathBuf; const C: u8 = 1; fn a(self: Arc<Self>, x: T) -> Self { x } #[cfg(unix)] fn b() {} }",
                "impl S: m.T {B = PathBuf; C = 1; fn a(self: Self, x) -> Self {=> x}}",
            ),
            ("impl S { m! { fn x() {} } }", "impl S {fn x() {}}"),
            (
                "type C = std::process::Command; type F = fn(u8); trait A = B;",
                "C = std.process.Command; F = ?()",
            ),
        ],
    );
}

#[test]
fn other_items() {
    assert_each(
        items,
        &[
            (
                "use a; use a::b::{self, c as d, e::*, f as _}; use ::g::h; pub(crate) use self::i::j; use {k, l::m};",
                "use [] a as a; use [a] b as b; use [a::b] c as d; use [a::b::e] *; use [g] h as h; use [self::i] j as j; use [] k as k; use [l] m as m",
            ),
            (
                "extern crate a as b; extern crate c; extern crate d as _;",
                "use [] a as b; use [] c as c",
            ),
            (
                "const A: u32 = 1; static B: &str = \"x\"; const _: () = f();",
                "A = 1; B = \"x\"; f()",
            ),
            (
                "mod a; pub mod b { pub fn f() {} } #[cfg(unix)] mod c; #[cfg(test)] mod tests { fn t() {} }",
                "mod a in a file; mod b {fn f() {}}; mod tests {fn t() {}}",
            ),
            (
                "#[cfg_attr(windows, path = \"w.rs\")] #[cfg_attr(unix, path = \"u.rs\")] mod sys; #[path = \"x/y.rs\"] mod z;",
                "mod sys in a file; mod z in a file",
            ),
            (
                "extern \"C\" { fn kill(pid: i32, sig: i32) -> i32; static environ: u8; #[cfg(unix)] fn fork(); }",
                "kill = ?(); environ = ?()",
            ),
            (
                "macro_rules! m { () => {} } include!(\"x.rs\"); lazy_static! { static ref A: B = C::new(); #[cfg(unix)] static ref D: u8 = 1; }",
                "A = C.new()",
            ),
            (
                "cfg_if! { if #[cfg(windows)] { mod w; fn f() {} } else { mod u; } }",
                "mod w in a file; fn f() {}",
            ),
            (
                "tool! { pub fn f() {} } tool!(a, b); tool!(=> x);",
                "fn f() {}; tool!(a, b); ?()",
            ),
            (
                "#[cfg(unix)] fn f() { 1 } #[cfg(windows)] fn f() { 2 } #[cfg(feature = \"x\")] fn f() { 3 }",
                "fn f() {=> 2}; fn f() {=> 3}",
            ),
            (
                "#[cfg(all(unix))] impl A {} #[cfg(any())] struct S; #[cfg(not(any()))] struct T;",
                "class T {} {}",
            ),
        ],
    );
}
