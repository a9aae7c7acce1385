# Image of MeetVo Backend. Build it with `docker build --tag meetvo .` and run it with compose.yaml.
#
# It builds with Docker 20.10 and newer, with and without BuildKit, and with Podman and Buildah, so
# it uses only instructions and options that all of them know. Both base images exist for x86_64 and
# aarch64, and no file depends on the architecture.

# The Debian release of the runtime image, so that both have the same glibc. The image contains the
# C compiler that SQLite, aws-lc and mimalloc need.
FROM docker.io/library/rust:1.95.0-slim-trixie AS build
WORKDIR /src

# Builds the dependencies with an empty program. This layer is cached until a dependency changes.
# `.cargo` has the compiler flags for SQLite.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock ./
RUN mkdir src \
    && echo '//! Empty.' > src/lib.rs \
    && printf '//! Empty.\nfn main() {}\n' > src/main.rs \
    && cargo build --release --locked --bin meetvo

# Settings, migrations and fixtures are embedded in the program at build time.
COPY config config
COPY fixtures fixtures
COPY migrations migrations
COPY src src
COPY build.rs .
# Revision that `--version` and the metrics show:
# `docker build --build-arg REVISION=$(git rev-parse --short=12 HEAD) …`
ARG REVISION=
# Cargo compares modification times, and the copied sources can be older than the empty ones.
RUN touch src/lib.rs src/main.rs \
    && MEETVO_REVISION=$REVISION cargo build --release --locked --bin meetvo \
    && install -D target/release/meetvo /out/meetvo \
    && install --directory --mode 0700 /out/lib/meetvo

# Contains glibc, libgcc and certificates, but no shell and no package manager. musl is not used,
# because the tests run with glibc. The tag `nonroot` is rebuilt with Debian's security updates.
# There is no more specific tag; append a digest for reproducible builds.
FROM gcr.io/distroless/cc-debian13:nonroot

COPY --from=build /out/meetvo /usr/local/bin/meetvo
# Contains /var/lib/meetvo, the only directory that the service writes to. The rest can be mounted
# read-only. The parent is copied, because a builder does not keep the mode of the directory that it
# copies.
COPY --from=build --chown=65532:65532 /out/lib/ /var/lib/
VOLUME ["/var/lib/meetvo"]
# With the long name, so that DATABASE_URL and DATABASE_URL_FILE override it.
ENV MEETVO__DATABASE__URL=sqlite:/var/lib/meetvo/meetvo.db

# If config/production.toml is mounted in this directory, the service reads it.
WORKDIR /etc/meetvo
USER 65532:65532
EXPOSE 8080

# Without `--ready`, so that an unavailable database does not cause a restart. The first check runs
# after one interval, so a short interval makes a new container healthy after 5 s. `--start-interval`
# is not used, because Docker before 25 and Podman 4 reject it. Failures for 30 s make the container
# unhealthy, but not during migrations at start, which can take minutes.
HEALTHCHECK --interval=5s --timeout=5s --start-period=300s --retries=6 \
    CMD ["/usr/local/bin/meetvo", "health"]

# The exec form passes SIGTERM to the program, which then commits the deliveries it has accepted.
ENTRYPOINT ["/usr/local/bin/meetvo"]
CMD ["serve"]

# The repository has no public address. To add one, or the time of the build:
# `docker build --label org.opencontainers.image.source=https://… …`
ARG REVISION=unknown
LABEL org.opencontainers.image.title="meetvo" \
      org.opencontainers.image.description="Keeps a local database of users, sessions, accounts and verifications in sync with Clerk through signed webhooks." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="gcr.io/distroless/cc-debian13:nonroot"
