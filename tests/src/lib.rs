//! What the tests share.

pub mod live;
