//! Bodies of responses, with a limit.

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes};

use crate::Secret;

/// Why a body was not read to its end.
#[derive(Debug)]
pub(crate) enum BodyError<E> {
    /// It has more bytes than the limit.
    TooLarge,
    /// The connection failed.
    Failed(E),
}

/// Reads a body of at most `limit` bytes. Nothing is read of a body that announces more.
pub(crate) async fn read_body<B>(
    mut body: B,
    limit: usize,
) -> Result<Secret<Vec<u8>>, BodyError<B::Error>>
where
    B: Body<Data = Bytes> + Unpin,
{
    let announced = body.size_hint().lower();
    if announced > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(BodyError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(BodyError::Failed)?.into_data() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Secret::new(bytes))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;
    use http_body_util::{Full, StreamBody};
    use hyper::body::Frame;

    use super::*;

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        let whole = |bytes: usize| read_body(Full::new(Bytes::from(vec![b'x'; bytes])), 8);
        assert_eq!(whole(8).await.unwrap().expose().len(), 8);
        assert!(matches!(whole(9).await, Err(BodyError::TooLarge)));
    }

    #[tokio::test]
    async fn a_body_that_announces_nothing_is_counted() {
        let frames = |count: usize| {
            let frame = || Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"xyz")));
            read_body(StreamBody::new(stream::iter((0..count).map(move |_| frame()))), 8)
        };
        assert_eq!(frames(2).await.unwrap().expose(), b"xyzxyz");
        assert!(matches!(frames(3).await, Err(BodyError::TooLarge)));
    }
}
