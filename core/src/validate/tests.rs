//! The walk and its places.

use super::*;

struct Odd(u32);

impl Validate for Odd {
    fn check(&self, validator: &mut Validator) {
        if self.0.is_multiple_of(2) {
            validator.report("odd", "must be odd");
        }
    }
}

#[test]
fn every_violation_is_reported_with_its_pointer() {
    let mut validator = Validator::default();
    validator.at("a/b", |v| vec![Odd(1), Odd(2), Odd(4)].check(v));
    let violations = validator.finish().unwrap_err();
    let pointers: Vec<_> = violations.iter().map(Violation::pointer).collect();
    assert_eq!(pointers, ["/a~1b/1", "/a~1b/2"]);
    assert_eq!(violations.to_string(), "/a~1b/1: must be odd; /a~1b/2: must be odd");
    let written = serde_json::to_value(&violations).unwrap();
    let odd = |pointer| serde_json::json!({ "pointer": pointer, "rule": "odd", "message": "must be odd" });
    assert_eq!(written, serde_json::json!([odd("/a~1b/1"), odd("/a~1b/2")]));
}

#[test]
fn a_value_without_fault_passes() {
    assert_eq!(Some(Odd(3)).validate(), Ok(()));
    assert_eq!(None::<Odd>.validate(), Ok(()));
}
