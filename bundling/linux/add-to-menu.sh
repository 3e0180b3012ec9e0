#!/bin/sh
# Puts Sana Desktop into your menu of programs; with “remove” takes it out again. Changes nothing but three files below
# ~/.local/share (or XDG_DATA_HOME). Moved the folder? Run it again.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/sana-desktop.desktop
icon=$data/icons/hicolor/512x512/apps/sana-desktop.png
drawing=$data/icons/hicolor/scalable/apps/sana-desktop.svg

# Menus that are open notice by themselves, or with the help of these.
renew() {
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database -q "$data/applications" || true
    fi
}

if [ "${1:-}" = remove ]; then
    rm -f "$entry" "$icon" "$drawing"
    renew
    echo "Sana Desktop is no longer in the menu. Your pictures and settings are still there."
    exit 0
fi
mkdir -p "$data/applications" "$(dirname "$icon")" "$(dirname "$drawing")"
cp "$here/share/sana-desktop.png" "$icon"
cp "$here/share/sana-desktop.svg" "$drawing"
# A path in an entry is quoted, and once more escaped: \ " ` $ for the quotes, \ for the entry, % for its codes.
quoted=$(printf '%s' "$here/sana-desktop" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
while IFS= read -r line; do
    case $line in
        Exec=*) printf 'Exec="%s" gui %%F\n' "$quoted" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <"$here/share/sana-desktop.desktop" >"$entry"
renew
echo "Sana Desktop is in the menu now. To take it out: sh add-to-menu.sh remove"
