# Functions of the benchmarks: databases and servers that are created for one run and deleted after
# it. Source this file. ENGINE is sqlite (default) or postgres. OF names the objects that the events
# are about: users (default: of users and their sessions), sessions, memberships. NAMES is steady
# (default) or changing: each event of a user has another first and last name.
#
# All servers run with their production defaults. The service therefore logs at the level `info`.
# Scripts that read turn off the rate limit, and those that begin with old events the retention. Logs
# go to files in a temporary folder.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
engine=${ENGINE:-sqlite}
# psql finds the tables of the service.
export PGOPTIONS="-c search_path=clerk,public"
secret=whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIGJlbmNoZXM=
key=key_of_the_benchmark_0123456789abcdefgh
case ${OF:-users} in
    # About 2 KB each: six user events and four session events.
    users)
        payloads=(fixtures/user/{created,updated,created-google,created-github}.json
            fixtures/user/{updated-two-emails,updated-google-linked}.json
            fixtures/session/{created-sign-up,created-second-device}.json
            fixtures/session/{ended-sign-out,created-organization}.json)
        ;;
    # About 2 KB each. Two sessions embed their user, as memberships embed their organization.
    sessions)
        payloads=(fixtures/session/{created-sign-up,created-second-device}.json
            fixtures/session/{created-latest-activity,created-organization}.json)
        ;;
    memberships) payloads=(fixtures/organizationMembership/{created,created-custom-role}.json
        fixtures/organizationMembership/{created-second-organization,created-rejoin}.json) ;;
    *) echo "OF is users, sessions or memberships, not $OF" >&2; exit 1 ;;
esac
meetvo=$PWD/target/release/meetvo ceiling=$PWD/target/release/examples/ceiling
load=$PWD/target/release/examples/load peer=$PWD/target/release/examples/peer
scratch=$(mktemp -d)
servers=() postgres=
finish() {
    for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
    [ -z "$postgres" ] || tests/postgres stop "$postgres" immediate
    rm -rf "$scratch"
}
trap finish EXIT

# build: builds the service, its ceiling, the peer in Rust and the load generator.
build() {
    cargo build --release --locked --quiet --bin meetvo --example ceiling --example peer \
        --example load
}

# need_postgres: starts a PostgreSQL server with the default durability settings. The server of the
# tests turns them off.
need_postgres() {
    postgres=$scratch/postgres
    chmod 711 "$scratch"
    tests/postgres start "$postgres" >/dev/null
    tests/postgres stop "$postgres"
    printf '%s = on\n' fsync full_page_writes autovacuum jit >>"$postgres/data/postgresql.conf"
    postgres_url=$(tests/postgres start "$postgres")
}

# create NAME: creates an empty database.
create() {
    if [ "$engine" = postgres ]; then
        psql "$postgres_url" --quiet --command "CREATE DATABASE $1"
    fi
}

# copy FROM TO: copies a database that has no server.
copy() {
    if [ "$engine" = postgres ]; then
        psql "$postgres_url" --quiet --command "CREATE DATABASE $2 TEMPLATE $1" \
            --command CHECKPOINT
        return
    fi
    cp "$scratch/$1.db" "$scratch/$2.db"
    if [ -e "$scratch/$1.db-wal" ]; then cp "$scratch/$1.db-wal" "$scratch/$2.db-wal"; fi
    sync "$scratch/$2.db"*
}

# drop NAME: deletes a database.
drop() {
    if [ "$engine" = postgres ]; then
        psql "$postgres_url" --quiet --command "DROP DATABASE $1 WITH (FORCE)"
    else
        rm -f "$scratch/$1".db*
    fi
}

# url_of NAME [SQLITE POSTGRES]: prints the URL of a database. The other arguments are the URL
# prefixes that the client expects.
url_of() {
    if [ "$engine" = sqlite ]; then
        echo "${2:-sqlite:}$scratch/$1.db"
    else
        echo "${3:-postgres:}${postgres_url#*:}" | sed "s,/[^/]*\$,/$1,"
    fi
}

# database NAME: creates an empty database and prints its URL.
database() {
    create "$1"
    url_of "$1"
}

# handlers: prints the names of the handlers to compare with: the one in Rust, and those that are
# installed in $HANDLERS.
handlers() {
    echo peer
    if [ -e "${HANDLERS:-}/express/node_modules" ]; then echo express; fi
    if [ -e "${HANDLERS:-}/fastapi/.venv" ]; then echo fastapi; fi
}

# launch SYSTEM NAME: starts a system at $port with an existing database, whose URL is $url.
launch() {
    url=$(url_of "$2")
    case $1 in
        service) start "$port" "$url" "$PWD" "$meetvo" serve ;;
        # Settings files of this version may have settings that the other one does not know.
        other) start "$port" "$url" "$scratch" "$OTHER" serve ;;
        ceiling) start "$port" "$url" "$PWD" "$ceiling" ;;
        peer) start "$port" "$url" "$PWD" "$peer" ;;
        express) start "$port" "$url" "$HANDLERS/express" node server.js ;;
        fastapi)
            # psycopg expects the folder of a Unix socket in the query string.
            url=$(url_of "$2" sqlite:/// postgresql+psycopg: |
                sed -E 's,@(%2F[^/]*)/(.*),@/\2?host=\1,; s,%2F,/,g')
            start "$port" "$url" "$HANDLERS/fastapi" \
                .venv/bin/uvicorn server:app --port "$port" --no-access-log
            ;;
        *) echo "there is no system $1" >&2 && exit 1 ;;
    esac
}

