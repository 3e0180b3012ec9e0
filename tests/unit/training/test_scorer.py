import json
from pathlib import Path

import pytest
import torch

from support.tiny_training import write_tiny_data, write_tiny_features, write_tiny_styles
from training.emoji import read_concepts
from training.palette import BACKGROUNDS
from training.scorer import (
    Example,
    ExampleDealer,
    ScorerRun,
    SmallCutouts,
    TrainedPairs,
    load_scorer,
    pair_scores,
    parse,
    weights_of_captions,
)
from training.scorer_net import SMALL
from training.text_states import TextStates


@pytest.fixture(scope="module")
def cutouts(tmp_path_factory: pytest.TempPathFactory) -> SmallCutouts:
    data = write_tiny_data(tmp_path_factory.mktemp("data"))
    write_tiny_styles(data)
    return SmallCutouts(data, read_concepts(data))


def example(thing: int, *, painted: str | None = None, said: str | None = None, style: str = "3D") -> Example:
    return Example(thing, style, painted, said, (thing,))


def some_states() -> TextStates:
    generator = torch.Generator().manual_seed(0)
    return TextStates(torch.randn(6, 12, generator=generator), torch.tensor([0, 3, 6]))


def tiny_run(cutouts: SmallCutouts, out: Path) -> ScorerRun:
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    dealer = ExampleDealer([example(0), example(1)], [1.0, 1.0], cutouts)
    options = parse(["", str(out), "--batch", "6", "--steps", "30", "--rate", "3e-3"])
    return ScorerRun(dealer, some_states(), options)


def test_a_caption_without_a_colour_fits_a_thing_on_any(cutouts: SmallCutouts) -> None:
    examples = [
        example(0),
        example(0, painted="red", said="red"),
        example(0, painted="blue", said="blue"),
        example(1),
        example(0, style="flat"),
    ]
    fits = ExampleDealer(examples, [1.0] * 5, cutouts).fits(torch.arange(5))
    plain, red, blue, other, flat = range(5)
    # Rows are pictures, columns what is said of them.
    assert fits[red].nonzero().flatten().tolist() == [plain, red]
    assert fits[plain].nonzero().flatten().tolist() == [plain]
    assert fits[blue].nonzero().flatten().tolist() == [plain, blue]
    assert fits[other].nonzero().flatten().tolist() == [other]
    assert fits[flat].nonzero().flatten().tolist() == [flat]


def test_small_pictures_show_the_thing_on_its_colour(cutouts: SmallCutouts) -> None:
    picture = ExampleDealer([example(0, painted="teal")], [1.0], cutouts).pictures(torch.tensor([0]))[0]
    assert picture.shape == (3, SMALL, SMALL)
    torch.testing.assert_close(picture[:, 0, 0], torch.tensor(BACKGROUNDS["teal"]) / 127.5 - 1, atol=1e-4, rtol=0)
    assert (picture[:, SMALL // 2, SMALL // 2] - picture[:, 0, 0]).abs().max() > 0.2
    assert len(cutouts.paths) == 6, "three things in 3D, two flat, one as line art"


def test_line_art_is_white_where_black_would_hardly_show(cutouts: SmallCutouts) -> None:
    (number,) = [thing for style, thing in cutouts.paths if style == "line"]
    lines = [example(number, painted=color, style="line") for color in ("black", "white")]
    on_black, on_white = ExampleDealer(lines, [1.0, 1.0], cutouts).pictures(torch.arange(2))
    assert on_black[:, SMALL // 2, SMALL // 2].min() > 0.9
    assert on_white[:, SMALL // 2, SMALL // 2].max() < -0.9


def test_a_dealt_caption_is_one_of_the_examples_own(cutouts: SmallCutouts) -> None:
    examples = [Example(0, "3D", None, None, (4, 5)), Example(1, "3D", None, None, (7,))]
    dealer = ExampleDealer(examples, [1.0, 1.0], cutouts)
    _, captions, fits = dealer.deal(64)
    assert set(captions.tolist()) == {4, 5, 7}
    assert fits.diagonal().all()
    assert dealer.captions(1).tolist() == [7]


def test_half_of_a_batch_are_the_same_things_in_another_style(cutouts: SmallCutouts) -> None:
    styled = [example(0), example(0, style="flat"), example(0, style="line"), example(1)]
    dealer = ExampleDealer(styled, [1.0, 0.0, 0.0, 0.0], cutouts)
    pictures, _, fits = dealer.deal(4)
    assert fits[0].tolist() == [True, True, False, False]
    assert fits[2].tolist() == [False, False, True, True]
    assert not torch.equal(pictures[0], pictures[2])
    alone = ExampleDealer(styled, [0.0, 0.0, 0.0, 1.0], cutouts)
    assert alone.deal(4)[2].all(), "what has no other style is dealt twice"


def test_things_of_different_colours_are_told_apart_after_training(cutouts: SmallCutouts, tmp_path: Path) -> None:
    run = tiny_run(cutouts, tmp_path)
    losses = [float(run.train_step(step)["loss"]) for step in range(30)]
    assert sum(losses[-5:]) < 0.5 * sum(losses[:5])
    run.save(30)
    scorer = load_scorer(tmp_path / "scorer.safetensors")
    dealer = ExampleDealer([Example(0, "3D", "teal", None, (0, 1))], [1.0], cutouts)
    scores = pair_scores(scorer, dealer, 1, some_states())
    assert scores[0] > scores[1]


def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(cutouts: SmallCutouts, tmp_path: Path) -> None:
    whole = tiny_run(cutouts, tmp_path / "whole")
    for step in range(4):
        whole.train_step(step)
    first = tiny_run(cutouts, tmp_path / "cut")
    for step in range(2):
        first.train_step(step)
    first.save(2)
    second = tiny_run(cutouts, tmp_path / "cut")
    assert second.step == 2
    for step in range(2, 4):
        second.train_step(step)
    pairs = zip(whole.scorer.parameters(), second.scorer.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_weights_of_captions_add_up_to_one_for_each_pair_and_favour_the_better() -> None:
    weights = weights_of_captions(torch.tensor([0.9, 0.8, 0.3]), torch.tensor([0, 2, 3]), 0.1)
    torch.testing.assert_close(weights, torch.tensor([0.7311, 0.2689, 1.0]), atol=1e-3, rtol=0)


def test_the_pairs_of_the_features_are_examples_with_their_captions(tmp_path: Path) -> None:
    folder = write_tiny_features(tmp_path)
    pair = {"concept": "sun", "painted": "red", "said": None, "style": "flat"}
    (folder / "pairs.json").write_text(json.dumps([pair] * 4), encoding="utf-8")
    first = TrainedPairs(folder).examples({"sun": 7}, first_caption=100)[0]
    assert first == Example(7, "flat", "red", None, (101, 102))


def test_scenes_are_no_examples(tmp_path: Path) -> None:
    folder = write_tiny_features(tmp_path)
    pair = {"concept": "sun", "painted": "red", "said": None, "style": "flat"}
    pairs = [{**pair, "layout": layout} for layout in ("full", "full", "beside", "small")]
    (folder / "pairs.json").write_text(json.dumps(pairs), encoding="utf-8")
    found = TrainedPairs(folder)
    assert found.alone == 2
    assert len(found.examples({"sun": 7}, first_caption=0)) == 2
