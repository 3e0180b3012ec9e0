"""The folder as a Debian package, with `dpkg-deb`: in /opt, with an entry in the menu and a command."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bundling.archive import LEVEL, mode_of
from sana_desktop import __version__

# What the bundle takes from the system: everything else is inside.
DEPENDS = "libc6 (>= 2.34), libstdc++6, libgcc-s1, libegl1, libgl1, libwayland-client0, libwayland-cursor0, libxcb1"
CONTROL = """Package: sana-desktop
Version: {version}
Architecture: {architecture}
Maintainer: The Sana Desktop authors <sana-desktop@localhost>
Installed-Size: {kib}
Depends: {depends}
Section: graphics
Priority: optional
Description: make pictures from words; nothing leaves this machine
 Type a prompt and watch a picture form. Draws out of the box with a small
 starter pack, on the processor.
"""


def write_deb(folder: Path, dist: Path, timestamp: int) -> Path:
    """Make the package of the completed `folder` below `dist` and return its path."""
    asked = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    architecture = asked.stdout.strip()
    package = dist / f"sana-desktop_{__version__}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=dist) as temporary:
        root = Path(temporary, "root")
        program = root / "opt" / "sana-desktop"
        # Links instead of copies where the disk allows it: it is a gigabyte.
        shutil.copytree(folder, program, symlinks=True, copy_function=os.link)
        lay_out(root, program)
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
        control = CONTROL.format(version=__version__, architecture=architecture, kib=size // 1024, depends=DEPENDS)
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
        for path in (root, *root.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
            elif not path.is_symlink():
                path.chmod(mode_of(path))
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zgzip", f"-z{LEVEL}", "--build", str(root), str(package)],
            env=os.environ | {"SOURCE_DATE_EPOCH": str(timestamp)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return package


def lay_out(root: Path, program: Path) -> None:
    """Put the files that Debian's desktop looks for into their places below `root`."""
    share, usr = program / "share", root / "usr"
    places = {
        "sana-desktop.desktop": "share/applications",
        "org.sana_desktop.SanaDesktop.metainfo.xml": "share/metainfo",
        "sana-desktop.png": "share/icons/hicolor/512x512/apps",
        "sana-desktop.svg": "share/icons/hicolor/scalable/apps",
    }
    for name, place in places.items():
        target = usr / place / name
        target.parent.mkdir(parents=True)
        shutil.copyfile(share / name, target)
    copyright_file = usr / "share" / "doc" / "sana-desktop" / "copyright"
    copyright_file.parent.mkdir(parents=True)
    shutil.copyfile(program / "licences" / "NOTICE.txt", copyright_file)
    (usr / "bin").mkdir()
    (usr / "bin" / "sana-desktop").symlink_to("/opt/sana-desktop/sana-desktop")
