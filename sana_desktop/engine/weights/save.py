"""Our networks to the folders of a pack, in the layout that diffusers reads too."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from sana_desktop.engine.weights.configs import CONFIG_NAME, autoencoder_config_json, transformer_config_json
from sana_desktop.engine.weights.files import STEM, SUFFIX
from sana_desktop.engine.weights.load import published_shapes
from sana_desktop.engine.weights.write import TensorSource, write_json, write_safetensors
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer


def save_transformer(module: SanaTransformer, folder: Path, *, dtype: torch.dtype | None = None) -> None:
    """Write weights and config.json of the linear DiT into `folder`, in `dtype` or as they are.

    Each file is replaced in one step; an older one survives a failure. Raises OSError.
    """
    _save(module, transformer_config_json(module.config), folder, dtype)


def save_autoencoder(module: DCAutoencoder, folder: Path, *, dtype: torch.dtype | None = None) -> None:
    """Write weights and config.json of the DC-AE into `folder`, under the rules of `save_transformer`."""
    _save(module, autoencoder_config_json(module.config), folder, dtype)


def _save(module: nn.Module, config: dict[str, object], folder: Path, dtype: torch.dtype | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shapes = published_shapes(module)
    sources = [
        TensorSource(name, dtype or tensor.dtype, shapes[name], _reader(tensor, shapes[name]))
        for name, tensor in module.state_dict().items()
    ]
    weights, description = folder / f"{STEM}{SUFFIX}", folder / CONFIG_NAME
    new_weights, new_description = (path.with_name(f"{path.name}.new") for path in (weights, description))
    try:
        write_safetensors(new_weights, sources, check=_go_on)
        write_json(new_description, config)
        new_weights.replace(weights)
        new_description.replace(description)
    finally:
        new_weights.unlink(missing_ok=True)
        new_description.unlink(missing_ok=True)


def _reader(tensor: Tensor, shape: tuple[int, ...]) -> Callable[[], Tensor]:
    return lambda: tensor.reshape(shape)


def _go_on() -> None:
    pass
