"""The real program, from the window to the file, with the pack that ships."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sana_desktop.gallery.metadata import read_recipe

VISIT = """
import json, os, sys
from PySide6.QtCore import QTimer
from sana_desktop.ui.basics.lasting_constants import make_constants_last
from sana_desktop.cli.composition import collaborators, prepare_environment
from sana_desktop.cli.gui import open_window

def visit(window):
    said = {"draft": window.panel.draft()["prompt"], "strip": 0, "previews": 0, "errors": []}
    bridge = window.parts.bridge
    def count(*_): said["previews"] += 1
    def fail(job, error): said["errors"].append(str(error)); window.close()
    def leave(*_):
        said["strip"] = window.strip.model().rowCount()
        print(json.dumps(said))
        window.close()
    bridge.previewReady.connect(count)
    bridge.jobFailed.connect(fail)
    bridge.jobFinished.connect(leave)
    if sys.argv[1]:
        window.panel.set_draft({"prompt": sys.argv[1], "seed": 11, "seed_locked": True})
    QTimer.singleShot(0, window.panel.generate)

if __name__ == "__main__":
    make_constants_last()
    prepare_environment(os.environ)
    sys.exit(open_window(collaborators(), on_shown=visit))
"""


def visit(folder: Path, prompt: str) -> dict[str, object]:
    """Open the program's window, draw what it says, and close it; what was seen."""
    script = folder / "visit.py"
    script.write_text(VISIT)
    result = subprocess.run(
        [sys.executable, str(script), prompt],
        env=os.environ | {"SANA_DESKTOP_HOME": str(folder / "home"), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    return json.loads(result.stdout)


@pytest.mark.slow
def test_a_prompt_becomes_a_file_and_the_same_seed_the_same_pixels_after_a_restart(tmp_path: Path) -> None:
    first = visit(tmp_path, "a red apple on a blue background")
    assert first["errors"] == []
    assert first["strip"] == 1
    assert isinstance(first["previews"], int)
    assert first["previews"] > 0
    # The second start finds the draft, and draws it again.
    second = visit(tmp_path, "")
    assert second["draft"] == "a red apple on a blue background"
    saved = sorted((tmp_path / "home" / "pictures").rglob("*.png"))
    assert len(saved) == 2
    recipes = [read_recipe(path) for path in saved]
    assert recipes[0] == recipes[1]
    assert recipes[0].seed == 11
    # Imported here because reading pixels is this test's wish alone.
    from PIL import Image

    pixels = [Image.open(path).tobytes() for path in saved]
    assert pixels[0] == pixels[1]
    assert not (tmp_path / "home" / "logs" / "running.txt").exists()
