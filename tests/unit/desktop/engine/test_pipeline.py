"""The whole path against diffusers: same folder, same words, same noise, same pixels."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sana_desktop.domain.cancel import CancelToken, Stop
from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.events import Event, Notice, Phase, PhaseStarted, PreviewReady, QueueChanged, StepDone
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.engine import Engine
from sana_desktop.engine.latents import initial_noise
from sana_desktop.engine.pack_loader import LoadedPack
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


Draw = Callable[..., tuple[Picture, ...]]


@pytest.fixture
def uninterrupted(pack: Path, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Draw:
    """Draws recipes in one go, with an engine and a home of its own."""
    return in_one_go(pack, tmp_path_factory, repository)


def in_one_go(pack: Path, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Draw:
    engine = tiny_engine(pack, tmp_path_factory.mktemp("elsewhere"), repository / "resources")

    def draw(*recipes: Recipe, latents: Path | None = None) -> tuple[Picture, ...]:
        pictures = engine.generate(1, recipes, lambda _: None, CancelToken(), latents)
        engine.forget(recipes)
        return pictures

    return draw


def stopped(
    engine: Engine, stop: Stop, at: StepDone | PhaseStarted, *recipes: Recipe, latents: Path | None = None
) -> tuple[Picture, ...]:
    """Draw `recipes` as job 1 and ask to stop when `at` happens."""
    cancel = CancelToken()

    def emit(event: Event) -> None:
        if event == at:
            cancel.cancel(stop)

    return engine.generate(1, recipes, emit, cancel, latents)


def suspended(
    engine: Engine, at: StepDone | PhaseStarted, *recipes: Recipe, latents: Path | None = None
) -> RecordingListener:
    """Draw `recipes`, end when `at` happens as the program does that ends; then a listener for the next run."""
    with pytest.raises(JobCancelledError):
        stopped(engine, Stop.SUSPEND, at, *recipes, latents=latents)
    return RecordingListener()


def phases(listener: RecordingListener) -> list[Phase]:
    return [event.phase for event in listener.of(PhaseStarted)]


def steps(listener: RecordingListener) -> list[int]:
    return [event.step for event in listener.of(StepDone)]


def journal(home: Path) -> list[Path]:
    return list((home / "journal").iterdir()) if (home / "journal").exists() else []


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


def test_the_steps_are_waited_for_before_the_decode_begins(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[object] = []
    monkeypatch.setattr(LoadedPack, "settle", lambda self: order.append("settled"))

    def listen(event: Event) -> None:
        if isinstance(event, PhaseStarted):
            order.append(event.phase)

    engine.generate(1, (tiny_recipe(),), listen, CancelToken())
    assert order[-3:] == [Phase.SAMPLE, "settled", Phase.DECODE]


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
    assert all(not isinstance(event, QueueChanged) and event.job == 7 for event in listener.events)
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
    engine: Engine, tmp_path: Path, uninterrupted: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise torch.OutOfMemoryError("no memory left")

    monkeypatch.setattr("sana_desktop.engine.pipeline.decode_latents", fail)
    with pytest.raises(MachineError, match="too little memory") as caught:
        engine.generate(1, (tiny_recipe(),), lambda _: None, CancelToken())
    assert str(tmp_path / "journal") in caught.value.hint
    monkeypatch.undo()
    listener = RecordingListener()
    (picture,) = engine.generate(2, (tiny_recipe(),), listener, CancelToken())
    assert [event.phase for event in listener.of(PhaseStarted)] == [Phase.DECODE]
    assert picture.rgb == uninterrupted(tiny_recipe())[0].rgb


@pytest.mark.parametrize("solver", [Solver.FLOW_DPM, Solver.FLOW_EULER])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_suspended_picture_goes_on_in_another_process_and_ends_at_the_same_pixels(
    pack: Path, tmp_path: Path, repository: Path, uninterrupted: Draw, solver: Solver, step: int
) -> None:
    recipes = [tiny_recipe(solver=solver, steps=4, seed=seed) for seed in (5, 6)]
    before = tiny_engine(pack, tmp_path, repository / "resources")
    listener = suspended(before, StepDone(1, step, 4), *recipes)
    after = tiny_engine(pack, tmp_path, repository / "resources")
    pictures = after.generate(2, tuple(recipes), listener, CancelToken())
    # The step that was done is told of again, so that progress begins where it was.
    assert steps(listener) == list(range(step, 5))
    (notice,) = listener.of(Notice)
    assert f"after step {step}" in notice.text
    assert [picture.rgb for picture in pictures] == [picture.rgb for picture in uninterrupted(*recipes)]
    assert [picture.recipe for picture in pictures] == recipes


def test_sprint_too_goes_on_and_stops_bit_for_bit(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> None:
    pack = write_tiny_pack(tmp_path / "sprint", TINY_DIT_VARIANTS["sprint"])
    recipes = [tiny_recipe(solver=Solver.SPRINT, steps=4, seed=seed) for seed in (5, 6)]
    engine, draw = tiny_engine(pack, tmp_path, repository / "resources"), in_one_go(pack, tmp_path_factory, repository)
    listener = suspended(engine, StepDone(1, 2, 4), *recipes)
    pictures = engine.generate(2, tuple(recipes), listener, CancelToken())
    engine.forget(tuple(recipes))
    assert steps(listener) == [2, 3, 4]
    assert [picture.rgb for picture in pictures] == [picture.rgb for picture in draw(*recipes)]
    kept = stopped(engine, Stop.KEEP, StepDone(1, 2, 4), *recipes)
    again = draw(*(picture.recipe for picture in kept))
    assert [picture.rgb for picture in kept] == [picture.rgb for picture in again]


def test_noise_from_a_file_is_gone_on_from_too(engine: Engine, tmp_path: Path, uninterrupted: Draw) -> None:
    file = tmp_path / "noise.npy"
    np.save(file, initial_noise(99, tiny_recipe().size).numpy())
    listener = suspended(engine, StepDone(1, 2, 3), tiny_recipe(), latents=file)
    (picture,) = engine.generate(2, (tiny_recipe(),), listener, CancelToken(), file)
    assert steps(listener) == [2, 3]
    assert picture == replace(uninterrupted(tiny_recipe(), latents=file)[0], timings=picture.timings)


# Of two blocks a step.
@pytest.mark.parametrize(("block", "step"), [(3, 1), (4, 2)], ids=["the first block", "the last block"])
def test_a_stop_in_the_middle_of_a_step_keeps_the_steps_that_were_done(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, uninterrupted: Draw, block: int, step: int
) -> None:
    from sana_models.dit_blocks import SanaBlock

    cancel, blocks = CancelToken(), list[int]()
    forward = SanaBlock.forward

    def counted(self: SanaBlock, *args: Any) -> torch.Tensor:
        blocks.append(1)
        if len(blocks) == block:
            cancel.cancel(Stop.SUSPEND)
        return forward(self, *args)

    with monkeypatch.context() as patched:
        patched.setattr(SanaBlock, "forward", counted)
        with pytest.raises(JobCancelledError):
            engine.generate(1, (tiny_recipe(),), lambda _: None, cancel)
    listener = RecordingListener()
    (picture,) = engine.generate(2, (tiny_recipe(),), listener, CancelToken())
    assert steps(listener) == list(range(step, 4))
    assert len(listener.of(Notice)) == 1
    assert picture.rgb == uninterrupted(tiny_recipe())[0].rgb


def test_after_a_crash_a_slow_picture_goes_on_from_what_was_written_last(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, uninterrupted: Draw
) -> None:
    def crash(event: Event) -> None:
        if event == StepDone(1, 3, 4):
            raise KeyboardInterrupt

    monkeypatch.setattr("sana_desktop.engine.checkpoints.SECONDS_BETWEEN", 0.0)
    with pytest.raises(KeyboardInterrupt):
        engine.generate(1, (tiny_recipe(steps=4),), crash, CancelToken())
    listener = RecordingListener()
    (picture,) = engine.generate(2, (tiny_recipe(steps=4),), listener, CancelToken())
    assert steps(listener) == [2, 3, 4]
    assert picture.rgb == uninterrupted(tiny_recipe(steps=4))[0].rgb


def test_a_picture_whose_steps_are_done_needs_the_decode_only_and_keeps_its_notices(
    pack: Path, tmp_path: Path, repository: Path, uninterrupted: Draw
) -> None:
    recipe = tiny_recipe(prompt="word " * 400)
    before = tiny_engine(pack, tmp_path, repository / "resources")
    listener = suspended(before, PhaseStarted(1, Phase.DECODE), recipe)
    after = tiny_engine(pack, tmp_path, repository / "resources")
    (picture,) = after.generate(2, (recipe,), listener, CancelToken())
    assert phases(listener) == [Phase.DECODE]
    assert picture == replace(uninterrupted(recipe)[0], timings=picture.timings)
    assert len(picture.notices) == 1


def test_work_that_is_damaged_is_begun_anew(engine: Engine, tmp_path: Path, uninterrupted: Draw) -> None:
    listener = suspended(engine, StepDone(1, 2, 3), tiny_recipe())
    (entry,) = journal(tmp_path)
    entry.write_bytes(entry.read_bytes()[:-1])
    (picture,) = engine.generate(2, (tiny_recipe(),), listener, CancelToken())
    assert steps(listener) == [1, 2, 3]
    assert picture.rgb == uninterrupted(tiny_recipe())[0].rgb


def test_a_picture_is_drawn_also_where_nothing_can_be_kept(
    pack: Path, tmp_path: Path, repository: Path, uninterrupted: Draw
) -> None:
    (tmp_path / "journal").write_text("in the way")
    engine, listener = tiny_engine(pack, tmp_path, repository / "resources"), RecordingListener()
    (picture,) = engine.generate(1, (tiny_recipe(),), listener, CancelToken())
    (notice,) = listener.of(Notice)
    assert "could not be kept" in notice.text
    assert picture.rgb == uninterrupted(tiny_recipe())[0].rgb


def test_a_discarded_job_leaves_nothing_of_an_earlier_run_either(engine: Engine, tmp_path: Path) -> None:
    suspended(engine, StepDone(1, 1, 3), tiny_recipe())
    assert len(journal(tmp_path)) == 1
    with pytest.raises(JobCancelledError):
        stopped(engine, Stop.DISCARD, StepDone(1, 2, 3), tiny_recipe())
    assert journal(tmp_path) == []


@pytest.mark.parametrize("solver", [Solver.FLOW_DPM, Solver.FLOW_EULER])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_picture_kept_as_it_stood_can_be_drawn_again_from_its_recipe(
    engine: Engine, uninterrupted: Draw, solver: Solver, step: int
) -> None:
    recipes = [tiny_recipe(solver=solver, steps=5, seed=seed) for seed in (5, 6)]
    kept = stopped(engine, Stop.KEEP, StepDone(1, step, 5), *recipes)
    assert [picture.recipe for picture in kept] == [recipe.stopped_after(step) for recipe in recipes]
    again = uninterrupted(*(picture.recipe for picture in kept))
    assert [picture.rgb for picture in kept] == [picture.rgb for picture in again]
    assert kept[0].rgb != uninterrupted(*recipes)[0].rgb
    assert kept[0].timings.sample > 0


def test_a_picture_that_stops_early_counts_its_own_steps_and_previews_all_but_the_last(engine: Engine) -> None:
    listener = RecordingListener()
    engine.generate(1, (tiny_recipe(steps=5).stopped_after(3),), listener, CancelToken())
    assert [(event.step, event.steps) for event in listener.of(StepDone)] == [(1, 3), (2, 3), (3, 3)]
    assert [event.step for event in listener.of(PreviewReady)] == [1, 2]


def test_keeping_before_the_first_step_is_a_cancel_that_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    for phase in (Phase.LOAD, Phase.ENCODE, Phase.SAMPLE):
        with pytest.raises(JobCancelledError):
            stopped(engine, Stop.KEEP, PhaseStarted(1, phase), tiny_recipe())
    assert journal(tmp_path) == []


@pytest.mark.parametrize("at", [StepDone(1, 3, 3), PhaseStarted(1, Phase.DECODE)])
def test_keeping_after_the_last_step_gives_the_whole_picture(
    engine: Engine, uninterrupted: Draw, at: StepDone | PhaseStarted
) -> None:
    (kept,) = stopped(engine, Stop.KEEP, at, tiny_recipe())
    assert kept.recipe == tiny_recipe()
    assert kept.rgb == uninterrupted(tiny_recipe())[0].rgb


def test_keeping_a_picture_that_is_about_to_go_on_gives_what_was_there(engine: Engine, uninterrupted: Draw) -> None:
    suspended(engine, StepDone(1, 2, 4), tiny_recipe(steps=4))
    (kept,) = stopped(engine, Stop.KEEP, PhaseStarted(1, Phase.LOAD), tiny_recipe(steps=4))
    assert kept.recipe == tiny_recipe(steps=4).stopped_after(2)
    assert kept.rgb == uninterrupted(kept.recipe)[0].rgb


@pytest.mark.parametrize(("then", "left"), [(Stop.DISCARD, 0), (Stop.SUSPEND, 1)])
def test_the_decode_of_a_kept_picture_can_still_be_stopped(
    engine: Engine, tmp_path: Path, then: Stop, left: int
) -> None:
    cancel = CancelToken()

    def emit(event: Event) -> None:
        if event == StepDone(1, 2, 3):
            cancel.cancel(Stop.KEEP)
        if event == PhaseStarted(1, Phase.DECODE):
            cancel.cancel(then)

    with pytest.raises(JobCancelledError):
        engine.generate(1, (tiny_recipe(),), emit, cancel)
    assert len(journal(tmp_path)) == left


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
