//! A platform without media, whose calls can be aborted.

use credwire::{
    NodeSocketAdapter, NodeSocketAdapterAddress, NodeSocketAdapterProtocols, Platform, SdkLogger,
    Storage, WebSocketAdapter, WebSocketAdapterProtocols, WebSocketAdapterUrl, WebrtcApiProvider,
    WebrtcMediaDevices, client::AbortSignal,
};
use serde_json::Value;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What it lacks is `()`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Headless;

impl Platform for Headless {
    type AbortSignal = AbortSignal;
    type DisplayMediaStreamOptions = ();
    type Error = std::fmt::Error;
    type EventListenerOrEventListenerObject = ();
    type HtmlMediaElement = ();
    type MediaDeviceInfo = ();
    type MediaStream = ();
    type MediaStreamConstraints = ();
    type MediaTrackCapabilities = ();
    type MediaTrackConstraints = ();
    type NodeSocketAdapter = Idle;
    type NodeSocketClient = ();
    type RtcIceServer = ();
    type RtcPeerConnection = ();
    type SdkLogger = Idle;
    type Storage = Idle;
    type Url = ();
    type WebSocketAdapter = Idle;
    type WebSocketClient = ();
    type WebrtcApiProvider = Idle;
    type WebrtcMediaDevices = Idle;
}

/// What an application supplies that is never asked for anything.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Idle;

impl SdkLogger for Idle {
    fn debug(&self, _: &[Value]) {}
    fn error(&self, _: &[Value]) {}
    fn info(&self, _: &[Value]) {}
    fn trace(&self, _: &[Value]) {}
    fn warn(&self, _: &[Value]) {}
}

impl Storage for Idle {
    async fn clear(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    async fn get_item(&self, _: &str, _: &str) -> Result<Option<String>, Failure> {
        Ok(None)
    }
    async fn remove_item(&self, _: &str, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    async fn set_item(&self, _: &str, _: Option<&str>, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

impl NodeSocketAdapter<Headless> for Idle {
    fn create(
        &self,
        _: &NodeSocketAdapterAddress<Headless>,
        _: Option<&NodeSocketAdapterProtocols>,
        _: Option<&Value>,
    ) {
    }
}

impl WebSocketAdapter<Headless> for Idle {
    fn create(&self, _: &WebSocketAdapterUrl<Headless>, _: Option<&WebSocketAdapterProtocols>) {}
}

impl WebrtcApiProvider<Headless> for Idle {
    fn media_devices(&self) -> &Self {
        self
    }
    fn rtc_peer_connection(&self, _: Option<&Value>) {}
}

impl WebrtcMediaDevices<Headless> for Idle {
    fn add_event_listener(&self, _: &str, _: &()) {}
    async fn enumerate_devices(&self) -> Result<Vec<()>, Failure> {
        Ok(Vec::new())
    }
    async fn get_user_media(&self, _: &()) -> Result<(), Failure> {
        Ok(())
    }
    fn remove_event_listener(&self, _: &str, _: &()) {}
}
