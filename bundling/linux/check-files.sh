#!/bin/sh
# Compares every file of Sana Desktop with what was packed, without the program: for when it does not even start.
set -eu

cd "$(dirname "$0")/.."
list=_internal/files.txt
if [ ! -s "$list" ]; then
    echo "$list is missing. Unpack Sana Desktop again, into a new folder." >&2
    exit 2
fi
# The first line counts the others: SHA-256, size, place.
if bad=$(sed -n '2,$ s/^\([0-9a-f]*\) [0-9]* /\1  /p' "$list" | sha256sum --check --quiet - 2>/dev/null); then
    echo "All $(head -n 1 "$list") files are as they were packed."
    exit 0
fi
echo "$bad" | sed 's/: FAILED.*$/ is missing or damaged/' >&2
echo "Unpack Sana Desktop again, into a new folder. Your pictures and settings stand elsewhere and stay." >&2
exit 2
