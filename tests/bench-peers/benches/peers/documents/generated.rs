//! The one document whose type is not part of the API: made from its schema, as users do.

credwire_macros::interface!(
    "schema/SubscriberInfo.json",
    "schema/AppSettings.json",
    "schema/FabricAddress.json",
    "schema/Channels.json",
    "schema/Claims.json",
    "schema/Confirmation.json",
    crate = "crate::credwire",
);
