//! Behind a name that is not known here the compiler judges the types. The trait stands here, so
//! that the message does not hang on what else implements it.

pub struct Validator;

pub trait Validate {
    fn check(&self, validator: &mut Validator);
}

struct Unchecked;

#[derive(credwire::Validate)]
#[validate(crate = "crate")]
struct Login(#[validate(nested)] Unchecked);

fn main() {}
