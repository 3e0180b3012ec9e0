import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from sana_desktop.engine.gemma_model import load_gemma_model
from sana_desktop.errors import JobCancelledError, WeightsError
from support.tiny_gemma import save_tiny_gemma

CPU = torch.device("cpu")
KINDS = ["Gemma2Model", "Gemma2ForCausalLM", "Gemma3TextModel", "Gemma3ForCausalLM"]


def nothing() -> None:
    pass


@pytest.mark.parametrize("kind", KINDS)
def test_every_saved_form_loads_as_the_bare_encoder_with_its_weights(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    saved = save_tiny_gemma(tmp_path, kind)
    bare = saved if kind.endswith("Model") else saved.model
    capfd.readouterr()
    loaded = load_gemma_model(tmp_path, torch.float32, CPU, nothing)
    assert capfd.readouterr() == ("", "")
    assert type(loaded) is type(bare)
    expected, found = bare.state_dict(), loaded.state_dict()
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[name], expected[name]) for name in expected)
    assert not any(tensor.is_meta for tensor in (*loaded.parameters(), *loaded.buffers()))
    assert gc.isenabled()


def test_weights_are_cast_to_the_wanted_precision(tmp_path: Path) -> None:
    save_tiny_gemma(tmp_path, dtype=torch.bfloat16)
    assert {value.dtype for value in load_gemma_model(tmp_path, torch.float32, CPU, nothing).parameters()} == {
        torch.float32
    }


@pytest.mark.parametrize(("kind", "attention"), [("Gemma2Model", "eager"), ("Gemma3TextModel", "sdpa")])
def test_a_file_cannot_choose_how_attention_is_computed(tmp_path: Path, kind: str, attention: str) -> None:
    save_tiny_gemma(tmp_path, kind)
    change_config(tmp_path, attn_implementation="somebody/kernel", _attn_implementation="flash_attention_2")
    assert load_gemma_model(tmp_path, torch.float32, CPU, nothing).config._attn_implementation == attention


def test_a_missing_tensor_is_a_known_error_and_not_random(tmp_path: Path) -> None:
    save_tiny_gemma(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    del weights["layers.1.mlp.up_proj.weight"]
    save_file(weights, tmp_path / "model.safetensors")
    with pytest.raises(WeightsError, match=r"1 tensors missing \(first: layers.1.mlp.up_proj.weight\)"):
        load_gemma_model(tmp_path, torch.float32, CPU, nothing)


@pytest.mark.parametrize(
    "change",
    [
        {"hidden_size": "wide"},
        {"hidden_size": -1},
        {"hidden_activation": "no such function"},
        {"vocab_size": 10**18},
        {"num_attention_heads": 0},
        {"layer_types": ["diagonal_attention", "full_attention"]},
        {"rope_parameters": 3},
    ],
    ids=str,
)
def test_a_configuration_that_makes_no_network_is_a_known_error(tmp_path: Path, change: dict[str, object]) -> None:
    save_tiny_gemma(tmp_path)
    change_config(tmp_path, **change)
    with pytest.raises(WeightsError):
        load_gemma_model(tmp_path, torch.float32, CPU, nothing)


def test_loading_stops_when_asked_to(tmp_path: Path) -> None:
    save_tiny_gemma(tmp_path)
    asked: list[None] = []

    def check() -> None:
        asked.append(None)
        if len(asked) == 10:
            raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        load_gemma_model(tmp_path, torch.float32, CPU, check)
    assert gc.isenabled()


def change_config(folder: Path, **change: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))


# In a process that has not imported transformers, because what its import leaves behind is what kept networks.
FORGOTTEN = """
import gc, sys, weakref
from pathlib import Path
import torch
from sana_desktop.engine.gemma_model import load_gemma_model
model = load_gemma_model(Path(sys.argv[1]), torch.float32, torch.device("cpu"), lambda: None)
known = weakref.ref(model)
del model
gc.collect()
sys.exit(known() is not None)
"""


def test_a_network_that_nobody_wants_is_gone_even_if_its_library_was_imported_for_it(tmp_path: Path) -> None:
    save_tiny_gemma(tmp_path)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", FORGOTTEN, str(tmp_path)]
    assert subprocess.run(command, env=environment, check=False).returncode == 0
