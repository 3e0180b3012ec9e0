from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor

from support.tiny_training import write_tiny_data
from training.emoji import read_concepts
from training.features import MOST_TOKENS, batched, encode_pictures, plan_pairs, text_features
from training.palette import BACKGROUNDS


def letters(text: str) -> list[int]:
    return [2, *map(ord, text)]


def states_of_many(texts: list[list[int]]) -> list[Tensor]:
    return [torch.tensor(tokens, dtype=torch.float32)[:, None].repeat(1, 4) for tokens in texts]


def test_every_concept_has_a_plain_background_with_and_without_the_word(tmp_path: Path) -> None:
    pairs = plan_pairs(read_concepts(write_tiny_data(tmp_path)), seed=0)
    for number in range(3):
        own = [(said, painted) for concept, said, painted in pairs if concept == number]
        assert own[:2] == [(None, "white"), ("white", "white")]
        assert len({painted for _, painted in own}) == 7
        assert all(said in (None, painted) for said, painted in own)


def test_pictures_are_encoded_in_the_order_of_the_pairs(tmp_path: Path) -> None:
    concepts = read_concepts(write_tiny_data(tmp_path))
    pairs = plan_pairs(concepts, seed=0)
    corners = torch.cat(list(encode_pictures(concepts, pairs, lambda images: images[:, :, 0, 0])))
    expected = torch.tensor([BACKGROUNDS[painted] for _, _, painted in pairs]) / 127.5 - 1
    torch.testing.assert_close(corners, expected, atol=1e-6, rtol=0)


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
