# Functions that run servers for the tests. The sourcing script must define `fail`.

# need_user: if the script runs as root, sets `user` to the user that runs the servers, because
# PostgreSQL and PgBouncer do not run as root.
need_user() {
    user=
    if [ "$(id -u)" = 0 ]; then
        user=nobody
        if id -u postgres >/dev/null 2>&1; then user=postgres; fi
    fi
}

# enter FOLDER: changes to the folder, by its path without symbolic links.
enter() {
    cd "$1"
    cd "$(pwd -P)"
}

# own FOLDER: creates the folder of a server, which only the server's user can read, and enters it.
own() {
    mkdir -p "$1"
    enter "$1"
    if [ -n "$user" ]; then chown "$user" .; fi
    chmod 700 .
}

# abandoned PREFIX: prints the folders PREFIX.PROCESS.… of processes that have ended.
abandoned() {
    local folder owner
    for folder in "${TMPDIR:-/tmp}/$1".* "/dev/shm/$1".*; do
        owner=${folder##*/"$1".}
        if [ -w "$folder" ] && [ ! -L "$folder" ] && ! kill -0 "${owner%%.*}" 2>/dev/null; then
            echo "$folder"
        fi
    done
}
