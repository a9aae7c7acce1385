//! The connections of a worker: its own, one to a target, opened when it is needed and kept for as
//! long as it lasts. Nobody waits for a pool, and a connection is no task of its own.

use std::{error::Error, pin::pin};

use futures_util::future::{Either, select};
use http::{HeaderValue, Request, StatusCode, Uri, uri::Scheme};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::Bytes,
    client::conn::{
        TrySendError,
        http1::{self, SendRequest},
    },
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use tokio::net::TcpStream;
use tower_service::Service;

/// The path of the endpoint, where a target names only a server.
pub(in crate::cli) const PATH: &str = "/webhooks/clerk";

pub(super) type Trouble = Box<dyn Error + Send + Sync>;
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
pub(super) type Delivery = Request<Full<Bytes>>;
type Answer = (StatusCode, Bytes);

/// Where deliveries go.
#[derive(Debug)]
pub(super) struct Target {
    /// The whole URL, which names the server.
    server: Uri,
    /// What stands in the request.
    pub(super) path: Uri,
    pub(super) host: HeaderValue,
}

impl Target {
    /// Reads a URL; none where it is not one of a web server.
    pub(super) fn of(url: &Uri) -> Option<Self> {
        url.scheme().filter(|it| [&Scheme::HTTP, &Scheme::HTTPS].contains(it))?;
        let authority = url.authority()?;
        // What stands before an @ are credentials, which no webhook has.
        let host = authority.as_str().rsplit('@').next()?.parse().ok()?;
        let path = url.path_and_query()?.as_str();
        let path = if path == "/" { PATH } else { path }.parse().ok()?;
        Some(Self { server: url.clone(), path, host })
    }

    fn is_https(&self) -> bool {
        self.server.scheme() == Some(&Scheme::HTTPS)
    }
}

/// Opens connections.
#[derive(Clone)]
pub(super) enum Connector {
    Http(HttpConnector),
    Https(HttpsConnector<HttpConnector>),
}

impl Connector {
    /// For these targets. The machine's certificates are only asked for where they are needed: a
    /// small container has none.
    pub(super) fn to(targets: &[Target]) -> std::io::Result<Self> {
        let mut http = HttpConnector::new();
        // The last piece of a large body is not held back until the others are acknowledged.
        http.set_nodelay(true);
        if !targets.iter().any(Target::is_https) {
            return Ok(Self::Http(http));
        }
        http.enforce_http(false);
        let https = HttpsConnectorBuilder::new().with_native_roots()?.https_or_http();
        Ok(Self::Https(https.enable_http1().wrap_connector(http)))
    }

    async fn open(&mut self, server: Uri) -> Result<Stream, Trouble> {
        match self {
            Self::Http(connector) => Ok(connector.call(server).await?.into()),
            Self::Https(connector) => connector.call(server).await,
        }
    }
}

/// The way to one target, with the connection that is open.
pub(super) struct Way<'t> {
    pub(super) target: &'t Target,
    connector: Connector,
    open: Option<Connection>,
}

impl<'t> Way<'t> {
    pub(super) fn to(target: &'t Target, connector: &Connector) -> Self {
        Self { target, connector: connector.clone(), open: None }
    }

    /// Sends a delivery and waits for the answer. A connection that the server has closed since the
    /// last answer is no failure, as long as nothing was sent on it.
    pub(super) async fn send(&mut self, mut delivery: Delivery) -> Result<Answer, Trouble> {
        // Whoever stops waiting leaves no connection with half an answer on it.
        if let Some(connection) = self.open.take() {
            match connection.exchange(delivery).await {
                Ok((answer, connection)) => {
                    self.open = connection;
                    return Ok(answer);
                }
                Err(Lost { unsent: Some(unsent), .. }) => delivery = unsent,
                Err(Lost { error, .. }) => return Err(error.into()),
            }
        }
        let connection = Connection::open(&mut self.connector, &self.target.server).await?;
        let answered = connection.exchange(delivery).await.map_err(|lost| lost.error)?;
        self.open = answered.1;
        Ok(answered.0)
    }
}

