//! Large lists as gzip, for those who take it. Single resources stay as they are: an answer that mixes
//! what is secret with what somebody else chose tells of it by its length.

use actix_http::encoding::Encoder;
use actix_web::HttpMessage;
use actix_web::{
    Error,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{AcceptEncoding, ContentEncoding, Encoding},
    middleware::Next,
};

/// From so many bytes on, an answer takes more than a few packets.
const MIN_SIZE: u64 = 4_096;

/// Compresses an answer that is compress_large.
pub(super) async fn compress_large(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let choices = [Encoding::gzip(), Encoding::identity()];
    let accepted = request.get_header::<AcceptEncoding>();
    let chosen = accepted.and_then(|accepted| accepted.negotiate(choices.iter()));
    let answer = next.call(request).await?.map_into_boxed_body();
    let is_large = matches!(answer.response().body().size(), BodySize::Sized(MIN_SIZE..));
    match is_large && chosen == Some(Encoding::gzip()) {
        true => Ok(answer.map_body(|head, body| {
            BoxBody::new(Encoder::response(ContentEncoding::Gzip, head, body))
        })),
        false => Ok(answer),
    }
}
