//! What must hold for any text that is taken for a token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use credwire::{
    Secret,
    session::jose::{Header, HeaderError},
};
use serde::de::IgnoredAny;
use serde_json::Value;

/// Reads `bytes` as a token, and as the header of one.
///
/// # Panics
/// When something does not hold: a header is read from what is no token in compact form, or it is
/// not what the same text is as a JSON value, or an error repeats a part of the token. Panics of
/// the code under test are handed on.
pub fn check(bytes: &[u8]) {
    if let Ok(token) = std::str::from_utf8(bytes) {
        let read = read(token);
        let header = token.split('.').next().unwrap_or_default();
        match URL_SAFE_NO_PAD.decode(header) {
            Ok(header) if is_compact(token) => is_header(&header, &read),
            _ => assert!(read.is_err(), "a header of what is no token"),
        }
    }
    for rest in ["e30.c2ln", ".aXY.Ym9keQ.dGFn"] {
        let header = URL_SAFE_NO_PAD.encode(bytes);
        if header.len() > MAX_HEADER {
            assert_eq!(read(&format!("{header}.{rest}")), Err(HeaderError::TooLong));
        } else {
            is_header(bytes, &read(&format!("{header}.{rest}")));
        }
    }
}

/// Characters of a header that are read at most.
const MAX_HEADER: usize = 8 * 1024;

fn read(token: &str) -> Result<Header, HeaderError> {
    let read = Header::read(&Secret::from(token));
    if let Err(error) = &read {
        let told = format!("{error} {error:?}");
        let told_part = token.split('.').any(|part| part.len() > 20 && told.contains(part));
        assert!(!told_part, "{told}");
    }
    read
}

/// Three or five parts of base64url (RFC 7515, section 7.1; RFC 7516, section 7.1), the first of
/// them of a length that is read.
fn is_compact(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let is_base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    matches!(parts.len(), 3 | 5)
        && parts[0].len() <= MAX_HEADER
        && parts.iter().all(|part| part.bytes().all(is_base64url))
}

fn is_header(json: &[u8], read: &Result<Header, HeaderError>) {
    let Ok(Value::Object(members)) = serde_json::from_slice(json) else {
        // What nobody asks for may be more than a value holds: nested deeper, a huge number, a lone
        // surrogate.
        let text = std::str::from_utf8(json).ok();
        let skipped = text.is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        assert!(read.is_err() || skipped, "a header of what is no JSON");
        return;
    };
    let text = |name: &str| match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(()),
    };
    match (text("ch"), text("typ"), read) {
        (Ok(ch), Ok(typ), Ok(header)) => {
            assert_eq!((header.ch.as_deref(), header.typ.as_deref()), (ch, typ));
        }
        (Err(()), _, read) | (_, Err(()), read) => assert_eq!(*read, Err(HeaderError::Json)),
        (Ok(_), Ok(_), Err(error)) => {
            // A member that stands there twice is refused (RFC 7515, section 4).
            let name =
                |name: &str| json.windows(name.len()).filter(|w| *w == name.as_bytes()).count();
            let may_repeat = name("ch") > 1 || name("typ") > 1 || json.contains(&b'\\');
            assert!(may_repeat, "{error}: {}", String::from_utf8_lossy(json));
        }
    }
}
