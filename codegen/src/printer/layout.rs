//! From the layout tree to text.

mod chain;
mod control;
mod item;
mod list;

use super::{
    INDENT, SHORT_PATTERN, WIDTH,
    node::{File, Kind, Node, columns},
};

/// Writes a file.
pub(super) fn file(file: &File) -> String {
    let mut layout = Layout::default();
    for attribute in &file.inner {
        layout.attribute(attribute, 0);
        layout.newline(0);
    }
    if !file.inner.is_empty() && !file.items.is_empty() {
        layout.newline(0);
    }
    layout.items(&file.items, 0);
    if !file.items.is_empty() {
        layout.newline(0);
    }
    layout.text
}

/// Nodes on one line, with commas between them.
pub(super) fn one_line(nodes: &[Node]) -> String {
    let mut layout = Layout::default();
    layout.flat_all(nodes, ", ");
    layout.text
}

/// The width of `impl `.
const IMPL: usize = 5;

/// How many attempts are made before the first layout is good enough.
const ATTEMPTS: usize = 100_000;

/// Where broken lines begin, and how many columns come after the node on its last line.
#[derive(Clone, Copy)]
struct Shape {
    indent: usize,
    tail: usize,
}

impl Shape {
    fn inner(self, tail: usize) -> Self {
        Self { indent: self.indent + INDENT, tail }
    }

    fn with_tail(self, tail: usize) -> Self {
        Self { tail, ..self }
    }
}

/// Which texts may be too long for their line.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Overlong {
    #[default]
    None,
    /// Those that have a line to themselves.
    Alone,
    All,
}

/// A place to come back to when a layout does not fit.
#[derive(Clone, Copy)]
struct Mark {
    length: usize,
    column: usize,
}

/// The text so far. What writes a node gives whether it fits; it writes all of it in any case.
#[derive(Default)]
struct Layout {
    text: String,
    column: usize,
    overlong: Overlong,
    /// Chains may not be broken at present.
    whole_chains: bool,
    /// How many nodes were written on several lines since the last item or statement began, all
    /// attempts included.
    attempts: usize,
    /// How many items and statements are being written.
    nesting: usize,
}

impl Layout {
    fn mark(&self) -> Mark {
        Mark { length: self.text.len(), column: self.column }
    }

    fn back(&mut self, mark: Mark) {
        self.text.truncate(mark.length);
        self.column = mark.column;
    }

    /// What was written since `mark`, taken off.
    fn take(&mut self, mark: Mark) -> (String, Mark) {
        let end = self.mark();
        let text = self.text.split_off(mark.length);
        self.column = mark.column;
        (text, end)
    }

