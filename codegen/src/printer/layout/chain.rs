//! Method chains.

use super::super::{
    INDENT,
    node::{Chain, Kind, Link, Node},
};
use super::{Layout, Shape};

/// With this many lines, the last call of a chain stays on the line of the others.
const LONG_CALL: usize = 5;

impl Layout {
    pub(super) fn flat_link(&mut self, link: &Link) {
        self.flat(&link.node);
        self.tries(link);
    }

    fn tries(&mut self, link: &Link) {
        (0..link.tries).for_each(|_| self.push("?"));
    }

    fn link(&mut self, link: &Link, shape: Shape) -> bool {
        let fits = self.put(&link.node, shape.with_tail(shape.tail + link.tries));
        self.tries(link);
        fits
    }

    /// A chain that is not on one line.
    pub(super) fn chain(&mut self, chain: &Chain, shape: Shape) -> bool {
        let start = self.mark();
        let mut fits = self.put(&chain.parent, shape);
        let mut links = chain.links.as_slice();
        // Short parents take the first calls to their line.
        let budget = INDENT.saturating_sub(start.column.saturating_sub(shape.indent));
        let mut ends_with_block = is_block_like(&chain.parent) && self.since(start).contains('\n');
        while let [first, rest @ ..] = links
            && self.since(start).len() <= budget
            && !self.since(start).contains('\n')
        {
            let before = self.mark();
            if !self.link(first, shape) {
                self.back(before);
                break;
            }
            ends_with_block = super::list::closes(self.since(start));
            links = rest;
        }
        let Some((last, others)) = links.split_last() else { return fits };
        let inner = if ends_with_block { shape } else { shape.inner(shape.tail) };
        let root = self.mark();
        if !self.since(start).contains('\n') && fits {
            let widths: Option<usize> =
                others.iter().map(|link| link.node.width.map(|width| width + link.tries)).sum();
            if widths.is_some_and(|width| self.fits(width + last.tries + 1, shape.tail)) {
                others.iter().for_each(|link| self.flat_link(link));
                if self.last_call(last, shape, inner) {
                    return true;
                }
                self.back(root);
            }
        }
        if self.whole_chains {
            return false;
        }
        for (index, link) in links.iter().enumerate() {
            self.newline(inner.indent);
            // Here `rustfmt` counts the `?` twice.
            let tail = if index + 1 == links.len() { shape.tail + link.tries } else { 0 };
            fits &= self.link(link, inner.with_tail(tail));
        }
        fits
    }

    /// The last call on the line of the others, where that is the better place.
    fn last_call(&mut self, last: &Link, shape: Shape, inner: Shape) -> bool {
        let start = self.mark();
        // `rustfmt` counts the `?` three times here.
        if !self.link(last, shape.with_tail(shape.tail + 2 * last.tries)) {
            return false;
        }
        let lines = self.since(start).matches('\n').count() + 1;
        if lines >= LONG_CALL {
            return true;
        }
        let (text, end) = self.take(start);
        self.newline(inner.indent);
        let below = self.mark();
        let fits_below = self.link(last, inner.with_tail(inner.tail + last.tries));
        let lines_below = self.since(below).matches('\n').count() + 1;
        self.back(start);
        if fits_below && lines_below < lines {
            return false;
        }
        self.text.push_str(&text);
        self.column = end.column;
        true
    }
}

/// Whether a node that has several lines ends with a delimiter of its own.
fn is_block_like(node: &Node) -> bool {
    match &node.kind {
        Kind::List(_)
        | Kind::Chain(_)
        | Kind::Block(_)
        | Kind::If { .. }
        | Kind::Match { .. }
        | Kind::Loop { .. } => true,
        Kind::Seq(parts) => parts.iter().any(is_block_like),
        _ => false,
    }
}
