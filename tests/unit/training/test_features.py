import random
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from sana_desktop.engine.weights.save import save_autoencoder
from support.tiny_models import TINY_DCAE_RESIDUAL, random_dcae
from support.tiny_training import write_tiny_data
from training import features
from training.compute import Compute
from training.cutouts import Cutouts
from training.emoji import read_concepts
from training.features import batched, captions_of, encode_pictures, text_features, write_latents
from training.palette import BACKGROUNDS
from training.plan import Pair, plan_pairs
from training.text_states import MOST_TOKENS


def letters(text: str) -> list[int]:
    return [2, *map(ord, text)]


def states_of_many(texts: list[list[int]]) -> list[Tensor]:
    return [torch.tensor(tokens, dtype=torch.float32)[:, None].repeat(1, 4) for tokens in texts]


def test_pictures_are_encoded_in_the_order_of_the_pairs(tmp_path: Path) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path))
    pairs = plan_pairs(concepts, seed=0)
    pictures = [((concepts[pair.number].picture,), pair) for pair in pairs]
    paths = [concept.picture for concept in concepts]
    cutouts, numbers = Cutouts(paths, torch.device("cpu")), {path: number for number, path in enumerate(paths)}
    corners = torch.cat(list(encode_pictures(pictures, cutouts, numbers, lambda images: images[:, :, 0, 0])))
    expected = torch.tensor([BACKGROUNDS[pair.painted] for pair in pairs]) / 127.5 - 1
    torch.testing.assert_close(corners, expected, atol=1e-6, rtol=0)


def test_a_picture_is_encoded_once_and_a_killed_run_keeps_its_parts(tmp_path: Path) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path / "data"))
    pairs = plan_pairs(concepts, seed=0)
    pictures = [((concepts[pair.number].picture,), pair) for pair in pairs]
    save_autoencoder(random_dcae(TINY_DCAE_RESIDUAL), tmp_path / "vae", dtype=torch.float32)
    write_latents(pictures, tmp_path / "vae", tmp_path, Compute())
    latents = load_file(tmp_path / "latents.safetensors")["8x8"]
    assert len(latents) == len(pairs)
    assert torch.equal(latents[0], latents[1]), "the same picture, with and without a word for its background"
    # What is left of a run that was killed before its last line: the part, which is then taken as it is.
    save_file({"0000": torch.zeros(21, 32, 8, 8)}, tmp_path / "latents-000.part.safetensors")
    write_latents(pictures, tmp_path / "vae", tmp_path, Compute())
    assert load_file(tmp_path / "latents.safetensors")["8x8"].abs().max() == 0
    assert not list(tmp_path.glob("*.part.*"))


class ChannelsLast:
    """An autoencoder whose latents lie as convolutions on some processors leave them."""

    config = TINY_DCAE_RESIDUAL

    def to(self, *_: object, **__: object) -> None:
        """It computes where its pictures are."""

    def encode(self, images: Tensor) -> Tensor:
        return images[:, :1, ::32, ::32].repeat(1, 32, 1, 1).contiguous(memory_format=torch.channels_last)


def test_latents_that_lie_channels_last_are_written_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path / "data"))
    pictures = [((concepts[pair.number].picture,), pair) for pair in plan_pairs(concepts, seed=0)]
    monkeypatch.setattr(features, "load_autoencoder", lambda *rest, **named: ChannelsLast())
    write_latents(pictures, tmp_path, tmp_path, Compute())
    latents = load_file(tmp_path / "latents.safetensors")["8x8"]
    assert latents.shape[:2] == (len(pictures), 32)
    assert torch.equal(latents[:, 0], latents[:, 31])


def test_captions_are_found_again_by_pair_and_the_empty_one_comes_first() -> None:
    texts = [["cat", "a cat"], ["cat"], ["sun"]]
    found = text_features(texts, letters, states_of_many)
    offsets = found["offsets"].tolist()

    def caption(number: int) -> str:
        tokens = found["states"][offsets[number] : offsets[number + 1], 0]
        return "".join(chr(int(token)) for token in tokens[1:])

    first = found["first_caption"].tolist()
    owned = [
        [caption(number) for number in found["caption_of_pair"][begin:end].tolist()] for begin, end in pairwise(first)
    ]
    assert owned == texts
    assert caption(0) == ""
    assert len(offsets) - 1 == 4, "a caption that two pairs share is encoded once"


def test_a_long_caption_is_cut_at_the_packs_limit() -> None:
    found = text_features([["x" * 50]], letters, states_of_many)
    assert found["offsets"].tolist() == [0, 1, 1 + MOST_TOKENS]


def test_batches_keep_the_order_and_the_rest() -> None:
    assert list(batched([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]


def test_a_scene_is_encoded_as_it_is_painted(tmp_path: Path) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path / "data"))
    save_autoencoder(random_dcae(TINY_DCAE_RESIDUAL), tmp_path / "vae", dtype=torch.float32)
    pairs = [Pair(0, "red", "red"), Pair(0, "red", "red", layout="beside", others=(1,))]
    pictures = [(tuple(concepts[number].picture for number in pair.numbers), pair) for pair in pairs]
    write_latents(pictures, tmp_path / "vae", tmp_path, Compute())
    one, other = load_file(tmp_path / "latents.safetensors")["8x8"]
    assert not torch.equal(one, other)


def test_captions_say_what_stands_where(tmp_path: Path) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path))
    rng = random.Random(0)
    for text in captions_of(Pair(0, "red", "red", layout="above", others=(1,)), concepts, rng, thin=False):
        assert any(name in text for name in concepts[0].names)
        assert any(name in text for name in concepts[1].names)
        assert "red background" in text
    alike = captions_of(Pair(0, "red", "red", layout="three", others=(0, 0)), concepts, rng, thin=False)
    assert all(text.startswith("three ") for text in alike)


def test_pictures_of_other_formats_have_latents_of_their_own_shape(tmp_path: Path) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path / "data"))
    save_autoencoder(random_dcae(TINY_DCAE_RESIDUAL), tmp_path / "vae", dtype=torch.float32)
    pairs = [Pair(0, "red", "red", layout=layout) for layout in ("full", "wide", "full", "tall")]
    pictures = [((concepts[0].picture,), pair) for pair in pairs]
    write_latents(pictures, tmp_path / "vae", tmp_path, Compute())
    found = {shape: len(some) for shape, some in load_file(tmp_path / "latents.safetensors").items()}
    assert found == {"8x8": 2, "8x12": 1, "12x8": 1}
