//! Blocks, branches, matches, loops and closures.

use super::super::{
    INDENT, WIDTH,
    node::{Arm, Block, Form, Kind, Node, Statement, columns},
};
use super::{Layout, Overlong, Shape, is_extendable, prefer_next_line};

impl Layout {
    pub(super) fn flat_control(&mut self, node: &Node) {
        match &node.kind {
            Kind::Block(block) => self.flat_block(block),
            Kind::If { branches, last } => {
                for (condition, block) in branches {
                    self.push("if ");
                    self.flat(condition);
                    self.push(" ");
                    self.flat_block(block);
                }
                if let Some(last) = last {
                    self.push(" else ");
                    self.flat_block(last);
                }
            }
            Kind::Match { subject, .. } => {
                self.push("match ");
                self.flat(subject);
                self.push(" {}");
            }
            Kind::Loop { head, .. } => {
                self.flat(head);
                self.push(" {}");
            }
            Kind::Closure { head, body, .. } => {
                self.push(head);
                self.push(" ");
                self.flat(body);
            }
            Kind::LetElse { binding, block } => {
                self.flat(binding);
                self.push(" else ");
                self.flat_block(block);
            }
            _ => {}
        }
    }

    fn flat_block(&mut self, block: &Block) {
        self.push(&block.prefix);
        match block.simple() {
            Some(node) => {
                self.push("{ ");
                self.flat(node);
                self.push(" }");
            }
            None => self.push("{}"),
        }
    }

    /// What has lines of its own.
    pub(super) fn control(&mut self, node: &Node, shape: Shape) -> bool {
        match &node.kind {
            Kind::Block(block) => {
                self.block(block, shape.indent);
                true
            }
            Kind::If { branches, last } => {
                let mut fits = true;
                for (index, (condition, block)) in branches.iter().enumerate() {
                    self.push(if index == 0 { "if " } else { " else if " });
                    fits &= self.head(condition, shape.with_tail(0), shape);
                    self.block(block, shape.indent);
                }
                if let Some(last) = last {
                    self.push(" else ");
                    self.block(last, shape.indent);
                }
                fits
            }
            Kind::Match { subject, arms } => {
                self.push("match ");
                let fits = self.head(subject, shape.with_tail(0), shape);
                self.push("{");
                for arm in arms {
                    self.newline(shape.indent + INDENT);
                    self.lines(|layout| layout.arm(arm, shape.indent + INDENT));
                }
                if !arms.is_empty() {
                    self.newline(shape.indent);
                }
                self.push("}");
                fits
            }
            Kind::Loop { head, body } => {
                let fits = self.head(head, shape.with_tail(0), shape);
                self.block(body, shape.indent);
                fits
            }
            Kind::Closure { head, body, returns } => self.closure(head, body, *returns, shape),
            Kind::LetElse { binding, block } => self.let_else(binding, block, shape),
            Kind::Item(item) => {
                self.item(item, shape.indent);
                true
            }
            _ => false,
        }
    }

    /// What comes before a brace, with the space or the line between them.
    /// Conditions leave no room for it.
    fn head(&mut self, node: &Node, within: Shape, shape: Shape) -> bool {
        let start = self.mark();
        let fits = self.put(node, within);
        let text = self.since(start);
        let broken = if text.contains('\n') {
            !is_extendable(text)
        } else {
            self.column + 2 > WIDTH && self.overlong == Overlong::None
        };
        if broken {
            self.newline(shape.indent);
        } else {
            self.push(" ");
        }
        fits
    }

    /// A block on lines of its own.
    pub(super) fn block(&mut self, block: &Block, indent: usize) {
        self.push(&block.prefix);
        self.push("{");
        for (index, statement) in block.statements.iter().enumerate() {
            self.newline(indent + INDENT);
            let is_last = index + 1 == block.statements.len();
            self.statement(statement, is_last, indent + INDENT);
            if is_last && !statement.semicolon && is_jump(&statement.node) {
                self.push(";");
            }
        }
        if !block.statements.is_empty() {
            self.newline(indent);
        }
        self.push("}");
    }

    fn statement(&mut self, statement: &Statement, is_last: bool, indent: usize) {
        for attribute in &statement.attributes {
            self.attribute(attribute, indent);
            self.newline(indent);
        }
        let tail = usize::from(statement.semicolon);
        let value = is_last && !statement.semicolon;
        self.lines(|layout| layout.standing(&statement.node, value, Shape { indent, tail }));
        if statement.semicolon {
            self.push(";");
        }
    }

    /// A node at the beginning of a line: no value, no branches on one line.
    fn standing(&mut self, node: &Node, value: bool, shape: Shape) -> bool {
        match &node.kind {
            Kind::If { .. } if !value => self.control(node, shape),
            Kind::Block(block) if block.prefix.is_empty() => self.control(node, shape),
            _ => self.put(node, shape),
        }
    }

