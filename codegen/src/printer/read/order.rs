//! The order of `use` and `mod`, which `rustfmt` decides.

use std::cmp::Ordering;

use super::super::node::{Body, Form, Item, Kind, Node};

/// Puts each run of `use` and of `mod` without a body in order.
pub(super) fn items(items: &mut [Item]) {
    for run in items.chunk_by_mut(|a, b| a.keyword == b.keyword && is_line(a) && is_line(b)) {
        if let [Item { keyword: "use" | "mod", .. }, _, ..] = run {
            run.sort_by(|a, b| match (&a.body, &b.body) {
                (Body::Line { node: a, .. }, Body::Line { node: b, .. }) => match a.kind {
                    // The names of modules are texts to `rustfmt`, those in `use` have numbers.
                    Kind::Text(_) => parts(a).0.cmp(parts(b).0),
                    _ => trees(a, b),
                },
                _ => Ordering::Equal,
            });
        }
    }
}

fn is_line(item: &Item) -> bool {
    matches!(item.body, Body::Line { .. })
}

/// The order of two paths with what is in their braces.
pub(super) fn trees(a: &Node, b: &Node) -> Ordering {
    let (a_path, a_items) = parts(a);
    let (b_path, b_items) = parts(b);
    let (mut a_path, mut b_path) = (segments(a_path), segments(b_path));
    loop {
        let order = match (a_path.next(), b_path.next()) {
            (None, None) => break,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some((a_rank, a)), Some((b_rank, b))) => {
                a_rank.cmp(&b_rank).then_with(|| versions(a, b))
            }
        };
        if order.is_ne() {
            return order;
        }
    }
    let mut pairs = a_items.iter().zip(b_items);
    let differing = pairs.find_map(|(a, b)| Some(trees(a, b)).filter(|order| order.is_ne()));
    differing.unwrap_or_else(|| a_items.len().cmp(&b_items.len()))
}

/// The path without what is before it, and what is in the braces behind it.
fn parts(node: &Node) -> (&str, &[Node]) {
    match &node.kind {
        Kind::Seq(parts) => match parts.as_slice() {
            [_, tree] => self::parts(tree),
            _ => ("", &[]),
        },
        Kind::List(list) if list.form == Form::Use => (&list.head, &list.items),
        // `pub(crate) mod name` is one text.
        Kind::Text(text) => match text.split_once("mod ") {
            Some((_, name)) => (name, &[]),
            None => (text, &[]),
        },
        _ => ("", &[]),
    }
}

/// The segments of a path, each with its rank. Braces are the last one, without a name.
fn segments(path: &str) -> impl Iterator<Item = (u8, &str)> {
    path.split("::").enumerate().map(|(index, segment)| {
        let name = segment.split(" as ").next().unwrap_or_default();
        let rank = match name {
            "self" => 0,
            "super" => 1,
            "crate" => 2,
            "*" => 4,
            "" if index > 0 => 5,
            _ => 3,
        };
        (rank, name.trim_start_matches("r#"))
    })
}

/// The order of names, in which numbers count as numbers and `_` comes first.
fn versions(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (Some(a_first), Some(b_first)) = (a.chars().next(), b.chars().next()) else {
            return a.len().cmp(&b.len());
        };
        let order = if a_first.is_ascii_digit() && b_first.is_ascii_digit() {
            let (a_number, b_number) = (number(&mut a), number(&mut b));
            a_number.len().cmp(&b_number.len()).then_with(|| a_number.cmp(b_number))
        } else {
            a = a.get(a_first.len_utf8()..).unwrap_or_default();
            b = b.get(b_first.len_utf8()..).unwrap_or_default();
            (a_first != '_', a_first).cmp(&(b_first != '_', b_first))
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Takes the digits at the beginning, and gives them without zeros in front.
fn number<'t>(text: &mut &'t str) -> &'t str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    digits.trim_start_matches('0')
}
