# shellcheck shell=bash
# Functions that provide container engines and base images for tests/image. The sourcing script
# defines `fail`, and sets `work` to its temporary folder, and `build_base` and `run_base` to the
# names of the base images.

# Programs from Debian's packages. They are unpacked and not installed, because the installation of
# Docker starts it.
engines=$PWD/target/image/engines

# Hint for engines that fail.
rights="An engine needs root, cgroups, and the rights to mount and to create namespaces, which a
container lacks without --privileged. Run the script on a machine with Docker or Podman."

# Folders of the libraries of these programs, which `unpack_engines` sets.
library_path=

# unpack_engines: downloads the packages of Docker, Podman and debootstrap with the dependencies that
# are not installed, and adds their programs to the PATH. Docker of Debian 13 has its client and
# BuildKit's client in packages of their own.
unpack_engines() {
    if [ -n "$library_path" ]; then return; fi
    local names=(docker.io podman debootstrap debian-archive-keyring) root=() name folder
    if [ ! -e "$engines/unpacked" ]; then
        need_packages "no container engine works here.
Start Docker, or install and start it: https://docs.docker.com/engine/install/"
        echo "tests/image: unpacking container engines" >&2
        {
            "${root[@]}" apt-get update -q
            for name in docker-cli docker-buildx; do
                if apt-cache show "$name" >/dev/null 2>&1; then names+=("$name"); fi
            done
            rm -rf "$engines"
            mkdir -p "$engines/packages"
            apt-get install --simulate --no-install-recommends "${names[@]}" |
                awk '$1 == "Inst" { print $2 }' >"$engines/names"
            # A user for downloads cannot write to the folder.
            (cd "$engines/packages" && xargs apt-get -qq -o APT::Sandbox::User= download <"$engines/names")
            for name in "$engines"/packages/*.deb; do dpkg-deb --extract "$name" "$engines"; done
            rm -r "$engines/packages"
        } >&2 || fail "cannot download the packages ${names[*]}"
        touch "$engines/unpacked"
    fi
    export PATH=$engines/usr/local/bin:$engines/usr/bin:$engines/usr/sbin:$engines/bin:$engines/sbin:$PATH
    for folder in "$engines"/usr/lib/*-linux-gnu "$engines"/lib/*-linux-gnu; do
        if [ -d "$folder" ]; then library_path=$library_path${library_path:+:}$folder; fi
    done
    export LD_LIBRARY_PATH=$library_path
}

# need_root REASON: fails for other users.
need_root() {
    [ "$(id -u)" = 0 ] || fail "$1 needs root; start Docker, or run the script as root"
}

# start_docker: uses the running Docker if it can pull the base images. Otherwise starts a daemon
# with folders and a socket of its own, which changes no network and ends with the script.
start_docker() {
    if [ -n "${daemon:-}" ]; then return; fi
    if docker info >/dev/null 2>&1; then
        if pull timeout 300 docker; then return; fi
        echo "tests/image: Docker cannot pull the base images, so the script starts its own" >&2
    fi
    need_root "a Docker daemon for the test"
    command -v dockerd >/dev/null || unpack_engines
    mkdir "$work/docker"
    echo "{\"cliPluginsExtraDirs\": [\"$engines/usr/libexec/docker/cli-plugins\"]}" \
        >"$work/docker/config.json"
    export DOCKER_HOST=unix://$work/docker/socket DOCKER_CONFIG=$work/docker
    unset DOCKER_CONTEXT
    dockerd --data-root "$work/docker/data" --exec-root "$work/docker/exec" \
        --pidfile "$work/docker/pid" --host "$DOCKER_HOST" --bridge none --iptables=false \
        --ip6tables=false --ip-forward=false --ip-masq=false >"$work/docker/log" 2>&1 &
    daemon=$! network=host
    local deadline=$((SECONDS + 60))
    until docker info >/dev/null 2>&1; do
        if ! kill -0 "$daemon" 2>/dev/null || [ "$SECONDS" -gt "$deadline" ]; then
            fail "dockerd does not start here:
$(grep -E 'level=(error|fatal)|^failed' "$work/docker/log" | tail -n 5)
$rights"
        fi
        sleep 0.2
    done
    pull timeout 300 docker || import_bases docker
}

# start_podman: sets `podman_command` to Podman with folders of its own, as on a new machine.
start_podman() {
    if [ -n "${podman_command:-}" ]; then return; fi
    # `command -v` finds the function below.
    type -P podman >/dev/null || unpack_engines
    local home=$work/podman runtime
    mkdir -p "$home/.config/containers"
    echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$home/.config/containers/policy.json"
    # Podman starts the runtime without LD_LIBRARY_PATH.
    runtime=$(command -v runc || command -v crun) || fail "podman needs runc or crun"
    printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %q "$@"\n' "$library_path" "$runtime" >"$home/runtime"
    chmod +x "$home/runtime"
    # Podman 5 looks for its helpers in fixed folders.
    printf '[engine]\nhelper_binaries_dir = ["%s/usr/lib/podman", "/usr/lib/podman", "%s"]\n' \
        "$engines" /usr/libexec/podman >"$home/containers.conf"
    podman_command=(env "HOME=$home" "CONTAINERS_CONF=$home/containers.conf" podman
        --root "$home/root" --runroot "$home/run" --tmpdir "$home/tmp"
        --cgroup-manager cgroupfs --events-backend file
        --conmon "$(command -v conmon || echo /usr/libexec/podman/conmon)" --runtime "$home/runtime")
    podman info >/dev/null 2>"$home/log" || fail "podman does not run here:
$(tail -n 5 "$home/log")
$rights"
    pull timeout 300 "${podman_command[@]}" || import_bases podman
}

# podman ARGUMENT…: runs Podman with these folders.
podman() {
    "${podman_command[@]}" "$@"
}

# pull COMMAND…: downloads the base images with an engine.
pull() {
    "$@" pull --quiet "$build_base" >"$work/pull.log" 2>&1 || return 1
    "$@" pull --quiet "$run_base" >"$work/pull.log" 2>&1 || return 1
    bases=registry
}

# import_bases ENGINE: imports images with the names of the base images from Debian's packages.
import_bases() {
    local path=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    create_bases
    bases=stand-ins
    tar -C "$work/build-base" -c . | "$1" import --change "ENV PATH=$path" \
        --change "ENV CARGO_HOME=/usr/local/cargo" - "$build_base" >"$work/import.log" 2>&1 ||
        fail "$1 cannot import $build_base: $(tail -n 3 "$work/import.log")
$rights"
    tar -C "$work/run-base" -c . | "$1" import --change "ENV PATH=${path#*:}" \
        --change "ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt" \
        --change "USER 65532" --change "WORKDIR /home/nonroot" - "$run_base" >"$work/import.log" 2>&1 ||
        fail "$1 cannot import $run_base: $(tail -n 3 "$work/import.log")
$rights"
}

# Packages of the image gcr.io/distroless/cc-debian13, and its certificates.
run_packages='base-files gcc-14-base libc6 libgcc-s1 libgomp1 libssl3t64 libstdc++6 libzstd1
    media-types netbase tzdata zlib1g'

# create_bases: creates the file systems of the base images from Debian 13's signed archive.
create_bases() {
    if [ -e "$work/run-base" ]; then return; fi
    echo "tests/image: creating stand-ins for the base images" >&2
    need_root "creating base images"
    unpack_engines
    local keys=/usr/share/keyrings/debian-archive-keyring.gpg scripts=/usr/share/debootstrap
    if [ -e "$engines$keys" ]; then keys=$engines$keys; fi
    if [ -e "$engines$scripts" ]; then scripts=$engines$scripts; fi
    DEBOOTSTRAP_DIR=$scripts debootstrap --variant=minbase \
        --force-check-gpg --keyring="$keys" \
        --include="ca-certificates,gcc,libc6-dev,$(tr -s ' \n' , <<<"$run_packages" | sed 's/,$//')" \
        trixie "$work/build-base" http://deb.debian.org/debian >"$work/debootstrap.log" 2>&1 ||
        fail "debootstrap cannot create Debian 13:
$(tail -n 5 "$work/debootstrap.log")"
    create_run_base
    add_toolchain
}

# create_run_base: unpacks the packages of the runtime image, which has no shell, and adds its user.
create_run_base() {
    local tree=$work/run-base archives=$work/build-base/var/cache/apt/archives name
    mkdir "$tree"
    # The first package contains the links /bin, /lib and /sbin, which the others follow.
    for name in $run_packages; do
        dpkg-deb --fsys-tarfile "$archives/$name"_*.deb |
            tar -C "$tree" -x --keep-directory-symlink || fail "cannot unpack $name"
    done
    rm -rf "$tree"/usr/share/{locale,man,lintian,bug,gcc} "$archives"
    mkdir -p "$tree/etc/ssl/certs" "$tree/home/nonroot"
    cp "$work/build-base/etc/ssl/certs/ca-certificates.crt" "$tree/etc/ssl/certs/"
    cat >"$tree/etc/passwd" <<'END'
root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
END
    printf 'root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n' >"$tree/etc/group"
    chown 65532:65532 "$tree/home/nonroot"
    chmod 700 "$tree/home/nonroot"
}

# add_toolchain: adds this machine's Rust, its certificates and the settings of Cargo to the build
# image, so that a registry which only they reach can be used. They are in no layer of the result.
add_toolchain() {
    local tree=$work/build-base sysroot settings
    sysroot=$(rustc --print sysroot) || fail "the stand-ins need a Rust toolchain"
    [ -e "$sysroot/lib/rustlib/components" ] || fail "the stand-ins need a Rust toolchain of rustup"
    rm -rf "$tree"/var/lib/apt/lists/*
    mkdir -p "$tree/usr/local/cargo" "$tree/usr/local/bin" "$tree/usr/local/lib"
    cp "$sysroot/bin/cargo" "$sysroot/bin/rustc" "$tree/usr/local/bin/"
    tar -C "$sysroot/lib" -c --exclude=./rustlib/src . | tar -C "$tree/usr/local/lib" -x
    cp "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$tree/etc/ssl/certs/ca-certificates.crt"
    settings=${CARGO_HOME:-$HOME/.cargo}/config.toml
    if [ -e "$settings" ]; then cp "$settings" "$tree/usr/local/cargo/"; fi
}

# keep_compiled CONTAINER: adds the compiled dependencies of a build to the build image of the next
# builders. The program itself is compiled again.
keep_compiled() {
    if [ -z "${daemon:-}" ] || [ "$bases" != stand-ins ]; then return; fi
    mkdir -p "$work/build-base/src"
    docker cp "$1:/src/target" - | tar -C "$work/build-base/src" -x
    docker cp "$1:/usr/local/cargo/registry" - | tar -C "$work/build-base/usr/local/cargo" -x
    import_bases docker
}

# stop_engines: ends the daemon and removes the folder of the script.
stop_engines() {
    local mount
    if [ -n "${daemon:-}" ]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    if [ -n "${podman_command:-}" ]; then
        # Without root, mapped users own the files, and a process keeps the mapping.
        podman unshare rm -rf "$work/podman/root" >/dev/null 2>&1 || true
        podman system migrate >/dev/null 2>&1 || true
    fi
    while read -r mount; do
        umount "$mount" 2>/dev/null || true
    done < <(awk -v folder="$work/" 'index($2, folder) == 1 { print $2 }' /proc/mounts 2>/dev/null | sort -r)
    rm -rf --one-file-system "$work"
}
