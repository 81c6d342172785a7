//! Where a deserializer is in a text.

use std::fmt::Write as _;

/// Where a walk is; a chain through the stack, so that walking allocates nothing.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// The JSON pointer of the place.
    pub(super) fn pointer(self) -> String {
        let mut pointer = String::new();
        self.write(&mut pointer);
        pointer
    }

    fn write(self, pointer: &mut String) {
        match self {
            Self::Root => {}
            Self::Member(parent, name) => {
                parent.write(pointer);
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Self::Item(parent, index) => {
                parent.write(pointer);
                // Writing to a String cannot fail.
                let _ = write!(pointer, "/{index}");
            }
        }
    }
}
