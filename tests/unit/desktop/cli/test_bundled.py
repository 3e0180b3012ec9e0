"""How a bundle starts."""

import subprocess
import sys
from pathlib import Path

import pytest

from sana_desktop.cli import bundled
from sana_desktop.cli.bundled import damage, main, with_command
from sana_desktop.system.bundle import Bundle, list_files


def bundle_in(folder: Path) -> Bundle:
    (folder / "sana-desktop").write_bytes(b"program")
    (folder / "files.txt").write_text(list_files(folder, folder / "files.txt"))
    return Bundle(folder, folder / "files.txt")


def test_without_a_word_it_opens_the_window() -> None:
    assert with_command(["sana-desktop"]) == ["sana-desktop", "gui"]


@pytest.mark.parametrize("words", [["--version"], ["generate", "a cat"], ["gui", "a.png"], ["generate", "--self-test"]])
def test_with_words_it_does_what_they_say(words: list[str]) -> None:
    assert with_command(["sana-desktop", *words]) == ["sana-desktop", *words]


def test_the_self_test_has_a_name_that_installers_use() -> None:
    assert with_command(["sana-desktop", "--self-test"]) == ["sana-desktop", "self-test"]


def test_a_checkout_and_a_whole_bundle_have_no_damage(tmp_path: Path) -> None:
    assert damage(None) is None
    assert damage(bundle_in(tmp_path)) is None


def test_a_damaged_bundle_says_so_and_does_not_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = bundle_in(tmp_path)
    (tmp_path / "sana-desktop").unlink()
    shown: list[str] = []

    def running() -> Bundle:
        return broken

    def show(title: str, text: str) -> bool:
        shown.append(text)
        return True

    monkeypatch.setattr(Bundle, "running", running)
    monkeypatch.setattr(bundled, "show_message", show)
    with pytest.raises(SystemExit) as caught:
        main(["sana-desktop", "doctor"])
    assert caught.value.code == 2
    said = capsys.readouterr().err.splitlines()
    assert "sana-desktop is missing" in said[0]
    assert said[1].startswith("hint: Unpack or install")
    # From a terminal the lines are enough; a double click gets a box.
    assert shown == []
    with pytest.raises(SystemExit):
        main(["sana-desktop"])
    assert "sana-desktop is missing" in shown[0]
    assert "Unpack or install" in shown[0]


def test_it_is_the_terminal_program_otherwise() -> None:
    code = "from sana_desktop.cli.bundled import main; main(['sana-desktop', '--version'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("sana-desktop ")