    fn since(&self, mark: Mark) -> &str {
        self.text.get(mark.length..).unwrap_or_default()
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = columns(last),
            None => self.column += columns(text),
        }
    }

    fn newline(&mut self, indent: usize) {
        const SPACES: &str = "                                                                ";
        self.text.push('\n');
        let mut left = indent;
        while left > 0 {
            let some = left.min(SPACES.len());
            self.text.push_str(&SPACES[..some]);
            left -= some;
        }
        self.column = indent;
    }

    fn fits(&self, width: usize, tail: usize) -> bool {
        self.column + width + tail <= WIDTH
    }

    /// Writes what stands on lines of its own, in the first way in which it fits.
    fn lines(&mut self, mut write: impl FnMut(&mut Self) -> bool) {
        let outer = (self.overlong, self.whole_chains);
        self.whole_chains = false;
        if self.nesting == 0 {
            self.attempts = 0;
        }
        self.nesting += 1;
        let start = self.mark();
        for overlong in [Overlong::None, Overlong::Alone, Overlong::All] {
            self.back(start);
            self.overlong = overlong;
            if write(self) {
                break;
            }
        }
        self.nesting -= 1;
        (self.overlong, self.whole_chains) = outer;
    }

    /// Writes a node, on one line where it fits.
    fn put(&mut self, node: &Node, shape: Shape) -> bool {
        if node.width.is_some_and(|width| self.fits(width + node.slack(), shape.tail)) {
            self.flat(node);
            return true;
        }
        self.attempts += 1;
        // Each attempt at a node makes attempts at what is in it; this is where that ends.
        self.broken(node, shape) || self.attempts > ATTEMPTS
    }

    /// Writes a node on several lines.
    fn broken(&mut self, node: &Node, shape: Shape) -> bool {
        match &node.kind {
            Kind::Text(text) => self.overlong(text, shape),
            Kind::Verbatim(text) => {
                self.push(text);
                true
            }
            Kind::Seq(parts) => {
                let mut fits = true;
                for (index, part) in parts.iter().enumerate() {
                    let rest = parts.get(index + 1..).unwrap_or_default();
                    let tail = rest_of(rest, shape.tail + usize::from(node.is_return()));
                    match &part.kind {
                        Kind::Text(text) if part.width.is_some() && parts.len() > 1 && tail > 0 => {
                            self.push(text);
                        }
                        _ => fits &= self.put(part, shape.with_tail(tail)),
                    }
                }
                fits
            }
            Kind::List(list) => self.list(list, shape),
            Kind::Chain(chain) => self.chain(chain, shape),
            Kind::Binary { operator, operands } => self.binary(operator, operands, shape),
            Kind::Assign { left, operator, right } => {
                let fits = self.put(left, shape.with_tail(columns(operator)));
                self.push(operator);
                self.right_side(right, operator == ":", shape) && fits
            }
            Kind::Bounds { bounds, indented } => self.bounds(bounds, *indented, shape),
            Kind::Alternatives(nodes) => self.alternatives(nodes, shape),
            Kind::Block(_)
            | Kind::If { .. }
            | Kind::Match { .. }
            | Kind::Loop { .. }
            | Kind::Closure { .. }
            | Kind::LetElse { .. }
            | Kind::Item(_) => self.control(node, shape),
        }
    }

    fn overlong(&mut self, text: &str, shape: Shape) -> bool {
        let allowed = match self.overlong {
            Overlong::None => false,
            Overlong::Alone => self.column == shape.indent,
            Overlong::All => true,
        };
        let first = text.split('\n').next().unwrap_or_default();
        let fits = allowed || text.contains('\n') && self.fits(columns(first), 0);
        self.push(text);
        fits
    }

    fn flat_all(&mut self, nodes: &[Node], separator: &str) {
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            self.flat(node);
        }
    }

    /// Writes a node on one line, which it has a width for.
    fn flat(&mut self, node: &Node) {
        match &node.kind {
            Kind::Text(text) | Kind::Verbatim(text) => self.push(text),
            Kind::Seq(parts) => parts.iter().for_each(|part| self.flat(part)),
            Kind::List(list) => self.flat_list(list),
            Kind::Chain(chain) => {
                self.flat(&chain.parent);
                chain.links.iter().for_each(|link| self.flat_link(link));
            }
            Kind::Binary { operator, operands } => {
                self.flat_all(operands, &format!(" {operator} "))
            }
            Kind::Assign { left, operator, right } => {
                self.flat(left);
                self.push(operator);
                self.push(" ");
                self.flat(right);
            }
            Kind::Bounds { bounds, .. } => self.flat_all(bounds, " + "),
            Kind::Alternatives(nodes) => self.flat_all(nodes, " | "),
            Kind::Block(_)
            | Kind::If { .. }
            | Kind::Match { .. }
            | Kind::Loop { .. }
            | Kind::Closure { .. }
            | Kind::LetElse { .. }
            | Kind::Item(_) => self.flat_control(node),
        }
    }

    /// The right side of `=` or `:`, on this line or on the next.
    /// That of a member of a struct is on the next line only when it has to be.
    fn right_side(&mut self, node: &Node, stays: bool, shape: Shape) -> bool {
        let start = self.mark();
        if is_header(node) {
            let mut fits = node.width.is_some_and(|width| self.fits(width + 1, shape.tail));
            if fits {
                self.push(" ");
                self.flat(node);
            } else {
                self.newline(shape.indent + INDENT);
                fits = self.put(node, shape.inner(0));
            }
            return fits;
        }
        self.push(" ");
        if let (Kind::Text(text), Some(width)) = (&node.kind, node.width)
            && self.overlong > Overlong::None
            && shape.indent + INDENT + width + shape.tail > WIDTH
        {
            // No line has room for it.
            self.push(text);
            return true;
        }
        let fits = self.put(node, shape);
        if fits && (stays || !self.since(start).contains('\n')) {
            return true;
        }
        let (same_line, end) = self.take(start);
        self.newline(shape.indent + INDENT);
        let next_fits = self.put(node, shape.inner(shape.tail));
        let next_line = self.since(start).get(1..).unwrap_or_default();
        let next = next_fits && (!fits || prefer_next_line(&same_line, next_line));
        if !next && (fits || !next_fits) {
            self.back(start);
            self.text.push_str(&same_line);
            self.column = end.column;
        }
        fits || next_fits
    }

    /// One operator between operands: on one line but for the end of the last, or on lines each.
    fn binary(&mut self, operator: &str, operands: &[Node], shape: Shape) -> bool {
        let Some((last, first)) = operands.split_last() else { return true };
        if operator == "as" {
            return self.cast(first, last, shape);
        }
        let start = self.mark();
        let has_bindings = first.iter().any(|operand| matches!(operand.kind, Kind::Assign { .. }))
            || matches!(last.kind, Kind::Assign { .. });
        let flat = super::node::separated(first, operator.len() + 2);
        if let Some(width) = flat.filter(|_| !has_bindings)
            && self.fits(width + operator.len() + 2, 0)
        {
            self.flat_all(first, &format!(" {operator} "));
            self.push(&format!(" {operator} "));
            let prefix = self.column - start.column;
            let last_start = self.mark();
            let fits = self.put(last, shape);
            let text = self.since(last_start);
            let ugly = text.contains('\n')
                && !text.starts_with('{')
                && (text.starts_with('(') || prefix > INDENT);
            if fits && !ugly {
                return true;
            }
            self.back(start);
        }
        let inner = shape.inner(shape.tail);
        let mut fits = true;
        for (index, operand) in operands.iter().enumerate() {
            let tail = if index + 1 == operands.len() { shape.tail } else { 0 };
            if index == 0 {
                fits &= self.put(operand, shape.with_tail(tail));
                continue;
            }
            // An operand that is no longer than the indent keeps the next one on its line.
            let orphan = !self.since(start).contains('\n') && self.column <= inner.indent;
            if orphan {
                self.push(" ");
            } else {
                self.newline(inner.indent);
            }
            self.push(operator);
            self.push(" ");
            fits &= self.put(operand, inner.with_tail(tail));
        }
        fits
    }

    /// A cast, which goes to the next line where this one has no room for it.
    fn cast(&mut self, values: &[Node], target: &Node, shape: Shape) -> bool {
        let mut fits = true;
        let start = self.mark();
        for value in values {
            fits &= self.put(value, shape.with_tail(0));
        }
        let uncounted = usize::from(self.since(start).contains('\n'));
        if target.width.is_some_and(|width| self.fits(4 + width + uncounted, shape.tail)) {
            self.push(" as ");
            self.flat(target);
            return fits;
        }
        self.newline(shape.indent + INDENT);
        self.push("as ");
        self.put(target, shape.inner(shape.tail)) && fits
    }

    fn bounds(&mut self, bounds: &[Node], indented: bool, shape: Shape) -> bool {
        // `rustfmt` does not count `impl `.
        let width = super::node::separated(bounds, 3).filter(|_| self.text.ends_with("impl "));
        if width.is_some_and(|width| self.column + width + shape.tail <= WIDTH + IMPL) {
            self.flat_all(bounds, " + ");
            return true;
        }
        let inner = if indented && bounds.len() > 1 { shape.inner(shape.tail) } else { shape };
        let (mut fits, mut extendable) = (true, false);
        for (index, bound) in bounds.iter().enumerate() {
            if index > 0 {
                if extendable {
                    self.push(" ");
                } else {
                    self.newline(inner.indent);
                }
                self.push("+ ");
            }
            let start = self.mark();
            let tail = if inner.indent > shape.indent { 0 } else { shape.tail };
            let uncounted = if self.text.ends_with("impl ") { IMPL } else { 0 };
            let one_line = bound.width.filter(|_| index == 0);
            if one_line.is_some_and(|width| self.column + width + tail <= WIDTH + uncounted) {
                self.flat(bound);
            } else {
                fits &= self.put(bound, inner.with_tail(tail));
            }
            extendable = is_extendable(self.since(start));
        }
        fits
    }

    fn alternatives(&mut self, nodes: &[Node], shape: Shape) -> bool {
        let short = nodes.iter().all(|node| {
            matches!(node.kind, Kind::Text(_))
                && node.width.is_some_and(|width| width <= SHORT_PATTERN)
        });
        let mut fits = true;
        for (index, node) in nodes.iter().enumerate() {
            // `| ` is not counted.
            let tail = if index > 0 { shape.tail.saturating_sub(2) } else { shape.tail };
            if index > 0 {
                let fills = short && node.width.is_some_and(|width| self.fits(width + 3, tail));
                if fills {
                    self.push(" ");
                } else {
                    self.newline(shape.indent);
                }
                self.push("| ");
            }
            fits &= self.put(node, shape.with_tail(tail));
        }
        fits
    }
}

