//! Every rule of `#[derive(Validate)]`, at its bounds, with the pointers that serde's names give.

use std::{borrow::Cow, collections::HashMap};

use credwire::{EpochMillis, EpochSeconds, Secret, Validate};
use serde::Deserialize;

const LIMIT: usize = 3;

#[derive(Default, Deserialize, Validate)]
#[serde(rename_all = "camelCase", default)]
#[validate(at_least_one_of("api_token", "log_in", "names"))]
#[validate(at_least_one_of("names", "inner"))]
struct Sample {
    api_token: Option<Secret<String>>,
    #[serde(rename = "login")]
    log_in: String,
    #[validate(length(..=LIMIT))]
    names: Vec<String>,
    #[validate(length(2..4))]
    short_text: Option<Cow<'static, str>>,
    #[validate(length(1..), jwk_thumbprint)]
    finger_print: Option<Box<str>>,
    #[validate(length(8..))]
    pass_word: Option<Secret>,
    #[validate(range(-1.5..=1.5))]
    share: f64,
    #[validate(range(1..))]
    count: Option<u8>,
    #[validate(epoch_millis)]
    at: Option<EpochMillis>,
    #[validate(epoch_millis)]
    at_number: Option<u64>,
    #[validate(epoch_seconds)]
    until: Option<Option<EpochSeconds>>,
    #[validate(nested)]
    inner: Option<Vec<Inner>>,
    #[serde(flatten)]
    #[validate(nested)]
    flat: Inner,
    #[validate(length(..=1))]
    map: HashMap<String, u8>,
    #[cfg(any())]
    #[validate(nested)]
    gone: NoSuchType,
}

#[derive(Default, Deserialize, Validate)]
#[serde(default)]
struct Inner {
    #[validate(range(..5))]
    level: u8,
}

#[derive(Validate)]
struct Wrapper<T>(#[validate(nested)] T);

#[derive(Validate)]
struct Pair<'a>(#[validate(length(1..))] &'a str, #[validate(range(1..))] u8);

#[derive(Validate)]
struct Nothing;

fn broken(value: &impl Validate) -> Vec<String> {
    let violations = value.validate().err();
    violations
        .iter()
        .flat_map(|violations| violations.iter())
        .map(|violation| format!("{} {}", violation.pointer(), violation.rule()))
        .collect()
}

fn sample(json: &str) -> Vec<String> {
    broken(&serde_json::from_str::<Sample>(json).unwrap())
}

pub(crate) fn main() {
    let thumbprint = "0123456789-_abcdefghijklmnopqrstuvwxyzABCDE";
    assert_eq!(sample("{}"), [" one-of", " one-of"]);
    assert_eq!(sample(r#"{"names": [], "apiToken": "", "inner": []}"#), [" one-of", " one-of"]);
    assert_eq!(sample(r#"{"login": "x", "inner": [{}]}"#), Vec::<String>::new());

    let at_the_bounds = format!(
        r#"{{"names": ["a", "b", "c"], "shortText": "äöü", "fingerPrint": "{thumbprint}",
            "passWord": "12345678", "share": -1.5, "count": 1, "at": 1700000000000,
            "atNumber": 1700000000000, "until": 1700000000, "inner": [{{"level": 4}}],
            "level": 4, "map": {{"a": 1}}}}"#
    );
    assert_eq!(sample(&at_the_bounds), Vec::<String>::new());

    let beyond = format!(
        r#"{{"names": ["a", "b", "c", "d"], "shortText": "äöüß", "fingerPrint": "{thumbprint}=",
            "passWord": "1234567", "share": 1.6, "count": 0, "at": 1700000000,
            "atNumber": 18446744073709551615, "until": 1700000000000,
            "inner": [{{"level": 4}}, {{"level": 5}}], "level": 5, "map": {{"a": 1, "b": 2}}}}"#
    );
    assert_eq!(
        sample(&beyond),
        [
            "/names length",
            "/shortText length",
            "/fingerPrint jwk-thumbprint",
            "/passWord length",
            "/share range",
            "/count range",
            "/at epoch-millis",
            "/atNumber epoch-millis",
            "/until epoch-seconds",
            "/inner/1/level range",
            "/level range",
            "/map length",
        ]
    );
    let mut nan = Sample { log_in: "x".to_owned(), names: vec![String::new()], ..Sample::default() };
    nan.share = f64::NAN;
    assert_eq!(broken(&nan), ["/share range"]);
    let text = nan.validate().unwrap_err().to_string();
    assert_eq!(text, "/share: expected a number from -1.5 to 1.5");

    assert_eq!(broken(&Wrapper(Inner { level: 9 })), ["/level range"]);
    assert_eq!(broken(&Pair("", 0)), ["/0 length", "/1 range"]);
    assert_eq!(broken(&Nothing), Vec::<String>::new());
    assert!(nan.api_token.is_none() && nan.flat.level == 0);
}
