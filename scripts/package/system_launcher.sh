#!/bin/sh
# Pulsebox as a package of the system: everything is unpacked already.
set -eu
# The runtime would open its inspector to every user of the machine.
trap '' USR1

# The program forgets these again, so that programs which it starts do not inherit them.
export PULSEBOX_OUTER_DENO_DIR="${DENO_DIR-}"
# The cache holds code that is run, and in the HOME of another user that user decides what is in it. Below a
# file nobody can make a folder, root neither: then there is no cache.
owned=${XDG_CACHE_HOME:-${HOME-}}
[ -O "$owned" ] && cache=${XDG_CACHE_HOME:-$HOME/.cache}/pulsebox || cache=/dev/null/none
export DENO_DIR="${CACHE_DIRECTORY:-$cache}"
export DENO_NO_UPDATE_CHECK=1 DENO_NO_PACKAGE_JSON=1
# One pool of memory for all threads: nearly everything is allocated by one of them, and each pool keeps what is free.
export PULSEBOX_OUTER_MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX-}" MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
blocked=
env --block-signal=USR1 >/dev/null 2>&1 && blocked="env --block-signal=USR1"
export PULSEBOX_BLOCKED="${blocked:+USR1}"
exec $blocked /usr/lib/pulsebox/deno run @FLAGS@ /usr/lib/pulsebox/program/portable/main.js "$@"
