"""The whole path against diffusers: same folder, same words, same noise, same pixels."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.events import Phase, PhaseStarted, PreviewReady, StepDone
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.engine import Engine
from sana_desktop.engine.latents import initial_noise
from sana_desktop.errors import JobCancelledError, MachineError
from support.diffusers_schedulers import ORACLE_WARNING
from support.recording_listener import RecordingListener
from support.tiny_models import TINY_DIT_VARIANTS
from support.tiny_pack import tiny_engine, tiny_recipe, write_tiny_pack

# diffusers 0.42.1 hands torch tensors to numpy in the way that numpy 2 warns of.
pytestmark = pytest.mark.filterwarnings(ORACLE_WARNING)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture
def engine(pack: Path, tmp_path: Path, repository: Path) -> Engine:
    return tiny_engine(pack, tmp_path, repository / "resources")


def by_diffusers(folder: Path, recipe: Recipe, noise: torch.Tensor) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """What `SanaPipeline` makes of the folder, as levels [H, W, 3]."""
    from diffusers.pipelines.sana.pipeline_sana import SanaPipeline
    from diffusers.pipelines.sana.pipeline_sana_sprint import SanaSprintPipeline

    sprint = recipe.solver is Solver.SPRINT
    pipeline: Any = (SanaSprintPipeline if sprint else SanaPipeline).from_pretrained(folder, dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    words: dict[str, Any] = {"intermediate_timesteps": None} if sprint else {"negative_prompt": recipe.negative}
    image = pipeline(
        recipe.prompt,
        height=recipe.size.height,
        width=recipe.size.width,
        num_inference_steps=recipe.steps,
        guidance_scale=recipe.guidance,
        latents=noise.clone(),
        use_resolution_binning=False,
        **words,
    ).images[0]
    return np.asarray(image)


@pytest.mark.parametrize(
    ("prompt", "negative", "guidance", "size"),
    [
        ("A red CAT on a mat", "", 4.5, (96, 64)),
        ("a red cat on a mat", "blue dog", 3.0, (64, 128)),
        ("", "", 4.5, (64, 64)),
        ("word " * 400, "cat", 7.0, (32, 32)),
        ("a red cat", "blue", 1.0, (64, 64)),
    ],
)
def test_pixels_are_within_one_level_of_diffusers(
    engine: Engine, pack: Path, tmp_path: Path, prompt: str, negative: str, guidance: float, size: tuple[int, int]
) -> None:
    recipe = tiny_recipe(prompt=prompt, negative=negative, guidance=guidance, size=Size(*size), steps=5)
    noise = initial_noise(99, recipe.size)
    np.save(tmp_path / "noise.npy", noise.numpy())
    (picture,) = engine.generate(1, (recipe,), lambda _: None, CancelToken(), tmp_path / "noise.npy")
    found = np.frombuffer(picture.rgb, np.uint8).reshape(recipe.size.height, recipe.size.width, 3)
    expected = by_diffusers(pack, recipe, noise)
    assert expected.std() > 10, "the oracle's picture is flat, so the comparison would prove nothing"
    assert np.abs(found.astype(int) - expected.astype(int)).max() <= 1


def test_one_step_of_sprint_is_within_one_level_of_diffusers(tmp_path: Path, repository: Path) -> None:
    pack = write_tiny_pack(tmp_path / "sprint", TINY_DIT_VARIANTS["sprint"])
    recipe = tiny_recipe(solver=Solver.SPRINT, steps=1)
    noise = initial_noise(99, recipe.size)
    np.save(tmp_path / "noise.npy", noise.numpy())
    engine = tiny_engine(pack, tmp_path, repository / "resources")
    (picture,) = engine.generate(1, (recipe,), lambda _: None, CancelToken(), tmp_path / "noise.npy")
    found = np.frombuffer(picture.rgb, np.uint8).reshape(recipe.size.height, recipe.size.width, 3)
    expected = by_diffusers(pack, recipe, noise)
    assert np.abs(found.astype(int) - expected.astype(int)).max() <= 1


def test_the_flow_euler_solver_draws_another_picture(engine: Engine) -> None:
    (one,) = engine.generate(1, (tiny_recipe(),), lambda _: None, CancelToken())
    (other,) = engine.generate(2, (tiny_recipe(solver=Solver.FLOW_EULER),), lambda _: None, CancelToken())
    assert one.rgb != other.rgb


def test_events_tell_the_phases_in_order_and_every_step_once(engine: Engine) -> None:
    listener = RecordingListener()
    engine.generate(7, (tiny_recipe(steps=3),), listener, CancelToken())
    assert all(event.job == 7 for event in listener.events)
    phases = [event.phase for event in listener.events if isinstance(event, PhaseStarted)]
    assert phases == [Phase.LOAD, Phase.ENCODE, Phase.SAMPLE, Phase.DECODE]
    assert [event.step for event in listener.events if isinstance(event, StepDone)] == [1, 2, 3]


def test_every_step_but_the_last_shows_a_preview(engine: Engine) -> None:
    listener = RecordingListener()
    engine.generate(1, (tiny_recipe(steps=3),), listener, CancelToken())
    previews = [event for event in listener.events if isinstance(event, PreviewReady)]
    assert [preview.step for preview in previews] == [1, 2]
    assert all(len(preview.rgb) == preview.width * preview.height * 3 for preview in previews)


@pytest.mark.parametrize("phase", list(Phase)[:4])
def test_a_cancel_at_the_start_of_any_phase_ends_the_job_there(engine: Engine, phase: Phase) -> None:
    cancel = CancelToken()
    seen: list[Phase] = []

    def emit(event: object) -> None:
        if isinstance(event, PhaseStarted):
            seen.append(event.phase)
            if event.phase is phase:
                cancel.cancel()

    with pytest.raises(JobCancelledError):
        engine.generate(1, (tiny_recipe(),), emit, cancel)
    assert seen[-1] is phase


def test_a_cancel_in_the_middle_of_a_step_stops_before_the_next_block(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sana_models.dit_blocks import SanaBlock

    cancel = CancelToken()
    blocks: list[int] = []
    forward = SanaBlock.forward

    def counted(self: SanaBlock, *args: Any) -> torch.Tensor:
        blocks.append(len(blocks) + 1)
        if len(blocks) == 3:
            cancel.cancel()
        return forward(self, *args)

    monkeypatch.setattr(SanaBlock, "forward", counted)
    with pytest.raises(JobCancelledError):
        engine.generate(1, (tiny_recipe(),), lambda _: None, cancel)
    assert blocks == [1, 2, 3]


def test_a_cancelled_job_leaves_no_latents_behind(engine: Engine, tmp_path: Path) -> None:
    cancel = CancelToken()

    def emit(event: object) -> None:
        if event == PhaseStarted(1, Phase.DECODE):
            cancel.cancel()

    with pytest.raises(JobCancelledError):
        engine.generate(1, (tiny_recipe(),), emit, cancel)
    assert list((tmp_path / "journal").iterdir()) == []


def test_finished_latents_survive_a_decode_that_fails(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise torch.OutOfMemoryError("no memory left")

    monkeypatch.setattr("sana_desktop.engine.pipeline.decode_latents", fail)
    with pytest.raises(MachineError, match="too little memory") as caught:
        engine.generate(1, (tiny_recipe(),), lambda _: None, CancelToken())
    assert str(tmp_path / "journal") in caught.value.hint
    (kept,) = (tmp_path / "journal").glob("*.npy")
    assert np.load(kept, allow_pickle=False).shape == (1, 32, 2, 3)


def test_the_engine_may_be_made_on_one_thread_and_used_there_only(pack: Path, tmp_path: Path, repository: Path) -> None:
    drawn: list[int] = []

    def work() -> None:
        engine = tiny_engine(pack, tmp_path, repository / "resources")
        drawn.append(len(engine.generate(1, (tiny_recipe(precision=Precision.FP32),), lambda _: None, CancelToken())))
        engine.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert drawn == [1]
