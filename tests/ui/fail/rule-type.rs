//! Rules on types that they are not for.

use credwire::{EpochMillis, Validate};

#[derive(Validate)]
#[validate(at_least_one_of("name", "attempts"))]
struct Login {
    #[validate(range(1..=3))]
    name: Option<String>,
    #[validate(length(1..), jwk_thumbprint)]
    attempts: u8,
    #[validate(epoch_seconds)]
    ends: EpochMillis,
    #[validate(nested)]
    text: String,
    #[validate(epoch_millis)]
    flag: bool,
    #[validate(epoch_millis)]
    float: f64,
    #[validate(range(1..=60))]
    lasts: std::time::Duration,
    #[validate(items(length(1..)))]
    map: std::collections::HashMap<String, String>,
    #[validate(values(email), items(range(1..)))]
    list: Vec<String>,
    #[validate(required)]
    there: u8,
}

fn main() {}

// Faults: 13
