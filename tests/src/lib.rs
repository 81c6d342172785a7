//! What the tests share.

pub mod live;
pub mod soak;
