#!/bin/sh
# Both environments from their locks, without a question and without touching the system: what is missing comes to .tools/.
# usage: sh motcua/setup.sh [--tests]      --tests: also what the tests, the linter and the type checker need
# Called by make; does nothing when nothing has changed; may be interrupted, and may run twice at once.
set -eu
tests=no
if [ "${1:-}" = --tests ]; then tests=yes; fi
cd "$(dirname "$0")/.."
root=$PWD
unset UV_PROJECT_ENVIRONMENT UV_PYTHON VIRTUAL_ENV PYTHONHOME PYTHONPATH || true

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# --- one set-up at a time --------------------------------------------------------------------------------------------

mkdir -p .tools
log=.tools/setup.log
exec 9>.tools/lock
if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
    say "Another set-up is at work in this folder; waiting for it …"
    flock 9
fi

# --- what has changed since the last time ----------------------------------------------------------------------------

# The stamp holds all that an environment is made of, and where it stands: environments cannot be moved.
fingerprint() { # fingerprint service|tests|rasa: "tests" is the service environment with all that tests need
    case $1 in
        service | tests) files="pyproject.toml uv.lock" ;;
        rasa) files="bot/rasa/pyproject.toml bot/rasa/uv.lock $(find bot/rasa/no_tensorflow -type f \( -name '*.py' -o -name '*.toml' \) | sort)" ;;
    esac
    # shellcheck disable=SC2086  # a list of files without spaces
    { printf '%s\n' "$1" "$root"; cat $files; } | cksum
}
place() { case $1 in rasa) printf bot/rasa/.venv ;; *) printf .venv ;; esac; }
fresh() {
    [ -f "$(place "$1")/stamp" ] && [ "$(cat "$(place "$1")/stamp")" = "$(fingerprint "$1")" ] \
        && "$(place "$1")/bin/python" -c '' >/dev/null 2>&1
}

service_fresh() { fresh tests || { [ "$tests" = no ] && fresh service; }; }

if service_fresh && fresh rasa; then exit 0; fi

# --- something that takes long, with a sign of life ------------------------------------------------------------------

ticker=
quiet() { if [ -n "$ticker" ]; then kill "$ticker" 2>/dev/null || true; wait "$ticker" 2>/dev/null || true; ticker=; fi; }
trap quiet EXIT
trap 'quiet; exit 130' INT
trap 'quiet; exit 143' TERM
tick() { while sleep 1; do printf '\r%s … %s s ' "$1" "$(($(date +%s) - $2))"; done; }

# with_progress "what" command…   The command's output goes to the log, and to the screen if it fails.
with_progress() {
    what=$1; shift
    began=$(date +%s)
    if [ -t 1 ]; then tick "$what" "$began" 9>&- & ticker=$!; else printf '%s … ' "$what"; fi
    status=0
    "$@" >"$log" 2>&1 9>&- || status=$?
    quiet
    if [ -t 1 ]; then printf '\r%s … ' "$what"; fi
    if [ "$status" = 0 ]; then say "done in $(($(date +%s) - began)) s"; else say "failed"; fi
    return "$status"
}

# --- uv --------------------------------------------------------------------------------------------------------------

# pyenv's shims answer 127 for a version that is not active: only the interpreters themselves are looked at.
pyenv_versions() {
    for folder in "${PYENV_ROOT:-}" "${HOME:-}/.pyenv" "$(pyenv root 2>/dev/null || true)"; do
        if [ -n "$folder" ]; then printf '%s\n' "$folder/versions"; fi
    done
}

pythons() { # pythons 3.10: every place where such an interpreter may be, one a line
    command -v "python$1" 2>/dev/null || true
    command -v python3 2>/dev/null || true
    command -v python 2>/dev/null || true
    pyenv_versions | while IFS= read -r folder; do ls -d "$folder/$1".*/bin/"python$1" 2>/dev/null || true; done
}

