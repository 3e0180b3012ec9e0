import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sana_desktop.cli.gui import DISPLAY_VARIABLES, WindowWish, open_at_once, require_display, window_wish
from sana_desktop.errors import MachineError
from support.terminal import Terminal, complete_pack


def test_without_a_display_it_says_how_to_draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in DISPLAY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    result = Terminal(tmp_path).run("gui")

    assert (result.exit_code, result.stdout) == (2, "")
    error, hint = result.stderr.splitlines()
    assert error == "error: There is no display here for the window."
    assert 'sana-desktop generate "' in hint


@pytest.mark.parametrize("name", DISPLAY_VARIABLES)
def test_each_way_to_name_a_display_is_one(name: str):
    # Who names another way as well knows better than an X server that does not answer.
    require_display("linux", {name: "some", "QT_QPA_PLATFORM": "offscreen"})
    with pytest.raises(MachineError):
        require_display("linux", {name: ""})


@pytest.mark.skipif(sys.platform != "linux", reason="X is the display of Linux")
def test_a_display_that_is_gone_is_said_before_qt_aborts():
    with pytest.raises(MachineError, match="“:987” does not answer"):
        require_display("linux", {"DISPLAY": ":987"})


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_always_have_a_display(platform: str):
    require_display(platform, {})


def test_a_pack_that_is_not_there_is_said_in_the_terminal(tmp_path: Path):
    result = Terminal(tmp_path).run("gui", "--pack", "toi")

    assert result.exit_code == 2
    assert "Did you mean “toy”?" in result.stderr


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        (["gui"], WindowWish()),
        (["gui", "a b.png", "/c/Ä.webp"], WindowWish((Path("a b.png"), Path("/c/Ä.webp")))),
        (["gui", "--probe", "p.json", "a.png"], WindowWish((Path("a.png"),), Path("p.json"))),
    ],
)
def test_what_a_desktop_asks_for_is_understood_at_once(words: list[str], wish: WindowWish):
    assert window_wish(words) == wish


@pytest.mark.parametrize(
    "words",
    [
        *([], ["generate", "gui"], ["gui", "--help"], ["gui", "--pack", "toy"], ["gui", "a.png", "--probe", "p.json"]),
        *(["gui", "--probe"], ["gui", "--probe=p.json"], ["gui", ""], ["gui", "--", "a.png"], ["gui", "--prob", "p"]),
    ],
)
def test_everything_else_is_read_as_a_command_line(words: list[str]):
    assert window_wish(words) is None


def test_the_short_way_ends_with_the_same_message_and_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in DISPLAY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    terminal = Terminal(tmp_path)
    said = terminal.run("gui").stderr
    lines: list[str] = []
    monkeypatch.setattr("sana_desktop.cli.boundary.say", lines.append)
    assert open_at_once(terminal.collaborators, WindowWish()) == 2
    assert "\n".join(lines) == said.strip()


def test_a_probe_opens_the_window_before_torch_is_loaded_and_quits(tmp_path: Path):
    complete_pack(tmp_path / "home" / "packs" / "toy")
    probe = tmp_path / "probe.json"
    result = subprocess.run(
        [sys.executable, "-m", "sana_desktop", "gui", "--pack", "toy", "--probe", str(probe)],
        env=os.environ | {"SANA_DESKTOP_HOME": str(tmp_path / "home"), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    report = json.loads(probe.read_text())
    assert report["window_ready_s"] > report["window_made_s"] > report["imports_s"] > 0
    assert not report["torch_loaded"]
    assert not report["transformers_loaded"]
    assert (tmp_path / "home" / "data" / "window.json").is_file()


def test_a_mistake_of_ours_in_an_import_is_not_blamed_on_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sana_desktop.app", None)
    assert Terminal(tmp_path).run("gui").exit_code == 70


def test_a_library_that_the_system_lacks_is_said_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Linker:
        """Finds no libGL, as the system's own does."""

        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name == "sana_desktop.app":
                raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.delitem(sys.modules, "sana_desktop.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Linker(), *sys.meta_path])
    result = Terminal(tmp_path).run("gui")

    assert result.exit_code == 2
    assert "libGL.so.1" in result.stderr
    assert "sudo apt install libegl1 libgl1" in result.stderr


def test_a_missing_qt_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "sana_desktop.app", raising=False)
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    result = Terminal(tmp_path).run("gui")

    assert result.exit_code == 2
    assert result.stderr.startswith("error: The window's library cannot be loaded")
