"""What of a published model decides about memory, known before anything of it is here."""

from dataclasses import replace

from sana_desktop.engine.memory_needs import PackShape, TextShape, read_prompt_tokens
from sana_desktop.system.catalog import CatalogModel
from sana_desktop.system.pack_manifest import PackText
from sana_desktop.system.pack_needs import (
    DC_AE_DECODER,
    DC_AE_ENCODER,
    GEMMA_2_2B,
    GEMMA_2_ATTENTION,
    GEMMA_2_WORDS,
)
from sana_models.configs import DC_AE_F32C32, SANA_1_6B

_16_BIT = 2


def shape_of_model(model: CatalogModel) -> PackShape:
    """What of `model` decides about memory."""
    family = model.family
    heads = family.shape.heads
    return PackShape(
        transformer=replace(
            SANA_1_6B, layers=family.shape.layers, heads=heads, cross_heads=1, cross_head_channels=32 * heads
        ),
        transformer_numbers=family.parameters,
        transformer_itemsize=_16_BIT,
        autoencoder=DC_AE_F32C32,
        decoder_numbers=DC_AE_DECODER,
        encoder_numbers=DC_AE_ENCODER,
        autoencoder_itemsize=_16_BIT,
        text=TextShape(
            numbers=GEMMA_2_2B,
            words=GEMMA_2_WORDS,
            attention=GEMMA_2_ATTENTION,
            width=2304,
            hidden=9216,
            heads=8,
            itemsize=_16_BIT,
        ),
        tokens=read_prompt_tokens(PackText()),
    )
