//! Lists in delimiters.

use super::super::{
    INDENT, SHORT_ITEM,
    node::{Form, Kind, List, Node, columns, separated},
};
use super::{Layout, Overlong, Shape, is_extendable};

/// What `rustfmt` counts for `async move`.
const ASYNC: usize = 6;

impl Layout {
    pub(super) fn flat_list(&mut self, list: &List) {
        self.push(&list.head);
        self.push(list.open);
        let pad = if list.padded() { " " } else { "" };
        self.push(pad);
        self.flat_all(&list.items, ", ");
        if list.form == Form::Ended {
            self.push(",");
        }
        self.push(pad);
        self.push(list.close);
    }

    /// A list that is not on one line.
    pub(super) fn list(&mut self, list: &List, shape: Shape) -> bool {
        let fits = self.fits(columns(&list.head) + list.open.len(), 0);
        self.push(&list.head);
        self.push(list.open);
        let Some((last, others)) = list.items.split_last() else {
            self.push(list.close);
            return fits && self.column + shape.tail <= super::WIDTH
                || self.overlong == Overlong::All;
        };
        match list.form {
            Form::Json => return self.json(list, shape),
            Form::Use => return self.used(list, shape),
            Form::Members | Form::Fields => return self.vertical(list, shape) && fits,
            _ => {}
        }
        let is_value = matches!(list.form, Form::Values | Form::Macro | Form::Ended);
        let behind_head = is_value && others.is_empty() && columns(&list.head) < INDENT;
        if behind_head || runs_over(last, list.form, others.len()) {
            let start = self.mark();
            if self.run_over(list, behind_head, shape) {
                return true;
            }
            self.back(start);
        }
        self.vertical(list, shape) && fits
    }

    /// All items but the last on this line, which the last one begins on.
    fn run_over(&mut self, list: &List, behind_head: bool, shape: Shape) -> bool {
        let Some((last, others)) = list.items.split_last() else { return false };
        let tail = shape.tail + list.close.len() + usize::from(list.form == Form::Ended);
        if separated(others, 2).is_none_or(|width| !self.fits(width, 0)) {
            return false;
        }
        if let Kind::Block(block) = &last.kind
            && block.prefix.starts_with("async")
            && let Some(width) = block.width()
            && width - columns(&block.prefix) + ASYNC + tail + self.column <= super::WIDTH
        {
            // `rustfmt` takes it for one line, which is too long.
            return false;
        }
        self.flat_all(others, ", ");
        if !others.is_empty() {
            self.push(", ");
        }
        let closures = others.iter().any(|node| matches!(node.kind, Kind::Closure { .. }));
        if closures && matches!(last.kind, Kind::Closure { .. }) {
            return false;
        }
        let outer = self.whole_chains;
        self.whole_chains = outer || !behind_head && is_method_call(last);
        let start = self.mark();
        let mut fits = self.put_last(last, shape.with_tail(tail));
        self.whole_chains = outer;
        if list.items.len() == 1 && self.since(start).matches('\n').count() == 1 {
            // Nothing but a suffix would be on the second line.
            let width = last.width.unwrap_or(usize::MAX / 2);
            fits &= shape.indent + INDENT + width + 1 > super::WIDTH;
        }
        // The first line has room for what closes the list.
        let first = self.since(start).split('\n').next().map_or(0, columns);
        fits &= start.column + first + tail <= super::WIDTH;
        if list.form == Form::Ended {
            self.push(",");
        }
        self.push(list.close);
        fits
    }

    /// The last argument, whose condition may not be broken.
    fn put_last(&mut self, node: &Node, shape: Shape) -> bool {
        let start = self.mark();
        let fits = self.put(node, shape);
        match &node.kind {
            Kind::If { .. } | Kind::Match { .. } | Kind::Loop { .. } => {
                let first = self.since(start).split('\n').next().unwrap_or_default();
                fits && (first.ends_with('{') || first.ends_with('}'))
            }
            _ => fits,
        }
    }

