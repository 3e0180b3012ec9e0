"""DC-AE on large pictures with bounded memory, and the same result as in one piece.

Tiled decoders usually run the whole network on each tile and blend the overlaps. That is wrong for DC-AE, whose deep
stages attend over the whole picture: each tile would attend to itself. Here every tile attends to everything. Deep
stages run block by block over all of their positions, attention in two passes that sum keys and values over all tiles;
the convolution stages of high resolution, where memory peaks, run as one chain per tile, read with the whole halo that
the chain's convolutions reach. Only the order of some additions differs from the untiled pass.

Shapes: B batch, K latent channels, D channels of a stage, h w height and width of the latents or of a stage, H W of the
picture. Tiles are counted in latent positions.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from sana_kernels.linear_attention.state import read_state
from sana_models.dc_ae import DCAutoencoder, Decoder, Encoder
from sana_models.dc_ae_blocks import (
    ATTENTION_EPS,
    ChannelRMSNorm,
    Downsample,
    EfficientViTBlock,
    GatedFFN,
    MultiscaleLinearAttention,
    OnLayer,
    Place,
    ResBlock,
    Upsample,
    nothing,
)
from sana_models.tiles import apply_by_tiles, span_of, spans

# Above this many halvings of the side a tile would be mostly halo; there is little memory to save there anyway.
MOST_CHAINED_HALVINGS = 3


def decode_by_tiles(
    vae: DCAutoencoder,
    latents_BKhw: Tensor,
    *,
    tile: int,
    on_layer: OnLayer = nothing,
    keep_on: torch.device | None = None,
    keep_as: torch.dtype | None = None,
) -> Tensor:
    """`vae.decode(latents_BKhw)` in tiles of at most `tile` latent positions a side: images [B, 3, H, W].

    The images are gathered on `keep_on` as `keep_as`, by default where and as the network gives them. `on_layer` is
    called before every layer of every tile; what it raises ends the pass.
    """
    deep, chain = _split_decoder(vae.decoder)
    scale = 1
    x_BDhw = vae.decoder.enter(latents_BKhw, on_layer)
    for block in _halves(deep):
        x_BDhw = _block_by_tiles(block, x_BDhw, tile * scale, on_layer)
        scale *= 2 if isinstance(block, Upsample) else 1
    leave = [vae.decoder.norm_out, vae.decoder.conv_act, vae.decoder.conv_out]
    cells = vae.config.compression // scale
    return apply_by_tiles(
        partial(_finish_decode, vae.decoder, chain, on_layer),
        x_BDhw,
        tile=tile * scale,
        halo=halo_of([*chain, *leave]),
        writes=cells,
        keep_on=keep_on,
        keep_as=keep_as,
    )


def encode_by_tiles(vae: DCAutoencoder, images_B3HW: Tensor, *, tile: int, on_layer: OnLayer = nothing) -> Tensor:
    """`vae.encode(images_B3HW)` in tiles of at most `tile` latent positions a side: latents [B, K, h, w].

    `images_B3HW` may lie on another device: each tile is moved to that of the network when its turn comes.
    """
    parameter = next(vae.parameters())
    chain, deep = _split_encoder(vae.encoder)
    cells = 2 ** sum(isinstance(block, Downsample) for block in chain)
    scale = vae.config.compression // cells
    x_BDhw = apply_by_tiles(
        partial(_begin_encode, chain, on_layer, parameter),
        images_B3HW,
        tile=tile * scale,
        halo=halo_of(chain),
        reads=cells,
    )
    for block in _halves(deep):
        x_BDhw = _block_by_tiles(block, x_BDhw, tile * scale, on_layer)
        scale //= 2 if isinstance(block, Downsample) else 1
    return vae.encoder.leave(x_BDhw)


def halo_of(chain: Sequence[nn.Module]) -> int:
    """How many cells around its own a tile must read; a cell is an input position, or an output one if `chain` shrinks.

    Walks from the end of the chain to its beginning, and counts how far the outermost position kept reaches.
    """
    reach = 0
    for module in reversed(chain):
        match module:
            case nn.Conv2d():
                reach = reach * module.stride[0] + module.kernel_size[0] // 2
            case ResBlock():
                reach += module.conv1.kernel_size[0] // 2 + module.conv2.kernel_size[0] // 2
            case GatedFFN():
                reach += module.conv_depth.kernel_size[0] // 2
            case Upsample(shuffle=True):
                reach = -(-reach // 2) + module.conv.kernel_size[0] // 2
            case Upsample():
                reach = -(-(reach + module.conv.kernel_size[0] // 2) // 2)
            case Downsample():
                reach = reach * 2 + module.conv.kernel_size[0] // 2
                # Space-to-channel reads whole squares.
                reach += module.unshuffle
            case ChannelRMSNorm() | nn.ReLU() | nn.SiLU():
                pass
            case _:
                raise TypeError(f"{type(module).__name__} is not known to be local")
    shrinks = sum(isinstance(module, Downsample) for module in chain)
    return -(-reach // 2**shrinks)


def _split_decoder(decoder: Decoder) -> tuple[list[nn.Module], list[nn.Module]]:
    """The blocks to be run one by one, and those that a tile runs through in one go."""
    deep = list(decoder.blocks())
    chain: list[nn.Module] = []
    halvings = int(isinstance(decoder.conv_out, Upsample))
    while deep and not isinstance(deep[-1], EfficientViTBlock) and halvings < MOST_CHAINED_HALVINGS:
        chain.insert(0, deep.pop())
        halvings += isinstance(chain[0], Upsample)
    return deep, chain


def _split_encoder(encoder: Encoder) -> tuple[list[nn.Module], list[nn.Module]]:
    """The blocks that a tile runs through in one go, and those to be run one by one."""
    chain: list[nn.Module] = [encoder.conv_in]
    deep = list(encoder.blocks())
    halvings = int(isinstance(encoder.conv_in, Downsample))
    while deep and not isinstance(deep[0], EfficientViTBlock) and halvings < MOST_CHAINED_HALVINGS:
        chain.append(deep.pop(0))
        halvings += isinstance(chain[-1], Downsample)
    return chain, deep


def _halves(blocks: Iterable[nn.Module]) -> Iterator[nn.Module]:
    """The blocks, those with attention in two, so that what the first half read is given back before the second."""
    for block in blocks:
        if isinstance(block, EfficientViTBlock):
            yield from (block.attn, block.conv_out)
        else:
            yield block


def _finish_decode(decoder: Decoder, chain: Iterable[nn.Module], on_layer: OnLayer, x_BDhw: Tensor) -> Tensor:
    for block in chain:
        x_BDhw = block(x_BDhw, on_layer)
    return decoder.leave(x_BDhw, on_layer)


def _begin_encode(chain: Iterable[nn.Module], on_layer: OnLayer, like: Tensor, images_B3HW: Tensor) -> Tensor:
    x_BDhw = images_B3HW.to(like)
    for block in chain:
        on_layer()
        x_BDhw = block(x_BDhw)
    return x_BDhw


def _block_by_tiles(block: nn.Module, x_BDhw: Tensor, tile: int, on_layer: OnLayer) -> Tensor:
    """`block(x_BDhw)`, in tiles where it is larger than one; `tile` is counted in positions of the input."""
    if isinstance(block, Downsample):
        on_layer()
        return apply_by_tiles(block, x_BDhw, tile=max(1, tile // 2), halo=halo_of([block]), reads=2)
    height, width = x_BDhw.shape[-2:]
    if max(height, width) <= tile:
        return block(x_BDhw, on_layer)
    if isinstance(block, MultiscaleLinearAttention):
        if height * width <= block.head_channels:
            return block(x_BDhw, on_layer)
        return _attention_by_tiles(block, x_BDhw, tile, on_layer)
    writes = 2 if isinstance(block, Upsample) else 1
    run = partial(block, on_layer=on_layer)
    return apply_by_tiles(run, x_BDhw, tile=tile, halo=halo_of([block]), writes=writes)


def _attention_by_tiles(attention: MultiscaleLinearAttention, x_BDhw: Tensor, tile: int, on_layer: OnLayer) -> Tensor:
    """`attention(x_BDhw)`: the sums over all positions first, then what every tile's queries read from them."""
    height, width = x_BDhw.shape[-2:]
    reach = attention.reach
    pieces = [(row, column) for row in spans(height, tile, reach) for column in spans(width, tile, reach)]

    def scales_of(place: Place) -> Tensor:
        row, column = (span_of(side, length, reach) for side, length in zip(place[1:], (height, width), strict=True))
        scales_BFhw = attention.scales(x_BDhw[..., row.read(1), column.read(1)], on_layer)
        return scales_BFhw[..., row.kept(1), column.kept(1)]

    state = attention.state(height, width, scales_of)
    out_BDhw = torch.empty_like(x_BDhw)
    for row, column in pieces:
        scales_BFhw = attention.scales(x_BDhw[..., row.read(1), column.read(1)], on_layer)
        q_BHNC, _, _ = attention.heads(scales_BFhw[..., row.kept(1), column.kept(1)])
        mixed_BHNC = read_state(q_BHNC, state, eps=ATTENTION_EPS)
        here = (..., row.written(1), column.written(1))
        out_BDhw[here] = attention.leave(x_BDhw[here], mixed_BHNC, on_layer)
    return out_BDhw
