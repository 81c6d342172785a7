//! The same types as one writes them by hand for `serde_json`, without a check.
#![allow(dead_code, reason = "only read")]

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Credential {
    #[serde(rename = "authorizationState")]
    authorization_state: Option<String>,
    expiry_at: Option<u64>,
    token: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SubscriberInfo {
    id: String,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    job_title: Option<String>,
    time_zone: Option<f64>,
    country: Option<String>,
    region: Option<String>,
    company_name: Option<String>,
    push_notification_key: String,
    app_settings: Option<AppSettings>,
    fabric_addresses: Vec<FabricAddress>,
    sat_claims: Option<Claims>,
}

#[derive(Deserialize)]
struct AppSettings {
    display_name: String,
    scopes: Vec<String>,
}

#[derive(Deserialize)]
struct FabricAddress {
    id: String,
    resource_id: String,
    display_name: String,
    name: String,
    r#type: AddressType,
    cover_url: Option<String>,
    preview_url: Option<String>,
    locked: Option<bool>,
    created_at: Option<String>,
    channels: Channels,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum AddressType {
    App,
    Call,
    Room,
    Subscriber,
}

#[derive(Deserialize)]
struct Channels {
    audio: Option<String>,
    messaging: Option<String>,
    video: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    cnf: Option<Confirmation>,
    expires_at: Option<u64>,
    scope: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Confirmation {
    jkt: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ConnectResult {
    identity: String,
    authorization: Authorization,
    protocol: String,
    ice_servers: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Authorization {
    jti: Option<String>,
    project_id: String,
    fabric_subscriber: Option<FabricSubscriber>,
    scope: Option<Vec<String>>,
    cnf: Option<Confirmation>,
}

#[derive(Deserialize)]
struct FabricSubscriber {
    version: Option<u64>,
    expires_at: Option<f64>,
    subscriber_id: Option<String>,
    application_id: Option<String>,
    project_id: Option<String>,
    space_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(super) enum Warning {
    CredentialRefreshFallback {
        message: String,
        reason: String,
        source: String,
    },
    CredentialNoRefreshHandler {
        #[serde(rename = "expiresAt")]
        expires_at: u64,
        message: String,
        source: String,
    },
}
