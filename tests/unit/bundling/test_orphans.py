"""Libraries of the system leave with whatever wanted them."""

from bundling.orphans import without_orphans

IMPORTS = {
    "/qt/plugin.so": ["libQt6Gui.so.6", "libglib.so.0"],
    "/qt/libQt6Gui.so.6": ["libglib.so.0"],
    "/py/_ssl.so": ["libssl.so.3"],
    "/py/libpython3.11.so.1.0": ["libm.so.6"],
}


def imports_of(path: str) -> list[str]:
    return IMPORTS[path]


def test_only_what_is_still_needed_stays() -> None:
    kept = [
        ("PySide6/plugin.so", "/qt/plugin.so", "BINARY"),
        ("PySide6/libQt6Gui.so.6", "/qt/libQt6Gui.so.6", "BINARY"),
        ("libQt6Gui.so.6", "PySide6/libQt6Gui.so.6", "SYMLINK"),
        ("_ssl.so", "/py/_ssl.so", "EXTENSION"),
        ("libpython3.11.so.1.0", "/py/libpython3.11.so.1.0", "BINARY"),
        ("libssl.so.3", "/lib/libssl.so.3", "BINARY"),
        ("libglib.so.0", "/lib/libglib.so.0", "BINARY"),
    ]
    gone = [
        # GTK, whose plugin was left out before.
        ("libgtk-3.so.0", "/lib/libgtk-3.so.0", "BINARY"),
        # A link to a file that was left out, and one that nobody asks for.
        ("libQt6Quick.so.6", "PySide6/libQt6Quick.so.6", "SYMLINK"),
        ("libother.so", "PySide6/plugin.so", "SYMLINK"),
    ]
    assert without_orphans([*gone, *kept], imports_of) == kept
