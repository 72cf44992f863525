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

# In a namespace of users root can have another number.
root=$(stat -c %u /)

# What is run was looked at before: in between, only the owner of this process or root may be able to exchange
# it. So each folder on the way is theirs and closed to others; a sticky one lets nobody exchange what is not
# theirs, and a group with the user's own number has no other member. But an access control list can name more
# users; its mask then stands in place of the group's rights. Links are resolved here, for good.
set_safe() {
  safe=$(cd "$1" 2>/dev/null && pwd -P) || return 1
  way=$safe
  set -- /
  while [ -n "${way%/}" ]; do
    set -- "$@" "$way"
    way=${way%/*}
  done
  facts=$(stat -c '%u %g %a' "$@" 2>/dev/null) || return 1
  lists=
  while read -r owner group mode; do
    [ "$owner" = "$uid" ] || [ "$owner" = "$root" ] || return 1
    case $mode in [1357]???) continue ;; *[2367]) return 1 ;; esac
    case $mode in *[2367]?) [ "$group" = "$uid" ] || [ "$group" = 0 ] || return 1; lists=$mode ;; esac
  done <<FACTS
$facts
FACTS
  [ -z "$lists" ] || ! LC_ALL=C ls -ld "$@" | grep -q '^[^ ]*+'
}

# The nearest folder that is there must be safe before anything is made in it.
make_safe() {
  nearest=$1
  until [ -e "${nearest:=/}" ] || [ -L "$nearest" ]; do nearest=${nearest%/*}; done
  set_safe "$nearest" && mkdir -p "$1" 2>/dev/null && set_safe "$1"
}

# What the payload holds: a size in bytes and a path a line.
sizes='@SIZES@'
paths=
for word in $sizes; do
  case $word in ./*) paths="$paths $word" ;; esac
done
program_magic=$(printf '\177ELF')

# A power cut can leave short files and files of zeros, and a shell that is told to run an empty file does
# nothing and reports success.
is_whole() {
  [ -x "$1/deno" ] &&
    [ "$({ cd "$1" && stat -c '%s %n' $paths; } 2>/dev/null)" = "$sizes" ] &&
    [ "$(head -c 4 "$1/deno" 2>/dev/null | tr -d '\000')" = "$program_magic" ]
}

has_copy() {
  [ ! -L "$1/$key" ] && set_safe "$1/$key"
}

is_intact() {
  has_copy "$1" && is_whole "$safe"
}

# Not every sync knows file systems.
flush() {
  sync -f "$1" 2>/dev/null || sync
}

# What a start left that was killed while it unpacked.
remove_remains() {
  for remains in "$1"/.unpacking.*; do
    pid=${remains##*/.unpacking.}
    [ -d "/proc/${pid%%.*}" ] || rm -rf "$remains"
  done
}

# This copy and the newest other one stay, so that an update can be taken back; so does each that runs.
remove_older() (
  cd "$1"
  running=" $(stat -L -c %d:%i /proc/[0-9]*/exe 2>/dev/null | tr '\n' ' ')"
  kept=1
  for name in $(ls -t); do
    case $name in "$key" | *[!0-9a-f]*) continue ;; esac
    [ ${#name} = ${#key} ] || continue
    kept=$((kept + 1))
    [ $kept -gt 2 ] || continue
    case $running in *" $(stat -c %d:%i "$name/deno" 2>/dev/null || echo none) "*) continue ;; esac
    rm -rf "$name"
  done
)

# Everything is on the disk before the copy gets its name, so that a power cut leaves all of it or none.
unpack() {
  make_safe "$1" || return 1
  set -- "$safe"
  # Whoever unpacks at the same time may be first: its copy is as good.
  is_intact "$1" && return 0
  rm -rf "$1/$key" 2>/dev/null || return 1
  remove_remains "$1"
  fresh=$(mktemp -d "$1/.unpacking.$$.XXXXXX" 2>/dev/null) || return 1
  trap 'rm -rf "$fresh"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # A folder may forbid that programs in it are run.
  if tail -c "+$payload_from" "$0" | gzip -dc 2>/dev/null | tar -xof - -C "$fresh" 2>/dev/null &&
    chmod 755 "$fresh" && touch "$fresh" && is_whole "$fresh" &&
    "$fresh/deno" --version >/dev/null 2>&1 && flush "$fresh"; then
    is_intact "$1" || mv -T "$fresh" "$1/$key" 2>/dev/null || :
    flush "$1"
  fi
  rm -rf "$fresh"
  trap - EXIT INT TERM
  remove_older "$1" 2>/dev/null || :
  is_intact "$1"
}

# Where copies may be kept, best first; the service manager's folder may be several, joined by colons.
# Folders for temporary files are not among them: they are cleaned while a program runs.
set_places() {
  place_1=${CACHE_DIRECTORY:+${CACHE_DIRECTORY%%:*}/unpacked}
  place_2=${XDG_CACHE_HOME:+$XDG_CACHE_HOME/pulsebox}
  place_3=${HOME:+${HOME%/}/.cache/pulsebox}
  # Some ways to become root keep the HOME of the user.
  place_4=
  [ "$uid" != 0 ] || place_4=~root/.cache/pulsebox
}

find_copy() {
  for place in "$place_1" "$place_2" "$place_3" "$place_4"; do
    case $place in /*) ;; *) continue ;; esac
    if is_intact "$place"; then
      home=$safe
      return 0
    fi
  done
  return 1
}

make_copy() {
  tail -c "+$payload_from" "$0" | sha256sum | grep -q "^$key " ||
    fail "This file is damaged: copy it again and compare its SHA-256 sum"
  umask 022
  tried=
  for place in "$place_1" "$place_2" "$place_3" "$place_4"; do
    case $place in /*) ;; *) continue ;; esac
    if has_copy "$place"; then
      echo "pulsebox: The unpacked copy in $place is damaged, unpacking it again" >&2
    fi
    if unpack "$place"; then
      home=$safe
      return 0
    fi
    tried="$tried $place"
  done
  fail "Cannot unpack: a folder must be writable, but not for others, nor may the folders above it; \
it must have 110 MB free and let programs run; \
tried${tried:- none}. Name another folder with CACHE_DIRECTORY"
}

set_places
find_copy || make_copy

# The program forgets these again, so that programs which it starts do not inherit them.
case $0 in /*) file=$0 ;; *) file=$PWD/$0 ;; esac
export PULSEBOX_OUTER_DENO_DIR="${DENO_DIR-}" PULSEBOX_LAUNCHER_FILE="$file"
export DENO_DIR="$home/cache" DENO_NO_UPDATE_CHECK=1 DENO_NO_PACKAGE_JSON=1
blocked=
env --block-signal=USR1 true 2>/dev/null && blocked="env --block-signal=USR1"
export PULSEBOX_BLOCKED="${blocked:+USR1}"
exec $blocked "$home/deno" run @FLAGS@ "$home/program/portable/main.js" "$@"