struct Connection {
    requests: SendRequest<Full<Bytes>>,
    /// Moves the bytes while it is polled.
    transport: http1::Connection<Stream, Full<Bytes>>,
}

/// An exchange that failed, with the delivery where it was not sent.
struct Lost {
    error: hyper::Error,
    unsent: Option<Delivery>,
}

impl Connection {
    async fn open(connector: &mut Connector, server: &Uri) -> Result<Self, Trouble> {
        let stream = connector.open(server.clone()).await?;
        let (requests, transport) = http1::handshake(stream).await?;
        Ok(Self { requests, transport })
    }

    /// Sends a delivery and waits for the answer; with it the connection, if it can take another.
    async fn exchange(self, delivery: Delivery) -> Result<(Answer, Option<Self>), Lost> {
        let Self { mut requests, mut transport } = self;
        let exchange = pin!(async move {
            let response = requests.try_send_request(delivery).await.map_err(Lost::unsent)?;
            let status = response.status();
            let body = response.into_body().collect().await.map_err(Lost::sent)?;
            let reusable = requests.ready().await.is_ok().then_some(requests);
            Ok(((status, body.to_bytes()), reusable))
        });
        match select(exchange, &mut transport).await {
            Either::Left((done, _)) => {
                let (answer, requests) = done?;
                Ok((answer, requests.map(|requests| Self { requests, transport })))
            }
            Either::Right((_, exchange)) => {
                // The server has closed the connection. What it brought is still to be had, and
                // what it did not bring is an error as soon as nobody can bring it any more.
                drop(transport);
                exchange.await.map(|(answer, _)| (answer, None))
            }
        }
    }
}

impl Lost {
    fn sent(error: hyper::Error) -> Self {
        Self { error, unsent: None }
    }

