"""The licences of everything in the bundle: what is missing, the notice, the texts."""

import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path, PurePath

from bundling.components import BOOTLOADER, REPOSITORY, Component, is_gpl_only, our_component
from bundling.inventory import Collected

_QT = """Qt, through Qt for Python, is used under the GNU Lesser General Public License, version 3 (LGPL-3.0-only). Its
libraries are files of their own in PySide6/Qt/lib and PySide6, loaded when the program starts: you may replace them
with your own build of the same version, and the program will use it. Their source is offered at
https://download.qt.io/official_releases/QtForPython/ and https://download.qt.io/official_releases/qt/.
The same holds for the other libraries under the LGPL; their sources are those of the distribution that this was built
on, see the versions below."""
_GEMMA = """Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms. Whoever
passes this program on passes these terms on too."""
_GCC = """libgomp and libgfortran are under the GPL with the GCC Runtime Library Exception 3.1, which allows them in
programs under any licence; so does PyInstaller's bootloader with an exception of its own."""


def problems(owners: Mapping[Collected, Component | None]) -> list[str]:
    """What stands in the way of passing the bundle on; nothing if all is well."""
    found: list[str] = []
    for thing, owner in owners.items():
        if owner is None:
            found.append(f"nobody knows whose this is: {thing.place} (from {thing.source})")
        elif not owner.licence:
            found.append(f"the licence of {owner.name} is not known; it brings {thing.place}")
        elif is_gpl_only(owner.licence):
            found.append(f"{owner.name} is under {owner.licence}; it brings {thing.place}")
    return sorted(found)


def write_licences(folder: Path, owners: Mapping[Collected, Component]) -> None:
    """Fill `folder` with NOTICE.txt and the texts of all licences."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    things: dict[Component, list[Collected]] = defaultdict(list)
    for thing, owner in owners.items():
        things[owner].append(thing)
    _copy_texts(folder / "texts", sorted(things))
    (folder / "NOTICE.txt").write_text(_notice(things), encoding="utf-8")


def write_owners(bundle: Path, libraries: Path, owners: Mapping[Collected, Component]) -> list[str]:
    """Write licences/files.txt, which names the owner and the licence of every file that `bundle` has now.

    `libraries` is the folder below it in which PyInstaller's places are. Modules within the executable follow. Returns
    the files that nobody is known to own.
    """
    known = {PurePath(thing.place).as_posix(): owner for thing, owner in owners.items() if not thing.is_module}
    ours, bootloader = our_component(), [owner for owner in owners.values() if owner.name == BOOTLOADER]
    rows: list[str] = []
    lost: list[str] = []
    page = bundle / "licences" / "files.txt"
    for path in sorted({page, *(path for path in bundle.rglob("*") if path.is_file())}):
        place = path.relative_to(bundle)
        if path.is_relative_to(libraries):
            owner = known.get(path.relative_to(libraries).as_posix())
        elif place.parts[:2] == ("licences", "texts"):
            rows.append(f"{place.as_posix()}\t{place.parts[2]}\tthe text of its licence")
            continue
        else:
            # Beside the folders stand the executables, into which the modules below were put.
            owner = bootloader[0] if bootloader and len(place.parts) == 1 and place.suffix in ("", ".exe") else ours
        if owner is None:
            lost.append(place.as_posix())
        else:
            rows.append(_row(place.as_posix(), owner))
    rows += sorted(_row(f"module {thing.place}", owner) for thing, owner in owners.items() if thing.is_module)
    page.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return lost


def _notice(things: Mapping[Component, list[Collected]]) -> str:
    rows = [("package", "version", "licence", "files")]
    rows += [(each.name, each.version, each.licence, str(len(things[each]))) for each in sorted(things)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = "\n".join("  ".join([*map(str.ljust, row, widths), row[3]]).rstrip() for row in rows)
    data = (REPOSITORY / "resources" / "licenses" / "starter-pack.md").read_text(encoding="utf-8")
    parts = [
        (REPOSITORY / "NOTICE").read_text(encoding="utf-8").strip(),
        _QT,
        _GEMMA,
        _GCC,
        "Data that the starter pack was trained on:\n\n" + data.strip(),
        "What is in this folder and in the program's archive. files.txt has every file with its owner, texts the\n"
        "licences, sbom.cdx.json the same for programs (CycloneDX).\n\n" + table,
    ]
    return ("\n\n" + "-" * 80 + "\n\n").join(parts) + "\n"


def _copy_texts(folder: Path, components: list[Component]) -> None:
    for component in components:
        place = folder / "".join(letter if letter.isalnum() or letter in "-._" else "-" for letter in component.name)
        for number, text in enumerate(component.texts):
            place.mkdir(parents=True, exist_ok=True)
            # Several texts of one package may have the same name.
            target = place / text.name
            shutil.copyfile(text, target if not target.exists() else place / f"{number}-{text.name}")


def _row(name: str, owner: Component) -> str:
    return f"{name}\t{owner.name}\t{owner.licence}"
