//! `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{Duration, UNIX_EPOCH};

use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

use crate::EpochMillis;

/// The longest wait that is honoured. What asks for more, or for more than can be counted, counts
/// as this.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(15 * 60);

/// How long the server asks to wait before the same request, at most 15 min.
///
/// Seconds may have a fraction. A date is measured against the `Date` of the same response, so that
/// a skewed clock on either side does no harm; without one, against `server_now`.
pub(crate) fn retry_after(
    headers: &HeaderMap,
    server_now: impl FnOnce() -> EpochMillis,
) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?;
    let delay = match seconds(value) {
        Some(delay) => delay,
        None => {
            let until = http_date(value)?;
            let now = headers.get(DATE).and_then(http_date).unwrap_or_else(server_now);
            until.saturating_since(now)
        }
    };
    Some(delay.min(MAX_RETRY_AFTER))
}

/// A number of seconds of any size; rounded up, for a server that is asked too early refuses again.
fn seconds(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    // Digits that do not fit are a number all the same.
    let seconds = whole.parse().unwrap_or(u64::MAX);
    let rest = u64::from(fraction.bytes().any(|digit| digit != b'0'));
    Some(Duration::from_secs(seconds.saturating_add(rest)))
}

/// Reads an HTTP date (RFC 9110, section 5.6.7).
pub(crate) fn http_date(value: &HeaderValue) -> Option<EpochMillis> {
    let date = httpdate::parse_http_date(value.to_str().ok()?.trim()).ok()?;
    Some(EpochMillis::new(0).saturating_add(date.duration_since(UNIX_EPOCH).ok()?))
}

#[cfg(test)]
pub(crate) mod tests {
    use reqwest::header::HeaderName;

    use super::*;

    /// Headers for tests.
    pub(crate) fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        });
        pairs.collect()
    }

    fn read(pairs: &[(&'static str, &str)]) -> Option<u64> {
        // 2023-11-14T22:13:20Z.
        let now = || EpochMillis::new(1_700_000_000_000);
        retry_after(&headers(pairs), now).map(|delay| delay.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        let date = ("date", "Tue, 14 Nov 2023 22:03:20 GMT");
        let later = ("retry-after", "Tue, 14 Nov 2023 22:04:00 GMT");
        for (text, expected) in [(" 5 ", 5), ("0", 0), ("1.5", 2), ("7.0", 7), ("899", 899)] {
            assert_eq!(read(&[("retry-after", text)]), Some(expected), "{text}");
        }
        assert_eq!(read(&[date, later]), Some(40), "by the date of the response");
        assert_eq!(read(&[later]), Some(0), "by the given time: it has passed");
        let later = ("retry-after", "Tue, 14 Nov 2023 22:14:20 GMT");
        assert_eq!(read(&[later]), Some(60));
        assert_eq!(read(&[("date", "made up"), later]), Some(60));
    }

    #[test]
    fn absurd_values_count_as_the_longest_wait() {
        for text in ["901", "86400", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"]
        {
            assert_eq!(read(&[("retry-after", text)]), Some(900), "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_ignored() {
        for text in ["-5", "soon", "", ".", ".5", "1e3", "5s", "Tue, 14 Nov 2023"] {
            assert_eq!(read(&[("retry-after", text)]), None, "{text}");
        }
        assert_eq!(read(&[]), None);
    }
}
