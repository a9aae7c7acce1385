//! Compresses large lists with gzip, if the client accepts it.
//!
//! Responses with a single object stay uncompressed. If a response contains a secret and text that
//! another user chose, its compressed length can reveal the secret.

use actix_http::encoding::Encoder;
use actix_web::HttpMessage;
use actix_web::{
    Error,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{AcceptEncoding, ContentEncoding, Encoding},
    middleware::Next,
};

/// Minimum size of a compressed response in bytes. Smaller responses fit into a few packets.
const MIN_SIZE: u64 = 4_096;

/// Compresses the response if it is large.
pub(super) async fn compress_large(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let choices = [Encoding::gzip(), Encoding::identity()];
    let accepted = request.get_header::<AcceptEncoding>();
    let chosen = accepted.and_then(|accepted| accepted.negotiate(choices.iter()));
    let response = next.call(request).await?.map_into_boxed_body();
    let is_large = matches!(response.response().body().size(), BodySize::Sized(MIN_SIZE..));
    match is_large && chosen == Some(Encoding::gzip()) {
        true => Ok(response.map_body(|head, body| {
            BoxBody::new(Encoder::response(ContentEncoding::Gzip, head, body))
        })),
        false => Ok(response),
    }
}
