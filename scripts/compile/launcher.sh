#!/bin/sh
# Pulsebox @VERSION@ for @TARGET@, portable form: this file unpacks itself once and becomes the program.
set -eu
# The runtime would open its inspector to every user of the machine.
trap '' USR1

key=@KEY@
payload_from=@OFFSET@

fail() {
  echo "pulsebox: $1" >&2
  exit 1
}

[ "$(uname -sm)" = "Linux @MACHINE@" ] ||
  fail "This file is for Linux on @MACHINE@, this machine is $(uname -sm)"

uid=$(id -u)

# Only the owner of this process, or root, may have put there what is run.
is_ours() {
  [ -d "$1" ] && [ ! -L "$1" ] || return 1
  owner=$(stat -c %u "$1") || return 1
  [ "$owner" = "$uid" ] || [ "$owner" = 0 ]
}

is_complete() {
  is_ours "$1" && is_ours "$1/$key" && [ -f "$1/$key/complete" ]
}

unpack() {
  mkdir -p "$1" 2>/dev/null || return 1
  is_ours "$1" || return 1
  fresh=$(mktemp -d "$1/.unpacking.XXXXXX" 2>/dev/null) || return 1
  trap 'rm -rf "$fresh"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  tail -c "+$payload_from" "$0" | gzip -dc 2>/dev/null | tar -xof - -C "$fresh" 2>/dev/null ||
    { rm -rf "$fresh"; trap - EXIT INT TERM; return 1; }
  # A folder may forbid that programs in it are run.
  if ! "$fresh/deno" --version >/dev/null 2>&1; then
    rm -rf "$fresh"
    trap - EXIT INT TERM
    return 2
  fi
  : >"$fresh/complete"
  chmod 755 "$fresh"
  # Whoever unpacks at the same time may be first: its copy is as good.
  mv -T "$fresh" "$1/$key" 2>/dev/null || rm -rf "$fresh"
  trap - EXIT INT TERM
  is_complete "$1"
}

# Where copies may be kept, best first; the service manager's folder may be several, joined by colons.
set_places() {
  place_1=${CACHE_DIRECTORY:+${CACHE_DIRECTORY%%:*}/unpacked}
  place_2=${XDG_CACHE_HOME:+$XDG_CACHE_HOME/pulsebox}
  place_3=${HOME:+$HOME/.cache/pulsebox}
  place_4=/var/tmp/pulsebox-$uid
  place_5=${TMPDIR:-/tmp}/pulsebox-$uid
}

find_copy() {
  for place in "$place_1" "$place_2" "$place_3" "$place_4" "$place_5"; do
    case $place in /*) ;; *) continue ;; esac
    if is_complete "$place"; then
      home=$place/$key
      return 0
    fi
  done
  return 1
}

make_copy() {
  tail -c "+$payload_from" "$0" | sha256sum | grep -q "^$key " ||
    fail "This file is damaged: copy it again and compare its SHA-256 sum"
  umask 022
  for place in "$place_1" "$place_2" "$place_3" "$place_4" "$place_5"; do
    case $place in /*) ;; *) continue ;; esac
    if unpack "$place"; then
      home=$place/$key
      return 0
    fi
  done
  fail "Cannot unpack: no folder has 110 MB free and lets programs run; name one with XDG_CACHE_HOME"
}

set_places
find_copy || make_copy

# The program forgets these again, so that programs which it starts do not inherit them.
case $0 in /*) file=$0 ;; *) file=$PWD/$0 ;; esac
export PULSEBOX_OUTER_DENO_DIR="${DENO_DIR-}" PULSEBOX_LAUNCHER_FILE="$file"
export DENO_DIR="$home/cache" DENO_NO_UPDATE_CHECK=1 DENO_NO_PACKAGE_JSON=1
blocked=
env --block-signal=USR1 true 2>/dev/null && blocked="env --block-signal=USR1"
exec $blocked "$home/deno" run @FLAGS@ "$home/program/portable/main.js" "$@"
