# Functions that install Debian packages for the tests. The sourcing script must define `fail`.

# need_packages MESSAGE: sets `root` to the prefix that runs a command as root. Fails with MESSAGE
# if packages cannot be installed.
need_packages() {
    root=()
    if [ "$(id -u)" != 0 ]; then root=(sudo -n); fi
    if ! command -v apt-get >/dev/null || ! "${root[@]}" true 2>/dev/null; then
        fail "$1"
    fi
}

# install_packages PACKAGE…: installs Debian packages, or fails.
install_packages() {
    echo "$0: installing $*" >&2
    {
        "${root[@]}" apt-get update -q
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
    } >&2 || fail "cannot install the packages $*"
}
