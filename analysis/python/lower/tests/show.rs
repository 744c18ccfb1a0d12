//! Writes lowered code compactly, on one line per statement: operators prefix their operands, blocks
//! stand in braces, `?(…)` is opaque, `~"…"` is text that does not stand so in the source.

use crate::code::*;

pub(super) fn block(block: &Block) -> String {
    list(block, "\n", statement)
}

fn list<T>(items: &[T], separator: &str, show: impl Fn(&T) -> String) -> String {
    let shown: Vec<String> = items.iter().map(show).collect();
    shown.join(separator)
}

fn braces(block: &Block) -> String {
    format!("{{{}}}", list(block, "; ", statement))
}

fn option<T>(before: &str, item: &Option<T>, show: impl Fn(&T) -> String) -> String {
    item.as_ref()
        .map_or_else(String::new, |item| format!("{before}{}", show(item)))
}

fn otherwise(word: &str, block: &Block) -> String {
    if block.is_empty() {
        String::new()
    } else {
        format!(" {word} {}", braces(block))
    }
}

pub(super) fn statement(stmt: &Stmt) -> String {
    match &stmt.kind {
        StmtKind::Expr(value) => expression(value),
        StmtKind::Assign { targets, value } => {
            format!(
                "{} = {}",
                list(targets, " = ", expression),
                expression(value)
            )
        }
        StmtKind::Update { target, op, value } => {
            format!("{} {op:?}= {}", expression(target), expression(value))
        }
        StmtKind::Delete(targets) => format!("del {}", list(targets, ", ", expression)),
        StmtKind::If {
            branches,
            otherwise: block,
        } => {
            let branch = |branch: &Branch| {
                format!("if {} {}", expression(&branch.test), braces(&branch.body))
            };
            format!(
                "{}{}",
                list(branches, " el", branch),
                otherwise("else", block)
            )
        }
        StmtKind::While {
            test,
            body,
            otherwise: block,
        } => format!(
            "while {} {}{}",
            expression(test),
            braces(body),
            otherwise("else", block)
        ),
        StmtKind::For {
            target,
            iterable,
            body,
            otherwise: block,
        } => format!(
            "for {} in {} {}{}",
            pattern(target),
            expression(iterable),
            braces(body),
            otherwise("else", block)
        ),
        StmtKind::Try(parts) => format!(
            "try {}{}{}{}",
            braces(&parts.body),
            list(&parts.handlers, "", handler),
            otherwise("else", &parts.otherwise),
            otherwise("finally", &parts.finally)
        ),
        StmtKind::With { items, body } => format!(
            "with {} {}",
            list(items, ", ", |(value, target)| format!(
                "{}{}",
                expression(value),
                option(" as ", target, expression)
            )),
            braces(body)
        ),
        StmtKind::Return(value) => format!("return{}", option(" ", value, expression)),
        StmtKind::Raise(value) => format!("raise{}", option(" ", value, expression)),
        StmtKind::Break(_) => "break".to_owned(),
        StmtKind::Continue(_) => "continue".to_owned(),
        StmtKind::Assert(test) => format!("assert {}", expression(test)),
        StmtKind::Function(function) => format!(
            "{}def {}{}",
            list(&function.decorators, "", |it| format!(
                "@{} ",
                expression(it)
            )),
            function.name.as_deref().unwrap_or_default(),
            function
                .code
                .get()
                .map_or_else(|| " later".to_owned(), code)
        ),
        StmtKind::Class(class) => format!(
            "{}class {}({}) {}",
            list(&class.decorators, "", |it| format!("@{} ", expression(it))),
            class.name,
            list(&class.bases, ", ", expression),
            braces(&class.body)
        ),
        StmtKind::Import(import) => imported(import),
        StmtKind::Outer(names) => format!("outer {}", names.join(", ")),
        StmtKind::Let {
            pattern: names,
            value: None,
            ..
        } => format!("let {}", pattern(names)),
        StmtKind::Tail(_)
        | StmtKind::Let { .. }
        | StmtKind::Impl { .. }
        | StmtKind::Module { .. }
        | StmtKind::Constant(_) => "not Python".to_owned(),
    }
}

fn handler(handler: &ExceptHandler) -> String {
    format!(
        " except{}{} {}",
        option(" ", &handler.exception, expression),
        option(" as ", &handler.bind, |name| name.to_string()),
        braces(&handler.body)
    )
}

fn imported(import: &Import) -> String {
    let path = format!(
        "{}{}",
        ".".repeat(import.level as usize),
        import.path.join(".")
    );
    match &import.what {
        Imported::Module { alias } => {
            format!(
                "import {path}{}",
                option(" as ", alias, |name| name.to_string())
            )
        }
        Imported::Item { name, bind } => format!("from {path} import {name} as {bind}"),
        Imported::All => format!("from {path} import *"),
    }
}

fn code(code: &FunctionCode) -> String {
    format!(
        "({}){}{}{} {}",
        list(&code.params, ", ", param),
        option(" -> ", &code.returns, expression),
        if code.is_async { " async" } else { "" },
        if code.is_generator { " generator" } else { "" },
        braces(&code.body)
    )
}

fn param(param: &Param) -> String {
    let kind = match param.kind {
        ParamKind::Normal => "",
        ParamKind::PositionalOnly => "/",
        ParamKind::KeywordOnly => "=",
        ParamKind::Rest => "*",
        ParamKind::KeywordRest => "**",
    };
    format!(
        "{kind}{}{}{}",
        pattern(&param.pattern),
        option(": ", &param.annotation, expression),
        option(" = ", &param.default, expression)
    )
}