/// The width of what comes after a part, up to where a line may break.
fn rest_of(parts: &[Node], tail: usize) -> usize {
    let mut width = 0;
    for part in parts {
        match part.width {
            Some(one) if !matches!(part.kind, Kind::Bounds { .. }) => width += one,
            _ => return width,
        }
    }
    width + tail
}

/// Whether a right side is the end of the head of a trait or an `impl`.
fn is_header(node: &Node) -> bool {
    match &node.kind {
        Kind::Bounds { .. } => true,
        Kind::Seq(parts) => {
            matches!(parts.first(), Some(Node { kind: Kind::Text(text), .. }) if text == "for ")
        }
        _ => false,
    }
}

/// Whether the next line is the better place for the right side of an assignment.
fn prefer_next_line(same_line: &str, next_line: &str) -> bool {
    let lines = |text: &str| text.matches('\n').count();
    let ends =
        |text: &str, end: char| text.split('\n').next().is_some_and(|first| first.ends_with(end));
    !next_line.contains('\n')
        || lines(same_line) > lines(next_line) + 1
        || ['(', '{', '['].iter().any(|end| ends(same_line, *end) && !ends(next_line, *end))
}

/// Whether the last line only closes what earlier ones opened, so that more may follow on it.
fn is_extendable(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or_default();
    last.chars().all(|c| c.is_whitespace() || matches!(c, '(' | ')' | ']' | '}' | '?' | '>'))
}
