# MeetVo Backend as an image: `docker build --tag meetvo .`; compose.yaml runs it.

# Of the Debian that it runs on, so that both have one glibc. The C code in our dependencies
# (SQLite, aws-lc, mimalloc) needs the compiler that is in here, and nothing else.
FROM rust:1.95.0-slim-trixie AS build
WORKDIR /src

# The dependencies first, around an empty program: a layer that lasts until one of them changes.
# `.cargo` holds the flags that SQLite is built with.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock ./
RUN mkdir src \
    && echo '//! Empty.' > src/lib.rs \
    && printf '//! Empty.\nfn main() {}\n' > src/main.rs \
    && cargo build --release --locked --bin meetvo

# Settings, migrations and what `meetvo trigger` makes events of are read at build time: the program
# carries them with it.
COPY config config
COPY fixtures fixtures
COPY migrations migrations
COPY src src
COPY build.rs .
# What `--version` and the metrics name: `docker build --build-arg REVISION=$(git rev-parse --short=12 HEAD) …`
ARG REVISION=
# Cargo goes by the age of files, and ours may be older than the empty ones.
RUN touch src/lib.rs src/main.rs \
    && MEETVO_REVISION=$REVISION cargo build --release --locked --bin meetvo \
    && install -D target/release/meetvo /out/meetvo \
    && install --directory --mode 0700 /out/data

# glibc and libgcc, certificates, and neither shell nor package manager. Not musl: the tests run
# with glibc, and what was tested is what is shipped. `nonroot` is rebuilt with Debian's security
# updates and there is no finer tag; append a digest where builds must not differ.
FROM gcr.io/distroless/cc-debian13:nonroot

COPY --from=build /out/meetvo /usr/local/bin/meetvo
# The one place that is written to: the rest can be mounted read-only.
COPY --from=build --chown=65532:65532 /out/data /var/lib/meetvo
VOLUME ["/var/lib/meetvo"]
ENV DATABASE_URL=sqlite:/var/lib/meetvo/meetvo.db

# `config/production.toml`, mounted below, is read where there is one.
WORKDIR /etc/meetvo
USER 65532:65532
EXPOSE 8080

# Not `--ready`: who restarts the unwell would restart us because the database is away.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
    CMD ["/usr/local/bin/meetvo", "health"]

# No shell in between: SIGTERM reaches the program, which finishes what it has accepted.
ENTRYPOINT ["/usr/local/bin/meetvo"]
CMD ["serve"]

ARG REVISION=unknown
LABEL org.opencontainers.image.title="meetvo" \
      org.opencontainers.image.description="Keeps a local database in step with Clerk: signed webhooks in; users, sessions, accounts and verifications out." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="MIT"
