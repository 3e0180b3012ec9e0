"""The configuration of a tiny decoder, read off its weights: the published file comes without one."""

import re
from collections.abc import Mapping

from sana_desktop.errors import WeightsError
from sana_models.configs import TinyDecoderConfig

Shape = tuple[int, ...]
MOST_LAYERS = 256

_CONV = re.compile(r"([0-9]{1,4})\.weight")
_BLOCK = re.compile(r"([0-9]{1,4})\.conv\.0\.weight")


def detect_tiny_decoder(shapes: Mapping[str, Shape], where: str) -> TinyDecoderConfig:
    """The shape of a decoder in the sequential layout of TAESANA.

    After the stem come stages of blocks, each ended by a convolution to the next width, then the
    head's blocks and a convolution to 3 channels. Raises `WeightsError` for anything else; names
    and shapes beyond those read here are for the caller to compare.
    """
    layers: dict[int, tuple[str, Shape]] = {}
    for name, shape in shapes.items():
        for kind, pattern in (("conv", _CONV), ("block", _BLOCK)):
            if match := pattern.fullmatch(name):
                layers[int(match[1])] = (kind, shape)
    order = [layers[number] for number in sorted(layers)]
    convs = [shape for kind, shape in order if kind == "conv"]
    kinds = "".join("c" if kind == "conv" else "b" for kind, _ in order)
    # Stem, stages ("bbbc"), head ("b"), last convolution.
    runs = kinds.removeprefix("c").removesuffix("c").split("c")
    stages, head = runs[:-1], len(runs[-1])
    fits = kinds.startswith("c") and kinds.endswith("c") and len(convs) >= 3 and len(order) <= MOST_LAYERS
    if not fits or not stages or len(set(stages)) != 1 or any(len(shape) != 4 for shape in convs):
        raise WeightsError(
            f"{where} is not a preview decoder for Sana: its layers are not in the layout of TAESANA.",
            hint="Expected the `taesana_decoder` file of github.com/madebyollin/taesd.",
        )
    return TinyDecoderConfig(
        latent_channels=convs[0][1],
        widths=tuple(shape[0] for shape in convs[:-1]),
        blocks_per_stage=len(stages[0]),
        blocks_in_head=head,
    )
