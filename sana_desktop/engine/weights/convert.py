"""Original checkpoints to the `transformer/` and `vae/` folders of a pack."""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from sana_desktop.engine.weights.configs import CONFIG_NAME, autoencoder_config_json, transformer_config_json
from sana_desktop.engine.weights.files import STEM, SUFFIX
from sana_desktop.engine.weights.key_maps import rename_original
from sana_desktop.engine.weights.key_maps_dc_ae import rename_original_dc_ae
from sana_desktop.engine.weights.load import compare_shapes, published_shapes
from sana_desktop.engine.weights.write import TensorSource, write_json, write_safetensors
from sana_desktop.errors import WeightsError
from sana_models.configs import DCAEConfig, DiTConfig
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer

Check = Callable[[], None]
Rename = Callable[[str], tuple[str, ...] | None]


def write_transformer(
    weights: Mapping[str, Tensor], config: DiTConfig, folder: Path, *, dtype: torch.dtype | None = None, check: Check
) -> None:
    """Write an original transformer as a folder of a pack, in `dtype` or in the type the weights have.

    Names and shapes are checked before anything is written: raises `WeightsError` unless they are
    exactly those of `config`. `check` is called before every tensor. Raises OSError.
    """
    with torch.device("meta"):
        network = SanaTransformer(config)
    renamed = _renamed(
        weights, network, lambda key: rename_original(key, sprint=config.guidance_embeds), "The checkpoint"
    )
    _write(renamed, transformer_config_json(config), folder, dtype, check)


def write_autoencoder(
    weights: Mapping[str, Tensor], config: DCAEConfig, folder: Path, *, dtype: torch.dtype | None = None, check: Check
) -> None:
    """Write an original DC-AE as a folder of a pack, under the rules of `write_transformer`."""
    with torch.device("meta"):
        network = DCAutoencoder(config)
    renamed = _renamed(weights, network, rename_original_dc_ae, "The autoencoder")
    _write(renamed, autoencoder_config_json(config), folder, dtype, check)


def _renamed(weights: Mapping[str, Tensor], network: nn.Module, rename: Rename, where: str) -> dict[str, Tensor]:
    """Views of `weights` under published names and in published shapes, exactly those of `network`."""
    expected = published_shapes(network)
    renamed: dict[str, Tensor] = {}
    for key, tensor in weights.items():
        try:
            names = rename(key)
        except KeyError:
            # Under its own name, so that the comparison below complains of it.
            names = (key,)
        if names is None:
            continue
        if not tensor.ndim or tensor.shape[0] % len(names):
            raise WeightsError(f"{where}: `{key[:80]}` cannot be cut into {len(names)}, found {list(tensor.shape)}.")
        for name, part in zip(names, tensor.chunk(len(names)), strict=True):
            # Linear layers of the published autoencoder were convolutions with a 1x1 kernel once.
            was_convolution = part.ndim == 4 and part.shape[2:] == (1, 1) and len(expected.get(name, ())) == 2
            renamed[name] = part.flatten(1) if was_convolution else part
    compare_shapes(expected, {name: tuple(tensor.shape) for name, tensor in renamed.items()}, where)
    return renamed


def _write(
    renamed: Mapping[str, Tensor], config: dict[str, object], folder: Path, dtype: torch.dtype | None, check: Check
) -> None:
    sources = [
        TensorSource(name, dtype or tensor.dtype, tuple(tensor.shape), lambda tensor=tensor: tensor)
        for name, tensor in renamed.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    write_safetensors(folder / f"{STEM}{SUFFIX}", sources, check=check)
    write_json(folder / CONFIG_NAME, config)
