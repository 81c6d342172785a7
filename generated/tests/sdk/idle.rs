//! What the application supplies to an SDK that asks for nothing of it.

use credwire_generated::{
    NodeSocketAdapter, NodeSocketAdapterAddress, NodeSocketAdapterProtocols, SdkLogger, Storage,
    WebSocketAdapter, WebSocketAdapterProtocols, WebSocketAdapterUrl, WebrtcApiProvider,
    WebrtcMediaDevices,
};
use serde_json::Value;

use crate::memory::Memory;

type Failure = Box<dyn std::error::Error + Send + Sync>;

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

impl NodeSocketAdapter<Memory> for Idle {
    fn create(
        &self,
        _: &NodeSocketAdapterAddress<Memory>,
        _: Option<&NodeSocketAdapterProtocols>,
        _: Option<&Value>,
    ) {
    }
}

impl WebSocketAdapter<Memory> for Idle {
    fn create(&self, _: &WebSocketAdapterUrl<Memory>, _: Option<&WebSocketAdapterProtocols>) {}
}

impl WebrtcApiProvider<Memory> for Idle {
    fn media_devices(&self) -> &Self {
        self
    }
    fn rtc_peer_connection(&self, _: Option<&Value>) {}
}

impl WebrtcMediaDevices<Memory> for Idle {
    fn add_event_listener(&self, _: &str, _: &()) {}
    async fn enumerate_devices(&self) -> Result<Vec<()>, Failure> {
        Ok(Vec::new())
    }
    async fn get_user_media(&self, _: &()) -> Result<(), Failure> {
        Ok(())
    }
    fn remove_event_listener(&self, _: &str, _: &()) {}
}
