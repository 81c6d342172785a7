//! What must hold for any bytes that are read as a type of the wire.

use std::fmt::Debug;

use credwire_core::*;
use credwire_generated::*;
use serde_json::Value;

/// Reads bytes as one type and says whether they are a value of it.
pub type Check = fn(&[u8]) -> bool;

macro_rules! types {
    ($($ty:ident,)*) => {
        /// The types, by name, each with the check that reads bytes as it and says whether they are
        /// a value of it.
        pub const TYPES: &[(&str, Check)] = &[$((stringify!($ty), check_type::<$ty>),)*];
    };
}

types! {
    Acknowledgement,
    AuthenticateContext,
    AuthorizationStateEvent,
    CallCapabilitiesState,
    CallDiagnosticSummary,
    CallDirection,
    CallErrorKind,
    CallNetworkIssue,
    CallNetworkMetrics,
    CallStatus,
    Capability,
    CredentialNoRefreshHandlerWarning,
    CredentialRefreshFallbackReason,
    CredentialRefreshFallbackWarning,
    DebugOptions,
    DiagnosticEvent,
    JsonRpcErrorResponse,
    JsonRpcRequest,
    JsonRpcResponse,
    JsonRpcSuccessResponse,
    LayoutLayer,
    LogLevel,
    MediaDirections,
    MemberCapabilities,
    OnOffCapability,
    PlatformCapabilities,
    QualityLevel,
    RecoveryEvent,
    RecoveryState,
    ResilienceCallStatus,
    SatClaims,
    ScreenShareStatus,
    SdkCredential,
    SdkWarning,
    SelectDeviceOptions,
    SessionAuthorization,
    SignalwireConnectParams,
    SignalwireConnectResult,
    SignalwireDisconnectParams,
    SignalwireEventParams,
    SignalwirePingParams,
    SignalwirePingResult,
    SignalwireReauthenticateParams,
    SignalwireReauthenticateResult,
    StoredDevicePreference,
    SubscriberOfflineParams,
    SubscriberOnlineParams,
    SubscriberStatus,
    TransferOptions,
    UserPresence,
    VideoPosition,
}

/// Reads what follows the first byte as the type that this byte selects.
///
/// # Panics
/// As [`check_type`].
pub fn check(bytes: &[u8]) {
    if let Some((selector, text)) = bytes.split_first() {
        let (_, check) = TYPES[usize::from(*selector) % TYPES.len()];
        check(text);
    }
}

/// Reads `bytes` as a value of this type.
///
/// # Panics
/// When something does not hold: two ways of reading disagree, a value that was read is not the
/// same after it was written and read again, an error names a place that is not in the text or
/// repeats what stands there. Panics of the code under test are handed on.
fn check_type<T: FromJson + SerializeExposed + Debug>(bytes: &[u8]) -> bool {
    let read = T::from_json_slice(bytes);
    let plain = serde_json::from_slice::<T>(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert_eq!(T::from_json(text).as_ref().map(written), read.as_ref().map(written));
    }
    match (read, plain) {
        (Ok(value), Ok(plain)) => {
            assert_eq!(written(&value), written(&plain), "serde reads another value");
            accepted(&value);
            true
        }
        (Err(FromJsonError::Rules(violations)), Ok(plain)) => {
            assert_eq!(plain.validate().as_ref(), Err(&violations), "other violations");
            // What nobody asks for is passed over, also where it is no value.
            if let Ok(document) = serde_json::from_slice::<Value>(bytes) {
                for violation in violations.iter() {
                    place(&document, violation.pointer());
                }
                silent(&document, &violations.to_string());
            }
            false
        }
        (Err(FromJsonError::Decode(error)), Err(_)) => {
            refused(bytes, &error);
            false
        }
        (read, plain) => panic!("from_json: {read:?}; serde: {plain:?}"),
    }
}

/// The value as JSON text, with its secrets.
fn written(value: &impl SerializeExposed) -> String {
    serde_json::to_string(&value.exposed()).expect("what was read can be written")
}

/// Writing and reading again changes nothing.
fn accepted<T: FromJson + SerializeExposed + Debug>(value: &T) {
    let text = written(value);
    let again = T::from_json(&text).unwrap_or_else(|error| panic!("{text} is refused: {error}"));
    assert_eq!(written(&again), text, "a value changed");
    assert_eq!(format!("{again:?}"), format!("{value:?}"), "a value changed");
}

fn refused(bytes: &[u8], error: &DecodeError) {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    // Line 0 is none: of a text that ended, or of a value without a text.
    let line = error.line().checked_sub(1).map(|line| lines.get(line));
    let inside = line.is_none_or(|line| line.is_some_and(|l| error.column() <= l.len() + 1));
    assert!(inside, "{error} is not in the text");
    if let Ok(document) = serde_json::from_slice::<Value>(bytes) {
        assert_eq!(error.kind(), DecodeErrorKind::Type, "{error}");
        place(&document, error.pointer());
        silent(&document, &error.to_string());
    }
}

/// The pointer leads to a value, or to a member or item that one lacks.
fn place(document: &Value, pointer: &str) {
    let found = document.pointer(pointer).is_some()
        || pointer.rsplit_once('/').is_some_and(|(above, _)| document.pointer(above).is_some());
    assert!(found, "{pointer} leads nowhere");
}

/// The message repeats no text of the document. Texts that are all ASCII may be words of its own,
/// and the names of members are shown.
fn silent(document: &Value, message: &str) {
    let (mut texts, mut names) = (Vec::new(), String::new());
    collect(document, &mut texts, &mut names);
    for text in texts {
        let tells = text.chars().filter(|c| !c.is_ascii()).count() > 2;
        assert!(!tells || names.contains(text) || !message.contains(text), "{message}");
    }
}

fn collect<'a>(document: &'a Value, texts: &mut Vec<&'a str>, names: &mut String) {
    match document {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts, names)),
        Value::Object(members) => {
            for (name, member) in members {
                names.push_str(name);
                names.push('\n');
                collect(member, texts, names);
            }
        }
        _ => {}
    }
}
