#!/bin/sh
# Brings resources/translations up to date with the texts in the sources: sh scripts/translate.sh [FOLDER]
#
# New texts arrive in the .ts file as unfinished; write their translation there and run this again. The .qm file is
# what the program reads. A test fails while a text has no translation or one of the files is not fresh.
# How the translations speak, and the words to use in them: docs/translation.md
set -eu

cd "$(dirname "$0")/.."
bin=${TRANSLATORS:-.venv/bin}
folder=${1:-resources/translations}

for language in de; do
    # Without line numbers, and in the same order everywhere, so that only a changed text changes the file.
    "$bin/pyside6-lupdate" -silent -locations none -no-obsolete -source-language en -target-language "$language" \
        $(find sana_desktop/ui -name "*.py" | LC_ALL=C sort) sana_desktop/app.py -ts "$folder/sana_desktop_$language.ts"
    "$bin/pyside6-lrelease" -silent "$folder/sana_desktop_$language.ts" -qm "$folder/sana_desktop_$language.qm"
done