# start PORT URL FOLDER COMMAND…: starts a server and waits until it listens; its PID is $server.
start() {
    local port=$1 url=$2 folder=$3
    shift 3
    env -C "$folder" MEETVO_ENV=production NODE_ENV=production HOST=127.0.0.1 PORT="$port" \
        DATABASE_URL="$url" CLERK_WEBHOOK_SIGNING_SECRET="$secret" \
        MEETVO_API_KEYS="bench:read+admin:$key" \
        "$@" >"$scratch/$port.log" 2>&1 &
    server=$!
    servers+=("$server")
    for _ in $(seq 400); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
        sleep 0.05
    done
    cat "$scratch/$port.log" >&2
    exit 1
}

# stop: stops the server that was started last.
stop() {
    kill "$server"
    wait "$server" 2>/dev/null || true
    unset 'servers[-1]'
}

# deliver PORT COUNT CONNECTIONS USERS FIRST [RATE]: posts signed deliveries, from the event FIRST
# on. RATE per second arrive at fixed times (an open loop); without it, each connection posts as
# soon as it is free (a closed loop). Prints events per second, p50, p99 and p99.9 in microseconds,
# and the percentage of the time in which the cores of the machine were idle.
deliver() {
    "$load" post "127.0.0.1:$1" "$3" "$2" "$4" "$5" "${NAMES:-steady}" "${6:-0}" "$secret" \
        "${payloads[@]}"
}

# milliseconds MICROSECONDS: prints a duration in milliseconds.
milliseconds() {
    awk -v micros="$1" 'BEGIN { printf "%.1f", micros / 1000 }'
}

# ticks: prints the processor time of server and database so far, in hundredths of a second.
ticks() {
    local pids=$server main=
    if [ -n "$postgres" ]; then
        main=$(head -n 1 "$postgres/data/postmaster.pid")
        # The time of processes that have ended is part of their parent's.
        pids="$pids $main $(pgrep -d ' ' -P "$main")"
    fi
    for pid in $pids; do cat "/proc/$pid/stat" 2>/dev/null || true; done |
        awk -v main="$main" '{ sum += $14 + $15; if ($1 == main) sum += $16 + $17 }
            END { print sum }'
}

# written: prints the bytes that the database has written so far: on PostgreSQL to its write-ahead
# log, and on SQLite to all files. The log of the server is a file too, and does not count.
written() {
    if [ "$engine" = postgres ]; then
        query "$postgres_url" "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
    else
        awk -v logged="$(stat -c %s "$scratch/$port.log")" \
            '/^write_bytes/ { print $2 - logged }' "/proc/$server/io"
    fi
}

# peak_memory: prints the peak memory of the server in MB.
peak_memory() {
    awk '/VmHWM/ { print $2 / 1024 }' "/proc/$server/status"
}

# verify_stored SYSTEM COUNT: fails unless the tables contain this number of delivered events.
verify_stored() {
    local stored
    if [ "$1" = ceiling ]; then return; fi
    # The service adds events of its own for embedded objects that changed.
    stored=$(query "$url" "SELECT COUNT(*) FROM webhook_events WHERE id NOT LIKE 'meetvo.%'")
    if [ "$stored" != "$2" ]; then
        echo "$1 stored $stored of $2 events" >&2
        exit 1
    fi
}

# query URL SQL: prints the first value of the result.
query() {
    if [ "$engine" = sqlite ]; then
        python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])' "/${1#*/}" "$2"
    else
        psql "${1/+psycopg/}" -Atc "$2"
    fi
}

# fill URL USERS EVENTS: creates rows. Later IDs have later times, as with Clerk.
fill() {
    local payload sql
    DATABASE_URL=$1 "$meetvo" migrate run >/dev/null
    payload=$(python3 -c 'import json, sys
print(json.dumps(json.load(open(sys.argv[1])), separators=(",", ":")))' \
        fixtures/user/updated-google-linked.json | sed "s/'/''/g")
    sql=$(cat <<END
INSERT INTO users (clerk_id, email, email_verified, first_name, created_at, updated_at,
                   version_updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
SELECT 'user_' || (100000000 + i), 'ada' || i || '@example.com', i % 2 = 0, 'Ada',
       1700000000000 + i, 1700000000000 + i, 1700000000000 + i FROM n;
INSERT INTO accounts (user_id, id, provider_id, account_id, email)
SELECT clerk_id, 'eac_' || substr(clerk_id, 6), 'oauth_google', substr(clerk_id, 6), email
FROM users;
INSERT INTO sessions (id, user_id, status, version_updated_at, version_occurred_at,
                      version_event_id)
SELECT 'sess_' || substr(clerk_id, 6), clerk_id, 'active', created_at, created_at, '' FROM users;
INSERT INTO webhook_events (id, type, subject, object_id, payload, decision, occurred_at,
                            received_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
SELECT 'msg_' || (100000000 + i), 'user.updated', 'user_' || (100000000 + 1 + i % $2),
       'user_' || (100000000 + 1 + i % $2),
       CASE WHEN i > $3 * 9 / 10 THEN '$payload' END, 'applied',
       1700000000000 + i, 1700000000000 + i FROM n;
END
    )
    if [ "$engine" = sqlite ]; then
        python3 -c 'import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.executescript("PRAGMA synchronous = OFF; BEGIN; " + sys.stdin.read() + "COMMIT;")
database.executescript("PRAGMA wal_checkpoint(TRUNCATE);")' "/${1#*/}" <<<"$sql"
    else
        psql "$1" --quiet --set ON_ERROR_STOP=1 --command "$sql"
        psql "$1" --quiet --command 'VACUUM (ANALYZE, FREEZE)'
    fi
}
