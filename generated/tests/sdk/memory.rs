//! An SDK in memory, with a directory, its addresses and their calls.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use credwire_core::EpochMillis;
use credwire_generated::{
    Address, AddressChannels, AddressHistory, CallState, CallStatus, Directory, Observable,
    Platform, SdkTypes, TextMessage,
};
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio_stream::{Stream, wrappers::WatchStream};

use crate::idle::Idle;

/// What goes wrong in memory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refused(pub(crate) &'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refused {}

/// The SDK in memory: what it lacks is `()`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Memory;

impl Platform for Memory {
    type AbortSignal = ();
    type DisplayMediaStreamOptions = ();
    type Error = Refused;
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

impl SdkTypes for Memory {
    type Address = Contact;
    type AddressProvider<A>
        = ()
    where
        A: Clone + fmt::Debug + PartialEq + Send + Sync + 'static;
    type Call = ();
    type CallAddress = ();
    type CallParticipant = ();
    type CallSelfParticipant = ();
    type CallState = Line;
    type CallTextMessageCollection = ();
    type ClientPreferences = ();
    type ClientSession = ();
    type ClientSessionWrapper = ();
    type ConversationsProvider = ();
    type CredentialProvider = Idle;
    type DeviceController = ();
    type Directory = Contacts;
    type EmbedTokenCredentialProvider = ();
    type EntityCollectionTransformed<A, B>
        = Vec<B>
    where
        A: Clone + fmt::Debug + PartialEq + Send + Sync + 'static,
        B: Clone + fmt::Debug + PartialEq + Send + Sync + 'static;
    type ExecuteMethod = Idle;
    type HttpRequestController = ();
    type InternalSdkLogger = ();
    type Participant = ();
    type SelfCapabilities = ();
    type SelfParticipant = ();
    type SessionState = ();
    type Signalwire = ();
    type StaticCredentialProvider = ();
    type StorageManager = ();
    type User = ();
    type WebrtcCall = ();
}

/// A value that can be watched: the one of now, then those that follow.
struct Live<T>(watch::Sender<T>);

impl<T: Clone + Send + Sync + 'static> Live<T> {
    fn new(value: T) -> Self {
        Self(watch::Sender::new(value))
    }

    fn now(&self) -> T {
        self.0.borrow().clone()
    }

    fn stream(&self) -> impl Stream<Item = T> + Send + use<T> + 'static {
        WatchStream::new(self.0.subscribe())
    }
}

/// A handle: clones stand for the same object.
macro_rules! handle {
    ($name:ident, $state:ident) => {
        #[derive(Clone)]
        pub(crate) struct $name(Arc<$state>);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                Arc::ptr_eq(&self.0, &other.0)
            }
        }
    };
}

handle!(Line, LineState);

pub(crate) struct LineState {
    id: String,
    status: Live<CallStatus>,
    meta: Live<Map<String, Value>>,
}

impl Line {
    pub(crate) fn new(id: &str, status: CallStatus) -> Self {
        let (status, meta) = (Live::new(status), Live::new(Map::new()));
        Self(Arc::new(LineState { id: id.to_owned(), status, meta }))
    }

    pub(crate) fn turn(&self, status: CallStatus) {
        self.0.status.0.send_replace(status);
    }
}

impl CallState<Memory> for Line {
    fn id(&self) -> String {
        self.0.id.clone()
    }
    fn locked(&self) -> bool {
        false
    }
    fn locked_stream(&self) -> impl Stream<Item = bool> + Send + 'static {
        tokio_stream::once(false)
    }
    fn meta(&self) -> Map<String, Value> {
        self.0.meta.now()
    }
    fn meta_stream(&self) -> impl Stream<Item = Map<String, Value>> + Send + 'static {
        self.0.meta.stream()
    }
    fn participants(&self) -> Vec<()> {
        Vec::new()
    }
    fn participants_stream(&self) -> impl Stream<Item = Vec<()>> + Send + 'static {
        tokio_stream::empty()
    }
    fn raise_hand_priority(&self) -> bool {
        false
    }
    fn raise_hand_priority_stream(&self) -> impl Stream<Item = bool> + Send + 'static {
        tokio_stream::empty()
    }
    fn recording(&self) -> bool {
        false
    }
    fn recording_stream(&self) -> impl Stream<Item = bool> + Send + 'static {
        tokio_stream::empty()
    }
    async fn set_meta(&self, meta: &Map<String, Value>) -> Result<(), Refused> {
        if self.status() == CallStatus::Destroyed {
            return Err(Refused("the call is over"));
        }
        self.0.meta.0.send_replace(meta.clone());
        Ok(())
    }
    fn status(&self) -> CallStatus {
        self.0.status.now()
    }
    fn status_stream(&self) -> impl Stream<Item = CallStatus> + Send + 'static {
        self.0.status.stream()
    }
    fn streaming(&self) -> bool {
        false
    }
    fn streaming_stream(&self) -> impl Stream<Item = bool> + Send + 'static {
        tokio_stream::empty()
    }
    async fn update_meta(&self, meta: &Map<String, Value>) -> Result<(), Refused> {
        let mut all = self.meta();
        all.extend(meta.clone());
        self.set_meta(&all).await
    }
}

handle!(Contact, ContactState);

pub(crate) struct ContactState {
    name: String,
    calls: Live<Vec<Line>>,
    messages: Mutex<Vec<TextMessage<Contact>>>,
}

