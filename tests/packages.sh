# Debian's packages, for the tests that need some. To be sourced by scripts that have a function `fail`.

# need_packages WHAT: sets `root` to what makes a command root's; where packages cannot be installed, fails and says
# WHAT is missing.
need_packages() {
    root=()
    if [ "$(id -u)" != 0 ]; then root=(sudo -n); fi
    if ! command -v apt-get >/dev/null || ! "${root[@]}" true 2>/dev/null; then
        fail "$1"
    fi
}

# install_packages PACKAGE…
install_packages() {
    echo "$0: installing $*" >&2
    {
        "${root[@]}" apt-get update -q
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
    } >&2 || fail "$* could not be installed"
}
