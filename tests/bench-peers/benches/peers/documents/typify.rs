//! The same types as typify makes them from the JSON Schemas.

#[allow(warnings, reason = "the code is typify's")]
mod made {
    include!(concat!(env!("OUT_DIR"), "/typify.rs"));
}

pub(super) use made::{
    connect_result::SignalwireConnectResult as ConnectResult,
    credential::SdkCredential as Credential, subscriber_info::SubscriberInfo,
    warning::CredentialNoRefreshHandlerWarning as Warning,
};
