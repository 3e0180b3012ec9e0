import weakref
from pathlib import Path

import pytest
import torch
from torch import nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.quantize import store as store_module
from sana_desktop.engine.quantize.linear import quantize
from sana_desktop.engine.quantize.store import Store, fill_from_store, is_made, make_store, source_fingerprint
from sana_desktop.engine.weights.files import StoredTensor
from sana_desktop.errors import BugError, MachineError
from sana_desktop.system.tensor_header import read_tensor_header
from support.tiny_models import noise


def _network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 32))


def _layers(*names: str, kind: Precision = Precision.INT8) -> dict[str, Precision]:
    return dict.fromkeys(names, kind)


def _source(folder: Path) -> dict[str, StoredTensor]:
    from safetensors.torch import save_file

    network = _network()
    save_file({name: noise(*value.shape) for name, value in network.state_dict().items()}, folder / "in.safetensors")
    header = read_tensor_header(folder / "in.safetensors")
    return {name: StoredTensor(name, folder / "in.safetensors", info) for name, info in header.items()}


def _made(folder: Path, weights: dict[str, StoredTensor], layers: dict[str, Precision]) -> Store:
    store = Store(folder / "kept", "part", Precision.INT8, source_fingerprint(weights, layers))
    make_store(store, weights, layers, {name: stored.info.shape for name, stored in weights.items()}, lambda: None)
    return store


def test_a_store_is_made_of_its_source_and_its_layers(tmp_path: Path):
    weights = _source(tmp_path)
    store = _made(tmp_path, weights, _layers("0"))
    assert is_made(store)
    assert not is_made(Store(store.folder, "part", Precision.NF4, store.made_of))
    both = source_fingerprint(weights, _layers("0", "1"))
    assert both != store.made_of
    assert not is_made(Store(store.folder, "part", Precision.INT8, both))
    assert sorted(path.name for path in store.folder.iterdir()) == ["part-int8.json", "part-int8.safetensors"]


def test_a_tensor_that_nothing_fills_is_our_mistake(tmp_path: Path):
    weights = _source(tmp_path)
    layers = _layers("0")
    del weights["1.bias"]
    store = _made(tmp_path, weights, layers)
    with torch.device("meta"):
        empty = _network()
    with pytest.raises(BugError, match="1.bias"):
        fill_from_store(empty, store, layers, dtype=torch.float32, device=torch.device("cpu"), check=lambda: None)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    weights = _source(tmp_path)
    (tmp_path / "kept").write_text("a file where the folder should be")
    with pytest.raises(MachineError, match="could not be written"):
        _made(tmp_path, weights, _layers("0"))


def test_a_tensor_is_gone_before_the_next_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    weights = _source(tmp_path)
    made: list[weakref.ref[torch.Tensor]] = []

    def watched(kind: Precision, weight_NK: torch.Tensor) -> dict[str, torch.Tensor]:
        assert not [each for each in made if each() is not None]
        found = quantize(kind, weight_NK)
        made.append(weakref.ref(found["levels"]))
        return found

    monkeypatch.setattr(store_module, "quantize", watched)
    _made(tmp_path, weights, _layers("0", "1"))
    assert len(made) == 2


def test_weights_are_quantized_where_the_network_will_be_and_kept_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    weights = _source(tmp_path)
    store = Store(tmp_path / "kept", "part", Precision.INT8, "")
    devices: list[str] = []

    def on_a_card(kind: Precision, weight_NK: torch.Tensor) -> dict[str, torch.Tensor]:
        devices.append(weight_NK.device.type)
        return {"levels": torch.zeros(64, 64, dtype=torch.int8), "scale": torch.zeros(64)}

    monkeypatch.setattr(store_module, "quantize", on_a_card)
    shapes = {name: stored.info.shape for name, stored in weights.items()}
    # No card is needed to see where the weights were sent.
    make_store(store, weights, _layers("0"), shapes, lambda: None, torch.device("meta"))
    assert devices == ["meta"]
