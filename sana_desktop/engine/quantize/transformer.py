"""The linear DiT with weights in 8 or 4 bit."""

from collections.abc import Callable
from pathlib import Path

import torch

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.quantize.rules import transformer_layers
from sana_desktop.engine.quantize.store import Store, fill_from_store, is_made, make_store, source_fingerprint
from sana_desktop.engine.weights.configs import read_transformer_config
from sana_desktop.engine.weights.files import list_tensors
from sana_desktop.engine.weights.load import matching_tensors
from sana_models.dit import SanaTransformer


def load_quantized_transformer(
    folder: Path,
    kept_in: Path,
    kind: Precision,
    *,
    dtype: torch.dtype,
    device: torch.device,
    check: Callable[[], None],
    kept: tuple[str, ...] | None = None,
) -> SanaTransformer:
    """The linear DiT in `folder` with its weights as `kind` and everything else in `dtype`, frozen.

    Quantized weights come from `kept_in`, where they are written first if they are not there yet. `kept` are patterns
    of layers that are not quantized, those of `tables` where nothing is said. `check` and errors are those of
    `load_transformer`, and `MachineError`.
    """
    config = read_transformer_config(folder)
    check()
    with torch.device("meta"):
        module = SanaTransformer(config)
    weights = {stored.name: stored for stored in matching_tensors(list_tensors(folder, dtype), module, folder.name)}
    layers = transformer_layers(module, kind, kept)
    store = Store(kept_in, "transformer", kind, source_fingerprint(weights, layers))
    if not is_made(store):
        shapes = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
        make_store(store, weights, layers, shapes, check, device)
    fill_from_store(module, store, layers, dtype=dtype, device=device, check=check)
    return module