impl Contact {
    fn named(name: &str) -> Self {
        let (calls, messages) = (Live::new(Vec::new()), Mutex::new(Vec::new()));
        Self(Arc::new(ContactState { name: name.to_owned(), calls, messages }))
    }
}

impl Address<Memory> for Contact {
    fn activity(&self) -> Vec<Line> {
        self.0.calls.now()
    }
    fn activity_stream(&self) -> impl Stream<Item = Vec<Line>> + Send + 'static {
        self.0.calls.stream()
    }
    fn channels(&self) -> AddressChannels {
        AddressChannels::new().with_audio(format!("/private/{}", self.0.name))
    }
    fn channels_stream(&self) -> impl Stream<Item = AddressChannels> + Send + 'static {
        tokio_stream::once(self.channels())
    }
    fn cover_url(&self) -> Option<String> {
        None
    }
    fn cover_url_stream(&self) -> impl Stream<Item = Option<String>> + Send + 'static {
        tokio_stream::once(None)
    }
    fn created_at(&self) -> String {
        "2026-01-01T00:00:00Z".to_owned()
    }
    fn default_channel(&self) -> Option<String> {
        self.channels().audio
    }
    fn destroy(&self) {
        self.0.messages.lock().unwrap().clear();
    }
    fn destroyed_stream(&self) -> impl Stream<Item = ()> + Send + 'static {
        tokio_stream::empty()
    }
    fn display_name(&self) -> String {
        self.0.name.to_uppercase()
    }
    fn display_name_stream(&self) -> impl Stream<Item = String> + Send + 'static {
        tokio_stream::once(self.display_name())
    }
    fn history(&self) -> Option<Vec<AddressHistory<Self>>> {
        None
    }
    fn history_stream(
        &self,
    ) -> impl Stream<Item = Option<Vec<AddressHistory<Self>>>> + Send + 'static {
        tokio_stream::empty()
    }
    fn id(&self) -> String {
        self.0.name.clone()
    }
    fn locked(&self) -> bool {
        false
    }
    fn locked_stream(&self) -> impl Stream<Item = bool> + Send + 'static {
        tokio_stream::empty()
    }
    fn name(&self) -> String {
        self.0.name.clone()
    }
    fn new(address_id: &str, (): &(), (): &()) -> Result<Self, Refused> {
        if address_id.is_empty() {
            return Err(Refused("an address has an id"));
        }
        Ok(Self::named(address_id))
    }
    fn preview_url(&self) -> Option<String> {
        None
    }
    fn preview_url_stream(&self) -> impl Stream<Item = Option<String>> + Send + 'static {
        tokio_stream::empty()
    }
    fn r#type(&self) -> Value {
        json!("subscriber")
    }
    fn resource_id(&self) -> String {
        self.0.name.clone()
    }
    fn resource_id_stream(&self) -> impl Stream<Item = String> + Send + 'static {
        tokio_stream::empty()
    }
    async fn send_text(&self, text: &str) -> Result<(), Refused> {
        let from = self.clone();
        let mut messages = self.0.messages.lock().unwrap();
        let created = EpochMillis::new(1_767_225_600_000);
        let id = messages.len().to_string();
        messages.push(
            TextMessage::new(created, id, text).with_from_address_stream(Observable::new(
                move || tokio_stream::once(from.clone()),
            )),
        );
        Ok(())
    }
    fn text_message(&self) -> Option<Vec<TextMessage<Self>>> {
        Some(self.0.messages.lock().unwrap().clone())
    }
    fn text_messages_stream(
        &self,
    ) -> impl Stream<Item = Option<Vec<TextMessage<Self>>>> + Send + 'static {
        tokio_stream::once(self.text_message())
    }
    fn type_stream(&self) -> impl Stream<Item = Value> + Send + 'static {
        tokio_stream::once(self.r#type())
    }
}

handle!(Contacts, ContactsState);

pub(crate) struct ContactsState(Vec<Contact>);

impl Contacts {
    pub(crate) fn of(names: &[&str]) -> Self {
        Self(Arc::new(ContactsState(names.iter().copied().map(Contact::named).collect())))
    }
}

impl Directory<Memory> for Contacts {
    fn addresses(&self) -> Vec<Contact> {
        self.0.0.clone()
    }
    fn addresses_stream(&self) -> impl Stream<Item = Vec<Contact>> + Send + 'static {
        tokio_stream::once(self.addresses())
    }
    async fn find_address_id_by_uri(&self, uri: &str) -> Result<Option<String>, Refused> {
        let found =
            self.0.0.iter().find(|contact| contact.default_channel().as_deref() == Some(uri));
        Ok(found.map(Address::id))
    }
    fn get(&self, address_id: &str) -> Option<Contact> {
        self.0.0.iter().find(|contact| contact.id() == address_id).cloned()
    }
    fn get_stream(&self, id: &str) -> Option<Observable<Contact>> {
        let contact = self.get(id)?;
        Some(Observable::new(move || tokio_stream::once(contact.clone())))
    }
    fn has_more_stream(&self) -> impl Stream<Item = bool> + Send + 'static {
        tokio_stream::once(false)
    }
    fn load_more(&self) {}
    fn loading(&self) -> bool {
        false
    }
    fn loading_stream(&self) -> impl Stream<Item = bool> + Send + 'static {
        tokio_stream::once(false)
    }
}
