from pathlib import Path

import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.engine import pack_loader
from sana_desktop.engine.engine import Engine
from sana_desktop.engine.graphs import StepGraphs
from sana_desktop.errors import JobCancelledError
from sana_desktop.system.packs import read_pack
from support.fake_recorder import FakeRecorder
from support.tiny_pack import tiny_recipe, write_tiny_pack


class Warm:
    """An engine as on a GPU whose steps are recorded by `recorder`."""

    def __init__(self, folder: Path, resources: Path, plan: MemoryPlan) -> None:
        self.pack = write_tiny_pack(folder / "pack")
        self.recorder = FakeRecorder()
        manifest = read_pack(self.pack)
        self.engine = Engine(
            lambda _: manifest, folder / "cache", folder / "journal", resources, plan_wish=lambda: plan
        )


@pytest.fixture(params=[PLANS[0]])
def warm(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Warm:
    made = Warm(tmp_path, repository / "resources", request.param)
    monkeypatch.setattr(pack_loader, "step_graphs", lambda *_: StepGraphs(made.recorder))
    monkeypatch.setattr(Engine, "_on_gpu", True)
    return made


def test_a_picture_that_was_prepared_is_replayed_from_its_first_step(warm: Warm) -> None:
    warm.engine.prepare(tiny_recipe(), CancelToken())
    assert warm.recorder.told == ["rehearse", "record", "replay"]
    for file in warm.pack.rglob("*.safetensors"):
        file.unlink()
    (picture,) = warm.engine.generate(1, (tiny_recipe(seed=9),), lambda _: None, CancelToken())
    assert warm.recorder.told == ["rehearse", "record", *["replay"] * 4]
    assert picture.provenance.kernels.endswith("steps replayed as CUDA graphs")


def test_it_ends_where_it_is_cancelled(warm: Warm) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(JobCancelledError):
        warm.engine.prepare(tiny_recipe(), cancel)
    assert warm.recorder.told == []


@pytest.mark.parametrize("warm", [PLANS[1]], indirect=True)
def test_where_networks_come_and_go_no_step_is_taken(warm: Warm) -> None:
    warm.engine.prepare(tiny_recipe(), CancelToken())
    assert warm.recorder.told == []


def test_on_a_processor_no_step_is_taken(warm: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "_on_gpu", False)
    warm.engine.prepare(tiny_recipe(), CancelToken())
    assert warm.recorder.told == []
