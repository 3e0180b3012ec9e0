"""Which layers are stored in few bits, and in how many: chosen by what was measured in docs/numerics/quantization.md.

Patterns are those of `fnmatch`, for names of layers. Nothing is imported, so that forecasts can read them, too.
"""

TRANSFORMER_KEPT = ("patch_embed*", "time_embed*", "caption_projection*", "proj_out")
"""Layers of the transformer that stay in 16 bit: they touch every token or every step, and are 2 % of all weights."""

W8A8_KEPT = (*TRANSFORMER_KEPT, "*.attn2.to_k", "*.attn2.to_v")
"""Layers that W8A8 leaves in 16 bit: also keys and values of the text, as in the paper (section 4.2)."""

TRANSFORMER_IN_8_BIT = ("*.to_out*", "*.conv_point")
"""Layers of the transformer that NF4 stores in 8 bit: those that write into the residual stream mind 4 bit most."""

LATE_IN_8_BIT = "ff.conv_inverted"
"""Layer that NF4 stores in 8 bit in the `late_blocks`, which mind 4 bit more than those before."""

TEXT_ENCODER_KEPT: tuple[str, ...] = ()
"""Layers of the text encoder that stay in 16 bit. Its table of words is no linear layer and stays as it is."""

TEXT_ENCODER_IN_8_BIT = ("*.self_attn.*",)
"""Layers of the text encoder that NF4 stores in 8 bit."""

SMALL_TEXT_ENCODER = 2**28
"""Text encoders with fewer weights than that in their layers are stored in 8 bit where NF4 is asked for: 4 bit would
save little of them and cost a third of what they say."""


def late_blocks(blocks: int) -> range:
    """Numbers of the last quarter of the transformer's `blocks`."""
    return range(blocks - blocks // 4, blocks)
