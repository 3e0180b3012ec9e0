#!/bin/sh
# Prepares .venv so that the program can run: sh scripts/setup.sh run
# or so that it can also be checked and tested:  sh scripts/setup.sh dev
# or so that it can become a bundle:  sh scripts/setup.sh bundle
#
# Safe to repeat and to interrupt. A finished set-up leaves a stamp holding everything that it depended on; while
# that still matches, the next call returns at once. The stamp is written last, so a set-up that was cut short is
# taken up again. As root on Debian or Ubuntu, missing system packages are installed; otherwise the command to type
# is printed.
set -eu

cd "$(dirname "$0")/.."
mode=${1:-run}
venv=.venv

case $mode in
    run) target=. ;;
    dev) target=.[dev] ;;
    bundle) target=.[bundle] ;;
    *)
        echo "setup.sh: expected “run”, “dev” or “bundle”, found “$mode”." >&2
        exit 2
        ;;
esac

say() {
    echo "set-up: $*" >&2
}

# What a finished set-up depended on. The folder counts because an environment cannot be moved.
inputs() {
    pwd
    "$venv/bin/python" -V
    cat pyproject.toml constraints.txt scripts/setup.sh
}

ready() {
    [ -x "$venv/bin/python" ] || return 1
    # The environment for development holds everything that the program needs.
    stamps=$venv/.ready-$mode
    [ "$mode" = run ] && stamps="$stamps $venv/.ready-dev $venv/.ready-bundle"
    for stamp in $stamps; do
        if [ -f "$stamp" ] && inputs 2>/dev/null | cmp -s - "$stamp"; then
            return 0
        fi
    done
    return 1
}

# Installs Debian packages as root; otherwise prints the command and fails.
system_packages() {
    if ! command -v apt-get >/dev/null; then
        say "this system has no apt-get; please install what Debian calls: $*"
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        say "system packages are missing. Please type:"
        say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
        return 1
    fi
    say "installing system packages: $*"
    apt-get update -qq </dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o DPkg::Lock::Timeout=120 "$@" </dev/null >/dev/null
}

suits() {
    command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if suits "$python"; then
            return 0
        fi
    done
    return 1
}

create_environment() {
    if [ -f "$venv/bin/activate" ] && suits "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    if ! find_python; then
        # A Python of another version is not replaced: the system may need it.
        if command -v "${PYTHON:-python3}" >/dev/null; then
            say "expected Python 3.11, 3.12 or 3.13, found $("${PYTHON:-python3}" -V 2>&1)."
            say "Name another one, for example: PYTHON=/usr/local/bin/python3.12 make run"
            exit 1
        fi
        system_packages python3 python3-venv || exit 1
        find_python || {
            say "expected Python 3.11, 3.12 or 3.13, found $(python3 -V 2>&1)."
            exit 1
        }
    fi
    # Debian keeps the part of Python that fills a new environment in a package of its own.
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        system_packages "python$version-venv" || exit 1
    fi
    say "creating $venv with $("$python" -V)"
    "$python" -m venv --clear "$venv"
}

# A package whose installation was cut short has no RECORD, yet pip would take it for installed.
forget_unfinished_packages() {
    for info in "$venv"/lib/python3.*/site-packages/*.dist-info; do
        if [ -d "$info" ] && [ ! -f "$info/RECORD" ]; then
            say "will install again: $(basename "$info" .dist-info)"
            rm -rf "$info"
        fi
    done
}

# Prints the Debian packages whose libraries the loader does not find.
missing_libraries() {
    while read -r library package; do
        "$venv/bin/python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$library" 2>/dev/null || echo "$package"
    done <<LIBRARIES
libstdc++.so.6 libstdc++6
libEGL.so.1 libegl1
libGL.so.1 libgl1
libxkbcommon.so.0 libxkbcommon0
libglib-2.0.so.0 libglib2.0-0
libfontconfig.so.1 libfontconfig1
libdbus-1.so.3 libdbus-1-3
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
LIBRARIES
}

install_libraries() {
    [ "$(uname)" = Linux ] || return 0
    packages=$(missing_libraries)
    if [ -n "$packages" ]; then
        # Only the window needs them, so drawing from the terminal goes on without.
        # shellcheck disable=SC2086  # one word per package
        system_packages $packages || say "going on without; the terminal does not need these, the window will."
    fi
}

install_packages() {
    say "installing Python packages; the first time this takes minutes"
    if [ -t 2 ]; then quiet=; else quiet=--quiet; fi
    # shellcheck disable=SC2086  # empty or one word
    PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" -m pip install $quiet \
        --constraint constraints.txt --editable "$target" >&2
    # -I: not found by the accident of standing in the checkout.
    "$venv/bin/python" -I -c 'import sana_desktop, sana_models, sana_kernels'
}

# What PyInstaller reads libraries with, and Python as one of them, which Debian keeps in a package of its own.
install_bundling_tools() {
    [ "$mode" = bundle ] && [ "$(uname)" = Linux ] || return 0
    command -v objdump >/dev/null || system_packages binutils || exit 1
    if ! "$venv/bin/python" -c 'from PyInstaller.depend import bindepend; raise SystemExit(not bindepend.get_python_library_path())' \
        2>/dev/null; then
        system_packages "libpython$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" || exit 1
    fi
}

if ready; then
    exit 0
fi
# Two set-ups at once would write over each other; the second waits and then finds the work done.
if command -v flock >/dev/null; then
    exec 9>.setup.lock
    flock 9
    if ready; then
        exit 0
    fi
fi
create_environment
forget_unfinished_packages
install_libraries
install_packages
install_bundling_tools
inputs >"$venv/.ready-$mode.new"
mv "$venv/.ready-$mode.new" "$venv/.ready-$mode"
say "ready"
