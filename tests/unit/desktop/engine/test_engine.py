import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Emphasis, Precision, Solver
from sana_desktop.domain.events import StepDone
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine import pack_loader
from sana_desktop.engine.engine import Engine
from sana_desktop.engine.graphs import StepGraphs
from sana_desktop.engine.latents import initial_noise, latents_sha256
from sana_desktop.errors import JobCancelledError, PackError, RecipeError
from sana_desktop.gallery.latents_file import latents_to_bytes
from sana_desktop.system.packs import read_pack
from support.fake_recorder import FakeRecorder
from support.recording_listener import RecordingListener
from support.tiny_pack import largest_difference, tiny_engine, tiny_recipe, write_tiny_pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture
def engine(pack: Path, tmp_path: Path, repository: Path) -> Engine:
    return tiny_engine(pack, tmp_path, repository / "resources")


def drawn(engine: Engine, *recipes: Recipe, latents: Path | None = None) -> tuple[Picture, ...]:
    """Pictures as their user gets them: drawn, saved somewhere, forgotten."""
    pictures = engine.generate(1, recipes, lambda _: None, CancelToken(), latents)
    engine.forget(recipes)
    return pictures


def test_the_same_recipe_twice_gives_the_same_bits(
    engine: Engine, pack: Path, tmp_path: Path, repository: Path
) -> None:
    (first,) = drawn(engine, tiny_recipe())
    (again,) = drawn(engine, tiny_recipe())
    (elsewhere,) = drawn(tiny_engine(pack, tmp_path / "other", repository / "resources"), tiny_recipe())
    assert first.rgb == again.rgb == elsewhere.rgb


def test_another_seed_gives_another_picture(engine: Engine) -> None:
    (one,) = drawn(engine, tiny_recipe(seed=1))
    (other,) = drawn(engine, tiny_recipe(seed=2))
    assert largest_difference(one, other) > 30


def test_a_picture_in_a_batch_is_within_one_level_of_the_same_picture_alone(engine: Engine) -> None:
    recipes = [tiny_recipe(seed=seed) for seed in (5, 6, 7)]
    together = drawn(engine, *recipes)
    alone = [drawn(engine, recipe)[0] for recipe in recipes]
    assert [largest_difference(a, b) <= 1 for a, b in zip(together, alone, strict=True)] == [True] * 3


def test_the_record_says_in_which_batch_a_picture_was_drawn(engine: Engine) -> None:
    together = drawn(engine, tiny_recipe(seed=5), tiny_recipe(seed=6))
    assert [picture.provenance.batch_seeds for picture in together] == [(5, 6), (5, 6)]
    (alone,) = drawn(engine, tiny_recipe(seed=5))
    assert alone.provenance.batch_seeds == ()


def test_pictures_with_other_words_in_a_batch_are_within_one_level_of_the_same_alone(engine: Engine) -> None:
    words = [{"prompt": "a red cat"}, {"prompt": "cat", "negative": "a dog"}, {"prompt": "a (red:1.4) cat"}, {}]
    weighted = {"emphasis": Emphasis.WEIGHTED}
    recipes = [tiny_recipe(seed=seed % 3, **one, **(weighted if seed == 2 else {})) for seed, one in enumerate(words)]
    together = drawn(engine, *recipes)
    alone = [drawn(engine, recipe)[0] for recipe in recipes]
    assert [picture.recipe for picture in together] == recipes
    assert [largest_difference(a, b) <= 1 for a, b in zip(together, alone, strict=True)] == [True] * 4


def test_a_picture_of_a_batch_has_the_notices_of_its_own_prompt(engine: Engine) -> None:
    short, long = drawn(engine, tiny_recipe(), tiny_recipe(prompt="word " * 400))
    assert short.notices == ()
    assert "left out" in long.notices[0]


def test_recipes_that_differ_in_more_than_words_and_seed_are_no_batch(engine: Engine) -> None:
    with pytest.raises(ValueError, match="words and seeds only"):
        drawn(engine, tiny_recipe(), tiny_recipe(guidance=2.25))


def test_words_that_were_read_ahead_need_no_text_encoder(tmp_path: Path, repository: Path) -> None:
    pack = write_tiny_pack(tmp_path / "pack")
    engine = tiny_engine(pack, tmp_path, repository / "resources")
    batches = [(tiny_recipe(prompt="a cat"), tiny_recipe(prompt="a dog")), (tiny_recipe(prompt="a red cat"),)]
    engine.read_ahead(batches, CancelToken())
    for file in (pack / "text_encoder").rglob("*.safetensors"):
        file.unlink()
    assert [len(drawn(engine, *batch)) for batch in batches] == [2, 1]


def test_noise_from_a_file_draws_what_its_seed_draws_and_is_recorded(engine: Engine, tmp_path: Path) -> None:
    recipe = tiny_recipe(seed=11)
    noise = initial_noise(11, recipe.size)
    np.save(tmp_path / "noise.npy", noise.numpy())
    (from_file,) = drawn(engine, recipe.with_seed(0), latents=tmp_path / "noise.npy")
    (from_seed,) = drawn(engine, recipe)
    assert from_file.rgb == from_seed.rgb
    assert from_file.recipe.latents_sha256 == latents_sha256(noise)
    assert from_seed.recipe.latents_sha256 is None


def test_the_record_names_the_arithmetic_of_every_network(engine: Engine) -> None:
    (picture,) = drawn(engine, tiny_recipe(precision=Precision.FP32))
    assert picture.provenance.precision == "transformer fp32, text encoder fp32, autoencoder fp32"
    assert picture.provenance.precision_reason == "asked for"


