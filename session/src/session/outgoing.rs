//! Calls and notifications of the application.

use std::time::Duration;

use credwire_core::Secret;
use credwire_generated::RpcFrame;

use super::{Session, State};
use crate::{
    RpcError,
    boot_time::BootTime,
    calls::Purpose,
    input::{ReplyId, RequestId},
    output::{Answer, Frame, Output},
};

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    /// Returns the id of a request on the wire.
    pub fn wire_id(&self, request: RequestId) -> uuid::Uuid {
        self.ids.id(request)
    }

    pub(super) fn call(
        &mut self,
        call: ReplyId,
        method: &str,
        params: &Secret<String>,
        timeout: Option<Duration>,
        boot: BootTime,
    ) {
        let timeout = timeout.unwrap_or(self.settings.call_timeout);
        let number = self.ids.next();
        let text = RpcFrame::request(self.ids.id(number), method, params.expose());
        let limits = (self.settings.queue, self.settings.queue_bytes);
        let error = match self.state {
            State::Live { .. } => {
                self.requests.sent(number, Purpose::Call(call), boot.after(timeout));
                return self.emit(Output::SendFrame(Frame::Text(text)));
            }
            State::Idle => RpcError::Disconnected,
            _ if self.requests.enqueue(number, call, text, timeout, limits, boot) => return,
            _ => RpcError::QueueFull,
        };
        self.answer(call, Answer::Called(Err(error)));
    }

    pub(super) fn notify(&mut self, reply: ReplyId, method: &str, params: &Secret<String>) {
        let result = if self.is_live() {
            let text = RpcFrame::notification(method, params.expose());
            self.emit(Output::SendFrame(Frame::Text(text)));
            Ok(())
        } else if self.state == State::Idle {
            Err(RpcError::Disconnected)
        } else {
            Err(RpcError::ConnectionLost)
        };
        self.answer(reply, Answer::Done(result));
    }
}
