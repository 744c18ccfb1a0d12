//! Writes the tree on one line, near to the language, so that a test can be read.
//!
//! `?(…)` is opaque, `=> x` the value of a block, `¦…¦` the parts of a text that are not verbatim.

use crate::code::*;

pub(super) fn block(block: &[Stmt]) -> String {
    list(block, "; ", stmt)
}

fn list<T>(items: &[T], between: &str, render: impl Fn(&T) -> String) -> String {
    items.iter().map(render).collect::<Vec<_>>().join(between)
}

fn option<T>(before: &str, value: &Option<T>, render: impl Fn(&T) -> String) -> String {
    let value = value
        .as_ref()
        .map(|value| format!("{before}{}", render(value)));
    value.unwrap_or_default()
}

fn stmt(stmt: &Stmt) -> String {
    match &stmt.kind {
        StmtKind::Expr(value) => expr(value),
        StmtKind::Tail(value) => format!("=> {}", expr(value)),
        StmtKind::Assign { targets, value } => {
            format!("{} = {}", list(targets, " = ", expr), expr(value))
        }
        StmtKind::Constant(constant) => {
            format!("{} = {}", constant.name, expr(&constant.value))
        }
        StmtKind::Update { target, op, value } => {
            format!("{} {op:?}= {}", expr(target), expr(value))
        }
        StmtKind::Let {
            pattern: bound,
            annotation,
            value,
            otherwise,
        } => format!(
            "let {}{}{}{}",
            pattern(bound),
            option(": ", annotation, |it| expr(it)),
            option(" = ", value, |it| expr(it)),
            option(" else ", otherwise, |it| format!("{{{}}}", block(it)))
        ),
        StmtKind::If {
            branches,
            otherwise,
        } => {
            let branch = |it: &Branch| format!("if {} {{{}}}", expr(&it.test), block(&it.body));
            let branches = list(branches, " el", branch);
            format!("{branches} else {{{}}}", block(otherwise))
        }
        StmtKind::While { test, body, .. } => format!("while {} {{{}}}", expr(test), block(body)),
        StmtKind::For {
            target,
            iterable,
            body,
            ..
        } => format!(
            "for {} in {} {{{}}}",
            pattern(target),
            expr(iterable),
            block(body)
        ),
        StmtKind::Return(value) => format!("return{}", option(" ", value, expr)),
        StmtKind::Raise(value) => format!("raise{}", option(" ", value, expr)),
        StmtKind::Break(outwards) => leave("break", *outwards),
        StmtKind::Continue(outwards) => leave("continue", *outwards),
        StmtKind::Assert(test) => format!("assert {}", expr(test)),
        StmtKind::Function(it) => function(it),
        StmtKind::Class(class) => format!(
            "class {} {{{}}} {{{}}}",
            class.name,
            list(&class.fields, ", ", |(name, ty)| format!(
                "{name}: {}",
                expr(ty)
            )),
            block(&class.body)
        ),
        StmtKind::Impl {
            target,
            of_trait,
            body,
        } => format!(
            "impl {}{} {{{}}}",
            expr(target),
            option(": ", of_trait, |it| expr(it)),
            block(body)
        ),
        StmtKind::Module { name, body } => match body {
            ModuleBody::Inline(body) => format!("mod {name} {{{}}}", block(body)),
            ModuleBody::File => format!("mod {name} in a file"),
        },
        StmtKind::Import(import) => {
            let path = import.path.join("::");
            match &import.what {
                Imported::Item { name, bind } => format!("use [{path}] {name} as {bind}"),
                Imported::All => format!("use [{path}] *"),
                Imported::Module { alias } => format!("import [{path}] {alias:?}"),
            }
        }
        other => format!("{other:?}"),
    }
}

fn function(function: &Function) -> String {
    let code = function.code.get().expect("functions are lowered at once");
    let params = list(&code.params, ", ", |param| {
        pattern(&param.pattern) + &option(": ", &param.annotation, expr)
    });
    format!(
        "{}{}fn {}({params}){} {{{}}}",
        list(&function.decorators, "", |it| format!("@{} ", expr(it))),
        if code.is_async { "async " } else { "" },
        function.name.as_deref().unwrap_or_default(),
        option(" -> ", &code.returns, expr),
        block(&code.body)
    )
}

fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Opaque(parts) => format!("?({})", list(parts, ", ", expr)),
        ExprKind::None => "()".to_owned(),
        ExprKind::Bool(bool) => bool.to_string(),
        ExprKind::Int(int) => int.to_string(),
        ExprKind::Text(parts) => format!("\"{}\"", list(parts, "", part)),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Attribute(of, name) => format!("{}.{name}", expr(of)),
        ExprKind::Index(of, index) => format!("{}[{}]", expr(of), expr(index)),
        ExprKind::Call(callee, arguments) => format!(
            "{}({})",
            expr(callee),
            list(arguments, ", ", |argument| match &argument.kind {
                ArgumentKind::Keyword(name) => format!("{name}={}", expr(&argument.value)),
                _ => expr(&argument.value),
            })
        ),
        ExprKind::List(items) => format!("[{}]", list(items, ", ", expr)),
        ExprKind::Tuple(items) => format!("({},)", list(items, ", ", expr)),
        ExprKind::Binary(op, left, right) => format!("({} {op:?} {})", expr(left), expr(right)),
        ExprKind::Unary(op, inner) => format!("{op:?}({})", expr(inner)),
        ExprKind::And(parts) => format!("({})", list(parts, " && ", expr)),
        ExprKind::Or(parts) => format!("({})", list(parts, " || ", expr)),
        ExprKind::Compare(left, rest) => format!(
            "({}{})",
            expr(left),
            list(rest, "", |(op, right)| format!(" {op:?} {}", expr(right)))
        ),
        ExprKind::Conditional {
            test,
            then,
            otherwise,
        } => format!("if {} {} else {}", expr(test), expr(then), expr(otherwise)),
        ExprKind::Match(subject, arms) => format!(
            "match {} {{{}}}",
            expr(subject),
            list(arms, ", ", |arm| format!(
                "{}{} => {}",
                pattern(&arm.pattern),
                option(" if ", &arm.guard, expr),
                expr(&arm.body)
            ))
        ),
        ExprKind::Let(bound, value) => format!("let {} = {}", pattern(bound), expr(value)),
        ExprKind::Lambda(it) => function(it),
        ExprKind::Await(inner) => format!("{}.await", expr(inner)),
        ExprKind::Async(inner) => format!("async {}", expr(inner)),
        ExprKind::Try(inner) => format!("{}?", expr(inner)),
        ExprKind::Block(stmts) => format!("{{{}}}", block(stmts)),
        ExprKind::Construct(parts) => format!(
            "{} {{{}{}}}",
            expr(&parts.class),
            list(&parts.fields, ", ", |(name, value)| format!(
                "{name}: {}",
                expr(value)
            )),
            option(", ..", &parts.rest, expr)
        ),
        other => format!("{other:?}"),
    }
}

fn part(part: &TextPart) -> String {
    match part {
        TextPart::Literal {
            text,
            verbatim: true,
            ..
        } => text.to_string(),
        TextPart::Literal { text, .. } => format!("¦{}¦", text.escape_debug()),
        TextPart::Interpolated(value) => format!("{{{}}}", expr(value)),
    }
}

fn pattern(value: &Pattern) -> String {
    match value {
        Pattern::Wildcard => "_".to_owned(),
        Pattern::Bind(name, inner) => format!("{name}{}", option(" @ ", inner, |it| pattern(it))),
        Pattern::Target(target) => format!("target {}", expr(target)),
        Pattern::Value(value) => format!("={}", expr(value)),
        Pattern::Variant {
            class,
            positional,
            named,
        } => format!(
            "{}({}{})",
            expr(class),
            list(positional, ", ", pattern),
            list(named, ", ", |(name, inner)| format!(
                "{name}: {}",
                pattern(inner)
            ))
        ),
        Pattern::Sequence(parts, starred) => {
            format!(
                "[{}]{}",
                list(parts, ", ", pattern),
                option("*", starred, usize::to_string)
            )
        }
        Pattern::Or(cases) => list(cases, " | ", pattern),
        Pattern::Opaque(names) => format!("?({})", names.join(", ")),
    }
}

fn leave(word: &str, outwards: usize) -> String {
    match outwards {
        0 => word.to_owned(),
        outwards => format!("{word} {outwards}"),
    }
}
