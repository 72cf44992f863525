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

# A process costs more than all that the shell does by itself, so it reads what the kernel says in files. That of
# the machine came with Linux 6.1, and not every container has /proc.
machine=
uid=
{
  read -r machine </proc/sys/kernel/arch
  while [ -z "$uid" ] && read -r name real effective rest; do
    [ "$name" != Uid: ] || uid=$effective
  done </proc/self/status
} 2>/dev/null || :
[ -n "$uid" ] || uid=$(id -u)

# Where a machine is emulated, the kernel's file names the real one. So this has the last word on a refusal, and
# before anything is unpacked.
check_machine() {
  [ "$(uname -sm)" = "Linux @MACHINE@" ] ||
    fail "This file is for Linux on @MACHINE@, this machine is $(uname -sm)"
}
[ "$machine" = @MACHINE@ ] || check_machine

# What the payload holds: the paths of its files, and the size of each in bytes.
paths='@PATHS@'
sizes='@SIZES@'

# Whether a path is without links and detours: to resolve them takes a process.
is_straight() {
  case $1/ in *//* | */./* | */../*) return 1 ;; esac
  rest=$1
  while [ -n "$rest" ]; do
    [ ! -L "$rest" ] || return 1
    rest=${rest%/*}
  done
}

# A power cut can leave files of zeros, and a shell that is told to run an empty file does nothing and reports
# success. The first line of a program tells, and it is short. That of zeros is all 110 MB, which some shells read
# byte by byte: the limit, in seconds, ends that. Nothing lifts it again, so only a subshell may call this.
is_program() {
  ulimit -t 1
  [ -f "$1" ] && [ -x "$1" ] && IFS= read -r line <"$1" &&
    case $line in "@MAGIC@"*) ;; *) return 1 ;; esac
}

# Judges owner, group, mode and size of files: first those of the payload if they are wanted, then each folder
# from the root on. Sets `lists` if access control lists matter.
are_safe() {
  lists=
  # A power cut can leave short files.
  for size in $wanted_sizes; do
    [ "${4-}" = "$size" ] || return 1
    shift 4
  done
  # In a namespace of users root can have another number.
  root=$1
  while [ $# -gt 0 ]; do
    [ "$1" = "$uid" ] || [ "$1" = "$root" ] || return 1
    case $3 in
      [1357]???) ;;
      *[2367]) return 1 ;;
      *[2367]?) [ "$2" = "$uid" ] || [ "$2" = 0 ] || return 1; lists=$3 ;;
    esac
    shift 4
  done
}

has_lists() {
  details=$(LC_ALL=C ls -ldn "$@") || return 0
  while read -r mode rest; do
    case $mode in *+) return 0 ;; esac
  done <<DETAILS
$details
DETAILS
  return 1
}

# What is run was looked at before: in between, only the owner of this process or root may be able to exchange
# it. So each folder on the way is theirs and closed to others; a sticky one lets nobody exchange what is not
# theirs, and a group with the user's own number has no other member. But an access control list can name more
# users; its mask then stands in place of the group's rights. Links are resolved here, for good.
# With "whole", the folder must also hold the payload: one process looks at everything.
set_safe() {
  safe=$1
  wanted_paths=
  wanted_sizes=
  [ "${2-}" != whole ] || wanted_paths=$paths wanted_sizes=$sizes
  [ -d "$safe" ] || return 1
  is_straight "$safe" || safe=$(cd "$safe" 2>/dev/null && pwd -P) || return 1
  way=$safe
  set -- /
  while [ -n "${way%/}" ]; do
    set -- "$@" "$way"
    way=${way%/*}
  done
  # A shell that a limit has ended is an error to tell for the shell above.
  {
    facts=$(
      cd "$safe" && { [ -z "$wanted_paths" ] || is_program ./deno; } &&
        exec stat -c '%u %g %a %s' $wanted_paths "$@"
    )
  } 2>/dev/null || return 1
  are_safe $facts && { [ -z "$lists" ] || ! has_lists "$@"; }
}

# The nearest folder that is there must be safe before anything is made in it.
make_safe() {
  nearest=$1
  until [ -e "${nearest:=/}" ] || [ -L "$nearest" ]; do nearest=${nearest%/*}; done
  set_safe "$nearest" && mkdir -p "$1" 2>/dev/null && set_safe "$1"
}

has_copy() {
  [ ! -L "$1/$key" ] && set_safe "$1/$key"
}

is_intact() {
  [ ! -L "$1/$key" ] && set_safe "$1/$key" whole
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
    chmod 755 "$fresh" && touch "$fresh" && set_safe "$fresh" whole &&
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
  check_machine
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
# One pool of memory for all threads: nearly everything is allocated by one of them, and each pool keeps what is free.
export PULSEBOX_OUTER_MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX-}" MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
blocked=
env --block-signal=USR1 >/dev/null 2>&1 && blocked="env --block-signal=USR1"
export PULSEBOX_BLOCKED="${blocked:+USR1}"
exec $blocked "$home/deno" run @FLAGS@ "$home/program/portable/main.js" "$@"
