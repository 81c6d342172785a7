//! What the tests share.

pub mod day;
pub mod live;