    /// Items on lines of their own, or as many on a line as there is room for.
    fn vertical(&mut self, list: &List, shape: Shape) -> bool {
        let inner = shape.inner(1);
        let short =
            |node: &Node| is_simple(node) && node.width.is_some_and(|width| width <= SHORT_ITEM);
        let mixed = match list.form {
            Form::Values | Form::Macro => list.items.iter().all(short),
            Form::Derive => {
                separated(&list.items, 2).is_some_and(|width| inner.indent + width <= super::WIDTH)
            }
            _ => false,
        };
        let mut fits = true;
        for (index, item) in list.items.iter().enumerate() {
            let fills = mixed
                && (list.form == Form::Derive
                    || item.width.is_some_and(|width| self.fits(width + 1, 2)));
            if index > 0 && fills {
                self.push(" ");
            } else {
                self.newline(inner.indent);
            }
            let start = self.mark();
            fits &= self.put(item, inner);
            let is_rest = self.since(start).starts_with("..");
            let is_last = index + 1 == list.items.len();
            let bare = match list.form {
                Form::Macro => true,
                Form::Members | Form::Fields => is_rest,
                _ => false,
            };
            if !(is_last && bare) {
                self.push(",");
            }
        }
        self.newline(shape.indent);
        self.push(list.close.trim_start());
        fits
    }

    /// JSON. A single object keeps to the parentheses.
    fn json(&mut self, list: &List, shape: Shape) -> bool {
        let outer = std::mem::replace(&mut self.overlong, Overlong::All);
        if list.head.is_empty() {
            for (index, item) in list.items.iter().enumerate() {
                self.newline(shape.indent + INDENT);
                let comma = index + 1 < list.items.len();
                self.put(item, shape.inner(usize::from(comma)));
                if comma {
                    self.push(",");
                }
            }
            self.newline(shape.indent);
        } else {
            let tail = shape.tail + list.close.len();
            list.items.iter().for_each(|item| {
                self.put(item, shape.with_tail(tail));
            });
        }
        self.push(list.close);
        self.overlong = outer;
        true
    }

    /// What `use` names: short paths fill the lines, and nested braces have lines of their own.
    fn used(&mut self, list: &List, shape: Shape) -> bool {
        let inner = shape.inner(1);
        let has_braces = list.items.iter().any(|item| matches!(item.kind, Kind::List(_)));
        let nested = |node: &Node| match &node.kind {
            Kind::Text(path) => has_braces && path.contains("::"),
            _ => true,
        };
        let mut fits = true;
        let mut after_nested = true;
        for (index, item) in list.items.iter().enumerate() {
            // The comma behind the last one is not counted.
            let tail = if index + 1 == list.items.len() { 1 } else { 2 };
            let fills = item.width.is_some_and(|width| self.fits(width + 1, tail));
            if after_nested || nested(item) || !fills {
                self.newline(inner.indent);
            } else {
                self.push(" ");
            }
            fits &= self.put(item, inner);
            self.push(",");
            after_nested = nested(item);
        }
        self.newline(shape.indent);
        self.push(list.close);
        fits
    }
}

/// Whether an item may begin behind the others and end on later lines.
fn runs_over(node: &Node, form: Form, others: usize) -> bool {
    let alone = others == 0;
    match form {
        Form::Values | Form::Macro | Form::Ended => {
            let core = node.core();
            match &core.kind {
                Kind::Block(_) | Kind::Closure { .. } => true,
                Kind::Match { .. } | Kind::If { .. } | Kind::Loop { .. } => alone,
                Kind::List(_) => alone,
                Kind::Chain(chain) => {
                    alone
                        && chain
                            .links
                            .last()
                            .is_some_and(|link| matches!(link.node.kind, Kind::List(_)))
                }
                _ => false,
            }
        }
        Form::Types => {
            let core = node.core();
            matches!(&core.kind, Kind::List(list) if list.open != "<") && alone
        }
        _ => false,
    }
}

fn is_method_call(node: &Node) -> bool {
    matches!(&node.core().kind, Kind::Chain(chain)
        if chain.links.last().is_some_and(|link| matches!(link.node.kind, Kind::List(_))))
}

/// Literals, names and members of them.
fn is_simple(node: &Node) -> bool {
    match &node.kind {
        Kind::Text(_) => true,
        Kind::Seq(_) => {
            let core = node.core();
            !std::ptr::eq(core, node) && is_simple(core)
        }
        _ => false,
    }
}

/// Whether a text ends on a line of closing delimiters.
pub(super) fn closes(text: &str) -> bool {
    text.contains('\n') && is_extendable(text)
}