    fn arm(&mut self, arm: &Arm, indent: usize) -> bool {
        let shape = Shape { indent, tail: 0 };
        for attribute in &arm.attributes {
            self.attribute(attribute, indent);
            self.newline(indent);
        }
        let head = self.mark();
        // ` => {`
        let arrow = if arm.guard.is_some() { 0 } else { 5 };
        let mut fits = self.put(&arm.pattern, shape.with_tail(arrow));
        if let Some(guard) = &arm.guard {
            if guard.width.is_some_and(|width| self.fits(4 + width, 5)) {
                self.push(" ");
            } else {
                self.newline(indent + INDENT);
            }
            self.push("if ");
            fits &= self.put(guard, shape.inner(5));
        }
        self.push(" =>");
        let guarded = arm.guard.is_some() && self.since(head).contains('\n');
        if let Kind::Block(block) = &arm.body.kind
            && block.prefix.is_empty()
        {
            if guarded && !block.statements.is_empty() {
                self.newline(indent);
            } else {
                self.push(" ");
            }
            self.block(block, indent);
            return fits;
        }
        let start = self.mark();
        self.push(" ");
        let fits_here = self.standing(&arm.body, false, shape.with_tail(1));
        let several = self.since(start).contains('\n');
        if fits_here && !several && !guarded {
            self.push(",");
            return fits;
        }
        let (here, end) = self.take(start);
        if guarded {
            self.newline(indent);
            self.push("{");
        } else {
            self.push(" {");
        }
        let below = self.mark();
        self.newline(indent + INDENT);
        let semicolon = is_jump(&arm.body);
        let fits_below = self.standing(&arm.body, false, shape.inner(usize::from(semicolon)));
        let text = self.since(below).trim_start();
        let stays = match (fits_here, fits_below) {
            _ if guarded => false,
            (true, true) => !prefer_next_line(&here, text) && (extends(&arm.body) || !several),
            (here, _) => here,
        };
        if stays {
            self.back(start);
            self.text.push_str(&here);
            self.column = end.column;
            self.push(",");
        } else {
            if semicolon {
                self.push(";");
            }
            self.newline(indent);
            self.push("}");
        }
        fits && (fits_here || fits_below)
    }

    fn closure(&mut self, head: &str, body: &Node, returns: bool, shape: Shape) -> bool {
        let fits = self.fits(columns(head) + 2, 0);
        self.push(head);
        self.push(" ");
        if let Kind::Block(block) = &body.kind
            && (block.prefix.is_empty() || returns)
        {
            self.block(block, shape.indent);
            return fits;
        }
        let start = self.mark();
        let fits_here = self.put(body, shape);
        let several = self.since(start).contains('\n');
        if fits_here && (!several || has_braces(body)) {
            return fits;
        }
        self.back(start);
        self.push("{");
        self.newline(shape.indent + INDENT);
        self.lines(|layout| layout.standing(body, true, shape.inner(0)));
        self.newline(shape.indent);
        self.push("}");
        fits
    }

    fn let_else(&mut self, binding: &Node, block: &Block, shape: Shape) -> bool {
        let start = self.mark();
        let fits = self.put(binding, shape.with_tail(1));
        let text = self.since(start);
        let same_line = if text.contains('\n') {
            is_extendable(text)
        } else {
            self.column + columns(" else {") < WIDTH
        };
        if same_line {
            self.push(" ");
        } else {
            self.newline(shape.indent);
        }
        self.push("else ");
        self.block(block, shape.indent);
        fits
    }
}

fn is_jump(node: &Node) -> bool {
    let text = match &node.kind {
        Kind::Text(text) => text,
        Kind::Seq(parts) => match parts.first() {
            Some(Node { kind: Kind::Text(text), .. }) => text,
            _ => return false,
        },
        _ => return false,
    };
    matches!(text.split(' ').next(), Some("return" | "break" | "continue"))
}

/// Whether the body of an arm may begin on the line of its pattern and end on a later one.
fn extends(node: &Node) -> bool {
    match &node.core().kind {
        Kind::List(list) => list.form != Form::Types,
        Kind::Chain(chain) => {
            chain.links.last().is_some_and(|link| matches!(link.node.kind, Kind::List(_)))
        }
        Kind::Match { .. } | Kind::Block(_) | Kind::Closure { .. } => true,
        Kind::Loop { head, .. } => matches!(&head.kind, Kind::Text(_)),
        _ => false,
    }
}

/// Whether the body of a closure needs no braces around it to have several lines.
fn has_braces(node: &Node) -> bool {
    match &node.core().kind {
        Kind::List(list) => list.form == Form::Members,
        Kind::Match { .. } | Kind::Block(_) => true,
        Kind::Loop { head, .. } => matches!(&head.kind, Kind::Text(_)),
        _ => false,
    }
}
