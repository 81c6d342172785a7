//! Calls and notifications of the application.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tracing::Instrument as _;

use super::{
    Client,
    command::{Command, What},
    meter,
};
use crate::{RpcMethod, Secret};
use credwire_core::Clock;
use credwire_session::{ReplyId, RpcError, frame};

impl Client {
    /// Calls a method of the space, which the type of the params names.
    ///
    /// While there is no session the call waits in a bounded queue. Dropping the future cancels
    /// the call; if it was sent already, the space may still carry it out. That takes the place of
    /// the reference's `AbortSignal`.
    ///
    /// ```no_run
    /// use credwire::{Client, RpcError, RpcMethod};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, RpcMethod)]
    /// #[rpc(method = "example.echo", result = Echoed)]
    /// struct Echo {
    ///     text: String,
    /// }
    ///
    /// #[derive(Deserialize)]
    /// struct Echoed {
    ///     text: String,
    /// }
    ///
    /// # async fn example(client: Client) -> Result<(), RpcError> {
    /// let echoed = client.call(&Echo { text: "made up".to_owned() }).await?;
    /// println!("{}", echoed.text);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`RpcError`]: what the space answered, a timeout, or the loss of the connection.
    #[doc(alias = "AbortSignal")]
    pub async fn call<M: RpcMethod<Params = M>>(&self, params: &M) -> Result<M::Result, RpcError> {
        self.typed_call::<M>(params, None).await
    }

    /// Calls a method as [`call`](Self::call), with a timeout that counts from the moment the call
    /// is sent.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    #[doc(alias = "PendingRPCOptions")]
    pub async fn call_with_timeout<M: RpcMethod<Params = M>>(
        &self,
        params: &M,
        timeout: Duration,
    ) -> Result<M::Result, RpcError> {
        self.typed_call::<M>(params, Some(timeout)).await
    }

    /// Calls a method as [`call`](Self::call), for a method that is a type beside its params, as
    /// [`interface!`](crate::interface) declares it: `client.call_method::<Method>(&params)`.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn call_method<M: RpcMethod>(
        &self,
        params: &M::Params,
    ) -> Result<M::Result, RpcError> {
        self.typed_call::<M>(params, None).await
    }

    async fn typed_call<M: RpcMethod>(
        &self,
        params: &M::Params,
        timeout: Option<Duration>,
    ) -> Result<M::Result, RpcError> {
        let call = async {
            let params = frame::params(params).ok_or(RpcError::Malformed)?;
            let result = self.send_call(M::NAME, params, timeout).await?;
            // The parser's message may quote the result.
            serde_json::from_str(result.expose()).map_err(|_| RpcError::Malformed)
        };
        self.metered(call).await
    }

    /// Calls a method by its name, as [`call`](Self::call). Without a `timeout` the client's own is
    /// used; it counts from the moment the call is sent.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn call_raw(
        &self,
        method: &str,
        params: Value,
        timeout: Option<Duration>,
    ) -> Result<Value, RpcError> {
        let call = async {
            let result = self.send_call(method, Secret::new(params.to_string()), timeout).await?;
            serde_json::from_str(result.expose()).map_err(|_| RpcError::Malformed)
        };
        self.metered(call).await
    }

    /// Sends a notification, which the space does not answer. The type of the params names the
    /// method.
    ///
    /// # Errors
    /// [`RpcError::ConnectionLost`] while there is no session: a notification does not wait for
    /// one. [`RpcError::Disconnected`] after the client has ended.
    pub async fn notify<M: RpcMethod<Params = M>>(&self, params: &M) -> Result<(), RpcError> {
        self.notify_method::<M>(params).await
    }

    /// Sends a notification as [`notify`](Self::notify), for a method that is a type beside its
    /// params.
    ///
    /// # Errors
    /// As [`notify`](Self::notify).
    pub async fn notify_method<M: RpcMethod>(&self, params: &M::Params) -> Result<(), RpcError> {
        let params = frame::params(params).ok_or(RpcError::Malformed)?;
        self.send_notification(M::NAME, params).await
    }

    /// Sends a notification by its name, as [`notify`](Self::notify).
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
        let (reply, answer) = oneshot::channel();
        let what = What::Call { method: method.to_owned(), params, timeout, reply };
        let command = Box::new(Command { id, what });
        self.shared.commands.send(command).await.map_err(|_| RpcError::Disconnected)?;
        let mut abandoned = Abandon { commands: &self.shared.commands, id: Some(id) };
        let span = tracing::debug_span!("rpc", method);
        let result = answer.instrument(span).await.unwrap_or(Err(RpcError::Disconnected));
        abandoned.id = None;
        result
    }

    /// Counts a call once, however it ends.
    async fn metered<T>(
        &self,
        call: impl Future<Output = Result<T, RpcError>>,
    ) -> Result<T, RpcError> {
        let clock = &*self.shared.clock;
        let mut metered = Metered { clock, start: clock.now().boot, result: meter::CANCELLED };
        let result = call.await;
        metered.result = meter::call_result(&result);
        result
    }
}

/// Counts a call when it ends, also when its caller no longer waits.
struct Metered<'a> {
    clock: &'a dyn Clock,
    /// The boot time at which the call began.
    start: Duration,
    result: &'static str,
}

impl Drop for Metered<'_> {
    fn drop(&mut self) {
        meter::called(self.result, self.clock.now().boot.saturating_sub(self.start));
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
