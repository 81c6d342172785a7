//! The forms of texts that rules know.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A form that a text must have.
#[derive(Clone, Copy, Debug)]
pub struct TextForm {
    pub(super) rule: &'static str,
    pub(super) expected: &'static str,
    /// Whether a text has the form.
    pub fits: fn(&str) -> bool,
}

/// `email`.
pub const EMAIL: TextForm =
    TextForm { rule: "email", expected: "expected an e-mail address", fits: is_email };
/// `url`.
pub const URL: TextForm =
    TextForm { rule: "url", expected: "expected an absolute URL", fits: is_url };
/// `ip`.
pub const IP: TextForm = TextForm {
    rule: "ip",
    expected: "expected an IP address",
    fits: |text| text.parse::<IpAddr>().is_ok(),
};
/// `ipv4`.
pub const IPV4: TextForm = TextForm {
    rule: "ipv4",
    expected: "expected an IPv4 address",
    fits: |text| text.parse::<Ipv4Addr>().is_ok(),
};
/// `ipv6`.
pub const IPV6: TextForm = TextForm {
    rule: "ipv6",
    expected: "expected an IPv6 address",
    fits: |text| text.parse::<Ipv6Addr>().is_ok(),
};
/// `ascii`.
pub const ASCII: TextForm =
    TextForm { rule: "ascii", expected: "expected ASCII characters only", fits: str::is_ascii };
/// `alphanumeric`.
pub const ALPHANUMERIC: TextForm = TextForm {
    rule: "alphanumeric",
    expected: "expected letters and digits only",
    fits: |text| text.chars().all(char::is_alphanumeric),
};
/// `printable`.
pub const PRINTABLE: TextForm = TextForm {
    rule: "printable",
    expected: "expected no control characters",
    fits: |text| !text.chars().any(char::is_control),
};
/// `credit_card`.
pub const CREDIT_CARD: TextForm = TextForm {
    rule: "credit-card",
    expected: "expected the number of a payment card",
    fits: is_card,
};
/// `phone`.
pub const PHONE: TextForm = TextForm {
    rule: "phone",
    expected: "expected a phone number in the form of E.164, such as +15550100",
    fits: is_phone,
};
/// `jwk_thumbprint`.
pub const JWK_THUMBPRINT: TextForm = TextForm {
    rule: "jwk-thumbprint",
    expected: "expected a JWK thumbprint: 43 characters of base64url",
    fits: super::super::form::is_jwk_thumbprint,
};

/// The form that HTML gives an address, with letters of any script (RFC 6531), and the lengths of
/// RFC 5321.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_atom = |letter: char| {
        letter.is_ascii_alphanumeric()
            || ".!#$%&'*+/=?^_`{|}~-".contains(letter)
            || !letter.is_ascii() && letter.is_alphanumeric()
    };
    (1..=64).contains(&local.len())
        && domain.len() <= 255
        && local.chars().all(is_atom)
        && is_domain(domain)
}

/// Labels of letters, digits and hyphens, separated by dots.
fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter == '-' || letter.is_alphanumeric())
    })
}

/// An absolute URL (RFC 3986); a scheme with `//` needs a host.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let is_plain = !rest.is_empty()
        && rest.bytes().all(|byte| {
            !matches!(
                byte,
                0..=b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0x7f
            )
        })
        && (rest.is_ascii() || !rest.contains(|c: char| c.is_whitespace() || c.is_control()))
        && has_whole_escapes(rest);
    let has_host = rest.strip_prefix("//").is_none_or(|rest| {
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
        let authority = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        scheme.eq_ignore_ascii_case("file") && authority.is_empty() || is_authority(authority)
    });
    is_scheme && is_plain && has_host
}

/// Whether two hexadecimal digits follow each `%`.
fn has_whole_escapes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let mut escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    escapes.all(|(at, _)| is_digit(at + 1) && is_digit(at + 2))
}

fn is_authority(authority: &str) -> bool {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let Some((address, rest)) = rest.split_once(']') else { return false };
            if address.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            match (rest.is_empty(), rest.strip_prefix(':')) {
                (true, _) => (address, None),
                (false, Some(port)) => (address, Some(port)),
                (false, None) => return false,
            }
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, None),
        },
    };
    let is_port = |port: &str| {
        port.is_empty() || port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
    };
    !name.is_empty() && !host.contains('@') && port.is_none_or(is_port)
}

/// Twelve to nineteen digits with the check digit of ISO/IEC 7812; blanks and hyphens separate.
fn is_card(text: &str) -> bool {
    let mut sum = 0_u32;
    let mut count = 0_u32;
    for letter in text.chars().rev() {
        let Some(digit) = letter.to_digit(10) else {
            if matches!(letter, ' ' | '-') {
                continue;
            }
            return false;
        };
        let doubled = if count % 2 == 1 { digit * 2 } else { digit };
        sum += if doubled > 9 { doubled - 9 } else { doubled };
        count = count.saturating_add(1);
        if count > 19 {
            return false;
        }
    }
    (12..=19).contains(&count) && sum.is_multiple_of(10)
}

/// `+`, a country code and a number: up to fifteen digits.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_from_what_looks_like_them() {
        for (form, fits, others) in [
            (
                EMAIL,
                &["a@b", "first.last+tag@example.com", "ä@exämple.org", "a@1.2"][..],
                &["", "a", "@b", "a@", "a b@c", "a@b..c", "a@-b", "a@b-", "a@b_c", "a\"@b", "a@b@"]
                    [..],
            ),
            (
                URL,
                &[
                    "https://example.com",
                    "http://[::1]:80/a?b#c",
                    "mailto:a@b",
                    "file:///etc/x",
                    "wss://user@host:1/%20",
                ],
                &[
                    "",
                    "example.com",
                    "https://",
                    "https:// x",
                    "http://[::1",
                    "http://a:99999/",
                    "1a:b",
                    "http://a/%2",
                    "http://[::g]/",
                    "http://:80",
                    "a:",
                ],
            ),
            (IP, &["127.0.0.1", "::1"], &["", "1.2.3", "256.1.1.1"]),
            (IPV4, &["127.0.0.1"], &["::1"]),
            (IPV6, &["::1"], &["127.0.0.1"]),
            (ASCII, &["", "a\n"], &["ä"]),
            (ALPHANUMERIC, &["", "aä1"], &["a b", "a_"]),
            (PRINTABLE, &["", "a ä"], &["a\n", "\u{7f}"]),
            (
                CREDIT_CARD,
                &["4242 4242 4242 4242", "378282246310005"],
                &["", "4242424242424241", "x"],
            ),
            (PHONE, &["+15550100"], &["15550100", "+0555010012", "+1", "+1555 010012"]),
        ] {
            for text in fits {
                assert!((form.fits)(text), "{} {text}", form.rule);
            }
            for text in others {
                assert!(!(form.fits)(text), "{} {text}", form.rule);
            }
        }
    }
}