def test_the_record_says_whether_steps_were_replayed_and_the_picture_is_the_same(
    engine: Engine, pack: Path, tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = FakeRecorder()
    monkeypatch.setattr(pack_loader, "step_graphs", lambda *_: StepGraphs(recorder))
    (replayed,) = drawn(engine, tiny_recipe())
    assert replayed.provenance.kernels.endswith("; steps replayed as CUDA graphs")
    drawn(engine, tiny_recipe(seed=5))
    # The first of three steps is computed, once for both pictures.
    assert recorder.told == ["rehearse", "record", *["replay"] * 6]
    monkeypatch.undo()
    (plain,) = drawn(tiny_engine(pack, tmp_path / "other", repository / "resources"), tiny_recipe())
    assert "graphs" not in plain.provenance.kernels
    assert plain.rgb == replayed.rgb


def test_a_flow_pack_refuses_the_sprint_solver_and_says_which_to_use(engine: Engine) -> None:
    with pytest.raises(RecipeError, match="cannot be drawn with the solver sprint") as caught:
        drawn(engine, tiny_recipe(solver=Solver.SPRINT))
    assert "flow-dpm" in caught.value.hint


def test_a_precision_that_would_ruin_the_picture_is_refused(engine: Engine) -> None:
    with pytest.raises(RecipeError, match="does not work in fp16"):
        drawn(engine, tiny_recipe(precision=Precision.FP16))


def test_a_pack_without_a_text_encoder_is_refused_before_anything_is_loaded(
    pack: Path, tmp_path: Path, repository: Path
) -> None:
    manifest = replace(read_pack(pack), folder=tmp_path / "nothing here")
    engine = Engine(lambda _: manifest, tmp_path / "cache", tmp_path / "journal", repository / "resources")
    with pytest.raises(PackError, match="no text_encoder"):
        drawn(engine, tiny_recipe())


def test_a_long_prompt_is_cut_with_a_notice_that_reaches_the_record(engine: Engine) -> None:
    (picture,) = drawn(engine, tiny_recipe(prompt="word " * 400))
    (notice,) = picture.notices
    assert "left out" in notice


def test_what_was_prepared_needs_no_file_of_weights_any_more(tmp_path: Path, repository: Path) -> None:
    pack = write_tiny_pack(tmp_path / "pack")
    engine = tiny_engine(pack, tmp_path, repository / "resources")
    engine.prepare(tiny_recipe(prompt="something else"), CancelToken())
    for file in pack.rglob("*.safetensors"):
        file.unlink()
    assert drawn(engine, tiny_recipe())


def test_preparing_ends_where_it_is_cancelled(engine: Engine) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(JobCancelledError):
        engine.prepare(tiny_recipe(), cancel)


@pytest.mark.parametrize("by_its_picture", [False, True])
def test_a_picture_is_kept_in_the_journal_until_it_is_forgotten(
    engine: Engine, tmp_path: Path, by_its_picture: bool
) -> None:
    np.save(tmp_path / "noise.npy", initial_noise(11, tiny_recipe().size).numpy())
    (picture,) = engine.generate(1, (tiny_recipe(),), lambda _: None, CancelToken(), tmp_path / "noise.npy")
    assert len(list((tmp_path / "journal").iterdir())) == 1
    engine.forget((picture.recipe,) if by_its_picture else (tiny_recipe(),))
    assert list((tmp_path / "journal").iterdir()) == []


def test_a_start_removes_what_earlier_runs_left_behind(pack: Path, tmp_path: Path, repository: Path) -> None:
    leftover = tmp_path / "journal" / "half.partial"
    leftover.parent.mkdir()
    leftover.touch()
    os.utime(leftover, (0.0, 0.0))
    tiny_engine(pack, tmp_path, repository / "resources")
    assert not leftover.exists()


@pytest.mark.parametrize("newer", ["program", "pack"])
def test_work_that_another_version_began_is_not_gone_on_from(
    pack: Path, tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, newer: str
) -> None:
    engine = tiny_engine(pack, tmp_path, repository / "resources")
    (before,) = engine.generate(1, (tiny_recipe(),), lambda _: None, CancelToken())
    manifest = read_pack(pack)
    if newer == "pack":
        manifest = replace(manifest, version=f"{manifest.version}.1")
    else:
        monkeypatch.setattr("sana_desktop.engine.engine.__version__", "99")
    engine = Engine(lambda _: manifest, tmp_path / "cache", tmp_path / "journal", repository / "resources")
    listener = RecordingListener()
    (after,) = engine.generate(1, (tiny_recipe(),), listener, CancelToken())
    assert [event.step for event in listener.of(StepDone)] == [1, 2, 3]
    assert after.rgb == before.rgb


def test_latents_that_were_kept_give_the_picture_again_within_a_level_and_without_drawing(
    engine: Engine, pack: Path, tmp_path: Path, repository: Path
) -> None:
    (picture,) = drawn(engine, tiny_recipe(seed=5))
    (tmp_path / "kept.npy").write_bytes(latents_to_bytes(picture))
    other = tiny_engine(pack, tmp_path / "other", repository / "resources")

    again = other.decode_again(picture.recipe, tmp_path / "kept.npy", CancelToken())

    assert largest_difference(picture, again) <= 1
    assert (again.latents, again.timings.sample) == (picture.latents, 0.0)
    assert len(picture.latents) == 2 * 32 * picture.recipe.size.latent_height * picture.recipe.size.latent_width


def test_latents_of_another_size_are_not_decoded(engine: Engine, tmp_path: Path) -> None:
    np.save(tmp_path / "kept.npy", np.zeros((1, 32, 7, 7), np.float16))

    with pytest.raises(RecipeError, match="has shape"):
        engine.decode_again(tiny_recipe(), tmp_path / "kept.npy", CancelToken())