new_enough() { # uv 0.8 reads our locks
    version=$("$1" --version 2>/dev/null) || return 1
    version=${version#uv }; version=${version%% *}
    major=${version%%.*}; minor=${version#*.}; minor=${minor%%.*}
    [ "$major" -gt 0 ] 2>/dev/null || [ "$minor" -ge 8 ] 2>/dev/null
}

find_uv() {
    for uv in "$(command -v uv 2>/dev/null || true)" "${HOME:-}/.local/bin/uv" "$root/.tools/uv/bin/uv"; do
        if [ -x "$uv" ] && new_enough "$uv"; then return 0; fi
    done
    return 1
}

fetch_uv() {
    for version in 3 3.12 3.13 3.14 3.11 3.10 3.9; do
        pythons "$version" | while IFS= read -r python; do
            "$python" -m pip --version >/dev/null 2>&1 || continue
            rm -rf .tools/uv.partial
            "$python" -m pip install --quiet --no-input --disable-pip-version-check --target .tools/uv.partial 'uv>=0.8' \
                && rm -rf .tools/uv && mv .tools/uv.partial .tools/uv && break
        done
        if [ -x .tools/uv/bin/uv ]; then return 0; fi
    done
    return 1
}

if ! find_uv; then
    with_progress "Fetching uv into .tools" fetch_uv && find_uv || {
        tail -n 5 "$log" >&2
        fail "uv is missing and no Python here has a pip that can fetch it: install uv (https://docs.astral.sh/uv/getting-started/installation/) or pip, then run make again."
    }
fi

# --- Python ----------------------------------------------------------------------------------------------------------

export UV_PYTHON_INSTALL_DIR="$root/.tools/python"      # what uv fetches stays in this folder

usable() { # usable PYTHON 3.10: it runs, is of this version, and was built with what both environments need
    "$1" -c "import ctypes, sqlite3, ssl, sys
sys.exit('%d.%d' % sys.version_info[:2] != '$2' or sys.implementation.name != 'cpython')" >/dev/null 2>&1
}

find_python() { # find_python 3.12 3.13 …: sets $python to the first that is usable
    for version in "$@"; do
        list=$(pythons "$version"; "$uv" python find --no-python-downloads "$version" 2>/dev/null || true)
        python=$(printf '%s\n' "$list" | while IFS= read -r one; do
            if [ -n "$one" ] && usable "$one" "$version"; then printf '%s' "$one"; break; fi
        done)
        if [ -n "$python" ]; then return 0; fi
    done
    return 1
}

python_for() { # python_for "what it is for" 3.12 3.13 …
    why=$1; shift
    if find_python "$@"; then return 0; fi
    with_progress "Fetching Python $1 into .tools" "$uv" python install --no-bin "$1" && find_python "$1" && return 0
    fail "Python $1 is missing: $why needs it, and uv could not fetch it. Install it (for example: uv python install $1, or pyenv install $1, or your system's package python$1), then run make again."
}

# --- the two environments --------------------------------------------------------------------------------------------

sync() { # sync service|tests|rasa "what" option…
    name=$1; what=$2; shift 2
    rm -f "$(place "$name")/stamp"
    folder=$(dirname "$(place "$name")")
    with_progress "$what" "$uv" sync --directory "$folder" --frozen --no-progress --python "$python" "$@" || {
        tail -n 25 "$log" >&2
        fail "That did not work; the lines above say why. Nothing outside this folder was touched: run make again when it is mended."
    }
    fingerprint "$name" > "$(place "$name")/stamp.partial"
    mv "$(place "$name")/stamp.partial" "$(place "$name")/stamp"
}

if ! service_fresh; then
    python_for "the gateway" 3.12 3.13 3.14
    if [ "$tests" = yes ]; then
        sync tests "Installing the service environment and what tests need (450 MB)"
    else
        sync service "Installing the service environment (150 MB)" --no-dev --inexact
    fi
fi
if ! fresh rasa; then
    case "$(uname -s) $(uname -m)" in
        "Linux x86_64") ;;
        *) fail "Rasa's lock (bot/rasa/uv.lock) is for Linux on x86_64, and this is $(uname -s) on $(uname -m): run Một Cửa on such a machine or in a container of that platform." ;;
    esac
    python_for "Rasa 3.6" 3.10
    # Compiled here by all cores, else the first training would do it by one, and take twice as long.
    sync rasa "Installing Rasa's environment (574 MB)" --compile-bytecode
fi
