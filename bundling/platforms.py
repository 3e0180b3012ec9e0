"""What Windows and macOS want to know about a program. Written after PyInstaller's manual; not run there yet."""

import sys
from typing import Any

NAME = "Sana Desktop"
IDENTIFIER = "org.sana_desktop.SanaDesktop"
COPYRIGHT = "Copyright (c) the Sana Desktop authors. Apache License 2.0."
PICTURE_TYPES = ("public.png", "public.jpeg", "org.webmproject.webp", "public.avif")


def version_numbers(version: str) -> tuple[int, int, int, int]:
    """A version as Windows counts: four numbers, those that are missing being 0."""
    numbers = [int(part) for part in version.split(".") if part.isdecimal()][:4]
    first, second, third, fourth = (*numbers, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def info_plist(version: str) -> dict[str, object]:
    """The values of macOS's Info.plist; the rest comes from PyInstaller."""
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleName": NAME,
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "LSApplicationCategoryType": "public.app-category.graphics-design",
        # torch's own wheels want it.
        "LSMinimumSystemVersion": "14.0",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": COPYRIGHT,
        # Light and dark follow the system.
        "NSRequiresAquaSystemAppearance": False,
        # Pictures can be dropped on the program to read their settings; it edits none of them.
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Picture",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": list(PICTURE_TYPES),
            }
        ],
    }


# Any: PyInstaller's own values, which exist only where it builds and have no types.
def windows_version(version: str) -> Any:
    """The version resource of the executables; None on other systems."""
    if sys.platform != "win32":
        return None
    from PyInstaller.utils.win32 import versioninfo

    numbers = version_numbers(version)
    texts = {
        "CompanyName": "the Sana Desktop authors",
        "FileDescription": NAME,
        "FileVersion": version,
        "InternalName": "sana-desktop",
        "LegalCopyright": COPYRIGHT,
        "ProductName": NAME,
        "ProductVersion": version,
    }
    strings = [versioninfo.StringStruct(name, value) for name, value in texts.items()]
    return versioninfo.VSVersionInfo(
        # A program (fileType 1) for 32 or 64 bit Windows (OS 0x40004).
        ffi=versioninfo.FixedFileInfo(filevers=numbers, prodvers=numbers, OS=0x40004, fileType=0x1),
        kids=[
            # American English in Unicode, twice: as the table's name and as a list of what there is.
            versioninfo.StringFileInfo([versioninfo.StringTable("040904B0", strings)]),
            versioninfo.VarFileInfo([versioninfo.VarStruct("Translation", [0x0409, 1200])]),
        ],
    )


def mac_bundle(collected: Any, icon: str, version: str) -> None:
    """Make “Sana Desktop.app” of the collected folder."""
    from PyInstaller.building.osx import BUNDLE  # pyright: ignore - only there where bundles are built

    BUNDLE(
        collected,
        name=f"{NAME}.app",
        icon=icon,
        bundle_identifier=IDENTIFIER,
        version=version,
        info_plist=info_plist(version),
    )