fn expression(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Opaque(parts) => format!("?({})", list(parts, ", ", expression)),
        ExprKind::Yield(value) => format!(
            "yield({})",
            value
                .iter()
                .map(|value| expression(value))
                .collect::<String>()
        ),
        ExprKind::None => "None".to_owned(),
        ExprKind::Bool(value) => format!("{value}"),
        ExprKind::Int(value) => format!("{value}"),
        ExprKind::Text(parts) => format!("<{}>", list(parts, " ", text_part)),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Attribute(value, name) => format!("{}.{name}", expression(value)),
        ExprKind::Index(value, index) => format!("{}[{}]", expression(value), expression(index)),
        ExprKind::Slice(value, lower, upper) => format!(
            "{}[{}:{}]",
            expression(value),
            option("", lower, |it| expression(it)),
            option("", upper, |it| expression(it))
        ),
        ExprKind::Call(callee, arguments) => {
            format!(
                "{}({})",
                expression(callee),
                list(arguments, ", ", argument)
            )
        }
        ExprKind::List(items) => format!("[{}]", list(items, ", ", expression)),
        ExprKind::Tuple(items) => format!("tuple({})", list(items, ", ", expression)),
        ExprKind::Set(items) => format!("set({})", list(items, ", ", expression)),
        ExprKind::Dict(items) => format!(
            "dict({})",
            list(items, ", ", |(key, value)| match key {
                Some(key) => format!("{}: {}", expression(key), expression(value)),
                None => format!("**{}", expression(value)),
            })
        ),
        ExprKind::Starred(value) => format!("*{}", expression(value)),
        ExprKind::Binary(op, left, right) => {
            format!("{op:?}({}, {})", expression(left), expression(right))
        }
        ExprKind::Unary(op, value) => format!("{op:?}({})", expression(value)),
        ExprKind::And(operands) => format!("and({})", list(operands, ", ", expression)),
        ExprKind::Or(operands) => format!("or({})", list(operands, ", ", expression)),
        ExprKind::Compare(first, rest) => format!(
            "({}{})",
            expression(first),
            list(rest, "", |(op, operand)| format!(
                " {op:?} {}",
                expression(operand)
            ))
        ),
        ExprKind::Conditional {
            test,
            then,
            otherwise,
        } => format!(
            "if({}, {}, {})",
            expression(test),
            expression(then),
            expression(otherwise)
        ),
        ExprKind::Match(subject, arms) => {
            format!(
                "match {} {{{}}}",
                expression(subject),
                list(arms, "; ", arm)
            )
        }
        ExprKind::Bind(name, value) => format!("({name} := {})", expression(value)),
        ExprKind::Lambda(function) => {
            format!(
                "lambda{}",
                function.code.get().map_or_else(String::new, code)
            )
        }
        ExprKind::Comprehension(parts) => format!(
            "{:?}({}{}{})",
            parts.kind,
            option("", &parts.key, |key| format!("{}: ", expression(key))),
            expression(&parts.element),
            list(&parts.clauses, "", clause)
        ),
        ExprKind::Await(value) => format!("await({})", expression(value)),
        ExprKind::Block(block) => braces(block),
        ExprKind::Let(..) | ExprKind::Try(_) | ExprKind::Async(_) | ExprKind::Construct(_) => {
            "not Python".to_owned()
        }
    }
}

fn text_part(part: &TextPart) -> String {
    match part {
        TextPart::Literal { text, verbatim, .. } => {
            format!("{}{text:?}", if *verbatim { "" } else { "~" })
        }
        TextPart::Interpolated(value) => format!("{{{}}}", expression(value)),
    }
}

fn argument(argument: &Argument) -> String {
    let value = expression(&argument.value);
    match &argument.kind {
        ArgumentKind::Positional => value,
        ArgumentKind::Borrowed => unreachable!("Python borrows nothing"),
        ArgumentKind::Keyword(name) => format!("{name}={value}"),
        ArgumentKind::Star => format!("*{value}"),
        ArgumentKind::DoubleStar => format!("**{value}"),
    }
}

fn clause(clause: &Clause) -> String {
    format!(
        " for {} in {}{}",
        pattern(&clause.target),
        expression(&clause.iterable),
        list(&clause.conditions, "", |test| format!(
            " if {}",
            expression(test)
        ))
    )
}

fn arm(arm: &Arm) -> String {
    format!(
        "{}{} => {}",
        pattern(&arm.pattern),
        option(" if ", &arm.guard, expression),
        expression(&arm.body)
    )
}

fn pattern(of: &Pattern) -> String {
    match of {
        Pattern::Wildcard => "_".to_owned(),
        Pattern::Bind(name, None) => name.to_string(),
        Pattern::Bind(name, Some(inner)) => format!("{name} @ {}", pattern(inner)),
        Pattern::Target(target) => format!("target({})", expression(target)),
        Pattern::Value(value) => format!("value({})", expression(value)),
        Pattern::Variant {
            class,
            positional,
            named,
        } => format!(
            "{}({}; {})",
            expression(class),
            list(positional, ", ", pattern),
            list(named, ", ", |(name, inner)| format!(
                "{name}={}",
                pattern(inner)
            ))
        ),
        Pattern::Sequence(items, starred) => format!(
            "({}){}",
            list(items, ", ", pattern),
            option(" * ", starred, |index| index.to_string())
        ),
        Pattern::Or(alternatives) => list(alternatives, " | ", pattern),
        Pattern::Opaque(names) => format!("?({})", names.join(", ")),
    }
}
