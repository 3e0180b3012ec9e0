"""The linear diffusion transformer of SANA (arXiv 2410.10629, section 2.2).

Shapes: B batch, N image tokens, L text tokens, D width, E width of the text encoder, K latent
channels, h w latent height and width. Parameter names are those of the published diffusers
checkpoints (`SanaTransformer2DModel`); pointwise convolutions are linear layers with the same names.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from sana_kernels import modulated_layer_norm
from sana_models.configs import DiTConfig
from sana_models.dit_blocks import CrossAttention, SanaBlock, TextKeysValues, random_table
from sana_models.layers import RMSNorm, TimeEmbedding, TimeGuidanceEmbedding, TwoLayerMLP, sincos_positions

CAPTION_NORM_EPS = 1e-5


class TextContext(NamedTuple):
    """The prompt as the blocks read it: keys and values per block, and which tokens count."""

    blocks: tuple[TextKeysValues, ...]
    mask_B11L: Tensor | None


class PatchEmbed(nn.Module):
    """One latent position to one token (patch size 1: the autoencoder already compressed 32 fold)."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        self.proj = nn.Linear(config.in_channels, config.width)

    def forward(self, latents_BKhw: Tensor) -> Tensor:
        """[B, K, h, w] to [B, h*w, D]."""
        return self.proj(latents_BKhw.flatten(2).transpose(1, 2))


class SanaTransformer(nn.Module):
    """Predicts the velocity (noise minus clean latents) of noisy latents, given a prompt."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        self.config = config
        self.patch_embed = PatchEmbed(config)
        self.time_embed = (TimeGuidanceEmbedding if config.guidance_embeds else TimeEmbedding)(config.width)
        self.caption_projection = TwoLayerMLP(config.caption_channels, config.width, nn.GELU(approximate="tanh"))
        self.caption_norm = RMSNorm(config.width, CAPTION_NORM_EPS)
        self.transformer_blocks = nn.ModuleList([SanaBlock(config) for _ in range(config.layers)])
        self.scale_shift_table = random_table(2, config.width)
        self.proj_out = nn.Linear(config.width, config.out_channels)

    def prepare_text(self, text_BLE: Tensor, mask_BL: Tensor) -> TextContext:
        """Project text-encoder states once per picture, for every block and all steps.

        `text_BLE` [B, L, E]; `mask_BL` is True (or 1) at tokens that may be read. Positions that no
        row may read are dropped from the end; only rows of unequal length then need a mask.
        """
        mask_BL = mask_BL.bool()
        used = int(mask_BL.any(dim=0).nonzero().max()) + 1
        mask_BL = mask_BL[:, :used]
        return self.project_text(text_BLE[:, :used], None if bool(mask_BL.all()) else mask_BL)

    def project_text(self, text_BLE: Tensor, mask_BL: Tensor | None) -> TextContext:
        """As `prepare_text` of all positions; nothing here depends on what the mask holds, so it can be compiled."""
        text_BLD = self.caption_norm(self.caption_projection(text_BLE))
        blocks = tuple(_cross_attention(block).keys_values(text_BLD) for block in self.transformer_blocks)
        return TextContext(blocks, None if mask_BL is None else mask_BL[:, None, None, :])

    def prepare_positions(self, height: int, width: int, dtype: torch.dtype, device: torch.device) -> Tensor | None:
        """What is added to the tokens of a picture of this size, for all steps [h*w, D]; None for most networks."""
        config = self.config
        if config.interpolation_scale is None:
            return None
        positions_ND = sincos_positions(height, width, config.width, config.sample_size, config.interpolation_scale)
        return positions_ND.to(device, dtype)

    def forward(
        self,
        latents_BKhw: Tensor,
        timestep_B: Tensor,
        text: TextContext,
        guidance_B: Tensor | None = None,
        on_block: Callable[[], None] | None = None,
        positions_ND: Tensor | None = None,
    ) -> Tensor:
        """Return the network output [B, K, h, w] in the dtype of the latents.

        `timestep_B` is in the unit the checkpoint was trained with (0..1000, or 0..1 for Sprint and
        its teachers) and may have one row for all, as `guidance_B`, already scaled and for Sprint alone.
        `on_block` is called before every block; an exception it raises (a cancelled job) ends the pass there.
        `positions_ND` is what `prepare_positions` gave for this size; without it, it is computed here.
        """
        height, width = latents_BKhw.shape[-2:]
        x_BND = self.patch_embed(latents_BKhw)
        if positions_ND is None:
            positions_ND = self.prepare_positions(height, width, x_BND.dtype, x_BND.device)
        if positions_ND is not None:
            x_BND = x_BND + positions_ND
        embedding_BD, modulation_B6D = self.time_embed(timestep_B, guidance_B, x_BND.dtype)
        modulation_B6D = modulation_B6D.unflatten(1, (6, -1))
        for block, keys_values in zip(self.transformer_blocks, text.blocks, strict=True):
            if on_block is not None:
                on_block()
            x_BND = block(x_BND, modulation_B6D, keys_values, text.mask_B11L, height, width)
        shift, scale = (self.scale_shift_table + embedding_BD[:, None]).chunk(2, dim=1)
        x_BND = modulated_layer_norm(x_BND, scale, shift, eps=self.config.norm_eps)
        return self.proj_out(x_BND).transpose(1, 2).unflatten(2, (height, width))


def _cross_attention(block: nn.Module) -> CrossAttention:
    assert isinstance(block, SanaBlock)
    return block.attn2
