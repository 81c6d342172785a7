//! Every type on the wire.

use std::path::PathBuf;

use credwire_core::{FromJson, FromJsonError, SerializeExposed};
use credwire_generated::*;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// One type.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// Reads and checks a text; what the value is written as.
    pub(crate) read: fn(&str) -> Result<Value, FromJsonError>,
    pub(crate) schemars: fn() -> Value,
}

impl Subject {
    /// The committed schema.
    pub(crate) fn document(&self) -> Value {
        let path = directory().join(format!("{}.json", self.name));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }
}

/// Where the schemas are.
pub(crate) fn directory() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "generated", "json-schema"].iter().collect()
}

fn read<T: FromJson + SerializeExposed>(text: &str) -> Result<Value, FromJsonError> {
    T::from_json(text).map(|value| serde_json::to_value(value.exposed()).unwrap())
}

fn schemars<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

macro_rules! subjects {
    ($($ty:ident,)*) => {
        pub(crate) fn subjects() -> Vec<Subject> {
            vec![$(Subject {
                name: stringify!($ty),
                read: |text| read::<$ty>(text),
                schemars: schemars::<$ty>,
            }),*]
        }
    };
}

subjects! {
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
