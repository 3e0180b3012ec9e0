import json
from pathlib import Path

import numpy as np
import pytest
import torch

from sana_desktop.domain.codec import recipe_from_plain
from sana_desktop.engine.journal import LatentsJournal
from sana_desktop.errors import MachineError
from support.recipes import recipe


def test_latents_come_back_as_they_were_with_their_recipes(tmp_path: Path) -> None:
    latents = torch.randn(2, 32, 3, 4)
    recipes = [recipe(seed=1), recipe(seed=2)]
    entry = LatentsJournal(tmp_path / "journal").write(recipes, latents)
    assert np.array_equal(np.load(entry, allow_pickle=False), latents.numpy())
    described = json.loads(entry.with_suffix(".json").read_text(encoding="utf-8"))
    assert [recipe_from_plain(plain) for plain in described] == recipes


def test_bf16_latents_are_kept_as_fp32(tmp_path: Path) -> None:
    entry = LatentsJournal(tmp_path).write([recipe()], torch.ones(1, 32, 1, 1, dtype=torch.bfloat16))
    assert np.load(entry, allow_pickle=False).dtype == np.float32


def test_what_is_forgotten_leaves_no_file(tmp_path: Path) -> None:
    journal = LatentsJournal(tmp_path)
    entry = journal.write([recipe()], torch.zeros(1, 32, 1, 1))
    assert entry.is_file()
    journal.forget(entry)
    journal.forget(entry)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_the_machines_fault_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MachineError, match="could not be kept in .*file"):
        LatentsJournal(tmp_path / "file" / "journal").write([recipe()], torch.zeros(1, 32, 1, 1))
