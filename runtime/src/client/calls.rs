//! Calls and notifications of the application.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tracing::Instrument as _;

use super::{
    AbortSignal, Client,
    command::{Command, What},
    meter,
};
use crate::{PendingRpcOptions, Platform, RpcMethod, Secret, session::RpcError};
use credwire_session::{ReplyId, frame};

impl Client {
    /// Calls a method of the space by its type.
    ///
    /// While there is no session the call waits in a bounded queue. Dropping the future cancels
    /// the call; if it was sent already, the space may still carry it out.
    ///
    /// # Errors
    /// [`RpcError`]: what the space answered, a timeout, or the loss of the connection.
    pub async fn call<M: RpcMethod>(&self, params: &M::Params) -> Result<M::Result, RpcError> {
        let params = frame::params(params).ok_or(RpcError::Malformed)?;
        let result = self.send_call(M::NAME, params, None).await?;
        // The parser's message may quote the result.
        serde_json::from_str(result.expose()).map_err(|_| RpcError::Malformed)
    }

    /// As [`call`](Self::call), with the time and the signal of `options`. The time counts from the
    /// moment the call is sent.
    ///
    /// # Errors
    /// As [`call`](Self::call), and [`RpcError::Aborted`] when the signal came first.
    pub async fn call_with<M: RpcMethod, P: Platform<AbortSignal = AbortSignal>>(
        &self,
        params: &M::Params,
        options: &PendingRpcOptions<P>,
    ) -> Result<M::Result, RpcError> {
        let params = frame::params(params).ok_or(RpcError::Malformed)?;
        let aborted = async {
            match &options.signal {
                Some(signal) => signal.aborted().await,
                None => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            biased;
            () = aborted => return Err(RpcError::Aborted),
            result = self.send_call(M::NAME, params, options.timeout_ms.map(Duration::from)) => {
                result?
            }
        };
        serde_json::from_str(result.expose()).map_err(|_| RpcError::Malformed)
    }

    /// Calls a method by its name; as [`call`](Self::call). Without a `timeout` the client's own
    /// holds; it counts from the moment the call is sent.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn call_raw(
        &self,
        method: &str,
        params: Value,
        timeout: Option<Duration>,
    ) -> Result<Value, RpcError> {
        let result = self.send_call(method, Secret::new(params.to_string()), timeout).await?;
        serde_json::from_str(result.expose()).map_err(|_| RpcError::Malformed)
    }

    /// Sends a notification, which the space does not answer.
    ///
    /// # Errors
    /// [`RpcError::ConnectionLost`] while there is no session: a notification does not wait for
    /// one. [`RpcError::Disconnected`] after the client has ended.
    pub async fn notify<M: RpcMethod>(&self, params: &M::Params) -> Result<(), RpcError> {
        let params = frame::params(params).ok_or(RpcError::Malformed)?;
        self.send_notification(M::NAME, params).await
    }

    /// Sends a notification by its name; as [`notify`](Self::notify).
    ///
    /// # Errors
    /// As [`notify`](Self::notify).
    pub async fn notify_raw(&self, method: &str, params: Value) -> Result<(), RpcError> {
        self.send_notification(method, Secret::new(params.to_string())).await
    }

    async fn send_notification(
        &self,
        method: &str,
        params: Secret<String>,
    ) -> Result<(), RpcError> {
        let method = method.to_owned();
        self.ask(|reply| What::Notify { method, params, reply }).await
    }

    async fn send_call(
        &self,
        method: &str,
        params: Secret<String>,
        timeout: Option<Duration>,
    ) -> Result<Secret<String>, RpcError> {
        let id = self.reply_id();
        let start = self.shared.clock.now().boot;
        let (reply, answer) = oneshot::channel();
        let what = What::Call { method: method.to_owned(), params, timeout, reply };
        let command = Box::new(Command { id, what });
        self.shared.commands.send(command).await.map_err(|_| RpcError::Disconnected)?;
        let mut abandoned = Abandon { commands: &self.shared.commands, id: Some(id) };
        let span = tracing::debug_span!("rpc", method);
        let result = answer.instrument(span).await.unwrap_or(Err(RpcError::Disconnected));
        abandoned.id = None;
        meter::called(&result, self.shared.clock.now().boot.saturating_sub(start));
        result
    }
}

/// Cancels the call at the driver when its caller no longer waits.
struct Abandon<'a> {
    commands: &'a mpsc::Sender<Box<Command>>,
    id: Option<ReplyId>,
}

impl Drop for Abandon<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            // When the channel is full the call's timeout does the same a little later.
            let _ = self.commands.try_send(Box::new(Command { id, what: What::Cancel }));
        }
    }
}
