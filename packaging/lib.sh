# Names and functions that the scripts of this folder share. They source it in the folder of the
# repository.

# fail MESSAGE: ends the script with an error.
fail() {
    echo "$script: $*" >&2
    exit 1
}

script=packaging/${0##*/}
package=meetvo
checksums=SHA256SUMS

# version: prints the version in Cargo.toml.
version() {
    sed -n '/^\[package\]$/,/^\[/ s/^version = "\(.*\)"$/\1/p' Cargo.toml
}

# targets: prints the rows of the table without comments.
targets() {
    grep -v '^#' packaging/targets
}

# architecture TARGET: prints Debian's name of a target, or nothing if it has no package.
architecture() {
    targets | awk -v target="$1" '$1 == target && $3 != "-" { print $3 }'
}

# folder_name TARGET: prints the name of an archive without its ending, which is also the folder in
# the archive. `[package.metadata.binstall]` in Cargo.toml has the same name.
folder_name() {
    echo "$package-$(version)-$1"
}

archive_name() {
    echo "$(folder_name "$1").tar.gz"
}

# debian_version: prints the version of the Debian package. With `~`, a pre-release is older than
# its release.
debian_version() {
    echo "$(version | sed 's/-/~/')-1"
}

# deb_name TARGET: prints the name of the Debian package.
deb_name() {
    local architecture
    architecture=$(architecture "$1")
    [ -n "$architecture" ] || fail "packaging/targets has no Debian architecture for $1"
    echo "${package}_$(debian_version)_$architecture.deb"
}

sbom_name() {
    echo "$package-$(version).cdx.json"
}

# chart_file: prints the path of the Helm chart's description, or nothing if there is no chart.
chart_file() {
    find deploy/helm -name Chart.yaml -not -path '*/charts/*' 2>/dev/null || true
}

# chart_name: prints the name that `helm package` gives the chart, or nothing if there is no chart.
chart_name() {
    local file
    file=$(chart_file)
    if [ -n "$file" ]; then
        echo "$(sed -n 's/^name: *//p' "$file" | tr -d "\"'")-$(version).tgz"
    fi
}

# epoch: prints the time that the files of a package have, in Unix seconds. It is the time of the
# commit, so that the same commit results in the same files.
epoch() {
    echo "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}"
}
