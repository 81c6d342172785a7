//! Rules may only speak of members that are there and may be absent.

use super::members;
use crate::{
    diagnostic::Diagnostic,
    model::{Item, Rule},
    suggest,
};

pub(super) fn check(item: &Item, problems: &mut Vec<Diagnostic>) {
    for Rule::AtLeastOneOf(names) in &item.rules {
        let properties = members(item).map_or(&[][..], |members| &members.properties);
        for name in names {
            let Some(property) = properties.iter().find(|property| property.name == *name) else {
                let near = suggest::nearest(name, properties.iter().map(|p| p.name.as_str()));
                let mut problem = Diagnostic::error(
                    "unknown-member",
                    item.place.clone(),
                    format!("a rule of `{}` names `{name}`, which is no member", item.name),
                );
                problem.help = near.map(|near| format!("did you mean `{near}`?"));
                problems.push(problem);
                continue;
            };
            if !property.optional && !property.nullable {
                problems.push(
                    Diagnostic::error(
                        "contradictory-rule",
                        property.place.clone(),
                        format!(
                            "`{}.{name}` is required, yet a rule (from {}) lets it be absent",
                            item.name, item.place
                        ),
                    )
                    .help("drop the rule or make the member optional"),
                );
            }
        }
    }
}
