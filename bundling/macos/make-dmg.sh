#!/bin/sh
# The disk image for macOS, after `python -m bundling.make` there: sh bundling/macos/make-dmg.sh 0.1.0 [IDENTITY]
# With the name of a signing identity the app is signed for notarisation; without one PyInstaller's ad-hoc signature
# stays, and people open it the first time through Settings > Privacy & Security. Written after Apple's manual pages;
# not run yet.
set -eu

cd "$(dirname "$0")/../.."
version=${1:?name the version}
app="dist/Sana Desktop.app"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

if [ -n "${2:-}" ]; then
    # From the inside out: every library, then the app with the runtime that notarisation wants.
    find "$app/Contents" -type f \( -name '*.so' -o -name '*.dylib' \) -exec \
        codesign --force --timestamp --options runtime --sign "$2" {} +
    codesign --force --timestamp --options runtime --entitlements bundling/macos/entitlements.plist --sign "$2" "$app"
    codesign --verify --deep --strict "$app"
fi
ditto "$app" "$stage/Sana Desktop.app"
ln -s /Applications "$stage/Applications"
hdiutil create -volname "Sana Desktop $version" -srcfolder "$stage" -fs HFS+ -format UDZO -ov \
    "dist/sana-desktop-$version-macos-$(uname -m).dmg"
