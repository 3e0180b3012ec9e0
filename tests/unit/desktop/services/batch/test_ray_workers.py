import subprocess
import sys
from pathlib import Path

import pytest

from sana_desktop.errors import KnownError, RecipeError
from sana_desktop.services.batch import ray_workers
from sana_desktop.services.batch.ray_workers import Drawer, RayWorkers
from support.fake_engine import FakeEngine
from support.recipes import recipe


class Refusing(FakeEngine):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def generate(self, *rest: object, **named: object):
        raise self.error


def test_a_drawer_gives_pictures_and_forgets_what_it_kept():
    engine = FakeEngine()
    drawer = Drawer(lambda: engine, {})
    pictures, wrong = drawer.draw((recipe(seed=1), recipe(seed=2)))
    assert [one.recipe.seed for one in pictures] == [1, 2]
    assert wrong is None
    assert engine.forgotten == [(recipe(seed=1), recipe(seed=2))]
    assert drawer.version()


@pytest.mark.parametrize(
    ("error", "known"), [(RecipeError("no", hint="do"), True), (MemoryError(), True), (ZeroDivisionError("by"), False)]
)
def test_errors_are_told_and_not_thrown_across_machines(error: Exception, known: bool):
    pictures, wrong = Drawer(lambda: Refusing(error), {}).draw((recipe(),))
    assert pictures == ()
    assert wrong is not None
    assert wrong[2] is known


def test_without_ray_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(KnownError, match="Ray is not installed") as caught:
        RayWorkers("auto", FakeEngine, {})
    assert "sana-desktop[cluster]" in caught.value.hint


def test_ray_is_told_not_to_report_its_use():
    assert ray_workers.QUIET == {"RAY_USAGE_STATS_ENABLED": "0"}


def test_a_list_survives_the_death_of_a_node_of_a_real_cluster(repository: Path, tmp_path: Path):
    pytest.importorskip("ray", reason="Ray is not installed: pip install ray")
    script = repository / "scripts" / "kill_a_node.py"
    line = [sys.executable, str(script), "--fake", "--items", "24", "--batch", "2", "--home", str(tmp_path)]
    ended = subprocess.run(line, capture_output=True, text=True, check=False, timeout=280)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "killed a node of two" in ended.stdout
