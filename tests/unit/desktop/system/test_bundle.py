"""A bundle knows its files, and says which one is missing, cut off or changed."""

import sys
from pathlib import Path

import pytest

from sana_desktop.errors import MachineError
from sana_desktop.system.bundle import LIST_NAME, Bundle, frozen_program, list_files, portable_home


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """A program of three files, one with a name that is hard to write down."""
    folder = tmp_path / "sana desktop äé"
    inside = folder / "_internal"
    (inside / "torch lib").mkdir(parents=True)
    (folder / "sana-desktop").write_bytes(b"program")
    (inside / "torch lib" / "libtörch.so").write_bytes(b"library")
    (inside / "empty").touch()
    (inside / LIST_NAME).write_text(list_files(folder, inside / LIST_NAME), encoding="utf-8")
    return Bundle(folder, inside / LIST_NAME)


def test_a_whole_bundle_is_whole(bundle: Bundle) -> None:
    assert bundle.check() == 3
    assert bundle.check_contents() == 3
    assert sorted(file.place for file in bundle.files) == [
        "_internal/empty",
        "_internal/torch lib/libtörch.so",
        "sana-desktop",
    ]


def test_a_missing_file_is_named_with_what_to_do(bundle: Bundle) -> None:
    (bundle.folder / "_internal" / "torch lib" / "libtörch.so").unlink()
    with pytest.raises(MachineError, match="_internal/torch lib/libtörch.so is missing") as caught:
        bundle.check()
    assert "Unpack or install Sana Desktop again" in caught.value.hint
    assert str(bundle.folder) in str(caught.value)


def test_a_file_that_was_cut_off_is_named_with_both_sizes(bundle: Bundle) -> None:
    (bundle.folder / "sana-desktop").write_bytes(b"pro")
    with pytest.raises(MachineError, match="sana-desktop has 3 bytes instead of 7"):
        bundle.check()


def test_of_many_troubles_the_first_is_named_and_the_others_are_counted(bundle: Bundle) -> None:
    (bundle.folder / "sana-desktop").unlink()
    (bundle.folder / "_internal" / "empty").unlink()
    with pytest.raises(MachineError, match=r"_internal/empty is missing\. And 1 more\."):
        bundle.check()


def test_a_changed_byte_is_found_by_reading(bundle: Bundle) -> None:
    (bundle.folder / "sana-desktop").write_bytes(b"pr0gram")
    assert bundle.check() == 3
    with pytest.raises(MachineError, match="sana-desktop was changed"):
        bundle.check_contents()


@pytest.mark.parametrize("damage", [b"", b"3\n", b"two lines\nof nonsense", b"\xff\xfe"])
def test_a_damaged_list_is_no_proof(bundle: Bundle, damage: bytes) -> None:
    bundle.list_file.write_bytes(damage)
    with pytest.raises(MachineError, match=LIST_NAME):
        bundle.check()


def test_a_list_that_was_cut_off_is_no_proof(bundle: Bundle) -> None:
    lines = bundle.list_file.read_text(encoding="utf-8").splitlines()
    bundle.list_file.write_text("\n".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(MachineError, match="is not whole"):
        bundle.check()


def test_a_missing_list_is_a_damage_too(bundle: Bundle) -> None:
    bundle.list_file.unlink()
    with pytest.raises(MachineError, match="cannot be read"):
        bundle.check()


def test_a_checkout_is_no_bundle() -> None:
    assert Bundle.running() is None
    assert frozen_program() is None


def test_a_frozen_program_finds_its_folder(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(bundle.folder / "_internal"), raising=False)
    monkeypatch.setattr(sys, "executable", str(bundle.folder / "sana-desktop"))
    assert Bundle.running() == bundle
    assert frozen_program() == bundle.folder / "sana-desktop"


def test_portable_txt_beside_the_program_keeps_everything_there(tmp_path: Path) -> None:
    program = tmp_path / "sana-desktop"
    assert portable_home(program) is None
    (tmp_path / "portable.txt").touch()
    assert portable_home(program) == tmp_path / "home"


def test_on_macos_beside_means_beside_the_app(tmp_path: Path) -> None:
    program = tmp_path / "Sana Desktop.app" / "Contents" / "MacOS" / "sana-desktop"
    (tmp_path / "portable.txt").touch()
    assert portable_home(program) == tmp_path / "home"


def test_a_checkout_is_never_portable() -> None:
    assert portable_home(None) is None
