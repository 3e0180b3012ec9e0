"""Networks from the folders of a pack: built without memory, filled with mapped weights, then verified."""

from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path

import torch
from torch import nn

from sana_desktop.engine.preview import LinearMap, PreviewDecoder
from sana_desktop.engine.weights.checkpoint import read_checkpoint
from sana_desktop.engine.weights.configs import read_autoencoder_config, read_transformer_config
from sana_desktop.engine.weights.files import StoredTensor, list_tensors, read_tensors
from sana_desktop.engine.weights.key_maps import DROPPED, is_pointwise
from sana_desktop.engine.weights.patch_decoder_shape import detect_patch_decoder
from sana_desktop.engine.weights.tiny_decoder_shape import detect_tiny_decoder
from sana_desktop.errors import BugError, WeightsError
from sana_models.configs import DCAEConfig, DiTConfig
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer
from sana_models.patch_decoder import PatchDecoder
from sana_models.tiny_decoder import TinyDecoder

Shape = tuple[int, ...]
NAMES_SHOWN = 5


def _never_cancelled() -> None:
    """A `check` for callers that cannot be cancelled."""


def load_transformer(
    folder: Path, *, dtype: torch.dtype, device: torch.device, check: Callable[[], None] = _never_cancelled
) -> SanaTransformer:
    """The linear DiT in `folder` (a pack's `transformer/`), frozen, for drawing.

    On the CPU and without a cast, weights stay mapped from the file; otherwise peak memory is the
    weights in `dtype` and at most one opening of the file (64 MiB, or one tensor) besides. `check`
    is called before every file and tensor; what it raises ends the load. Raises `PackError` for a
    config.json that cannot be honoured and `WeightsError` for weights that do not fit it exactly.
    """
    config = read_transformer_config(folder)
    with torch.device("meta"):
        module = SanaTransformer(config)
    _fill(module, folder, dtype, device, check)
    return module


def load_autoencoder(
    folder: Path, *, dtype: torch.dtype, device: torch.device, check: Callable[[], None] = _never_cancelled
) -> DCAutoencoder:
    """The DC-AE in `folder` (a pack's `vae/`), under the rules of `load_transformer`.

    The factor between its latents and the transformer's is `module.config.scaling_factor`.
    """
    config = read_autoencoder_config(folder)
    with torch.device("meta"):
        module = DCAutoencoder(config)
    _fill(module, folder, dtype, device, check)
    return module


def load_tiny_decoder(path: Path, *, dtype: torch.dtype, device: torch.device) -> PreviewDecoder:
    """The preview decoder in `path`, safetensors or the published .pth, frozen; its kind and shape are read off it.

    Raises `WeightsError` for a file that is no such decoder, or that would run code.
    """
    weights = read_checkpoint(path)
    shapes = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    with torch.device("meta"):
        patch = detect_patch_decoder(shapes)
        module = PatchDecoder(patch) if patch else TinyDecoder(detect_tiny_decoder(shapes, path.name))
    compare_shapes(published_shapes(module), shapes, path.name)
    tensors = {name: tensor.to(device=device, dtype=dtype) for name, tensor in weights.items()}
    module.load_state_dict(tensors, strict=True, assign=True)
    return module.requires_grad_(False).eval()


def load_linear_preview(path: Path) -> LinearMap:
    """The colours of a latent position as a linear map: `weight` [3, K] and `bias` [3], fp32 on the CPU.

    Raises `WeightsError` for a file that holds anything else.
    """
    weights = read_checkpoint(path)
    shapes = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    channels = shapes["weight"][-1] if shapes.get("weight") else 0
    compare_shapes({"weight": (3, channels), "bias": (3,)}, shapes, path.name)
    return LinearMap(weights["weight"].float(), weights["bias"].float())


def read_scaling_factor(folder: Path) -> float:
    """What the transformer's latents are, per unit of the autoencoder's: scaled = latents * factor."""
    return read_autoencoder_config(folder).scaling_factor


def verify_transformer(folder: Path, dtype: torch.dtype) -> DiTConfig:
    """The configuration in `folder`; raises as `load_transformer` would, but reads headers only."""
    config = read_transformer_config(folder)
    with torch.device("meta"):
        matching_tensors(list_tensors(folder, dtype), SanaTransformer(config), folder.name)
    return config


def verify_autoencoder(folder: Path, dtype: torch.dtype) -> DCAEConfig:
    """The configuration in `folder`; raises as `load_autoencoder` would, but reads headers only."""
    config = read_autoencoder_config(folder)
    with torch.device("meta"):
        matching_tensors(list_tensors(folder, dtype), DCAutoencoder(config), folder.name)
    return config


def published_shapes(module: nn.Module) -> dict[str, Shape]:
    """Name and shape of every weight of `module` as published files have them."""
    shapes = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    return {name: (*shape, 1, 1) if is_pointwise(name) else shape for name, shape in shapes.items()}


def compare_shapes(expected: Mapping[str, Shape], found: Mapping[str, Shape], where: str) -> None:
    """Raise `WeightsError` listing what is missing, left over, or of the wrong shape: five names and the count."""
    missing = [name for name in expected if name not in found]
    extra = [name for name in found if name not in expected]
    wrong = [name for name in expected if name in found and expected[name] != found[name]]
    complaints = [
        _complaint(missing, "missing"),
        _complaint(extra, "not known to this model"),
        _complaint(
            [f"{name} (expected {_form(expected[name])}, found {_form(found[name])})" for name in wrong],
            "of the wrong shape",
        ),
    ]
    if any(complaints):
        raise WeightsError(
            f"{where}: {'; '.join(text for text in complaints if text)}.",
            hint="The weights and their config.json belong to different models. Get both from one source.",
        )


def _fill(module: nn.Module, folder: Path, dtype: torch.dtype, device: torch.device, check: Callable[[], None]) -> None:
    check()
    stored = matching_tensors(list_tensors(folder, dtype), module, folder.name)
    tensors = {
        name: tensor.flatten(1) if is_pointwise(name) else tensor
        for name, tensor in read_tensors(stored, dtype=dtype, device=device, check=check)
    }
    module.load_state_dict(tensors, strict=True, assign=True)
    module.requires_grad_(False).eval()
    left = [name for name, tensor in chain(module.named_parameters(), module.named_buffers()) if tensor.is_meta]
    if left:
        raise BugError(f"{folder.name}: {len(left)} tensors were not filled by loading (first: {left[0]})")


def matching_tensors(stored: Mapping[str, StoredTensor], module: nn.Module, where: str) -> list[StoredTensor]:
    """What of `stored` belongs into `module`; raises `WeightsError` unless names and shapes match exactly."""
    wanted = [tensor for name, tensor in stored.items() if name not in DROPPED]
    compare_shapes(published_shapes(module), {tensor.name: tensor.info.shape for tensor in wanted}, where)
    return wanted


def _complaint(names: list[str], what: str) -> str:
    if not names:
        return ""
    shown = ", ".join(name[:120] for name in names[:NAMES_SHOWN])
    more = ", ..." if len(names) > NAMES_SHOWN else ""
    return f"{len(names)} weights are {what} ({shown}{more})"


def _form(shape: Shape) -> str:
    return "x".join(map(str, shape)) or "a single number"
