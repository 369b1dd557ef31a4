# Runs a private cluster for the process at the other end of standard input, and removes it when that process ends,
# however it ends: then there is nothing more to read.
#
# $1: the directory of Postgres's programs, $2: the directory of the cluster. Each line read is one of the functions
# below; the answer to it is its exit status.
set -u
bin=$1
dir=$2
job=

# The signals of a terminal or a time limit are meant for the tests; what they leave is still to be removed.
trap '' HUP INT TERM

init() {
    "$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
        --no-instructions && cat "$dir/settings" >>"$dir/data/postgresql.conf"
}

serve() {
    "$bin/postgres" -D "$dir/data"
    rm -f "$dir/running"
}

start() {
    : >"$dir/running"
    serve &
    job=$!
    # What `pg_ctl` waits for as well, but with an ear for the server's early end.
    until grep -q '^ready' "$dir/data/postmaster.pid"; do
        [ -e "$dir/running" ] || return 1
        sleep 0.02 || sleep 1
    done 2>/dev/null
}

# Without a shutdown checkpoint: the next start is a recovery.
stop() {
    [ -n "$job" ] || return 0
    if read -r pid _ <"$dir/data/postmaster.pid"; then
        kill -s QUIT "$pid"
    fi
    wait "$job"
    job=
    rm -f "$dir/data/postmaster.pid"
}

cd "$dir" || exit
while read -r verb; do
    case $verb in
    init | start | stop) "$verb" </dev/null >>"$dir/log" 2>&1 ;;
    *) false ;;
    esac
    echo $?
done
stop </dev/null >/dev/null 2>&1
cd /
rm -rf -- "$dir"
