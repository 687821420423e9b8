#!/bin/sh
# Refuses a function binary that Lambda could not start: wrong processor, or a glibc newer than Amazon Linux 2023's.
# usage: check-artefact.sh <bootstrap> <x86_64|arm64>
set -eu

binary=$1
architecture=$2
newest_glibc=2.34 # of provided.al2023

fail() {
    echo "$binary: $1" >&2
    exit 1
}

# ELF header: bytes 0-3 are the magic, bytes 18-19 the machine.
[ "$(head -c 4 "$binary" | tail -c 3)" = ELF ] || fail "is not a Linux binary"
case $(od -An -tu1 -j18 -N1 "$binary" | tr -d ' ') in
    62) built_for=x86_64 ;;
    183) built_for=arm64 ;;
    *) built_for="another processor" ;;
esac
[ "$built_for" = "$architecture" ] || fail "built for $built_for, the stack wants $architecture (set ARCHITECTURE)"

# The linker writes the version of every glibc symbol as text.
needed=$(LC_ALL=C grep -ao 'GLIBC_2\.[0-9]*' "$binary" | sed 's/GLIBC_2\.//' | sort -n | tail -1)
[ "${needed:-0}" -le "${newest_glibc#2.}" ] ||
    fail "needs glibc 2.$needed, Amazon Linux 2023 has $newest_glibc: build it with cargo lambda"
