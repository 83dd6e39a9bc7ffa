#!/bin/sh
# Not applied by us on Huawei Cloud; it is played in a folder by a test. Run as root on a server, as often as you like:
#   install.sh <release>    brings server.cjs, which lies beside it, to the server as that release, and starts it
#   install.sh back         goes back to the release before, and starts it
# A release that is not healthy within 30 seconds gives way to the one before.
set -eu

root=${KOOGATE_ROOT:-} # another root than /, for the test
here=$(cd "$(dirname "$0")" && pwd)
app=$root/opt/koogate
release=${1:?"Usage: install.sh <release> | install.sh back"}

healthy() {
    port=$(sed -n 's/^PORT=//p' "$root/etc/koogate/koogate.env")
    tries=0
    while [ "$tries" -lt 30 ]; do
        if curl -fsS -o /dev/null "http://127.0.0.1:${port:-8000}/healthz" 2>/dev/null; then return 0; fi
        tries=$((tries + 1))
        sleep 1
    done
    return 1
}

point_to() { # what a reader finds is the old link or the new one, never none
    ln -s "$1" "$app/current.new"
    mv -T "$app/current.new" "$app/current"
}

if [ "$release" = back ]; then
    before=$(cat "$app/before" 2>/dev/null || true)
    [ -n "$before" ] || { echo "There is no release before this one: install one by its name." >&2; exit 1; }
else
    case $release in *[!A-Za-z0-9._-]* | .*) echo "A release is called by letters, digits, dots, hyphens: $release" >&2; exit 2 ;; esac
    [ -f "$here/server.cjs" ] || { echo "server.cjs is not beside install.sh: copy it there." >&2; exit 1; }
    [ -f "$root/etc/koogate/koogate.env" ] || { echo "$root/etc/koogate/koogate.env is missing: see koogate.env.example." >&2; exit 1; }
    if [ -z "$root" ]; then
        getent passwd koogate >/dev/null || useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin koogate
    fi
    mkdir -p "$app/releases/$release" "$root/etc/systemd/system" "$root/etc/logrotate.d"
    cp "$here"/server.cjs* "$app/releases/$release/"
    cp "$here/koogate.service" "$root/etc/systemd/system/koogate.service"
    cp "$here/logrotate.conf" "$root/etc/logrotate.d/koogate"
    if [ -f "$root/etc/koogate/secrets.json" ]; then chmod 0600 "$root/etc/koogate/secrets.json"; fi
    before=releases/$release
    systemctl daemon-reload
    systemctl enable koogate.service
fi

now=$(readlink "$app/current" 2>/dev/null || true)
point_to "$before"
systemctl restart koogate.service
if healthy; then
    if [ "$now" != "$before" ]; then printf '%s' "$now" >"$app/before"; fi
    echo "Runs: $before"
    exit 0
fi
echo "$before is not healthy within 30 seconds: tail $root/var/log/koogate/server.log" >&2
if [ -n "$now" ] && [ "$now" != "$before" ]; then
    point_to "$now"
    systemctl restart koogate.service
    echo "Back to: $now" >&2
fi
exit 1
