//! A document that is checked: by our derive, by garde and by validator, with the same rules.

mod of_garde;
mod of_validator;
mod ours;

use std::hint::black_box;

use crate::measure::{
    report::{Bound, Report},
    sampling::{Spent, median_ratio, side_by_side},
};

const ROUNDS: usize = 21;
const CHECKS: usize = 2_000;

/// The fields of the document, which every side has by its own attributes.
macro_rules! document {
    ($customer:ident, $order:ident) => {
        pub(super) fn sample() -> $customer {
            let order = |number: u32| $order {
                number,
                title: "made up".to_owned(),
                price: 9.5,
                note: (number % 2 == 0).then(|| "a note that is short".to_owned()),
            };
            $customer {
                name: "First Last".to_owned(),
                email: "first.last@example.com".to_owned(),
                site: "https://example.com/path?query#part".to_owned(),
                age: 42,
                phone: None,
                tags: vec!["one".to_owned(), "two".to_owned(), "three".to_owned()],
                orders: (1..=20).map(order).collect(),
            }
        }
    };
}
use document;

pub(crate) fn measure(report: &mut Report) {
    let ours = ours::sample();
    let check = || (0..CHECKS).for_each(|_| ours::check(black_box(&ours)));
    let peers: [(&str, &dyn Fn()); 2] = [
        ("garde", &{
            let value = of_garde::sample();
            move || (0..CHECKS).for_each(|_| of_garde::check(black_box(&value)))
        }),
        ("validator", &{
            let value = of_validator::sample();
            move || (0..CHECKS).for_each(|_| of_validator::check(black_box(&value)))
        }),
    ];
    for (peer, other) in peers {
        let samples = side_by_side(ROUNDS, check, other);
        report.row(format!("a document checked: CPU time, of {peer}'s")).measured(
            median_ratio(&samples, Spent::cpu),
            "x",
            Bound::AtMost(0.5),
        );
    }
    let allocated = allocation_counter::measure(|| ours::check(black_box(&ours))).count_total;
    report.row("a document checked without a fault: allocations").measured(
        allocated as f64,
        "",
        Bound::AtMost(0.0),
    );
}
