//! A stream that reports whether what was read from it ends between two messages.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The longest header of a frame: two bytes, eight of length, four of mask.
const LONGEST_HEADER: usize = 14;

/// Follows the frames that are read.
#[derive(Debug)]
pub(super) struct Tracked<S> {
    stream: S,
    place: Place,
    /// The header under way.
    header: [u8; LONGEST_HEADER],
    have: usize,
    /// A message whose last fragment has not come.
    is_fragmented: bool,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// The answer to the upgrade.
    Answer(Line),
    Header,
    /// A payload with so many bytes to come, at least one.
    Payload(u64),
}

/// The line of the answer that the next byte belongs to.
#[derive(Clone, Copy, Debug)]
enum Line {
    /// There was none but empty ones yet, which are skipped.
    None,
    Begun,
    /// A new one; the answer ends if nothing comes in it.
    Empty,
}

impl<S> Tracked<S> {
    /// A stream that begins with a frame.
    #[cfg(test)]
    pub(super) fn upgraded(stream: S) -> Self {
        Self { place: Place::Header, ..Self::before_upgrade(stream) }
    }

    /// A stream that begins with the answer to the upgrade.
    pub(super) const fn before_upgrade(stream: S) -> Self {
        let place = Place::Answer(Line::None);
        Self { stream, place, header: [0; LONGEST_HEADER], have: 0, is_fragmented: false }
    }

    /// Whether all messages that were begun are complete.
    pub(super) const fn is_between_messages(&self) -> bool {
        matches!(self.place, Place::Header) && self.have == 0 && !self.is_fragmented
    }

    fn follow(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            match self.place {
                Place::Payload(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[here..];
                    self.place = Place::payload(left - here as u64);
                    continue;
                }
                Place::Answer(line) => {
                    self.place = match (line, byte) {
                        (Line::Empty, b'\n') => Place::Header,
                        (Line::None, b'\r' | b'\n') => Place::Answer(Line::None),
                        (Line::Begun, b'\n') | (Line::Empty, b'\r') => Place::Answer(Line::Empty),
                        _ => Place::Answer(Line::Begun),
                    };
                }
                Place::Header => {
                    self.header[self.have] = byte;
                    self.have += 1;
                    if let Some(length) = length(&self.header[..self.have]) {
                        self.have = 0;
                        self.place = Place::payload(length);
                        // Control frames may come between fragments, and are none.
                        let (is_last, code) = (self.header[0] & 0x80 != 0, self.header[0] & 0x0f);
                        if code < 8 {
                            self.is_fragmented = !is_last;
                        }
                    }
                }
            }
            bytes = rest;
        }
    }
}

impl Place {
    const fn payload(left: u64) -> Self {
        if left == 0 { Self::Header } else { Self::Payload(left) }
    }
}

/// The length of the payload after a complete header (RFC 6455, section 5.2).
fn length(header: &[u8]) -> Option<u64> {
    let [_, second, after @ ..] = header else { return None };
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let extended = match second & 0x7f {
        126 => 2,
        127 => 8,
        short => return (after.len() == mask).then_some(u64::from(short)),
    };
    let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    (after.len() == extended + mask).then(|| number(&after[..extended]))
}

impl<S: AsyncRead + Unpin> AsyncRead for Tracked<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        self.follow(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tracked<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(first: u8, length: usize, is_masked: bool) -> Vec<u8> {
        let mask = if is_masked { 0x80 } else { 0 };
        let mut frame = vec![first];
        match length {
            0..=125 => frame.push(mask | u8::try_from(length).unwrap()),
            126..=0xffff => {
                frame.push(mask | 126);
                frame.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                frame.push(mask | 127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend(vec![9; if is_masked { 4 } else { 0 }]);
        // Bytes that would end an answer, or begin a frame.
        frame.extend(b"\r\n\r\n\x81\x00".iter().cycle().take(length));
        frame
    }

    /// Feeds the parts in pieces of `size`, and checks where messages end.
    fn check(parts: &[(Vec<u8>, bool)], size: usize, mut tracked: Tracked<()>) {
        for (bytes, is_end) in parts {
            let mut left = bytes.as_slice();
            while !left.is_empty() {
                let (piece, rest) = left.split_at(size.min(left.len()));
                tracked.follow(piece);
                left = rest;
                let is_between = left.is_empty() && *is_end;
                assert_eq!(tracked.is_between_messages(), is_between, "{size}, {}", left.len());
            }
        }
    }

    #[test]
    fn ends_of_messages_are_found_however_the_bytes_are_cut() {
        let mut parts = Vec::new();
        for length in [0, 1, 125, 126, 127, 0xffff, 0x1_0000] {
            for is_masked in [false, true] {
                parts.push((frame(0x81, length, is_masked), true));
                parts.push((frame(0x02, length, is_masked), false));
                parts.push((frame(0x89, length.min(125), is_masked), false));
                parts.push((frame(0x00, length, is_masked), false));
                parts.push((frame(0x80, length, is_masked), true));
            }
        }
        for size in [1, 2, 3, 7, 1000, usize::MAX] {
            check(&parts, size, Tracked::upgraded(()));
        }
    }

    #[test]
    fn an_answer_to_the_upgrade_ends_with_its_empty_line() {
        for answer in [
            "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n",
            "\r\n\r\nHTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n",
            "HTTP/1.1 101 Switching\nUpgrade: websocket\n\n",
        ] {
            let parts = [(answer.into(), true), (frame(0x81, 300, false), true)];
            for size in [1, 2, usize::MAX] {
                check(&parts, size, Tracked::before_upgrade(()));
            }
        }
    }
}
