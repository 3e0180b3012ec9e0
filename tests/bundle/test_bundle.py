"""The bundle on a machine where nothing is as it was where it was built."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from bundling.components import is_gpl_only
from sana_desktop import __version__
from sana_desktop.gallery.metadata import read_recipe
from support.unpacked import IS_ROOT, STRANGER, Unpacked

pytestmark = [pytest.mark.bundle, pytest.mark.timeout(3600)]

STEPS = ["files", "machine", "load", "encode", "sample", "decode", "save", "metadata", "window"]

needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")


def test_it_starts_and_knows_its_version(bundle: Unpacked) -> None:
    done = bundle.run("--version", environment={})
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, f"sana-desktop {__version__}", "")


@needs_root
def test_the_self_test_passes_for_a_stranger_with_nothing(bundle: Unpacked, abroad: Path) -> None:
    """No environment, a home that cannot be written, no network, another user."""
    home = abroad / "read only"
    home.mkdir(mode=0o555)
    done = bundle.run("--self-test", environment={"HOME": str(home)}, before=STRANGER)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [["ok", step] for step in STEPS]
    # Pictures could not be kept there, and it says so.
    assert "SANA_DESKTOP_HOME" in done.stderr
    assert list(home.iterdir()) == []


def test_the_terminal_works_from_the_same_folder(bundle: Unpacked, tmp_path: Path) -> None:
    picture = tmp_path / "ein Äpfel.png"
    drawn = bundle.run("generate", "a red apple on a blue background", "--seed", "7", "--out", str(picture))
    assert drawn.returncode == 0, drawn.stderr
    assert Path(drawn.stdout.strip()) == picture
    assert read_recipe(picture).seed == 7
    with Image.open(picture) as image:
        assert image.size == (256, 256)
    for command in (["packs", "list"], ["settings", "list"], ["gallery", "search"], ["doctor"]):
        done = bundle.run(*command)
        assert done.returncode == 0, done.stderr
    assert json.loads(bundle.run("doctor", "--json").stdout)["can_draw"] is True


def test_a_prompt_that_is_drawn_twice_gives_the_same_pixels(bundle: Unpacked, tmp_path: Path) -> None:
    pictures = [tmp_path / "one.png", tmp_path / "two.png"]
    for picture in pictures:
        assert bundle.run("generate", "a gold crown", "--seed", "3", "--out", str(picture)).returncode == 0
    with Image.open(pictures[0]) as one, Image.open(pictures[1]) as two:
        assert one.tobytes() == two.tobytes()


def test_portable_txt_keeps_everything_beside_the_program(bundle: Unpacked) -> None:
    marker, home = bundle.folder / "portable.txt", bundle.folder / "home"
    marker.touch()
    try:
        done = bundle.run("settings", "set", "look.theme", "dark", environment={"HOME": "/nowhere"})
        assert done.returncode == 0, done.stderr
        assert (home / "config" / "settings.toml").is_file()
        folders = bundle.run("doctor", environment={"HOME": "/nowhere"}).stdout
        assert str(home / "pictures") in folders
    finally:
        marker.unlink()
        shutil.rmtree(home, ignore_errors=True)


def test_two_versions_side_by_side_share_settings_and_gallery(bundle: Unpacked, abroad: Path) -> None:
    newer = Unpacked(abroad / "sana-desktop, the next one", abroad / "shared home")
    older = Unpacked(bundle.folder, newer.home)
    shutil.copytree(bundle.folder, newer.folder, copy_function=os.link, symlinks=True)
    try:
        assert older.run("settings", "set", "look.theme", "dark").returncode == 0
        assert "dark" in newer.run("settings", "get", "look.theme").stdout
        for one, other in ((older, newer), (newer, older)):
            drawn = one.run("generate", "a gold crown", "--seed", "3")
            assert drawn.returncode == 0, drawn.stderr
            assert drawn.stdout.strip() in other.run("gallery", "search", "crown").stdout
    finally:
        shutil.rmtree(newer.folder)


def test_an_older_version_leaves_a_newer_gallery_alone_and_still_draws(bundle: Unpacked, abroad: Path) -> None:
    older = Unpacked(bundle.folder, abroad / "home of a newer one")
    assert older.run("generate", "a gold crown").returncode == 0
    (file,) = older.home.rglob("gallery.sqlite")
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("PRAGMA journal_mode = DELETE")
    before = file.read_bytes()
    searched = older.run("gallery", "search", "crown")
    assert searched.returncode != 0
    assert "newer Sana Desktop" in searched.stderr
    drawn = older.run("generate", "a red apple on a blue background")
    assert drawn.returncode == 0, drawn.stderr
    assert read_recipe(Path(drawn.stdout.strip())).prompt == "a red apple on a blue background"
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "place",
    ["_internal/resources/starter/pack.toml", "_internal/torch/lib/libtorch_cpu.so", "_internal/libxcb-cursor.so.0"],
)
def test_a_missing_file_is_named_with_what_to_do(bundle: Unpacked, tmp_path: Path, place: str) -> None:
    # Moved within the same disk, and back again.
    file = bundle.folder / place
    aside = file.with_name(f"{file.name}.aside")
    file.rename(aside)
    try:
        done = bundle.run("doctor")
    finally:
        aside.rename(file)
    assert done.returncode != 0
    assert Path(place).name in done.stderr
    assert "again" in done.stderr


@pytest.mark.parametrize(
    "place",
    ["_internal/torch/lib/libtorch_cpu.so", "_internal/resources/starter/vae/diffusion_pytorch_model.safetensors"],
)
def test_a_file_that_was_cut_off_is_named_with_what_to_do(bundle: Unpacked, place: str) -> None:
    file = bundle.folder / place
    whole = file.with_name(f"{file.name}.whole")
    file.rename(whole)
    try:
        with whole.open("rb") as source, file.open("wb") as target:
            target.write(source.read(100_000))
        done = bundle.run("generate", "a cat")
    finally:
        whole.rename(file)
    assert done.returncode == 2
    assert f"{place} has 100000 bytes instead of {file.stat().st_size}" in done.stderr
    assert "Unpack or install Sana Desktop again" in done.stderr


@pytest.mark.parametrize("place", ["_internal/base_library.zip", "_internal/libz.so.1"])
def test_where_even_the_start_fails_a_script_names_the_file(bundle: Unpacked, place: str) -> None:
    script = ["sh", str(bundle.folder / "share" / "check-files.sh")]
    assert subprocess.run(script, capture_output=True, check=False).returncode == 0
    file = bundle.folder / place
    whole = file.with_name(f"{file.name}.whole")
    file.rename(whole)
    try:
        file.write_bytes(whole.read_bytes()[:1000])
        done = subprocess.run(script, capture_output=True, text=True, check=False)
    finally:
        whole.rename(file)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == f"{place} is missing or damaged"
    assert "Unpack Sana Desktop again" in done.stderr


def test_a_byte_that_changed_is_found_by_the_self_test(bundle: Unpacked) -> None:
    file = bundle.folder / "_internal" / "resources" / "catalog.toml"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b" ")
    try:
        done = bundle.run("self-test")
    finally:
        file.write_bytes(whole)
    assert done.returncode == 2
    assert done.stdout.startswith("FAIL  files")
    assert "_internal/resources/catalog.toml was changed" in done.stdout


def test_everything_has_a_licence_and_nothing_is_under_the_gpl_alone(bundle: Unpacked) -> None:
    notice = (bundle.folder / "licences" / "NOTICE.txt").read_text(encoding="utf-8")
    rows = (bundle.folder / "licences" / "files.txt").read_text(encoding="utf-8").splitlines()
    owners = {place: (owner, licence) for place, owner, licence in (row.split("\t") for row in rows)}
    files = {path.relative_to(bundle.folder).as_posix() for path in bundle.folder.rglob("*") if path.is_file()}
    assert files == {place for place in owners if not place.startswith("module ")}
    for owner, licence in {pair for place, pair in owners.items() if not place.startswith("licences/texts/")}:
        # The owner's line of the table, its columns being apart by two spaces or more.
        assert re.search(rf"(?m)^{re.escape(owner)}  .*  {re.escape(licence)}  ", notice), (owner, licence)
        assert licence, owner
        assert not is_gpl_only(licence), owner
    assert not [name for name in files if "readline" in name or "gdbm" in name]
    assert "Gemma Terms of Use" in notice
    assert "LGPL-3.0-only" in notice
    assert "you may replace them" in notice
    parts = json.loads((bundle.folder / "licences" / "sbom.cdx.json").read_text(encoding="utf-8"))["components"]
    assert {"torch", "numpy", "PySide6_Essentials", "Python", "Gemma 3 270M"} <= {part["name"] for part in parts}


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["desktop-file-validate"], "sana-desktop.desktop"),
        (["appstreamcli", "validate", "--no-net"], "org.sana_desktop.SanaDesktop.metainfo.xml"),
    ],
)
def test_the_desktops_own_tools_find_nothing_wrong_with_its_files(
    bundle: Unpacked, command: list[str], name: str
) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([*command, str(bundle.folder / "share" / name)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_as_small_as_was_promised(bundle: Unpacked, archive: Path) -> None:
    unpacked = sum(path.stat().st_size for path in bundle.folder.rglob("*") if path.is_file() and not path.is_symlink())
    assert unpacked <= 1.2e9
    assert archive.stat().st_size <= 650e6


def test_nothing_tells_where_it_was_built(bundle: Unpacked, repository: Path) -> None:
    found = subprocess.run(
        ["grep", "--recursive", "--files-with-matches", "--fixed-strings", str(repository), str(bundle.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.splitlines() == []
