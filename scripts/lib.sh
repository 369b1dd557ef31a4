# What the scripts share: they find what they need on this machine, or install it (Debian, Ubuntu).
# shellcheck shell=bash

# The oldest release of Postgres that the library supports.
OLDEST_POSTGRES=15

say() {
    printf '\n\033[1m== %s\033[0m\n' "$*"
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Installs Debian packages, as root or through sudo.
install_packages() {
    command -v apt-get >/dev/null || fail "install this with your system's package manager, then run the script again: $*"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "run this as root, then run the script again: apt-get install -y $*"
        as_root=(sudo)
    fi
    say "installing $*"
    "${as_root[@]}" apt-get update -qq >/dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# A Rust toolchain with these components (rustfmt, clippy), a linker, and git.
need_rust() {
    command -v cargo >/dev/null || fail "no Rust toolchain is installed; rustup brings one"
    local component missing=()
    for component; do
        cargo "${component/rust/}" --version >/dev/null 2>&1 || missing+=("$component")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        command -v rustup >/dev/null || fail "this Rust toolchain lacks ${missing[*]}; install them"
        say "installing ${missing[*]}"
        rustup component add "${missing[@]}"
    fi
    command -v cc >/dev/null || install_packages gcc libc6-dev
    command -v git >/dev/null || install_packages git
}

# Where the library's private clusters look for Postgres as well: `PG_BIN`, else `PATH`, else what is installed.
has_postgres() {
    local directory directories=()
    if [ -n "${PG_BIN:-}" ]; then
        directories=("$PG_BIN")
    else
        IFS=: read -ra directories <<<"$PATH"
        directories+=(/usr/lib/postgresql/*/bin)
    fi
    for directory in "${directories[@]}"; do
        [ -x "$directory/initdb" ] && [ -x "$directory/postgres" ] || continue
        [ "$("$directory/postgres" --version | tr -cs '0-9' ' ' | awk '{ print $1 }')" -ge $OLDEST_POSTGRES ] && return
    done
    return 1
}

# The programs of Postgres, without a server that runs all the time.
need_postgres() {
    has_postgres && return
    [ -z "${PG_BIN:-}" ] || fail "PG_BIN is $PG_BIN, where there is no Postgres $OLDEST_POSTGRES or newer"
    command -v apt-get >/dev/null || fail "install Postgres $OLDEST_POSTGRES or newer, then run the script again"
    local as_root=() settings=/etc/postgresql-common/createcluster.d
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    # The package would make a cluster of its own and start it.
    "${as_root[@]}" mkdir -p $settings
    echo "create_main_cluster = false" | "${as_root[@]}" tee $settings/eventsourcing.conf >/dev/null
    install_packages postgresql
    if ! has_postgres; then
        # The distribution's own release is too old; the Postgres project packages newer ones for it.
        "${as_root[@]}" sh /usr/share/postgresql-common/pgdg/apt.*.sh -y
        install_packages postgresql
    fi
    "${as_root[@]}" rm $settings/eventsourcing.conf
    has_postgres || fail "the installed Postgres is older than release $OLDEST_POSTGRES; install a newer one"
}

# The pooler that tests put before a server. They start it themselves.
need_pgbouncer() {
    [ -x /usr/sbin/pgbouncer ] || [ -x /usr/bin/pgbouncer ] || [ -x /usr/local/bin/pgbouncer ] && return
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    # The package would start a service of its own.
    [ ! -d /run/systemd/system ] || "${as_root[@]}" systemctl mask --quiet pgbouncer.service
    install_packages pgbouncer
}