    fn unsent(mut failed: TrySendError<Delivery>) -> Self {
        Self { unsent: failed.take_message(), error: failed.into_error() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::{Either, join, select};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        time::timeout,
    };

    use super::{Connector, Delivery, Request, StatusCode, Target, Uri, Way, pin};

    /// A server on a port of its own, and the URL of a path there.
    async fn server(path: &str) -> (TcpListener, Target) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}{path}", listener.local_addr().unwrap());
        (listener, Target::of(&url.parse().unwrap()).unwrap())
    }

    fn delivery(target: &Target) -> Delivery {
        let request = Request::post(&target.path).header("host", &target.host);
        request.body("{}".into()).unwrap()
    }

    /// Reads one request to its end.
    async fn request(stream: &mut TcpStream) -> String {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n{}") {
            assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0, "there is a request");
        }
        String::from_utf8(request).unwrap()
    }

    /// Serves and sends; ends a test that would hang.
    async fn both<S, A>(serve: impl Future<Output = S>, send: impl Future<Output = A>) -> (S, A) {
        timeout(Duration::from_mins(1), join(serve, send)).await.expect("they come to an end")
    }

    const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    #[tokio::test]
    async fn one_connection_takes_one_delivery_after_the_other() {
        let (listener, target) = server("/hooks/clerk?from=replay").await;
        let mut way = Way::to(&target, &Connector::to(&[]).unwrap());
        let serve = async {
            let mut stream = listener.accept().await.unwrap().0;
            for _ in 0..3 {
                let request = request(&mut stream).await;
                let start = "POST /hooks/clerk?from=replay HTTP/1.1\r\nhost: 127.0.0.1:";
                assert!(request.starts_with(start), "{request}");
                stream.write_all(OK).await.unwrap();
            }
        };
        let send = async {
            for _ in 0..3 {
                let (status, body) = way.send(delivery(&target)).await.unwrap();
                assert_eq!((status, &*body), (StatusCode::OK, &b"ok"[..]));
            }
        };
        both(serve, send).await;
    }

    #[tokio::test]
    async fn a_server_may_close_after_each_answer() {
        let answers: [&[u8]; 4] = [
            OK,
            b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
            b"HTTP/1.1 200 OK\r\n\r\nok",
            b"HTTP/1.0 200 OK\r\n\r\nok",
        ];
        for answer in answers {
            let (listener, target) = server("/").await;
            let mut way = Way::to(&target, &Connector::to(&[]).unwrap());
            for _ in 0..2 {
                let serve = async {
                    let mut stream = listener.accept().await.unwrap().0;
                    request(&mut stream).await;
                    stream.write_all(answer).await.unwrap();
                };
                // Only when it is closed the next one is sent.
                let ((), answered) = both(serve, way.send(delivery(&target))).await;
                assert_eq!(answered.unwrap(), (StatusCode::OK, "ok".into()));
            }
        }
    }

    #[tokio::test]
    async fn a_connection_that_was_closed_meanwhile_is_opened_anew() {
        let (listener, target) = server("/").await;
        let mut way = Way::to(&target, &Connector::to(&[]).unwrap());
        let serve = async || {
            let mut stream = listener.accept().await.unwrap().0;
            request(&mut stream).await;
            stream.write_all(OK).await.unwrap();
            stream
        };
        let (stream, answered) = both(serve(), way.send(delivery(&target))).await;
        answered.unwrap();
        assert!(way.open.is_some());
        drop(stream);
        // What comes after the end of the connection has come, so the end has come too.
        let address = listener.local_addr().unwrap();
        let (_, accepted) = both(TcpStream::connect(address), listener.accept()).await;
        drop(accepted);
        let (_stream, answered) = both(serve(), way.send(delivery(&target))).await;
        answered.unwrap();
    }

    #[tokio::test]
    async fn a_server_that_hangs_up_without_an_answer_is_an_error() {
        let (listener, target) = server("/").await;
        let mut way = Way::to(&target, &Connector::to(&[]).unwrap());
        for sent in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"] {
            let serve = async {
                let mut stream = listener.accept().await.unwrap().0;
                request(&mut stream).await;
                stream.write_all(sent.as_bytes()).await.unwrap();
            };
            let ((), answered) = both(serve, way.send(delivery(&target))).await;
            assert!(answered.is_err(), "{sent}");
        }
        drop(listener);
        assert!(way.send(delivery(&target)).await.is_err());
    }

    #[tokio::test]
    async fn who_stops_waiting_gets_no_answer_of_another_delivery() {
        let (listener, target) = server("/").await;
        let mut way = Way::to(&target, &Connector::to(&[]).unwrap());
        let late = {
            let serve = async {
                let mut stream = listener.accept().await.unwrap().0;
                request(&mut stream).await;
                stream
            };
            match select(pin!(serve), pin!(way.send(delivery(&target)))).await {
                Either::Left((late, _)) => late,
                Either::Right(_) => panic!("nobody has answered"),
            }
        };
        let serve = async {
            let mut stream = listener.accept().await.unwrap().0;
            request(&mut stream).await;
            stream.write_all(OK).await.unwrap();
        };
        let ((), answered) = both(serve, way.send(delivery(&target))).await;
        assert_eq!(answered.unwrap().0, StatusCode::OK);
        drop(late);
    }

    #[test]
    fn a_target_is_the_url_of_a_web_server() {
        let target = |url: &str| Target::of(&url.parse::<Uri>().ok()?);
        for (url, path, host) in [
            ("http://localhost:8080", "/webhooks/clerk", "localhost:8080"),
            ("https://example.com/", "/webhooks/clerk", "example.com"),
            ("http://example.com/?a=b", "/?a=b", "example.com"),
            ("http://ada:secret@[::1]:80/api/webhooks", "/api/webhooks", "[::1]:80"),
        ] {
            let target = target(url).unwrap();
            assert_eq!(
                (target.path.to_string().as_str(), target.host.to_str().unwrap()),
                (path, host)
            );
        }
        for url in ["localhost:8080", "/webhooks/clerk", "ftp://example.com", "", "example.com"] {
            assert!(target(url).is_none(), "{url}");
        }
    }
}
